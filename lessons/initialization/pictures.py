"""The pictures of `initialization`: cards, eigenvalues or a gate, both passes, what is saturated."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from lessons.common.charts import Row
from lessons.common.text import Words
from lessons.initialization.experiment import KEEPS, SCHEMES, Settings, Started, paths
from lessons.initialization.model import CHRONO
from lessons.initialization.others import Others, biases, others, schemes, spectra
from rnnviz.arrays import Array
from rnnviz.diagrams import Card, Diagram, bars, cards, cloud
from rnnviz.numbers import MINUS, significant
from rnnviz.plots import Line, prepare
from rnnviz.plots.prepared import Prepared

PLAIN = (-16, 2)  # decades of the gradient at least: 10⁻¹⁶ of a number is lost when it is added to it
GATED = (-8, 1)
STATE = (-2, 1)
HEIGHT = 170  # pixels, of the charts
CARDS = 8  # of gated networks: the row has room for a setting of one's own

Drawn = tuple[Markup | Diagram | Row, ...]


def drawn(run: Started, words: Words, comparing: bool) -> Drawn:
    """All pictures, in their order; comparing: the other initializations stand behind."""
    gate = KEEPS.get(run.settings.cell, "")
    say = words.labels("pictures", {"gate": gate, "lstm": run.settings.cell == "lstm", "seed": run.settings.seed})
    return gated(run, say, comparing) if run.gated else plain(run, words, say, comparing)


def plain(run: Started, words: Words, say: Mapping[str, Any], comparing: bool) -> Drawn:
    """A plain network: the schemes to choose from, the matrix, and the two passes."""
    s = run.settings
    names = words.controls["scheme"]["choices"]
    matrices = spectra(s.units, s.seed)
    several = []
    for name, (values, _) in zip(SCHEMES, matrices):
        shown = run.eigenvalues if name == s.scheme else values
        several.append(Card(names[name], name, cloud(shown), f"ρ {significant(float(np.abs(shown).max()), 2)}"))
    behind = others(schemes(s)) if comparing else None
    gradient = [Line(names[s.scheme], run.log10_gradient, "backward")]
    eigen = prepare.eigenvalues(
        run.eigenvalues, s.radius, title=say["eigenvalues"], up=say["imaginary"], across=say["real"], height=HEIGHT
    )
    singular = prepare.ranked(
        [Line(say["sigma"], log10(run.singular_values), "backward", "dots")],
        title=say["singular"],
        across=say["rank"],
        behind=[log10(values) for _, values in matrices] if comparing else [],
        height=HEIGHT,
        mark_at=None,
    )
    own = names[s.scheme]
    return (
        cards(several, list(SCHEMES).index(s.scheme), target="scheme"),
        Row(eigen, *passes(run, own, gradient, [], behind, say)),
        Row(singular, saturated(run, say), widths=(1, 2)),
    )


def gated(run: Started, say: Mapping[str, Any], comparing: bool) -> Drawn:
    """A gated network: biases to choose from, the gate that keeps, and the two passes."""
    s = run.settings
    all_of_them = others(biases(s))
    choices = list(zip(all_of_them.settings, all_of_them.openness))
    if s not in all_of_them.settings:
        choices.append((s, run.openness))
    several = [
        Card(
            named(one, say) if k < len(all_of_them.settings) else say["yours"],
            picked(one),
            bars(np.sort(opened)),
            significant(float(opened.mean()), 2),
        )
        for k, (one, opened) in enumerate(choices)
    ]
    found = paths(run)
    lines = [
        Line(say["all_paths"], found["all"], "backward"),
        Line(say["direct"], found["direct"], "forget", "dotted"),
    ]
    guides = [Line(say["predicted"], found["predicted"], "ink", "dashed")]
    opened = prepare.openness(
        run.openness,
        run.predicted_openness,
        names=(say["measured"], say["bias_alone"]),
        title=say["gate_title"],
        across=say["unit"],
        height=HEIGHT,
    )
    behind = all_of_them if comparing else None
    chosen = [one for one, _ in choices].index(s)
    return (
        cards(several, chosen, target="bias", places=CARDS),
        Row(opened, *passes(run, named(s, say), lines, guides, behind, say)),
        Row(saturated(run, say)),
    )


def passes(
    run: Started, own: str, lines: Sequence[Line], guides: Sequence[Line], behind: Others | None, say: Mapping[str, Any]
) -> tuple[Prepared, Prepared]:
    """What arrives forwards and backwards, the other initializations behind; of `behind` None, there are none."""
    # a last card is a setting of one's own, where it is none of the others
    states = [] if behind is None else [*behind.log10_state, *([run.log10_state] * run.gated)]
    gradients = [] if behind is None else [*behind.log10_gradient, *([run.log10_gradient] * run.gated)]
    return (
        prepare.decades(
            [Line(own, run.log10_state, "forward")],
            up=say["state"],
            across=say["step"],
            backwards=False,
            least=STATE,
            title=say["forwards"],
            height=HEIGHT,
            behind=states,
            follow=False,
        ),
        prepare.decades(
            lines,
            up=say["norm"],
            across=say["step"],
            least=GATED if run.gated else PLAIN,
            title=say["backwards"],
            height=HEIGHT,
            guides=guides,
            behind=gradients,
            follow=False,
        ),
    )


def saturated(run: Started, say: Mapping[str, Any]) -> Prepared:
    """For each unit and step, which share of the slope is lost."""
    title = say["gate_saturated"] if run.gated else say["saturated"][run.settings.nonlinearity]
    lost = np.where(np.isfinite(run.slopes), 1 - run.slopes, np.nan).T
    return prepare.heat_map(
        lost,
        means="share",
        up=say["unit"],
        across=say["step"],
        of=say["lost"],
        title=title,
        height=HEIGHT,
        follow=False,
    )


def named(s: Settings, say: Mapping[str, Any]) -> str:
    """A bias in two words."""
    return f"{say['chrono']} {s.longest}" if s.bias is None else f"{say['bias']} {s.bias:g}".replace("-", MINUS)


def picked(s: Settings) -> str | float:
    """What a card of this bias says where it is clicked."""
    return f"{CHRONO} {s.longest}" if s.bias is None else s.bias


def log10(values: Array) -> Array:
    """log10 of magnitudes; -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.log10(values)
