"""A GRU and an LSTM that read the same: what they are, what they did, and what they cost.

On made signals their weights are set by hand (`common/signals.py`); on letters they are trained (`common/trained.py`).
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import signals
from lessons.common.interventions import held_pass, kept_holds
from lessons.common.trained import codes, trained
from rnnviz.cells import CELLS, GRU, LSTM
from rnnviz.surgery import Surgery

VALUE = 0.8
REPEATS, TIMED_STEPS = 21, 50
Floats = NDArray[np.float64]
Times = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Experiment:
    """One input and the two networks that read it.

    x        (T, 1, I) what both read
    tokens   the same in a few characters a step; `inputs` and `classes`: names of the features and of the outputs
    targets  (T,) what the output should be: a number, or (with classes) the code of the letter that comes next
    holds    what the reader holds in the picture of the GRU (lessons.common.interventions); inputs are held for both
    """

    x: Floats
    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    targets: Floats | NDArray[np.int64]
    gru: rv.Network
    lstm: rv.Network
    holds: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether the weights were set by hand; otherwise they were trained."""
        return not self.classes

    @cached_property
    def passes(self) -> dict[str, rv.Trace]:
        """What both networks did: {"gru": Trace, "lstm": Trace}."""
        x, surgery = self.held
        return {"gru": rv.unroll(self.gru, x, surgery=surgery), "lstm": rv.unroll(self.lstm, x)}

    @cached_property
    def held(self) -> tuple[Floats, tuple[Surgery, ...]]:
        """What is read, and what is done to the GRU, as the engine takes them."""
        return held_pass(self.gru, self.x, self.holds)

    @property
    def operated(self) -> bool:
        """Whether anything is held."""
        return bool(kept_holds(self.gru, len(self.x), self.holds))

    @cached_property
    def free(self) -> "Experiment":
        """The same with nothing held."""
        return replace(self, holds="") if self.holds else self

    @cached_property
    def backward(self) -> tuple[rv.Gradients, float]:
        """The GRU's gradients and the number L that they are of: the last output, or the mean loss per letter."""
        trace = self.passes["gru"]
        if not self.by_hand:
            loss = self.loss(trace)
            return rv.backpropagate(self.gru, trace, loss.dy), loss.value
        dy = np.zeros_like(trace.y)
        dy[-1] = 1.0
        return rv.backpropagate(self.gru, trace, dy), float(trace.y[-1, 0, 0])

    def loss(self, trace: rv.Trace) -> rv.losses.Loss:
        """The cross-entropy of the letters that come next, in nats."""
        return rv.losses.softmax_cross_entropy(trace.y, np.asarray(self.targets)[:, None])

    def outcome(self, cell: str) -> Floats:
        """(T,) how well a network does: its output, to be compared with the targets; for letters, its loss per step."""
        trace = self.passes[cell]
        return np.asarray(trace.y[:, 0, 0] if self.by_hand else self.loss(trace).steps[:, 0])

    def gates(self, cell: str, unit: int) -> dict[str, Floats]:
        """{gate: (T,)}: of this unit where the weights were set by hand, since unit pairs with unit; else the mean."""
        gates = self.passes[cell][0, 0].gates
        return {k: np.asarray(a[:, 0, unit] if self.by_hand else a[:, 0].mean(axis=1)) for k, a in gates.items()}

    def moved_gate(self) -> rv.Trace:
        """What the GRU would do with the same weights and its reset gate in the other place."""
        turned = rv.Network.from_state_dict(self.gru.state_dict(), "gru", reset_after=not self.gru.reset_after)
        x, surgery = self.held
        return rv.unroll(turned, x, surgery=surgery)

    def moves(self) -> dict[str, float]:
        """By how much each network's last output changes where every distractor changes its sign, and nothing is held;
        signals only."""
        x = self.x.copy()
        x[~x[:, 0, 1:].any(axis=1), 0, 0] *= -1
        networks = {"gru": self.gru, "lstm": self.lstm}
        last = {cell: rv.unroll(network, x).y[-1, 0, 0] for cell, network in networks.items()}
        return {cell: float(abs(y - self.free.passes[cell].y[-1, 0, 0])) for cell, y in last.items()}


@lru_cache(maxsize=32)
def with_signal(name: str, length: int, seed: int, keep: float, reset_bias: float, reset_after: bool) -> Experiment:
    """A made signal, "hold" or "reset", with `length` distractors after each mark, and both networks set by hand.

    `keep` is the bias of the GRU's z and of the LSTM's f, `reset_bias` that of the GRU's r.
    """
    held = name == "hold"
    signal = signals.hold_signal(length, VALUE, seed) if held else signals.reset_signal(length, seed)
    return Experiment(
        x=signal.x[:, None, :],
        tokens=signal.tokens,
        inputs=signals.INPUTS,
        classes=(),
        targets=signal.targets,
        gru=signals.gru_by_hand(keep, reset_bias, reset_after),
        lstm=signals.lstm_by_hand(keep),
    )


@lru_cache(maxsize=32)
def with_letters(symbols: str, name: str, reset_after: bool) -> Experiment:
    """Two symbols of text or more, and the trained GRU `name` and LSTM: they guess the next symbol."""
    (gru, about), (lstm, _) = trained(name), trained("letters_lstm")
    return Experiment(
        x=about.one_hot(symbols[:-1]),
        tokens=visible(symbols[:-1]),
        inputs=visible(about.inputs),
        classes=visible(about.alphabet),
        targets=codes(symbols[1:], about.alphabet),
        gru=gru if reset_after else rv.Network.from_state_dict(gru.state_dict(), "gru", reset_after=False),
        lstm=lstm,
    )


def visible(symbols: str) -> tuple[str, ...]:
    """Symbol by symbol, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)


def cell_parameters(network: rv.Network) -> int:
    """The parameters of a network's one layer, without those of the readout."""
    return CELLS[network.cell].parameter_count(network.input_size, network.hidden_size)


def as_many_parameters(I: int, H: int) -> int:
    """The GRU's number of units whose parameters come nearest to those of an LSTM with H units."""
    wanted = LSTM.parameter_count(I, H)
    return min(range(H, 2 * H + 1), key=lambda units: abs(GRU.parameter_count(I, units) - wanted))


def seconds_per_step(networks: list[rv.Network]) -> list[Times]:
    """Of each network: lower quartile, median and upper quartile of REPEATS recorded passes over TIMED_STEPS steps.

    In seconds per step. The networks take turns, so that whatever else the computer does meets all of them.
    """
    x = np.random.default_rng(0).normal(size=(TIMED_STEPS, 1, networks[0].input_size))
    taken = np.empty((REPEATS, len(networks)))
    for repeat in range(REPEATS):
        for k, network in enumerate(networks):
            start = perf_counter()
            rv.unroll(network, x)
            taken[repeat, k] = (perf_counter() - start) / TIMED_STEPS
    low, median, high = np.quantile(taken, (0.25, 0.5, 0.75), axis=0).tolist()
    return list(zip(low, median, high, strict=True))
