"""The way back through time as a product: what each step multiplies the gradient by.

    one unit       dL/dh_{t-1} = W_h (1 - h_t^2) dL/dh_t,   U the recurrent weight, as the player calls it
    more of them   ||dL/dh_{t-1}|| = g_t ||dL/dh_t||,   sigma_min(J_t) <= g_t <= sigma_max(J_t),   J_t = dh_t/dh_{t-1}

for the Elman cell with tanh. Time runs from left to right, so the product is worked out from right to left. With one
unit every printed line multiplies out: factors and operands have as many digits as that takes. Where the backward pass
is cut nothing passes, and what lies left of the cut is grey.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.diagrams.arithmetic import MOST, as_printed
from rnnviz.diagrams.html import Diagram, paragraph, require_finite, symbol, text
from rnnviz.errors import ShapeError
from rnnviz.numbers import significant

LEAST = 3  # digits
_TIMES = '<span class="op">×</span>'


@dataclass(frozen=True)
class Words:
    """What a chain says; each may be HTML.

    cut    on the place where the backward pass ends
    uncut  before the number that there would be without
    start  below the first factor: where it comes from
    note   below the chain
    """

    cut: str = ""
    uncut: str = ""
    start: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Numbers:
    """The chain of one unit, all numbers as if nothing were cut.

    w      the recurrent weight
    h      (n,) the states after steps first + 1 ... first + n
    start  dL/dh at the last of them, step first + n
    first  the step that the chain leads back to
    """

    w: float
    h: ArrayLike
    start: float
    first: int


@dataclass(frozen=True, eq=False)
class Sizes:
    """The chain of several units, in sizes, as if nothing were cut.

    sizes     (n + 1,) ||dL/dh_t|| of steps first ... first + n
    singular  (n, H) the singular values of dh_t/dh_{t-1} of steps first + 1 ... first + n, descending
    first     the step that the chain leads back to
    """

    sizes: ArrayLike
    singular: ArrayLike
    first: int


def product_of_numbers(chain: Numbers, cuts: Sequence[int] = (), words: Words = Words()) -> Diagram:
    """The chain of one unit. `cuts`: the steps after which the backward pass was cut.

    Raises NonFiniteError where a number is NaN or infinite.
    """
    h = np.asarray(chain.h, np.float64)
    require_finite("the numbers of a chain", np.array([chain.w, chain.start, *h]))
    factors = (chain.w * (1 - h**2)).tolist()
    digits = chain_digits(factors, chain.start)
    w = next((w for w in range(LEAST, MOST) if as_printed(chain.w, w) == chain.w), MOST)
    weight = f"{significant(chain.w, w)} ·<br>"
    rows = [
        (
            f"{symbol('W', 'h')}(1 − {symbol('h', str(t))}<sup>2</sup>)",
            weight + _slope(significant(state, state_digits(state, as_printed(chain.w, w), factor, digits))),
            significant(factor, digits),
        )
        for t, state, factor in zip(range(chain.first + 1, chain.first + 1 + len(h)), h.tolist(), factors)
    ]
    head = f"{symbol('W', 'h')} = {significant(chain.w, w)}"
    return _chain(
        rows,
        running(factors, chain.start),
        chain.first,
        cuts,
        _by_h,
        significant(chain.start, digits),
        words,
        head,
    )


def product_of_sizes(chain: Sizes, cuts: Sequence[int] = (), words: Words = Words()) -> Diagram:
    """The chain of several units: each step's growth factor between its Jacobian's singular values.

    Raises NonFiniteError where a number is NaN or infinite, ShapeError where sizes and singular values do not fit.
    """
    sizes, singular = np.asarray(chain.sizes, np.float64), np.asarray(chain.singular, np.float64)
    if singular.ndim != 2 or sizes.shape != (len(singular) + 1,):
        raise ShapeError(f"chain: (n + 1,) sizes and (n, H) values are needed, got {sizes.shape} and {singular.shape}")
    require_finite("the sizes of a chain", np.array([*sizes, *singular.ravel()]))
    growth = [near / far if far > 0 else float("nan") for near, far in pairwise(sizes.tolist())]
    known = [g if isfinite(g) else 0.0 for g in growth]
    digits, top = chain_digits(known, float(sizes[-1])), max(1.0, float(singular.max(initial=0.0)))
    rows = [
        (
            symbol("g", str(chain.first + 1 + k)),
            f"{significant(float(values[-1]))} … {significant(float(values[0]))}{_range(values, growth[k], top)}",
            significant(growth[k], digits) if isfinite(growth[k]) else "–",
        )
        for k, values in enumerate(singular)
    ]
    return _chain(rows, sizes[:-1].tolist(), chain.first, cuts, _by_norm, significant(float(sizes[-1]), digits), words)


def running(factors: Sequence[float], start: float) -> list[float]:
    """The product of `start` and the factors from the last to each, in the factors' order."""
    found = [start]
    for factor in reversed(factors):
        found.append(found[-1] * factor)
    return found[:0:-1]


