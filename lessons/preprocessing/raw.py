"""The raw tables: Seattle's weather day by day, and the CO2 of the air over Mauna Loa week by week, with real gaps."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.data import Table, Vocabulary, read_csv

FOLDER = Path(__file__).parents[1] / "data"
SPELLS, BATCH = 12, 4  # so many wet spells, in batches of so many
LEARNT_WORDS = 90  # days: the words for the weather come from the first three months


@dataclass(frozen=True, eq=False)
class Series:
    """One column in time order.

    name    of the column
    values  (N,), NaN where nothing was measured
    labels  (N,) what each step is called: its date, or its number
    """

    name: str
    values: Array
    labels: tuple[str, ...]


@cache
def weather() -> Table:
    """The table of Seattle's weather, as it came."""
    return read_csv((FOLDER / "seattle_weather.csv").read_bytes())


@cache
def carbon() -> Series:
    """CO2 in parts per million, week by week."""
    return series(read_csv((FOLDER / "co2_weekly.csv").read_bytes()), "co2_ppm")


def series(table: Table, column: str) -> Series:
    """A column of a table; steps are called by its first column of dates, else by their numbers, from 1."""
    if table.dates:
        labels = tuple(str(day)[:10] for day in table.columns[table.dates[0]])
    else:
        labels = tuple(str(k + 1) for k in range(len(table)))
    return Series(column, table.values(column)[:, 0], labels)


@cache
def words() -> Vocabulary:
    """The words for the weather that stand in the first three months: there was no fog yet."""
    return Vocabulary.of([weather().columns["weather"][:LEARNT_WORDS].tolist()], unknown="other")


@cache
def days() -> tuple[int, ...]:
    """The rows that the story shows: the first day of each kind of weather, the last of them the first day of fog."""
    kinds = weather().columns["weather"].tolist()
    return tuple(sorted(kinds.index(kind) for kind in set(kinds)))


@cache
def spells() -> tuple[Array, ...]:
    """The first wet spells: days in a row with precipitation, in mm, (T_k,)."""
    rain = weather().values("precipitation")[:, 0]
    wet = np.concatenate([[False], rain > 0, [False]])
    begins, ends = np.flatnonzero(wet[1:] & ~wet[:-1]), np.flatnonzero(~wet[1:] & wet[:-1])
    return tuple(rain[first:last] for first, last in zip(begins, ends, strict=True))[:SPELLS]


def as_they_come() -> list[NDArray[np.intp]]:
    """The spells in batches, in their order."""
    return list(np.arange(SPELLS).reshape(-1, BATCH))


def padding(batches: list[NDArray[np.intp]]) -> tuple[int, int]:
    """How many cells of these batches are padding, and how many there are in all."""
    sizes = np.array([len(spell) for spell in spells()])
    whole = sum(len(batch) * int(sizes[batch].max()) for batch in batches)
    return whole - int(sizes.sum()), whole
