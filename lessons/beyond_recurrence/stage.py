"""The story's stage: two ways from letter to letter, and the scores of all seeds, update by update."""

from typing import Any

from lessons.beyond_recurrence import pictures, tale
from lessons.beyond_recurrence.experiment import MARKS, PLACES, UPDATES, begun, words
from lessons.beyond_recurrence.stored import EACH, trained
from lessons.common import live
from lessons.common.story import Moment, Scene
from rnnviz.player.learn import Lane


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat, moment.values), VIEWS[str(moment.attributes["view"])](moment))


def back(moment: Moment) -> dict[str, Any]:
    """The gradient of the answer goes back; `when` the networks are asked: begun, or trained, beside what it was."""
    word, done = words()[tale.NUMBER], moment.attributes.get("when") == "trained"
    before = {kind: begun(kind, 0) for kind in str(moment.attributes["show"]).split()}
    networks = {kind: trained(kind) for kind in before} if done else before
    was = before if done else None
    return pictures.back(networks, word, 0, moment.words, before=was, **live.standing(moment))


def answer(moment: Moment) -> dict[str, Any]:
    """The same network reads two words; what it says is not sent before it is to be seen."""
    kind, place = str(moment.attributes["show"]), PLACES.index(moment.values["place"])
    two = [words()[n] for n in tale.TWINS]
    stands = live.standing(moment)
    stands["token"] = f"{stands['token']} {place}"
    return pictures.answer(trained(kind), two, place, moment.words, told=moment.told, **stands)


def ways(moment: Moment) -> dict[str, Any]:
    """What can be computed step by step: all at once, or as a text grows."""
    text, way = words()[tale.NUMBER] + MARKS[0], str(moment.attributes["way"])
    return pictures.ways(text, way, moment.words, **live.standing(moment))


def seeds(moment: Moment) -> dict[str, Any]:
    """The share of right digits while they learn, the mean of all seeds."""
    names = str(moment.attributes["show"]).split()
    lanes = [Lane(arm, moment.words.label(f"arms.{arm}")) for arm in names]
    panels = [live.curve("right", moment.words.label("pictures.right"), low=0.0, high=1.0)]
    replay = moment.words.labels("replay")
    records = pictures.means(tuple(names))
    return live.stored(lanes, records, panels, limit=UPDATES, every=EACH, words=replay, **live.standing(moment))


VIEWS = {"back": back, "answer": answer, "ways": ways, "seeds": seeds}
