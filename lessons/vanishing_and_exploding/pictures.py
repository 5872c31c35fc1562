"""The pictures of `vanishing_and_exploding`: the gradient step by step and at every scale, and what explains it."""

from typing import Any

import numpy as np

from lessons.common.charts import Row
from lessons.common.text import Words
from lessons.vanishing_and_exploding.experiment import ALL, LAST, SCALES, STATE, Study
from lessons.vanishing_and_exploding.model import Facts
from rnnviz.plots import Line, prepare
from rnnviz.plots.panel import Stroke
from rnnviz.plots.prepared import Prepared

HUES = {"i": "input", "f": "forget", "g": "candidate", "o": "output", "r": "input", "z": "forget", "n": "candidate"}
LOOKS: dict[str, Stroke] = {
    "i": "solid", "f": "dashed", "g": "dotted", "o": "dashed", "r": "solid", "z": "dashed", "n": "dotted",
}  # fmt: skip
SHORT = 200  # pixels


def rows(seen: Study, facts: Facts, words: Words) -> tuple[Row, Row]:
    """The gradient step by step and at every scale; then one step and all of them, and factors or paths."""
    say = words.labels("pictures", {"after": facts.step + 1, "gate": "", **vars(facts)})
    inner = paths(seen, facts, say) if facts.gates else factors(seen, facts, say)
    return Row(norms(seen, facts, say), scale_map(seen, facts, say)), Row(spectra(seen, facts, say), inner)


def norms(seen: Study, facts: Facts, say: Any) -> Prepared:
    """||dL/dh_t|| of all three networks, with what theory says of the Elman network."""
    rnn, lstm, gru = seen.passes["elman"], seen.passes["lstm"], seen.passes["gru"]
    own = say["norms"]
    lines = [
        Line(own["elman"], rnn.norms, "backward"),
        Line(own["lstm"], lstm.norms, "forget"),
        Line(own["cell_state"], lstm.cell_norms, "forget", "dotted"),
        Line(own["gru"], gru.norms, "input", "dashed"),
    ]
    guides = []
    if facts.factors:
        bound = seen.products.log10_bound
        assert bound is not None
        back = np.arange(facts.steps - 1, -1, -1)
        guides = [
            Line(own["power"], back * np.log10(facts.rho), "muted", "dotted"),
            Line(own["bound"], bound[1:], "muted", "dashed"),
        ]
    return prepare.decades(
        lines,
        across=say["step"],
        title=own["title"],
        mark_at=facts.step,
        guides=guides,
        least=(-6, 2),
        struck={} if seen.shown.exploded is None else {seen.shown.exploded: own["struck"]},
        picks="at",
        follow=False,
    )


def scale_map(seen: Study, facts: Facts, say: Any) -> Prepared:
    """The same of the network that is looked at, for every scale."""
    own = say["map"]
    return prepare.scale_map(
        SCALES,
        seen.map,
        scale=facts.rho,
        step=facts.step,
        name=own["name"],
        across=say["step"],
        of=own["of"],
        title=own["title"],
        picks="map",
        follow=False,
    )


def spectra(seen: Study, facts: Facts, say: Any) -> Prepared:
    """All singular values of one step and of the product over the lag."""
    own, size = say["spectra"], seen.products.jacobians.shape[-1]
    lines = [
        Line(own["one"], seen.one_step(facts.step + 1), "forward", "dots"),
        Line(own["all"], seen.all_steps(facts.step), "backward", "dots"),
    ]
    guides = []
    if facts.factors:
        guides = [
            Line(own["rho"], np.full(size, np.log10(facts.factors.rho)), "muted", "dotted"),
            Line(own["s1"], np.full(size, np.log10(facts.factors.s1)), "muted", "dashed"),
        ]
    return prepare.ranked(lines, guides, across=say["rank"], title=own["title"], height=SHORT)


def factors(seen: Study, facts: Facts, say: Any) -> Prepared:
    """What each step back does to the Elman network's gradient, from where that is not yet 0 (0/0 is no factor)."""
    own, gradient = say["factors"], seen.shown.norms
    first = max(int(np.isneginf(gradient).sum()), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        lines = [
            Line(own["gradient"], gradient[first - 1 : -1] - gradient[first:], "backward"),
            Line(own["s1"], seen.gains[first:], "ink", "dashed"),
            Line(own["slope"], np.log10(seen.slopes[first:]), "candidate", "dotted"),
        ]
    return prepare.decades(
        lines,
        across=say["step"],
        first=first,
        mark_at=facts.step if facts.step >= first else None,
        title=own["title"],
        least=(-1, 1),
        picks="at",
        height=SHORT,
        follow=False,
    )


def paths(seen: Study, facts: Facts, say: Any) -> Prepared:
    """How much of this page's gradient comes straight along the state, and how much through each gate."""
    own, found = say["paths"], seen.path_norms
    lines = [Line(own["all"], found[ALL], "ink"), Line(own["state"], found[STATE], "backward", "dashed")]
    lines += [Line(f"{own['through']}{gate}", found[gate], HUES[gate], LOOKS[gate]) for gate in found if gate in HUES]
    if LAST in found:
        lines.append(Line(own["last"], found[LAST], "output", "dotted"))
    return prepare.decades(
        lines,
        across=say["step"],
        mark_at=facts.step,
        title=own["title"],
        least=(-6, 2),
        picks="at",
        height=SHORT,
        follow=False,
    )
