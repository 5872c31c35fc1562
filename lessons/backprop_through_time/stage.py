"""The story's stage: the player, which shows what a beat speaks of and nothing else, and the numbers of the beat."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lessons.backprop_through_time import days
from lessons.backprop_through_time.experiment import W_HH, Experiment, with_eight_days
from lessons.common import stages
from lessons.common.interventions import HOLDS
from lessons.common.story import Moment, Scene
from lessons.common.text import Words
from rnnviz.player.sum import parts

Facts = dict[str, Any]


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    run = reading(moment)
    if moment.attributes.get("view") == "sum":
        return Scene(FACTS[moment.beat](run), adding(moment, run))
    stage = stages.player(
        run.trace, run.truncated, view=view(moment), tokens=run.symbols, loss=run.loss.value, holds=held(moment)
    )
    return Scene(FACTS[moment.beat](run), stage)


def held(moment: Moment) -> str | None:
    """What the reader holds in the picture, where the beat lets go of it (`holds`); None elsewhere."""
    return HOLDS.read(moment.touched.get("holds")) if moment.attributes.get("holds") else None


def adding(moment: Moment, run: Experiment) -> dict[str, Any]:
    """The stage that adds up what the days say of w_h."""
    told = {"locked": not moment.told, "hide_from": None if moment.told else 0, "step": 0}
    token = f"{moment.epoch} {moment.told}"
    return total(run, moment.words) | told | {"play_to": run.T if moment.told else None, "token": token}


def total(run: Experiment, words: Words) -> dict[str, Any]:
    """The same for any network of one unit, all steps added up; truncated as the run is."""
    name = "step_number" if run.spells else "day_number"
    named = [words.label(name, {"step": step + 1}) for step in range(run.T)]
    numbered = [str(step + 1) for step in range(run.T)]
    return {
        "kind": "sum",
        "view": "sum",
        "data": parts(run.trace, run.truncated, labels=named, short_labels=numbered),
        "words": words.labels("stage", {}),
        "locked": False,
        "play_to": None,
        "step": run.T,
        "speed": None,
        "token": run.T,
    }


def reading(moment: Moment) -> Experiment:
    """The network of this beat: one unit, with the weight and the window that the reader has set; or eight units."""
    if moment.attributes.get("units") == days.UNITS:
        return Experiment(days.eight_units(), days.tokens(), days.question(), 1, days.DAYS)
    every = bool(moment.attributes.get("every"))
    return with_eight_days(moment.values["w_h"], moment.values["k"], every, held(moment) or "")


def view(moment: Moment) -> dict[str, Any]:
    """What the player shows: the beat's attributes, counted from 1.

    Where the beat asks, nothing of the answer is there before the reader has chosen; then it is played, and what the
    attribute `then` names is shown as well.
    """
    said = dict(moment.attributes)
    asks = bool(moment.words.questions(moment.beat))
    return {
        "show": f"{said['show']} {said.get('then', '') if moment.told else ''}".split(),
        "select": said.get("select", "h"),
        "pass": said.get("pass", "backward"),
        "step": said["step"] - 1,
        "unit": 0,
        "one_unit": "units" not in said,
        "folded": False,
        "speed": said.get("speed", 1),
        "locked": not moment.told,
        "hide_from": said["hide_from"] - 1 if asks and not moment.told else None,
        "play_to": said["play_to"] - 1 if asks and moment.told else None,
        "ghost": None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


# What the words of each beat speak of; days are counted from 1


def mistake(run: Experiment) -> Facts:
    """The answer at the end."""
    return {"h": float(run.trace[0, 0].h[-1, 0, 0])}


def nudge(run: Experiment) -> Facts:
    """How wrong it is, and what a nudge of the answer would change."""
    return {"loss": run.loss.value, "dh": gradient(run)[-1], "last": run.T}


def step(run: Experiment) -> Facts:
    """From the last day to the one before."""
    w_h, slope = run.network.layers[0][0].weight_hh[0, 0], 1 - mistake(run)["h"] ** 2
    factor = float(w_h * slope)
    verdict = "more" if abs(factor) > 1 else "half" if abs(factor) > 0.5 else "less"
    return {"w_h": float(w_h), "slope": slope, "factor": factor, "last": run.T, "answers": {"factor": verdict}}


def way(run: Experiment) -> Facts:
    """From the end to the first day."""
    share = gradient(run)[0] / gradient(run)[-1]
    verdict = "half" if share > 0.3 else "tenth" if share > 0.03 else "hundredth"
    w_h = float(run.network.layers[0][0].weight_hh[0, 0])
    return {"share": share, "steps": run.T - 1, "w_h": w_h, "answers": {"arrives": verdict}}


def loop(run: Experiment) -> Facts:
    """The same with another weight on the loop."""
    w_h, slopes = float(run.network.layers[0][0].weight_hh[0, 0]), 1 - run.h[:, 0] ** 2
    return {"w_h": w_h, "share": run.share, "steps": run.T - 1, "slope": float(slopes.min())}


def weight(run: Experiment) -> Facts:
    """What each day adds to the gradient of the one weight on the loop."""
    h = run.trace[0, 0].h[:, 0, 0]
    said = run.full[0, 0].dpreactivations["h"][:, 0, 0] * np.concatenate([[0.0], h[:-1]])
    total = float(run.full.params[W_HH][0, 0])
    return {
        "sum": total,
        "days": run.T,
        "largest": int(np.abs(said).argmax()) + 1,
        "agree": bool((said >= 0).all() or (said <= 0).all()),
        "answers": {"weight": "smaller" if total > 0 else "larger" if total < 0 else "nothing"},
    }


def truncated(run: Experiment) -> Facts:
    """Windows, and what arrives over their edge."""
    arrives = float(run.truncated[0, 0].dh[0, 0, 0])
    return {"k": run.k, "first": run.T - run.k + 1, "answers": {"edge": "zero" if arrives == 0 else "some"}}


def gradient(run: Experiment) -> list[float]:
    """(T,) dL/dh of the first unit, in full."""
    return [float(value) for value in run.full[0, 0].dh[:, 0, 0]]


FACTS: dict[str, Callable[[Experiment], Facts]] = {
    "mistake": mistake,
    "nudge": nudge,
    "step": step,
    "way": way,
    "loop": loop,
    "weight": weight,
    "every": lambda _: {},
    "truncated": truncated,
    "summary": lambda run: {"units": run.network.hidden_size},
}
