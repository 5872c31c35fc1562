"""The pictures of the lesson about the start: cards, eigenvalues or a gate, the two passes, what is saturated."""

import numpy as np

from lessons._controls import Prediction
from lessons._initialization import experiment as starts
from lessons._initialization import words
from lessons._initialization.experiment import KEEPS, SCHEMES, Settings, Started
from lessons._initialization.others import Others, spectra
from rnnviz.arrays import Array
from rnnviz.figures import Card, Line, Picture, cards, columns, decades, eigenvalues, openness, saturated, story
from rnnviz.figures.chart import pick
from rnnviz.figures.eigenvalues import bars, cloud
from rnnviz.figures.html import symbol
from rnnviz.figures.numbers import MINUS, significant

PLAIN = (-16, 2)  # decades of the gradient at least: 10⁻¹⁶ of a number is lost when it is added to it
GATED = (-8, 1)
STATE = (-2, 1)
HEIGHT = 180  # pixels, of the charts


def plain(started: Started, others: Others, comparing: bool, prediction: Prediction) -> tuple[Picture, ...]:
    """A plain network: the schemes to choose from, the matrix, the two passes, and what there was to see.

    comparing  whether the others are drawn, too
    """
    s = started.settings
    matrices = spectra(s.units, s.seed)
    names = tuple(SCHEMES)
    chosen = names.index(s.scheme)
    several = [
        Card(
            SCHEMES[name].label,
            f"scheme: {SCHEMES[name].label}",
            cloud(started.eigenvalues if name == s.scheme else values),
            f"ρ {significant(float(np.abs(started.eigenvalues if name == s.scheme else values).max()), 2)}",
        )
        for name, (values, _) in zip(names, matrices)
    ]
    compared = others if comparing else None
    most, least = (significant(round(float(started.singular_values[end]), 12)) for end in (0, -1))
    singular = decades(
        [Line("σ", log10(started.singular_values), "backward", "dots")],
        up="σ",
        across="rank",
        least=(-3, 1),
        title="Singular values of W_hh",
        rest=f"σ from {least} to {most}",
        behind=[log10(values) for _, values in matrices] if comparing else [],
        height=150,
    )
    judged = words.judge_schemes(prediction, others)
    kind = {"relu": "Off: filled where a unit is off", "linear": "Saturated: a linear unit never is"}
    return (
        words.tries(),
        cards(several, chosen),
        columns(
            eigenvalues(started.eigenvalues, s.radius, "Eigenvalues of W_hh"),
            *passes(started, [Line(label(s), started.log10_gradient, "backward")], [], compared),
            kind="start",
        ),
        columns(
            singular,
            saturated(started.slopes, title=kind.get(s.nonlinearity, "Saturated: filled where the slope is lost")),
            story("What you saw", judged, *words.say_plain(started)),
            kind="start",
        ),
    )


def gated(started: Started, others: Others, comparing: bool, prediction: Prediction) -> tuple[Picture, ...]:
    """A gated network: biases to choose from, the gate that keeps, the two passes, and what there was to see.

    comparing  whether the others are drawn, too
    """
    s, gate = started.settings, KEEPS[started.settings.cell]
    drawn = list(zip(map(label, others.settings), others.settings, others.openness))
    if s not in others.settings:
        drawn.append(("yours", s, started.openness))
    chosen = [one for _, one, _ in drawn].index(s)
    several = [
        Card(name, as_pick(one), bars(np.sort(opened)), significant(float(opened.mean()), 2))
        for name, one, opened in drawn
    ]
    T = s.steps
    direct = started.along_the_conveyor(started.trace[0, 0].gates[gate][:, 0])
    promised = started.along_the_conveyor(np.tile(started.promised_openness, (T, 1)))
    lines = [
        Line("all ways", started.log10_gradient, "backward"),
        Line(f"product of {gate}", direct, "forget", "dotted"),
    ]
    judged = words.judge_promise(prediction, started, float(promised[0]))
    compared = others if comparing else None
    said = words.say_gated(started, float(direct[0]), float(promised[0]))
    return (
        words.tries(),
        cards(several, chosen, places=len(others.settings) + 1),
        columns(
            openness(started.openness, started.promised_openness, gate, title=f"Gate {gate}", height=HEIGHT),
            *passes(started, lines, [Line("σ(b)<sup>k</sup>", promised, "ink", "dashed")], compared),
            kind="start",
        ),
        columns(
            memory({"all ways": started.log10_gradient, f"only {gate}": direct, "promised": promised}),
            saturated(started.slopes, title=f"Gate {gate} saturated: filled where its slope is lost"),
            story("What you saw", judged, *said),
            kind="start",
        ),
    )


def passes(started: Started, lines: list[Line], guides: list[Line], others: Others | None) -> tuple[Picture, Picture]:
    """What arrives forwards and backwards, the other starts behind; of `others` None, there are none."""
    lstm = started.settings.cell == "lstm"
    letter = symbol("c" if lstm else "h", "t")
    gated = started.gated  # then a last card is the page's own start, where it is none of the others
    behind = [] if others is None else [*others.log10_gradient, *([started.log10_gradient] * gated)]
    before = [] if others is None else [*others.log10_state, *([started.log10_state] * gated)]
    note = "" if others else f"{pick('Show the other starts, too', 'compare: all')}"
    return (
        decades(
            [Line(label(started.settings), started.log10_state, "forward")],
            up=f"root mean square of {letter}",
            backwards=False,
            least=STATE,
            title="Forwards: the size of the state",
            rest="Faint: the other starts." if others else note,
            height=HEIGHT,
            behind=before,
        ),
        decades(
            lines,
            up=f"‖∂L/∂{letter}‖",
            least=GATED if gated else PLAIN,
            title="Backwards: how much of the gradient is left",
            rest="Faint: the other starts. Point at one above." if others else note,
            height=HEIGHT,
            guides=guides,
            behind=behind,
        ),
    )


def memory(ways: dict[str, Array]) -> Picture:
    """After how many steps back a half and 1 % of the gradient are left, by each of the `ways` on the chart."""
    head = "".join(f"<th>{way}</th>" for way in ways)
    rows = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{as_steps(logs, share)}</td>' for logs in ways.values())}</tr>"
        for name, share in (("half", 0.5), ("1 %", 0.01))
    )
    return story("Memory, in steps back", f'<table class="numbers"><tr><th></th>{head}</tr>{rows}</table>')


def as_steps(logs: Array, share: float) -> str:
    """The lag as text; one that lies beyond the sequence has not been seen."""
    lag = starts.lag(logs, share)
    return f"{lag:.0f}" if np.isfinite(lag) else f"over {len(logs) - 1}"


def as_pick(s: Settings) -> str:
    """What a card of this start picks."""
    return f"chrono: {s.longest}" if s.bias is None else f"bias: {s.bias:g}"


def label(s: Settings) -> str:
    """The start in two words."""
    if s.cell == "elman":
        return SCHEMES[s.scheme].label
    return f"chrono {s.longest}" if s.bias is None else f"bias {s.bias:g}".replace("-", MINUS)


def log10(values: Array) -> Array:
    """log10 of magnitudes; -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.log10(values)
