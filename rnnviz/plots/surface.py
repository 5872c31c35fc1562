"""The error surface of the smallest recurrent network in three dimensions, with descents on it: a Plotly figure.

For notebooks, and where a page lets the reader look around. Heights are the error itself; where gradients are large the
surface has a cliff. Colour is the error, from the background to the accent of the forward pass.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz import error_surface as model
from rnnviz.errors import ShapeError
from rnnviz.plots.theme import FONT, SIZE, Look, palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

W, B = (4.0, 6.0), (-3.2, -1.8)  # the part of the surface that Pascanu et al. show
HUES = ("muted", "forget", "input", "output", "candidate", "backward")
DASHES = ("solid", "dash", "dot", "longdash", "dashdot", "longdashdot")
LIFT = 0.004  # descents stand a little above the surface, or it would hide them


def error_surface(
    descents: Mapping[str, model.Descent] | None = None,
    *,
    w: ArrayLike | None = None,
    b: ArrayLike | None = None,
    axes: tuple[str, str, str] = ("w", "b", "E"),
    title: str = "",
    look: Look = "light",
    height: int = 560,
) -> "go.Figure":
    """The surface E(w, b) of `rnnviz.error_surface`, and each of `descents` as a line with its name.

    w, b   (n,) and (m,) where the surface is computed; without them the part that Pascanu, Mikolov & Bengio show
    axes   what the axes are called
    look   the theme's colours

    Where a descent leaves the surface, or was not reached, its line is interrupted. Raises ShapeError unless w and b
    are lines of at least two numbers.
    """
    import plotly.graph_objects as go

    across = np.linspace(*W, 61) if w is None else np.asarray(w, np.float64)
    up = np.linspace(*B, 71) if b is None else np.asarray(b, np.float64)
    if across.ndim != 1 or up.ndim != 1 or min(across.size, up.size) < 2:
        raise ShapeError(f"error_surface: lines of at least two w and b are needed, got {across.shape} and {up.shape}")
    colours, error = palette(look), model.surface(across[None, :], up[:, None]).error
    names = dict(zip("xyz", axes))
    says = "<br>".join(f"{name} %{{{key}:.4g}}" for key, name in names.items()) + "<extra></extra>"
    figure = go.Figure(
        go.Surface(
            x=across, y=up, z=error, colorscale=[[0, colours["background"]], [1, colours["forward"]]], opacity=0.92,
            showscale=False, hovertemplate=says, contours_z={"show": True, "usecolormap": False, "width": 1},
        )
    )  # fmt: skip
    for k, (name, descent) in enumerate((descents or {}).items()):
        figure.add_trace(_line(name, descent, (across, up), k, colours, says))
    axis = {"gridcolor": colours["pipe"], "backgroundcolor": colours["background"], "color": colours["muted"]}
    figure.update_layout(
        title={"text": title, "font": {"size": SIZE + 4}},
        font={"family": FONT, "size": SIZE, "color": colours["ink"]},
        paper_bgcolor=colours["background"],
        height=height,
        margin={"l": 0, "r": 0, "t": 44 if title else 8, "b": 0},
        scene={f"{key}axis": axis | {"title": {"text": name}} for key, name in names.items()}
        | {"camera": {"eye": {"x": 1.55, "y": 1.75, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.2}}},
        legend={"x": 0, "y": 1},
        uirevision="stay",
    )
    return figure


def _line(
    name: str,
    descent: model.Descent,
    ends: tuple[np.ndarray, np.ndarray],
    k: int,
    colours: dict[str, str],
    says: str,
) -> Any:
    """A descent as points with a line through them."""
    import plotly.graph_objects as go

    (w, b), hue = ends, colours[HUES[k % len(HUES)]]
    inside = (descent.w >= w.min()) & (descent.w <= w.max()) & (descent.b >= b.min()) & (descent.b <= b.max())
    x, y, z = (np.where(inside, values, np.nan) for values in (descent.w, descent.b, descent.error + LIFT))
    return go.Scatter3d(
        x=x, y=y, z=z, name=name, mode="lines+markers", hovertemplate=f"{name}<br>{says}",
        line={"color": hue, "width": 5, "dash": DASHES[k % len(DASHES)]}, marker={"color": hue, "size": 2.5},
    )  # fmt: skip
