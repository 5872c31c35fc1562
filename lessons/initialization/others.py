"""The other initializations that a network is compared with, each in one sweep; what luck does; and their spectra."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.initialization.experiment import (
    KEEPS,
    LONGEST,
    PULSE,
    SCHEMES,
    Settings,
    Started,
    log10_rms,
)
from rnnviz.arrays import Array
from rnnviz.cells import CELLS
from rnnviz.sweep import BothWays

SEEDS = 20


@dataclass(frozen=True, eq=False)
class Others:
    """The settings to compare with, and of M what `Started` has of one: (M, T), and (M, H), of plain ones (M, 0).

    found  both passes of all M; the gradient is that of an LSTM's c, relative to the last step
    """

    settings: tuple[Settings, ...]
    found: BothWays
    log10_state: Array
    openness: Array

    @property
    def log10_gradient(self) -> Array:
        """log10 of what is left of the gradient, (M, T)."""
        return self.found.log10_left.T


@lru_cache(maxsize=32)
def drawn(settings: tuple[Settings, ...]) -> rv.sweep.Models:
    """The networks of these settings, as models of one sweep; what they read and for how long does not matter."""
    several = networks(settings)
    models = rv.sweep.stack(several)
    if several[0].cell == "elman":
        return models
    return replace(models, multiples=(several[0].layers[0][0].weight_hh, np.ones(len(several))))  # all have the same


def networks(settings: tuple[Settings, ...]) -> list[rv.Network]:
    """The networks of these settings. Those of a gated cell differ in their biases alone, and are drawn once."""
    first = settings[0].network()
    if first.cell == "elman":
        return [first, *(one.network() for one in settings[1:])]
    gates, found = CELLS[first.cell].GATES, []
    for one in settings:
        bias = np.zeros((len(gates), one.units))
        for gate, value in one.gate_biases().items():
            bias[gates.index(gate)] = value
        found.append(first.with_parameters(first.state_dict() | {"bias_ih_l0": bias.ravel()}))
    return found


@lru_cache(maxsize=64)
def others(settings: tuple[Settings, ...]) -> Others:
    """Unroll and differentiate several networks that read the same."""
    models = drawn(tuple(replace(one, steps=1, signal=PULSE) for one in settings))
    traces = rv.sweep.unroll(models, settings[0].x[:, 0])
    keeps = KEEPS.get(settings[0].cell)
    return Others(
        settings,
        rv.sweep.and_back(traces, "c"),
        log10_rms(traces.h if traces.c is None else traces.c).T,
        traces.gates[keeps].mean(axis=0) if keeps else np.zeros((len(settings), 0)),
    )


def schemes(settings: Settings) -> tuple[Settings, ...]:
    """The same plain network from every scheme, each with its default."""
    return tuple(replace(settings, scheme=name, amount=scheme.default) for name, scheme in SCHEMES.items())


def biases(settings: Settings) -> tuple[Settings, ...]:
    """The same gated network from several biases of the gate that keeps."""
    plain = (replace(settings, bias=bias, longest=LONGEST) for bias in (0.0, 1.0, 2.0, 4.0))
    return (*plain, *(replace(settings, bias=None, longest=longest) for longest in (10, LONGEST, 200)))


@lru_cache(maxsize=32)
def spectra(units: int, seed: int) -> tuple[tuple[NDArray[np.complex128], Array], ...]:
    """Eigenvalues and singular values of W_h from every scheme with its default.

    From the same seed many schemes draw the same matrix at another size: each shape is worked out once.
    """
    start = Settings("elman", "zeros", 0.0, "tanh", None, 2, PULSE, 1, units, seed)
    known: list[tuple[Array, Started]] = []
    found = []
    for one in map(Started, schemes(start)):
        size = float(np.linalg.norm(one.W)) or 1.0
        shape = one.W / size
        same = next((other for seen, other in known if np.allclose(shape, seen, rtol=0, atol=1e-14)), None)
        if same is None:
            known.append((shape, one))
            found.append((one.eigenvalues, one.singular_values))
        else:
            scale = size / (float(np.linalg.norm(same.W)) or 1.0)
            found.append((scale * same.eigenvalues, scale * same.singular_values))
    return tuple(found)


@lru_cache(maxsize=8)
def seeds_drawn(settings: tuple[Settings, ...]) -> rv.sweep.Models:
    """Networks of these settings with each of the seeds 0 to SEEDS - 1: seed by seed, setting by setting."""
    each = (networks(tuple(replace(one, seed=seed) for one in settings)) for seed in range(SEEDS))
    return rv.sweep.stack([network for several in each for network in several])


@lru_cache(maxsize=32)
def by_seed(settings: tuple[Settings, ...]) -> Array:
    """log10 of what is left of the gradient at step 1, (settings, SEEDS): each seed draws weights and input.

    The k-th column is what the page shows where its seed is k. -inf stands for 0, NaN and inf for what is not finite.
    """
    models = seeds_drawn(tuple(replace(one, steps=1, signal=PULSE, seed=0) for one in settings))
    x = np.concatenate([replace(settings[0], seed=seed).x for seed in range(SEEDS)], axis=1)  # (T, SEEDS, 2)
    found = rv.sweep.there_and_back(models, np.repeat(x, len(settings), axis=1), "c")
    left: Array = found.log10_left[0].reshape(SEEDS, len(settings)).T
    return left


def luck(units: int, nonlinearity: str, signal: str, steps: int) -> Array:
    """The same of every scheme with its default, (schemes, SEEDS)."""
    base = Settings("elman", "zeros", 0.0, nonlinearity, None, LONGEST, signal, steps, units, 0)
    return by_seed(schemes(base))
