"""Parts of a page that are empty, and cost nothing, until the reader opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

SECTIONS = ("verify", "checks", "code", "race")


@contextmanager
def section(title: str, key: Literal["verify", "checks", "code", "race"]) -> Iterator[bool]:
    """A part of the page under a title; gives whether it is open."""
    expander = st.expander(title, key=key, on_change="rerun")
    with expander:
        yield bool(expander.open)
