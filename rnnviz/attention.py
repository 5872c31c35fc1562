"""Attention: each query takes a weighted mean of all values, by how well its own vector fits each value's key.

    s_tbj = q_tb . k_jb / sqrt(D)           scores of query t and key j of sequence b; -inf where t may not look at j
    a_tbj = exp(s_tbj) / sum_i exp(s_tbi)   weights, a softmax over the keys: each row sums to 1
    y_tb  = sum_j a_tbj v_jb

and backwards, with da_tbj = dy_tb . v_jb,

    ds_tbj = a_tbj (da_tbj - sum_i a_tbi da_tbi)
    dq_tb = sum_j ds_tbj k_jb / sqrt(D),   dk_jb = sum_t ds_tbj q_tb / sqrt(D),   dv_jb = sum_t a_tbj dy_tb

`queries` (T_q, B, D), `keys` (T_k, B, D), `values` (T_k, B, D_v). Where queries are a decoder's states and keys those
of an encoder, this is attention between two networks; where all come from one sequence, self-attention. No step
waits for another, and nothing in the sums knows the order of the keys.

Weights that look at another network's states: Bahdanau, Cho & Bengio (2014), "Neural machine translation by jointly
learning to align and translate", whose scores come from a small network. Scores as products: Luong, Pham & Manning
(2015), "Effective approaches to attention-based neural machine translation". With the square root, and masked so that
the future stays unseen: Vaswani et al. (2017), "Attention is all you need", equation 1 and section 3.2.3.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, real_array, require, whole
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.padding import check_lengths, is_padding

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Attention:
    """One pass: what was given, and what came of it.

    queries, keys, values  (T_q, B, D), (T_k, B, D), (T_k, B, D_v); keys and values that nobody may look at are 0
    weights                (T_q, B, T_k), from 0 to 1; exactly 0 where a query may not look
    y                      (T_q, B, D_v)
    """

    queries: Array
    keys: Array
    values: Array
    weights: Array
    y: Array


@dataclass(frozen=True, eq=False)
class AttentionGradients:
    """dL/d of what was given and of the scores, each of the same shape; exactly 0 for what nobody may look at.

    queries, keys, values  (T_q, B, D), (T_k, B, D), (T_k, B, D_v)
    scores                 (T_q, B, T_k)
    """

    queries: Array
    keys: Array
    values: Array
    scores: Array


def attend(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    lengths: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Attention:
    """The forward pass; float32 where all that is given is float32, else float64.

    queries  (T_q, B, D), keys: (T_k, B, D), values: (T_k, B, D_v); all sizes at least 1
    lengths  (B,), each from 1 to T_k: keys beyond it are padding, whatever stands there; None: there is none
    mask     bool, (T_q, B, T_k) or of size 1 along any axis: True where a query may look, such as `causal_mask`;
             None: everywhere

    Raises ShapeError for shapes or data types that do not fit, ValueError where a query may look at nothing, and
    NonFiniteError for NaN or infinity, given or computed.
    """
    q, k, v = _given(queries, keys, values)
    (T_q, B, D), T_k = q.shape, len(k)
    allowed = _allowed((T_q, B, T_k), lengths, mask)
    unseen = ~np.any(allowed, axis=0, keepdims=True).transpose(2, 1, 0)
    k, v = np.where(unseen, k.dtype.type(0), k), np.where(unseen, v.dtype.type(0), v)
    with np.errstate(all="ignore"):
        scores = _by_time(_by_sequence(q) @ _by_sequence(k).transpose(0, 2, 1)) / q.dtype.type(np.sqrt(D))
        weights = np.where(allowed, scores, -np.inf)
        weights -= weights.max(axis=2, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=2, keepdims=True)
        y = _by_time(_by_sequence(weights) @ _by_sequence(v))
    for name, finite in (("scores", np.isfinite(scores) | ~allowed), ("outputs", np.isfinite(y))):
        if not finite.all():
            t, b = np.argwhere(~finite.all(axis=2))[0]
            raise NonFiniteError(f"NaN or infinity in the {name} of attention, first at query {t} of sequence {b}")
    return Attention(q, k, v, weights, y)


def backpropagate_attention(attention: Attention, dy: ArrayLike) -> AttentionGradients:
    """The gradients of L by queries, keys, values and scores, from dy = dL/dy (T_q, B, D_v).

    Raises ShapeError for another shape, TypeError for no Attention.
    """
    require("attention", attention, Attention)
    a, q, k, v = attention.weights, attention.queries, attention.keys, attention.values
    given = real_array("dy", dy, attention.y.dtype)
    if given.shape != attention.y.shape:
        raise ShapeError(f"dy must have the shape of y, (T_q, B, D_v) = {attention.y.shape}; got {given.shape}")
    with np.errstate(all="ignore"):
        da = _by_time(_by_sequence(given) @ _by_sequence(v).transpose(0, 2, 1))
        scores = a * (da - (a * da).sum(axis=2, keepdims=True))
        back = _by_sequence(scores / q.dtype.type(np.sqrt(q.shape[2])))
        dq = _by_time(back @ _by_sequence(k))
        dk = _by_time(back.transpose(0, 2, 1) @ _by_sequence(q))
        dv = _by_time(_by_sequence(a).transpose(0, 2, 1) @ _by_sequence(given))
    return AttentionGradients(dq, dk, dv, scores)


def causal_mask(num_steps: int) -> Mask:
    """(T, 1, T), True where key j <= query t: no position looks at a later one. num_steps: T, at least 1."""
    T = whole("num_steps", num_steps, 1)
    return np.tri(T, dtype=np.bool_)[:, None, :]


def multiply_adds(num_queries: int, num_keys: int, size: int, values_size: int) -> int:
    """Of one sequence's scores and sums, T_q T_k (D + D_v): the square of its length in self-attention. All >= 1."""
    T_q, T_k = whole("num_queries", num_queries, 1), whole("num_keys", num_keys, 1)
    return T_q * T_k * (whole("size", size, 1) + whole("values_size", values_size, 1))


