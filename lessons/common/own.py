"""The reader's own table on a page, pasted or uploaded. Nothing of it is in the address.

    table = own.table(page.slug, least=60)          a `rnnviz.data.Table`, or None: the page goes on with what it brings
    if table is not None:
        column = own.column(page.slug, table)       the name of one of its columns of numbers, chosen among several

`table` shows a part of the page that is folded until it is opened; with `opened`, open from the start. Whatever is
wrong with the table is told right below it, in one sentence that names row, column and what stands there; then, and as
long as nothing was given, the answer is None. What was read is read once in a session. It may stand in a lab
(`Page.explore`), which it runs again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from lessons.common.shared import common, shared
from rnnviz.arrays import Array
from rnnviz.data import Limits, Table, read_csv
from rnnviz.errors import TableError

MEGABYTE = 1_000_000
LIMITS = Limits(size=MEGABYTE, rows=20_000, columns=30)
EXAMPLE = "day,temperature\n2012-01-01,12.8\n2012-01-02,10.6\n2012-01-03,"
TOLD = '<p role="{role}" data-own="{state}" style="margin:0;color:{colour}">{said}</p>'
REFUSED = """<style>
[data-testid="stFileUploader"]:has([data-testid="stTooltipErrorHoverTarget"])::after {{
  display: block; padding-top: .5rem; color: {colour}; content: {said}; }}
</style>"""  # the browser does not send what is too large, and says so only where the pointer is
COLOURS = {"wrong": "light-dark(#b3400a, #ff9d5c)", "read": "inherit"}


@dataclass(frozen=True)
class Read:
    """What came of the reader's data: a table, or None, and the name of what is told of it, with its facts."""

    data: Table | None
    name: str
    facts: Mapping[str, Any]


def table(slug: str, *, least: int = 2, numbers: int = 1, opened: bool = False, example: str = EXAMPLE) -> Table | None:
    """The place for a table, and the table that stands there; None where there is none, or none that can be used.

    least    how many rows it needs; numbers: how many columns of numbers; example: what such a table begins with
    """
    with st.expander(common("own.table"), expanded=opened, key=f"own table of {slug}"):
        st.caption(common("own.table_help", least=least, numbers=numbers, size=LIMITS.size // MEGABYTE))
        pasted, file = st.columns(2)
        with pasted:
            typed = st.text_area(common("own.paste"), key=f"own pasted {slug}", height=120, placeholder=example)
        with file:
            sent = st.file_uploader(
                common("own.upload"), key=f"own file {slug}", max_upload_size=LIMITS.size // MEGABYTE
            )
            said = json.dumps(common("own.refused", size=LIMITS.size // MEGABYTE))
            st.html(REFUSED.format(colour=COLOURS["wrong"], said=said))
        given = sent.getvalue() if sent is not None else typed or None
        return None if given is None else _told(f"own read {slug}", given, least, numbers)


def column(slug: str, of: Table) -> str:
    """The name of a column of numbers, chosen by the reader where there are several: at first the likely one."""
    if len(of.numbers) == 1:
        return of.numbers[0]
    names, first = list(of.numbers), likely(of)
    return st.selectbox(common("own.column"), names, names.index(first), key=f"own column {slug}") or first


def likely(of: Table) -> str:
    """The first column of numbers that goes both up and down: an index or a year does not."""
    return next((name for name in of.numbers if turns(of.columns[name])), of.numbers[0])


def turns(column: Array) -> bool:
    """Whether a column goes both up and down, as an index, a clock or a year does not."""
    steps = np.diff(column[np.isfinite(column)])
    return bool(steps.size and steps.min() < 0 < steps.max())


def read(given: str | bytes, least: int, numbers: int) -> Read:
    """The table, if it is one and has as many rows and columns of numbers as are needed."""
    try:
        found = read_csv(given, LIMITS)
    except TableError as error:
        facts = {"row": error.row, "column": error.column, "stands": error.stands, "most": error.most}
        return Read(None, error.reason, facts)
    if len(found.numbers) < numbers:
        return Read(None, "few", {"stands": len(found.numbers), "least": numbers, "names": found.names[:6]})
    if len(found) < least:
        return Read(None, "short", {"stands": len(found), "least": least})
    return Read(found, "read", {"rows": len(found), "names": found.numbers[:6], "others": len(found.numbers[6:])})


def _told(key: str, given: str | bytes, least: int, numbers: int) -> Table | None:
    """Read what was given, tell what came of it right here, and give the table."""
    mark = hashlib.sha256(given if isinstance(given, bytes) else given.encode("utf-8", "replace")).hexdigest()
    held: tuple[str, Read] | None = st.session_state.get(key)
    if held is None or held[0] != mark:
        held = st.session_state[key] = mark, read(given, least, numbers)
    found = held[1]
    wrong = found.data is None
    said = str(shared().rich(f"own.said.{found.name}", found.facts)) + (f" {common('own.goes_on')}" if wrong else "")
    state, role = ("wrong", "alert") if wrong else ("read", "status")
    st.html(TOLD.format(role=role, state=state, colour=COLOURS[state], said=said))
    return found.data
