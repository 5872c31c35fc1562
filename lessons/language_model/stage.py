"""The story's stage: a network that writes, a book that it reads, tables of letters, a network that learns."""

from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.language_model import measured, model, pictures, stored, tale, writer
from lessons.language_model.experiment import Settings


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat), VIEWS[str(moment.attributes["view"])](moment))


def place(moment: Moment) -> dict[str, Any]:
    """Where the stage stands: before the reader has chosen, nothing of an answer is there; then it is played."""
    said = moment.attributes
    asks = bool(moment.words.questions(moment.beat))
    waits = asks and not moment.told
    step = int(said.get("step", 0))
    return {
        "step": step,
        "speed": said.get("speed", 1),
        "locked": waits,
        "hide_from": step if waits else None,
        "play_to": said.get("plays") if not asks else said.get("play_to") if moment.told else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


def writes(moment: Moment) -> dict[str, Any]:
    """What it writes after a prompt, at the temperatures that the reader has set."""
    said = moment.attributes
    heat = writer.heat_of(moment.touched.get("heat"), float(said.get("temperature", tale.HEAT)))
    shade = model.shade(moment.values)
    return pictures.written(stored.network(), tale.PROMPT, heat, 0, moment.words, shade=shade, **place(moment))


def reads(moment: Moment) -> dict[str, Any]:
    """A paragraph that is held out, shaded by what a unit watches or by what mattered."""
    shade = model.shade(moment.values)
    text, at = measured.passage(shade), place(moment)
    at["token"] += " bracket" if shade == "bracket" else ""
    return pictures.followed(stored.network(), text, moment.words, shade=shade, given=writer.BACK, **at)


def tables(moment: Moment) -> dict[str, Any]:
    """Tables that look at more and more letters."""
    return pictures.tables_stage(moment.words, **live.standing(moment))


def learns(moment: Moment) -> dict[str, Any]:
    """A network that learns from the book."""
    chosen = [pictures.lane(Settings(), moment.words)]
    run = live.run(
        "language model", chosen, pictures.record, limit=pictures.LIMIT, every=pictures.EVERY, told=moment.touched
    )
    return run.stage(pictures.panels(moment.words), **live.standing(moment))


VIEWS = {"writes": writes, "reads": reads, "tables": tables, "learns": learns}
