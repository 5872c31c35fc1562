"""Proof on the spot: the analytic gradient of a network against finite differences of that very network.

The loss is L = sum(dy * y), whose derivative by y is the dy that is given. For one entry u of a parameter, of the
input or of an initial state, two central differences make one of fourth order (Richardson's extrapolation):

    D(eps) = (L(u + eps) - L(u - eps)) / (2 eps)
    (4 D(eps) - D(2 eps)) / 3  =  dL/du + O(eps^4) + rounding / eps

No single eps suits both a tame network and one at the edge of explosion. So eps goes down from 1e-3 by hundreds until
two estimates in a row agree; where none do, the two that are closest. That choice never looks at the analytic gradient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.bptt import backpropagate
from rnnviz.errors import NonFiniteError
from rnnviz.network import Network
from rnnviz.trace import unroll

EPSILONS = (1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13)


@dataclass(frozen=True)
class GradientCheck:
    """The worst disagreement that was found.

    error     |analytic - numeric| / (largest |analytic| of the same array); 0 where both are 0
    name      the array: a parameter's PyTorch name, "x", "h0" or "c0"
    index     its entry, h0 and c0 being (L*D, B, H)
    analytic, numeric  the two derivatives there
    entries   how many derivatives were compared in all
    """

    error: float
    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    entries: int


def check_gradients(
    network: Network,
    x: ArrayLike,
    dy: ArrayLike,
    lengths: ArrayLike | None = None,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    entries: int = 12,
) -> GradientCheck:
    """Compare `backpropagate` with finite differences in every parameter, x, h0 and c0.

    entries  at most so many derivatives of each array, evenly spread over it; all of a smaller array's
    The other arguments as for `unroll` and `backpropagate`. A float32 network is checked in float64. An entry costs
    eight forward passes, more at a kink of a relu network or near explosion.

    Raises ValueError for `entries` below 1, NonFiniteError where the passes leave the finite range and there is nothing
    to compare, and whatever `unroll` and `backpropagate` raise.
    """
    if entries < 1:
        raise ValueError(f"entries must be at least 1, got {entries}")
    wide = network.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    trace = unroll(wide, x, lengths, h0, c0)
    grads = backpropagate(wide, trace, dy)
    for left in (trace.nonfinite, grads.nonfinite):
        if left is not None:
            raise NonFiniteError(f"there is no finite gradient to compare: {left}")

    layers = [(seen, back) for row in zip(trace.layers, grads.layers) for seen, back in zip(*row)]
    values = {**wide.state_dict(), "x": np.array(x, np.float64), "h0": np.stack([seen.h0 for seen, _ in layers])}
    analytic = {**grads.params, "x": grads.dx, "h0": np.stack([back.dh0 for _, back in layers])}
    if wide.cell == "lstm":
        values["c0"] = np.stack([seen.c0 for seen, _ in layers if seen.c0 is not None])
        analytic["c0"] = np.stack([back.dc0 for _, back in layers if back.dc0 is not None])

    def output(name: str, value: Array) -> Array:
        """y with one of the arrays replaced."""
        used = values | {name: value}
        net = wide.with_parameters({k: used[k] for k in wide.state_dict()}) if name in grads.params else wide
        return unroll(net, used["x"], lengths, used["h0"], used.get("c0")).y

    found = [_worst(name, values[name], analytic[name], np.asarray(dy), output, entries) for name in values]
    worst = max(found, key=lambda check: check.error)
    return GradientCheck(
        worst.error, worst.name, worst.index, worst.analytic, worst.numeric, sum(check.entries for check in found)
    )


def _worst(
    name: str,
    value: Array,
    analytic: Array,
    dy: Array,
    output: Callable[[str, Array], Array],
    entries: int,
) -> GradientCheck:
    """The worst entry of one array."""
    chosen = np.unique(np.linspace(0, value.size - 1, min(entries, value.size)).round().astype(int))
    scale = float(np.abs(analytic).max())
    checks = []
    for flat in chosen:
        index = tuple(int(k) for k in np.unravel_index(flat, value.shape))
        exact, numeric = float(analytic[index]), _difference(name, value, index, dy, output)
        gap = abs(exact - numeric)
        error = 0.0 if gap == 0 else gap / scale if scale > 0 else np.inf
        checks.append(GradientCheck(error, name, index, exact, numeric, len(chosen)))
    return max(checks, key=lambda check: check.error)


def _difference(
    name: str, value: Array, index: tuple[int, ...], dy: Array, output: Callable[[str, Array], Array]
) -> float:
    """The derivative of L by one entry, from finite differences alone."""

    def central(eps: float) -> float:
        up, down = value.copy(), value.copy()
        up[index] += eps
        down[index] -= eps
        width = float(up[index] - down[index])  # as the two numbers were rounded
        return float(np.sum(dy * (output(name, up) - output(name, down)))) / width

    noise = 1e-9 * float(np.abs(dy * output(name, value)).sum())
    estimates: list[float] = []
    for eps in EPSILONS:
        estimates.append((4 * central(eps) - central(2 * eps)) / 3)
        if len(estimates) > 1:
            before, now = estimates[-2:]
            if abs(now - before) <= noise + 1e-6 * max(abs(before), abs(now)):
                return before
    return min(pairwise(estimates), key=lambda pair: abs(pair[1] - pair[0]) / max(map(abs, pair)))[0]
