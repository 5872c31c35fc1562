"""What several networks answer to one question: the likeliest classes of each, as bars of probability, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.diagrams.html import Diagram, require_finite, text
from rnnviz.errors import ShapeError


@dataclass(frozen=True)
class Answer:
    """One network's answer.

    name  the network's
    seen  what it has seen of the question
    p     (Q,) the probability that it gives each class
    """

    name: str
    seen: str
    p: ArrayLike


def guesses(answers: Sequence[Answer], labels: Sequence[str], truth: int | None, most: int = 5) -> Diagram:
    """For each answer its `most` likely classes, likeliest first; the right one is marked, and always among them.

    Args:
        answers: at least one.
        labels: Q names of the classes.
        truth: the right class, 0..Q-1, or None where nobody knows it.
        most: how many classes are shown.

    Raises:
        ShapeError: there is no answer, or probabilities and labels do not fit; NonFiniteError: NaN or infinity.
    """
    if not answers or (truth is not None and not 0 <= truth < len(labels)):
        raise ShapeError(f"guesses: an answer and a right class in 0..{len(labels) - 1} or None are needed")
    return Diagram(
        '<div class="rnn guesses">' + "".join(_column(answer, labels, truth, most) for answer in answers) + "</div>"
    )


def percent(p: float) -> str:
    """A probability as text that does not break: 16.9 %; below half a tenth of a percent, < 0.1 %, unless it is 0."""
    return ("< 0.1 %" if 0 < p < 0.0005 else f"{100 * p:.1f} %").replace(" ", "\N{NO-BREAK SPACE}")


def _column(answer: Answer, labels: Sequence[str], truth: int | None, most: int) -> str:
    p = np.asarray(answer.p, np.float64)
    require_finite("probabilities", p)
    if p.shape != (len(labels),):
        raise ShapeError(f"guesses: {len(labels)} probabilities are needed, got shape {p.shape}")
    best = np.argsort(-p, kind="stable")[:most].tolist()
    if truth is not None and truth not in best:
        best[-1] = truth
    rows = "".join(_row(labels[k], float(p[k]), k == truth) for k in best)
    return (
        f'<div class="answer"><h4>{text(answer.name)}</h4><p class="seen">{text(answer.seen)}</p>'
        f'<div class="table">{rows}</div></div>'
    )


def _row(label: str, p: float, right: bool) -> str:
    kind, mark = (' class="right"', " ✓") if right else ("", "")
    return (
        f'<b{kind}>{text(label)}{mark}</b><i{kind}><s style="width:{100 * p:.1f}%"></s></i>'
        f"<span{kind}>{text(percent(p))}</span>"
    )
