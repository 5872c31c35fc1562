"""What the page on gradient clipping says of the recorded runs, as numbers; they are `training.py`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lessons.clipping import training
from lessons.common.controls import Control, Steps

FACTORS = dict(zip(("0.1", "0.5", "1", "2", "5", "10", "none"), training.FACTORS))


def run_controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """Which of the recorded runs is shown: at first, one that explodes."""
    return (
        Steps("factor", tuple(FACTORS), "none", was={"no clipping": "none"}),
        Steps("run_rate", training.RATES, 0.03),
    )


@dataclass(frozen=True)
class Run:
    """What became of one recorded run, and of its like; learned: below half the loss of guessing.

    factor, clipped        times the running average; whether at all
    finite                 whether the run of seed 0 was finite to its end
    taken, final           of seed 0: the share of clipped updates, the loss of the last ones
    largest, jump, jump_at  of seed 0: the largest norm; the most that a norm was beyond the average before, and when
    learned, without       how many seeds learned with this factor, and without clipping, at this learning rate
    small, small_without   the smallest learning rate, and how many learned there without clipping
    """

    factor: float
    clipped: bool
    rate: float
    finite: bool
    taken: float
    final: float
    largest: float
    jump: float
    jump_at: int
    learned: int
    without: int
    small: float
    small_without: int
    seeds: int
    last: int
    guessing: float


def run(values: Mapping[str, Any]) -> tuple[int, int]:
    """Which factor and which learning rate are shown, as places in FACTORS and RATES."""
    return tuple(FACTORS).index(values["factor"]), training.RATES.index(values["run_rate"])


def run_facts(i: int, j: int) -> Run:
    """What there is to say of it."""
    seen = training.runs()
    norm = seen.norm[i, j]
    jumps = norm / training.averages(norm)
    factor = training.FACTORS[i]
    return Run(
        factor=factor,
        clipped=bool(np.isfinite(factor)),
        rate=training.RATES[j],
        finite=bool(np.isfinite(norm).all()),
        taken=float(seen.taken[i, j, 0]),
        final=float(seen.final[i, j, 0]),
        largest=float(np.nanmax(norm)),
        jump=float(np.nanmax(jumps)),
        jump_at=int(np.nanargmax(jumps)) + 1,
        learned=int(seen.learned[i, j]),
        without=int(seen.learned[-1, j]),
        small=training.RATES[0],
        small_without=int(seen.learned[-1, 0]),
        seeds=training.SEEDS,
        last=training.LAST,
        guessing=training.BASELINE,
    )


@dataclass(frozen=True)
class Compared:
    """All recorded runs: `learned` (R, F) networks; and where clipping matters most.

    at, before      that rate; the largest one at which most networks learn without clipping
    best            how many learned at that rate with the best of the factors, `factor`
    best_taken      the share of all their updates that were clipped
    without         how many did without clipping
    small_without   how many learned without clipping at `before`
    highest         the most that a norm was beyond the average of those before it, all unclipped runs at that rate
    high            the factors 5 and 10; how many learned with them there, and at how many of all updates they clipped
    """

    rates: tuple[float, ...]
    factors: tuple[float, ...]
    learned: tuple[tuple[int, ...], ...]
    at: float
    before: float
    best: int
    best_taken: float
    factor: float
    without: int
    small_without: int
    highest: float
    high: tuple[float, ...]
    high_learned: tuple[int, ...]
    high_taken: tuple[float, ...]
    units: int
    steps: int
    batch: int
    updates: int
    seeds: int
    classes: int


def compared() -> Compared:
    """What the runs show together."""
    seen = training.runs()
    learned, half = seen.learned, training.SEEDS / 2
    gain = learned[:-1].max(axis=0) - learned[-1]
    j = int(gain.argmax())
    i = int(learned[:-1, j].argmax())
    before = max(k for k in range(len(training.RATES)) if learned[-1, k] > half)
    high = [k for k, factor in enumerate(training.FACTORS) if 5 <= factor < np.inf]
    return Compared(
        rates=training.RATES,
        factors=training.FACTORS[:-1],
        learned=tuple(map(tuple, learned.T.tolist())),
        at=training.RATES[j],
        before=training.RATES[before],
        best=int(learned[i, j]),
        best_taken=float(seen.taken[i, j].mean()),
        factor=training.FACTORS[i],
        without=int(learned[-1, j]),
        small_without=int(learned[-1, before]),
        highest=float(np.nanmax(seen.jump[-1, j])),
        high=tuple(training.FACTORS[k] for k in high),
        high_learned=tuple(int(learned[k, j]) for k in high),
        high_taken=tuple(float(seen.taken[k, j].mean()) for k in high),
        units=training.UNITS,
        steps=training.STEPS,
        batch=training.BATCH,
        updates=training.UPDATES,
        seeds=training.SEEDS,
        classes=training.CLASSES,
    )
