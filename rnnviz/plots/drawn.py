"""A panel's spec: its layers, from the back to the front, with Altair."""

from typing import Any

from rnnviz.plots import parts
from rnnviz.plots.expressions import colour, first, number, of_log10
from rnnviz.plots.panel import Panel
from rnnviz.plots.parts import FULL_DIGITS, OWN_HUE, expr, hue, named

SYMBOL = 500  # px², of the legend's symbols
_DOT = "M0.4,0A0.4,0.4,0,1,1,-0.4,0A0.4,0.4,0,1,1,0.4,0Z"
WIDE = 600  # px, of panels below each other until a host knows better
DASHES: dict[str, list[float]] = {"dashed": [8, 5], "dotted": [1, 5]}


def panels(shape: tuple[Panel, ...]) -> Any:
    """One panel as wide as its place, or several below each other."""
    if len(shape) == 1:
        return panel(shape[0], "height").properties(width="container", usermeta={"lower": True})
    return stacked([panel(one) for one in shape])


def stacked(several: list[Any]) -> Any:
    """Panels below each other; the signal `width` is that of their axes."""
    import altair as alt

    wide = [one.properties(width=WIDE) for one in several]
    return alt.vconcat(*wide, spacing=6).resolve_scale(color="independent", strokeDash="independent")


def panel(shape: Panel, height: int | str = "") -> Any:
    """The layers of one panel; height as in `parts.across_ticks`, at first that of its shape."""
    import altair as alt

    p, height = shape.prefix, height or shape.height
    x, y = parts.x_axis(p, shape.across), parts.y_axis(p)
    layers = [*parts.marked_step(shape.step, x, p), parts.grid(p, y), parts.across_ticks(p, x, height)]
    if "span" in shape.extras:
        layers.append(parts.span(f"{p}span", x))
    layers += [
        _gone(p, x),
        *_behind(shape, x, y),
        *_cloud(shape, x, y),
        *_cuts(shape, x),
        *_lines(shape, x, y),
        *_dots(shape, x, y),
    ]
    if shape.log:
        layers.append(_zeros(p, x, y))
    layers += [
        *parts.struck_boxes(f"{p}struck", f"{p}struck", x),
        parts.cursor(x, p),
        parts.pointer(p, x, _says(shape), shape.picks),
    ]
    layers += parts.names(p, height, shape.across)
    drawn = alt.layer(*layers).resolve_scale(color="shared", strokeDash="shared")
    return drawn.properties(height=shape.height, title=parts.title(p))


def value(shape: Panel, text: str, digits: int = 3) -> str:
    """An expression that writes a value of this panel."""
    if "percent" in shape.extras:
        return f"(isString({text}) ? {text} : format(100 * {text}, '.1f') + ' %')"
    return of_log10(text, digits) if shape.log else number(text, digits)


def _says(shape: Panel) -> str:
    """The tooltip of a place: its number, and each series' in full."""
    view = f"data('{shape.prefix}view')[0]"
    each = [
        f"'\\n' + {view}.name{k} + '  ' + {value(shape, f'datum.y{k}', FULL_DIGITS)}" for k in range(len(shape.looks))
    ]
    return " + ".join(["datum.label" if "labels" in shape.extras else f"{view}.across + ' ' + datum.x", *each])


def _legend(shape: Panel) -> Any:
    """The series' names with their numbers at the marked step, in as many columns as the width holds."""
    import altair as alt

    p, step = shape.prefix, shape.step
    view = f"data('{p}view')[0]"
    row = f"data('{p}read')[data('{step}')[0].step - data('{p}read')[0].x]"
    now = f"{row}['y' + datum.value]"
    there = f"length(data('{step}')) && isValid({row}) && isValid({now})"
    return alt.Legend(
        orient="top",
        direction="horizontal",
        title=None,
        columns=parts.columns(p, f"(length(data('{step}')) ? 142 : 52)"),
        labelExpr=f"{view}['name' + datum.value] + ({there} ? '  ' + {value(shape, now)} : '')",
        labelLimit=expr(f"{parts.ROOM} - 20"),
        symbolSize=SYMBOL,
        symbolStrokeWidth=2.5,
        offset=expr(f"{view}.up ? 28 : 10"),
        columnPadding=14,
        rowPadding=3,
    )


def _scale(shape: Panel, what: list[Any]) -> Any:
    import altair as alt

    return alt.Scale(domain=list(range(len(shape.looks))), range=what)


def _colour(shape: Panel) -> Any:
    import altair as alt

    return alt.Color("k:N", scale=_scale(shape, [hue(name) for name, _ in shape.looks]), legend=_legend(shape))


def _own(shape: Panel) -> Any:
    """The colour of the series that a row is of, without a legend."""
    return expr(f"[{', '.join(colour(name) for name, _ in shape.looks)}][datum.k]")


def _of(shape: Panel, *looks: str) -> str:
    """A filter for the series of these looks."""
    return f"indexof([{', '.join(str(k) for k, (_, look) in enumerate(shape.looks) if look in looks)}], datum.k) >= 0"


