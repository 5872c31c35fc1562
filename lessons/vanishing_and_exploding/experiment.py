"""Three networks read the same noise, and L looks at the last state alone: how much of its gradient reaches each step.

An Elman network, an LSTM and a GRU, drawn from one seed. Every recurrent block is rho times one kind of random matrix
whose spectral radius is 1:

    orthogonal  all eigenvalues and all singular values have size 1
    gaussian    independent entries; the largest singular value is about twice the spectral radius
    triangular  I + U, where U has Gaussian entries of deviation 2 / sqrt(H) above the diagonal and 0 elsewhere: all
                eigenvalues are 1, and yet unit after unit passes on more than it got; far from normal, and defective:
                its powers grow by a polynomial factor beside rho^k, and only ||W^k||^(1/k) -> rho (Gelfand)

L = (h_T[1] + ... + h_T[H]) / sqrt(H), so that ||dL/dh_T|| = 1, and ||dL/dh_t|| is the factor by which the gradient has
grown or shrunk on its way.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.diagnostics import (
    GradientPaths,
    JacobianProducts,
    MemoryHorizon,
    PerLayer,
    gradient_paths,
    jacobian_products,
    log10_cell_gradient_norms,
    log10_hidden_gradient_norms,
    memory_horizon,
)
from rnnviz.diagnostics.graded import log10_singular_values
from rnnviz.diagnostics.jacobians import step_parts
from rnnviz.diagnostics.norms import log10_norm
from rnnviz.diagnostics.products import log10_spectral_norm

UNITS, INPUTS = 16, 4
ORTHOGONAL, GAUSSIAN, TRIANGULAR = "orthogonal", "gaussian", "triangular"
MATRICES = (ORTHOGONAL, GAUSSIAN, TRIANGULAR)
ELMAN = ("tanh", "relu", "sigmoid", "linear")
CELLS = (*ELMAN, "lstm", "gru")
NUMBERS = ("float64", "float32")
KINDS = ("elman", "lstm", "gru")
SCALES = np.round(np.arange(0.1, 3.001, 0.05), 2)
ALL, STATE, LAST = "all", "state", "last"  # paths besides those through gates: every one, the straight one, the last o


def recurrent_init(matrix: str, rho: float) -> rv.initializers.Initializer:
    """rho times a random matrix of this kind, of spectral radius 1."""
    if matrix == TRIANGULAR:
        return lambda shape, rng: rho * triangular(shape, rng)
    if matrix == GAUSSIAN:
        return partial(rv.initializers.echo_state, radius=rho)
    return partial(rv.initializers.orthogonal, gain=rho)


def triangular(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """I + U: (H, H), all eigenvalues 1, Gaussian of deviation 2 / sqrt(H) above the diagonal, 0 below it."""
    H = shape[0]
    return np.asarray(np.eye(H) + np.triu(2 / np.sqrt(H) * rng.standard_normal(shape), 1))


@dataclass(frozen=True)
class Settings:
    """All that the page lets one choose, but for where one looks.

    matrix, rho  what W_h is: a kind, and its spectral radius
    cell         the network that is looked at, one of CELLS: an activation stands for an Elman network
    steps        T
    input_scale  the deviation of the noise that is read
    keep         the bias of what keeps: the LSTM's f, the GRU's z
    numbers      "float64" or "float32"
    """

    matrix: str = ORTHOGONAL
    rho: float = 1.5
    cell: str = "tanh"
    steps: int = 50
    input_scale: float = 2.0
    keep: float = 1.0
    seed: int = 0
    numbers: str = "float64"

    @property
    def activation(self) -> str:
        """The Elman network's; tanh where it is not the one that is looked at."""
        return self.cell if self.cell in ELMAN else "tanh"

    @property
    def kind(self) -> str:
        """The kind of the cell that is looked at, one of KINDS."""
        return "elman" if self.cell in ELMAN else self.cell

    def network(self, kind: str) -> rv.Network:
        """The network of this kind, drawn from the seed."""
        return rv.Network.create(
            kind,
            input_size=INPUTS,
            hidden_size=UNITS,
            recurrent_init=recurrent_init(self.matrix, self.rho),
            gate_biases={"lstm": {"f": self.keep}, "gru": {"z": self.keep}}.get(kind),
            nonlinearity=self.activation,
            dtype=np.dtype(self.numbers),
            rng=np.random.default_rng(self.seed),
        )

    @property
    def x(self) -> Array:
        """What all of them read, (T, 1, I): noise of a seed of its own."""
        noise = np.random.default_rng([self.seed, 1]).standard_normal((self.steps, 1, INPUTS))
        return np.asarray(self.input_scale * noise)


