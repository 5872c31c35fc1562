"""A confusion matrix as a table: a row for each true class, a column for each class that was taken for it."""

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.diagrams.html import Diagram, attribute, text
from rnnviz.errors import ShapeError

CELL = (
    "border:1px solid var(--rnn-pipe);text-align:center;padding:0;min-width:24px;"
    "height:var(--cell,clamp(20px,min(5.2vh,6.4vw),42px));"
)
NAME = f"{CELL}padding:0 8px;text-align:right;width:1%;white-space:nowrap"
BUTTON = "all:unset;display:block;width:100%;line-height:inherit;cursor:pointer;text-align:center;"


def confusion(
    counts: ArrayLike, labels: Sequence[str], *, title: str = "", up: str = "", across: str = "", target: str = ""
) -> Diagram:
    """Counts (C, C) as `rnnviz.evaluation.confusion` gives them: the more of its row, the fuller a cell.

    Right answers, on the diagonal, are blue, mistakes orange; a cell without any is empty.
    labels      C short names of the classes
    up, across  what a row is, and what a column is
    target      where given, a click on a mistake is an event with this target and the value {"x": column, "y": row}

    Raises ShapeError where counts and labels do not fit.
    """
    table, C = np.asarray(counts), len(labels)
    if table.shape != (C, C) or not C:
        raise ShapeError(f"confusion: counts ({C}, {C}) are needed for {C} labels, got {table.shape}")
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    head = "".join(f'<th scope="col" style="{CELL}">{text(label)}</th>' for label in labels)
    rows = "".join(
        f'<tr><th scope="row" style="{NAME}">{text(label)}</th>'
        + "".join(_cell(int(table[y, x]), float(shares[y, x]), x, y, target) for x in range(C))
        + "</tr>"
        for y, label in enumerate(labels)
    )
    corner = f'<th style="{CELL}font-weight:400;padding:0 8px;white-space:nowrap">{text(up)} \\ {text(across)}</th>'
    caption = f'<caption style="text-align:left;padding:4px 0 8px">{text(title)}</caption>' if title else ""
    style = "border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:16px;width:100%;"
    style += "max-width:var(--widest,44em)"
    return Diagram(
        f'<div class="rnn confusion" style="--rows:{C + 1};overflow-x:auto"><table style="{style}">{caption}'
        f"<thead><tr>{corner}{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(count: int, share: float, x: int, y: int, target: str) -> str:
    if not count:
        return f'<td style="{CELL}"></td>'
    hue, full = ("forward", 62.0) if x == y else ("positive", 85.0)
    weight = 14 + full * share
    shade = f"background:color-mix(in srgb,var(--rnn-{hue}) {weight:.3g}%,var(--rnn-background));"
    if not target or x == y:
        return f'<td style="{CELL}{shade}">{count}</td>'
    value = attribute(json.dumps({"x": x, "y": y}))
    button = f'<button type="button" style="{BUTTON}" data-target="{attribute(target)}" data-value="{value}">'
    return f'<td style="{CELL}{shade}">{button}{count}</button></td>'
