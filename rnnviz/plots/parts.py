"""The parts that charts share: axes that read their ends and labels from datasets, names, the marked step, the pointer.

A chart's datasets bear its prefix, which is empty but for charts of several strips. `view` is one row with all that
there is once: title, up, across (the axes' names), low, high (of the axis up), left, right (of the one across), and
the names of the series, name0, name1, ...
"""

from collections.abc import Sequence
from typing import Any

from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import colour, first
from rnnviz.plots.prepared import Columns

LETTER = 7.0  # px, of an average letter at 14 px
BOLD = 8.3  # of a title
FULL_DIGITS = 7
# What titles and legends have room for. Vega works out the width of the axes from the container's in a second pass, and
# a title that broke otherwise then would not fit into the picture any more.
ROOM = "(isFinite(containerSize()[0]) ? min(width, containerSize()[0] - 64) : width)"
_BOX = "M-1.35,-0.7H1.35V0.7H-1.35Z"
_STROKE = "M-1.35,0.7L1.35,-0.7"


def expr(text: str) -> Any:
    """A Vega expression, as Altair takes it."""
    import altair as alt

    return alt.ExprRef(text)


def named(dataset: str, mark: str = "") -> Any:
    """A chart of a named dataset; its marks bear the name `mark`, by which tests and hosts find them."""
    import altair as alt

    chart = alt.Chart(alt.NamedData(dataset))
    return chart.properties(name=mark) if mark else chart


def hue(name: str) -> Any:
    """A colour of the theme."""
    return expr(colour(name))


OWN_HUE = "palette[datum.hue]"  # the colour that a row names


def view(title: str, up: str, across: str, x: Axis, y: Axis, names: Sequence[str] = ()) -> Columns:
    """The dataset `view`."""
    made: dict[str, Any] = {"title": title, "up": up, "across": across}
    made |= {"low": y.low, "high": y.high, "left": x.low, "right": x.high}
    lines = broken(title)
    made |= {"broken": lines, "wide": [max(map(len, one)) for one in lines]}
    made |= {"letters": max([len(name) for name in names], default=0)}
    return {key: [value] for key, value in made.items()} | {f"name{k}": [name] for k, name in enumerate(names)}


def broken(title: str) -> list[list[str]]:
    """A title in one, two, three and four lines of much the same length; the spec takes the first that fits."""
    words, found = title.split(), []
    for lines in range(1, 5):
        most, made = len(title) / lines, [""]
        for word in words:
            if made[-1] and len(made) < lines and len(made[-1]) + len(word) / 2 > most:
                made.append(word)
            else:
                made[-1] = f"{made[-1]} {word}".strip()
        found.append(made)
    return found


def title(prefix: str) -> Any:
    """The chart's title, in as many lines as it takes."""
    import altair as alt

    view = f"data('{prefix}view')[0]"
    fits = (f"{view}.wide[{k}] * {BOLD} <= {ROOM} ? {view}.broken[{k}] : " for k in range(3))
    return alt.Title(text=expr(f"{''.join(fits)}{view}.broken[3]"))


def x_axis(prefix: str, labelled: bool = True) -> dict[str, Any]:
    """Arguments of the channel x."""
    return _axis(prefix, "across", "left", "right", labelled)


def y_axis(prefix: str, labelled: bool = True) -> dict[str, Any]:
    """Arguments of the channel y."""
    return _axis(prefix, "up", "low", "high", labelled)


def _axis(prefix: str, ticks: str, low: str, high: str, labelled: bool) -> dict[str, Any]:
    import altair as alt

    places, wide = f"pluck(data('{prefix}{ticks}'), 'at')", f"{prefix}view"
    axis = alt.Axis(
        values=expr(places),
        labelExpr=f"data('{prefix}{ticks}')[max(0, indexof({places}, datum.value))].label",
        labelOverlap="greedy" if ticks == "across" else False,
        title=None,
    )
    ends = alt.Scale(domain=[expr(first(wide, low)), expr(first(wide, high))], nice=False, zero=False, padding=0)
    return {"scale": ends, "axis": axis if labelled else None}


def grid(prefix: str, y: dict[str, Any]) -> Any:
    """A thin line at each label of the axis up."""
    import altair as alt

    lines = named(f"{prefix}up").mark_rule(color=hue("pipe"), strokeWidth=1, aria=False)
    return lines.encode(y=alt.Y("at:Q", **y))


def across_ticks(prefix: str, x: dict[str, Any], height: int | str) -> Any:
    """Small strokes below the labels of the axis across; with them its dataset is part of the spec.

    height  pixels; "height", whatever it is at the moment, of a chart that is none of several
    """
    import altair as alt

    ticks = named(f"{prefix}across").mark_rule(color=hue("muted"), aria=False, clip=True)
    return ticks.encode(
        x=alt.X("at:Q", **x), y=_value(height), y2=_value(f"{height} - 4" if isinstance(height, str) else height - 4)
    )


