"""What each step adds to the gradient of one recurrent weight, as the browser draws it (js/sum): one Elman unit.

The same w_h is used at every step, so the gradient of w_h is a sum over the steps (Werbos 1990), gathered on the way
back from the last one:

    dL/dw_h = sum_t dL/da_t h_{t-1}

A stage is plain JSON, {"kind": "sum", "view": "sum", "data": ..., "words": ..., ...}:

    data      what `parts` gave
    step      so many steps are added up at first
    play_to   so many steps are added up when it has played by itself; None: it waits for the reader
    locked    nothing can be played or touched, and nothing is added up
    speed     1/4, 1/2, 1 or 2; None: as the reader has set it
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "played" with the steps that are added up, once for each `play_to`.
"""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from rnnviz.bptt import Gradients
from rnnviz.diagrams.arithmetic import digits_for
from rnnviz.errors import ShapeError
from rnnviz.numbers import decimals, significant
from rnnviz.trace import Trace

WORDS = (  # {...} is filled by the stage
    *("title", "play", "pause", "back", "on", "among", "speed"),
    *("gradient", "handed", "parts", "smaller", "larger", "sum", "sum_short", "so_far", "nothing", "live"),
)


def parts(trace: Trace, grads: Gradients, *, labels: Sequence[str], short_labels: Sequence[str]) -> dict[str, Any]:
    """The terms of dL/dw_h.

    trace, grads  of a network with one Elman unit; their first sequence
    labels        what each step is called; short_labels: the same for a narrow screen

    The data, all of length T: da, dL/da_t; before, h_{t-1}; parts, their products; running, the sum of the parts from
    the last step to t. `printed` holds their texts (da and before with as many digits as it takes for their product to
    come out as it is printed), `brief` the same with two decimals.
    Raises ShapeError where the network has another size, or names are missing.
    """
    layer = trace[0, 0]
    if trace.network.cell != "elman" or layer.h.shape[2] != 1:
        raise ShapeError(f"parts: one Elman unit is needed, got {layer.h.shape[2]} of {trace.network.cell}")
    T = len(layer.h)
    if not len(labels) == len(short_labels) == T:
        raise ShapeError(f"parts: {T} steps need {T} labels, got {len(labels)} and {len(short_labels)}")
    da = grads[0, 0].dpreactivations["h"][:, 0, 0].astype(np.float64)
    before = np.concatenate([layer.h0[:1, 0], layer.h[:-1, 0, 0]]).astype(np.float64)
    terms = da * before
    found = {"da": da, "before": before, "parts": terms, "running": np.cumsum(terms[::-1])[::-1]}
    digits = [digits_for([a, b], part, prod) for a, b, part in zip(da.tolist(), before.tolist(), terms.tolist())]
    printed = {name: [significant(v) for v in values.tolist()] for name, values in found.items()}
    for name in ("da", "before"):
        printed[name] = [significant(v, count) for v, count in zip(found[name].tolist(), digits)]
    return {
        **{name: values.tolist() for name, values in found.items()},
        "labels": list(labels),
        "short_labels": list(short_labels),
        "printed": printed,
        "brief": {name: [_brief(v) for v in values.tolist()] for name, values in found.items()},
    }


def _brief(value: float) -> str:
    """Two decimals; what is less than that, but not nothing, is about zero."""
    shown = decimals(value, 2)
    return "0" if value == 0 else "≈0" if float(shown.replace("\N{MINUS SIGN}", "-")) == 0 else shown
