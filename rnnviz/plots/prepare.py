"""Every chart of `rnnviz.plots`, made ready for a page: the same calls, each with a `Prepared` for an answer."""

from rnnviz.plots.bars import bars
from rnnviz.plots.cells import heat_map, scale_map
from rnnviz.plots.over_steps import decades, lines

__all__ = ["bars", "decades", "heat_map", "lines", "scale_map"]
