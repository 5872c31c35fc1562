"""Small arrays in, a picture out. `theme` holds the colours, `html` what the pictures are made of.

The pictures are HTML rather than charts of a plotting library: they follow the page's theme by themselves, fit any
width, and a browser draws them in a fraction of the time.
"""

from rnnviz.figures.beside import Strand, Strip, beside
from rnnviz.figures.decades import Line, decades
from rnnviz.figures.difference import Difference, difference
from rnnviz.figures.eigenvalues import Card, cards, eigenvalues
from rnnviz.figures.guesses import Answer, guesses
from rnnviz.figures.histogram import histogram
from rnnviz.figures.html import STYLE, Picture, columns, prose, story
from rnnviz.figures.openness import openness
from rnnviz.figures.ranked import ranked
from rnnviz.figures.saturated import saturated
from rnnviz.figures.scale_map import scale_map
from rnnviz.figures.shares import shares

__all__ = [
    "STYLE",
    "Answer",
    "Card",
    "Difference",
    "Line",
    "Picture",
    "Strand",
    "Strip",
    "beside",
    "cards",
    "columns",
    "decades",
    "difference",
    "eigenvalues",
    "guesses",
    "histogram",
    "openness",
    "prose",
    "ranked",
    "saturated",
    "scale_map",
    "shares",
    "story",
]
