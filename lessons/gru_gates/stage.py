"""The story's stage: the player, showing what a beat speaks of and nothing else; once, two networks that guess."""

from typing import Any

from lessons.common import stages
from lessons.common.one_unit import Reading
from lessons.common.story import Moment, Scene
from lessons.gru_gates import duel, told
from lessons.gru_gates.experiment import Experiment
from lessons.gru_gates.tale import MADE_ROOM, read


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = told.facts(moment.beat, moment.values)
    return Scene(
        facts, guessed(moment) if moment.beat == "compare" else player(moment, told.reading(moment.beat, moment.values))
    )


def guessed(moment: Moment) -> dict[str, Any]:
    """Both trained networks read letter by letter, and guess the next; what the reader types is read at once."""
    text = duel.beginning(moment.values["text"])
    place = {"speed": moment.attributes["speed"], "token": f"{moment.beat} {moment.epoch} {text}"}
    found = duel.stage(text, moment.words, **place)
    return found | {"step": found["steps"] if "text" in moment.touched else 0}


def player(moment: Moment, found: Reading | Experiment) -> dict[str, Any]:
    """The player on one unit, set by hand, in which the reader can drag; or on the trained GRU."""
    trace = found.trace if isinstance(found, Reading) else found.passes["gru"]
    grads = found.grads if isinstance(found, Reading) else found.backward[0]
    named = len(found.inputs) == trace.network.input_size
    return stages.player(
        trace,
        grads,
        view=view(moment),
        tokens=found.tokens,
        inputs=found.inputs if named else None,
        holds=moment.values["holds"] if isinstance(found, Reading) else None,
    )


def view(moment: Moment) -> dict[str, Any]:
    """What the player shows: the beat's attributes, counted from 1.

    Where the beat asks, nothing of the answer is there before the reader has chosen; then it is played, and what the
    attribute `then` names is shown as well.
    """
    said = dict(moment.attributes)
    asks = "hide_from" in said
    return {
        "show": f"{said['show']} {said.get('then', '') if moment.told else ''}".split(),
        "select": said["select"],
        "pass": said.get("pass", "forward"),
        "step": said.get("step", 1) - 1,
        "unit": told.heedful() if said.get("unit") == "heedful" else 0,
        "one_unit": True,
        "folded": bool(said.get("folded")),
        "speed": said.get("speed", 1),
        "locked": not moment.told,
        "hide_from": said["hide_from"] - 1 if asks and not moment.told else None,
        "play_to": said["play_to"] - 1 if asks and moment.told else None,
        "ghost": read(MADE_ROOM).h if said.get("intervention") and moment.told else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }
