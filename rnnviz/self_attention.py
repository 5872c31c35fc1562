"""A network of self-attention: every position looks at all the others at once, and no step waits for the one before.

    e_t = W_e x_t + b_e + p_t                    what is read, and where it stands; p is learned, or there is none
    q_t = W_q e_t,  k_t = W_k e_t,  v_t = W_v e_t
    m_t = e_t + W_o z_t                          z = attend(q, k, v), see `rnnviz.attention`
    n_t = m_t + W_2 max(0, W_1 m_t + b_1) + b_2  the same small network at every position
    y_t = W_y n_t + b_y

    network = rnnviz.self_attention.SelfAttention.create(24, 32, 10, num_positions=30, rng=rng)
    trace = rnnviz.self_attention.forward(network, x, lengths)
    grads = rnnviz.self_attention.backward(trace, dy)
    rnnviz.self_attention.check_gradients(network, x, dy, lengths).error    against finite differences

From any position to any other it is one jump, however far, which costs T^2 products of two vectors; the order of the
steps is known from p alone. What is added to e and m goes around by residual connections, which a gradient passes as it
is. Source: one layer of the encoder of Vaswani et al. (2017), "Attention is all you need", with one head and without
its layer normalization; learned positions: Gehring et al. (2017), "Convolutional sequence to sequence learning".

x (T, B, I), y (T, B, Q), all else (T, B, H). `rnnviz.training.train` trains it as it trains a `Network`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnnviz.arrays import Array, generator, real_array, require, whole
from rnnviz.attention import Attention, attend, backpropagate_attention
from rnnviz.attention import multiply_adds as attention_multiply_adds
from rnnviz.errors import ShapeError, WeightsError
from rnnviz.gradient_check import GradientCheck, compare
from rnnviz.initializers import xavier_uniform
from rnnviz.padding import blank, check_lengths
from rnnviz.state_dict import float_arrays, require_finite

SQUARE = ("query", "key", "value", "output", "inner", "outer")
BIASED = ("embedding", "inner", "outer", "readout")
POSITION = "position.weight"
SPREAD = 0.5  # standard deviation of the first positions


@dataclass(frozen=True, eq=False)
class SelfAttention:
    """Made by `create` or `from_state_dict`.

    parameters  {name: array}: `embedding.weight` (H, I); `query.weight`, `key.weight`, `value.weight`, `output.weight`,
                `inner.weight` (W_1) and `outer.weight` (W_2), each (H, H); `readout.weight` (Q, H); `embedding.bias`,
                `inner.bias`, `outer.bias` (H,), `readout.bias` (Q,); and, with positions, `position.weight` (P, H)
    """

    parameters: Mapping[str, Array]

    @classmethod
    def create(
        cls,
        input_size: int,
        hidden_size: int,
        output_size: int,
        num_positions: int | None = None,
        dtype: DTypeLike = np.float64,
        rng: np.random.Generator | None = None,
    ) -> "SelfAttention":
        """A new one: weights by Glorot & Bengio (2010), biases 0, positions normal with standard deviation 0.5.

        num_positions  P, the most steps that it can read; None: no positions, and any number of steps
        rng            None: `numpy.random.default_rng(0)`

        All sizes are at least 1, or it is a ValueError.
        """
        I, H = whole("input_size", input_size, 1), whole("hidden_size", hidden_size, 1)
        P = None if num_positions is None else whole("num_positions", num_positions, 1)
        rng = np.random.default_rng(0) if rng is None else generator(rng)
        state: dict[str, Array] = {}
        for name, shape in _shapes(I, H, whole("output_size", output_size, 1), P).items():
            if name == POSITION:
                state[name] = rng.normal(0, SPREAD, shape)
            else:
                state[name] = np.zeros(shape) if len(shape) == 1 else xavier_uniform((shape[0], shape[1]), rng)
        return cls({name: a.astype(dtype) for name, a in state.items()})

    @classmethod
    def from_state_dict(cls, state: Mapping[str, ArrayLike]) -> "SelfAttention":
        """Of named arrays, as `state_dict` gives them.

        Raises WeightsError, naming what is missing, left over or of another shape, NonFiniteError for NaN or infinity.
        """
        arrays = float_arrays(state)
        require_finite(arrays)
        given = {name: a.shape for name, a in arrays.items()}
        sizes = [given.get(name, ()) for name in ("embedding.weight", "readout.weight", POSITION)]
        wide = [shape if len(shape) == 2 else (0, 0) for shape in sizes]
        (H, I), (Q, _), (P, _) = wide
        needed = _shapes(I, H, Q, P if POSITION in given else None)
        strange = sorted(name for name in given | needed if given.get(name) != needed.get(name))
        if strange:
            raise WeightsError(
                f"a self-attention network has parameters of the shapes {needed}; see {strange[:4]}, "
                f"given as {[given.get(name) for name in strange[:4]]}"
            )
        return cls(arrays)

    def with_parameters(self, state: Mapping[str, ArrayLike]) -> "SelfAttention":
        """The same network with other parameters: the names and shapes of `state_dict()`, or it is a WeightsError.

        NaN and infinity stay what they are.
        """
        arrays = float_arrays(state)
        mine = {name: a.shape for name, a in self.parameters.items()}
        if {name: a.shape for name, a in arrays.items()} != mine:
            strange = sorted(
                name for name in arrays.keys() | mine if name not in arrays or arrays[name].shape != mine.get(name)
            )
            raise WeightsError(f"these are not the parameters of this network: see {strange[:4]}")
        return SelfAttention(arrays)

    def state_dict(self) -> dict[str, Array]:
        """{name: array}, as in `parameters`."""
        return dict(self.parameters)

    @property
    def num_positions(self) -> int | None:
        """P, the most steps that it can read; None where it has no positions."""
        return len(self.parameters[POSITION]) if POSITION in self.parameters else None

    @property
    def input_size(self) -> int:
        """I, the width of x."""
        return int(self.parameters["embedding.weight"].shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64, of every parameter."""
        return self.parameters["embedding.weight"].dtype

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return sum(a.size for a in self.parameters.values())

    def multiply_adds(self, num_steps: int) -> int:
        """Of one sequence of T steps: T (I H + 6 H^2 + Q H) in the products with weights, 2 T^2 H between positions."""
        T, P = whole("num_steps", num_steps, 1), self.parameters
        weights = sum(a.size for name, a in P.items() if a.ndim == 2 and name != POSITION)
        H = len(P["embedding.weight"])
        return T * weights + attention_multiply_adds(T, T, H, H)


@dataclass(frozen=True, eq=False)
class SelfAttentionTrace:
    """One pass: what was read, and all that came of it.

    x          (T, B, I), 0 beyond a sequence's length; lengths: (B,) or None
    e          (T, B, H), what is read and where it stands
    attention  of every position to every other one, weights (T, B, T)
    m, n       (T, B, H), with what attention has added, and with what the small network has
    inner      (T, B, H), max(0, W_1 m + b_1)
    y          (T, B, Q), 0 beyond a sequence's length
    """

    network: SelfAttention
    x: Array
    lengths: NDArray[np.intp] | None
    e: Array
    attention: Attention
    m: Array
    inner: Array
    n: Array
    y: Array


@dataclass(frozen=True, eq=False)
class SelfAttentionGradients:
    """dL/d of everything: params {name: array}, dx (T, B, I), de (T, B, H); 0 beyond a sequence's length."""

    params: dict[str, Array]
    dx: Array
    de: Array


def forward(
    network: SelfAttention, x: ArrayLike, lengths: ArrayLike | None = None, mask: ArrayLike | None = None
) -> SelfAttentionTrace:
    """Read x (T, B, I), all positions at once.

    lengths  (B,), each from 1 to T: what lies beyond is padding, whatever stands there; None: there is none
    mask     where positions may look, as in `rnnviz.attention.attend`: `causal_mask(T)`, say; None: everywhere

    Raises ShapeError for shapes that do not fit, or more steps than there are positions; ValueError and NonFiniteError
    as `attend` does.
    """
    require("network", network, SelfAttention)
    P, read = network.parameters, real_array("x", x, network.dtype)
    if read.ndim != 3 or 0 in read.shape or read.shape[2] != network.input_size:
        raise ShapeError(f"x needs shape (T, B, I), each at least 1, with I = {network.input_size}; got {read.shape}")
    T, B, _ = read.shape
    if network.num_positions is not None and network.num_positions < T:
        raise ShapeError(f"this network has learned {network.num_positions} positions; got T = {T} steps")
    ends = check_lengths(lengths, T, B)
    read = _blanked(read, ends)
    e = _times(read, P["embedding.weight"]) + P["embedding.bias"]
    if POSITION in P:
        e = e + P[POSITION][:T, None]
    q, k, v = (_times(e, P[f"{name}.weight"]) for name in ("query", "key", "value"))
    found = attend(q, k, v, ends, mask)
    m = e + _times(found.y, P["output.weight"])
    inner = np.maximum(_times(m, P["inner.weight"]) + P["inner.bias"], 0)
    n = m + _times(inner, P["outer.weight"]) + P["outer.bias"]
    y = _blanked(_times(n, P["readout.weight"]) + P["readout.bias"], ends)
    return SelfAttentionTrace(network, read, ends, e, found, m, inner, n, y)


def backward(trace: SelfAttentionTrace, dy: ArrayLike) -> SelfAttentionGradients:
    """The exact gradients of that very pass, from dy = dL/dy (T, B, Q); ShapeError for another shape."""
    require("trace", trace, SelfAttentionTrace)
    P, params = trace.network.parameters, {}
    given = real_array("dy", dy, trace.network.dtype)
    if given.shape != trace.y.shape:
        raise ShapeError(f"dy must have the shape of y, (T, B, Q) = {trace.y.shape}; got {given.shape}")

    def back(name: str, gradient: Array, read: Array) -> Array:
        """The gradient of what `name` read, and its parameters' on the way."""
        params[f"{name}.weight"] = _sum_of_outer(gradient, read)
        if name in BIASED:
            params[f"{name}.bias"] = gradient.sum(axis=(0, 1))
        return _times(gradient, P[f"{name}.weight"].T)

    dn = back("readout", _blanked(given, trace.lengths), trace.n)
    dm = dn + back("inner", back("outer", dn, trace.inner) * (trace.inner > 0), trace.m)
    looked = backpropagate_attention(trace.attention, back("output", dm, trace.attention.y))
    for name, gradient in (("query", looked.queries), ("key", looked.keys), ("value", looked.values)):
        dm = dm + back(name, gradient, trace.e)
    if POSITION in P:
        params[POSITION] = np.zeros_like(P[POSITION])
        params[POSITION][: len(dm)] = dm.sum(axis=1)
    dx = back("embedding", dm, trace.x)
    return SelfAttentionGradients({name: params[name] for name in P}, dx, dm)


def check_gradients(
    network: SelfAttention,
    x: ArrayLike,
    dy: ArrayLike,
    lengths: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    entries: int = 12,
) -> GradientCheck:
    """Compare `backward` with finite differences in every parameter and x; see `rnnviz.check_gradients`.

    entries  at most so many derivatives of each array, evenly spread over it, at least 1
    The other arguments as for `forward` and `backward`, and so are the errors. It is done in float64.
    """
    entries = whole("entries", entries, 1)
    require("network", network, SelfAttention)
    wide = network.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    trace = forward(wide, x, lengths, mask)
    grads = backward(trace, dy)
    dy = _blanked(real_array("dy", dy, np.float64), trace.lengths)
    values = {**wide.state_dict(), "x": trace.x}

    def change(name: str, value: Array) -> Array:
        """dy * (y - y of the trace) with one of the arrays replaced."""
        used = values | {name: value}
        net = wide.with_parameters({k: used[k] for k in wide.parameters})
        return dy * (forward(net, used["x"], lengths, mask).y - trace.y)

    size = float(np.abs(dy * trace.y).sum())
    return compare(values, {**grads.params, "x": grads.dx}, change, size, kinked=True, entries=entries)


def _shapes(I: int, H: int, Q: int, P: int | None) -> dict[str, tuple[int, ...]]:
    """Of all parameters, in the order in which they are drawn."""
    weights = {"embedding": (H, I), **dict.fromkeys(SQUARE, (H, H)), "readout": (Q, H)}
    found: dict[str, tuple[int, ...]] = {f"{name}.weight": shape for name, shape in weights.items()}
    found |= {f"{name}.bias": weights[name][:1] for name in BIASED}
    return found if P is None else found | {POSITION: (P, H)}


def _times(a: Array, W: Array) -> Array:
    """W a_t at every step: (T, B, K), (H, K) -> (T, B, H), as one product."""
    return (a.reshape(-1, a.shape[2]) @ W.T).reshape(*a.shape[:2], len(W))


def _sum_of_outer(gradient: Array, read: Array) -> Array:
    """The gradient of W in W a_t: (T, B, H), (T, B, K) -> (H, K)."""
    product: Array = gradient.reshape(-1, gradient.shape[2]).T @ read.reshape(-1, read.shape[2])
    return product


def _blanked(a: Array, ends: NDArray[np.intp] | None) -> Array:
    """A copy of (T, B, K) whose padding is 0."""
    copy = a.copy()
    blank(copy.transpose(0, 2, 1), ends)
    return copy
