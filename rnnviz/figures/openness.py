"""How open a gate is, unit by unit: measured as dots, and dashed what the gate's bias alone promises."""

from collections.abc import Sequence

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.html import Picture, require_finite
from rnnviz.figures.numbers import significant


def openness(
    measured: Array,
    promised: Array,
    gate: str,
    *,
    hue: str = "forget",
    title: str = "",
    behind: Sequence[Array] = (),
    height: int = 240,
) -> Picture:
    """Draw a gate's mean and promised openness, (H,) each in [0, 1], the units in the order of what was promised.

    gate    its letter
    behind  other measurements, (H,) each: faint, with the classes `other-0`, `other-1`, ...
    Raises ShapeError where sizes differ, NonFiniteError for NaN or infinity.
    """
    if measured.ndim != 1 or not measured.size or any(a.shape != measured.shape for a in (promised, *behind)):
        raise ShapeError(f"openness: (H,) numbers each are needed, got {measured.shape} and {promised.shape}")
    require_finite("openness", np.concatenate([measured, promised, *behind]))
    H = len(measured)
    order = np.argsort(promised, kind="stable")
    units = np.arange(1, H + 1)
    x = chart.Axis("units, sorted by their bias", 0.5, H + 0.5, ((1, "1"), (H, str(H))) if H > 1 else ((1, "1"),))
    y = chart.Axis(f"gate {gate}", 0.0, 1.0, ((0, "0"), (0.5, "½"), (1, "1")))
    lines = [chart.path(units, np.sort(a), x, y, "muted", f"faint other-{k}") for k, a in enumerate(behind)]
    says = [
        f"unit {j + 1}: {gate} = {significant(float(measured[j]))} on average, "
        f"{significant(float(promised[j]))} by its bias alone"
        for j in order
    ]
    return chart.chart(
        x,
        y,
        lines="".join(lines) + chart.path(units, promised[order], x, y, "ink", "dashed"),
        marks="".join(chart.mark(k + 1, float(measured[j]), x, y, "dot", hue) for k, j in enumerate(order)),
        points=chart.hits(H, says),
        title=title,
        legend=chart.key([("mean", hue, "dots"), ("σ(bias)", "ink", "dashed")]),
        rest=f"mean over units and steps {significant(float(measured.mean()))}",
        said=f"Openness of gate {gate} of {H} units, from 0 to 1.",
        height=height,
    )
