"""Proof on the spot: the gradients on the screen against finite differences of the very network on the screen."""

from typing import Any

import streamlit as st
from numpy.typing import ArrayLike

import rnnviz as rv
from lessons import _controls as controls
from rnnviz.figures.numbers import significant

TITLE = "Verify: are these gradients right?"


def verify(network: rv.Network, x: ArrayLike, dy: ArrayLike, *, note: str = "", **others: Any) -> None:
    """A section that compares the backward pass with finite differences once it is opened.

    `note` stands below the verdict; the other arguments are those of `rnnviz.check_gradients`.
    """
    with controls.section(TITLE, "verify") as opened:
        if opened:
            st.markdown(verdict(network, x, dy, **others))
            if note:
                st.caption(note)


def verdict(network: rv.Network, x: ArrayLike, dy: ArrayLike, **others: Any) -> str:
    """What came of the comparison, in a few sentences."""
    try:
        found = rv.check_gradients(network, x, dy, **others)
    except (rv.NonFiniteError, ValueError) as reason:
        return f"There is nothing to compare here: {reason}."
    where = f"`{found.name}[{', '.join(map(str, found.index))}]`"
    left_out = f" {found.kinks} more lie where a relu switches and has no slope." if found.kinks else ""
    left_out += f" Gradients too small for finite differences to see: {found.faint}." if found.faint else ""
    return (
        f"`rv.check_gradients` has just moved {found.entries} numbers of this network and its input, one at a time, a "
        f"little up and a little down, and has compared what that did to L with the backward pass.{left_out} They "
        f"disagree most at {where}: {significant(found.analytic, 7)} by the backward pass and "
        f"{significant(found.numeric, 7)} by finite differences, which is {significant(found.error)} of that array's "
        "largest gradient."
    )
