"""Small arrays in, a picture out. `theme` holds the colours, `html` what the pictures are made of.

The pictures are HTML rather than charts of a plotting library: they follow the page's theme by themselves, fit any
width, and a browser draws them in a fraction of the time.
"""

from rnnviz.figures.difference import Difference, difference, difference_cursor
from rnnviz.figures.equation import equation, places_of
from rnnviz.figures.guesses import Answer, guesses
from rnnviz.figures.html import STYLE, Picture, prose
from rnnviz.figures.shares import shares
from rnnviz.figures.unrolled import Tape, cursor, unrolled

__all__ = [
    "STYLE",
    "Answer",
    "Difference",
    "Picture",
    "Tape",
    "cursor",
    "difference",
    "difference_cursor",
    "equation",
    "guesses",
    "places_of",
    "prose",
    "shares",
    "unrolled",
]
