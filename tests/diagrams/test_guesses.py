"""Answers side by side: the likeliest classes, in order, with their own numbers."""

import re

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.diagrams import Answer, guesses
from rnnviz.diagrams.guesses import percent

LABELS = tuple("abcdefgh")
P = np.array([0.02, 0.3, 0.01, 0.4, 0.0001, 0.15, 0.1, 0.0199])


def rows(body: str) -> list[tuple[str, float, str]]:
    """Label, length of the bar in percent and printed number of each row."""
    found = re.findall(r"<b[^>]*>([^<]*)</b><i[^>]*><s style=\"width:([\d.]+)%\"></s></i><span[^>]*>([^<]*)<", body)
    return [(label, float(width), number.replace("\N{NO-BREAK SPACE}", " ")) for label, width, number in found]


def test_the_likeliest_come_first_with_bars_as_long_as_their_probability() -> None:
    assert rows(guesses([Answer("one", "x", P)], LABELS, None, most=3)) == [
        ("d", 40.0, "40.0 %"),
        ("b", 30.0, "30.0 %"),
        ("f", 15.0, "15.0 %"),
    ]


def test_the_right_one_is_marked_and_always_there() -> None:
    shown = rows(guesses([Answer("one", "x", P)], LABELS, 4, most=3))
    assert [label for label, _, _ in shown] == ["d", "b", "e ✓"]
    assert shown[2][2] == "&lt; 0.1 %"
    shown = rows(guesses([Answer("one", "x", P)], LABELS, 1, most=3))
    assert [label for label, _, _ in shown] == ["d", "b ✓", "f"]


def test_each_answer_has_its_column() -> None:
    body = guesses([Answer("one", "<left>", P), Answer("two", "right", P[::-1])], LABELS, None)
    assert re.findall("<h4>(.*?)</h4>", body) == ["one", "two"]
    assert "&lt;left&gt;" in body
    assert len(rows(body)) == 10


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.0, "0.0 %"), (1e-9, "< 0.1 %"), (0.0005, "0.1 %"), (0.1694, "16.9 %"), (1.0, "100.0 %")],
)
def test_percent_never_rounds_something_to_nothing(p: float, said: str) -> None:
    assert percent(p).replace("\N{NO-BREAK SPACE}", " ") == said
    assert " " not in percent(p)


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(rv.ShapeError):
        guesses([], LABELS, None)
    with pytest.raises(rv.ShapeError, match="8 probabilities"):
        guesses([Answer("one", "x", P[:-1])], LABELS, None)
    with pytest.raises(rv.ShapeError, match="right class"):
        guesses([Answer("one", "x", P)], LABELS, 8)
    with pytest.raises(rv.NonFiniteError):
        guesses([Answer("one", "x", P * np.nan)], LABELS, None)
