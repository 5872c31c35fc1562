"""A visit to a lesson's page without a browser, by an address as a shared link has it; and what stands on the page.

AppTest takes an address through `at.query_params`, also for widgets bound with bind="query-params" and for ranges (a
list of two). Sections (verify, checks, code) are no part of an address: they are opened in the session.
"""

import base64
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.lessons.record import payloads, said
from tests.lessons.record.payloads import Fingerprint, found_in

SECTIONS = ("verify", "checks", "code")
PART = re.compile(r"(html|chart|row)[-\w]* ")  # how `charts.show` says what each of its parts is
NOT_READ = ("dials", "_code", "assets")  # component names that end so hold no text: controls, and the browser's code


def visit(
    page: Path, address: str = "", opened: Sequence[str] = (), session: Mapping[str, Any] | None = None
) -> AppTest:
    """The page at this address, with sections open and the session holding what a reader has done there."""
    at = AppTest.from_file(str(page), default_timeout=180)
    for key, values in parse_qs(address, keep_blank_values=True).items():
        at.query_params[key] = values if len(values) > 1 else values[0]
    for key, held in {**dict.fromkeys(opened, True), **(session or {})}.items():
        at.session_state[key] = held
    at.run()
    assert not at.exception, f"{page} ?{address}: {at.exception[0].message}"
    return at


@dataclass
class Seen:
    """All that stands on a page, whatever shows it.

    texts     its texts, as HTML or Markdown ("<" tells), with the keys of the containers around each
    data      its numbers that are data: those of charts
    labels    texts in charts: titles, descriptions, tooltips
    players   fingerprints of the player's payloads and of the descents
    programs  the programs shown
    """

    texts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    data: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    players: list[Fingerprint] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)

    def numbers(self) -> list[str]:
        """The numbers of all texts."""
        return [number for _, text in self.texts for number in numbers_of(text)]


def numbers_of(text: str) -> list[str]:
    """Of a text that may be HTML or Markdown."""
    return said.of_html(text) if is_html(text) else said.of_markdown(text)


def is_html(text: str) -> bool:
    return "</" in text or "/>" in text


def seen(at: AppTest) -> Seen:
    """What a page shows."""
    found = Seen()
    for keys, kind, proto in elements(at._tree):
        _read(found, keys, kind, proto)
    return found


def elements(block: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Every element with its kind, its proto, and the keys of the containers that it stands in."""
    for child in block.children.values():
        inside = keys
        if hasattr(child, "children"):
            own = getattr(child, "key", None) or getattr(child.proto, "id", "") if child.proto is not None else ""
            inside = (*keys, str(own).rpartition("-")[2]) if own else keys
            yield from elements(child, inside)
        if getattr(child, "proto", None) is not None:
            yield keys, child.type, child.proto


def _read(found: Seen, keys: tuple[str, ...], kind: str, proto: Any) -> None:
    if kind == "bidi_component":
        if not proto.component_name.endswith(NOT_READ):
            for leaf in leaves(proto):
                _keep(found, keys, leaf)
        return
    if kind == "code":
        found.programs.append(proto.code_text)
        return
    for name in ("body", "label"):
        text = getattr(proto, name, "")
        if isinstance(text, str) and text:
            found.texts.append((keys, text))
    if kind == "radio":
        found.texts += [(keys, option) for option in proto.options]


def _keep(found: Seen, keys: tuple[str, ...], leaf: Any) -> None:
    sent = list(found_in(leaf))
    if sent:
        found.players += sent
    elif isinstance(leaf, str):
        part = PART.match(leaf)
        if part and part[1] == "html":
            found.texts.append((keys, leaf[part.end() :]))
        elif part and part[1] == "row":
            for one in json.loads(leaf[part.end() :])["row"]:
                _keep(found, keys, one)
        elif part:
            _keep_chart(found, json.loads(leaf[part.end() :]))
        elif "import rnnviz" in leaf and not is_html(leaf):
            found.programs.append(leaf)
        elif " " in leaf or len(leaf) < 20:  # else an id, or numbers in base64
            found.texts.append((keys, leaf))
    elif isinstance(leaf, np.ndarray):
        found.data += leaf.ravel().tolist()
    elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
        found.data.append(float(leaf))


def _keep_chart(found: Seen, chart: dict[str, Any]) -> None:
    for name in ("title", "description", "datasets"):
        for leaf in _inside(chart.get(name)):
            if isinstance(leaf, str):
                found.labels.append(leaf)
            elif leaf is not None and not isinstance(leaf, bool):
                found.data += np.ravel(leaf).astype(float).tolist()


def leaves(proto: Any) -> Iterator[Any]:
    """Every text, number, array and piece of bytes that a component is given."""
    match proto.WhichOneof("data"):
        case "json":
            yield from _inside(json.loads(proto.json))
        case "bytes":
            yield proto.bytes
        case "arrow_data":
            yield from _columns(proto.arrow_data.data)
        case "mixed":
            yield from _inside(json.loads(proto.mixed.json))
            for blob in proto.mixed.arrow_blobs.values():
                yield from _columns(blob.data)


def _inside(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        yield from payloads.descents(data)
        for part in data.values():
            yield from _inside(part)
    elif isinstance(data, list):
        if data and all(isinstance(v, int | float) or v is None for v in data):
            yield np.array([np.nan if v is None else v for v in data], float)
        else:
            for part in data:
                yield from _inside(part)
    else:
        yield data
        if isinstance(data, str):
            yield from _coded(data)


def _coded(text: str) -> Iterator[np.ndarray]:
    """The numbers of a text that is float32 or float64 in base64."""
    if len(text) < 16 or len(text) % 4 or " " in text or not text.isascii():
        return
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return
    with np.errstate(all="ignore"):
        yield from (np.frombuffer(raw, kind).astype(float) for kind in ("<f4", "<f8") if not len(raw) % int(kind[-1]))


def _columns(blob: bytes) -> Iterator[Any]:
    import pyarrow as pa

    table = pa.ipc.open_stream(io.BytesIO(blob)).read_all()
    for column in table.columns:
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            yield np.asarray(column.to_numpy(zero_copy_only=False), float)
        elif pa.types.is_binary(column.type) or pa.types.is_string(column.type):
            yield from (part for part in column.to_pylist() if part is not None)
