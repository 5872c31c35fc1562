"""One LSTM, two runs of it: as it is, and with an intervention on one of its gates.

On made signals its weights are set by hand (`lessons.common.signals`); on letters they are trained
(`lessons.common.trained`). L is the last output, or the cross-entropy -log p of the last letter, in nats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import signals
from lessons.common.interventions import held_pass, kept_holds
from lessons.common.trained import codes, probabilities, trained
from rnnviz.surgery import Surgery

VALUE = 0.8  # what is to be held
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run:
    """One pass there and back; `outcome` (T,) is the output, or the probability of the letter that comes next."""

    trace: rv.Trace
    grads: rv.Gradients
    loss: float
    outcome: Floats

    def c(self, unit: int) -> Floats:
        """(T,) the cell state of a unit, from 0."""
        return np.asarray(self.trace[0, 0].c)[:, 0, unit]

    def dc(self, unit: int) -> Floats:
        """(T,) dL/dc of a unit, from 0, by every path."""
        return np.asarray(self.grads[0, 0].dc)[:, 0, unit]

    def direct(self, unit: int) -> Floats:
        """(T,) what of the last step's dL/dc comes back along the cell state path, by forget gates alone."""
        f, last = self.gate("f", unit), self.dc(unit)[-1]
        return np.asarray(last * np.append(np.cumprod(f[:0:-1])[::-1], 1.0))

    def gate(self, gate: str, unit: int) -> Floats:
        """(T,) a gate of a unit, from 0."""
        return np.asarray(self.trace[0, 0].gates[gate][:, 0, unit])


@dataclass(frozen=True, eq=False)
class Experiment:
    """One network that reads one sequence, as it is and under an intervention.

    x        (T, 1, I) what it reads
    tokens   the same in a few characters a step; `inputs` and `classes`: names of the features and of the outputs
    targets  (T,) what the output should be: a number, or (with classes) the code of the letter that comes next
    surgery  what is done to its gates; nothing, where it is ()
    holds    what the reader holds in the picture (lessons.common.interventions)
    """

    x: Floats
    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    targets: NDArray[np.floating] | NDArray[np.int64]
    network: rv.Network
    surgery: tuple[Surgery, ...]
    holds: str = ""

    @property
    def operated(self) -> bool:
        """Whether anything is done to it: by the controls, or in the picture."""
        return self.first_change is not None

    @property
    def by_hand(self) -> bool:
        """Whether the weights were set by hand; otherwise they were trained."""
        return not self.classes

    @property
    def bias(self) -> Floats:
        """(H,) the forget gates' biases."""
        cell, H = self.network.layers[0][0], self.network.hidden_size
        return np.asarray((cell.bias_ih + cell.bias_hh)[H : 2 * H])

    @cached_property
    def untouched(self) -> Run:
        """The network as it is."""
        return self.run(())

    @cached_property
    def changed(self) -> Run:
        """The network under the intervention, and with what the reader holds."""
        x, surgery = self.held
        return self.run(surgery, x) if self.operated else self.untouched

    @cached_property
    def held(self) -> tuple[Floats, tuple[Surgery, ...]]:
        """What it reads, and all that is done to it, as the engine takes them."""
        return held_pass(self.network, self.x, self.holds, self.surgery)

    @property
    def first_change(self) -> int | None:
        """The first step, from 0, at which anything is done to it; None where nothing is."""
        held = kept_holds(self.network, len(self.x), self.holds)
        return min([*(cut.first for cut in self.surgery), *(one.step for one in held)], default=None)

    @property
    def changed_inputs(self) -> tuple[tuple[int, int, float], ...]:
        """The inputs that are held: (step, feature, value), from 0."""
        held = kept_holds(self.network, len(self.x), self.holds)
        return tuple((one.step, one.unit, one.value) for one in held if one.place == "x")

    def run(self, surgery: Sequence[Surgery], x: Floats | None = None) -> Run:
        """Forward and backward, of another x where one is given; the backward pass starts from the last output."""
        trace = rv.unroll(self.network, self.x if x is None else x, surgery=surgery)
        if self.by_hand:
            dy = np.zeros_like(trace.y)
            dy[-1] = 1.0
            value, outcome = float(trace.y[-1, 0, 0]), trace.y[:, 0, 0]
        else:
            last = np.zeros(trace.y.shape[:2], bool)
            last[-1] = True
            loss = rv.losses.softmax_cross_entropy(trace.y, np.asarray(self.targets)[:, None], last)
            dy, value = loss.dy, loss.value
            outcome = probabilities(trace.y[:, 0])[np.arange(len(trace.y)), np.asarray(self.targets)]
        return Run(trace, rv.backpropagate(self.network, trace, dy), value, np.asarray(outcome))


@lru_cache(maxsize=32)
def with_signal(
    name: str, length: int, seed: int, forget_bias: float, surgery: tuple[Surgery, ...], holds: str = ""
) -> Experiment:
    """A made signal, "hold" or "reset", with `length` distractors after each mark, and an LSTM set by hand."""
    held = name == "hold"
    signal = signals.hold_signal(length, VALUE, seed) if held else signals.reset_signal(length, seed)
    return Experiment(
        x=signal.x[:, None, :],
        tokens=tuple(token.replace("↓", "↓\N{THIN SPACE}") for token in signal.tokens),
        inputs=signals.INPUTS,
        classes=(),
        targets=signal.targets,
        network=signals.lstm_by_hand(forget_bias),
        surgery=surgery,
        holds=holds,
    )


@lru_cache(maxsize=32)
def with_letters(symbols: str, more: float, surgery: tuple[Surgery, ...], holds: str = "") -> Experiment:
    """At least two symbols of text, and the trained LSTM, in float64, with `more` added to its forget gates' biases."""
    network, about = trained("letters_lstm")
    H = network.hidden_size
    state = {name: a.astype(np.float64) for name, a in network.state_dict().items()}
    state["bias_ih_l0"][H : 2 * H] += more
    return Experiment(
        x=about.one_hot(symbols[:-1]),
        tokens=visible(symbols[:-1]),
        inputs=visible(about.inputs),
        classes=visible(about.alphabet),
        targets=codes(symbols[1:], about.alphabet),
        network=network.with_parameters(state),
        surgery=surgery,
        holds=holds,
    )


def visible(symbols: str) -> tuple[str, ...]:
    """Symbol by symbol, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)
