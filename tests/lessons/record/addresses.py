"""The addresses at which an old lesson is recorded: found by looking at its widgets, as a reader would.

Each widget at both ends or at each of its options, one at a time; an option that brings other widgets is looked at
again, for those. Then the presets, places in the player, and a dozen with everything drawn at random.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from streamlit.testing.v1 import AppTest

RANDOM, SEED = 12, 9
Values = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Address:
    """An address, and why it is recorded: "default", "preset", "option", "end", "place" or "random"."""

    text: str
    why: str


# What no widget offers by itself: texts that readers type, and options whose widgets depend on another option.
TYPED = {
    "text": ("hello world. a_b", "The CAT, 12 dogs & a long line of words that goes on and on until it is cut off"),
    "becomes": ("x", "t"),
}
TOGETHER: Mapping[str, tuple[Values, ...]] = {
    "lstm_gates": tuple(
        {"input": kind, "surgery": surgery, "gate": gate}
        for kind in ("a reset marker", "a value to hold", "a sentence")
        for surgery in ("pin a gate", "shift its bias")
        for gate in "fig"
    ),
    "initialization": (
        *({"scheme": scheme, "activation": "relu"} for scheme in ("identity", "normal", "orthogonal", "echo state")),
        {"cell": "LSTM", "start_bias": "chrono"},
        {"cell": "GRU", "start_bias": "chrono"},
    ),
    "vanishing_and_exploding": tuple(
        {"cell": cell, "matrix": matrix}
        for cell in ("linear", "relu", "LSTM", "GRU")
        for matrix in ("Gaussian", "triangular")
    ),
    "gru_gates": ({"input": "a sentence", "reset_place": "before W h", "size": "as many parameters"},),
    "backprop_through_time": ({"network": "trained", "start": "at random", "k": "2"}, {"units": "3", "k": "4"}),
    "bidirectional_and_stacked": ({"layers": "two layers", "hidden": "1"}, {"layers": "two layers", "hidden": "37"}),
}
PLACES: Values = {"step": ("1", "3"), "unit": ("1", "2"), "see": ("h", "f", "z", "c"), "pass": ("backward",)}
WITH_A_PLAYER = ("hidden_state", "lstm_gates", "gru_gates", "bidirectional_and_stacked", "backprop_through_time")


def addresses(slug: str, presets: Mapping[str, Values], look: Callable[[str], AppTest]) -> Iterator[Address]:
    """All addresses of a lesson; `look` opens one."""
    met: dict[str, Sequence[str | tuple[str, str]]] = {}
    given: set[str] = set()

    def address(values: Values, why: str) -> Iterator[Address]:
        text = urlencode(sorted(values.items()), doseq=True)
        if text not in given:
            given.add(text)
            yield Address(text, why)

    waiting: list[Values] = [{}, *TOGETHER.get(slug, ())]
    yield from address({}, "default")
    for values in presets.values():
        yield from address(values, "preset")
    while waiting:
        base = waiting.pop(0)
        if base:
            yield from address(base, "option")
        for key, (kind, options) in widgets(look(urlencode(sorted(base.items()), doseq=True))).items():
            if met.get(key) == options or (key in met and len(base) > 1):
                continue
            met[key] = options
            for option in options:
                values = {**base, key: option}
                yield from address(values, kind)
                if kind == "option" and len(base) < 2 and len(options) < 8:
                    waiting.append(values)
    if slug in WITH_A_PLAYER:
        for values in (
            {"step": "3", "unit": "2"},
            {"step": "2", "pass": "backward"},
            {"step": "1", "see": "h", "unit": "1"},
        ):
            yield from address(values, "place")
    yield from _random(slug, met, address)


def _random(
    slug: str, met: Mapping[str, Sequence[Any]], address: Callable[[Values, str], Iterator[Address]]
) -> Iterator[Address]:
    rng = Random(SEED)
    for _ in range(RANDOM):
        values = {key: rng.choice(options) for key, options in met.items() if rng.random() < 0.7}
        if slug in WITH_A_PLAYER and rng.random() < 0.5:
            values |= {"step": str(rng.randint(1, 6)), "unit": "1"}
        yield from address(values, "random")


def widgets(at: AppTest) -> dict[str, tuple[str, Sequence[str | tuple[str, str]]]]:
    """The widgets that an address holds: {key: (kind, what to set them to)}, as texts."""
    found: dict[str, tuple[str, Sequence[str | tuple[str, str]]]] = {}
    for kind in ("slider", "select_slider", "button_group", "selectbox", "number_input", "text_input", "date_input"):
        for widget in at.get(kind):
            proto = widget.proto
            if proto.query_param_key:
                found[proto.query_param_key] = _settings(kind, proto)
    return found


def _settings(kind: str, proto: Any) -> tuple[str, Sequence[str | tuple[str, str]]]:
    match kind:
        case "slider":
            low, high = (_plain(v, proto.step) for v in (proto.min, proto.max))
            if len(proto.default) == 2:
                middle = _plain((proto.min + proto.max) // 2, 1)
                return "end", ((low, high), (low, middle), (middle, high))
            return "end", (
                low,
                _plain(proto.min + proto.step * round(0.37 * (proto.max - proto.min) / proto.step), proto.step),
                high,
            )
        case "select_slider":
            return "end", tuple(proto.options)
        case "number_input":
            return "end", ("7", "9999")
        case "date_input":
            return "end", (proto.min, proto.max)
        case "text_input":
            return "end", TYPED.get(proto.query_param_key, ("a.b",))
        case "button_group":
            return "option", tuple(option.content for option in proto.options)
    return "option", tuple(proto.options)


def _plain(value: float, step: float) -> str:
    return f"{value:.0f}" if step == 1 or (float(step).is_integer() and float(value).is_integer()) else f"{value:g}"
