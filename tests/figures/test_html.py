"""What the pictures are made of: escaped text, and stencils that hold the numbers."""

import base64
import re
import struct
import zlib

import numpy as np

from rnnviz.figures.html import columns, curve, prose, shades, signed_chip, stencils, story, text


def opacities(png: bytes) -> np.ndarray:
    columns, rows = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", png[start - 8 : start - 4])
    raw = np.frombuffer(zlib.decompress(png[start : start + length]), np.uint8).reshape(rows, 1 + 2 * columns)
    return raw[:, 2::2]


def test_a_stencil_s_opacity_is_the_magnitude() -> None:
    values = np.array([[0.5, -1.0, 0.0], [-0.25, 3.0, -3.0]])
    images = [
        base64.b64decode(b) for b in re.findall(r"--image:url\(data:image/png;base64,([^)]*)\)", stencils(values))
    ]
    negative, positive = (opacities(png) for png in images)
    assert negative.tolist() == [[0, 255, 0], [64, 0, 255]]
    assert positive.tolist() == [[128, 0, 0], [0, 255, 0]]


def test_a_line_leaves_out_what_is_missing() -> None:
    drawn = curve(np.array([np.nan, 1.0, -1.0]), -1, 1, 66)
    points = re.findall(r"([\d.]+)% calc\(([\d.]+)% ([-+])", drawn)
    assert points == [
        ("50.00", "0.00", "-"),
        ("83.33", "100.00", "-"),
        ("83.33", "100.00", "+"),
        ("50.00", "0.00", "+"),
    ]


def test_text_is_never_markup() -> None:
    assert text('<img src=x onerror="alert(1)">') == "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"
    assert "<b>" not in prose("<b>", "<b>").body


def test_a_signed_number_s_colour_mixes_with_the_page() -> None:
    assert "var(--rnn-negative) 25%" in signed_chip(-0.25)
    assert "var(--rnn-positive) 100%" in signed_chip(7)


def test_columns_hold_the_pictures_in_their_order():
    assert columns(prose("a", "b"), prose("c"), kind="x").body == (
        f'<div class="rnn"><div class="columns x">{prose("a", "b").body}{prose("c").body}</div></div>'
    )


def test_a_story_keeps_markup_and_prose_does_not():
    assert "<p><b>x</b></p>" in story("t", "<b>x</b>", "").body
    assert "<b>" not in prose("t", "<b>x</b>").body


def test_shades_of_one_colour_hold_the_values() -> None:
    drawn = shades(np.array([[0.0, 0.5], [1.0, 2.0]]), "ink")
    assert "background:var(--rnn-ink)" in drawn
    png = base64.b64decode(re.search(r"--image:url\(data:image/png;base64,([^)]*)\)", drawn)[1])
    assert opacities(png).tolist() == [[0, 128], [255, 255]]
