"""What luck does: what each law of initialization typically leaves of the gradient, over twenty seeds."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from lessons.initialization.experiment import LAWS, SCHEMES, Settings
from lessons.initialization.others import SEEDS, luck

NONE, SEVERAL = "none", "several"
AS_NEAR = 0.1  # decades: laws whose typical distances from norm 1 differ by less are alike


@dataclass(frozen=True)
class Typical:
    """What is left at step 1 by each law: over the seeds and over the schemes that follow it.

    left       {law: median}, log10 of the norm; -inf stands for 0
    low, high  {law: quartile}
    off        {law: median of how far from 1, in decades}; infinite where nothing or nothing finite arrives
    first      {law: of how many seeds one of its schemes came nearest to 1}, ties to the first
    best       the law nearest to 1; answer: that, or "several" that are alike, or "none" where none is finite
    """

    seeds: int
    left: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    off: dict[str, float]
    first: dict[str, int]
    best: str
    answer: str


def typical(s: Settings) -> Typical:
    """Every law with its default, on this activation, input, number of steps and of units."""
    logs = luck(s.units, s.nonlinearity, s.signal, s.steps)
    off = np.where(np.isfinite(logs), np.abs(logs), np.inf)
    rows = {name: [k for k, one in enumerate(SCHEMES.values()) if one.law == name] for name in LAWS}
    distance = {name: _quantile(off[k].ravel(), 0.5) for name, k in rows.items()}
    nearest = np.where(np.isfinite(off.min(axis=0)), off.argmin(axis=0), -1)
    best, second = sorted(distance, key=lambda name: distance[name])[:2]
    clear = distance[second] - distance[best] > AS_NEAR
    return Typical(
        seeds=SEEDS,
        left={name: _quantile(logs[k].ravel(), 0.5) for name, k in rows.items()},
        low={name: _quantile(logs[k].ravel(), 0.25) for name, k in rows.items()},
        high={name: _quantile(logs[k].ravel(), 0.75) for name, k in rows.items()},
        off=distance,
        first={name: int(np.isin(nearest, k).sum()) for name, k in rows.items()},
        best=best,
        answer=NONE if not isfinite(distance[best]) else best if clear else SEVERAL,
    )


def _quantile(values: np.ndarray, share: float) -> float:
    """One of the values, so that infinities never meet; NaN counts as larger than all."""
    return float(np.sort(values)[int(share * (values.size - 1))])