@dataclass(frozen=True)
class Pass:
    """One network, forward and backward."""

    trace: rv.Trace
    grads: rv.Gradients

    @cached_property
    def exploded(self) -> int | None:
        """The first step, from 1, whose state is not finite; None where all are."""
        found = self.trace.nonfinite
        return None if found is None or found.step is None else found.step + 1

    @cached_property
    def norms(self) -> Array:
        """log10 ||dL/dh_t||, (T,); NaN all along where L is not finite."""
        return self._of_a_number(log10_hidden_gradient_norms(self.grads)[0, 0])

    @cached_property
    def cell_norms(self) -> Array:
        """log10 ||dL/dc_t|| of the LSTM, (T,), likewise."""
        return self._of_a_number(log10_cell_gradient_norms(self.grads)[0, 0])

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Where the gradient is not finite, (T,)."""
        return np.asarray(np.isnan(self.norms) | np.isposinf(self.norms))

    def _of_a_number(self, norms: Array) -> Array:
        return np.asarray(norms[:, 0] if self.exploded is None else np.full(len(norms), np.nan))


@dataclass(frozen=True)
class Study:
    """Everything that the page shows of one choice of settings.

    passes  {"elman", "lstm", "gru": a Pass}
    """

    settings: Settings
    passes: dict[str, Pass]

    @property
    def shown(self) -> Pass:
        """The pass of the network that is looked at."""
        return self.passes[self.settings.kind]

    @cached_property
    def _products(self) -> PerLayer[JacobianProducts]:
        return jacobian_products(self.shown.trace.network, self.shown.trace)

    @property
    def products(self) -> JacobianProducts:
        """Singular values of each step and of the product of all steps to the end, of the network shown."""
        return self._products[0, 0]

    @cached_property
    def gains(self) -> Array:
        """log10 of the largest singular value of each step of the network shown, (T,)."""
        return log10_spectral_norm(self.products.jacobians[:, 0])

    def one_step(self, step: int) -> Array:
        """log10 of the singular values of one step, from 1: (S,), descending; NaN where it is not finite."""
        jacobian = self.products.jacobians[step - 1 : step]
        if not np.isfinite(jacobian).all():
            return np.full(jacobian.shape[-1], np.nan)
        return np.asarray(log10_singular_values(jacobian, [0])[0, 0])

    def all_steps(self, step: int) -> Array:
        """The same of all steps after this one together; computed once for each step that is asked for."""
        if step not in self._spectra:
            self._spectra[step] = self.products.spectrum(step)[0]
        return self._spectra[step]

    @cached_property
    def _spectra(self) -> dict[int, Array]:
        return {}

    @cached_property
    def horizon(self) -> MemoryHorizon:
        """How far back the network shown reaches."""
        return memory_horizon(self.shown.trace.network, self.shown.trace, self._products)[0, 0]

    @cached_property
    def paths(self) -> dict[str, Array]:
        """Of a gated cell, what comes back to its state on each path: {path: vectors (T, H)}; with ALL, the sum.

        STATE  straight along the state, where the forget or update gate alone multiplies
        gates  by the gate that a path enters first, after it has left the state
        LAST   of the LSTM: through the last output gate, o_T, which shows the state of the end and does not enter it
        """
        found = self._matrices
        end = dy(self.settings.steps)[-1, 0]
        parts, last = step_parts(self.shown.trace.network, self.shown.trace)[0, 0], {}
        if self.settings.kind == "lstm":
            last[LAST] = self._through_the_last_gate(end @ parts.through["o"][-1, 0], parts.shown[:, 0])
            end = end * parts.shown[-1, 0]
        vectors = {STATE: found.direct[1:, 0] * end}
        vectors |= {gate: end @ part[1:, 0] for gate, part in found.through.items()} | last
        return {ALL: sum(vectors.values(), np.zeros((self.settings.steps, UNITS))), **vectors}

    def _through_the_last_gate(self, by_h: Array, shown: Array) -> Array:
        """(T, H): of dL/dc_t what dL/dh_{T-1} = `by_h` makes of it, step by step; `shown` is dh_t/dc_t."""
        J = self.products.jacobians[:, 0]
        found: Array = np.zeros_like(shown)
        joint = np.concatenate([by_h, np.zeros(UNITS)])  # by h and c as if they were independent
        for t in reversed(range(self.settings.steps - 1)):
            found[t] = joint[UNITS:] + joint[:UNITS] * shown[t]
            joint = joint @ J[t]
        return found

    @cached_property
    def _matrices(self) -> GradientPaths:
        return gradient_paths(self.shown.trace.network, self.shown.trace)[0, 0]

    @cached_property
    def path_norms(self) -> dict[str, Array]:
        """log10 of the norms of `paths`, (T,): what this page's gradient, that of L, gets on each of them."""
        with np.errstate(divide="ignore"):
            return {name: log10_norm(vectors) for name, vectors in self.paths.items()}

    def path_gains(self, step: int) -> dict[str, float]:
        """log10 of the largest singular value of each path from this step, from 1, to the end: for any gradient.

        LAST is not among them: it does not lead to the state of the end.
        """
        found = self._matrices
        with np.errstate(divide="ignore"):
            state = float(np.log10(np.abs(found.direct[step, 0]).max()))
        names = (ALL, *found.through)
        matrices = np.stack([found.total[step, 0], *(part[step, 0] for part in found.through.values())])
        return {STATE: state, **dict(zip(names, log10_spectral_norm(matrices).tolist()))}

    @cached_property
    def slopes(self) -> Array:
        """The slope phi'(a_t) of the Elman network shown, mean over the units, (T,); NaN where h_t is not finite."""
        h = self.shown.trace[0, 0].h[:, 0].astype(np.float64)
        _, derivative = NONLINEARITIES[self.settings.activation]
        slopes = np.asarray(derivative(h).mean(axis=-1))
        slopes[~np.isfinite(h).all(axis=-1)] = np.nan
        return slopes

    @cached_property
    def W(self) -> Array:
        """W_h of the Elman network shown, (H, H)."""
        return np.asarray(self.shown.trace.network.layers[0][0].weight_hh, np.float64)

    def power(self, lag: int) -> float:
        """log10 ||W_h^lag||: the most that so many steps of a linear network change a gradient's norm."""
        return float(log10_spectral_norm(np.linalg.matrix_power(self.W, lag)[None])[0])

    def without_slopes(self, lag: int) -> float:
        """log10 of the norm that the gradient would have, were every slope 1."""
        with np.errstate(divide="ignore"):
            return float(log10_norm(dy(1)[0] @ np.linalg.matrix_power(self.W, lag))[0])

    @property
    def in_sight(self) -> int:
        """How many of the last steps finite differences can look back from L: up to where the gradient passes 10^4.

        There L bends within their smallest step. With relu and linear units L bends nowhere, and grows as its gradient
        does.
        """
        T = self.settings.steps
        beyond = np.flatnonzero(~(self.shown.norms <= 4))
        return T if self.settings.cell in ("relu", "linear") or not beyond.size else T - int(beyond[-1]) - 1

    @cached_property
    def map(self) -> Array:
        """log10 ||dL/dh_t|| of the network shown at every scale, (M, T)."""
        drawn = at_every_scale(replace(self.settings, rho=1.0)).copy()
        drawn[np.abs(SCALES - self.settings.rho).argmin()] = self.shown.norms
        return drawn


