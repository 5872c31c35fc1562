"""What the explanation says on initialization, and what its questions ask, as numbers."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite

import numpy as np

import rnnviz as rv
from lessons.initialization.experiment import LONGEST, NOISE, SMALL, Settings, Started, half_life, paths
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import memory_horizon

LARGE, WANTED = 200, 100  # units of the matrix that shows the circular law; steps that half is to be left after
ORTHOGONAL = Settings("elman", "orthogonal", 1.0, "tanh", None, LONGEST, SMALL, 50, 32, 0)


@dataclass(frozen=True)
class About:
    """What the explanation says, computed from the presets' own networks.

    small_step, small_left  of orthogonal weights and small inputs: what a step keeps, and what all of them leave
    opened, direct, kept    of LSTMs with bias 0 and 1: the gate's mean; what a step keeps on the direct path, on all
    gru                     of a GRU with bias 4: the direct path's share of what arrives, as a ratio
    biases, shares, halves  what a gate keeps that hears its bias alone, and after how many steps half is left
    """

    back: int
    small_step: float
    small_left: float
    biases_lstm: tuple[float, ...]
    opened: tuple[float, ...]
    direct: tuple[float, ...]
    kept: tuple[float, ...]
    gru: float
    biases: tuple[float, ...]
    shares: tuple[float, ...]
    halves: tuple[float, ...]


@lru_cache(maxsize=1)
def about() -> About:
    """Of these networks."""
    run = Started(ORTHOGONAL)
    back, left = run.settings.steps - 1, float(run.log10_gradient[0])
    lstms = [Started(replace(ORTHOGONAL, cell="lstm", signal=NOISE, bias=bias)) for bias in (0.0, 1.0)]
    gru = paths(Started(replace(ORTHOGONAL, cell="gru", signal=NOISE, bias=4.0)))
    biases = (0.0, 1.0, 4.0)
    shares = tuple(sigmoid(np.array(biases)).tolist())
    return About(
        back=back,
        small_step=10 ** (left / back),
        small_left=10**left,
        biases_lstm=(0.0, 1.0),
        opened=tuple(float(one.openness.mean()) for one in lstms),
        direct=tuple(float(10 ** (paths(one)["direct"][0] / back)) for one in lstms),
        kept=tuple(float(10 ** (one.log10_gradient[0] / back)) for one in lstms),
        gru=float(10 ** (gru["direct"][0] - gru["all"][0])),
        biases=biases,
        shares=shares,
        halves=tuple(map(half_life, shares)),
    )


@dataclass(frozen=True)
class Horizon:
    """After how many steps the norm of the whole Jacobian is down to half, and the largest sigma(bias)^k; answer.

    None: not within the sequence.
    """

    measured: int | None
    predicted: int | None
    answer: str


@dataclass(frozen=True)
class Checks:
    """What the questions speak of.

    large     the spectral radius of a matrix of `large_units`; radii: the choices
    apart     the largest difference of an entry of two matrices
    moved     the norm of the gradient by W_h = 0; at_last: of the state before the last step
    """

    cell: str
    activation: str
    signal: str
    steps: int
    units: int
    large_units: int
    large: float
    radii: dict[str, float]
    apart: float
    moved: float
    wanted: int
    lasting: dict[str, tuple[float, float]]
    horizon: Horizon | None
    answers: dict[str, str]


def checks(run: Started) -> Checks:
    """The engine knows the answers."""
    s = run.settings
    large = radius_of_large(s.seed)
    radii = {"third": float(np.sqrt(1 / 3)), "one": 1.0, "root": float(np.sqrt(2))}
    shape = s.units, s.units
    xavier = rv.initializers.xavier_uniform(shape, np.random.default_rng(s.seed))
    lecun = rv.initializers.lecun_uniform(shape, np.random.default_rng(s.seed))
    apart = float(np.abs(xavier - lecun).max())
    dead = replace(s, cell="elman", scheme="zeros", amount=1.0, bias=None)
    moved = float(np.linalg.norm(Started(dead).grads.params["weight_hh_l0"]))
    lasting = {f"b{bias:g}": (bias, half_life(float(sigmoid(np.array(bias))))) for bias in (1.0, 3.0, 5.0)}
    far = horizon(run) if run.gated else None
    larger = "xavier" if np.abs(xavier).max() > np.abs(lecun).max() else "lecun"
    answers = {
        "radius": min(radii, key=lambda name: abs(radii[name] - large)),
        "same": "same" if apart < 1e-12 else larger,
        "zero": "moves" if moved > 0 else "stays",
        "half": min(lasting, key=lambda name: abs(lasting[name][1] - WANTED)),
    } | ({"horizon": far.answer} if far else {})
    return Checks(
        s.cell, s.nonlinearity, s.signal, s.steps, s.units, LARGE, large, radii, apart, moved, WANTED, lasting,
        far, answers,
    )  # fmt: skip


@lru_cache(maxsize=16)
def radius_of_large(seed: int) -> float:
    """The spectral radius of a large matrix with entries between -1/sqrt(H) and 1/sqrt(H)."""
    drawn = rv.initializers.uniform((LARGE, LARGE), np.random.default_rng(seed))
    return float(np.abs(np.linalg.eigvals(drawn)).max())


def horizon(run: Started) -> Horizon:
    """Whether the whole state remembers as long as the bias predicts; "unseen" where both are beyond the sequence."""
    found = memory_horizon(run.network, run.trace)[0, 0]
    most = run.settings.steps  # the earliest state is the initial one, so many steps back
    seen = [float(lag) if lag <= most else np.inf for lag in (float(found.half[0]), found.predicted_half)]
    if not any(map(isfinite, seen)):
        answer = "unseen"
    else:
        answer = {-1: "sooner", 0: "same", 1: "later"}[int(np.sign(np.nan_to_num(seen[0] - seen[1])))]
    return Horizon(
        measured=int(seen[0]) if isfinite(seen[0]) else None,
        predicted=int(seen[1]) if isfinite(seen[1]) else None,
        answer=answer,
    )
