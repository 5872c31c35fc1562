"""The pictures of the lesson: sentences with their tags, networks that learn, scores by tag."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lessons.common import live
from lessons.common.text import Words
from lessons.sequence_labelling.experiment import EVERY, LIMIT, WAYS, Read, Settings, no_name
from lessons.sequence_labelling.names import TAGS
from lessons.sequence_labelling.stored import stored
from rnnviz.diagrams import Diagram, Scored, intervals
from rnnviz.evaluation import over_seeds
from rnnviz.player.sentence import Line, sentence

HUES = {"left": "negative", "both": "forward"}


def line(name: str, way: str, found: Read, words: Words, right: Sequence[int] | None = None) -> Line:
    """A sentence as a reader tags it, named by its reader; `right`: the true tags, where they are known."""
    said = words.labels("tags", {})
    tags = [said[TAGS[k]] for k in found.tags]
    if right is not None:
        tags = [said["missed"] if a != b and not a else tag for a, b, tag in zip(found.tags, right, tags, strict=True)]
    return Line(
        id=name,
        name=words.label(f"ways.{way}"),
        tokens=found.words,
        unknown=found.unknown,
        tags=tags,
        right=None if right is None else [bool(a == b) for a, b in zip(found.tags, right, strict=True)],
        way=2 if way == "both" else 1,
    )


def lines(rows: Sequence[Line], words: Words, **place: Any) -> dict[str, Any]:
    """The stage of these lines, read in step."""
    return sentence(rows, words=words.labels("sentence", {}), **place)


def lane(settings: Settings, words: Words) -> live.Lane:
    """A lane in which these settings are trained, named by its way."""
    label = words.label(f"ways.{settings.way}")
    return live.Lane(settings.way, settings.start, settings.go, token=settings.token, label=label)


def macro(words: Words) -> live.Panel:
    """F1 of names on the validation part, a line for each lane."""
    return live.curve("macro", words.label("panels.macro"), low=0.0, high=1.0)


def accuracy(words: Words) -> live.Panel:
    """The share of right words there, beside that of whoever finds no name."""
    none = {words.label("panels.none"): no_name("validation").accuracy}
    return live.curve("accuracy", words.label("panels.accuracy"), low=0.0, high=1.0, lines=none)


def kinds(words: Words) -> list[live.Panel]:
    """F1 of each kind of name."""
    say = words.labels("panels", {})
    return [live.curve(tag.lower(), say[tag], low=0.0, high=1.0) for tag in TAGS[1:]]


@cache
def courses() -> list[list[dict[str, float]]]:
    """The stored runs of seed 0, from the left and both ways, update by update."""
    found = stored()
    names = {"macro": found.macro, "accuracy": found.accuracy}
    return [
        [{name: float(of[way][0, k]) for name, of in names.items()} for k in range(LIMIT // EVERY + 1)] for way in WAYS
    ]


def measures(words: Words, told: bool, **place: Any) -> dict[str, Any]:
    """The stage of those runs, by both measures; what a lazy answer gets, once that is told."""
    lanes = [live.Lane(way, dict, iter, label=words.label(f"ways.{way}")) for way in WAYS]
    first = accuracy(words) if told else accuracy(words) | {"lines": []}
    panels = [[first, macro(words)]]
    return live.stored(lanes, courses(), panels, limit=LIMIT, every=EVERY, pace=LIMIT / 8, **place)


def scores(words: Words) -> Diagram:
    """F1 of each kind of name on the test part: a dot for each seed, and the interval of their mean."""
    say: Mapping[str, Any] = words.labels("scores", {})
    rows = []
    for k, tag in enumerate(TAGS[1:], 1):
        for way in WAYS:
            values = stored().f1[way][:, k].tolist()
            of = over_seeds(values)
            name = f"{say[tag]}, {words.label(f'ways.{way}')}"
            rows.append(Scored(name, values, (of.low, min(of.high, 1.0)), HUES[way], f"{of.mean:.2f}"))
    return intervals(rows, low=0.0, high=1.0, name=say["title"])
