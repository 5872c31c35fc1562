"""Where axes end and what they are labelled with: worked out here, sent as data, drawn by Vega."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.numbers import MINUS, decimals
from rnnviz.plots.prepared import Columns

MOST_DECADES = 7  # labels on a log axis
NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Axis:
    """The values at an axis' ends, low < high, and its (value, label) pairs."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    @property
    def columns(self) -> Columns:
        """The ticks as a dataset."""
        return {"at": [float(value) for value, _ in self.ticks], "label": [label for _, label in self.ticks]}


def decades(values: ArrayLike, least: tuple[float, float] = (-2, 0)) -> Axis:
    """A log axis for log10 `values`: the range `least`, widened to whole decades that hold every finite one."""
    given = np.asarray(values, np.float64)
    given = given[np.isfinite(given)]
    low = min(least[0], float(given.min(initial=np.inf)))
    high = max(least[1], float(given.max(initial=-np.inf)))
    every = next((step for step in NICE if (high - low) / step <= MOST_DECADES - 1), ceil((high - low) / MOST_DECADES))
    unit = max(1, every // 5)  # the ends move in steps of this size, so that a small change of the values moves none
    low, high = floor(low / unit) * unit, ceil(high / unit) * unit
    labelled = range(ceil(low / every) * every, high + 1, every)
    return Axis(low, high, tuple((exponent, power(exponent)) for exponent in labelled))


def linear(values: ArrayLike, low: float | None = None, high: float | None = None, labels: int = 5) -> Axis:
    """A linear axis for `values`; an end that is given stands, the other ones are round numbers beyond the values."""
    given = np.asarray(values, np.float64)
    given = given[np.isfinite(given)]
    least = float(given.min(initial=np.inf)) if low is None else low
    most = float(given.max(initial=-np.inf)) if high is None else high
    if not least < most:  # one value, or none
        least, most = (least - 0.5, least + 0.5) if np.isfinite(least) and least == most else (0.0, 1.0)
    every = nice((most - least) / labels)
    bottom = floor(least / every + 1e-9) * every if low is None else low
    top = ceil(most / every - 1e-9) * every if high is None else high
    places = max(0, -floor(log10(every) + 1e-9))
    count = range(ceil(bottom / every - 1e-9), floor(top / every + 1e-9) + 1)
    return Axis(bottom, top, tuple((k * every, decimals(k * every, places)) for k in count))


def steps(first: int, last: int) -> Axis:
    """An axis of whole numbers, each in the middle of its own column; about ten of them labelled."""
    every = next((step for step in (*NICE, last) if (last - first) / step <= 10), last)
    shown = [n for n in range(first, last + 1) if n % every == 0 or n in (first, last)]
    near = [n for n in shown if n in (first, last) or min(n - first, last - n) > every * 0.6]
    return Axis(first - 0.5, last + 0.5, tuple((n, str(n)) for n in near))


def named(labels: list[str] | tuple[str, ...], first: int = 1) -> Axis:
    """An axis with a label for every place."""
    return Axis(first - 0.5, first + len(labels) - 0.5, tuple(enumerate(labels, first)))


def shares(most: float = 1.0, labels: int = 4) -> Axis:
    """An axis for shares from 0 to `most`, in per cent."""
    every = next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5) if most / step <= labels), 0.5)
    count = int(most / every + 1e-9)
    return Axis(0.0, most, tuple((every * k, f"{100 * every * k:.0f} %") for k in range(count + 1)))


def nice(size: float) -> float:
    """The next 1, 2, 5 times a power of ten."""
    unit = 10.0 ** floor(log10(size) + 1e-9)
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= size * (1 - 1e-9))


def power(exponent: int) -> str:
    """A power of ten as an axis says it: 1, 10, 10⁻³."""
    return str(10**exponent) if exponent in (0, 1) else f"10{str(exponent).translate(_RAISED)}"


def signed(value: float) -> str:
    """A short number with a true minus sign."""
    return f"{value:g}".replace("-", MINUS)
