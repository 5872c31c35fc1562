"""Which units are saturated, and when: units x steps, dark where the slope of the activation is lost.

The share that is lost is 1 minus the relative slope that `diagnostics.tanh_slopes` and `gate_slopes` give: 0
where the unit answers to whatever is added to it, 1 where nothing reaches it any more, nor any gradient what is behind.
"""

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.html import Picture, shades
from rnnviz.figures.numbers import decimals


def saturated(slopes: Array, *, title: str = "", rest: str = "", height: int = 150) -> Picture:
    """Draw the relative `slopes` (T, H), in [0, 1]; from the first step at which one is NaN on, the steps are hatched.

    Of the step that is pointed at, the mean is said, and from where to where the units lie.

    rest    what the read-out says; where empty, the mean over all steps that are numbers
    Raises ShapeError unless `slopes` is (T, H), neither of them 0.
    """
    if slopes.ndim != 2 or not slopes.size:
        raise ShapeError(f"saturated: slopes (T, H) are needed, got shape {slopes.shape}")
    T, H = slopes.shape
    bad = np.flatnonzero(np.isnan(slopes).any(axis=1))
    good = int(bad[0]) if bad.size else T
    lost = np.zeros((T, H))
    lost[:good] = 1 - slopes[:good]
    x = chart.steps("step", 1, T)
    y = chart.Axis("unit", H + 0.5, 0.5, tuple((unit, str(unit)) for unit in sorted({1, H})))
    gone = chart.band(good + 0.5, T + 0.5, x, "hatched") if good < T else ""
    mean = f"lost: {decimals(100 * float(lost[:good].mean()), 0)} % on average" if good else "no number at any step"
    return chart.chart(
        x,
        y,
        bands=f"{shades(lost.T, 'ink')}{gone}",
        points=chart.hits(T, [_say(step, lost[step - 1] if step <= good else None) for step in range(1, T + 1)]),
        title=title,
        rest=rest or mean,
        said=f"{title or 'Share of the slope that is lost'}, {H} units over {T} steps: {mean}.",
        height=height,
    )


def _say(step: int, lost: Array | None) -> str:
    """What a step's units (H,) have lost."""
    if lost is None:
        return f"step {step}: no number any more"
    mean, least, most = (decimals(100 * float(share), 0) for share in (lost.mean(), lost.min(), lost.max()))
    return f"step {step}: {mean} % lost, from {least} to {most} % by unit"
