"""Two sequences that differ in one step, and how long the states remember it.

From top to bottom on one time axis: the two tapes, the heat map of h_t - h'_t (units x time), and d_t = ||h_t - h'_t||
on a log axis. What lies ahead of the current step is faded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.plots import axes, cells, drawn, panel, parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.cells import Cells
from rnnviz.plots.expressions import first
from rnnviz.plots.over_steps import shape_of
from rnnviz.plots.panel import Line, Panel, Shown
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

DECADES = (-8, 1)  # the log axis: from 10^-8 to 10
LABELLED = (0, -2, -4, -6, -8)
ROW = 28  # px, of a tape


@dataclass(frozen=True, eq=False)
class Difference:
    """What the picture needs to know about the difference.

    values  (T, H) h_t - h'_t
    norms   (T,) its Euclidean norm over the units
    first   the step at which the inputs differ, from 1
    bound   the largest singular value of W_h, the factor that no step can exceed; drawn where it is below 1
    """

    values: Array
    norms: Array
    first: int
    bound: float


class Shape(NamedTuple):
    """What the spec depends on: the heat map, the lines, and how many tapes there are."""

    cells: Cells
    lines: Panel
    tapes: int


def difference(
    data: Difference,
    tape: Sequence[str],
    other: Sequence[str],
    step: int,
    *,
    tapes: tuple[str, str],
    names: tuple[str, str, str],
    unit: str = "unit",
    across: str = "step",
    title: str = "",
    norm_title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 110,
) -> Prepared:
    """The two tapes, h - h' and its norm, with the current `step`, 1..T, marked in all of them.

    tapes  what the two tapes are called
    names  what the norm, 1 % of the first difference, and the most that theory allows are called
    title, norm_title  above the tapes, and above the norm

    Raises ShapeError where lengths differ or a step is out of range.
    """
    values, norms = np.asarray(data.values, np.float64), np.asarray(data.norms, np.float64)
    T = len(norms)
    lengths = {len(values), T, len(tape), len(other)}
    if len(lengths) > 1 or values.ndim != 2 or not (1 <= data.first <= T and 1 <= step <= T):
        raise ShapeError(
            f"difference: values, norms and both tapes of one length are needed, got {sorted(lengths)}, "
            f"and steps in 1..{T}, got {data.first} as the first and {step} as the current one"
        )
    x = axes.steps(1, T)
    with np.errstate(divide="ignore"):
        logs = np.log10(norms)
        start = float(logs[data.first - 1])
        after = np.arange(T) - (data.first - 1)
        most = np.where(after >= 0, start + after * np.log10(max(data.bound, 0.0)), -np.inf)
    guides = [Line(names[1], np.full(T, start - 2), "backward", "dashed")] if np.isfinite(start) else []
    if data.bound < 1 and guides:
        guides.append(Line(names[2], most, "muted", "dotted"))
    y = Axis(*DECADES, tuple((d, axes.power(d)) for d in LABELLED))
    shown = Shown(
        [Line(names[0], logs, "ink")], x, y, norm_title, across=across, log=True, backwards=False, guides=guides
    )
    heat = cells.heat_map(values.T, up=unit, across=across, mark_at=step, title=title, picks=picks, height=height)
    made: dict[str, Columns] = {f"s0_{name}": columns for name, columns in heat.datasets.items() if name != "step"}
    made |= panel.datasets(shown, "s1_") | {"step": {"step": [int(step)]}, "cursor": {"x": []}}
    longest = max(len(token) for token in (*tape, *other))
    made["tapes"] = {
        "x": [*range(1, T + 1)] * 2,
        "row": [0] * T + [1] * T,
        "token": [*tape, *other],
        "differs": [a != b for a, b in zip(tape, other)] * 2,
    }
    made["tape_names"] = {"row": [0, 1], "name": list(tapes), "longest": [longest] * 2}
    del made["s0_cursor"]
    heat_shape: Cells = heat.shape[0]._replace(prefix="s0_", across=False, legend=False)  # type: ignore[attr-defined]
    shape = Shape(heat_shape, shape_of(shown, 150, picks=bool(picks), prefix="s1_"), 2)
    said = description or ". ".join(filter(None, (title, ", ".join(tapes), ", ".join(names))))
    return Prepared("difference", (shape,), made, title, said, build, picks)


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    heat, lines = cells.layers(shape.cells, extra=[*_tapes(shape), _ahead("s0_", False)]), drawn.panel(shape.lines)
    return drawn.stacked([heat, alt.layer(lines, _ahead("s1_", True)).properties(title=parts.title("s1_"))])


def _ahead(prefix: str, labelled: bool) -> Any:
    """A veil over what is yet to come."""
    import altair as alt

    x = parts.x_axis(prefix, labelled)
    veil = named("step", f"{prefix}ahead").transform_calculate(after=f"datum.step + {0.5 if prefix == 's0_' else 0}")
    box = veil.mark_rect(color=hue("background"), opacity=0.7, clip=True, aria=False, tooltip=None)
    return box.encode(x=alt.X("after:Q", **x), x2=alt.datum(expr(first(f"{prefix}view", "right"))))


def _tapes(shape: Shape) -> list[Any]:
    """What was read, above the heat map; a token that does not fit its column is left out, all of them are then."""
    import altair as alt

    x = parts.x_axis("s0_", labelled=False)
    fits = "width / data('s0_view')[0].columns >= data('tape_names')[0].longest * 8"
    place = expr(f"-{ROW * shape.tapes + 22} + {ROW} * (datum.row + 0.5)")
    now = "length(data('step')) && data('step')[0].step === datum.x"
    plate = named("tapes", "tape_plates").transform_calculate(before="datum.x - 0.5", after="datum.x + 0.5").mark_rect(
        fill=expr(f"{now} ? palette.forward : datum.differs ? palette.backward : palette.pipe"),
        fillOpacity=expr(f"{now} ? 1 : datum.differs ? 0.3 : 0.6"), height=ROW - 4, aria=False,
    )  # fmt: skip
    text = named("tapes", "tape").mark_text(
        color=expr(f"{now} ? palette.background : palette.ink"), fontSize=expr(f"{fits} ? type : 0"), aria=False
    )
    label = named("tape_names", "tape_names").mark_text(
        align="right", color=hue("muted"), fontSize=expr("type"), aria=False
    )
    return [
        plate.encode(x=alt.X("before:Q", **x), x2="after:Q", y=alt.value(place)),
        text.encode(x=alt.X("x:Q", **x), y=alt.value(place), text="token:N"),
        label.encode(x=alt.value(-8), y=alt.value(place), text="name:N"),
    ]
