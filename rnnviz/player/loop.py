"""The numbers of a story about one loop, as the browser draws them (js/loop*.js): all from traces of the engine.

A stage is plain JSON, {"kind": "loop", "view": ..., "data": ..., "words": ..., ...}:

    view      machine | time | units | columns | pasts | takeaway
    data      what `one_unit`, `many_units`, `two_pasts` or `last_state` gave
    step      the step at which it stands, from 0; phase: how many of its five phases are over
    folded    whether the loop is drawn as a loop (machine, time)
    build     the machine is built by the first signal: what it has not reached is pale
    show      "equation": symbols and this step's numbers; "law": the equation for every step; "tape": all days
    controls  phases | days | fold | rho | none: the one row of controls; each view has its own
    locked    nothing can be played or touched, and no step from `hide_from` on is drawn
    play_to   how many steps are done when it has played by itself; None: it waits for the reader
    marked    steps that are framed, two in `columns`
    speed     1, 1/2 or 1/4
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

Numbers are rounded to seven digits, more than a screen can show. What is printed stands beside them as text, in
`printed`: decimals are chosen so that what stands in a line multiplies out as it is printed.
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.bptt import backpropagate
from rnnviz.errors import ShapeError
from rnnviz.numbers import decimals
from rnnviz.player.module import joined
from rnnviz.theme import css_variables
from rnnviz.trace import Trace

LOOP_STYLE = f".rnn-loop{{{css_variables()}}}\n{(Path(__file__).parent / 'loop.css').read_text(encoding='utf-8')}"
WORDS = (
    # everywhere; {…} is filled by the stage
    *("title", "play", "pause", "again", "put_back", "speed", "terms", "live", "cell"),
    *("unit", "kept", "empty", "phases", "within"),  # machine
    *("every", "folded", "unrolled", "unrolling"),  # time
    *("first", "last", "among", "units", "apart"),  # units, columns
    *("past", "other_past", "same", "difference", "bound", "before", "verdict", "note", "rho", "rho_least", "rho_most"),
    *("left",),  # takeaway
)
MOST = 6  # decimals
EXACT = 1e-9


def loop_script() -> str:
    """The stage as one script, which defines `$loop` with its `mount(host, tell)`."""
    return joined("loop")


def one_unit(
    trace: Trace,
    *,
    tokens: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None = None,
    short_labels: Sequence[str] | None = None,
) -> dict[str, Any]:
    """One tanh unit that reads one number at each step: h_t = tanh(w_x x_t + w_h h_{t-1} + b).

    trace   of a network with one Elman unit and one input; its first sequence
    tokens  what each step reads, as the reader knows it, such as "21.7°"; labels: what a step is called, "day 1"
    short_  the same for a narrow screen; None: as above

    The data are x, h, a, x_terms = w_x x_t, h_terms = w_h h_{t-1} of length T, h0, w_x, w_h, b, and in `printed` their
    texts (h from h0 on, T + 1) with `holds`: whether step t's line comes out as it is printed.
    Raises ShapeError where the network has another size, or names are missing.
    """
    layer = trace[0, 0]
    x, h, a = layer.x[:, 0], layer.h[:, 0], layer.preactivations["h"][:, 0]
    if x.shape[1] != 1 or h.shape[1] != 1:
        raise ShapeError(f"one_unit: one unit that reads one number is needed, got {h.shape[1]} and {x.shape[1]}")
    weights = trace.network.state_dict()
    w_x, w_h = (float(weights[f"weight_{name}_l0"][0, 0]) for name in ("ih", "hh"))
    b = float(weights["bias_ih_l0"][0] + weights["bias_hh_l0"][0])
    before = np.concatenate([layer.h0[:1, 0], h[:-1, 0]])
    numbers = {"x": x[:, 0], "h": h[:, 0], "a": a[:, 0], "x_terms": w_x * x[:, 0], "h_terms": w_h * before}
    weighed = {"w_x": w_x, "w_h": w_h, "b": b}
    return {
        **{name: _short(values) for name, values in numbers.items()},
        **weighed,
        "h0": float(before[0]),
        **_named(len(x), tokens, labels, short_tokens, short_labels),
        "printed": _printed(numbers, weighed, float(before[0])),
    }


def _named(
    T: int, tokens: Sequence[str], labels: Sequence[str], short_tokens: Sequence[str] | None, short_labels: Sequence[str] | None
) -> dict[str, list[str]]:
    """Names of the T steps."""
    short = {"short_tokens": list(short_tokens or tokens), "short_labels": list(short_labels or labels)}
    names = {"tokens": list(tokens), "labels": list(labels)} | short
    wrong = {name: len(given) for name, given in names.items() if len(given) != T}
    if wrong:
        raise ShapeError(f"{T} steps need {T} names each, got {wrong}")
    return names


def _short(values: Array, digits: int = 7) -> Any:
    """As nested lists of numbers with so many digits."""
    return np.vectorize(lambda value: float(f"{value:.{digits}g}"), otypes=[float])(values).tolist()


# Digits: which decimals make a line come out as it is printed


def plain(value: float, places: int = MOST) -> str:
    """A number with at most so many decimals, none of them an idle zero: 0.8, −0.5, 0.504."""
    text = decimals(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read(value: float, places: int) -> float:
    return round(value, places)


def _places(value: float, most: int = MOST) -> int:
    """How many decimals say an exact number; `most` where more would be needed."""
    return next((k for k in range(most) if abs(value - round(value, k)) < EXACT), most)


def _honest(value: float, places: int) -> bool:
    """What is not 0, 1 or −1 does not read as if it were."""
    shown = round(value, places)
    return shown not in (0.0, 1.0, -1.0) or abs(value - shown) < EXACT


def _printed(numbers: dict[str, Array], weighed: dict[str, float], h0: float) -> dict[str, Any]:
    """Texts for all numbers of the lines of all steps."""
    x_places = [_places(float(value)) for value in numbers["x"]]
    h_places, product_places, sum_places, holds = _choose(numbers, weighed, h0)
    texts = [plain(float(value), k) for value, k in zip(numbers["h"], h_places[1:])]
    return {
        **{name: plain(value) for name, value in weighed.items()},
        "x": [plain(float(value), k) for value, k in zip(numbers["x"], x_places)],
        "x_terms": [plain(float(value)) for value in numbers["x_terms"]],
        "h_terms": [plain(float(value), k) for value, k in zip(numbers["h_terms"], product_places)],
        "a": [plain(float(value), k) for value, k in zip(numbers["a"], sum_places)],
        "h": [plain(h0, h_places[0]), *texts],
        "holds": holds,
    }


def _choose(
    numbers: dict[str, Array], weighed: dict[str, float], h0: float
) -> tuple[list[int], list[int], list[int], list[bool]]:
    """Decimals of h (from h0 on), of w_h h, and of a: as few as possible such that all lines hold.

    Three roundings have to agree in each step: w_h times h as printed is the product as printed; the terms as printed
    add up to the sum as printed; tanh of that is h as printed, which the next step starts from. So the choices of all
    steps hang together, and the cheapest chain of them is found step by step.
    """
    w_h, b = weighed["w_h"], weighed["b"]
    choices = range(2, MOST + 1)
    first = _places(h0)
    chains: dict[int, tuple[int, list[tuple[int, int, int]], list[bool]]] = {first: (0, [], [])}
    before = h0
    for x_term, h_term, a, h in zip(*(numbers[name].tolist() for name in ("x_terms", "h_terms", "a", "h"))):
        found: dict[int, tuple[int, list[tuple[int, int, int]], list[bool]]] = {}
        for k_before, (cost, path, held) in chains.items():
            for k_product, k_sum, k in product(choices[1:], choices[1:], choices):
                right = _line(w_h, before, k_before, h_term, k_product, x_term, b, a, k_sum, h, k)
                price = cost + k_product + k_sum + 2 * k + (0 if right else 1000)
                if k not in found or price < found[k][0]:
                    found[k] = price, [*path, (k_product, k_sum, k)], [*held, right]
        chains, before = found, h
    _, path, held = min(chains.values(), key=lambda chain: chain[0])
    return [first, *(k for _, _, k in path)], [p for p, _, _ in path], [s for _, s, _ in path], held


def _line(
    w_h: float, before: float, k_before: int, h_term: float, k_product: int,
    x_term: float, b: float, a: float, k_sum: int, h: float, k: int,
) -> bool:  # fmt: skip
    """Whether product, sum and tanh of one step come out as they are printed."""
    if not (_honest(h, k) and _honest(h_term, k_product)):
        return False
    times = round(w_h * _read(before, k_before), k_product) == round(h_term, k_product)
    total = round(round(x_term, MOST) + _read(h_term, k_product) + b, k_sum) == round(a, k_sum)
    return times and total and round(float(np.tanh(_read(a, k_sum))), k) == round(h, k)
