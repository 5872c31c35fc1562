"""What is drawn of an answer: where it looks, several answers at once, beams; and of networks that learn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.translation.experiment import LOOKS, PLAIN, Settings, read, score
from lessons.translation.stored import Answer, answer
from lessons.translation.words import MOST, STOP, english, held_out, words
from rnnviz.player import align
from rnnviz.seq2seq import EncoderDecoder, beam_search
from rnnviz.training import Checkpoint

EVERY = 10  # updates between two records
WAYS = 2  # the encoder reads from both ends
SHOWN = 87  # the number whose alignment is drawn while a network learns


def matrix(net: EncoderDecoder, german: str, say: Words, truth: str | None, **place: Any) -> dict[str, Any]:
    """Where it looks; without attention, how sure it is."""
    found = answer(net, german)
    shown = align.Answer(found.said, found.p, found.weights, spelled(truth))
    states = rv.unroll(net.encoder, read(german)).y[:, 0]
    return align.matrix(german, shown, words=say.labels("align", {}), states=states, ways=WAYS, **place)


def line(found: Answer, german: str, truth: str | None, name: str = "") -> align.Line:
    """One line of a board."""
    return align.Line(german, align.Answer(found.said, found.p, None, spelled(truth)), name)


def board(lines: Sequence[align.Line], say: Words, **place: Any) -> dict[str, Any]:
    """Several answers at once."""
    return align.board(lines, words=say.labels("align", {}), **place)


def beams(net: EncoderDecoder, german: str, width: int, say: Words, **place: Any) -> dict[str, Any]:
    """Answers begun, as they grow."""
    found = beam_search(net, read(german), width, MOST)
    steps = [
        [
            {"text": english().decode(np.array(one.symbols)), "p": np.exp(one.log_p), "parent": one.parent}
            | {"ended": one.ended}
            for one in now
        ]
        for now in found.steps
    ]
    return align.beams(german, steps, words=say.labels("align", {}), **place)


def spelled(truth: str | None) -> list[str] | None:
    """The right letters, the end symbol last."""
    return None if truth is None else [*truth, STOP]


# While networks learn


def record(checkpoint: Checkpoint[EncoderDecoder]) -> dict[str, Any]:
    """What the pictures show of an update: the loss, held-out words and letters, where it looks."""
    found, word = score(checkpoint.network), words()[SHOWN]
    shown = {"loss": checkpoint.loss, "exact": float(found.exact.mean()), "letters": found.letters}
    if found.passed.attention is not None:
        at = held_out().index(word)
        shown["weights"] = found.passed.attention.weights[: len(word.english) + 1, at, : len(word.german)]
    return shown


def lanes(chosen: Settings, say: Words) -> list[live.Lane]:
    """Both networks, from the beginning."""
    each = [replace(chosen, model=model) for model in (LOOKS, PLAIN)]
    return [
        live.Lane(one.model, one.start, one.go, token=one.token, label=say.label(f"lanes.{one.model}")) for one in each
    ]


def panels(say: Words, *, everything: bool) -> list[list[live.Panel]]:
    """The share of words that are right, and where it looks; besides, letters and the loss."""
    word, named = words()[SHOWN], say.labels("panels", {"german": words()[SHOWN].german})
    first = [
        live.curve("exact", named["exact"], low=0.0, high=1.0),
        live.shares("weights", named["weights"], [*word.english, STOP], list(word.german)),
    ]
    more = [live.curve("letters", named["letters"], high=1.0), live.loss()]
    return [first, more] if everything else [first]
