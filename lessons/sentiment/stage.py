"""The story's stage: sentences that are read, networks that learn, and the test part, opened once."""

from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.sentiment import pictures, tale
from lessons.sentiment.experiment import EVERY, LIMIT, record
from lessons.sentiment.stored import WAYS

READ = {
    "needle": (tale.TURNS,),
    "unknown": (tale.UNKNOWN,),
    "negation": (tale.GOOD, tale.NOT_GOOD),
    "bad": (tale.BAD, tale.NOT_BAD),
    "mattered": (tale.LATER,),
    "takeaway": (tale.TURNS,),
}


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat)
    if moment.beat in READ:
        return Scene(facts, read(moment))
    if moment.beat == "against":
        return Scene(facts, pictures.against(moment.words, **live.standing(moment)))
    if moment.beat == "once":
        return Scene(facts, pictures.opened(moment.words, **live.standing(moment)))
    return Scene(facts, learn(moment))


def read(moment: Moment) -> dict[str, Any]:
    """Sentences, read word by word; where there is a question, up to the word `step` until it is answered."""
    found = [tale.reading(text) for text in READ[moment.beat]]
    said, asks = moment.attributes, bool(moment.words.questions(moment.beat))
    at, end = int(said.get("step", 0)), max(len(one.words) for one in found)
    place = {
        "step": at,
        "locked": asks and not moment.told,
        "hide_from": at if asks and not moment.told else None,
        "play_to": end if asks and moment.told else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }
    return pictures.lines(found, moment.words, marks=bool(said.get("marks")), **place)


def learn(moment: Moment) -> dict[str, Any]:
    """The network with nothing against learning by heart, as it learns."""
    lanes = [pictures.lane("plain", WAYS["plain"], moment.words)]
    run = live.run("sentiment", lanes, record, limit=LIMIT, every=EVERY, told=moment.touched)
    return run.stage([pictures.losses(moment.words)], **live.standing(moment, pace=LIMIT / 20))
