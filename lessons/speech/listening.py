"""What a network hears in one clip: its answers moment by moment, since when it is sure, and what mattered."""

from dataclasses import dataclass

import numpy as np

import rnnviz as rv
from lessons.common.trained import probabilities
from lessons.speech.clips import FEATURES, prepared, scaler
from lessons.speech.experiment import Settings
from rnnviz.arrays import Array
from rnnviz.diagnostics import saliency

SURE = 0.9


@dataclass(frozen=True, eq=False)
class Listening:
    """A network hears one clip.

    x, trace, grads, dy  what it reads, both passes, and dL/dy: L is the last score of the digit that it says
    p                    (T, 10) what it holds each digit to be after each frame
    mattered             (T,) the norm of dL/dx_t
    """

    features: Array
    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    p: Array
    mattered: Array

    @property
    def said(self) -> int:
        """The digit that it says in the end."""
        return int(self.p[-1].argmax())

    @property
    def sure(self) -> int | None:
        """After how many frames it is sure of that, and stays so; None: it never is."""
        not_yet = np.flatnonzero(self.p[:, self.said] < SURE)
        first = int(not_yet[-1]) + 1 if not_yet.size else 0
        return None if first == len(self.p) else first + 1


def listen(network: rv.Network, features: Array, run: Settings, silence: int = 0) -> Listening:
    """A network of this run hears features (T, 13), and so many frames of padding after them, as if they counted."""
    known = scaler(run.split, run.voice, run.kind).transform(prepared(features, run.kind))
    x = np.concatenate([known, np.zeros((silence, FEATURES))])[:, None].astype(network.dtype)
    trace = rv.unroll(network, x)
    p = probabilities(trace.y[:, 0])
    dy = np.zeros_like(trace.y)
    dy[-1, 0, p[-1].argmax()] = 1.0
    grads = rv.backpropagate(network, trace, dy)
    return Listening(features, x, trace, grads, dy, p, saliency(trace, grads).norm[:, 0])
