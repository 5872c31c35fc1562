"""Small pictures without words, for cards: a few numbers as SVG, WIDE x HIGH units, in the colours of the page.

    chain       a state over time: circles on a wire, blue below zero and orange above
    strip       likewise as a row of squares; several rows make a heat map
    band        a cell state as a band, as wide as it is large, over the valves on its path
    bars        gradients as bars, on a log scale where they span decades
    ellipses    what a circle of gradients becomes on its way back
    lines       several norms over time, on a log scale
    arrow       a gradient, and what clipping makes of it: circle, arrow, shortened arrow
    walks       paths of two weights, with a dot where each ends

Each is drawn from what the engine computed; what is larger than its frame is drawn at its edge. `backward=True` says
that time is travelled from right to left: a page that lets a picture move draws it in that direction.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.diagrams.html import Diagram, require_finite
from rnnviz.errors import ShapeError

WIDE, HIGH, EDGE = 240, 96, 10


def chain(states: ArrayLike, *, backward: bool = False) -> Diagram:
    """(T,) states in [-1, 1]."""
    h = _numbers(states, 1)
    xs, r = _across(len(h)), min(13.0, 0.42 * (WIDE - 2 * EDGE) / len(h))
    wire = f'<path class="wire" d="M0 {HIGH / 2}H{WIDE}"/>'
    dots = "".join(f'<circle cx="{x:.4g}" cy="{HIGH / 2}" r="{r:.3g}" {_filled(v)}/>' for x, v in zip(xs, h.tolist()))
    return _svg(wire + dots, backward)


def strip(rows: ArrayLike, *, backward: bool = False) -> Diagram:
    """(R, T) states in [-1, 1], a row of squares for each."""
    a = _numbers(rows, 2)
    high, wide = (HIGH - 2 * EDGE) / len(a), (WIDE - 2 * EDGE) / a.shape[1]
    cells = "".join(
        _rect(EDGE + t * wide, EDGE + k * high, wide + 0.3, high + 0.3, _filled(v))
        for k, row in enumerate(a.tolist())
        for t, v in enumerate(row)
    )
    return _svg(cells, backward, fills=True)


def band(states: ArrayLike, valves: ArrayLike, *, hue: str = "forget") -> Diagram:
    """(T,) cell states and (T,) gates in [0, 1]; the band is full at the largest state."""
    c, f = _numbers(states, 1), _numbers(valves, 1)
    if c.shape != f.shape:
        raise ShapeError(f"band: as many states as valves are needed, got {len(c)} and {len(f)}")
    wide, most = (WIDE - 2 * EDGE) / len(c), float(np.abs(c).max(initial=0.0)) or 1.0
    parts = []
    for t, (v, g) in enumerate(zip((c / most).tolist(), f.tolist())):
        x, half = EDGE + t * wide, 2 + 22 * abs(v)
        parts.append(_rect(x, 32 - half, wide + 0.3, 2 * half, _filled(v)))
        parts.append(_rect(x + 3, 88 - 20 * g, wide - 6, 20 * g, f'class="{hue}"'))
        parts.append(_rect(x + 3, 68, wide - 6, 20, f'class="{hue} valve"'))
    return _svg("".join(parts))


def bars(sizes: ArrayLike, *, backward: bool = True) -> Diagram:
    """(T,) sizes of gradients, at least 0; the highest bar is the largest, and three decades less is nothing."""
    a = _numbers(sizes, 1)
    wide, high = (WIDE - 2 * EDGE) / len(a), _log_shares(a, 3.0) * (HIGH - 2 * EDGE)
    drawn = "".join(
        _rect(EDGE + t * wide + 2, HIGH - EDGE - v, wide - 4, v, 'class="gradient"')
        for t, v in enumerate(high.tolist())
    )
    return _svg(f'<path class="wire thin" d="M{EDGE} {HIGH - EDGE}H{WIDE - EDGE}"/>{drawn}', backward)


def ellipses(matrices: ArrayLike, *, backward: bool = True) -> Diagram:
    """(T, 2, 2) what the unit circle has become at each step; the first step stands at the left."""
    a = np.asarray(matrices, np.float64)
    if a.ndim != 3 or a.shape[1:] != (2, 2):
        raise ShapeError(f"ellipses: (T, 2, 2) matrices are needed, got shape {a.shape}")
    require_finite("ellipses", a)
    r, parts = 0.5 * (WIDE - 2 * EDGE) / len(a) - 1, []
    for x, matrix in zip(_across(len(a)), a):
        turn, gains, _ = np.linalg.svd(matrix)
        angle = np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))
        rx, ry = (max(min(float(gain) * r, 1.8 * r), 0.9) for gain in gains)
        place, turned = f'cx="{x:.4g}" cy="{HIGH / 2}"', f"rotate({-angle:.4g} {x:.4g} {HIGH / 2})"
        parts.append(f'<ellipse {place} rx="{rx:.3g}" ry="{ry:.3g}" transform="{turned}" class="set"/>')
    return _svg("".join(parts), backward)


def lines(norms: ArrayLike, *, backward: bool = True) -> Diagram:
    """(N, T) norms, above 0; all on one log scale."""
    a = np.asarray(norms, np.float64)
    if a.ndim != 2 or not (a > 0).all():
        raise ShapeError(f"lines: norms (N, T) above 0 are needed, got shape {a.shape}")
    logs = np.log10(a)
    require_finite("lines", logs)
    low, high = float(logs.min()), float(logs.max())
    ys = HIGH - EDGE - (logs - low) / (high - low or 1.0) * (HIGH - 2 * EDGE)
    xs, drawn = _across(a.shape[1]), []
    for k, row in enumerate(ys.tolist()):
        d = "L".join(f"{x:.4g} {y:.4g}" for x, y in zip(xs, row))
        drawn.append(f'<path class="line dash{k % 3}" d="M{d}"/>')
    return _svg("".join(drawn), backward)


def arrow(gradient: ArrayLike, clipped: ArrayLike, threshold: float) -> Diagram:
    """A gradient (2,), what clipping by norm makes of it (2,), and the circle of the threshold."""
    g, short = _numbers(gradient, 1), _numbers(clipped, 1)
    scale = (HIGH / 2 - EDGE) / threshold
    x0, y0 = WIDE * 0.36, HIGH / 2

    def tip(v: Array) -> str:
        return f"{x0 + scale * float(v[0]):.4g} {y0 - scale * float(v[1]):.4g}"

    x, y = tip(short).split()
    return _svg(
        f'<circle class="threshold" cx="{x0}" cy="{y0}" r="{scale * threshold:.4g}"/>'
        f'<path class="long" d="M{x0} {y0}L{tip(g)}"/><path class="short" d="M{x0} {y0}L{tip(short)}"/>'
        f'<circle class="tip" cx="{x}" cy="{y}" r="5"/>'
    )


def walks(paths: ArrayLike) -> Diagram:
    """(N, T, 2) points of N paths, all in one frame, whose sides are as far apart as the paths go."""
    a = _numbers(paths, 3)
    if a.shape[2] != 2:
        raise ShapeError(f"walks: paths (N, T, 2) are needed, got shape {a.shape}")
    low, size = a.min(axis=(0, 1)), np.ptp(a, axis=(0, 1))
    shares = (a - low) / np.where(size > 0, size, 1.0)
    drawn = []
    for k, path in enumerate(shares):
        x, y = EDGE + path[:, 0] * (WIDE - 2 * EDGE), HIGH - EDGE - path[:, 1] * (HIGH - 2 * EDGE)
        points = [f"{one:.4g} {other:.4g}" for one, other in zip(x.tolist(), y.tolist())]
        drawn.append(f'<path class="line dash{k % 3}" d="M{"L".join(points)}"/>')
        drawn.append(f'<circle class="tip" cx="{x[-1]:.4g}" cy="{y[-1]:.4g}" r="5"/>')
    return _svg("".join(drawn))


def _numbers(given: ArrayLike, dimensions: int) -> Array:
    a = np.asarray(given, np.float64)
    if a.ndim != dimensions or not a.size:
        raise ShapeError(f"a small picture needs {dimensions} dimensions that are not empty, got shape {a.shape}")
    require_finite("a small picture", a)
    return a


def _across(count: int) -> list[float]:
    """The middles of so many columns."""
    wide = (WIDE - 2 * EDGE) / count
    return [EDGE + (k + 0.5) * wide for k in range(count)]


def _log_shares(a: Array, decades: float) -> Array:
    """1 for the largest, 0 for what is so many decades less."""
    with np.errstate(divide="ignore"):
        logs = np.log10(a) - np.log10(a.max() or 1.0)
    return np.asarray(np.clip(1 + logs / decades, 0, 1))


def _filled(value: float) -> str:
    """The signed scale's colour, as an attribute."""
    end, percent = "positive" if value > 0 else "negative", min(abs(value), 1.0) * 95
    return f'style="fill:color-mix(in srgb,var(--rnn-{end}) {percent:.3g}%,var(--rnn-background))"'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.4g}" y="{y:.4g}" width="{width:.4g}" height="{height:.4g}" {look}/>'


def _svg(inside: str, backward: bool = False, fills: bool = False) -> Diagram:
    """`fills`: it takes the shape of its room."""
    way, fit = "backward" if backward else "forward", ' preserveAspectRatio="none"' if fills else ""
    frame = f'class="small-picture {way}" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true"{fit}'
    return Diagram(f"<svg {frame}>{inside}</svg>")


def stack(*pictures: Sequence[str]) -> Diagram:
    """Several small pictures, one above the other, each half as high."""
    return Diagram(f'<span class="stack">{"".join(map(str, pictures))}</span>')
