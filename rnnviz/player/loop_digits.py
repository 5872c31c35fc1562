"""Digits of a line of numbers: which decimals make it come out as it is printed.

As few as possible, such that products, sums and what tanh makes of them are those of what is printed.
"""

from itertools import product
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.numbers import decimals

MOST = 6  # decimals
EXACT = 1e-9


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


def _least(value: float) -> int:
    """Three decimals, or as many as it takes."""
    return next((k for k in range(3, MOST) if _honest(value, k)), MOST)


def printed(numbers: dict[str, Array], weighed: dict[str, float], h0: float, lines: int) -> dict[str, Any]:
    """Texts for all numbers of the lines of all steps."""
    x_places = [_places(float(value)) for value in numbers["x"]]
    h_places, product_places, sum_places, holds = _choose(numbers, weighed, h0, lines)
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
    numbers: dict[str, Array], weighed: dict[str, float], h0: float, lines: int
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
    columns = zip(*(numbers[name].tolist() for name in ("x_terms", "h_terms", "a", "h")))
    for step, (x_term, h_term, a, h) in enumerate(columns):
        found: dict[int, tuple[int, list[tuple[int, int, int]], list[bool]]] = {}
        for k_before, (cost, path, held) in chains.items():
            for k_product, k_sum, k in product(choices[1:], choices[1:], choices if step < lines else [_least(h)]):
                right = _line(w_h, before, k_before, h_term, k_product, x_term, b, a, k_sum, h, k)
                price = cost + k_product + k_sum + 2 * k + (0 if right or step >= lines else 1000)
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


def brief(numbers: dict[str, Array], h0: float) -> dict[str, list[str]]:
    """Two decimals of everything but the input; the first state, which is often 0, as short as it is."""
    texts = {name: [decimals(float(value), 2) for value in numbers[name]] for name in ("x_terms", "h_terms", "a", "h")}
    return texts | {"h": [plain(h0, 2), *texts["h"]]}
