"""What the pictures are made of: HTML that takes its colours, light or dark, from the page around it.

A picture is a string of HTML with inline sizes and the classes of `style.css`. Two things keep it small and quick to
draw, however many numbers it shows: a whole heat map is two stencils (one PNG pixel per number, its opacity the
magnitude) through which the colours for negative and positive shine, and a line is one element cut to its shape.
All text that comes from outside goes through `text`.
"""

import base64
import html
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import NonFiniteError
from rnnviz.figures.theme import DARK, LIGHT, css_variables, signed_rgb, text_on

STYLE = f"<style>.rnn{{{css_variables()}}}{(Path(__file__).parent / 'style.css').read_text(encoding='utf-8')}</style>"

LANE = 950  # pixels, about the width of a picture's time axis on a laptop
THICKNESS = 2.5  # pixels, of a curve


@dataclass(frozen=True)
class Picture:
    """A picture as HTML. A notebook shows it by itself; a page that has put `STYLE` once needs `body` alone."""

    body: str

    def _repr_html_(self) -> str:
        return STYLE + self.body


def require_finite(what: str, values: Array) -> None:
    """Raise NonFiniteError unless all `values` are numbers: a colour or a length can only stand for those."""
    if not np.isfinite(values).all():
        raise NonFiniteError(f"{what} must be finite to be drawn")


def text(value: str) -> str:
    """`value` as text and nothing but text, for between tags and inside quoted attributes."""
    return html.escape(value, quote=True)


def prose(title: str, *paragraphs: str) -> Picture:
    """Plain text among the pictures, in their type; empty paragraphs are left out."""
    return story(title, *map(text, paragraphs))


def story(title: str, *paragraphs: str) -> Picture:
    """The same for paragraphs that are HTML, such as those with a `chart.pick` in them."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return Picture(f'<div class="rnn prose"><h3>{text(title)}</h3>{body}</div>')


def columns(*pictures: Picture, kind: str) -> Picture:
    """Pictures side by side, one below the other where the page is narrow; `kind` is a class that sets their widths."""
    return Picture(f'<div class="rnn"><div class="columns {kind}">{"".join(p.body for p in pictures)}</div></div>')


def symbol(letter: str, subscript: str = "") -> str:
    """A mathematical symbol in italics: h with the subscript t - 1."""
    below = f"<sub>{subscript}</sub>" if subscript else ""
    return f'<span class="symbol">{letter}{below}</span>'


def signed_chip(value: float) -> str:
    """Inline style: the signed scale's colour of `value` as the background, and black or white text that contrasts.

    The range is [-1, 1], zero the page's background; beyond it the colour is full.
    """
    light, dark = (text_on(signed_rgb(value, palette)) for palette in (LIGHT, DARK))
    return f"background:{_signed_colour(value)};color:light-dark({light},{dark});"


def _signed_colour(value: float) -> str:
    end = "positive" if value > 0 else "negative"
    percent = min(abs(value), 1.0) * 100
    return f"color-mix(in srgb,var(--rnn-{end}) {percent:.3g}%,var(--rnn-background))"


def stencils(values: Array) -> str:
    """A heat map of `values` (rows, columns) on the signed scale, filling its place: negative and positive part."""
    levels = np.round(np.clip(np.abs(values), 0, 1) * 255).astype(np.uint8)
    parts = {"negative": np.where(values < 0, levels, 0), "positive": np.where(values > 0, levels, 0)}
    return "".join(_stencil(name, _png(opacity)) for name, opacity in parts.items())


def shades(values: Array, colour: str) -> str:
    """A heat map of `values` in [0, 1] (rows, columns), from the page's background to a colour of the theme."""
    return _stencil(colour, _png(np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)))


def _stencil(colour: str, png: bytes) -> str:
    image = f"url(data:image/png;base64,{base64.b64encode(png).decode()})"
    return f'<i class="stencil" style="background:var(--rnn-{colour});--image:{image}"></i>'


def curve(values: Array, bottom: float, top: float, height: float) -> str:
    """A line through `values` (n,), each in the middle of one of n equal columns; NaN is left out.

    `bottom` and `top` are the values at the lower and the upper edge, `height` the pixels between them. The line is a
    ribbon, upper and lower edge; it is as thick on a slope as on the level where the whole is about LANE pixels wide.
    """
    at = np.flatnonzero(~np.isnan(values))
    x, y = (at + 0.5) / len(values), (top - values[at]) / (top - bottom)
    if len(at) == 1:  # a short level piece
        x, y = x + np.array([-0.2, 0.2]) / len(values), np.repeat(y, 2)
    slope = np.diff(y) * height / (np.diff(x) * LANE)
    half = THICKNESS / 2 * np.sqrt(1 + np.minimum(np.abs(slope), 4) ** 2)
    half = (np.append(half, half[-1]) + np.insert(half, 0, half[0])) / 2
    upper = [f"{100 * px:.2f}% calc({100 * py:.2f}% - {d:.1f}px)" for px, py, d in zip(x, y, half, strict=True)]
    lower = [point.replace(" - ", " + ") for point in reversed(upper)]
    return f'<i class="curve" style="clip-path:polygon({",".join(upper + lower)})"></i>'


def _png(opacity: Array) -> bytes:
    """A PNG whose pixels are black with the given opacity, 0-255 (rows, columns)."""
    rows, columns = opacity.shape
    pixels = np.zeros((rows, 1 + 2 * columns), np.uint8)  # per row: filter type 0, then (grey, alpha) per pixel
    pixels[:, 2::2] = opacity
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", columns, rows, 8, 4, 0, 0, 0),
        b"IDAT": zlib.compress(pixels.tobytes(), 1),
        b"IEND": b"",
    }
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + body
