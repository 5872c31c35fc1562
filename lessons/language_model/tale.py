"""What each beat says: measured on the stored network, on what is held out, or on what it writes there."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.language_model import stored, writer
from lessons.language_model.book import alphabet, book, decode
from lessons.language_model.experiment import BATCH
from lessons.language_model.measured import FAR, NEAR

Facts = dict[str, Any]
PROMPT, HEAT = "The whale ", 0.5
MADE = 1.0  # the temperature at which words are counted


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    score = stored.scores()
    common = {
        "units": score.settings.units,
        "chapters": len(book().chapters) - len(book().held),
        "held": len(book().held),
        "letters": len(alphabet()),
        "bits": score.bits,
    }
    return common | BEATS.get(beat, dict)()


def sure() -> Facts:
    """Where in a word it is surest."""
    found = stored.scores().surprise
    best = min(found, key=found.__getitem__)
    return {"found": found, "answers": {"sure": best}, "guesses": {name: 2**one for name, one in found.items()}}


def draw() -> Facts:
    """What becomes of always taking the likeliest letter."""
    text = decode(writer.written(stored.network(), PROMPT, ((0, 0.0),), 0).symbols)
    period = writer.period(text)
    return {
        "period": period,
        "repeated": repeated(text, period) if period else "",
        "answers": {"draw": "loop" if period else "copy" if text[-60:] in book().train else "sense"},
    }


def repeated(text: str, period: int) -> str:
    """What is repeated at the end of a text, from a word's beginning on."""
    twice = text[-2 * period :]
    start = twice.find(" ", 0, period) + 1
    return twice[start : start + period].strip()


def measure() -> Facts:
    """Which table is best on what."""
    score = stored.scores()
    learned, held = (np.array(one) for one in score.plain)
    best = int(held.argmin())
    longest = int(learned.argmin())
    named = {1: "one", best: "few", longest: "most"}
    return {
        "best": best,
        "best_bits": float(held[best]),
        "longest": longest,
        "learned_bits": float(learned[longest]),
        "longest_bits": float(held[longest]),
        "ahead": score.bits < float(held[best]),
        "answers": {"measure": named[best]},
    }


def learn() -> Facts:
    """How it is trained."""
    return {"batch": BATCH}


def watch() -> Facts:
    """How well the units that are shown go along with what they watch."""
    found = stored.scores().watch
    return {"r": {name: abs(one["r"]) for name, one in found.items()}, "half": 0.5}


def back() -> Facts:
    """How far back what it says depends on."""
    near, far = stored.scores().reach
    answer = "word" if near > 0.6 else "sentence" if far > 0.4 else "clause"
    return {"near": near, "far": far, "near_letters": NEAR, "far_letters": FAR, "answers": {"back": answer}}


def made() -> Facts:
    """How many words are made up."""
    found = writer.written(stored.network(), PROMPT, ((0, MADE),), 0)
    spans, count = writer.made_up(decode(found.symbols), len(PROMPT))
    share = len(spans) / count
    answer = "few" if share < 0.1 else "third" if share < 0.5 else "most"
    return {"made": len(spans), "count": count, "share": share, "answers": {"made": answer}}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (sure, draw, measure, learn, watch, back, made)
}
