"""Small arrays in, an Altair chart out. In a notebook it shows itself; `.save("chart.svg")` writes it.

    rv.plots.lines([rv.plots.Line("h", h, "forward")], up="h", title="One unit")

`rnnviz.plots.prepare` has the same functions; there each gives back a `Prepared`, which a page shows: a spec that is
built once for all settings, and the numbers as named datasets. Words (titles, names of axes and series) come in as
arguments, plain text; a subscript is a character of its own.

For a host that shows `Prepared` charts in a page:

    spec       Vega-Lite 6 without data and colours; equal (kind, shape) have the same object. Compile it with
               `theme.config(look)` as config; parse with {ast: true} and Vega's expression interpreter; canvas
    datasets   columns: turn them into rows and give each to `view.data(name, rows)`; only those that changed
    colours    another theme without another view: `view.signal("palette", theme.palette(look))` recolours all marks,
               but not the axes' labels, which a new view with the other config does
    "step"     one row {step}, counted from 1 as on the screen (the player's event counts from 0: add 1), or none; it
               moves the line, and the numbers in the legend follow. A chart that does not follow the player has "mark"
    "pick"     a point selection on charts whose `Prepared.pick` is not empty: its value {"x": [..]}, or {"x": [..],
               "y": [..]} on a heat map, is the event {target: Prepared.pick, value: {"x": .., "y": ..}}
    "cursor"   rows {x}, none at first: where the arrow keys stand. The places that they go through are the column x of
               "read" (of a heat map: "cells", x and y); Enter picks the place
    "lit"      a parameter of charts with others behind: `view.signal("lit", k)` brings the k-th forward, -1 none
    width      "container" for one panel. A spec with "vconcat" (panels below each other) has its axes' width as the
               signal "width", 600 at first: set it to the place's width less what stands beside the axes (about 60 px)
    "places"   the marks (`places`, `s0_places`, ...) that pointer and keys go along, each with its tooltip
    tooltips   text, one line for each "\\n" (`white-space: pre-line`)
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from rnnviz.plots import axes, prepare, theme
from rnnviz.plots.bars import Bars
from rnnviz.plots.cells import pale
from rnnviz.plots.coordinates import Coordinate
from rnnviz.plots.panel import Line
from rnnviz.plots.pasts import Difference
from rnnviz.plots.prepared import Prepared
from rnnviz.plots.ranked import Group
from rnnviz.plots.several import Lane, Strand, Strip
from rnnviz.plots.surface import error_surface

if TYPE_CHECKING:
    import altair as alt

P = ParamSpec("P")


def _shown(make: Callable[P, Prepared]) -> "Callable[P, alt.TopLevelMixin]":
    """The chart itself of what `make` prepares."""

    @wraps(make)
    def chart(*args: P.args, **kwargs: P.kwargs) -> "alt.TopLevelMixin":
        return make(*args, **kwargs).chart()

    return chart


beside = _shown(prepare.beside)
bars = _shown(prepare.bars)
coordinates = _shown(prepare.coordinates)
decades = _shown(prepare.decades)
difference = _shown(prepare.difference)
eigenvalues = _shown(prepare.eigenvalues)
heat_map = _shown(prepare.heat_map)
histogram = _shown(prepare.histogram)
lanes = _shown(prepare.lanes)
lines = _shown(prepare.lines)
openness = _shown(prepare.openness)
outcomes = _shown(prepare.outcomes)
ranked = _shown(prepare.ranked)
scale_map = _shown(prepare.scale_map)
shares = _shown(prepare.shares)
spread = _shown(prepare.spread)
success = _shown(prepare.success)
tried = _shown(prepare.tried)

__all__ = [
    "Bars",
    "Coordinate",
    "Difference",
    "Group",
    "Lane",
    "Line",
    "Prepared",
    "Strand",
    "Strip",
    "axes",
    "bars",
    "beside",
    "coordinates",
    "decades",
    "difference",
    "eigenvalues",
    "error_surface",
    "heat_map",
    "histogram",
    "lanes",
    "lines",
    "openness",
    "outcomes",
    "pale",
    "prepare",
    "ranked",
    "scale_map",
    "shares",
    "spread",
    "success",
    "theme",
    "tried",
]