def _given(queries: ArrayLike, keys: ArrayLike, values: ArrayLike) -> tuple[Array, Array, Array]:
    """All three as arrays of one data type, their shapes checked."""
    named = {"queries": queries, "keys": keys, "values": values}
    found = {name: as_array(name, a) for name, a in named.items()}
    single = all(a.dtype == np.float32 for a in found.values())
    q, k, v = (real_array(name, a, np.float32 if single else np.float64) for name, a in found.items())
    for name, a in zip(named, (q, k, v)):
        if a.ndim != 3 or a.size == 0:
            raise ShapeError(f"{name} must have shape (T, B, D), each at least 1; got {a.shape}")
    if k.shape[1:] != q.shape[1:]:
        raise ShapeError(f"keys must have the queries' B and D, (T_k, {q.shape[1]}, {q.shape[2]}); got {k.shape}")
    if v.shape[:2] != k.shape[:2]:
        raise ShapeError(f"values must have the keys' T_k and B, {k.shape[:2]} and any D_v; got {v.shape}")
    return q, k, v


def _allowed(shape: tuple[int, int, int], lengths: ArrayLike | None, mask: ArrayLike | None) -> Mask:
    """Where a query may look: (T_q, B, T_k)."""
    (_, B, T_k), allowed = shape, np.ones(shape, np.bool_)
    known = check_lengths(lengths, T_k, B)
    if known is not None:
        allowed &= ~is_padding(known, T_k).T
    if mask is not None:
        given: NDArray[Any] = as_array("mask", mask)
        fits = given.ndim == 3 and all(n in (1, full) for n, full in zip(given.shape, shape))
        if given.dtype != np.bool_ or not fits:
            raise ShapeError(
                f"mask must be bool of shape (T_q, B, T_k) = {shape}, or 1 along an axis; "
                f"got {given.dtype} of shape {given.shape}"
            )
        allowed &= given
    blind = ~allowed.any(axis=2)
    if blind.any():
        t, b = np.argwhere(blind)[0]
        raise ValueError(f"a query needs at least one key that it may look at: query {t} of sequence {b} has none")
    return allowed


def _by_sequence(a: Array) -> Array:
    """(T, B, D) -> (B, T, D), as products of matrices need it."""
    return a.transpose(1, 0, 2)


def _by_time(a: Array) -> Array:
    """Back again: (B, T, D) -> (T, B, D)."""
    return np.ascontiguousarray(a.transpose(1, 0, 2))
