"""Proof on the spot: the gradients on the screen against finite differences of the very network on the screen."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

import rnnviz as rv


@dataclass(frozen=True)
class Verdict:
    """What came of the comparison, as facts for the section "verify" of the words that all lessons share.

    refused  why there is nothing to compare; None where there is
    found    what `rv.check_gradients` found
    """

    refused: str | None = None
    found: rv.GradientCheck | None = None


def verdict(network: rv.Network, x: ArrayLike, dy: ArrayLike, **others: Any) -> Verdict:
    """Compare the backward pass with finite differences; the arguments are those of `rnnviz.check_gradients`."""
    try:
        return Verdict(found=rv.check_gradients(network, x, dy, **others))
    except ValueError as reason:  # NonFiniteError among them
        return Verdict(refused=str(reason))
