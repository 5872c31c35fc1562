"""Why a gradient has the norm it has: an Elman network's factors, a gated cell's paths, and how far back they reach."""

from dataclasses import dataclass

import numpy as np

from lessons.vanishing_and_exploding.experiment import ALL, LAST, STATE, TRIANGULAR, Study
from rnnviz.activations import sigmoid

GROWN, SHRUNK = 1.0, -1.0  # decades: what we call grown, and shrunk
SAME = 1e-6  # decades that are nothing


@dataclass(frozen=True)
class Horizon:
    """How far back a change of the state reaches: the lags at which its norm is down to 1/2, to 1/100; None: never."""

    half: int | None
    hundredth: int | None
    predicted: int | None


@dataclass(frozen=True)
class Factors:
    """What takes an Elman network's gradient from step to step; sizes as log10 where their names say so.

    slope         mean slope over the steps back; None where states are not finite
    rho, s1       spectral radius and largest singular value of W_h
    rho_power_log10, power_log10    rho^k, and ||W_h^k||
    root          ||W_h^k||^(1/k), which tends to rho
    normal        whether the powers' norms are those of rho
    at_rest       whether all states are 0
    gamma, bound_log10, norm_log10  the largest slope there is; (gamma s1)^k; the norm of the product as it is
    certain       "vanishes", "bounded" or "open": what the bound says
    surprise      what goes against the rule of thumb: "zero", "vanishes", "grows", "isometry", or ""
    cause         why: for zero "underflow", "off" or "flat"; for vanishes "slopes" or "direction"; for grows whether it
                  "dies" in the end for sure, or that is "open"
    without_log10 the gradient's norm, were all slopes 1
    zeros         whether earlier steps have no factor
    """

    slope: float | None
    rho: float
    s1: float
    rho_power_log10: float
    power_log10: float
    root: float
    normal: bool
    at_rest: bool
    gamma: float
    gamma_s1: float
    bound_log10: float
    norm_log10: float | None
    certain: str
    surprise: str
    cause: str
    without_log10: float
    zeros: bool


@dataclass(frozen=True)
class Through:
    """The paths that enter this gate first: what this page's gradient gets there, and the gain for any other."""

    gate: str
    norm: float
    gain: float


@dataclass(frozen=True)
class Gates:
    """By which path a gated cell's gradient comes back; log10 of norms.

    all, state, last  this page's gradient: in all, straight along the state, and through the LSTM's last output gate
    through           by the gate that is entered first
    most              the path that brings most of it: "state", a gate, or "last"
    adds_up           whether the winner is large because a path can leave the state at many steps
    gain, gain_state  the most that any gradient keeps on the paths from state to state: on all, and straight along it
    alone             what the bias alone would let through
    """

    all: float
    state: float
    last: float | None
    through: tuple[Through, ...]
    most: str
    adds_up: bool
    gain: float
    gain_state: float
    alone: float


def factors(seen: Study, lag: int) -> Factors:
    """Why an Elman network's gradient has the norm it has: the slopes, the matrix, and the bound."""
    chosen, T, products = seen.settings, seen.settings.steps, seen.products
    rho, s1, gamma = products.spectral_radius, products.largest_singular_value, products.gamma
    assert rho is not None
    assert s1 is not None
    assert gamma is not None
    assert products.log10_bound is not None
    slope, norm = float(seen.slopes[T - lag :].mean()), float(seen.all_steps(T - lag)[0])
    power, rho_power = seen.power(lag), lag * float(np.log10(rho))
    surprise, cause = surprise_of(seen, lag)
    gamma_s1 = gamma * s1
    return Factors(
        slope=None if np.isnan(slope) else slope,
        rho=rho,
        s1=s1,
        rho_power_log10=rho_power,
        power_log10=power,
        root=float(10 ** (power / lag)),
        normal=abs(power - rho_power) < SAME * lag,
        at_rest=not chosen.input_scale and chosen.cell == "tanh",
        gamma=gamma,
        gamma_s1=gamma_s1,
        bound_log10=float(products.log10_bound[T - lag]),
        norm_log10=None if np.isnan(norm) else norm,
        certain="vanishes" if gamma_s1 < 1 - 1e-9 else "bounded" if gamma_s1 < 1 + 1e-9 else "open",
        surprise=surprise,
        cause=cause,
        without_log10=seen.without_slopes(lag),
        zeros=int(np.isneginf(seen.shown.norms).sum()) > 1,
    )


def surprise_of(seen: Study, lag: int) -> tuple[str, str]:
    """What goes against the rule of thumb "rho > 1 explodes, rho < 1 vanishes", and why."""
    chosen, T = seen.settings, seen.settings.steps
    size, gain = float(seen.shown.norms[T - lag - 1]), float(seen.products.log10_norm[T - lag, 0])
    if np.isneginf(size):
        return "zero", "underflow" if not np.isneginf(gain) else "off" if chosen.cell == "relu" else "flat"
    if not np.isfinite(size):
        return "", ""
    if chosen.rho > 1 and size < SHRUNK:
        return "vanishes", "direction" if seen.without_slopes(lag) < SHRUNK else "slopes"
    if chosen.rho < 1 and gain > 0.1:
        return "grows", "dies" if chosen.cell == "linear" or chosen.matrix == TRIANGULAR else "open"
    if np.abs(seen.products.step_log10_singular_values[T - lag :]).max() < SAME:
        return "isometry", ""
    return "", ""


def gates(seen: Study, lag: int) -> Gates:
    """What comes straight along the state, and what through the gates."""
    chosen, at = seen.settings, seen.settings.steps - lag - 1
    here = {name: float(norms[at]) for name, norms in seen.path_norms.items()}
    gains = seen.path_gains(at + 1)
    most = max((name for name in here if name != ALL), key=lambda name: here[name])
    names = [name for name in here if name not in (ALL, STATE, LAST)]
    return Gates(
        all=here[ALL],
        state=here[STATE],
        last=here.get(LAST),
        through=tuple(Through(name, here[name], gains[name]) for name in names),
        most=most,
        adds_up=most in names and gains[STATE] > SHRUNK and here[most] > here[STATE] + 0.3,
        gain=gains[ALL],
        gain_state=gains[STATE],
        alone=lag * float(np.log10(sigmoid(np.array(chosen.keep)))),
    )


def horizon(seen: Study) -> Horizon | None:
    """How far back the last state reaches, measured and by rule of thumb; None where it is not finite."""
    found = seen.horizon
    half, hundredth = float(found.half[0]), float(found.hundredth[0])
    if np.isnan([half, hundredth]).any():
        return None
    reach = [int(lag) if np.isfinite(lag) else None for lag in (half, hundredth, found.predicted_hundredth)]
    return Horizon(*reach)
