"""What a reader can set on a page: records of controls, and how an address says their values.

A control's `id` is its name in the session, its parameter in the address and the `name` of its input in the browser.
Its label, and what its options are called, stand in the lesson's language file.

    read(said) -> value      what an address, a browser or a test says, as a value of this control. Nothing raises: what
                             is no value of this control, a number beyond the ends included, is the default
    write(value) -> str      the value as the address says it; `read(write(value)) == value`

An address may come from an older version of the page. `was_id` is the parameter's former name, `was` maps words that
used to stand there to the ids of today. A parameter that stands there more than once comes as a list of texts.

    group                    controls of one group stand together; its label, if any, is found under the group's name

Which controls there are may depend on what was chosen: a lesson's `controls(values) -> tuple[Control, ...]` is called
until neither they nor their values change, first with no values at all: so it asks `values.get("input", "weather")`.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

ROUNDS = 8  # of asking which controls there are; each choice that brings another choice takes one
MOST_CHOICES = 500  # combinations of choices that are tried to find all controls


@dataclass(frozen=True)
class Range:
    """A slider from `low` to `high`: whole numbers where `digits` is 0, else floats shown with so many digits.

    An address may name a number between the steps. Where `low` equals `high` there is nothing to choose, and the slider
    is not shown. A number beyond `high`, but not beyond `reach`, becomes `high`: for a range whose end follows another
    slider.
    """

    id: str
    low: float
    high: float
    step: float
    default: float
    digits: int = 0
    reach: float | None = None
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> float:
        number = _number(said)
        if number is not None and self.high < number <= (self.reach or self.high):
            number = self.high
        if number is None or not self.low <= number <= self.high:
            number = min(max(self.default, self.low), self.high)
        return float(number) + 0.0 if self.digits else int(number)  # + 0.0: there is no negative zero

    def write(self, value: float) -> str:
        return _shortest(value)


@dataclass(frozen=True)
class Steps:
    """A slider over a few `values` that are not evenly spaced: numbers, or ids that have an order."""

    id: str
    values: tuple[Any, ...]
    default: Any
    was: Mapping[str, Any] = field(default_factory=dict, hash=False)
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> Any:
        word = _only(said)
        word = self.was.get(word, word) if isinstance(word, str) else word
        number = _number(word)
        for value in self.values:
            if value == number if _is_number(value) else str(value) == str(word):
                return value
        return self.default

    def write(self, value: Any) -> str:
        return _shortest(value) if _is_number(value) else str(value)


@dataclass(frozen=True)
class Choice:
    """One of a few ids, always one of them; `was` maps the words of old addresses to ids."""

    id: str
    options: tuple[str, ...]
    default: str
    was: Mapping[str, str] = field(default_factory=dict, hash=False)
    look: Literal["radio", "list", "switch"] = "radio"
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> str:
        words = [str(self.was.get(word, word)) for word in _texts(said)]
        words = words[-1:] if self.look == "list" else words
        return next((word for word in words if word in self.options), self.default)

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Span:
    """First and last of a range of whole numbers; an address may give them either way round.

    Written as `3-20`. Addresses of before name the parameter twice: `span=3&span=20`.
    """

    id: str
    low: int
    high: int
    default: tuple[int, int]
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> tuple[int, int]:
        ends: list[Any] = list(said) if isinstance(said, list | tuple) else [said]
        if len(ends) == 1:
            together = _ENDS.fullmatch(str(ends[0]).strip())
            ends = list(together.groups()) if together else []
        numbers = [_number(end) for end in ends if end != ""]
        if len(numbers) != 2 or not all(n is not None and self.low <= n <= self.high for n in numbers):
            numbers = [min(max(end, self.low), self.high) for end in self.default]
        first, last = sorted(int(number) for number in numbers if number is not None)
        return first, last

    def write(self, value: tuple[int, int]) -> str:
        return f"{value[0]}-{value[1]}"


@dataclass(frozen=True)
class Text:
    """A line that the reader types, as typed; of more than `most` characters, the first ones. A "line" has a row."""

    id: str
    default: str
    most: int = 200
    look: Literal["field", "line"] = "field"
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> str:
        typed = _texts(said)
        if not typed:
            return self.default
        return typed[-1].encode("utf-8", "replace").decode()[: self.most]  # half a surrogate pair is no character

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Day:
    """A day from `first` to `last`, in the address as `1984-04-10`."""

    id: str
    first: date
    last: date
    default: date
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> date:
        said = [said] if isinstance(said, date) else _texts(said)
        days = [_day(one) for one in said if one != ""]
        if not days or not all(day is not None and self.first <= day <= self.last for day in days):
            return self.default
        return days[0] or self.default

    def write(self, value: date) -> str:
        return value.isoformat()


@dataclass(frozen=True)
class Seed:
    """The seed of all that is random on a page, a whole number that is typed."""

    id: str = "seed"
    low: int = 0
    high: int = 9999
    default: int = 0
    was_id: str | None = None
    group: str = ""

    def read(self, said: Any) -> int:
        number = _number(said)
        return self.default if number is None or not self.low <= int(number) <= self.high else int(number)

    def write(self, value: int) -> str:
        return str(value)


Control = Range | Steps | Choice | Span | Text | Day | Seed
Values = dict[str, Any]
ControlsOf = Callable[[Mapping[str, Any]], tuple[Control, ...]]


def settle(controls_of: ControlsOf, said: Mapping[str, Any]) -> tuple[tuple[Control, ...], Values]:
    """Which controls there are, and their values, where `said` (by id, in any form that `read` takes) was asked for."""
    controls: tuple[Control, ...] = ()
    values: Values = {}
    for _ in range(ROUNDS):
        before = controls, values
        controls = tuple(controls_of(values))
        values = {control.id: control.read(said.get(control.id)) for control in controls}
        if (controls, values) == before:
            break
    return controls, values


def from_address(controls_of: ControlsOf, address: Mapping[str, Any]) -> Values:
    """The values that an address asks for: {parameter: text, or a list of texts}."""
    said = dict(address)
    for _ in range(ROUNDS):
        controls, values = settle(controls_of, said)
        renamed = {c.id: said[c.was_id] for c in controls if c.was_id in said and c.id not in said}
        if not renamed:
            break
        said |= renamed
    return values


def to_address(controls: Iterable[Control], values: Mapping[str, Any]) -> dict[str, str]:
    """What an address says of these values: those that are not the defaults."""
    return {c.id: c.write(values[c.id]) for c in controls if values[c.id] != c.read(None)}


@lru_cache(maxsize=64)
def every_id(controls_of: ControlsOf) -> frozenset[str]:
    """The names, also the former ones, of all controls that any choice brings."""
    found: dict[str, Control] = {}
    waiting: list[Values] = [{}]
    tried: list[Values] = []
    while waiting and len(tried) < MOST_CHOICES:
        said = waiting.pop()
        controls, values = settle(controls_of, said)
        choices = {c.id: values[c.id] for c in controls if isinstance(c, Choice)}
        if choices in tried:
            continue
        tried.append(choices)
        found |= {control.id: control for control in controls}
        waiting += [{**choices, c.id: option} for c in controls if isinstance(c, Choice) for option in c.options]
    return frozenset(name for c in found.values() for name in (c.id, c.was_id) if name)


def shown(control: Control) -> bool:
    """Whether there is anything to choose."""
    return not isinstance(control, Range | Span) or control.low != control.high


_ENDS = re.compile(r"([+-]?\d{1,9})(?:-|–|\.\.|,)([+-]?\d{1,9})")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(said: Any) -> list[str]:
    """What was said, as texts, in order."""
    many = said if isinstance(said, list | tuple) else [said]
    return [one for one in many if isinstance(one, str)]


def _only(said: Any) -> Any:
    """What was said, where it was said once; empty texts do not count."""
    many = [one for one in said if one != ""] if isinstance(said, list | tuple) else [said]
    return many[0] if len(many) == 1 else None


def _number(said: Any) -> float | None:
    """The finite number that was said; None where there is none."""
    one = _only(said)
    if not isinstance(one, str) and not _is_number(one):
        return None
    try:
        number = float(one)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _day(said: str | date) -> date | None:
    if isinstance(said, date):
        return said.date() if isinstance(said, datetime) else said
    for form in ("%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(said, form).date()
        except ValueError:
            continue
    return None


def _shortest(number: float) -> str:
    """A number as an address says it: 5, not 5.0."""
    return str(int(number)) if number == int(number) else repr(float(number))
