"""Read pictures back: the numbers and the pixels that a piece of HTML really holds."""

import base64
import json
import re
import struct
import zlib

import numpy as np
from streamlit.testing.v1 import AppTest

MINUS = "−"
STENCIL = re.compile(r'class="stencil"[^>]*?data:image/png;base64,([A-Za-z0-9+/=]+)')
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by PNG's colour type


def pixels(png: bytes) -> np.ndarray:
    """The pixels of an 8-bit PNG whose rows are not filtered: (rows, columns, channels)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data = 8, {}
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size) == (zlib.crc32(name + body),)
        data[name] = data.get(name, b"") + body
        at += 12 + size
    columns, rows, depth, kind = struct.unpack_from(">IIBB", data[b"IHDR"])
    lines = np.frombuffer(zlib.decompress(data[b"IDAT"]), np.uint8).reshape(rows, 1 + columns * CHANNELS[kind])
    assert depth == 8
    # The neighbours of a picture's only pixel are 0, so that every filter leaves it as it is.
    assert rows * columns == 1 or not lines[:, 0].any()
    return lines[:, 1:].reshape(rows, columns, CHANNELS[kind])


def heat_maps(html: str) -> list[np.ndarray]:
    """The numbers of each heat map, (rows, columns), to within half a shade of 255."""
    return [stencilled(part) for part in html.split('class="lane heat"')[1:]]


def stencilled(html: str) -> np.ndarray:
    """The numbers that the first two stencils show, the negative ones and the positive ones."""
    negative, positive = (pixels(base64.b64decode(found))[:, :, 1] for found in STENCIL.findall(html)[:2])
    assert not (negative.astype(bool) & positive.astype(bool)).any()
    return (positive.astype(float) - negative) / 255


def number(text: str) -> float:
    """A printed number; it has a true minus sign if any, and no other."""
    assert "-" not in text, text
    return float(text.replace(MINUS, "-"))


def chips(html: str) -> list[str]:
    """The numbers of an equation as printed."""
    return re.findall(r'class="chip"[^>]*>([^<]*)<', html)


def places(text: str) -> int:
    """The digits after the point."""
    return len(text.partition(".")[2])


def assert_printed(texts: list[str], values: list[float]) -> None:
    """Each text is its value, rounded to the digits that are printed."""
    assert len(texts) == len(values)
    for text, value in zip(texts, values, strict=True):
        assert abs(number(text) - value) <= 0.5000001 * 10.0 ** -places(text), (text, value)


def mounted(at: AppTest, key: str) -> list[str]:
    """The bodies of the pictures that `lessons._pictures.show(..., key=key)` put on the page, in their order."""
    (found,) = (part.proto for part in at.get("bidi_component") if part.proto.id.endswith(f"-{key}"))
    return list(json.loads(found.json)["pictures"])
