"""Which input mattered, on a page: words shaded by it, or numbers with it below them.

found = rv.diagnostics.saliency(trace, grads)               # dy = 1 at one output of the last step: its score
page.show(saliency.words(tokens, found.effect[:, 0]))       # words: gradient times input, with its sign
page.show(saliency.series([Line("°C", x)], found.norm[:, 0], step=1))       # numbers: the norm of the gradient
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lessons.common.shared import shared
from rnnviz.diagrams import Diagram, mattered
from rnnviz.plots import Lane, Line, prepare
from rnnviz.plots.prepared import Prepared


def words(tokens: Sequence[str], values: ArrayLike) -> Diagram:
    """The tokens, each with its value (T,)."""
    signed = bool((np.asarray(values) < 0).any())
    return mattered(tokens, values, name=shared().label("saliency.effect" if signed else "saliency.norm", {}))


def series(lines: Sequence[Line], values: ArrayLike, *, step: int, title: str = "", height: int = 72) -> Prepared:
    """What was read as `lines` over the steps, and below it how much each step mattered, (T,), at least 0.

    step   where the reader stands, from 1
    title  what was read, plain text
    """
    say = shared().labels("saliency", {})
    read = np.concatenate([np.asarray(line.values, np.float64) for line in lines])
    low, high = float(np.nanmin(read)), float(np.nanmax(read))
    norm = np.asarray(values, np.float64)
    rows = [
        Lane(title or say["input"], lines, low, high if high > low else low + 1.0),
        Lane(say["norm"], [Line(say["short"], norm, "backward", "area")], 0.0, float(norm.max()) or 1.0),
    ]
    return prepare.lanes(rows, step, across=say["step"], title=say["title"], height=height)
