"""Colours and scales, held once: the same thing has the same colour in every picture.

Two palettes with the same names, one per theme. Signed values use one diverging scale, blue below and orange
above, whose zero is the page's background, so that nothing glares in the dark. Gates carry the Okabe-Ito hues.
The pages' own theme (`.streamlit/config.toml`) repeats background, ink and accents.
"""

from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

import numpy as np

from rnnviz.arrays import Array

ThemeName: TypeAlias = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as CSS hex strings."""

    background: str
    ink: str
    muted: str
    pipe: str
    negative: str
    positive: str
    forward: str
    backward: str
    forget: str
    input: str
    output: str
    candidate: str


LIGHT = Palette(
    background="#fbfbf8",
    ink="#1b2026",
    muted="#59626d",
    pipe="#e4e6e2",
    negative="#1f6fb5",
    positive="#c65d00",
    forward="#3457d5",
    backward="#bf3d10",
    forget="#a23b78",
    input="#007a5c",
    output="#147aa6",
    candidate="#806600",
)
DARK = Palette(
    background="#14171c",
    ink="#e9ebee",
    muted="#a0a8b3",
    pipe="#2a2f37",
    negative="#56a8ee",
    positive="#f59a3c",
    forward="#93a8ff",
    backward="#ff8a5b",
    forget="#e596c4",
    input="#41c99e",
    output="#6cc4f2",
    candidate="#e3d04c",
)
PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}


def css_variables() -> str:
    """`--rnn-<name>: light-dark(...)` for each colour: HTML that uses them follows the page's theme by itself."""
    pairs = ((f.name, getattr(LIGHT, f.name), getattr(DARK, f.name)) for f in fields(Palette))
    return "".join(f"--rnn-{name}:light-dark({light},{dark});" for name, light, dark in pairs)


def signed_rgb(value: float, palette: Palette) -> tuple[int, int, int]:
    """The same scale for one number: the mixture of background and end colour, as 0-255 RGB."""
    end = _rgb(palette.positive if value > 0 else palette.negative)
    weight = min(abs(value), 1.0)
    mixed = (1 - weight) * _rgb(palette.background) + weight * end
    red, green, blue = (round(float(channel)) for channel in mixed)
    return red, green, blue


def text_on(rgb: tuple[int, int, int]) -> str:
    """Black or white, whichever contrasts more with `rgb` by the WCAG relative luminance."""
    linear = np.array([c / (255 * 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb])
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def _rgb(hex_colour: str) -> Array:
    return np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
