"""Proof on the spot: the analytic gradient of a network against finite differences of that very network.

The loss is L = sum(dy * y), whose derivative by y is the dy that is given. For one entry u of a parameter, of the
input or of an initial state, two central differences make one of fourth order (Richardson's extrapolation):

    D(eps) = (L(u + eps) - L(u - eps)) / (2 eps)
    (4 D(eps) - D(2 eps)) / 3  =  dL/du + O(eps^4) + rounding / eps

No single eps suits both a tame network and one at the edge of explosion. So eps goes down from 1e-3 by hundreds until
two estimates in a row agree; where none do, the two that are closest. That choice never looks at the analytic gradient.

y is rounded to 1e-16 of itself, so that these differences are uncertain by some 1e-13 sum |dy y|. A vanished gradient
is lost in that: an array whose derivatives are all below FAINT sum |dy y|, by both ways, is left out and counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array, require, whole
from rnnviz.bptt import backpropagate
from rnnviz.errors import NonFiniteError
from rnnviz.masks import Masks
from rnnviz.network import Network
from rnnviz.padding import blank
from rnnviz.surgery import Surgery, as_surgery
from rnnviz.trace import Trace, unroll

EPSILONS = (1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13)
KINK_EPSILON = 1e-7
FAINT = 1e-7
Change: TypeAlias = Callable[[str, Array], Array]


@dataclass(frozen=True)
class GradientCheck:
    """The worst disagreement that was found.

    error     |analytic - numeric| / (largest |analytic| of the same array); 0 where both are 0
    name      the array: a parameter's PyTorch name, "x", "h0" or "c0"
    index     its entry, h0 and c0 being (L*D, B, H)
    analytic, numeric  the two derivatives there
    entries   how many derivatives were compared in all
    kinks     how many were left out, because a relu switches at that very point and there is no derivative
    faint     how many were left out, because they are smaller than finite differences can resolve
    """

    error: float
    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    entries: int
    kinks: int
    faint: int


def check_gradients(
    network: Network,
    x: ArrayLike,
    dy: ArrayLike,
    lengths: ArrayLike | None = None,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    entries: int = 12,
    surgery: Iterable[Surgery] = (),
    masks: Masks | None = None,
) -> GradientCheck:
    """Compare `backpropagate` with finite differences in every parameter, x, h0 and c0.

    entries  at most so many derivatives of each array, evenly spread over it; all of a smaller array's
    The other arguments as for `unroll` and `backpropagate`. A float32 network is checked in float64. An entry costs
    eight forward passes, and more near explosion.

    Raises ValueError for `entries` below 1, or where there is nothing left to compare; NonFiniteError where the passes
    leave the finite range; and whatever `unroll` and `backpropagate` raise.
    """
    entries, surgery = whole("entries", entries, 1), as_surgery(surgery)
    require("network", network, Network)
    wide = network.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    trace = unroll(wide, x, lengths, h0, c0, surgery, masks)
    dy = _trimmed(real_array("dy", dy, np.float64), trace)
    grads = backpropagate(wide, trace, dy)
    for left in (trace.nonfinite, grads.nonfinite):
        if left is not None:
            raise NonFiniteError(f"there is no finite gradient to compare: {left}")

    layers = [(seen, back) for row in zip(trace.layers, grads.layers) for seen, back in zip(*row)]
    values = {**wide.state_dict(), "x": _trimmed(real_array("x", x, np.float64), trace)}
    values["h0"] = np.stack([seen.h0 for seen, _ in layers])
    analytic = {**grads.params, "x": grads.dx, "h0": np.stack([back.dh0 for _, back in layers])}
    if "c" in wide.spec.states:
        values["c0"] = np.stack([seen.c0 for seen, _ in layers if seen.c0 is not None])
        analytic["c0"] = np.stack([back.dc0 for _, back in layers if back.dc0 is not None])

    def change(name: str, value: Array) -> Array:
        """dy * (y - y of the trace) with one of the arrays replaced: its sum is the change of L."""
        used = values | {name: value}
        net = wide.with_parameters({k: used[k] for k in wide.state_dict()}) if name in grads.params else wide
        return dy * (unroll(net, used["x"], lengths, used["h0"], used.get("c0"), surgery, masks).y - trace.y)

    size = float(np.abs(dy * trace.y).sum())
    return compare(values, analytic, change, size, kinked=wide.nonlinearity == "relu", entries=entries)


def compare(
    values: Mapping[str, Array], analytic: Mapping[str, Array], change: Change, size: float, kinked: bool, entries: int
) -> GradientCheck:
    """The same for any model: what `check_gradients` and its sisters in `seq2seq` and `self_attention` share.

    values    the arrays by which L is differentiated, analytic: its derivatives, of the same names and shapes
    change    (name, array) -> dy * (y with that array instead - y), of any shape: its sum is the change of L
    size      sum |dy y|
    kinked    whether a relu may switch at an entry

    Raises NonFiniteError for derivatives that are not finite, ValueError where there is nothing left to compare.
    """
    if not all(np.isfinite(a).all() for a in analytic.values()):
        raise NonFiniteError("there is no finite gradient to compare: the backward pass has NaN or infinite entries")
    noise = 1e-9 * size
    checks, kinks, faint = [], 0, 0
    for name, value in values.items():
        scale = float(np.abs(analytic[name]).max())
        for flat in np.unique(np.linspace(0, value.size - 1, min(entries, value.size)).round().astype(int)):
            index = tuple(int(k) for k in np.unravel_index(flat, value.shape))
            if kinked and _is_kink(name, value, index, change, noise):
                kinks += 1
                continue
            exact, numeric = float(analytic[name][index]), _difference(name, value, index, change, noise)
            if 0 < max(scale, abs(numeric)) < FAINT * size:
                faint += 1
                continue
            gap = abs(exact - numeric)
            error = 0.0 if gap == 0 else gap / scale if scale > 0 and np.isfinite(gap) else np.inf
            checks.append(GradientCheck(error, name, index, exact, numeric, 0, 0, 0))
    if not checks:
        raise ValueError(
            f"there is no derivative to compare: {kinks} entries lie at the kink of a relu, "
            f"{faint} are smaller than finite differences can resolve"
        )
    worst = max(checks, key=lambda check: check.error)
    return replace(worst, entries=len(checks), kinks=kinks, faint=faint)


def _trimmed(a: Array, trace: Trace) -> Array:
    """A copy of `a` (T, B, .) whose padding is 0."""
    copy = a.copy()
    if copy.shape[:2] == trace.y.shape[:2]:
        blank(copy.transpose(0, 2, 1), trace.lengths)
    return copy


def _is_kink(name: str, value: Array, index: tuple[int, ...], change: Change, noise: float) -> bool:
    """Whether L has different slopes to the right and to the left of one entry."""
    right, left = (
        float(change(name, _moved(value, index, side * KINK_EPSILON)).sum()) / (side * KINK_EPSILON) for side in (1, -1)
    )
    return abs(right - left) > noise + 1e-3 * max(abs(right), abs(left))


def _moved(value: Array, index: tuple[int, ...], step: float) -> Array:
    """A copy of `value` with one entry moved."""
    copy = value.copy()
    copy[index] += step
    return copy


def _difference(name: str, value: Array, index: tuple[int, ...], change: Change, noise: float) -> float:
    """The derivative of L by one entry, from finite differences alone."""

    def central(eps: float) -> float:
        width = (value[index] + eps) - (value[index] - eps)  # as the two numbers are rounded
        up, down = change(name, _moved(value, index, eps)), change(name, _moved(value, index, -eps))
        return float((up - down).sum() / width)

    unit = max(1.0, abs(float(value[index])))
    estimates: list[float] = []
    for eps in EPSILONS:
        estimates.append((4 * central(eps * unit) - central(2 * eps * unit)) / 3)
        if len(estimates) > 1:
            before, now = estimates[-2:]
            if abs(now - before) <= noise + 1e-6 * max(abs(before), abs(now)):
                return before
    return min(pairwise(estimates), key=lambda pair: abs(pair[1] - pair[0]) / max(map(abs, pair)))[0]
