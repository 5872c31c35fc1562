"""The pictures of `backprop_through_time` besides the player: gradients by step, their product, what was learned."""

from typing import Any

import numpy as np

from lessons.backprop_through_time import recall
from lessons.backprop_through_time.experiment import Experiment
from lessons.backprop_through_time.model import Facts
from lessons.common.charts import Row
from lessons.common.text import Words
from rnnviz import diagrams
from rnnviz.arrays import Array
from rnnviz.diagnostics import log10_hidden_gradient_norms
from rnnviz.plots import Group, Line, prepare
from rnnviz.plots.prepared import Prepared

HIGH = 190  # pixels


def above(run: Experiment, facts: Facts, step: int, words: Words) -> tuple[Any, ...]:
    """What truncation changes: the gradient at every step, the marked `step` (from 1) among them; the product."""
    say = words.labels("pictures", facts)
    row = (answers(run, say), left(run, step, say)) if run.learned else (left(run, step, say), added(run, step, say))
    return Row(*row), chain(run, words, facts)


def below(run: Experiment, facts: Facts, step: int, words: Words) -> tuple[Prepared, ...]:
    """What there was no room for above."""
    return (added(run, step, words.labels("pictures", facts)),) if run.learned else ()


def left(run: Experiment, step: int, say: Any) -> Prepared:
    """The norm of the gradient at every step."""
    full, rest = (log10_hidden_gradient_norms(grads)[0, 0][:, 0] for grads in (run.full, run.truncated))
    own = say["left"]  # one window draws both lines, too, so that nothing moves where k is dragged
    lines = [Line(own["full"], full, "muted", "dashed"), Line(own["truncated"], rest, "backward")]
    return over_steps(run, step, lines, own, say)


def added(run: Experiment, step: int, say: Any) -> Prepared:
    """What every step adds to the gradient of W_h, and the sums from the end."""
    own, by_step = say["added"], run.by_step(run.truncated)
    lines = [
        Line(own["full"], _log10(run.by_step(run.full).running), "muted", "dashed"),
        Line(own["part"], _log10(by_step.norm), "backward", "dots"),
        Line(own["sum"], _log10(by_step.running), "backward"),
    ]
    return over_steps(run, step, lines, own, say)


def over_steps(run: Experiment, step: int, lines: list[Line], own: Any, say: Any) -> Prepared:
    """A chart of the pass; a click on a step goes there."""
    return prepare.decades(
        lines,
        up=own["up"],
        across=say["step"],
        title=own["title"],
        mark_at=step,
        cuts=run.cuts,
        least=(-4, 0),
        picks="place",
        height=HIGH,
    )


def _log10(norms: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(norms[:, 0]))


def chain(run: Experiment, words: Words, facts: Facts) -> diagrams.Diagram:
    """The way back from the question to the clue as a product."""
    one = run.network.hidden_size == 1
    if one and run.held:
        return diagrams.Diagram("")  # a constant has no slope to multiply by
    own = words.labels("pictures.chain", facts)
    note = words.rich(f"pictures.chain.{'one' if one else 'several'}", facts)
    said = diagrams.Words(cut=own["cut"], uncut=own["uncut"], start=own["start"], note=note)
    if one:
        w, start = float(run.network.layers[0][0].weight_hh[0, 0]), float(run.full[0, 0].dh[-1, 0, 0])
        return diagrams.product_of_numbers(diagrams.Numbers(w, run.h[:, 0], start, run.at), run.cuts, said)
    return diagrams.product_of_sizes(diagrams.Sizes(run.norms[run.at - 1 :], run.singular, run.at), run.cuts, said)


def answers(run: Experiment, say: Any) -> Prepared:
    """How well the trained networks answer, for every length of the windows."""
    own, (zero, drawn) = say["answers"], recall.library().right
    groups = [Group(own["zero"], zero, "backward", "solid"), Group(own["drawn"], drawn, "forward", "dashed")]
    return prepare.outcomes(
        groups,
        up=own["up"],
        across=own["across"],
        chance=1 / len(recall.CLUES),
        guessing=own["guessing"],
        mark_at=run.k,
        cuts=[recall.BACK],
        title=own["title"],
        picks="k",
        height=HIGH,
    )
