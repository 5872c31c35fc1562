"""The pictures of `hidden_state` besides the player: what is left of a difference between two pasts."""

import numpy as np

from lessons.common.text import Words
from lessons.hidden_state.model import GONE, Experiment
from rnnviz.plots import Line, prepare
from rnnviz.plots.prepared import Prepared


def difference(run: Experiment, words: Words, step: int) -> tuple[Prepared, ...]:
    """h - h' of all units over time, and its norm beside what theory allows; nothing where there is one past.

    step  where the reader stands, from 0: marked in both
    """
    if run.apart is None or run.norms is None:
        return ()
    say = words.labels("difference", {})
    steps, first, rho = len(run.norms), run.reading.changed, run.settings.rho
    with np.errstate(divide="ignore"):
        norms = np.log10(run.norms)
    lines = [Line(say["norm"], norms, "backward")]
    if rho < 1 and np.isfinite(norms[first]):
        with np.errstate(divide="ignore", invalid="ignore"):
            bound = np.where(
                np.arange(steps) >= first, norms[first] + np.arange(-first, steps - first) * np.log10(rho), np.nan
            )
        lines.append(Line(say["bound"], bound, "muted", "dashed"))
    guides = [Line(say["hundredth"], np.full(steps, norms[first] + np.log10(GONE)), "muted", "dotted")]
    return (
        prepare.heat_map(
            run.apart.T, up=say["unit"], across=say["step"], title=say["states"], of=say["states"], mark_at=step + 1
        ),
        prepare.decades(
            lines,
            up=say["norm"],
            across=say["step"],
            title=say["title"],
            backwards=False,
            least=(-8, 1),
            mark_at=step + 1,
            guides=guides if np.isfinite(norms[first]) else (),
        ),
    )
