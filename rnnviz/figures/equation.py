"""One unit at one step, in numbers: the equation, term by term, and the sum as a waterfall.

    h_t[j] = tanh( sum_i W_ih[j,i] x_t[i]  +  sum_k W_hh[j,k] h_{t-1}[k]  +  b[j] ),   b = b_ih + b_hh

Symbols stand over their numbers. All numbers have the same digits after the point, as many as it takes for the printed
ones to add up, and for tanh of the printed sum to be the printed h.
"""

from math import tanh

import numpy as np

from rnnviz.diagnostics.terms import UnitStep
from rnnviz.figures.html import Picture, signed_background, signed_chip, symbol, text
from rnnviz.figures.numbers import decimals


def equation(terms: UnitStep, reads: str) -> Picture:
    """The equation of one unit at one step, and the waterfall of its sum. `reads`: what the input was, in words."""
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
        f'<p>= tanh( {total} ) = {result}</p></div>'
        f"<div><h4>What the sum is made of</h4>{_waterfall(terms, places)}</div></div></div>"
    )


def places_of(terms: UnitStep) -> int:
    """Digits after the point with which the equation and the waterfall multiply out as printed; 9 if none up to 8."""
    for places in range(3, 9):
        unit = 10**places
        shown = [round(v * unit) for v in (terms.input, *terms.recurrent, terms.bias)]
        recurrent, total = round(float(terms.recurrent.sum()) * unit), round(terms.sum * unit)
        adds_up = sum(shown) == total == shown[0] + recurrent + shown[-1]
        if adds_up and round(tanh(total / unit) * unit) == round(terms.h * unit):
            return places
    return 9


def _term(symbols: str, value: float, places: int) -> str:
    chip = f'<span class="chip" style="{signed_chip(value)}">{decimals(value, places)}</span>'
    return f"<span><span>{symbols}</span>{chip}</span>"


def _operator(sign: str) -> str:
    return f'<span class="op"><span>{sign}</span><span>{sign}</span></span>'


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
        return (
            f'<span class="{kind}">{name}</span><span class="track" style="--zero:{-low / wide:.2%}">'
            f'<i style="--from:{left:.2%};--long:{long:.2%};{colour}"></i></span>'
            f'<span class="value {kind}">{decimals(value, places)}</span>'
        )

    rows = [row(*args, "") for args in zip(names, starts, ends, values, strict=True)]
    rows.append(row("sum", 0.0, terms.sum, terms.sum, "total"))
    return f'<div class="waterfall">{"".join(rows)}</div>'
