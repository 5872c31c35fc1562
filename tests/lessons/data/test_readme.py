"""The data that ships: each file is in the table with source, licence and script, and all of it is small."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.test_house import ROOT

FOLDER = ROOT / "lessons/data"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file() and path.suffix not in (".py", ".md"))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]


def test_each_file_is_in_the_table_once_and_nothing_else_is() -> None:
    assert sorted(row[0].strip("`") for row in ROWS) == [path.name for path in FILES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("`"))
def test_a_row_says_what_it_is_how_large_from_where_and_on_what_terms(row: list[str]) -> None:
    name, what, size, source, licence, script = row
    file = FOLDER / name.strip("`")
    assert all((what, source, licence))
    assert int(size) == pytest.approx(file.stat().st_size / 1000, abs=1)
    assert script == "–" or (FOLDER / f"{script.strip('`')}.py").is_file()


def test_files_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FILES}
    assert not {name: size for name, size in sizes.items() if size > 600_000}
    assert sum(sizes.values()) < 3_000_000


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix in (".npz", ".npy")], ids=lambda path: path.name)
def test_nothing_is_pickled(path: Path) -> None:
    held = np.load(path, allow_pickle=False)
    assert all(held[name].dtype != object for name in held.files)


def test_each_script_makes_a_file_of_the_table() -> None:
    named = {re.sub("`", "", row[5]) for row in ROWS}
    assert {path.stem for path in FOLDER.glob("*.py")} - {"__init__"} <= named
