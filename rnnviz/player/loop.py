"""The numbers of a story about one loop, as the browser draws them (js/loop): all from traces of the engine.

A stage is plain JSON, {"kind": "loop", "view": ..., "data": ..., "words": ..., ...}:

    view      machine | time | units | columns | pasts | takeaway
    data      what `one_unit`, `many_units`, `two_pasts` or `last_state` gave
    step      the step at which it stands, from 0; phase: how many of its five phases are over
    folded    whether the loop is drawn as a loop (machine, time; true where nothing is said)
    build     the machine is built by the first signal: what it has not reached is pale
    show      "equation": symbols and this step's numbers; "law": the equation for every step; "tape": all days
    controls  phases | days | fold | rho | none: the one row of controls; each view has its own
    locked    nothing can be played or touched, and no step from `hide_from` on is drawn
    play_to   how many steps are done when it has played by itself; None: it waits for the reader
    marked    steps that are framed, two in `columns`
    speed     1, 1/2 or 1/4; None: as the reader has set it
    log       the difference of two pasts by decades
    large     larger type, for a projector; so it is too inside of anything with the class "projector"
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "step"; "played" with the step it stands at, once for each `play_to`; "day", "cell"; "w_x",
"w_h", "rho" while they are dragged; "reset".

Numbers are rounded to seven digits, more than a screen can show. What is printed stands beside them as text, in
`printed`: decimals are chosen so that what stands in a line multiplies out as it is printed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.bptt import backpropagate
from rnnviz.errors import ShapeError
from rnnviz.numbers import decimals
from rnnviz.player.loop_digits import MOST, brief, plain, printed
from rnnviz.trace import Trace

WORDS = (
    # everywhere; {…} is filled by the stage
    *("title", "play", "pause", "again", "put_back", "speed", "terms", "live", "cell"),
    *("unit", "kept", "empty", "phases", "within"),  # machine
    *("every", "folded", "unrolled", "unrolling"),  # time
    *("first", "last", "among", "units", "apart"),  # units, columns
    *("past", "other_past", "same", "difference", "bound", "before", "verdict", "note", "rho", "rho_least", "rho_most"),
    *("left",),  # takeaway
)
REACH = 2.0  # a weight can be dragged between this and its opposite
GONE = 0.01  # of a difference: less than this share of it counts as gone


def one_unit(
    trace: Trace,
    *,
    tokens: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None = None,
    short_labels: Sequence[str] | None = None,
    lines: int | None = None,
) -> dict[str, Any]:
    """One tanh unit that reads one number at each step: h_t = tanh(w_x x_t + w_h h_{t-1} + b).

    trace   of a network with one Elman unit and one input; its first sequence
    tokens  what each step reads, as the reader knows it, such as "21.7°"; labels: what a step is called, "day 1"
    short_  the same for a narrow screen; None: as above
    lines   how many steps are shown as an equation: the fewer have to multiply out, the fewer decimals it takes;
            None: all

    The data are x, h, a, x_terms = w_x x_t, h_terms = w_h h_{t-1} of length T, h0, w_x, w_h, b, reach, and in `printed`
    their texts (h from h0 on, T + 1) with `holds`: whether step t's line comes out as it is printed, and `brief`: a, h
    and the terms with two decimals, for where no line is to multiply out.
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
        "reach": REACH,
        "h0": float(before[0]),
        **_named(len(x), tokens, labels, short_tokens, short_labels),
        "printed": printed(numbers, weighed, float(before[0]), len(x) if lines is None else lines)
        | {"brief": brief(numbers, float(before[0]))},
    }


