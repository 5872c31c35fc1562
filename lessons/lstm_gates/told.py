"""What the story says, beat by beat: facts of the networks in tale.py, and at the end of the trained one."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.one_unit import Reading
from lessons.lstm_gates import tale
from lessons.lstm_gates.experiment import Experiment, with_letters
from lessons.lstm_gates.tale import ASKED, CHATTER, KEPT, LARGE, RESET, WHOLE

AT = WHOLE.index(RESET)  # the step, from 0, that reads the reset
BACK = 3  # steps before it, where the gradient is asked for
SENTENCE = "to the ship."  # the last symbol is there to be guessed, and is not read
OPEN, TINY = 0.999, 0.001  # beyond these a gate, or what is left, is told in words
Facts = dict[str, Any]


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of, with these values of the controls; steps from 1."""
    return BEATS[beat](values)


def reading(beat: str, values: Mapping[str, Any]) -> Reading | Experiment:
    """What stands on a beat's stage."""
    return READINGS[beat](values)


def fading(_: Mapping[str, Any]) -> Facts:
    """A plain unit."""
    h = tale.read_plainly(KEPT).h
    return {"number": tale.number(KEPT[0]), "weight": tale.HALF, "left": h[-1]}


def forget(values: Mapping[str, Any]) -> Facts:
    """A second state, and the forget gate on its path with the bias that the reader drags."""
    found = tale.read(KEPT, values["bias"])
    told = {"number": tale.number(KEPT[0]), "times": len(KEPT) - 1, "open": OPEN, "tiny": TINY}
    return told | {"bias": values["bias"], "f": found.gate("f")[1], "left": found.c[-1]}


def write(_: Mapping[str, Any]) -> Facts:
    """Input gate and candidate."""
    found = tale.read(CHATTER)
    return {"number": found.gate("g")[1], "left": found.c[-1]}


def reveal(_: Mapping[str, Any]) -> Facts:
    """The output gate."""
    found = tale.read(ASKED)
    at = ASKED.index(tale.ASK)
    return {"c": found.c[at], "h": found.h[at], "step": at + 1}


def gate_sum(_: Mapping[str, Any]) -> Facts:
    """What the input gate adds up: its bias and, at an arrow, what that brings."""
    term = rv.diagnostics.gate_step(tale.read(CHATTER).trace, "i", 0, 0)
    return {"bias": term.bias, "arrow": float(term.input.sum()), "sum": term.sum, "i": term.value}


def reset(_: Mapping[str, Any]) -> Facts:
    """Which gate closes at the reset, and why."""
    found = tale.read(WHOLE)
    term = rv.diagnostics.gate_step(found.trace, "f", AT, 0)
    moved = {letter: abs(found.gate(letter)[AT] - found.gate(letter)[AT - 1]) for letter in "fio"}
    return {
        "step": AT + 1,
        "before": found.c[AT - 1],
        "after": found.c[AT],
        "bias": term.bias,
        "marker": float(term.input.sum()),
        "sum": term.sum,
        "f": term.value,
        "answers": {"which": max(moved, key=lambda letter: moved[letter])},
    }


def back(_: Mapping[str, Any]) -> Facts:
    """What that did to the gradient a few steps earlier."""
    found = tale.read(WHOLE)
    there, before = found.dc[AT + 1], found.dc[AT - BACK]
    share = abs(before) / abs(there)
    return {
        "step": AT + 1,
        "after": AT + 2,
        "earlier": AT + 1 - BACK,
        "back": BACK,
        "there": there,
        "before": before,
        "f": found.gate("f")[AT],
        "shown": found.h[-1],
        "answers": {"earlier": "zero" if before == 0 else "same" if share > 0.99 else "smaller"},
    }


def clamp(values: Mapping[str, Any]) -> Facts:
    """What follows, and what comes back, if the gate is held at the reset."""
    held, usual = _held(values), tale.read(WHOLE)
    return {
        "held": values["held_open"],
        "step": AT + 1,
        "earlier": AT + 1 - BACK,
        "end": held.c[-1],
        "was": usual.c[-1],
        "reached": held.dc[AT - BACK],
        "without": usual.dc[AT - BACK],
    }


def learned(_: Mapping[str, Any]) -> Facts:
    """A trained LSTM, and its unit whose forget gate minds the spaces most."""
    found = _sentence()
    spaces = np.array([token == "␣" for token in found.tokens])
    f = np.asarray(found.untouched.trace[0, 0].gates["f"])[:, 0]
    unit, first = heedful(), int(spaces.argmax())
    c = np.asarray(found.untouched.trace[0, 0].c)[:, 0, unit]
    return {
        "c": float(c[first]),
        "old": float(f[first, unit] * c[first - 1]),
        "unit": unit + 1,
    }


def heedful() -> int:
    """The unit, from 0, whose forget gate closes most at spaces, compared with letters."""
    found = _sentence()
    spaces = np.array([token == "␣" for token in found.tokens])
    f = np.asarray(found.untouched.trace[0, 0].gates["f"])[:, 0]
    return int((f[spaces].mean(axis=0) - f[~spaces].mean(axis=0)).argmin())


@lru_cache(maxsize=1)
def _sentence() -> Experiment:
    return with_letters(SENTENCE, 0.0, ())


def _held(values: Mapping[str, Any]) -> Reading:
    return tale.read(WHOLE, LARGE, (AT, float(values["held_open"])))


BEATS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    "fading": fading,
    "forget": forget,
    "write": write,
    "reveal": reveal,
    "sum": gate_sum,
    "reset": reset,
    "back": back,
    "clamp": clamp,
    "learned": learned,
}
READINGS: dict[str, Callable[[Mapping[str, Any]], Reading | Experiment]] = {
    "fading": lambda _: tale.read_plainly(KEPT),
    "forget": lambda values: tale.read(KEPT, values["bias"]),
    "write": lambda _: tale.read(CHATTER),
    "reveal": lambda _: tale.read(ASKED),
    "sum": lambda _: tale.read(CHATTER),
    "reset": lambda _: tale.read(WHOLE),
    "back": lambda _: tale.read(WHOLE),
    "clamp": _held,
    "learned": lambda _: _sentence(),
}
