"""The story's stage: a sentence with a gap, read from the left, from the right, from both sides, in two layers."""

from collections.abc import Callable
from typing import Any

from lessons.bidirectional_and_stacked import sides, told
from lessons.bidirectional_and_stacked.blanks import BOTH, LAYERS, LEFT, RIGHT, states
from lessons.bidirectional_and_stacked.told import ASKED, CHANGED, LATE
from lessons.common.story import Moment, Scene


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = told.facts(moment.beat, moment.values)
    return Scene(facts, STAGES[moment.beat](moment, place(moment)))


def place(moment: Moment) -> dict[str, Any]:
    """Where the stage stands: before the reader has chosen, nothing of an answer is there; then it is played."""
    said = dict(moment.attributes)
    asks = "play_to" in said
    return {
        "step": said.get("step", 0),
        "speed": said.get("speed", 1),
        "locked": not moment.told,
        "hide_from": said.get("step", 0) if asks and not moment.told else None,
        "play_to": said["play_to"] if asks and moment.told else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


def alone(reader: str) -> Callable[[Moment, dict[str, Any]], dict[str, Any]]:
    """One direction, up to the gap."""
    return lambda moment, at: sides.one_way(ASKED, reader, moment.words, **at)


def both(moment: Moment, at: dict[str, Any]) -> dict[str, Any]:
    """Both directions, and what they say together."""
    rows = sides.rows_of(BOTH, moment.words, states(BOTH, ASKED.read))
    return sides.stage(ASKED, rows, moment.words, guesses=(BOTH,), **at)


def typed(moment: Moment, at: dict[str, Any]) -> dict[str, Any]:
    """The reader's own sentence; it is always read to its end."""
    asked = told.question(moment.values)
    found = sides.of_question(asked, BOTH, moment.words, **at)
    return found | {"step": found["steps"]}


def live(moment: Moment, at: dict[str, Any]) -> dict[str, Any]:
    """One letter after the other comes in; the row from the right has to wait for the last."""
    rows = sides.rows_of(BOTH, moment.words, states(BOTH, ASKED.read), one_after_the_other=True)
    return sides.stage(ASKED, rows, moment.words, guesses=(BOTH,), **at)


def layers(moment: Moment, at: dict[str, Any]) -> dict[str, Any]:
    """Two layers, and what they say beside one; the letter is the reader's choice, and then answered at once."""
    asked = told.question(moment.values)
    rows = sides.rows_of(LAYERS, moment.words, states(LAYERS, asked.read))
    found = sides.stage(asked, rows, moment.words, guesses=(BOTH, LAYERS), picks="hidden", **at)
    if "hidden" not in moment.touched:
        return found
    return found | {"step": found["steps"], "token": f"{at['token']} {asked.position}"}


STAGES: dict[str, Callable[[Moment, dict[str, Any]], dict[str, Any]]] = {
    "later": alone(LEFT),
    "back": alone(RIGHT),
    "knows": lambda moment, at: sides.of_change(ASKED, BOTH, CHANGED, moment.words, **at),
    "both": both,
    "try": typed,
    "live": live,
    "layers": lambda moment, at: sides.of_change(ASKED, LAYERS, LATE, moment.words, **at),
    "travels": layers,
    "summary": both,
}
