"""What diagrams are made of: HTML that takes its colours, light or dark, from the page around it.

A diagram is a string of HTML with inline sizes and the classes of `style.css`. Text that comes from outside goes
through `text`, which leaves alone what says that it is HTML already (`__html__`).
"""

import html
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import NonFiniteError
from rnnviz.theme import DARK, LIGHT, css_variables, signed_rgb, text_on


class Diagram(str):
    """HTML, as `markupsafe.Markup` is. A notebook shows it by itself; a page puts `style()` once."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return style() + self


def style() -> str:
    """What all diagrams need, as an element."""
    sheet = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return f"<style>.rnn{{{css_variables()}}}{sheet}</style>"


def require_finite(what: str, values: Array) -> None:
    """Raise NonFiniteError unless all `values` are numbers: a colour or a length can only stand for those."""
    if not np.isfinite(values).all():
        raise NonFiniteError(f"{what} must be finite to be drawn")


def text(value: Any) -> str:
    """`value` as text and nothing but text, for between tags and inside quoted attributes; HTML stays HTML."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value), quote=True)


def attribute(value: str) -> str:
    """Text inside a quoted attribute, whatever it is."""
    return html.escape(str(value), quote=True)


def symbol(letter: str, subscript: str = "") -> Diagram:
    """A mathematical symbol in italics: h with the subscript t - 1."""
    below = f"<sub>{subscript}</sub>" if subscript else ""
    return Diagram(f'<span class="symbol">{letter}{below}</span>')


def paragraph(words: str) -> str:
    """A paragraph; nothing where there are no words."""
    return f"<p>{text(words)}</p>" if words else ""


def signed_chip(value: float) -> str:
    """Inline style: the signed scale's colour of `value` as the background, and black or white text that contrasts.

    The range is [-1, 1], zero the page's background; beyond it the colour is full.
    """
    light, dark = (text_on(signed_rgb(value, palette)) for palette in (LIGHT, DARK))
    end, percent = "positive" if value > 0 else "negative", min(abs(value), 1.0) * 100
    mixed = f"color-mix(in srgb,var(--rnn-{end}) {percent:.3g}%,var(--rnn-background))"
    return f"background:{mixed};color:light-dark({light},{dark});"
