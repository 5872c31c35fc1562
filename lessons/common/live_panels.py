"""What most lessons record of each update, and the pictures of it, with the words that all lessons share.

`usual(checkpoint)` is a record; `loss()`, `norms()`, `eigenvalues()`, `radius()`, `gates()` and `norms_in_time()` are
panels of what it holds. All others are `rnnviz.player.learn`'s.
"""

from typing import Any

import rnnviz as rv
from lessons.common.shared import common
from rnnviz.player.learn import OVER, Panel, curve, plane, steps


def usual(checkpoint: Any) -> dict[str, Any]:
    """A record of what every checkpoint of `rv.training` has measured, and of the eigenvalues of W_h.

    loss, gradient_norm, clipped_norm, learning_rate, spectral_radius; step_norms (T,); eigenvalues (H,), complex, of
    the block that `spectral_radius` is of; gate_f, ...: the means of the gates
    """
    last = next((gate.letter for gate in checkpoint.network.spec.gates if gate.role == "candidate"), "h")
    found = {
        name: getattr(checkpoint, name)
        for name in ("loss", "gradient_norm", "clipped_norm", "learning_rate", "spectral_radius", "step_norms")
    }
    found["eigenvalues"] = checkpoint.eigenvalues[last]
    return found | {f"gate_{letter}": mean for letter, mean in checkpoint.gate_means.items()}


def loss(baseline: float | None = None, *, label: str | None = None, of: str = "loss", **how: Any) -> Panel:
    """The loss and its running mean, on a log axis; with the loss of answering without memory, and where it is left."""
    line = label or common("learn_panels.baseline")
    known = {} if baseline is None else {"lines": {line: baseline}, "leaves": line}
    return curve(of, how.pop("title", common("learn_panels.loss")), **{"scale": "log", "smooth": OVER, **known, **how})


def norms(threshold: float | None = None, **how: Any) -> Panel:
    """The gradient's norm before and after clipping at a threshold; without one, the norm."""
    title = how.pop("title", common("learn_panels.norms"))
    if threshold is None:
        return curve("gradient_norm", title, **{"scale": "log", **how})
    names = [common("learn_panels.unclipped"), common("learn_panels.clipped")]
    line = {common("learn_panels.threshold"): threshold}
    given = {"scale": "log", "names": names, "lines": line, "between": True}
    return curve(["gradient_norm", "clipped_norm"], title, **given | how)


def eigenvalues(**how: Any) -> Panel:
    """The eigenvalues of W_h, their trails, and the spectral radius."""
    return plane("eigenvalues", how.pop("title", common("learn_panels.eigenvalues")), radius="spectral_radius", **how)


def radius(**how: Any) -> Panel:
    """The spectral radius of W_h against the updates."""
    return curve("spectral_radius", how.pop("title", common("learn_panels.radius")), **{"lines": {"1": 1.0}, **how})


def gates(cell: str = "lstm", **how: Any) -> Panel:
    """How open the gates of a cell are on average."""
    found = [gate for gate in rv.cells.CELLS[cell].SPEC.gates if gate.role != "candidate"]
    given = {"hues": [gate.colour for gate in found], "names": [gate.letter for gate in found], "valves": True}
    title = how.pop("title", common("learn_panels.gates"))
    return curve([f"gate_{gate.letter}" for gate in found], title, **{"low": 0.0, "high": 1.0, **given, **how})


def norms_in_time(**how: Any) -> Panel:
    """The gradient's norm at each time step, as it comes back from the loss."""
    return steps("step_norms", how.pop("title", common("learn_panels.norms_in_time")), **how)
