"""Reading from both sides: the rows of states of one or two directions and layers, letter by letter, as a stage.

    rows = [Row("left", "left to right", h, way=1), Row("right", "right to left", h_reverse, way=-1)]
    stage = reading(letters, rows, gap=8, guesses=[Guess("both ways", ("k", "s"), (0.22, 0.11))], words=words)

drawn by js/reading/reading.js. A row reads in each step one letter, or the rows below it
at that place, from its own end; rows that start at the same step run at once. When all have read, what was guessed at
the gap appears. The stage {"kind": "reading", ...} holds

    letters, gap   what stands where, and the place (from 0) of the letter that nobody can see; None: there is none
    changed        {"at": place, "was": letter}: the letter there was another one, and what is drawn are differences
    rows           {id, name, way: 1 | -1, start: its first step, reads: rows below, drawn: how many of its states,
                   states: (T, H) values in base64 float32, or differs: (T,) shares of the largest difference}
    guesses        {name, reads, letters, p: probabilities, right: which is right, or None}
    steps          how many there are: letters, and one more where something is guessed
    step           where it stands at first
    hide_from      from this step on nothing is drawn yet; play_to: the step to play to by itself; locked, speed, token
    words          all that is written, see `WORDS`

It tells {target, value}: "step" where it has come to rest, "played" once for each `play_to`, and, where the stage has
`picks`, that target with the place, counted from 1, of a letter that was clicked.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError

WORDS = (
    *("title", "play", "pause", "before", "after", "speed", "place", "gap", "tape", "step", "table"),
    *("knows_left", "knows_right", "knows_all", "knows_none", "changed", "same", "differs", "right", "reads"),
)


@dataclass(frozen=True, eq=False)
class Row:
    """The states of one direction of one layer.

    id, name  what it is called by tests, and on the screen
    values    (T, H) states; or, where differences are drawn, (T,) norms
    way       1 where it reads from left to right, else -1
    start     the step at which it reads its first letter
    reads     the rows, from 0, whose states it reads; nothing: the letters
    drawn     how many of its states, counted from where it begins, are computed at all; None: all
    """

    id: str
    name: str
    values: ArrayLike
    way: int = 1
    start: int = 0
    reads: tuple[int, ...] = ()
    drawn: int | None = None


@dataclass(frozen=True, eq=False)
class Guess:
    """What one network says at the gap: letters, likeliest first, and their probabilities.

    name   what it is called; reads: what it has read, to be shown beside it
    right  the index of the right one among them, None where it is not
    """

    name: str
    letters: Sequence[str]
    p: Sequence[float]
    reads: str = ""
    right: int | None = None


def reading(
    letters: Sequence[str],
    rows: Sequence[Row],
    *,
    words: Mapping[str, Any],
    gap: int | None = None,
    changed: tuple[int, str] | None = None,
    guesses: Sequence[Guess] = (),
    **place: Any,
) -> dict[str, Any]:
    """The stage of these rows; `place`: where it stands, see above.

    Raises ShapeError where a row has not one state for each letter, or reads a row that is not below it.
    """
    T = len(letters)
    arrays = [np.asarray(row.values, np.float64) for row in rows]
    for k, (row, values) in enumerate(zip(rows, arrays, strict=True)):
        if values.shape[:1] != (T,) or values.ndim != (1 if changed else 2) or any(not 0 <= r < k for r in row.reads):
            raise ShapeError(f"row {k} ({row.id}) needs a state for each of {T} letters and reads rows below it")
    largest = max((float(values.max()) for values in arrays), default=0.0) if changed else 1.0
    last = max((row.start + (T if row.drawn is None else row.drawn) for row in rows), default=0)
    return {
        "kind": "reading",
        "letters": list(letters),
        "gap": gap,
        "changed": None if changed is None else {"at": changed[0], "was": changed[1]},
        "rows": [_row(row, values, largest, T) for row, values in zip(rows, arrays, strict=True)],
        "guesses": [vars(one) | {"letters": list(one.letters), "p": [float(p) for p in one.p]} for one in guesses],
        "steps": last + bool(guesses),
        "step": 0,
        "words": dict(words),
        "token": None,
        **place,
    }


def _row(row: Row, values: np.ndarray, largest: float, T: int) -> dict[str, Any]:
    sent: dict[str, Any] = {"id": row.id, "name": row.name, "way": row.way, "start": row.start}
    sent |= {"reads": list(row.reads), "drawn": T if row.drawn is None else row.drawn}
    if values.ndim == 1:
        return sent | {"differs": [float(value) / (largest or 1.0) for value in values]}
    return sent | {"units": values.shape[1], "states": b64encode(values.astype("<f4").tobytes()).decode()}
