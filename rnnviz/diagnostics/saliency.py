"""Which earlier input mattered: how far one number that the network gives depends on what it read at each step.

    norm_t    = ||dL/dx_t||                    how far L would move, at most, for a small change of x_t of length one
    effect_t  = sum_i x_t[i] dL/dx_t[i]        gradient times input: what x_t, as it is, adds to L to first order

over the inputs i, for each step t and each sequence of the batch. L is whatever `dy` made it: the loss, or one output
of the last step (dy = 1 there, 0 elsewhere), such as the score of a class. The first is blind to the sign, and to
what was read at all: where x_t is one-hot, it asks for every other symbol, too. There the second is the own symbol's
alone, and has the sign of its effect on L. Both are slopes at this very input: where a gate is shut or a unit
saturated, what counts may have none.

Simonyan, Vedaldi & Zisserman (2013), "Deep inside convolutional networks", arXiv 1312.6034 (the norm); Denil, Demiraj &
de Freitas (2014), "Extraction of salient sentences from labelled documents", arXiv 1412.6815 (gradient times input, of
words).
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array, require
from rnnviz.bptt import Gradients
from rnnviz.diagnostics.norms import norm
from rnnviz.errors import ShapeError
from rnnviz.trace import Trace


@dataclass(frozen=True, eq=False)
class Saliency:
    """How much each step's input mattered, by position in the input sequence; 0 in the padding.

    norm    (T, B) of dL/dx_t, at least 0, in units of L per unit of x
    effect  (T, B) gradient times input, in units of L; its sum over t is not L
    """

    norm: Array
    effect: Array


def saliency(trace: Trace, grads: Gradients) -> Saliency:
    """The norm of dL/dx_t, and gradient times input.

    In float64; what left the finite range comes out as itself. Raises ShapeError where the gradients belong to another
    trace.
    """
    require("trace", trace, Trace)
    require("grads", grads, Gradients)
    x = trace[0, 0].x
    if x.shape != grads.dx.shape or trace.y.shape != grads.dy.shape:
        raise ShapeError(f"saliency: {grads!r} are not the gradients of {trace!r}")
    dx = grads.dx.astype(np.float64)
    with np.errstate(all="ignore"):
        return Saliency(norm(dx), np.asarray(np.vecdot(x.astype(np.float64), dx)))