def _lines(shape: Panel, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    """Areas, broad lines, lines; the legend stands with the lines."""
    import altair as alt

    p, looks = shape.prefix, [look for _, look in shape.looks]
    drawn = []
    place = {"x": alt.X("x:Q", **x), "y": alt.Y("y:Q", **y), "detail": "k:N"}
    if "area" in looks:
        columns = named(f"{p}lines", f"{p}areas").transform_filter(_of(shape, "area"))
        columns = columns.transform_calculate(
            before="datum.x - 0.5", after="datum.x + 0.5", foot=first(f"{p}view", "low")
        )
        bars = columns.mark_rect(opacity=0.38, clip=True, aria=False)
        drawn.append(
            bars.encode(
                x=alt.X("before:Q", **x), x2="after:Q", y=alt.Y("y:Q", **y), y2="foot:Q", color=alt.value(_own(shape))
            )
        )
    for look, width, opacity in (("broad", 7, 0.4), ("faint", 1.25, 0.7)):
        if look in looks:
            some = named(f"{p}lines", f"{p}{look}").transform_filter(_of(shape, look))
            thick = some.mark_line(strokeWidth=width, opacity=opacity, clip=True, aria=False)
            drawn.append(thick.encode(**place, color=alt.value(_own(shape))))
    strokes = named(f"{p}lines", f"{p}lines").transform_filter(_of(shape, "solid", "dashed", "dotted"))
    dashes = alt.StrokeDash(
        "k:N", scale=_scale(shape, [DASHES.get(look, [1, 0]) for look in looks]), legend=_legend(shape)
    )
    line = strokes.mark_line(strokeWidth=2.5, clip=True, strokeCap="round", aria=False)
    drawn.append(line.encode(**place, color=_colour(shape), strokeDash=dashes))
    return drawn


def _behind(shape: Panel, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    import altair as alt

    if "behind" not in shape.extras:
        return []
    lit = alt.param(name="lit", value=-1)
    line = named(f"{shape.prefix}behind", f"{shape.prefix}behind").mark_line(
        clip=True,
        aria=False,
        stroke=expr(f"datum.k === lit ? {colour('ink')} : {colour('muted')}"),
        strokeWidth=expr("datum.k === lit ? 2.5 : 1.25"),
        opacity=expr("datum.k === lit ? 1 : 0.5"),
    )
    return [line.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), detail="k:N").add_params(lit)]


def _cloud(shape: Panel, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    import altair as alt

    if "cloud" not in shape.extras:
        return []
    dots = named(f"{shape.prefix}cloud", f"{shape.prefix}cloud").mark_point(
        filled=True, size=26, opacity=0.35, color=expr(OWN_HUE), clip=True, aria=False
    )
    return [dots.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y))]


def _cuts(shape: Panel, x: dict[str, Any]) -> list[Any]:
    import altair as alt

    if "cuts" not in shape.extras:
        return []
    rule = named(f"{shape.prefix}cuts", f"{shape.prefix}cuts").mark_rule(
        color=hue("muted"), strokeDash=[5, 4], strokeWidth=1.5, clip=True, aria=False
    )
    return [rule.encode(x=alt.X("at:Q", **x))]


def _dots(shape: Panel, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    """The points; an arrow down for what lies under the axis."""
    import altair as alt

    shapes = [(_DOT if look == "dots" else "stroke") for _, look in shape.looks]
    dots = named(f"{shape.prefix}dots", f"{shape.prefix}dots").mark_point(
        filled=True, size=SYMBOL, opacity=1, clip=False, aria=False
    )
    legend = _legend(shape) if _DOT in shapes else None
    form = alt.Shape("k:N", scale=_scale(shape, shapes), legend=legend)
    places = {"x": alt.X("x:Q", **x), "y": alt.Y("y:Q", **y)}
    if "below" not in shape.extras:
        return (
            [dots.encode(**places, color=_colour(shape), shape=form)]
            if legend
            else [_plain_dots(shape, "dots", "circle").encode(**places)]
        )
    above = dots.transform_filter("!datum.below").encode(**places, color=_colour(shape), shape=form)
    arrows = _plain_dots(shape, "below", "triangle-down").transform_filter("datum.below").encode(**places)
    return [above, arrows]


def _plain_dots(shape: Panel, name: str, form: str) -> Any:
    return named(f"{shape.prefix}dots", f"{shape.prefix}{name}").mark_point(
        filled=True, size=64, opacity=1, shape=form, color=expr(OWN_HUE), aria=False
    )


def _zeros(p: str, x: dict[str, Any], y: dict[str, Any]) -> Any:
    import altair as alt

    rings = named(f"{p}zeros", f"{p}zeros").mark_point(
        size=90, strokeWidth=1.5, fill=hue("background"), stroke=expr(OWN_HUE), opacity=1, aria=False
    )
    return rings.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y))


def _gone(p: str, x: dict[str, Any]) -> Any:
    import altair as alt

    lost = named(f"{p}gone", f"{p}gone").mark_rect(
        fill=expr(OWN_HUE), fillOpacity=0.12, stroke=expr(OWN_HUE), strokeOpacity=0.5, strokeDash=[2, 4],
        clip=True, aria=False,
    )  # fmt: skip
    return lost.encode(x=alt.X("before:Q", **x), x2="after:Q")
