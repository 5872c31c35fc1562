"""Small arrays in, a picture out. `theme` holds the colours, `html` what the pictures are made of.

The pictures are HTML rather than charts of a plotting library: they follow the page's theme by themselves, fit any
width, and a browser draws them in a fraction of the time.
"""

from rnnviz.figures.beside import Strand, Strip, beside
from rnnviz.figures.decades import Line, decades
from rnnviz.figures.difference import Difference, difference
from rnnviz.figures.guesses import Answer, guesses
from rnnviz.figures.html import STYLE, Picture, prose
from rnnviz.figures.scale_map import scale_map
from rnnviz.figures.shares import shares

__all__ = [
    "STYLE",
    "Answer",
    "Difference",
    "Line",
    "Picture",
    "Strand",
    "Strip",
    "beside",
    "decades",
    "difference",
    "guesses",
    "prose",
    "scale_map",
    "shares",
]
