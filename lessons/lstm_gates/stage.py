"""The story's stage: the player, showing what a beat speaks of and nothing else."""

from typing import Any

from lessons.common import stages
from lessons.common.interventions import write_holds
from lessons.common.story import Moment, Scene
from lessons.lstm_gates import told
from lessons.lstm_gates.experiment import Experiment
from lessons.lstm_gates.tale import SYMBOLS, WHOLE, read
from rnnviz.player import Held


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    found = told.reading(moment.beat, moment.values)
    run = found.untouched if isinstance(found, Experiment) else found
    inputs = found.inputs if isinstance(found, Experiment) else SYMBOLS
    stage = stages.player(
        run.trace,
        run.grads,
        view=view(moment),
        tokens=found.tokens,
        inputs=inputs if len(inputs) == run.trace.network.input_size else None,
        holds=held(moment),
    )
    return Scene(told.facts(moment.beat, moment.values), stage)


def held(moment: Moment) -> str | None:
    """The valve that the beat holds open, for the reader to drag; None where it holds none."""
    if "intervention" not in moment.attributes:
        return None
    return write_holds([Held("f", told.AT, 0, moment.values["held_open"])])


def view(moment: Moment) -> dict[str, Any]:
    """What the player shows: the beat's attributes, counted from 1, and where a link in the text has sent it.

    Where the beat asks, nothing of the answer is there before the reader has chosen; then it is played, and what the
    attribute `then` names is shown as well.
    """
    said = dict(moment.attributes)
    asks = "hide_from" in said
    link = moment.touched.get("stage")
    sent = link if isinstance(link, dict) else {}
    shown = f"{said['show']} {said.get('then', '') if moment.told else ''}"
    return {
        "show": shown.split(),
        "select": sent.get("select", said["select"]),
        "pass": sent.get("pass", said.get("pass", "forward")),
        "step": sent.get("step", said.get("step", 1)) - 1,
        "unit": told.heedful() if said.get("unit") == "heedful" else 0,
        "one_unit": True,
        "folded": bool(said.get("folded")),
        "speed": said.get("speed", 1),
        "locked": not moment.told,
        "hide_from": said["hide_from"] - 1 if asks and not moment.told else None,
        "play_to": said["play_to"] - 1 if asks and moment.told else None,
        "ghost": read(WHOLE).c if said.get("intervention") else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told} {sorted(sent.items())}",
    }
