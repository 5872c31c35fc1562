"""One pass, and its gradient in full and truncated: what the lesson on backpropagation through time computes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

import rnnviz as rv
from lessons.backprop_through_time import days, recall
from lessons.common.interventions import held_pass
from rnnviz.arrays import Array
from rnnviz.diagnostics import (
    Contributions,
    hidden_gradient_norms,
    step_jacobians,
    weight_gradient_by_step,
)
from rnnviz.surgery import Surgery
from rnnviz.tasks import SequenceBatch

W_HH, W_IH = "weight_hh_l0", "weight_ih_l0"


@dataclass(frozen=True, eq=False)
class Experiment:
    """A network that reads a sequence and is asked at its last step.

    symbols  what it reads, as it is shown
    task     the same as numbers `x` (T, 1, I), and its `loss(y)`
    at       the clue's step, from 1
    k        the backward pass is truncated every so many steps, counted from step 1
    learned  how the network was trained; None: its weights are random
    surgery  interventions: what a reader holds in the picture
    """

    network: rv.Network
    symbols: Sequence[str]
    task: SequenceBatch | days.Question
    at: int
    k: int
    learned: recall.Training | None = None
    surgery: tuple[Surgery, ...] = ()

    @property
    def spells(self) -> bool:
        """Whether it reads symbols, each with an input of its own; else it reads numbers."""
        return isinstance(self.task, SequenceBatch)

    @property
    def T(self) -> int:
        """Steps of the sequence."""
        return len(self.symbols)

    @property
    def back(self) -> int:
        """Steps from the clue to the question."""
        return self.T - self.at

    @cached_property
    def trace(self) -> rv.Trace:
        """The forward pass, which no truncation changes."""
        return rv.unroll(self.network, self.task.x, surgery=self.surgery)

    @cached_property
    def loss(self) -> rv.losses.Loss:
        """The cross-entropy of the answer at the last step."""
        return self.task.loss(self.trace.y)

    @cached_property
    def full(self) -> rv.Gradients:
        """The gradient in full."""
        return rv.backpropagate(self.network, self.trace, self.loss.dy)

    @cached_property
    def truncated(self) -> rv.Gradients:
        """The gradient, truncated every k steps."""
        if not self.cuts:
            return self.full
        return rv.backpropagate(self.network, self.trace, self.loss.dy, truncate=self.k)

    @property
    def cuts(self) -> list[int]:
        """The steps after which it ends."""
        return [last for _, last in recall.windows(self.k, self.T)[:-1]]

    @property
    def held(self) -> bool:
        """Whether a state between clue and question is held: a constant, which no gradient passes."""
        return any(held.last >= self.at for held in self.surgery)

    @property
    def arrives(self) -> bool:
        """Whether clue and question lie in the same window."""
        return recall.reach(self.k, self.T) >= self.back

    @cached_property
    def norms(self) -> Array:
        """||dL/dh_t|| of every step in full, (T,)."""
        return hidden_gradient_norms(self.full)[0, 0][:, 0]

    @property
    def share(self) -> float:
        """The norm of the full gradient at the clue as a share of that at the question; 0 for 0 of 0."""
        return float(self.norms[self.at - 1] / self.norms[-1]) if self.norms[-1] else 0.0

    def by_step(self, grads: rv.Gradients) -> Contributions:
        """What each step adds to dL/dW_h."""
        return weight_gradient_by_step(self.trace, grads)[0, 0].weight_hh

    @cached_property
    def singular(self) -> Array:
        """The singular values of dh_t/dh_{t-1} for the steps after the clue, (back, H), descending."""
        return np.linalg.svd(step_jacobians(self.network, self.trace)[0, 0][self.at :, 0], compute_uv=False)

    @property
    def h(self) -> Array:
        """The states of the steps after the clue, (back, H)."""
        return self.trace[0, 0].h[self.at :, 0].astype(np.float64)

    def kept(self, name: str) -> tuple[float, float]:
        """Of a weight's gradient: the truncated one's norm as a share of the full one's; the angle between, degrees.

        NaN where there is no full one to compare with; no angle where nothing is left.
        """
        full, rest = (np.ravel(grads.params[name]).astype(np.float64) for grads in (self.full, self.truncated))
        norms = float(np.linalg.norm(full)), float(np.linalg.norm(rest))
        if not norms[0]:
            return float("nan"), float("nan")
        if not norms[1]:
            return 0.0, float("nan")
        return norms[1] / norms[0], rv.clipping.angle({name: full}, {name: rest})

    def clue_column(self, grads: rv.Gradients) -> float:
        """||dL/d(the clue's column of W_x)||: how it is to learn to write the clue down; NaN without columns."""
        if not self.spells:
            return float("nan")
        return float(np.linalg.norm(grads.params[W_IH][:, recall.SYMBOLS.index(self.symbols[self.at - 1])]))

    def answers(self) -> tuple[float, float]:
        """The probability of "a": as it stands, and with the other clue in its place."""
        x = self.task.x.copy()
        x[self.at - 1, 0, : len(recall.CLUES)] = x[self.at - 1, 0, : len(recall.CLUES)][::-1]
        here, other = (
            y[-1, 0].astype(np.float64) for y in (self.trace.y, rv.unroll(self.network, x, surgery=self.surgery).y)
        )
        return float(1 / (1 + np.exp(here[1] - here[0]))), float(1 / (1 + np.exp(other[1] - other[0])))

    @property
    def window(self) -> tuple[Array, Array, Array | None]:
        """The last window as a pass of its own: its inputs, its dL/dy, and the state that it starts from."""
        first = self.last_window
        start = self.trace[0, 0].h[first - 1] if first else None
        return self.task.x[first:], self.loss.dy[first:], start

    @property
    def last_window(self) -> int:
        """The first step of the last window, from 0."""
        return recall.windows(self.k, self.T)[-1][0] - 1

    @property
    def held_in_window(self) -> tuple[Surgery, ...]:
        """What is held within the last window, its steps counted from there."""
        by = self.last_window
        inside = (held for held in self.surgery if held.first >= by)
        return tuple(replace(held, first=held.first - by, last=held.last - by) for held in inside)


def with_random_weights(units: int, rho: float, back: int, k: int, seed: int, holds: str = "") -> Experiment:
    """A network that has not learned anything; the clue is the first symbol, `back` steps before the question."""
    symbols, task = recall.one(seed, 0, back)
    network = recall.untrained(units, rho, seed)
    x, surgery = held_pass(network, task.x, holds)
    return Experiment(network, symbols, replace(task, x=x), 1, k, surgery=surgery)


def with_eight_days(w_h: float, k: int = days.DAYS, every: bool = False, holds: str = "") -> Experiment:
    """One unit that reads eight days and is asked about the first; `holds` is what a reader holds in the picture."""
    network = days.one_unit(w_h)
    x, surgery = held_pass(network, days.question().x, holds)
    return Experiment(network, days.tokens(), days.Question(x, every), 1, k, surgery=surgery)


def after_training(training: recall.Training, at: int, holds: str = "") -> Experiment:
    """A network that has learned with its gradient truncated, on a sequence whose clue stands at step `at`."""
    symbols, task = recall.one(training.seed, at - 1, recall.BACK)
    x, surgery = held_pass(training.network, task.x, holds)
    return Experiment(training.network, symbols, replace(task, x=x), at, training.k, training, surgery)
