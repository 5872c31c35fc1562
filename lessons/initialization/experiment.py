"""What the lesson on initialization computes: one network from every initialization, on the same input, untrained.

A plain network draws its recurrent weights by each scheme, a gated one has several biases of the gate that keeps.
Within one page all else is the same: input weights, input, loss. The loss is the sum of the last state's units over the
square root of their number, so that the gradient by the last state has norm 1 and all others say what is left of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.activations import sigmoid
from rnnviz.arrays import Array
from rnnviz.diagnostics import (
    gate_slopes,
    log10_cell_gradient_norms,
    log10_hidden_gradient_norms,
    tanh_slopes,
)
from rnnviz.diagnostics.norms import log10_norm
from rnnviz.initializers import INITIALIZERS, Initializer, chrono

NOISE, SMALL, ADDING, PULSE = SIGNALS = ("noise", "small", "adding", "pulse")
LONGEST = 50  # steps that chrono remembers at most, unless the reader says otherwise
KEEPS = {"lstm": "f", "gru": "z"}  # the gate that keeps


@dataclass(frozen=True)
class Scheme:
    """A way to draw the recurrent weights.

    radius   the spectral radius that is predicted where its setting is 1, in units of sqrt(H) for "normal"
    setting  the name of the argument that can be set; None: there is none
    default  of that argument
    law      schemes with the same one differ in nothing that matters here: the same variance, or the same matrix
    """

    radius: float
    law: str
    setting: str | None = None
    default: float = 1.0


SCHEMES: Mapping[str, Scheme] = {
    "zeros": Scheme(0.0, "zeros"),
    "normal": Scheme(1.0, "normal", "std", 0.01),
    "uniform": Scheme(sqrt(1 / 3), "uniform"),
    "xavier_uniform": Scheme(1.0, "xavier", "gain"),
    "xavier_normal": Scheme(1.0, "xavier", "gain"),
    "he_uniform": Scheme(sqrt(2), "he"),
    "he_normal": Scheme(sqrt(2), "he"),
    "lecun_uniform": Scheme(1.0, "xavier"),
    "lecun_normal": Scheme(1.0, "xavier"),
    "orthogonal": Scheme(1.0, "orthogonal", "gain"),
    "identity": Scheme(1.0, "identity", "gain"),
    "echo_state": Scheme(1.0, "echo_state", "radius", 0.9),
}
LAWS = tuple(dict.fromkeys(scheme.law for scheme in SCHEMES.values()))
EXACT = ("zeros", "orthogonal", "identity", "echo_state")  # whose radius is predicted for every H, not only for a large
STDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Settings:
    """Everything that the page's address says.

    cell            "elman", "lstm" or "gru"
    scheme, amount  a key of SCHEMES, and its setting
    nonlinearity    the Elman cell's
    bias            of the gate that keeps; None: chrono, up to `longest`
    """

    cell: str
    scheme: str
    amount: float
    nonlinearity: str
    bias: float | None
    longest: int
    signal: str
    steps: int
    units: int
    seed: int

    @cached_property
    def x(self) -> Array:
        """What is read, (T, 1, 2)."""
        rng = np.random.default_rng(1000 + self.seed)
        return {
            NOISE: lambda: rng.standard_normal((self.steps, 1, 2)),
            SMALL: lambda: 0.1 * rng.standard_normal((self.steps, 1, 2)),
            ADDING: lambda: rv.tasks.adding(rng, 1, self.steps).x,
            PULSE: lambda: np.eye(self.steps, 1)[:, :, None] * np.ones(2),
        }[self.signal]()

    def initializer(self) -> str | Initializer:
        """The scheme with its setting."""
        setting = SCHEMES[self.scheme].setting
        return partial(INITIALIZERS[self.scheme], **{setting: self.amount}) if setting else self.scheme

    @property
    def radius(self) -> float:
        """The spectral radius that the scheme predicts."""
        scheme = SCHEMES[self.scheme]
        amount = self.amount if scheme.setting else 1.0
        return scheme.radius * amount * (sqrt(self.units) if self.scheme == "normal" else 1.0)

    def gate_biases(self) -> dict[str, Array]:
        """The biases of a gated cell, by gate."""
        if self.bias is None:
            return chrono(self.cell, self.units, self.longest, np.random.default_rng(self.seed))
        return {KEEPS[self.cell]: np.full(self.units, self.bias)}

    def network(self) -> rv.Network:
        """The network as it is initialized."""
        return rv.Network.create(
            self.cell,
            input_size=2,
            hidden_size=self.units,
            recurrent_init=self.initializer() if self.cell == "elman" else "orthogonal",
            nonlinearity=self.nonlinearity,
            gate_biases={} if self.cell == "elman" else self.gate_biases(),
            rng=np.random.default_rng(self.seed),
        )


@dataclass(frozen=True)
class Started:
    """A network as it is initialized, with one pass forwards and one backwards."""

    settings: Settings

    @cached_property
    def network(self) -> rv.Network:
        return self.settings.network()

    @cached_property
    def trace(self) -> rv.Trace:
        return rv.unroll(self.network, self.settings.x)

    @cached_property
    def dy(self) -> Array:
        """dL/dy, (T, 1, H)."""
        dy = np.zeros_like(self.trace.y)
        dy[-1] = 1 / np.sqrt(self.settings.units)
        return dy

    @cached_property
    def grads(self) -> rv.Gradients:
        return rv.backpropagate(self.network, self.trace, self.dy)

    @property
    def gated(self) -> bool:
        return self.settings.cell != "elman"

    @cached_property
    def W(self) -> Array:
        """W_h, (G*H, H)."""
        return self.network.layers[0][0].weight_hh

    @cached_property
    def eigenvalues(self) -> NDArray[np.complex128]:
        """Of an Elman network's W_h, (H,)."""
        return np.linalg.eigvals(self.W).astype(np.complex128)

    @cached_property
    def singular_values(self) -> Array:
        """Of an Elman network's W_h, (H,), largest first."""
        return np.linalg.svd(self.W, compute_uv=False)

    @cached_property
    def log10_state(self) -> Array:
        """log10 of the root mean square of the state that is carried (c of an LSTM, h of the others), (T,)."""
        layer = self.trace[0, 0]
        return log10_rms((layer.h if layer.c is None else layer.c)[:, 0])

    @cached_property
    def log10_gradient(self) -> Array:
        """log10 of the norm of dL/dc_t (LSTM) or dL/dh_t, relative to that at the last step, (T,)."""
        norms = log10_cell_gradient_norms if self.settings.cell == "lstm" else log10_hidden_gradient_norms
        logs = norms(self.grads)[0, 0][:, 0]
        return relative(logs)

    @cached_property
    def slopes(self) -> Array:
        """The slope of each unit's activation as a share of its largest, (T, H): of h, or of the gate that keeps."""
        if self.gated:
            return gate_slopes(self.trace)[0, 0][KEEPS[self.settings.cell]][:, 0]
        h = self.trace[0, 0].h[:, 0]
        if self.settings.nonlinearity in ("relu", "linear"):
            on = h > 0 if self.settings.nonlinearity == "relu" else np.ones_like(h)
            return np.where(np.isfinite(h), on, np.nan)
        kind = tanh_slopes if self.settings.nonlinearity == "tanh" else gate_slopes
        return kind(self.trace)[0, 0]["h"][:, 0]

    @cached_property
    def openness(self) -> Array:
        """The gate that keeps, on average over the steps, (H,)."""
        return np.asarray(self.trace[0, 0].gates[KEEPS[self.settings.cell]][:, 0].mean(axis=0))

    @cached_property
    def predicted_openness(self) -> Array:
        """sigma of that gate's bias, (H,)."""
        return sigmoid(self.settings.gate_biases()[KEEPS[self.settings.cell]])

    def along_the_path(self, shares: Array) -> Array:
        """log10 of what is left of the last step's gradient, (T,), where each unit keeps `shares` (T, H) of it.

        `shares`: what the gate of each step lets pass from this step to the one before.
        """
        layer = self.grads[0, 0]
        last = (layer.dh if layer.dc is None else layer.dc)[-1, 0]
        with np.errstate(divide="ignore"):
            logs = np.log10(np.abs(last)) + np.vstack(
                [np.cumsum(np.log10(shares[:0:-1]), axis=0)[::-1], np.zeros_like(last)]
            )
        return relative(log10_norm_of_logs(logs))