def dy(T: int) -> Array:
    """dL/dy: 1/sqrt(H) for each unit of the last state, 0 elsewhere, (T, 1, H)."""
    given = np.zeros((T, 1, UNITS))
    given[-1] = 1 / np.sqrt(UNITS)
    return given


def run(settings: Settings, kind: str) -> Pass:
    """Forward and backward."""
    network = settings.network(kind)
    trace = rv.unroll(network, settings.x)
    return Pass(trace, rv.backpropagate(network, trace, dy(settings.steps)))


@lru_cache(maxsize=16)
def study(settings: Settings) -> Study:
    """All three networks; what else is asked of them is computed when it is."""
    return Study(settings, {kind: run(settings, kind) for kind in KINDS})


@lru_cache(maxsize=16)
def at_every_scale(settings: Settings) -> Array:
    """log10 ||dL/dh_t|| of the network shown, its recurrent weights times each of SCALES, in one pass: (M, T)."""
    models = rv.sweep.scaled(settings.network(settings.kind), SCALES)
    traces = rv.sweep.unroll(models, settings.x[:, 0])
    given = np.broadcast_to(dy(settings.steps), traces.h.shape)
    with np.errstate(all="ignore"):
        norms = log10_norm(rv.sweep.backpropagate(models, traces, given).dh).T
    norms[traces.nonfinite_step >= 0] = np.nan
    return np.asarray(norms)
