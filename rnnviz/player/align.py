"""One sequence becomes another: what a decoder says letter by letter, and where it looks, as a stage (js/align).

    stage = matrix("einundzwanzig", Answer("twenty-one∎", p, weights=weights), states=h, ways=2, words=words)
    stage = board([Line("einundzwanzig", Answer("twenty-one∎", p), name="reads its own letters"), ...], words=words)
    stage = beams("einundzwanzig", steps, words=words)

First the source is read, a letter in each step, then a letter is said in each. A matrix draws, row by row, how much
each letter of the source counted for the letter that is said; without weights, how sure it was. A board holds several
sources and answers, which go on at once; wrong letters stand out. Beams are the answers begun of a beam search, step by
step, each with the one that it goes on from. The stage {"kind": "align", ...} holds

    view      "matrix", "board" or "beams"
    lines     {source: letters, name, said: letters, p: (U,), truth: letters or None, weights: (U, T) base64 float32}
    states    (T, H) base64 float32 of the encoder, drawn under the source; units: H; ways: 1, or 2 where half of them
              read from the right; None: there are none
    beams     step by step, likeliest first: {text, p: of all of it, parent, ended}
    reads     how many steps the reading takes; steps: all
    step      where it stands at first
    hide_from from this step on nothing is drawn yet; play_to: the step to play to by itself; locked, speed, token
    words     all that is written, see `WORDS`

It tells {target, value}: "step" where it has come to rest, "played" once for each `play_to`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import real_array
from rnnviz.errors import ShapeError

WORDS = (  # {…} is filled by the stage
    *("title", "play", "pause", "before", "after", "speed", "place", "step", "table"),
    *("reading", "says", "looks", "right", "wrong", "beam", "handed"),
)


@dataclass(frozen=True, eq=False)
class Answer:
    """What is said: U letters, the end symbol included.

    p        (U,) how probable each of them was
    weights  (U, T) where it looked; None without attention
    truth    the letters that were right; None where nobody knows
    """

    said: Sequence[str]
    p: ArrayLike
    weights: ArrayLike | None = None
    truth: Sequence[str] | None = None


@dataclass(frozen=True, eq=False)
class Line:
    """One source and its answer; name: what else is written of it."""

    source: Sequence[str]
    answer: Answer
    name: str = ""


def matrix(
    source: Sequence[str],
    answer: Answer,
    *,
    words: Mapping[str, Any],
    states: ArrayLike | None = None,
    ways: int = 1,
    **place: Any,
) -> dict[str, Any]:
    """Where a decoder looks. states: (T, H) of the encoder, from -1 to 1; place: where it stands, see above.

    Raises ShapeError where letters, probabilities, weights and states do not fit each other.
    """
    shown: dict[str, Any] = {"states": None, "units": 0, "ways": ways}
    if states is not None:
        h = real_array("states", states, np.float32)
        if h.ndim != 2 or len(h) != len(source):
            raise ShapeError(f"states need a row for each of {len(source)} letters, got {h.shape}")
        shown |= {"states": _packed(h), "units": h.shape[1]}
    line = _line(Line(source, answer))
    return _stage("matrix", [line], len(source), len(line["said"]), words, shown | place)


def board(lines: Sequence[Line], *, words: Mapping[str, Any], **place: Any) -> dict[str, Any]:
    """Several answers at once. Raises as `matrix`, and where there are none."""
    if not lines:
        raise ShapeError("a board needs at least one line")
    sent = [_line(one) for one in lines]
    longest = max(len(one["source"]) for one in sent)
    return _stage("board", sent, longest, max(len(one["said"]) for one in sent), words, place)


def beams(
    source: Sequence[str], steps: Sequence[Sequence[Mapping[str, Any]]], *, words: Mapping[str, Any], **place: Any
) -> dict[str, Any]:
    """A beam as it grows. steps: of each its answers begun, {"text": letters, "p", "parent", "ended"}.

    Raises ShapeError where there are none, or one goes on from an answer that the step before does not hold.
    """
    if not steps or any(not 0 <= one["parent"] < len(before) for before, now in pairwise(steps) for one in now):
        raise ShapeError("a beam needs steps, and in each the parents among those of the step before")
    line = {"source": list(source), "name": "", "said": [], "p": [], "truth": None, "weights": None}
    sent = [[{**one, "text": list(one["text"])} for one in now] for now in steps]
    return _stage("beams", [line], len(source), len(steps), words, {"beams": sent, **place})


def _stage(
    view: str, lines: list[dict[str, Any]], reads: int, says: int, words: Mapping[str, Any], more: Mapping[str, Any]
) -> dict[str, Any]:
    given = {"kind": "align", "view": view, "lines": lines, "reads": reads, "steps": reads + says}
    return {**given, "step": 0, "words": dict(words), "token": None, **more}


def _line(line: Line) -> dict[str, Any]:
    answer, U, T = line.answer, len(line.answer.said), len(line.source)
    p = real_array("p", answer.p, np.float64)
    if p.shape != (U,) or not U or not T:
        raise ShapeError(f"a probability is needed for each of {U} letters, and something to read; got {p.shape}")
    weights = None
    if answer.weights is not None:
        found = real_array("weights", answer.weights, np.float32)
        if found.shape != (U, T):
            raise ShapeError(f"weights need shape (U, T) = ({U}, {T}), got {found.shape}")
        weights = _packed(found)
    said = {"said": list(answer.said), "p": p.tolist(), "weights": weights}
    truth = None if answer.truth is None else list(answer.truth)
    return {"source": list(line.source), "name": line.name, "truth": truth, **said}


def _packed(values: np.ndarray[Any, Any]) -> str:
    return b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()
