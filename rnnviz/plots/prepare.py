"""Every chart of `rnnviz.plots`, made ready for a page: the same calls, each with a `Prepared` for an answer."""

from rnnviz.plots.bars import bars
from rnnviz.plots.cells import heat_map, scale_map
from rnnviz.plots.coordinates import coordinates
from rnnviz.plots.histogram import histogram
from rnnviz.plots.over_steps import decades, lines
from rnnviz.plots.pasts import difference
from rnnviz.plots.plane import eigenvalues
from rnnviz.plots.ranked import openness, outcomes, ranked
from rnnviz.plots.several import beside, lanes
from rnnviz.plots.shares import shares
from rnnviz.plots.spread import spread
from rnnviz.plots.success import success
from rnnviz.plots.tried import tried

__all__ = [
    "bars",
    "beside",
    "coordinates",
    "decades",
    "difference",
    "eigenvalues",
    "heat_map",
    "histogram",
    "lanes",
    "lines",
    "openness",
    "outcomes",
    "ranked",
    "scale_map",
    "shares",
    "spread",
    "success",
    "tried",
]
