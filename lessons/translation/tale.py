"""What each beat says: of the networks that are kept, and of what they answer."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.translation.experiment import LOOKS, PLAIN, UNITS, UPDATES
from lessons.translation.stored import LONGER, PLACES, answer, beamed, best, kept_digits, network, scored
from lessons.translation.words import EVERY, Word, held_out, words

Facts = dict[str, Any]
TURN, SURE, BEAM = 87, 220, 815  # the numbers that beats are about
FORCED = (815, 605)
STRANGE = ("hundert", "zwölfhundert", "achtzigsieben", "salat")  # no number word of the list
WIDTH = 4
SPANS = {"ones": "sieben", "und": "und", "tens": "achtzig"}  # of the word for TURN
GROUPS = (("nearly", 0.8), ("half", 0.4), ("quarter", 0.15), ("none", 0.0))  # shares of right words, from where on


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    common = {"units": UNITS, "held": len(held_out()), "every": EVERY, "longer": LONGER, "limit": UPDATES // 2}
    return common | BEATS[beat]()


def problem() -> Facts:
    """Words that it has never read."""
    return {}


def networks() -> Facts:
    """One reads, one speaks."""
    said, word = answer(network(PLAIN), words()[SURE].german), words()[SURE]
    return {"right": said.text == word.english, "least": float(said.p.min())}


def bottleneck() -> Facts:
    """What one vector does not hold."""
    kept = kept_digits(PLAIN)
    return {"kept": kept, "answers": {"lost": min(PLACES, key=kept.__getitem__)}}


def forcing() -> Facts:
    """Letters under teacher forcing, whole words without."""
    found = scored(PLAIN)
    share = float(found.exact.mean())
    return {
        "letters": found.letters,
        "share": share,
        "right": int(found.exact.sum()),
        "answers": {"whole": next(name for name, least in GROUPS if share >= least)},
    }


def look() -> Facts:
    """Where it looks when it says the tens."""
    word, said = words()[TURN], answer(network(LOOKS), words()[TURN].german)
    weights = {name: spanned(said.weights, word, part) for name, part in SPANS.items()}
    largest = max(weights, key=weights.__getitem__)
    return {"weights": weights, "largest": largest, "text": said.text, "answers": {"where": largest}}


def spanned(weights: Any, word: Word, part: str) -> float:
    """The share of the weights that falls on a part of the German word while the tens are said."""
    first, tens = word.german.index(part), len(word.english.partition("-")[0])
    return float(np.asarray(weights)[:tens, first : first + len(part)].sum(axis=1).mean())


def learn() -> Facts:
    """Both of them, from the beginning."""
    return {"looks": float(scored(LOOKS).exact.mean()), "plain": float(scored(PLAIN, UPDATES).exact.mean())}


def beam() -> Facts:
    """What a beam finds, and whether it is worth it."""
    net, word = network(PLAIN), words()[BEAM]
    greedy, found = answer(net, word.german), best(net, word, WIDTH)
    told = "right" if found == word.english else "same" if found == greedy.text else "other"
    return {
        "width": WIDTH,
        "greedy": greedy.text,
        "found": found,
        "right": word.english,
        "alone": int(scored(PLAIN).exact.sum()),
        "beamed": beamed(PLAIN, WIDTH),
        "answers": {"beam": told},
    }


def fails() -> Facts:
    """What it still gets wrong."""
    found = scored(LOOKS)
    wrong = [word.german for word, right in zip(held_out(), found.exact, strict=True) if not right]
    return {"right": int(found.exact.sum()), "wrong": wrong, "last": answer(network(LOOKS), STRANGE[-1]).text}


def translation() -> Facts:
    """All that was seen."""
    return {}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (problem, networks, bottleneck, forcing, look, learn, beam, fails, translation)
}