def chain_digits(factors: Sequence[float], start: float) -> int:
    """Digits at which the printed start and factors give every running product as printed; MOST where none will do."""

    def holds(count: int) -> bool:
        printed = running([as_printed(factor, count) for factor in factors], as_printed(start, count))
        return all(significant(a) == significant(b) for a, b in zip(printed, running(factors, start)))

    return _digits_that(holds, LEAST)


def state_digits(state: float, w: float, factor: float, digits: int) -> int:
    """Digits at which the printed state gives the printed factor, w (1 - h^2)."""
    wanted = significant(factor, digits)
    return _digits_that(lambda count: significant(w * (1 - as_printed(state, count) ** 2), digits) == wanted, LEAST)


def _digits_that(holds: Callable[[int], bool], least: int) -> int:
    return next((count for count in range(least, MOST) if holds(count)), MOST)


def _chain(
    rows: Sequence[tuple[str, str, str]],
    products: Sequence[float],
    first: int,
    cuts: Sequence[int],
    name: Callable[[int], str],
    start: str,
    words: Words,
    head: str = "",
) -> Diagram:
    """The line: the result, then a term (symbols, numbers, factor) for each step, then the start."""
    last = first + len(rows)
    cut = max((k for k in cuts if first <= k < last), default=first - 1)  # nothing passes from cut + 1 to cut
    terms = []
    for t, (symbols, numbers, factor), product in zip(range(first + 1, last + 1), rows, products):
        gone = t - 1 <= cut
        so_far, operation = "0" if gone else significant(product), _cut(words) if t - 1 in cuts else _TIMES
        terms.append(
            f'<div class="term{" gone" if gone else ""}"><b>{symbols}</b><span>{numbers}</span>'
            f'<i class="chip">{factor}</i><small>{name(t - 1)} = {so_far}</small></div>{operation}'
        )
    below = "<br>".join(filter(None, [head, f"{text(words.uncut)} {significant(products[0])}" if cut >= first else ""]))
    result = significant(products[0]) if cut < first else "0"
    return Diagram(
        f'<div class="rnn"><div class="chain"><div class="term end"><b>{name(first)}</b><span>{below}</span>'
        f'<i class="chip">{result}</i></div><span class="op">=</span>{"".join(terms)}'
        f'<div class="term end"><b>{name(last)}</b><span>{text(words.start)}</span>'
        f'<i class="chip">{start}</i></div></div>'
        f"{paragraph(words.note)}</div>"
    )


def _by_h(t: int) -> str:
    return f"∂{symbol('L')}/∂{symbol('h', str(t))}"


def _by_norm(t: int) -> str:
    return f"‖∂{symbol('L')}/∂{symbol('h', str(t))}‖"


def _slope(h: str) -> str:
    """The slope of tanh where it gives the number `h`."""
    return f"(1 − {f'({h})' if h.startswith('−') else h}<sup>2</sup>)"


def _range(values: Array, growth: float, top: float) -> str:
    """A bar from the smallest to the largest of the values, 1 and the growth factor marked; as wide as 0 to `top`."""
    low, high = 100 * float(values[-1]) / top, 100 * float(values[0]) / top
    dot = f'<u style="left:{100 * growth / top:.4g}%"></u>' if isfinite(growth) else ""
    return f'<s style="--low:{low:.4g}%;--wide:{high - low:.4g}%;--one:{100 / top:.4g}%"><i></i>{dot}</s>'


def _cut(words: Words) -> str:
    return f'<span class="snip"><b>{text(words.cut)}</b></span>'
