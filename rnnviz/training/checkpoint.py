"""Where a training run stands: all that it needs to go on, and what was measured at its last update."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, require
from rnnviz.optimizers import Optimizer, State
from rnnviz.schedules import Plateau
from rnnviz.training.models import Model, recurrent, require_model
from rnnviz.training.randomness import Randomness, randomness


@dataclass(frozen=True, eq=False)
class Checkpoint(Generic[Model]):
    """A run after `update` updates; `train(checkpoint, ...)` goes on from here.

    update         updates done so far; 0 before the first
    network        the network as it is now, or the encoder-decoder: what is said of layers below is then its encoder's.
                   Of a self-attention network step_norms are those of dL/de_t, and it has no gates.
    loss           of the batch of the last update, before that update; NaN where there was none, as the next three
    gradient_norm  Euclidean norm of that loss's gradient by all parameters, before clipping
    clipped_norm   the same after `clip`, and after all that the optimizer's chain does first: of what its rule gets
    learning_rate  of the last update
    seconds        that the last update took, the drawing of the batch included; the only number that is not repeatable
    step_norms     (T,) ||dL/dh_t|| of the top layer, over all its units, directions and sequences, by input position
    gate_means     {letter: mean} of the top layer's gates over units, directions, sequences and steps, without padding

    Of what resuming needs:
    optimizer_state  what the optimizer remembers; None before it was asked for anything
    plateau          what a learning rate that looks at the losses has seen; None for any other
    carried          {"h": (L, B, H), "c"}, the states with which the next window of a stream begins; empty without one
    rng              where the run's own random generator stands
    """

    update: int
    network: Model
    loss: float = np.nan
    gradient_norm: float = np.nan
    clipped_norm: float = np.nan
    learning_rate: float = np.nan
    seconds: float = 0.0
    step_norms: Array = field(default_factory=lambda: np.empty(0), repr=False)
    gate_means: Mapping[str, float] = field(default_factory=dict)
    optimizer_state: State | None = field(default=None, repr=False)
    plateau: Plateau | None = field(default=None, repr=False)
    carried: Mapping[str, Array] = field(default_factory=dict, repr=False)
    rng: Randomness = field(default_factory=lambda: randomness(np.random.default_rng(0)), repr=False)

    @cached_property
    def eigenvalues(self) -> dict[str, NDArray[np.complex128]]:
        """The eigenvalues of the top layer's W_h, first direction, {gate's letter: (H,)}; Elman's one letter is "h"."""
        cell = recurrent(self.network).layers[-1][0]
        blocks = np.split(cell.weight_hh.astype(np.float64), len(cell.GATES))
        return {gate: np.linalg.eigvals(W).astype(np.complex128) for gate, W in zip(cell.GATES, blocks)}

    @property
    def spectral_radius(self) -> float:
        """rho(W_h) of the top layer's first direction: of an LSTM or GRU, of the candidate's block, W_hg or W_hn."""
        last = next((gate.letter for gate in recurrent(self.network).spec.gates if gate.role == "candidate"), "h")
        return float(np.abs(self.eigenvalues[last]).max())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to an .npz file, which `training.load` reads; see `rnnviz.training.files`.

        Raises WeightsError for another suffix, FileNotFoundError where there is no such folder.
        """
        from rnnviz.training.files import write

        write(self, path)


def start(
    network: Model, optimizer: Optimizer | None = None, rng: np.random.Generator | None = None
) -> Checkpoint[Model]:
    """The checkpoint of update 0, to which a run can always be taken back.

    network    to be trained, or an encoder-decoder, or a self-attention network
    optimizer  makes its first state; None: the run does, at its first update
    rng        where the run's random numbers come from; None: `numpy.random.default_rng(0)`. The run has a generator of
               its own, which begins where this one stands; this one is not advanced.
    """
    require_model(network)
    if optimizer is not None:
        require("optimizer", optimizer, Optimizer)
    random = randomness(np.random.default_rng(0) if rng is None else rng)
    state = None if optimizer is None else optimizer.init(network.state_dict())
    return Checkpoint(0, network, optimizer_state=state, rng=random)
