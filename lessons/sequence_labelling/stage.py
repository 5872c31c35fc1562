"""The story's stage: sentences whose words get tags, from the left and both ways, and networks that learn it."""

from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.sequence_labelling import pictures, tale
from lessons.sequence_labelling.experiment import EVERY, LIMIT, WAYS, Settings, record
from lessons.sequence_labelling.names import TAGS
from lessons.sequence_labelling.stored import reading
from rnnviz.player.sentence import Line

TRUE = {
    tale.LONG: "PER O O O O ORG O O O O O O LOC LOC O O O O O",
    tale.SISTERS: "PER O O O",
    tale.BRIDGES: "LOC O O O",
    tale.STRANGE: "LOC O O O",
    tale.LOWER: "O O O ORG",
}
READ = {  # beat: (way, sentence) of each line
    "words": (("both", tale.LONG),),
    "left": (("left", tale.SISTERS), ("left", tale.BRIDGES)),
    "both": (("both", tale.SISTERS), ("both", tale.BRIDGES)),
    "strange": (("both", tale.STRANGE), ("both", tale.LOWER)),
    "takeaway": (("left", tale.LONG), ("both", tale.LONG)),
}


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat)
    if moment.beat in READ:
        return Scene(facts, read(moment))
    if moment.beat == "score":
        return Scene(facts, pictures.measures(moment.words, moment.told, **live.standing(moment)))
    return Scene(facts, learn(moment))


def read(moment: Moment) -> dict[str, Any]:
    """Sentences, read word by word; where there is a question, none of it until it is answered."""
    rows = [line(moment, k, way, text) for k, (way, text) in enumerate(READ[moment.beat])]
    asks = bool(moment.words.questions(moment.beat))
    waits = asks and not moment.told
    place = {
        "locked": waits,
        "hide_from": 0 if waits else None,
        "play_to": max(len(one.tokens) for one in rows) if asks and moment.told else None,
        "speed": 0.5 if asks else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }
    return pictures.lines(rows, moment.words, **place)


def line(moment: Moment, number: int, way: str, text: str) -> Line:
    """One of them; wrong tags are struck where the true ones are known."""
    right = [TAGS.index(tag) for tag in TRUE[text].split()] if text in TRUE else None
    return pictures.line(str(number), way, reading(way, text), moment.words, right)


def learn(moment: Moment) -> dict[str, Any]:
    """Both networks, as they learn."""
    lanes = [pictures.lane(Settings(way), moment.words) for way in WAYS]
    run = live.run("sequence labelling", lanes, record, limit=LIMIT, every=EVERY, told=moment.touched)
    return run.stage([pictures.macro(moment.words)], **live.standing(moment, pace=LIMIT / 15))
