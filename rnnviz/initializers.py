"""The numbers that a network starts from: one paper, one function, one matrix block.

An initializer is a function `name(shape, rng) -> (rows, columns) array` for one block of weights, such as the
recurrent weights of one gate. `shape = (fan_out, fan_in)`: a unit's incoming weights are a row, so the number
of inputs that a unit sums is `fan_in = shape[1]`. Results are float64; randomness comes from `rng` alone, a
`numpy.random.Generator`: where one is needed and something else is given, that is a ValueError.

    zeros                  W = 0
    normal                 W ~ N(0, std^2)
    uniform                W ~ U[-bound, bound]
    xavier_uniform/normal  Var W = gain^2 2 / (fan_in + fan_out)    Glorot & Bengio 2010
    he_uniform/normal      Var W = 2 / fan_in                       He et al. 2015
    lecun_uniform/normal   Var W = 1 / fan_in                       LeCun et al. 1998
    orthogonal             W'W = gain^2 I or WW' = gain^2 I         Saxe et al. 2014; Mezzadri 2007
    identity               W = gain I                               Le, Jaitly & Hinton 2015
    echo_state             max |eigenvalue of W| = radius           Jaeger 2001

Further arguments are given with `functools.partial(orthogonal, gain=1.2)`; `by_name` finds one by its name.
`scale_to_spectral_radius` and `chrono`, which makes gate biases instead of a matrix, stand beside them.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from rnnviz.arrays import Array, generator, number, whole, whole_number
from rnnviz.cells import CELLS
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError

Initializer: TypeAlias = Callable[[tuple[int, int], np.random.Generator], Array]


def _fans(shape: tuple[int, int]) -> tuple[int, int]:
    """Read (fan_out, fan_in) off the shape of one block of weights."""
    sizes = [whole_number(size) or 0 for size in shape] if np.iterable(shape) else []
    if len(sizes) != 2 or min(sizes) < 1:
        raise ShapeError(f"an initializer needs a shape (rows, columns) of positive sizes, got {shape!r}")
    return sizes[0], sizes[1]


def zeros(shape: tuple[int, int], rng: np.random.Generator) -> Array:  # noqa: ARG001
    """Every weight 0. `rng` is not used: it is there so that all initializers are called alike.

    Raises ShapeError unless `shape` is two positive sizes.
    """
    return np.zeros(_fans(shape))


def normal(shape: tuple[int, int], rng: np.random.Generator, std: float = 0.01) -> Array:
    """Independent Gaussian weights, W ~ N(0, std^2).

    std: standard deviation, at least 0. The default is small whatever the size of the network; the schemes
    below exist because no single value suits all sizes.
    Raises ShapeError unless `shape` is two positive sizes, ValueError where `std` is negative or not finite.
    """
    std = number("std", std, "[0, inf)")
    return generator(rng).normal(0.0, std, _fans(shape))


def uniform(shape: tuple[int, int], rng: np.random.Generator, bound: float | None = None) -> Array:
    """Independent uniform weights, W ~ U[-bound, bound], with variance bound^2 / 3.

    bound: at least 0; None takes 1 / sqrt(H) with H = shape[0], the rows of the block. That is the default of
    PyTorch's nn.RNN, nn.LSTM and nn.GRU (`reset_parameters`) for input and recurrent weights alike, where a
    gate's block has shape (H, I) or (H, H).
    Raises ShapeError unless `shape` is two positive sizes, ValueError where `bound` is negative or not
    finite.
    """
    shape = _fans(shape)
    if bound is None:
        bound = 1.0 / math.sqrt(shape[0])
    bound = number("bound", bound, "[0, inf)")
    return generator(rng).uniform(-bound, bound, shape)


def xavier_uniform(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Array:
    """Glorot & Bengio (2010), equation 16: W ~ U[-a, a], a = gain sqrt(6 / (fan_in + fan_out)).

    The variance gain^2 2 / (fan_in + fan_out) is a compromise between keeping the variance of the activations
    (1 / fan_in) and that of the gradients (1 / fan_out). gain: at least 0.
    Raises ShapeError unless `shape` is two positive sizes, ValueError where `gain` is negative or not finite.
    """
    fan_out, fan_in = _fans(shape)
    gain = number("gain", gain, "[0, inf)")
    return uniform(shape, rng, gain * math.sqrt(6.0 / (fan_in + fan_out)))


def xavier_normal(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Array:
    """Glorot & Bengio (2010), equation 12: W ~ N(0, gain^2 2 / (fan_in + fan_out)). gain: at least 0.

    Raises ShapeError unless `shape` is two positive sizes, ValueError where `gain` is negative or not finite.
    """
    fan_out, fan_in = _fans(shape)
    gain = number("gain", gain, "[0, inf)")
    return normal(shape, rng, gain * math.sqrt(2.0 / (fan_in + fan_out)))


def he_uniform(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """He et al. (2015), equation 10, drawn uniformly: W ~ U[-a, a], a = sqrt(6 / fan_in).

    The variance is 2 / fan_in. The 2 makes up for a relu that silences half of its inputs.
    Raises ShapeError unless `shape` is two positive sizes.
    """
    _, fan_in = _fans(shape)
    return uniform(shape, rng, math.sqrt(6.0 / fan_in))


def he_normal(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """He et al. (2015), equation 10: W ~ N(0, 2 / fan_in), for units followed by a relu.

    Raises ShapeError unless `shape` is two positive sizes.
    """
    _, fan_in = _fans(shape)
    return normal(shape, rng, math.sqrt(2.0 / fan_in))


def lecun_uniform(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """LeCun et al. (1998), equation 16, drawn uniformly: W ~ U[-a, a], a = sqrt(3 / fan_in).

    The variance is 1 / fan_in.
    Raises ShapeError unless `shape` is two positive sizes.
    """
    _, fan_in = _fans(shape)
    return uniform(shape, rng, math.sqrt(3.0 / fan_in))


def lecun_normal(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """LeCun et al. (1998, "Efficient BackProp"), equation 16: W ~ N(0, 1 / fan_in).

    Inputs of variance 1 then give a sum of variance 1. For a square block the eigenvalues fill the unit disc
    as the size grows (Ginibre's circular law). Raises ShapeError unless `shape` is two positive sizes.
    """
    _, fan_in = _fans(shape)
    return normal(shape, rng, math.sqrt(1.0 / fan_in))


def orthogonal(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Array:
    """A random orthogonal matrix times `gain`, uniform over all of them (Haar measure).

    Z ~ N(0, 1), Z = QR, W = gain Q diag(sign R_11, sign R_22, ...): without the signs, Q depends on the
    convention of the QR routine and is not uniform (Mezzadri 2007, section 5). Saxe et al. (2014) proposed it
    for deep networks, Henaff et al. (2016) study it in recurrent ones: a linear recurrence through W keeps
    every length. A rectangular block has orthonormal columns (rows > columns) or orthonormal rows (rows <
    columns), times `gain`.

    gain: at least 0; every singular value equals it.
    Raises ShapeError unless `shape` is two positive sizes, ValueError where `gain` is negative or not finite.
    """
    rows, columns = _fans(shape)
    gain = number("gain", gain, "[0, inf)")
    Z = generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    Q, R = np.linalg.qr(Z)
    Q *= np.where(np.diagonal(R) < 0.0, -1.0, 1.0)
    return np.ascontiguousarray(gain * (Q if rows >= columns else Q.T))


def identity(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Array:  # noqa: ARG001
    """The identity times `gain` (Le, Jaitly & Hinton 2015, section 3): a relu network then copies its state.

    A rectangular block has `gain` on its main diagonal and 0 elsewhere. gain: any finite number; the paper
    uses 1, and 0.01 for a task without long dependencies. `rng` is not used: it is there so that all
    initializers are called alike. Raises ShapeError unless `shape` is two positive sizes, ValueError where
    `gain` is not finite.
    """
    gain = number("gain", gain, "(-inf, inf)")
    return gain * np.eye(*_fans(shape))


def echo_state(shape: tuple[int, int], rng: np.random.Generator, radius: float = 0.9) -> Array:
    """A Gaussian (Ginibre) matrix scaled so that its largest absolute eigenvalue is `radius`: a reservoir.

    Jaeger (2001); Lukosevicius (2012). The spectral radius rules how a linear recurrence
    behaves in the long run; it is not the largest singular value, which is about twice as large for such a
    matrix and bounds a single step.

    shape: square. radius: at least 0.
    Raises ShapeError unless `shape` is square and positive, ValueError where `radius` is negative or not
    finite.
    """
    return scale_to_spectral_radius(lecun_normal(shape, rng), radius)


def scale_to_spectral_radius(matrix: Array, radius: float) -> Array:
    """Scale a square matrix to a spectral radius (largest absolute eigenvalue): W radius / max |lambda_i(W)|.

    matrix: (N, N), finite. radius: at least 0. Returns a new (N, N) array of the same data type.
    Raises ShapeError where the matrix is not square, NonFiniteError where it holds NaN or infinity, and
    ValueError where `radius` is negative or not finite, or where every eigenvalue is computed as 0 (a
    nilpotent matrix, such as a strictly triangular one), for which no scale helps.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ShapeError(f"only a square matrix has a spectral radius, got shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise NonFiniteError("the matrix to scale to a spectral radius holds NaN or infinity")
    radius = number("radius", radius, "[0, inf)")
    given = float(np.abs(np.linalg.eigvals(matrix)).max())
    if given == 0.0:
        raise ValueError(
            "the matrix has spectral radius 0 (all its eigenvalues are 0: it is zero or nilpotent), "
            f"so no scale gives it {radius}"
        )
    return matrix / given * radius


def chrono(cell: str, hidden_size: int, t_max: float, rng: np.random.Generator) -> dict[str, Array]:
    """Gate biases for memories of 2 to t_max steps, "chrono" (Tallec & Ollivier 2018, section 2).

    A gate that keeps the share sigma(b) of its state at each step remembers for about 1 / (1 - sigma(b)) =
    1 + exp(b) steps. So, for every unit,

        LSTM    b_f ~ log U[1, t_max - 1],  b_i = -b_f
        GRU     b_z ~ log U[1, t_max - 1]   (PyTorch's convention: z = 1 keeps)

    cell: "lstm" or "gru". hidden_size: H, at least 1. t_max: the longest dependency in steps, at least 2.
    Returns the total biases {"f": (H,), "i": (H,)} or {"z": (H,)}, b_f and b_z within [0, log(t_max - 1)].
    PyTorch adds two biases per gate: put these into one of them and 0 into the other.
    Raises UnknownNameError for another cell, ValueError where a number is out of range.
    """
    specs = {name: each.SPEC for name, each in CELLS.items() if each.SPEC.keep}
    if not isinstance(cell, str) or cell not in specs:
        raise UnknownNameError(f"chrono initialization knows the cells 'lstm' and 'gru', got {cell!r}")
    hidden_size, t_max = whole("hidden_size", hidden_size, 1), number("t_max", t_max, "[2, inf)")
    keep = np.log(generator(rng).uniform(1.0, t_max - 1.0, hidden_size))
    signs = {"keep": keep, "write": -keep}
    return {gate.letter: signs[gate.role] for gate in specs[cell].gates if gate.role in signs}


INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        "zeros": zeros,
        "normal": normal,
        "uniform": uniform,
        "xavier_uniform": xavier_uniform,
        "xavier_normal": xavier_normal,
        "he_uniform": he_uniform,
        "he_normal": he_normal,
        "lecun_uniform": lecun_uniform,
        "lecun_normal": lecun_normal,
        "orthogonal": orthogonal,
        "identity": identity,
        "echo_state": echo_state,
    }
)


def by_name(initializer: str | Initializer) -> Initializer:
    """Find an initializer by its name; a function `f(shape, rng)` is given back as it is.

    Raises UnknownNameError, listing the names that exist.
    """
    if callable(initializer):
        return initializer
    if not isinstance(initializer, str) or initializer not in INITIALIZERS:
        raise UnknownNameError(
            f"no initializer is named {initializer!r}; there are {', '.join(INITIALIZERS)}, "
            "or give a function f(shape, rng) -> array"
        )
    return INITIALIZERS[initializer]
