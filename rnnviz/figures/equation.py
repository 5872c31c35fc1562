"""One unit at one step, in numbers: the equation, term by term, and the sum as a waterfall.

    h_t[j] = tanh( sum_i W_ih[j,i] x_t[i]  +  sum_k W_hh[j,k] h_{t-1}[k]  +  b[j] ),   b = b_ih + b_hh

Symbols stand over their numbers. All numbers have the same digits after the point, as many as it takes for the printed
line to multiply out; in the waterfall, where many terms meet, it says so if their roundings do not cancel.
"""

from math import tanh

import numpy as np

from rnnviz.diagnostics.terms import UnitStep
from rnnviz.figures.html import Picture, require_finite, signed_background, signed_chip, symbol, text
from rnnviz.figures.numbers import decimals


def equation(terms: UnitStep, reads: str) -> Picture:
    """The equation of one unit at one step, and the waterfall of its sum. `reads`: what the input was, in words.

    Raises NonFiniteError where a term is NaN or infinite.
    """
    require_finite("the terms", np.array([terms.input, *terms.recurrent, terms.bias, terms.sum, terms.h]))
    places = places_of(terms)
    t, j, before = terms.step, terms.unit, terms.step - 1
    state = f"{symbol('h', str(t))}[{j}]"
    line = (
        _term(state, terms.h, places)
        + _operator("= tanh(")
        + _term(f"{symbol('W', 'ih')}[{j}]&thinsp;{symbol('x', str(t))}", terms.input, places)
        + _operator("+")
        + _term(f"{symbol('W', 'hh')}[{j}]&thinsp;{symbol('h', str(before))}", float(terms.recurrent.sum()), places)
        + _operator("+")
        + _term(f"{symbol('b')}[{j}]", terms.bias, places)
        + _operator(")")
    )
    total = f'<span class="chip" style="{signed_chip(terms.sum)}">{decimals(terms.sum, places)}</span>'
    result = f'<span class="chip" style="{signed_chip(terms.h)}">{decimals(terms.h, places)}</span>'
    return Picture(
        '<div class="rnn"><div class="two"><div>'
        f"<h4>Unit {j} at step {t} <small>reads {text(reads)}</small></h4>"
        f'<div class="equation">{line}</div>'
        f"<p>= tanh( {total} ) = {result}</p></div>"
        f"<div><h4>What the sum is made of{_rounded(terms, places)}</h4>{_waterfall(terms, places)}</div></div></div>"
    )


def places_of(terms: UnitStep) -> int:
    """Digits after the point at which the printed line is right: its terms add up, and tanh of the sum is h.

    At least 3, at most 15, which is all that a number holds. The waterfall's terms are printed with the same digits.
    """
    for places in range(3, 15):
        unit = 10**places
        parts = (terms.input, float(terms.recurrent.sum()), terms.bias)
        total = round(terms.sum * unit)
        if sum(round(part * unit) for part in parts) == total and round(tanh(total / unit) * unit) == round(
            terms.h * unit
        ):
            return places
    return 15


def _term(symbols: str, value: float, places: int) -> str:
    chip = f'<span class="chip" style="{signed_chip(value)}">{decimals(value, places)}</span>'
    return f"<span><span>{symbols}</span>{chip}</span>"


def _operator(sign: str) -> str:
    return f'<span class="op"><span>{sign}</span><span>{sign}</span></span>'


def _rounded(terms: UnitStep, places: int) -> str:
    """A note where the terms, each rounded by itself, do not add up to the printed sum."""
    printed = sum(round(v, places) for v in (terms.input, *terms.recurrent.tolist(), terms.bias))
    return "" if round(printed, places) == round(terms.sum, places) else " <small>each term rounded by itself</small>"


def _waterfall(terms: UnitStep, places: int) -> str:
    names = ["from the input", *(f"from unit {k}" for k in range(1, len(terms.recurrent) + 1)), "bias"]
    values = np.array([terms.input, *terms.recurrent, terms.bias])
    ends = np.cumsum(values)
    starts = np.concatenate([[0.0], ends[:-1]])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    wide = (high - low) or 1.0

    def row(name: str, start: float, end: float, value: float, kind: str) -> str:
        left, long = (min(start, end) - low) / wide, abs(end - start) / wide
        colour = "background:var(--rnn-ink)" if kind else signed_background(np.sign(value))
        bar = f'<i style="margin-left:{left:.2%};width:{long:.2%};{colour}"></i>'
        return f'<span class="{kind}">{name}</span>{bar}<span class="value {kind}">{decimals(value, places)}</span>'

    rows = [row(*args, "") for args in zip(names, starts, ends, values.tolist(), strict=True)]
    rows.append(row("sum", 0.0, terms.sum, terms.sum, "total"))
    zero = f'<i class="zero" style="left:{-low / wide:.2%}"></i>'
    return f'<div class="waterfall">{zero}{"".join(rows)}</div>'
