"""What each beat says of the stored network and runs: computed from them, once in a process."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.sentiment.experiment import EVERY, LIMIT, Read, read
from lessons.sentiment.reviews import LEAST, part, reviews, vocabulary, words_of
from lessons.sentiment.stored import SEEDS, network, stored
from rnnviz.evaluation import over_seeds

Facts = dict[str, Any]
TURNS = "Also, the fries are without a doubt the worst fries I've ever had."
UNKNOWN = "To be honest with you, this is unbelievable nonsense and very foolish."
LATER = "A couple of months later, I returned and had an amazing meal."
GOOD, NOT_GOOD = "The food was good", "The food was not good"
BAD, NOT_BAD = "The food was bad", "The food was not bad"
RISES = 1.05  # of a loss: what is above that share of its lowest value has risen
SURE = 1.96  # standard errors to either side: 95 % of a normal distribution


@cache
def reading(text: str) -> Read:
    """A sentence as the stored network reads it."""
    return read(network(), words_of(text))


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    shared = {"sentences": len(reviews()), "learned": len(part("train")), "limit": LIMIT, "seeds": SEEDS}
    return shared | BEATS[beat]()


def needle() -> Facts:
    """The first sentence: how high the needle gets, at which word it turns, and where it ends."""
    found = reading(TURNS)
    top = int(found.scores.argmax())
    return {"highest": float(found.scores[top]), "turns": found.words[top + 1], "ends": found.score}


def unknown() -> Facts:
    """A sentence whose words of weight are not known."""
    found = reading(UNKNOWN)
    strange = [word for word, one in zip(found.words, found.unknown, strict=True) if one]
    return {
        "words": len(vocabulary()) - 1,
        "least": LEAST,
        "strange": strange,
        "ends": found.score,
        "answers": {"unknown": "praise" if found.score >= 0.5 else "blame"},
    }


def heart() -> Facts:
    """The plain run: what becomes of both losses."""
    rows = stored().courses["plain"]
    train, valid = rows["train"][0], rows["valid"][0]
    best = int(valid.argmin())
    rises = bool(valid[-1] > RISES * valid[best] and best < len(valid) - 1)
    return {
        "best": EVERY * best,
        "train": float(train[-1]),
        "lowest": float(valid[best]),
        "ends": float(valid[-1]),
        "right": float(rows["train_right"][0, -1]),
        "answers": {"heart": "rises" if rises else "falls"},
    }


def against() -> Facts:
    """The same with all that there is against it: whose loss on new sentences is lower in the end."""
    ends = {way: float(one["valid"][0, -1]) for way, one in stored().courses.items()}
    train = {way: float(one["train"][0, -1]) for way, one in stored().courses.items()}
    right = {way: float(one["valid_right"][0, -1]) for way, one in stored().courses.items()}
    return {
        "ends": ends,
        "train": train,
        "right": right,
        "gap": {way: ends[way] - train[way] for way in ends},
        "answers": {"against": "lower" if ends["kept"] < ends["plain"] else "higher"},
    }


def negation() -> Facts:
    """not good: where the needle ends, and which word has moved it."""
    plain, turned = reading(GOOD), reading(NOT_GOOD)
    moves = np.diff(np.concatenate([[turned.begins], turned.scores]))
    at = turned.words.index("not")
    return {
        "good": plain.score,
        "ends": turned.score,
        "before": float(turned.scores[at]),
        "by_not": bool(moves[at] < 0 and moves[at] == moves.min()),
        "answers": {"negation": "below" if turned.score < 0.5 else "above"},
    }


def bad() -> Facts:
    """not bad: the same."""
    plain, turned = reading(BAD), reading(NOT_BAD)
    answer = "praise" if turned.score >= 0.5 else "less" if turned.score > plain.score else "worse"
    return {"bad": plain.score, "ends": turned.score, "answers": {"bad": answer}}


def mattered() -> Facts:
    """Which words counted: gradient times input, in the logit after the last word."""
    found = reading(LATER)
    most, least = int(found.effects.argmax()), int(found.effects.argmin())
    return {"ends": found.score, "up": found.words[most], "down": found.words[least]}


def once() -> Facts:
    """The test part, looked at once: network and bag of words, each with its error bar."""
    found = stored()
    runs, bag, n = over_seeds(found.test["kept"]), found.naive["bag"]["test"], len(part("test"))
    margin = SURE * float(np.sqrt(bag * (1 - bag) / n))
    apart = runs.mean - bag
    return {
        "test": n,
        "mean": runs.mean,
        "least": float(found.test["kept"].min()),
        "most": float(found.test["kept"].max()),
        "bag": bag,
        "majority": found.naive["majority"]["test"],
        "margin": margin,
        "behind": apart < 0,
        "answers": {"once": "tie" if abs(apart) < margin else "network" if apart > 0 else "bag"},
    }


def takeaway() -> Facts:
    """All that was seen."""
    return {}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (needle, unknown, heart, against, negation, bad, mattered, once, takeaway)
}
