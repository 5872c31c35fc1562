"""Proof on the spot: the gradients on the screen against finite differences of the very network on the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

import rnnviz as rv

CHECKS: Mapping[type, tuple[str, Callable[..., rv.GradientCheck]]] = {
    rv.Network: ("rv.check_gradients", rv.check_gradients),
    rv.seq2seq.EncoderDecoder: ("rv.seq2seq.check_gradients", rv.seq2seq.check_gradients),
    rv.self_attention.SelfAttention: ("rv.self_attention.check_gradients", rv.self_attention.check_gradients),
}


@dataclass(frozen=True)
class Verdict:
    """What came of the comparison, as facts for the section "verify" of the words that all lessons share.

    by       the name of the function that compared
    refused  why there is nothing to compare; None where there is
    found    what it found
    """

    by: str
    refused: str | None = None
    found: rv.GradientCheck | None = None


def verdict(network: Any, x: ArrayLike, dy: ArrayLike, **others: Any) -> Verdict:
    """Compare the backward pass with finite differences; the arguments are those of its `check_gradients`."""
    by, check = CHECKS[type(network)]
    try:
        return Verdict(by, found=check(network, x, dy, **others))
    except ValueError as reason:  # NonFiniteError among them
        return Verdict(by, refused=str(reason))
