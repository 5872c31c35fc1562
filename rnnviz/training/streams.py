"""Windows of one long sequence, whose states are forgotten between updates, or carried on.

    windows(x, targets, ...)   stateless: windows from anywhere, each from the zero state
    stream(x, targets, ...)    stateful: B places in the sequence are read on, T steps at each update; the states of one
                               window's last step are those with which the next begins

No gradient passes from a window to the one before it: that is back-propagation through time truncated every T steps, on
a sequence of any length (Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent
network trajectories", Neural Computation 2, with h = h' = T). Forwards, the carried states are those of one long pass,
as long as the weights stay; what the weights change at each update, a carried state has not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, generator, whole
from rnnviz.errors import ShapeError


@dataclass(frozen=True, eq=False)
class Window:
    """T steps of B places: x (T, B, I), targets (T, B, ...), mask (T, B); None where every step counts."""

    x: Array
    targets: NDArray[Any]
    mask: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Stream:
    """A long sequence in B pieces that are read side by side; `train(network, stream, ...)` carries the states.

    x            (N, B, I)
    targets      (N, B, ...)
    num_steps    T, of one window
    mask         (N, B), or None where every step counts
    """

    x: Array = field(repr=False)
    targets: NDArray[Any] = field(repr=False)
    num_steps: int
    mask: NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def num_windows(self) -> int:
        """How many updates read all of it once: N // T; what is left over at the end is not read."""
        return len(self.x) // self.num_steps

    def window(self, update: int) -> Window:
        """What is read at this update, from 0: one window after the other, and then again from the first."""
        first = update % self.num_windows * self.num_steps
        read = slice(first, first + self.num_steps)
        return Window(self.x[read], self.targets[read], None if self.mask is None else self.mask[read])

    def begins(self, update: int) -> bool:
        """Whether this update, from 0, reads the first window, before which nothing was read: the states are 0."""
        return update % self.num_windows == 0


def stream(x: ArrayLike, targets: ArrayLike, batch_size: int, num_steps: int, mask: ArrayLike | None = None) -> Stream:
    """One long sequence, divided into `batch_size` pieces of the same length, each read on from where it was left.

    x           (N, I), the sequence
    targets     (N, ...), one for each step
    batch_size  B, at least 1
    num_steps   T of a window, at least 1: so far back does the gradient of an update reach
    mask        (N,), True at the steps that count; None for all

    Raises ShapeError where x, targets and mask do not fit, or are too short for one window of each piece; ValueError
    for sizes out of range.
    """
    x, targets, counted = _sequence(x, targets, mask)
    B, T = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 1)
    N = len(x) // B
    if T > N:
        raise ShapeError(f"{B} pieces of {len(x)} steps have {N} steps each, too few for a window of {T}")
    pieces: list[NDArray[Any]] = [a[: N * B].reshape(B, N, *a.shape[1:]).swapaxes(0, 1) for a in (x, targets, counted)]
    return Stream(pieces[0], pieces[1], T, None if mask is None else pieces[2])


def windows(
    x: ArrayLike, targets: ArrayLike, batch_size: int, num_steps: int, mask: ArrayLike | None = None
) -> Callable[[np.random.Generator], Window]:
    """Windows of one long sequence, from anywhere: `windows(...)(rng)` draws B of them, as `train` asks for.

    The arguments, and what is raised, as for `stream`.
    """
    x, targets, counted = _sequence(x, targets, mask)
    B, T = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 1)
    if len(x) < T:
        raise ShapeError(f"{len(x)} steps are too few for a window of {T}")

    def sample(rng: np.random.Generator) -> Window:
        read = generator(rng).integers(0, len(x) - T, B, endpoint=True) + np.arange(T)[:, None]
        return Window(x[read], targets[read], None if mask is None else counted[read])

    return sample


def _sequence(
    x: ArrayLike, targets: ArrayLike, mask: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """All three as arrays of the same number of steps; without a mask every step counts."""
    inputs, answers = as_array("x", x), as_array("targets", targets)
    if inputs.ndim != 2 or answers.ndim < 1 or len(inputs) != len(answers):
        raise ShapeError(
            "x needs shape (N, I), and targets one entry for each of its N steps; "
            f"got {inputs.shape} and {answers.shape}"
        )
    counted = np.ones(len(inputs), np.bool_) if mask is None else as_array("mask", mask)
    if counted.shape != (len(inputs),) or counted.dtype != np.bool_:
        raise ShapeError(f"mask must be bool of shape ({len(inputs)},), got {counted.dtype} of shape {counted.shape}")
    return inputs, answers, counted
