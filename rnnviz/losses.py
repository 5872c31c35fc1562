"""What the network is punished for, and the gradient that sets backpropagation going.

    mean squared error       l_tb = 1/Q sum_q (y_tbq - target_tbq)^2
    softmax cross-entropy    l_tb = log sum_q exp(y_tbq) - y_tbk,  k = target_tb            (nats)
    binary cross-entropy     l_tb = 1/Q sum_q log(1 + exp(y_tbq)) - target_tbq y_tbq        (nats)

    L = 1/N sum over counted (t, b) of l_tb,  N = number of counted (t, b)

`y` (T, B, Q) is what the network gives out: predictions, or logits for the two cross-entropies. `mask` (T, B)
is True where a step of a sequence counts; without a mask every step does, and L is PyTorch's
`reduction="mean"`. What stands in `y` and `targets` where the mask is False has no effect whatever it is, NaN
included.

Sums are taken in float64; `dy` has the data type of `y`. Logits of any size are safe: no exponential of a
positive number is ever taken. (Goodfellow, Bengio & Courville 2016, sections 6.2.1 and 6.2.2.) What is beyond the
range of its data type, as the square of 1e200, is infinite, in silence.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, real_array, whole
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.one_vector import all_finite
from rnnviz.padding import check_lengths, is_padding

_Number = TypeVar("_Number", float, Array)


@dataclass(frozen=True)
class Loss:
    """A loss, its parts and its gradient.

    value    L, the mean over all counted steps
    steps    (T, B) float64: l_tb, the loss of each step by itself; 0 where the mask is False
    dy       (T, B, Q): dL/dy, with the data type of y; 0 where the mask is False
    """

    value: float
    steps: Array
    dy: Array


@np.errstate(over="ignore")
def mean_squared_error(y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None) -> Loss:
    """L = 1/(N Q) sum (y - target)^2 over the N counted steps and Q outputs; dL/dy = 2 (y - target) / (N Q).

    y: (T, B, Q), targets: (T, B, Q), mask: (T, B) or None for all. An error so large that its square
    overflows gives an infinite loss; the gradient is finite where it is within the range of y's data type.
    Raises ShapeError for shapes or data types that do not fit, NonFiniteError for NaN or infinity in a
    counted step, ValueError where the mask counts nothing.
    """
    y, counted = _counted(y, mask)
    half_error = _read(y, counted, "y") / 2.0 - _read(_like(y, targets), counted, "targets") / 2.0  # never overflows
    steps = _mean_over(4.0 * np.square(half_error))
    return _mean(y, counted, steps=steps, dsteps=half_error / y.shape[2], factor=4.0)


@np.errstate(over="ignore")
def softmax_cross_entropy(y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None) -> Loss:
    """L = mean of -log p_target with p = softmax(y), in nats; dL/dy = (p - onehot(target)) / N.

    y: logits (T, B, Q), targets: integers (T, B) in 0 ... Q-1, mask: (T, B) or None for all.
    A uniform guess costs log Q nats. `nats_to_bits` turns the result into bits.
    Raises ShapeError for shapes or data types that do not fit, NonFiniteError for NaN or infinity in a
    counted step, ValueError for a counted target that is no class, or where the mask counts nothing.
    """
    y, counted = _counted(y, mask)
    num_classes = y.shape[2]
    targets = as_array("targets", targets)
    if targets.shape != counted.shape or not np.issubdtype(targets.dtype, np.integer):
        raise ShapeError(
            f"targets must be integer classes of shape (T, B) = {counted.shape}, "
            f"got {targets.dtype} of shape {targets.shape}"
        )
    strange = counted & ((targets < 0) | (targets >= num_classes))
    if strange.any():
        raise ValueError(
            f"targets must be classes 0 to {num_classes - 1}, got {targets[strange][0]} at {_first(strange)}"
        )
    T, B, _ = y.shape
    target = np.where(counted, targets, 0), np.arange(T)[:, np.newaxis], np.arange(B)
    shifted = np.ascontiguousarray(_read(y, counted, "y").transpose(2, 0, 1))  # (Q, T, B): sums over Q are then quick
    shifted -= shifted.max(axis=0)
    dsteps = np.exp(shifted)
    total = dsteps.sum(axis=0)
    dsteps /= total
    # p_target - 1 = -(sum of the others), without the cancellation where p_target is nearly 1.
    dsteps[target] = 0.0
    dsteps[target] = -dsteps.sum(axis=0)
    return _mean(y, counted, steps=np.log(total) - shifted[target], dsteps=dsteps.transpose(1, 2, 0))


@np.errstate(over="ignore")
def binary_cross_entropy(y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None) -> Loss:
    """L = 1/(N Q) sum of -target log p - (1 - target) log(1 - p), p = sigma(y); dL/dy = (p - target) / (N Q).

    y: logits (T, B, Q), targets: probabilities (T, B, Q) in [0, 1], mask: (T, B) or None for all. In nats.
    Raises ShapeError for shapes or data types that do not fit, NonFiniteError for NaN or infinity in a
    counted step, ValueError for a counted target outside [0, 1], or where the mask counts nothing.
    """
    y, counted = _counted(y, mask)
    logits = _read(y, counted, "y")
    target = _read(_like(y, targets), counted, "targets")
    strange = np.any((target < 0.0) | (target > 1.0), axis=2)
    if strange.any():
        worst = target[strange].flat[np.abs(target[strange] - 0.5).argmax()]
        raise ValueError(f"targets must be within [0, 1], got {worst} at {_first(strange)}")
    tail = np.exp(-np.abs(logits))
    p_unlikely = tail / (1.0 + tail)  # the smaller one of sigma(y) and 1 - sigma(y)
    positive = logits >= 0.0
    steps = np.where(positive, logits * (1.0 - target), -logits * target) + np.log1p(tail)
    dsteps = np.where(positive, (1.0 - target) - p_unlikely, p_unlikely - target)
    return _mean(y, counted, steps=_mean_over(steps), dsteps=dsteps / y.shape[2])


def nats_to_bits(nats: _Number) -> _Number:
    """Turn natural units of information into bits: bits = nats / log 2. A number or an array of any shape."""
    return nats / math.log(2.0)


def length_mask(lengths: ArrayLike, num_steps: int) -> NDArray[np.bool_]:
    """The mask of padded sequences: (T, B), True at step t of sequence b where t < lengths[b].

    lengths: whole numbers (B,), each in 1 ... T; num_steps: T, at least 1.
    Raises ShapeError for other lengths, ValueError for a `num_steps` out of range.
    """
    given, T = as_array("lengths", lengths), whole("num_steps", num_steps, 1)
    check_lengths(given, T, given.size)
    return ~is_padding(given, T)


def _counted(y: ArrayLike, mask: ArrayLike | None) -> tuple[Array, NDArray[np.bool_]]:
    """Check y (T, B, Q) and its mask (T, B), and give both as arrays; without a mask every step counts."""
    y = as_array("y", y)
    if y.ndim != 3 or y.size == 0 or y.dtype.kind != "f":
        raise ShapeError(f"y must be floating point of shape (T, B, Q), got {y.dtype} of shape {y.shape}")
    if mask is None:
        return y, np.ones(y.shape[:2], np.bool_)
    mask = as_array("mask", mask)
    if mask.shape != y.shape[:2] or mask.dtype != np.bool_:
        raise ShapeError(f"mask must be bool of shape (T, B) = {y.shape[:2]}, got {mask.dtype} of shape {mask.shape}")
    if not mask.any():
        raise ValueError("the mask counts no step of any sequence, so there is nothing to take the mean of")
    return y, mask


def _like(y: Array, targets: ArrayLike) -> Array:
    """Give the targets as real numbers if they have the shape of y."""
    targets = real_array("targets", targets, np.float64)
    if targets.shape != y.shape:
        raise ShapeError(f"targets must have the shape of y, {y.shape}, got {targets.shape}")
    return targets


def _read(values: Array, counted: NDArray[np.bool_], name: str) -> NDArray[np.float64]:
    """Copy (T, B, Q) values as float64: 0 in the steps that do not count, finite numbers in the others."""
    clean = values.astype(np.float64)
    _blank(clean, counted)
    with np.errstate(all="ignore"):
        finite = all_finite(clean)
    if not finite:
        strange = np.asarray(~np.isfinite(clean).all(axis=2))
        raise NonFiniteError(f"NaN or infinity in {name}, first at {_first(strange)}")
    return clean


def _blank(values: Array, counted: NDArray[np.bool_]) -> None:
    """Set the steps (T, B) of (T, B, Q) or (T, B) that do not count to 0, in place."""
    if not counted.all():
        np.copyto(values, 0.0, where=~counted.reshape(counted.shape + (1,) * (values.ndim - 2)))


def _mean(y: Array, counted: NDArray[np.bool_], steps: Array, dsteps: Array, factor: float = 1.0) -> Loss:
    """Average the losses of the counted steps, and their gradients, `factor * dsteps`, with them."""
    count = int(np.count_nonzero(counted))
    _blank(steps, counted)
    dsteps /= count
    dsteps *= factor
    _blank(dsteps, counted)
    return Loss(value=float((steps / count).sum()), steps=steps, dy=dsteps.astype(y.dtype))


def _mean_over(entries: Array) -> Array:
    """Average (T, B, Q) over Q; dividing first, since a sum can overflow where its mean does not."""
    return np.asarray((entries / entries.shape[2]).sum(axis=2))


def _first(where: NDArray[np.bool_]) -> str:
    """Name the earliest step at which a (T, B) array is True."""
    t, b = np.argwhere(where)[0]
    return f"step {t} of sequence {b}"
