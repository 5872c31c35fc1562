"""A grid's file: JSON, one line for each run that is done, after one line that says of which grid it is.

    {"rnnviz.grid": 1, "function": "learns", "runs": [{"cell": "elman", "num_steps": 10, "seed": 0}, ...]}
    {"run": 3, "record": {"cell": "elman", ..., "outcome": "finished", "why": "", "seconds": 1.2}}

Lines stand in the order in which the runs were done. What is not finite is NaN, Infinity and -Infinity, as Python's
`json` writes them. A last line that was cut off, as by a loss of power, is dropped, and its run done again. Nothing in
the file is ever executed.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = 1
ABOUT = "rnnviz.grid"


@dataclass(frozen=True, eq=False)
class GridFile:
    """The file of one grid, or none where `path` is None; `about` says of which grid, in plain values."""

    path: Path | None
    about: Mapping[str, Any]

    def read(self) -> dict[int, dict[str, Any]]:
        """{number of the run: record} of the runs that are done; a new file where there is none yet.

        Raises ValueError where the file is something else, or of another grid; FileNotFoundError where its folder is
        not there.
        """
        if self.path is None:
            return {}
        text = self.path.read_bytes() if self.path.exists() else b""
        whole = text[: text.rfind(b"\n") + 1]
        if whole:
            first, *rest = (self._line(number, line) for number, line in enumerate(whole.splitlines(), 1))
            self._check(first)
        elif not self._head.startswith(text):
            raise ValueError(f"{self.path} is no file of a grid: {text[:80]!r}")
        if len(whole) < len(text):
            os.truncate(self.path, len(whole))
        if not whole:
            self._write(self._head)
            return {}
        return {line["run"]: line["record"] for line in rest}

    def add(self, run: int, record: Mapping[str, Any]) -> None:
        """Write one more run down."""
        if self.path is not None:
            self._write(_as_line({"run": run, "record": record}))

    @property
    def _head(self) -> bytes:
        return _as_line({ABOUT: VERSION, **self.about})

    def _write(self, line: bytes) -> None:
        assert self.path is not None
        with self.path.open("ab") as file:
            file.write(line)

    def _line(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
            if isinstance(found, dict) and (ABOUT in found if number == 1 else {"run", "record"} == found.keys()):
                return found
        except ValueError:
            pass
        raise ValueError(f"{self.path}, line {number}, is no line of a grid's file: {line[:80]!r}")

    def _check(self, first: Mapping[str, Any]) -> None:
        """Whether the file is of this very grid."""
        mine = json.loads(self._head)
        for name, value in mine.items():
            if first.get(name) != value:
                raise ValueError(
                    f"{self.path} is of another grid: its {name!r} is {_short(first.get(name))}, here it is "
                    f"{_short(value)}. Give another file, or the grid that the file is of"
                )


def _as_line(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} from {value[:1]} to {value[-1:]}"
    return repr(value)
