"""Rows of bars: each bar is as high as its value, and what does not fit is refused."""

import re

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.figures import shares

VALUES = np.array([[0.0, 0.25, np.nan], [1.0, 1e-9, 0.5]])


def drawn(body: str) -> list[list[str]]:
    """The content of each bar, row by row."""
    rows = re.findall(r'<div class="row"><span class="name">.*?<div class="bars">(.*?)</div>', body)
    return [re.findall(r"<i(?: class=\"marked\")?>(.*?)</i>", row) for row in rows]


def test_a_bar_is_as_high_as_its_value_zero_is_a_ring_and_nothing_is_empty() -> None:
    first, second = drawn(shares("all", ("one", "two"), VALUES, "abc", 2, ("25 %", "0 %")).body)
    assert first == ["<u></u>", '<s style="height:25.0%"></s>', ""]
    assert second == ['<s style="height:100.0%"></s>', '<s style="height:0.0%"></s>', '<s style="height:50.0%"></s>']


def test_the_marked_step_is_marked_in_each_row_and_its_numbers_are_said() -> None:
    body = shares("all", ("one", "two"), VALUES, "abc", 2, ("25 %", "0 %")).body
    assert body.count('class="marked"') == 3
    assert '<b class="marked">b</b>' in body
    assert re.findall(r'class="value">([^<]*)<', body) == ["25 %", "0 %"]
    assert 'aria-label="all At step 2: one: 25 %; two: 0 %."' in body


def test_what_was_typed_stays_text() -> None:
    body = shares("<b>", ("<i>",), [[0.5, 0.5]], ("<u>", '"'), 1, ("&",)).body
    assert not re.search(r"<b>|<u>|<i>(?!<s)", body.replace("<b>&", ""))
    assert "&lt;u&gt;" in body


def test_what_does_not_fit_is_an_error() -> None:
    for names, values, step, printed in (
        (("one",), VALUES, 1, ("1",)),
        (("one", "two"), VALUES, 4, ("1", "2")),
        (("one", "two"), VALUES, 0, ("1", "2")),
        (("one", "two"), VALUES, 1, ("1",)),
        ((), np.empty((0, 3)), 1, ()),
    ):
        with pytest.raises(rv.ShapeError):
            shares("all", names, values, "abc", step, printed)
    for strange in (-0.1, 1.1, np.inf):
        with pytest.raises(ValueError, match="within"):
            shares("all", ("one",), [[strange]], "a", 1, ("1",))