def paths(run: Started) -> dict[str, Array]:
    """log10 of what is left, (T,): by all paths, by the direct one, as predicted from the bias alone."""
    gate = KEEPS[run.settings.cell]
    predicted = np.tile(run.predicted_openness, (run.settings.steps, 1))
    return {
        "all": run.log10_gradient,
        "direct": run.along_the_path(run.trace[0, 0].gates[gate][:, 0]),
        "predicted": run.along_the_path(predicted),
    }


def half_life(kept: float) -> float:
    """After how many steps a half is left of what each step keeps so much of."""
    return -log(2) / log(kept)


def lag(logs: Array, share: float) -> float:
    """How many steps back a gradient, log10 (T,), has fallen to `share` and stays there; inf: not in this sequence."""
    above = np.flatnonzero(~(logs <= np.log10(share)))
    return float(len(logs) - above[0]) if above[0] else np.inf


def log10_norm_of_logs(logs: Array) -> Array:
    """log10 of the norm over the last axis of numbers of the sizes 10^logs; -inf where all are 0, inf and NaN stay."""
    largest = logs.max(axis=-1)
    with np.errstate(invalid="ignore"):
        found = largest + np.log10(np.sum(10 ** (2 * (logs - largest[..., None])), axis=-1)) / 2
    return np.where(np.isfinite(largest), found, largest)


def log10_rms(values: Array) -> Array:
    """log10 of the root mean square over the last axis; -inf where all are 0."""
    with np.errstate(all="ignore"):
        return log10_norm(values) - np.log10(values.shape[-1]) / 2


def relative(logs: Array) -> Array:
    """Log norms minus that of the last step; as they are where that is no number."""
    return logs - logs[-1] if np.isfinite(logs[-1]) else logs
