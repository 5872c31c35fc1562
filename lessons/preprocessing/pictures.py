"""The pictures: tables and series on their way to the network, and what is recorded of one that learns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.common import live
from lessons.common.text import Words
from lessons.preprocessing import raw, tale
from lessons.preprocessing.experiment import TRAIN, VALIDATION, Part, Raw, Settings, Trained, go, prepare, story
from lessons.preprocessing.raw import Series
from rnnviz.data import in_time, standardize
from rnnviz.numbers import decimals
from rnnviz.player import prepare as stages
from rnnviz.player.prepare import Cell, Fill, Line, Window

COLUMNS = ("date", "precipitation", "temp_max", "weather")
THIN, SHOWN = 6, 60  # every so many weeks of the whole series; windows whose answers are drawn
EVERY = 5  # updates between two records
DECADES = ("1960", "1970", "1980", "1990", "2000")
LOUD = 20.0  # mm and degrees: full colour


def record(found: Trained) -> dict[str, Any]:
    """Errors on new windows, and some answers on the last part of the series."""
    part = last(found.given, found.settings)
    return {"valid": found.valid, "test": found.test, "said": part.said(found.network, spread(part))}


def last(given: Raw, chosen: Settings) -> Part:
    """The last part in time: the test part, however this network's own one was drawn."""
    return prepare(given, replace(chosen, split="time")).parts.test


def spread(part: Part) -> NDArray[np.intp]:
    """SHOWN of its windows, from the first to the last."""
    return np.linspace(0, len(part.true) - 1, SHOWN).round().astype(int)


def lane(name: str, given: Raw, chosen: Settings, label: str) -> live.Lane:
    """A lane in which a network learns from this series, prepared like this."""
    return live.Lane(name, lambda: Trained.begin(given, chosen), go, token=f"{given.mark} {chosen}", label=label)


def errors(of: str, words: Words, naive: float, unit: str) -> live.Panel:
    """An error against the updates, and that of the naive answer."""
    title = words.label(f"panels.{of}", {"unit": unit})
    return live.curve(of, title, scale="log", lines={words.label("panels.naive", {}): naive})


def explored(given: Raw, chosen: Settings, words: Words, unit: str, alone: bool) -> list[list[live.Panel]]:
    """The panels of Explore: what is said of the last part, below the errors; two of them where two networks learn."""
    naive, part = prepare(given, chosen).naive, last(given, chosen)
    valid, test = errors("valid", words, naive.validation, unit), errors("test", words, naive.test, unit)
    title = words.label("panels.said", {"unit": unit, "alone": alone})
    return [[valid] if alone else [valid, test], [live.sequence("said", part.true[spread(part)], title)]]


# The story's tables


def cells_of(day: int) -> list[str]:
    """A row of the raw table, as it is written there."""
    found = raw.weather()
    said = {name: found.columns[name][day] for name in COLUMNS}
    numbers = {name: decimals(float(said[name]), 1) for name in COLUMNS if name in found.numbers}
    return [numbers.get(name, str(said[name])[:10]) for name in COLUMNS]


def table(words: Words, shown: str, **place: Any) -> dict[str, Any]:
    """The table's rows: as they are ("raw"), with words made places ("words"), with all made numbers ("all")."""
    head = [words.label(f"columns.{name}", {}) for name in COLUMNS]
    places = [(symbol, COLUMNS.index("weather")) for symbol in raw.words().symbols]
    numbers = [(words.label(f"units.{COLUMNS[k]}", {}), k) for k in (1, 2)]
    outputs = {"raw": list(zip(head, range(len(head)))), "words": places, "all": numbers + places}[shown]
    rows = [made(day, shown) for day in raw.days()]
    said = words.labels(f"says.{shown}", {}) if shown != "all" else []
    return stages.table(
        head, [cells_of(day) for day in raw.days()], outputs, rows, words=bar(words), says=says(said), **place
    )


