"""What the story says, beat by beat: what the trained readers know of a sentence, and what they guess in its gap."""

from collections.abc import Callable, Mapping
from typing import Any

from lessons.bidirectional_and_stacked.blanks import (
    BOTH,
    LAYERS,
    LEFT,
    READERS,
    RIGHT,
    Question,
    put,
    reach,
    sentence_of,
)
from lessons.common.trained import trained

SENTENCE = "and the king said."
GAP = SENTENCE.index("k")  # places from 0
CHANGED = (GAP, "s")  # the k becomes an s
LATE = (SENTENCE.index("d."), "l")  # and near the end, the d of "said" an l
ASKED = Question(SENTENCE, GAP + 1)
ALIKE = 0.01  # probabilities that differ by less are told as the same
Facts = dict[str, Any]


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of, with these values of the controls."""
    return BEATS[beat](values)


def question(values: Mapping[str, Any]) -> Question:
    """Which symbol of the reader's own sentence is asked for."""
    sentence = sentence_of(values["text"])
    return Question(sentence, min(values["hidden"], len(sentence)))


def one_way(reader: str) -> Callable[[Mapping[str, Any]], Facts]:
    """What a reader of one direction has read at the gap, and what it says there."""

    def told(_: Mapping[str, Any]) -> Facts:
        read = SENTENCE[:GAP] if reader == LEFT else SENTENCE[GAP + 1 :]
        return {"read": read.strip(), "guess": ASKED.guess(reader), "truth": ASKED.symbol}

    return told


def knows(_: Mapping[str, Any]) -> Facts:
    """Which states of the row from the right change where one letter does."""
    norms = differences(CHANGED, BOTH)[f"layer1_{RIGHT}"]
    changed = [bool(norm > 0) for norm in norms]
    before, after = ([t <= GAP for t in range(len(changed))], [t >= GAP for t in range(len(changed))])
    answer = "before" if changed == before else "after" if changed == after else "all"
    return {"was": SENTENCE[GAP], "becomes": CHANGED[1], "answers": {"changes": answer}}


def both(_: Mapping[str, Any]) -> Facts:
    """What is guessed from both sides."""
    said = {reader: ASKED.guess(reader) for reader in (LEFT, RIGHT, BOTH)}
    named = {said[LEFT]: "left", said[RIGHT]: "right", ASKED.symbol: "truth"}
    return {
        "said": said,
        "truth": ASKED.symbol,
        "p": {reader: ASKED.of_symbol(reader) for reader in (LEFT, RIGHT, BOTH)},
        "answers": {"guess": named[said[BOTH]]},
    }


def try_it(_: Mapping[str, Any]) -> Facts:
    """How often each is right on a text that it has never seen."""
    accuracy = {reader: trained(file)[1].accuracy for reader, file in READERS.items()}
    return {
        "best_alone": max(accuracy[LEFT], accuracy[RIGHT]),
        "both": accuracy[BOTH],
    }


def live(_: Mapping[str, Any]) -> Facts:
    """Nothing but what is to be seen."""
    return {}


def layers(_: Mapping[str, Any]) -> Facts:
    """How many states of the rows from the left change in the first layer, and in the second."""
    norms = differences(LATE, LAYERS)
    first, second = (int((norms[f"layer{layer}_{LEFT}"] > 0).sum()) for layer in (1, 2))
    answer = "all" if second == len(SENTENCE) else "same" if second == first else "none"
    return {
        "was": SENTENCE[LATE[0]],
        "becomes": LATE[1],
        "first": first,
        "answers": {"second": answer},
    }


def travels(values: Mapping[str, Any]) -> Facts:
    """What a second layer is worth at the letter that is asked for."""
    asked = question(values)
    one, two = (asked.of_symbol(reader) for reader in (BOTH, LAYERS))
    return {"symbol": asked.symbol, "one": one, "two": two, "alike": abs(two - one) < ALIKE}


def differences(change: tuple[int, str], reader: str) -> Mapping[str, Any]:
    """How far the states for the sentence and for the changed one are apart, row by row."""
    at, becomes = change
    return reach(SENTENCE, put(SENTENCE, at + 1, becomes), reader)


BEATS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    "later": one_way(LEFT),
    "back": one_way(RIGHT),
    "knows": knows,
    "both": both,
    "try": try_it,
    "live": live,
    "layers": layers,
    "travels": travels,
    "summary": live,
}
