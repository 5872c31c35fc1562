"""A cell's readable `step` run in a loop, and three things that come out of it: values, gradients, multiplications."""

from collections import Counter
from dataclasses import fields, replace
from typing import ClassVar

import numpy as np

import rnnviz

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def run(cell, x, states, nudge=None):
    """Every step from `states`, (h0,) or (h0, c0), each (B, H).

    nudge = (t, name, change): `change` is added to the state "h" or "c" of step t, and what follows from it follows.
    """
    steps = []
    for t, x_t in enumerate(x):
        step = cell.step(x_t, *states)
        if nudge is not None and nudge[:2] == (t, "h"):
            step = replace(step, h=step.h + nudge[2])
        if nudge is not None and nudge[:2] == (t, "c"):
            c = step.c + nudge[2]
            step = replace(step, c=c, h=step.gates["o"] * np.tanh(c))
        steps.append(step)
        states = (step.h,) if step.c is None else (step.h, step.c)
    return steps


def values(steps):
    """Each recorded quantity over all steps, (T, B, H)."""
    found = {"h": np.stack([step.h for step in steps])}
    if steps[0].c is not None:
        found["c"] = np.stack([step.c for step in steps])
    for gate in steps[0].gates:
        found[gate] = np.stack([step.gates[gate] for step in steps])
        found[f"a {gate}"] = np.stack([step.preactivations[gate] for step in steps])
    return found


def values_of_trace(layer):
    """The same quantities as the fast path recorded them."""
    found = {"h": layer.h} | ({} if layer.c is None else {"c": layer.c}) | dict(layer.gates)
    return found | {f"a {gate}": a for gate, a in layer.preactivations.items()}


def slopes(function, a):
    """d function / d a for every entry of a by the complex step, exact to rounding: Im f(a + i eps) / eps."""
    out = np.empty(a.shape)
    for index in np.ndindex(a.shape):
        moved = a.astype(complex)
        moved[index] += 1e-30j
        out[index] = function(moved).imag / 1e-30
    return out


def gradients_by_complex_step(example):
    """Gradients of a one-layer, one-direction network without readout, through `step` alone."""
    (cell,), x, dy = example.network.layers[0], example.x, example.dy
    start = tuple(state[0] for state in example.states().values())

    def loss(cell=cell, x=x, start=start, nudge=None):
        return (np.stack([step.h for step in run(cell, x, start, nudge)]) * dy).sum()

    found = {f"{w}_l0": slopes(lambda a, w=w: loss(cell=replace(cell, **{w: a})), getattr(cell, w)) for w in WEIGHTS}
    found["dx"] = slopes(lambda a: loss(x=a), x)
    found["0,0 dh0"] = slopes(lambda a: loss(start=(a, *start[1:])), start[0])
    if len(start) == 2:
        found["0,0 dc0"] = slopes(lambda a: loss(start=(start[0], a)), start[1])
    for name in "hc"[: len(start)]:
        at = [slopes(lambda a, n=name, t=t: loss(nudge=(t, n, a)), np.zeros(start[0].shape)) for t in range(len(x))]
        found[f"0,0 d{name}"] = np.stack(at)
    return found


def size(cell_name, I, H):
    """Numbers in the arrays of a real network's only cell."""
    network = rnnviz.Network.create(cell_name, I, H)
    cell = network.layers[0][0]
    return sum(getattr(cell, field.name).size for field in fields(cell) if field.name in WEIGHTS)


class Counted(np.ndarray):
    """An array whose products of two numbers that are both data are counted; scaling by a constant is not."""

    count: ClassVar[Counter[str]] = Counter()

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [np.asarray(a) for a in inputs]
        result = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            self.count["products"] += plain[0].shape[0] * plain[0].shape[1] * plain[1].shape[1]
        elif ufunc is np.multiply and all(a.ndim for a in plain):
            self.count["products"] += result.size
        return result.view(Counted)


def multiplications(network):
    """Multiplications that one `step` for one sequence really does."""
    (cell,), Counted.count = network.layers[0], Counter()
    counted = replace(cell, **{w: getattr(cell, w).view(Counted) for w in WEIGHTS})
    states = np.ones((2 if cell.NAME == "lstm" else 1, 1, network.hidden_size)).view(Counted)
    counted.step(np.ones((1, network.input_size)).view(Counted), *states)
    return Counted.count["products"]