def names(prefix: str, height: int | str, labelled: bool = True, foot: int = 40) -> list[Any]:
    """What the axes count and measure: the axis up above its upper end, the axis across below its middle.

    height  as in `across_ticks`
    """
    at = named(f"{prefix}view")
    above = at.mark_text(align="left", baseline="bottom", color=hue("muted"), fontSize=expr("type"), aria=False)
    drawn = [above.encode(x=_value(-46), y=_value(-8), text="up:N")]
    if labelled:
        low = f"{height} + {foot}" if isinstance(height, str) else height + foot
        below = at.mark_text(align="center", baseline="middle", color=hue("muted"), fontSize=expr("type"), aria=False)
        drawn.append(below.encode(x=_value("width / 2"), y=_value(low), text="across:N"))
    return drawn


def _value(place: float | str) -> Any:
    import altair as alt

    return alt.value(expr(place) if isinstance(place, str) else place)


def marked_step(dataset: str, x: dict[str, Any], prefix: str = "") -> list[Any]:
    """The column of the current step, and a line in its middle."""
    import altair as alt

    shade = named(dataset).transform_calculate(before="datum.step - 0.5", after="datum.step + 0.5")
    rule = named(dataset, f"{prefix}now").mark_rule(color=hue("muted"), strokeWidth=1.5, clip=True, aria=False)
    return [
        shade.mark_rect(color=hue("pipe"), opacity=0.8, clip=True, aria=False).encode(
            x=alt.X("before:Q", **x), x2="after:Q"
        ),
        rule.encode(x=alt.X("step:Q", **x)),
    ]


def span(dataset: str, x: dict[str, Any], paint: str = "muted") -> Any:
    """A shaded part of the axis across, its ends dashed."""
    import altair as alt

    box = named(dataset, dataset).mark_rect(
        fill=hue(paint), fillOpacity=0.12, stroke=hue(paint), strokeDash=[4, 4], clip=True, aria=False
    )
    return box.encode(x=alt.X("before:Q", **x), x2="after:Q")


def pointer(prefix: str, x: dict[str, Any], says: str, picks: bool) -> Any:
    """A column for every place, in front of all else: it lights up under the pointer, tells its numbers, is picked.

    says  an expression of the row, the tooltip's text
    """
    import altair as alt

    hover = f"{prefix}hover"
    columns = named(f"{prefix}read", f"{prefix}places").transform_calculate(
        before="datum.x - 0.5", after="datum.x + 0.5"
    )
    lit = columns.mark_rect(
        fill=hue("ink"),
        fillOpacity=expr(f"isArray({hover}.x) && {hover}.x[0] === datum.x ? 0.14 : 0"),
        tooltip=expr(says),
        clip=True,
        cursor="pointer" if picks else "crosshair",
    )
    return lit.encode(x=alt.X("before:Q", **x), x2="after:Q")


def cursor(x: dict[str, Any], prefix: str = "") -> Any:
    """Where the arrow keys are: the dataset `cursor`, which a host fills with {x}."""
    import altair as alt

    line = named("cursor", f"{prefix}cursor").mark_rule(color=hue("forward"), strokeWidth=2.5, clip=True, aria=False)
    return line.encode(x=alt.X("x:Q", **x))


def columns(prefix: str, more: str = "52") -> Any:
    """Of a legend: how many entries beside each other there is room for, each with its longest name and `more` px."""
    entry = f"({first(f'{prefix}view', 'letters')} * {LETTER} + {more})"
    return expr(f"max(1, floor(({ROOM} + 50) / {entry}))")


def struck_boxes(dataset: str, name: str, x: dict[str, Any]) -> list[Any]:
    """What is no number any more: a box at the top, what it says, and the stroke through it; for rows with a label."""
    import altair as alt

    def rows(mark: str = "") -> Any:
        return named(dataset, mark).transform_filter("datum.label")

    places = {"x": alt.X("x:Q", **x), "y": alt.value(14)}
    look = {"strokeWidth": 1.5, "stroke": expr(OWN_HUE), "opacity": 1, "aria": False}
    wide = expr("100 * (4 + length(datum.label))")
    box = rows(name).mark_point(shape=_BOX, size=wide, fill=hue("background"), **look)
    says = rows().mark_text(color=expr(OWN_HUE), fontWeight=600, fontSize=expr("type"), aria=False)
    stroke = rows().mark_point(shape=_STROKE, size=wide, **(look | {"opacity": 0.55}))
    return [
        box.encode(**places),
        says.encode(**places, text="label:N"),
        stroke.encode(**places),
    ]
