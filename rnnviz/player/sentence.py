"""Sentences read word by word, each with what the network says so far: a stage, drawn by js/sentence/sentence.js.

    line = Line("one", ("not", "good"), scores=(0.4, 0.6), begins=0.5, marks=(-0.2, 0.9))
    stage = sentence([line], words=words)

A line is a sentence and its reader; all lines are read in step. A score, the probability of the upper class, stands as
a bar under its word, up from one half or down, and as the place of a needle above the sentence. A tag, the class of the
word itself, appears under it as soon as its reader knows: from the left, when the word is read; both ways, when it is
read from either end. After the last word the marks come back from right to left: how much each word mattered.

The stage {"kind": "sentence", ...} holds

    lines     {id, name, tokens, unknown: (T,) bool, way: 1 | 2, scores: (T,) or None, begins, tags: (T,) or None,
              right: (T,) bool or None, marks: (T,) in [-1, 1] or None}
    steps     the words of the longest line, and one more where there are marks
    step      where it stands at first
    hide_from from this step on nothing is drawn yet; play_to: the step to play to by itself; locked, speed, token
    words     all that is written, see `WORDS`

It tells {target, value}: "step" where it has come to rest, and "played" once for each `play_to`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.diagrams.html import require_finite
from rnnviz.errors import ShapeError

WORDS = (
    *("title", "play", "pause", "before", "after", "speed", "place", "step", "back", "table"),
    *("low", "high", "score", "unknown", "wrong"),
)


@dataclass(frozen=True, eq=False)
class Line:
    """One sentence and its reader.

    id, name  what it is called by tests, and on the screen
    tokens    (T,) the words, at least one; unknown: (T,) bool, those that the network has no place for; None: none
    scores    (T,) probabilities after each word, in [0, 1]; begins: before the first
    tags      (T,) the class of each word, "" for none; right: (T,) bool, whether it is; None: nobody says
    marks     (T,) how much each word mattered, with its sign; drawn as shares of the largest; None: none
    way       1 where it is read from left to right, 2 where from both ends
    """

    id: str
    tokens: Sequence[str]
    name: str = ""
    unknown: Sequence[bool] | None = None
    scores: ArrayLike | None = None
    begins: float = 0.5
    tags: Sequence[str] | None = None
    right: Sequence[bool] | None = None
    marks: ArrayLike | None = None
    way: int = 1


def sentence(lines: Sequence[Line], *, words: Mapping[str, Any], **place: Any) -> dict[str, Any]:
    """The stage of these lines; `place`: where it stands, see above.

    Raises ShapeError where a line has no words, or not one of everything for each; NonFiniteError for a score or mark
    that is no number.
    """
    sent = [_line(line) for line in lines]
    if not sent:
        raise ShapeError("a stage of sentences needs at least one line")
    longest = max(len(line["tokens"]) for line in sent)
    return {
        "kind": "sentence",
        "lines": sent,
        "steps": longest + any(line["marks"] is not None for line in sent),
        "longest": longest,
        "step": 0,
        "words": dict(words),
        "token": None,
        **place,
    }


def _line(line: Line) -> dict[str, Any]:
    T = len(line.tokens)
    for what in ("unknown", "scores", "tags", "right", "marks"):
        given = getattr(line, what)
        if not T or (given is not None and np.shape(given) != (T,)):
            raise ShapeError(f"line {line.id!r}: {what} needs one for each of {T} words, got {np.shape(given)}")
    scores, marks = (None if one is None else np.asarray(one, np.float64) for one in (line.scores, line.marks))
    for what, values in (("scores", scores), ("marks", marks)):
        if values is not None:
            require_finite(f"line {line.id!r}: {what}", values)
    if marks is not None:
        marks = marks / (float(np.abs(marks).max()) or 1.0)
    return {
        "id": line.id,
        "name": line.name,
        "tokens": list(line.tokens),
        "unknown": [bool(one) for one in (line.unknown if line.unknown is not None else [False] * T)],
        "way": line.way,
        "scores": None if scores is None else scores.tolist(),
        "begins": float(line.begins),
        "tags": None if line.tags is None else list(line.tags),
        "right": None if line.right is None else [bool(one) for one in line.right],
        "marks": None if marks is None else marks.tolist(),
    }
