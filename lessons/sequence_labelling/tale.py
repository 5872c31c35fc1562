"""What each beat says of the stored networks: computed from them, once in a process."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from lessons.sequence_labelling.experiment import LIMIT, WAYS, no_name, shares
from lessons.sequence_labelling.names import TAGS, part, words_of
from lessons.sequence_labelling.stored import reading, stored

Facts = dict[str, Any]
LONG = "Reyes has two sisters while Porter hired forty people in May because Lake Mercer was flooded in the spring"
SISTERS, BRIDGES = "Reyes has two sisters", "Reyes has two bridges"
CALLED = "Reyes"
STRANGE = "Porto is a harbour"
LOWER = "she works for porter"
KINDS = TAGS[1:]


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    return {"limit": LIMIT, "learned": len(part("train")), "kinds": KINDS} | BEATS[beat]()


def tag(way: str, text: str, word: str) -> str:
    """What a network says of a word of a sentence: one of TAGS."""
    found = reading(way, text)
    return TAGS[int(found.tags[words_of(text).index(word)])]


def words() -> Facts:
    """How many words there are to a name."""
    return {"names": 1 - float(shares()[0])}


def left() -> Facts:
    """The same beginning, read from the left: two tags, or one."""
    one, other = (tag("left", text, CALLED) for text in (SISTERS, BRIDGES))
    return {"one": one, "other": other, "answers": {"left": "same" if one == other else "different"}}


def both() -> Facts:
    """The same, read both ways."""
    one, other = (tag("both", text, CALLED) for text in (SISTERS, BRIDGES))
    right = one == "PER" and other == "LOC"
    return {"one": one, "other": other, "answers": {"both": "right" if right else "wrong"}}


def learn() -> Facts:
    """How far each comes: the mean F1 of names on the validation part in the end."""
    ends = {way: float(stored().macro[way][0, -1]) for way in WAYS}
    stops = "stops" if ends["left"] < 0.9 * ends["both"] else "reaches"
    return {"ends": ends, "answers": {"learn": stops}}


def score() -> Facts:
    """Accuracy beside F1 in the end of the runs that are shown, and what whoever finds no name at all has right."""
    right = {way: float(stored().accuracy[way][0, -1]) for way in WAYS}
    macro = {way: float(stored().macro[way][0, -1]) for way in WAYS}
    guess = no_name("validation").accuracy
    third = "most" if guess > 0.7 else "half" if guess > 0.4 else "few"
    return {"lazy": guess, "right": right, "macro": macro, "answers": {"score": third}}


def strange() -> Facts:
    """A word that would tell, and is unknown; and a name without its capital."""
    told = tag("both", STRANGE, "Porto")
    return {
        "told": told,
        "missed": tag("both", LOWER, "porter") == "O",
        "unknown": reading("both", STRANGE).unknown[-1],
        "answers": {"strange": {"LOC": "town", "PER": "person", "ORG": "company"}.get(told, "none")},
    }


def takeaway() -> Facts:
    """All that was seen."""
    return {}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (words, left, both, learn, score, strange, takeaway)
}
