"""What a network sees in a recording, window by window, and in one window, step by step."""

from dataclasses import dataclass

import numpy as np

import rnnviz as rv
from lessons.common.trained import probabilities
from lessons.gesture.experiment import Settings
from lessons.gesture.recordings import LENGTH, Places, scaler, starts
from rnnviz.arrays import Array
from rnnviz.diagnostics import saliency


@dataclass(frozen=True, eq=False)
class Watched:
    """A network reads the windows of a recording: signals (T, 6) as it reads them, spans (n, 2), p (n, 7)."""

    signals: Array
    spans: Places
    p: Array

    @property
    def said(self) -> Places:
        """What it says of each window, (n,)."""
        return np.asarray(self.p.argmax(axis=1))


def watch(network: rv.Network, signals: Array, run: Settings) -> Watched:
    """A network of this run reads a recording of at least one window, from its beginning."""
    x = scaler(run.split, run.person).transform(signals)
    first = starts(len(x))
    windows = np.stack([x[a : a + LENGTH] for a in first], axis=1)
    p = probabilities(rv.unroll(network, windows.astype(network.dtype)).y[-1])
    return Watched(x, np.stack([first, first + LENGTH], axis=1), p)


@dataclass(frozen=True, eq=False)
class Look:
    """One window, step by step: what is read, both passes, dL/dy (L: the last score of what it says), p (T, 7)."""

    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    p: Array
    mattered: Array


def look(network: rv.Network, seen: Watched, window: int) -> Look:
    """A network reads one window of a recording."""
    first, end = seen.spans[window]
    x = seen.signals[first:end, None].astype(network.dtype)
    trace = rv.unroll(network, x)
    p = probabilities(trace.y[:, 0])
    dy = np.zeros_like(trace.y)
    dy[-1, 0, p[-1].argmax()] = 1.0
    grads = rv.backpropagate(network, trace, dy)
    return Look(x, trace, grads, dy, p, saliency(trace, grads).norm[:, 0])
