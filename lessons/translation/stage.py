"""The story's stage: answers as they are said, where the decoder looks, beams, and networks that learn."""

from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.translation import model, pictures, tale
from lessons.translation.experiment import PLAIN
from lessons.translation.stored import answer, network, taught
from lessons.translation.words import words


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat), VIEWS[str(moment.attributes["view"])](moment))


def place(moment: Moment, stage: dict[str, Any]) -> dict[str, Any]:
    """The stage plays by itself where the beat says so; where it asks, once the question is answered."""
    stands = live.standing(moment)
    asks = bool(moment.words.questions(moment.beat))
    plays = moment.told if asks else bool(moment.attributes.get("plays"))
    return stage | stands | {"play_to": stage["steps"] if plays else None}


def matrix(moment: Moment) -> dict[str, Any]:
    """Where a network looks while it says a number."""
    word = words()[int(moment.attributes["number"])]
    return place(moment, pictures.matrix(chosen(moment), word.german, moment.words, word.english))


def board(moment: Moment) -> dict[str, Any]:
    """Several numbers at once."""
    net, found = chosen(moment), [words()[int(number)] for number in str(moment.attributes["numbers"]).split()]
    lines = [pictures.line(answer(net, word.german), word.german, word.english) for word in found]
    return place(moment, pictures.board(lines, moment.words))


def forcing(moment: Moment) -> dict[str, Any]:
    """The same numbers twice: with the truth to read, and with what was said."""
    net, lines = network(PLAIN), []
    for number in tale.FORCED:
        word = words()[number]
        each = {"taught": taught(net, word), "free": answer(net, word.german)}
        lines += [
            pictures.line(found, word.german, word.english, moment.words.label(f"reads.{name}"))
            for name, found in each.items()
        ]
    return place(moment, pictures.board(lines, moment.words))


def strange(moment: Moment) -> dict[str, Any]:
    """What it gets wrong, and what is no number word of the list."""
    net, facts = chosen(moment), tale.facts(moment.beat)
    known = {word.german: word.english for word in words()}
    read = (*facts["wrong"], *tale.STRANGE)
    lines = [pictures.line(answer(net, german), german, known.get(german)) for german in read]
    return place(moment, pictures.board(lines, moment.words))


def beams(moment: Moment) -> dict[str, Any]:
    """A beam as it grows."""
    german = words()[int(moment.attributes["number"])].german
    return place(moment, pictures.beams(chosen(moment), german, tale.WIDTH, moment.words))


def learns(moment: Moment) -> dict[str, Any]:
    """Both learn in step."""
    found = pictures.lanes(model.settings(moment.values), moment.words)
    run = live.run(
        "translation",
        found,
        pictures.record,
        limit=int(moment.attributes["updates"]),
        every=pictures.EVERY,
        told=moment.touched,
    )
    return run.stage(pictures.panels(moment.words, everything=False), **live.standing(moment, pace=25))


def chosen(moment: Moment) -> Any:
    """The network that the beat is about."""
    return network(str(moment.attributes["model"]))


VIEWS = {"matrix": matrix, "board": board, "forcing": forcing, "strange": strange, "beams": beams, "learns": learns}
