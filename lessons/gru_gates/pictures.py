"""The pictures of `gru_gates` besides the player: the gates of both networks by what they do, and what comes of it."""

import numpy as np

from lessons.common.text import Words
from lessons.gru_gates.experiment import Experiment
from rnnviz.diagrams import Diagram, Update, update_gate
from rnnviz.plots import Line, prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.plots.several import Lane


def gates(run: Experiment, words: Words, step: int, unit: int) -> Prepared:
    """What keeps, what lets in, what shows, and the outcome; `step` and `unit` from 0."""
    say = words.labels("pictures", {"unit": unit + 1, "mean": not run.by_hand})
    z, lstm = run.gates("gru", unit)["z"], run.gates("lstm", unit)
    keeps = [Line(say["z"], z, "forget", "area"), Line(say["f"], lstm["f"], "forget", "solid")]
    lets_in = [Line(say["other"], 1 - z, "input", "area"), Line(say["i"], lstm["i"], "input", "dashed")]
    shows = [Line(say["all"], np.ones_like(z), "output", "area"), Line(say["o"], lstm["o"], "output", "dotted")]
    if not run.by_hand:
        own = run.passes["gru"][0, 0].gates["z"][:, 0, unit]
        keeps.append(Line(say["own_z"], own, "ink", "solid"))
        lets_in.append(Line(say["own_other"], 1 - own, "ink", "solid"))
    rows = (Lane(say["keeps"], keeps), Lane(say["lets_in"], lets_in), Lane(say["shows"], shows), outcome(run, say))
    return prepare.lanes(rows, step + 1, across=say["step"], title=say["title"], description=say["description"])


def outcome(run: Experiment, say: dict[str, str]) -> Lane:
    """Outputs and target, or how surprised each network is by the letter that comes."""
    gru, lstm = run.outcome("gru"), run.outcome("lstm")
    top = float(np.ceil(max(1.0, np.abs(gru).max(), np.abs(lstm).max())))
    lines = (Line(say["gru"], gru, "ink", "solid"), Line(say["lstm"], lstm, "ink", "dashed"))
    if not run.by_hand:
        return Lane(say["loss"], lines, 0.0, top)
    return Lane(say["output"], (Line(say["target"], np.asarray(run.targets), "muted", "broad"), *lines), -top, top)


def update(run: Experiment, words: Words, step: int, unit: int) -> Diagram:
    """The selected unit's update, in both conventions."""
    layer = run.passes["gru"][0, 0]
    before = float(layer.h[step - 1, 0, unit] if step else layer.h0[0, unit])
    z, n, h = (float(a[step, 0, unit]) for a in (layer.gates["z"], layer.gates["n"], layer.h))
    say = words.labels("update", {"step": step + 1, "unit": unit + 1})
    return update_gate(Update(step + 1, unit + 1, z, n, before, h), **say)
