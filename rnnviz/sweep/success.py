"""What a grid's records say over their seeds: how often something is true, and how far a number is spread.

    learnt = sweep.shares(records, "solved", by=("init", "cell", "num_steps"))
    learnt.levels       {"init": ("orthogonal", "gaussian"), "cell": (...), "num_steps": (10, 20, 40)}
    learnt.share        (2, 3, 3), the share of runs that solved it; learnt.low, learnt.high what is sure at 95 %

    losses = sweep.spread(records, "loss", by=("cell", "num_steps"))
    losses.median, losses.low, losses.high, losses.count

The interval of a share is Wilson's (1927, "Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22, equation 4 solved for p): with five seeds of five it still reaches
down to 57 %.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, number
from rnnviz.errors import UnknownNameError
from rnnviz.sweep.grid import Record

SURE = 1.959963984540054  # standard deviations of a normal distribution that hold 95 % of it


@dataclass(frozen=True, eq=False)
class Shares:
    """How often something is true, at each combination of some settings; all arrays have one axis for each of them.

    levels     {setting: its values}, in the order of the axes; values in the order in which the records bring them
    hits       in how many runs it is true; runs that did not finish count as runs in which it is not
    count      how many runs there are; 0 where there are none
    share      hits / count, NaN where count is 0
    low, high  Wilson's 95 % interval
    """

    levels: dict[str, tuple[Any, ...]]
    hits: NDArray[np.intp]
    count: NDArray[np.intp]

    @property
    def share(self) -> Array:
        """hits / count."""
        with np.errstate(invalid="ignore"):
            return self.hits / self.count

    @property
    def low(self) -> Array:
        """The lower end of Wilson's interval."""
        return np.clip(self._middle - self._half, 0.0, self.share)

    @property
    def high(self) -> Array:
        """The upper end of it."""
        return np.clip(self._middle + self._half, self.share, 1.0)

    @property
    def _middle(self) -> Array:
        with np.errstate(invalid="ignore"):
            return np.where(self.count > 0, (self.hits + SURE**2 / 2) / (self.count + SURE**2), np.nan)

    @property
    def _half(self) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = self.hits * (self.count - self.hits) / self.count + SURE**2 / 4
            half: Array = SURE * np.sqrt(inside) / (self.count + SURE**2)
            return half


@dataclass(frozen=True, eq=False)
class Spread:
    """How a number is spread over the runs at each combination of some settings; NaN where no run has one.

    levels     as in `Shares`
    values     (..., S) the numbers themselves, filled up with NaN
    low, median, high  quantiles, of the runs that have a finite number
    count      how many those are
    """

    levels: dict[str, tuple[Any, ...]]
    values: Array
    low: Array
    median: Array
    high: Array

    @property
    def count(self) -> NDArray[np.intp]:
        """How many runs have a finite number."""
        return np.asarray(np.isfinite(self.values).sum(axis=-1))


def shares(records: Sequence[Record], of: str, by: Sequence[str]) -> Shares:
    """How often the column `of` is true, at each combination of the settings `by`.

    Raises UnknownNameError for a column that no record has.
    """
    levels, places = _places(records, of, by)
    shape = tuple(len(values) for values in levels.values())
    hits, count = np.zeros(shape, np.intp), np.zeros(shape, np.intp)
    np.add.at(count, places, 1)
    np.add.at(hits, places, [bool(record.get(of)) for record in records])
    return Shares(levels, hits, count)


def spread(records: Sequence[Record], of: str, by: Sequence[str], share: float = 0.5) -> Spread:
    """How the numbers of the column `of` are spread, at each combination of the settings `by`.

    share  of the runs that lies between low and high: 0.5 for the quartiles, 1 for the smallest and largest

    Raises UnknownNameError for a column that no record has, ValueError for a share outside [0, 1].
    """
    share = number("share", share, "[0, 1]")
    levels, places = _places(records, of, by)
    shape = tuple(len(values) for values in levels.values())
    rows: list[list[float]] = [[] for _ in range(math.prod(shape))]
    for row, record in zip(np.ravel_multi_index(places, shape), records):
        value = record.get(of)
        rows[row].append(np.nan if value is None else float(value))
    values = np.full((len(rows), max(map(len, rows))), np.nan)
    for into, found in zip(values, rows):
        into[: len(found)] = found
    values = values.reshape(*shape, -1)
    low, median, high = (_quantile(values, q) for q in ((1 - share) / 2, 0.5, (1 + share) / 2))
    return Spread(levels, values, low, median, high)


def _places(
    records: Sequence[Record], of: str, by: Sequence[str]
) -> tuple[dict[str, tuple[Any, ...]], tuple[NDArray[np.intp], ...]]:
    """The values of each setting, and where each record stands among them, one array for each axis."""
    known = {name for record in records for name in record}
    missing = [name for name in (of, *by) if name not in known]
    if missing:
        raise UnknownNameError(f"no record has {', '.join(missing)}; there are {', '.join(sorted(known))}")
    levels: Mapping[str, tuple[Any, ...]] = {
        name: tuple(dict.fromkeys(record[name] for record in records)) for name in by
    }
    places = tuple(np.array([levels[name].index(record[name]) for record in records], np.intp) for name in by)
    return dict(levels), places


def _quantile(values: Array, q: float) -> Array:
    """Over the last axis, of the finite values alone; NaN where there are none."""
    flat = values.reshape(-1, values.shape[-1])
    found = [row[np.isfinite(row)] for row in flat]
    return np.array([np.quantile(row, q) if row.size else np.nan for row in found]).reshape(values.shape[:-1])
