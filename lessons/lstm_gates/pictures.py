"""The pictures of `lstm_gates` besides the player: the run with the intervention beside the one without."""

from math import ceil, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.common.text import Words
from lessons.lstm_gates.experiment import Experiment
from lessons.lstm_gates.seen import ROUNDING
from rnnviz.diagnostics import measured_retention, promised_retention
from rnnviz.plots import prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.plots.several import Role, Strand, Strip

Floats = NDArray[np.float64]
Runs = dict[str, Floats]


def both(run: Experiment, words: Words, step: int, unit: int) -> Prepared:
    """Cell state, output, gradient and memory over time; `step` and `unit` from 0."""
    bias = float(run.bias[unit])
    say = words.labels("pictures", {"unit": unit + 1, "bias": bias, "run": "{}"})
    runs = {"changed": run.changed, "untouched": run.untouched} if run.operated else {"alone": run.untouched}

    def of(what: Any) -> Runs:
        return {name: what(one) for name, one in runs.items()}

    def strands(name: str, values: Runs, role: Role) -> tuple[Strand, ...]:
        return tuple(
            Strand(
                say[name]["line"].format(say["runs"].get(one, "")).strip(),
                a,
                "untouched" if one == "untouched" else role,
            )
            for one, a in reversed(values.items())
        )

    c, dc, left = (
        of(lambda r: r.c(unit)),
        of(lambda r: r.dc(unit)),
        of(lambda r: measured_retention(r.trace, unit)[1:]),
    )
    outcome = of(lambda r: r.outcome)
    direct: Floats = run.changed.direct(unit)
    target = (Strand(say["y"]["target"], np.asarray(run.targets), "predicted"),) if run.by_hand else ()
    predicted = Strand(say["left"]["bias"], promised_retention(bias, len(run.tokens))[1:], "predicted")
    strips = (
        Strip(say["c"]["title"], strands("c", c, "forward"), *ends(c)),
        Strip(say["y"]["title"], (*strands("y", outcome, "forward"), *target), *ends(outcome))
        if run.by_hand
        else Strip(say["p"]["title"], strands("p", outcome, "forward"), 0.0, 1.0),
        Strip(
            say["dc"]["title"],
            (*strands("dc", dc, "backward"), Strand(say["dc"]["direct"], direct, "predicted")),
            log=True,
        ),
        Strip(
            say["left"]["title"],
            (*strands("left", left, "forward"), predicted),
            log=True,
            lowest=round(log10(ROUNDING)),
        ),
    )
    span = (run.surgery[0].first + 1, run.surgery[0].last + 1) if run.surgery else None
    return prepare.beside(strips, step + 1, span, across=say["step"])


def ends(values: Runs) -> tuple[float, float]:
    """The ends of a signed axis: half a unit, or the next whole one beyond the largest magnitude."""
    largest = max(float(np.abs(a).max()) for a in values.values())
    top = 0.5 if largest <= 0.5 else float(ceil(largest))
    return -top, top
