"""The reader's own data on a page: a table that is pasted or uploaded, or a long text. Nothing of it is in the address.

    table = own.table(page.slug, least=60)          a `rnnviz.data.Table`, or None: the page goes on with what it brings
    if table is not None:
        column = own.column(page.slug, table)       the name of one of its columns of numbers, chosen among several

    text = own.text(page.slug, least=20, most=2000)

Each shows a part of the page that is folded until it is opened. Whatever is wrong with the data is told right below it,
in one sentence that names row, column and what stands there; then, and as long as nothing was given, the answer is
None. What was read is read once in a session. Both may stand in a lab (`Page.explore`), which they run again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from lessons.common.shared import common, shared
from rnnviz.data import Limits, Table, read_csv
from rnnviz.errors import TableError

Data = TypeVar("Data")
MEGABYTE = 1_000_000
EXAMPLE = "day,temperature\n2012-01-01,12.8\n2012-01-02,10.6\n2012-01-03,"
TOLD = '<p role="{role}" data-own="{state}" style="margin:0;color:{colour}">{said}</p>'
REFUSED = """<style>
[data-testid="stFileUploader"]:has([data-testid="stTooltipErrorHoverTarget"])::after {{
  display: block; padding-top: .5rem; color: {colour}; content: {said}; }}
</style>"""  # the browser does not send what is too large, and says so only where the pointer is
COLOURS = {"wrong": "light-dark(#b3400a, #ff9d5c)", "read": "inherit"}


@dataclass(frozen=True)
class Read(Generic[Data]):
    """What came of the reader's data: the data, or None, and the name of what is told of it, with its facts."""

    data: Data | None
    name: str
    facts: Mapping[str, Any]


def table(slug: str, *, least: int = 2, numbers: int = 1, limits: Limits | None = None) -> Table | None:
    """The place for a table, and the table that stands there; None where there is none, or none that can be used.

    least    how many rows it needs; numbers: how many columns of numbers
    limits   the largest that is read, in bytes, rows and columns
    """
    limits = limits or Limits(size=MEGABYTE, rows=20_000, columns=30)

    def read(given: str | bytes) -> Read[Table]:
        return read_table(given, limits, least, numbers)

    with st.expander(common("own.table"), key=f"own table of {slug}"):
        st.caption(common("own.table_help", least=least, numbers=numbers, size=limits.size // MEGABYTE))
        pasted, file = st.columns(2)
        with pasted:
            typed = st.text_area(common("own.paste"), key=f"own pasted {slug}", height=120, placeholder=EXAMPLE)
        with file:
            sent = st.file_uploader(
                common("own.upload"), key=f"own file {slug}", max_upload_size=max(1, limits.size // MEGABYTE)
            )
            said = json.dumps(common("own.refused", size=limits.size // MEGABYTE))
            st.html(REFUSED.format(colour=COLOURS["wrong"], said=said))
        given: str | bytes | None = sent.getvalue() if sent is not None else typed
        return _told(f"own read {slug}", given, read)


def column(slug: str, of: Table) -> str:
    """The name of a column of numbers, chosen by the reader where there are several."""
    if len(of.numbers) == 1:
        return of.numbers[0]
    names = list(of.numbers)
    return st.selectbox(common("own.column"), names, key=f"own column {slug}") or names[0]


def text(slug: str, *, least: int, most: int) -> str | None:
    """The place for a long text, and what stands there; None where it is empty, too short or too long."""

    def read(given: str | bytes) -> Read[str]:
        return read_text(given, least, most)

    with st.expander(common("own.text"), key=f"own text of {slug}"):
        st.caption(common("own.text_help", least=least, most=most))
        typed = st.text_area(common("own.paste"), key=f"own typed {slug}", height=160)
        return _told(f"own text read {slug}", typed, read)


def read_table(given: str | bytes, limits: Limits, least: int, numbers: int) -> Read[Table]:
    """The table, if it is one and has as many rows and columns of numbers as are needed."""
    try:
        found = read_csv(given, limits)
    except TableError as error:
        facts = {"row": error.row, "column": error.column, "stands": error.stands, "most": error.most}
        return Read(None, error.reason, facts)
    if len(found.numbers) < numbers:
        return Read(None, "few", {"stands": len(found.numbers), "least": numbers, "names": found.names[:6]})
    if len(found) < least:
        return Read(None, "short", {"stands": len(found), "least": least})
    return Read(found, "read", {"rows": len(found), "names": found.numbers[:6], "others": len(found.numbers[6:])})


def read_text(given: str | bytes, least: int, most: int) -> Read[str]:
    """The text, if it has as many characters as are needed, and no more than are read."""
    decoded = given if isinstance(given, str) else given.decode("utf-8", "replace")
    tidy = " ".join(decoded.encode("utf-8", "replace").decode().split())
    if len(tidy) < least:
        return Read(None, "text_short", {"stands": len(tidy), "least": least})
    if len(tidy) > most:
        return Read(None, "text_long", {"stands": len(tidy), "most": most})
    return Read(tidy, "text_read", {"stands": len(tidy)})


def _told(key: str, given: str | bytes | None, read: Callable[[str | bytes], Read[Data]]) -> Data | None:
    """Read what was given, tell what came of it right here, and give the data."""
    if not given or not given.strip():
        st.session_state.pop(key, None)
        return None
    mark = hashlib.sha256(given if isinstance(given, bytes) else given.encode("utf-8", "replace")).hexdigest()
    held: tuple[str, Read[Data]] | None = st.session_state.get(key)
    if held is None or held[0] != mark:
        held = st.session_state[key] = mark, read(given)
    found = held[1]
    state = "wrong" if found.data is None else "read"
    said = shared().rich(f"own.said.{found.name}", found.facts)
    role = "alert" if found.data is None else "status"
    goes_on = f" {common('own.goes_on')}" if found.data is None else ""
    st.html(TOLD.format(role=role, state=state, colour=COLOURS[state], said=f"{said}{goes_on}"))
    return found.data
