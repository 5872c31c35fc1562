"""What the lessons feed to a network: real temperatures, and whatever the reader types. Plain data, no widgets."""

import csv
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_SYMBOLS = 48


@dataclass(frozen=True)
class Weather:
    """Daily maximum temperatures in Seattle, 2012 to 2015: `dates`, `celsius` (D,), and their mean and spread."""

    dates: tuple[date, ...]
    celsius: NDArray[np.float64]
    mean: float
    std: float


@cache
def weather() -> Weather:
    """The file in lessons/data; its source and licence stand beside it."""
    path = Path(__file__).parents[1] / "data" / "seattle_max_temperature.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    celsius = np.array([float(row["temp_max_celsius"]) for row in rows])
    dates = tuple(date.fromisoformat(row["date"]) for row in rows)
    return Weather(dates, celsius, float(celsius.mean()), float(celsius.std()))


def symbols(typed: str) -> list[str]:
    """What was typed as a list of symbols, at most MOST_SYMBOLS: letters with their accents, signs, single spaces.

    Runs of white space count as one space and are cut off at both ends; invisible control characters are dropped.
    """
    found: list[str] = []
    for character in unicodedata.normalize("NFC", " ".join(typed.split())):
        kind = unicodedata.category(character)[0]
        if kind == "M" and found:
            found[-1] += character
        elif kind not in "CM":
            found.append(character)
    return found[:MOST_SYMBOLS]


def one_hot(sequence: list[str], alphabet: list[str]) -> NDArray[np.float64]:
    """(T, I): a row per symbol, 1 in the column of its place in the alphabet, 0 elsewhere."""
    return np.array([[float(symbol == letter) for letter in alphabet] for symbol in sequence])


def return_of_an_input(tokens: tuple[str, ...]) -> tuple[int, int] | None:
    """The first step (from 1) that reads what an earlier step has read, and that earlier step: (earlier, later)."""
    seen: dict[str, int] = {}
    for step, token in enumerate(tokens, start=1):
        if token in seen:
            return seen[token], step
        seen[token] = step
    return None