def many_units(
    trace: Trace,
    *,
    tokens: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None = None,
    short_labels: Sequence[str] | None = None,
    pair: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Several units that read one number at each step; the first sequence of an Elman network, names as in `one_unit`.

    pair  two steps, from 0, whose states are laid side by side

    The data are x (T,), x_terms = W_x x_t (T, H), h (T, H), W_h (H, H) as in PyTorch, to row from column; `printed`
    holds texts of x and h; `pair` {printed, apart, apart_printed}: for each unit its two values as they are printed,
    how far apart they are, and that as text: the difference of what is printed, if any number of decimals does that.
    """
    layer, weights = trace[0, 0], trace.network.state_dict()
    x, h = layer.x[:, 0], layer.h[:, 0]
    if x.shape[1] != 1:
        raise ShapeError(f"many_units: an input of one number is needed, got {x.shape[1]}")
    apart, places = _apart(h, pair)
    texts = [[decimals(float(value), places) for value in row] for row in h]
    return {
        "x": _short(x[:, 0]),
        "x_terms": _short(x @ weights["weight_ih_l0"].T, 4),
        "h": _short(h),
        "W_h": _short(weights["weight_hh_l0"], 4),
        **_named(len(x), tokens, labels, short_tokens, short_labels),
        "printed": {"x": [plain(float(value)) for value in x[:, 0]], "h": texts},
        **({"pair": {"printed": [texts[i] for i in pair], **apart}} if pair else {}),
    }


def _apart(h: Array, pair: tuple[int, int] | None) -> tuple[dict[str, Any], int]:
    """How far apart two states are, unit by unit, and how many decimals of them show it."""
    if pair is None:
        return {}, 2
    one, two = h[pair[0]], h[pair[1]]
    apart = np.abs(one - two)

    def right(places: int) -> bool:
        shown = np.abs(one.round(places) - two.round(places)).round(places)
        return [decimals(float(d), 2) for d in shown] == [decimals(float(d), 2) for d in apart]

    places = next((k for k in range(2, MOST) if right(k)), MOST)
    return {"apart": _short(apart), "apart_printed": [decimals(float(d), 2) for d in apart]}, places


def two_pasts(
    trace: Trace,
    other: Trace,
    *,
    tokens: Sequence[str],
    tokens_other: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None = None,
    short_tokens_other: Sequence[str] | None = None,
    short_labels: Sequence[str] | None = None,
    rho: float,
    changed: int = 0,
    ghost: Sequence[float] | Array | None = None,
    full: float = 1.0,
) -> dict[str, Any]:
    """One network that reads two sequences which differ in the step `changed` (from 0) alone.

    rho    the strength of the loop, for its slider; `ghost`: the `shares` of another one, to compare with
    full   the state that has the full colour

    The data are x, x_other (T,), h, h_other (T, H); shares (T,): ||h_t - h'_t|| by what it was at `changed`; bound
    (T,): at most s_1^(t - changed) of it can be there, s_1 the largest singular value of W_h, as |tanh'| <= 1; gone:
    the first step at which less than 1 % is left, or None.
    """
    layers = [each[0, 0] for each in (trace, other)]
    (x, x_other), (h, h_other) = ([layer.x[:, 0] for layer in layers], [layer.h[:, 0] for layer in layers])
    if h.shape != h_other.shape or x.shape[1] != 1:
        raise ShapeError(f"two_pasts: two sequences of one length are needed, got {h.shape} and {h_other.shape}")
    if np.delete(x, changed, axis=0).tolist() != np.delete(x_other, changed, axis=0).tolist():
        raise ShapeError(f"two_pasts: the sequences may differ in step {changed} (from 0) alone")
    T, shares = len(h), shares_left(trace, other, changed)
    gain = float(np.linalg.norm(trace.network.state_dict()["weight_hh_l0"], 2))
    below = np.flatnonzero((shares < GONE) & (np.arange(T) >= changed))
    names = _named(T, tokens, labels, short_tokens, short_labels)
    others = _named(T, tokens_other, labels, short_tokens_other, short_labels)
    return {
        "x": _short(x[:, 0]),
        "x_other": _short(x_other[:, 0]),
        "h": _short(h, 4),
        "h_other": _short(h_other, 4),
        "shares": _short(shares),
        "bound": _short(np.where(np.arange(T) < changed, 0.0, gain ** np.maximum(np.arange(T) - changed, 0))),
        "gone": int(below[0]) if len(below) else None,
        "ghost": None if ghost is None else _short(np.asarray(ghost)),
        "changed": changed,
        "rho": _slider(rho),
        "full": full,
        **names,
        **{f"{name}_other": others[name] for name in ("tokens", "short_tokens")},
    }


def _slider(rho: float) -> dict[str, float]:
    """The slider of the loop's strength."""
    return {"value": rho, "most": 1.5, "step": 0.01, "digits": 2}


def shares_left(trace: Trace, other: Trace, changed: int = 0) -> Array:
    """||h_t - h'_t|| of two traces' first sequences, as a share of what it was at the step `changed`: (T,)."""
    apart = np.linalg.norm(trace[0, 0].h[:, 0] - other[0, 0].h[:, 0], axis=1)
    first = apart[changed]
    return apart / first if first else np.zeros_like(apart)


def last_state(
    trace: Trace,
    *,
    tokens: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None = None,
    short_labels: Sequence[str] | None = None,
    rho: float | None = None,
) -> dict[str, Any]:
    """What each step has left in the last state: ||dh_T/dx_t|| as a share of their sum; names as in `one_unit`.

    rho  the strength of the loop, for its slider; None: the picture has none

    The data are h (H,), the last state; shares (T,); x (T,); `printed` their texts, in whole percents, and what is
    less than one percent as that.
    """
    h, x = trace[0, 0].h[-1, 0], trace[0, 0].x[:, 0]
    sizes = np.linalg.norm(np.stack([_influence(trace, unit) for unit in range(len(h))]), axis=(0, 2))
    shares = sizes / sizes.sum() if sizes.sum() else sizes
    return {
        "h": _short(h),
        "shares": _short(shares),
        "x": _short(x[:, 0]),
        **_named(len(x), tokens, labels, short_tokens, short_labels),
        "printed": {
            "x": [plain(float(v)) for v in x[:, 0]],
            "shares": [_percent(float(share)) for share in shares],
        },
        **({} if rho is None else {"rho": _slider(rho)}),
    }


def _percent(share: float) -> str:
    """20 %, < 1 %, and 0 % for nothing at all."""
    return "< 1 %" if 0 < share < GONE else f"{share:.0%}".replace("%", " %")


def _influence(trace: Trace, unit: int) -> Array:
    """dh_T/dx_t of one unit of the first sequence: (T, I)."""
    dy = np.zeros_like(trace.y)
    dy[-1, 0, unit] = 1.0
    return np.asarray(backpropagate(trace.network, trace, dy).dx[:, 0])


def _named(
    T: int,
    tokens: Sequence[str],
    labels: Sequence[str],
    short_tokens: Sequence[str] | None,
    short_labels: Sequence[str] | None,
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