def made(day: int, shown: str) -> list[Cell]:
    """What becomes of one row."""
    found = raw.weather()
    values = {name: float(found.columns[name][day]) for name in ("precipitation", "temp_max")}
    hot = [Cell(decimals(one, 0), float(one)) for one in raw.words().one_hot([found.columns["weather"][day]])[0]]
    if shown == "words":
        return hot
    if shown == "raw":
        numbers = [Cell(decimals(one, 1), min(1.0, one / LOUD)) for one in values.values()]
        return [Cell(""), *numbers, Cell("")]
    scaler = standardize(found.values(*values)[in_time(len(found), TRAIN, VALIDATION).train])
    z = scaler.transform([list(values.values())])[0]
    return [Cell(decimals(float(one), 1), float(np.clip(one, -1, 1))) for one in z] + hot


# Series


def gaps(words: Words, **place: Any) -> dict[str, Any]:
    """The weeks with most gaps, and three ways to fill them."""
    given = raw.carbon()
    fills = [Fill(words.label(f"fills.{name}", {}), found) for name, found in tale.fills().items()]
    shown = given.values[tale.GAPS]
    highest = max(value for fill in fills for value, _ in fill.values.values())
    low, high = float(np.nanmin(shown)) - 1, max(float(np.nanmax(shown)), highest) + 1
    return stages.series(
        shown, ticks(given, tale.GAPS), words=bar(words), low=low, high=high, fills=fills, seconds=14.0, **place
    )


def sliding(given: Series, weeks: slice, chosen: Settings, words: Words, **place: Any) -> dict[str, Any]:
    """Windows that slide over these steps of a series."""
    shown = given.values[weeks]
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    pad = 0.05 * (high - low) or 1.0
    begins = tuple(range(len(shown) - chosen.length - chosen.horizon + 1))
    window = Window(chosen.length, chosen.horizon, begins)
    how: dict[str, Any] = {"low": low - pad, "high": high + pad, "window": window, "unit": given.name}
    said = bar(words) | {"step": words.label("bar.window", {})}
    return stages.series(shown, ticks(given, weeks), words=said, seconds=0.8 * len(begins), **how, **place)


def years(words: Words, ways: Sequence[str], **place: Any) -> dict[str, Any]:
    """The whole series in its three parts, and what networks of these ways say of the last one."""
    given = raw.carbon()
    N = len(given.values)
    some = np.arange(0, N, THIN)
    parts = [
        stages.Part(words.label(f"parts.{name}", {}), -(-part.start // THIN), -(-part.stop // THIN))
        for name, part in in_time(N, TRAIN, VALIDATION)._asdict().items()
    ]
    lines = []
    for way in ways:
        said = np.full(N, np.nan)
        said[prepare(story(), Settings(answer=way)).due.test] = tale.forecast(way)
        lines.append(Line(words.label(f"said.{way}", {}), said[some]))
    first_days = [day[:4] for day in given.labels]
    decades = {first_days.index(year) // THIN: year for year in DECADES}
    low, high = float(np.nanmin(given.values)) - 2, float(np.nanmax(given.values)) + 2
    how: dict[str, Any] = {"low": low, "high": high, "parts": parts, "lines": lines}
    return stages.series(given.values[some], decades, words=bar(words), seconds=12.0, **how, **place)


def ticks(given: Series, steps: slice) -> dict[int, str]:
    """What stands below some of these steps: their labels, in three places."""
    shown = given.labels[steps]
    return {int(at): shown[int(at)][:7] for at in np.linspace(0.1, 0.9, 3) * (len(shown) - 1)}


def spells(words: Words, **place: Any) -> dict[str, Any]:
    """The wet spells, padded in batches as they come and by length."""
    most = max(float(one.max()) for one in raw.spells())
    shares = [np.sqrt(one / most) for one in raw.spells()]
    said = words.labels("says.lengths", tale.lengths())
    names = words.label("orders.before", {}), words.label("orders.after", {})
    return stages.lengths(shares, *tale.batches(), words=bar(words), names=names, says=says(said), **place)


def says(said: Any) -> list[dict[str, Any]]:
    """What is said from which step on: {step: words}."""
    return [{"from": int(step), "text": text} for step, text in (said or {}).items()]


def bar(words: Words) -> dict[str, str]:
    """The words of the row of controls."""
    found: dict[str, str] = words.labels("bar", {})
    return found
