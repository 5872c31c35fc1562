"""The questions below the lab: each is answered by an intervention on the very network on the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

import rnnviz as rv
from lessons.lstm_gates.experiment import Experiment
from rnnviz.diagnostics import promised_retention
from rnnviz.diagrams.arithmetic import digits_for

GUESSES = {"low": 0.04, "middle": 0.27, "high": 0.73}  # of what is left after ten steps


@dataclass(frozen=True)
class Checks:
    """The answers to the questions, found by trying.

    moved    what the largest change of any unit's c is, with f clamped to 1 and i to 0 from step 2 on
    kept     sigma(1), with so many digits that its tenth power comes out as printed; `left` is that power
    reached  the largest |dL/dc| of any unit and step, with o clamped to 0 at the last step
    step     the step at which f is clamped to 0 in all units, from 1
    across   of |dL/dc| without the clamp, the share that still reaches the step before
    """

    later: int
    moved: float
    kept: float
    digits: int
    left: float
    reached: float
    step: int
    across: float
    answers: dict[str, str]
    guesses: Mapping[str, float] = field(default_factory=lambda: GUESSES)


def checks(run: Experiment, step: int) -> Checks:
    """What is found by trying; `step` from 0."""
    last = len(run.tokens) - 1
    keep = (rv.Pin("f", 1.0, min(1, last), last), rv.Pin("i", 0.0, min(1, last), last))
    c = np.asarray(run.run(keep).trace[0, 0].c)[:, 0]
    moved = float(np.abs(c - c[0]).max())
    kept, left = (float(promised_retention(1.0, 10)[t]) for t in (1, 10))
    shut = np.asarray(run.run((rv.Pin("o", 0.0, last, last),)).grads[0, 0].dc)
    at = max(step, 1) if last else 0
    whole, rest = (np.asarray(run.run(cut).grads[0, 0].dc)[at - 1, 0] for cut in ((), (rv.Pin("f", 0.0, at, at),)))
    norm = float(np.linalg.norm(whole))
    across = float(np.linalg.norm(rest)) / norm if norm and last else 0.0
    answers = {
        "keep": "stays" if moved == 0 else "fades",
        "bias": min(GUESSES, key=lambda one: abs(GUESSES[one] - left)),
        "output": "all" if not shut.any() else "last" if not shut[-1].any() else "none",
        "path": "none" if across == 0 else "some" if across < 0.99 else "all",
    }
    digits = digits_for([kept], left, lambda v: v[0] ** 10)
    return Checks(last, moved, kept, digits, left, float(np.abs(shut).max()), at + 1, across, answers)
