"""One example of every chart: a function of a generator of numbers, so that the same shape comes with others."""

from collections.abc import Callable

import numpy as np

from rnnviz.plots import Bars, Coordinate, Difference, Group, Lane, Line, Prepared, Strand, Strip, prepare

Rng = np.random.Generator
T, H = 12, 5


def _logs(rng: Rng) -> np.ndarray:
    values = rng.normal(-3, 2, T)
    values[:2], values[2] = -np.inf, np.nan
    return values


def lines(rng: Rng) -> Prepared:
    return prepare.lines([Line("h", rng.normal(size=T)), Line("y", rng.normal(size=T), "muted", "broad")], mark_at=3)


def decades(rng: Rng) -> Prepared:
    return prepare.decades(
        [Line("RNN", _logs(rng), "backward"), Line("LSTM", _logs(rng), "forget", "dashed")],
        guides=[Line("ρᵏ", _logs(rng), "muted", "dotted")],
        behind=[_logs(rng), _logs(rng)],
        cuts=[4],
        mark_at=int(rng.integers(1, T)),
        picks="from",
        struck={3: "h inf"},
        title="The gradient's norm",
        up="‖∂L/∂h‖",
    )  # fmt: skip


def ranked(rng: Rng) -> Prepared:
    return prepare.ranked(
        [Line("s", np.linspace(1, -15, T) + rng.random())], [Line("ρ", np.zeros(T), "muted", "dashed")]
    )


def openness(rng: Rng) -> Prepared:
    return prepare.openness(rng.random(H), rng.random(H), names=("mean", "σ(b)"), behind=[rng.random(H)])


def outcomes(rng: Rng) -> Prepared:
    groups = [
        Group("small", rng.random((T, 3)), "backward", "solid"),
        Group("large", rng.random((T, 3)), "ink", "dashed"),
    ]
    return prepare.outcomes(groups, up="right", across="k", chance=0.5, guessing="guessing", cuts=[4], picks="k")


def beside(rng: Rng) -> Prepared:
    c = (Strand("c", rng.normal(size=T), "forward"), Strand("c untouched", rng.normal(size=T), "untouched"))
    left = Strand("left", np.append(10.0 ** -np.arange(T - 1.0), 0), "backward")
    strips = (Strip("c", c), Strip("left", (left,), log=True, lowest=-5))
    return prepare.beside(strips, int(rng.integers(3, T)), (2, 4))


def lanes(rng: Rng) -> Prepared:
    return prepare.lanes((Lane("keeps", (Line("z", rng.random(T), "forget", "area"), Line("f", rng.random(T)))),), 2)


def heat_map(rng: Rng) -> Prepared:
    return prepare.heat_map(rng.normal(size=(H, T)), of="h", mark_at=2)


def share_map(rng: Rng) -> Prepared:
    values = rng.random((H, T))
    values[:, -2:] = np.nan
    return prepare.heat_map(values, means="share", of="lost")


def scale_map(rng: Rng) -> Prepared:
    logs = rng.normal(size=(H, T))
    logs[0, :2], logs[-1, :3] = -np.inf, np.inf
    return prepare.scale_map(np.arange(1, H + 1) / 2, logs, scale=1.4, step=3, name="ρ", picks="map")


def bars(rng: Rng) -> Prepared:
    values = np.append(rng.random(2), [0, np.nan])
    return prepare.bars(
        [Bars("one", values), Bars("all", rng.random(4), "backward")], ["a", "b", "c", "d"], picks="bar"
    )


def histogram(rng: Rng) -> Prepared:
    norms = np.append(10 ** rng.normal(size=50), [0, np.inf])
    return prepare.histogram(
        norms, np.minimum(norms, 1), name="norm", of="share", names=("before", "after", "threshold")
    )


def eigenvalues(rng: Rng) -> Prepared:
    return prepare.eigenvalues(np.linalg.eigvals(rng.normal(size=(H, H))), 1.3, "Eigenvalues")


def difference(rng: Rng) -> Prepared:
    values = rng.normal(size=(T, H))
    values[:3] = 0
    tape = list("abcdefghijkl")
    data = Difference(values, np.linalg.norm(values, axis=1), 4, 0.9)
    return prepare.difference(
        data, tape, [*tape[:3], "x", *tape[4:]], 6, tapes=("one", "two"), names=("d", "1 %", "most")
    )


def shares(rng: Rng) -> Prepared:
    values = rng.random((2, T))
    values[0, 0], values[1, 1] = 0, np.nan
    return prepare.shares("Right", ("left", "right"), values, tuple("abcdefghijkl"), 3, ("1 %", "2 %"))


def spread(rng: Rng) -> Prepared:
    left = rng.normal(size=(3, 5)) - 4
    left[1, 0], left[2] = np.nan, -np.inf
    return prepare.spread(left, ("a", "b", "c"), names=("median", "own"), own=left[:, 1], mark_at=2, picks="column")


def success(rng: Rng) -> Prepared:
    count = rng.integers(3, 6, (2, 3, 4))
    count[0, 0, 1] = 0
    hits = rng.integers(0, count + 1)
    low, high = hits / (count + 2), (hits + 2) / (count + 2)
    groups = ("RNN", "LSTM", "GRU")
    return prepare.success(
        "Solved", ("orthogonal", "normal"), ("10", "20", "40", "80"), hits, count, low, high, groups=groups, picks="run"
    )


def coordinates(rng: Rng) -> Prepared:
    rate, units, error = 10.0 ** rng.uniform(-4, 0, T), rng.choice([4, 8, 16], T), 10.0 ** rng.uniform(-2, 0, T)
    error[3] = np.inf
    axes = (
        Coordinate("η", rate, (1e-4, 1e-2, 1), log=True),
        Coordinate("units", units, (4, 8, 16)),
        Coordinate("error", error, (0.01, 1), log=True),
    )
    return prepare.coordinates(axes, best=3, title="Twelve runs")


def tried(rng: Rng) -> Prepared:
    errors = 10.0 ** rng.uniform(-2, 0, T)
    errors[2] = np.nan
    rates, rows = 10.0 ** rng.uniform(-2, 0, T), rng.integers(0, 3, T)
    return prepare.tried(rates, rows, errors, ("a", "b", "c"), across="η", up="clip", error="error")


EXAMPLES: dict[str, Callable[[Rng], Prepared]] = {
    make.__name__: make
    for make in (
        lines, decades, ranked, openness, outcomes, beside, lanes, heat_map, share_map, scale_map, bars, histogram,
        eigenvalues, difference, shares, spread, success, coordinates, tried,
    )
}  # fmt: skip
