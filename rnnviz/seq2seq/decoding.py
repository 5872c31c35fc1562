"""Decoding: the model speaks by itself, and reads at each step what it has said at the one before (free running).

    greedy   always the likeliest symbol
    beam     of all answers begun, the `width` likeliest go on: log p(s_1 ... s_u) = sum_i log p(s_i | s_1 ... s_{i-1})

Greedy decoding is a beam of width 1: neither has to find the likeliest answer of all, but a wider beam goes less often
astray. An answer that has ended keeps its place in the beam with its probability, which no longer one can exceed later
on: so the search is over as soon as the first place has ended. (Sutskever, Vinyals & Le 2014, section 3.2; they set
complete answers aside. Dividing by the length, as others do, is not done.)
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, require, whole
from rnnviz.errors import ShapeError
from rnnviz.seq2seq.model import EncoderDecoder
from rnnviz.seq2seq.pairs import END
from rnnviz.seq2seq.passes import answer, handed_over
from rnnviz.trace import unroll


@dataclass(frozen=True, eq=False)
class Said:
    """B answers.

    symbols  B tuples, without END
    ended    (B,): whether END was said, or the steps were over before
    p        (U, B, Q): the probability of each symbol at each step, whatever came after END included
    weights  (U, B, T): where it looked; None without attention
    """

    symbols: tuple[tuple[int, ...], ...]
    ended: NDArray[np.bool_]
    p: Array
    weights: Array | None


@dataclass(frozen=True)
class Hypothesis:
    """An answer begun: its symbols, END included once it has ended, and log p of all of them, in nats.

    parent  its place in the beam one step before, from 0
    """

    symbols: tuple[int, ...]
    log_p: float
    parent: int
    ended: bool


@dataclass(frozen=True)
class Beam:
    """steps: what the beam held after each, likeliest first, at most `width`; best: the first of the last."""

    steps: tuple[tuple[Hypothesis, ...], ...]

    @property
    def best(self) -> Hypothesis:
        """The likeliest that was found."""
        return self.steps[-1][0]


def greedy(model: EncoderDecoder, x: ArrayLike, lengths: ArrayLike | None = None, most: int = 40) -> Said:
    """Always the likeliest symbol, up to END or `most` steps, at least 1. x: (T, B, I), lengths: (B,) or None.

    Raises as `rnnviz.unroll` does.
    """
    speaker, most = _Speaker.listening(model, x, lengths), whole("most", most, 1)
    B = speaker.e.shape[1]
    said: list[NDArray[np.intp]] = []
    p, weights, going = [], [], np.ones(B, np.bool_)
    while going.any() and len(said) < most:
        speaker, now, looked = speaker.say(said[-1] if said else None)
        said.append(now.argmax(axis=1))
        going &= said[-1] != END
        p.append(now)
        weights.append(looked)
    all_said = np.array(said)
    ends = np.where((all_said == END).any(axis=0), (all_said == END).argmax(axis=0), len(said))
    answers = tuple(tuple(int(one) for one in all_said[:n, b]) for b, n in enumerate(ends))
    looks = np.array([one for one in weights if one is not None])
    return Said(answers, ends < len(said), np.array(p), looks if model.attention else None)


def beam_search(model: EncoderDecoder, x: ArrayLike, width: int, most: int = 40) -> Beam:
    """A beam of `width` answers, at least 1, to one sequence x (T, 1, I); at most `most` steps.

    Raises ShapeError for more than one sequence; as `rnnviz.unroll` does.
    """
    width, most = whole("width", width, 1), whole("most", most, 1)
    speaker = _Speaker.listening(model, x, None)
    if speaker.e.shape[1] != 1:
        raise ShapeError(f"a beam is of one sequence, x (T, 1, I); got {speaker.e.shape[1]} of them")
    beam: tuple[Hypothesis, ...] = (Hypothesis((), 0.0, 0, ended=False),)
    steps: list[tuple[Hypothesis, ...]] = []
    while len(steps) < most and not beam[0].ended:
        last = np.array([one.symbols[-1] for one in beam], np.intp) if steps else None
        speaker, p, _ = speaker.say(last)
        with np.errstate(divide="ignore"):
            log_p = np.log(p.astype(np.float64))
        beam = tuple(sorted(_continued(beam, log_p, width), key=lambda one: -one.log_p)[:width])
        speaker = speaker.of([one.parent for one in beam])
        steps.append(beam)
    return Beam(tuple(steps))


def _continued(beam: tuple[Hypothesis, ...], log_p: Array, width: int) -> list[Hypothesis]:
    """What may stand in the beam next: what has ended, and each other with its likeliest symbols."""
    found = []
    for k, one in enumerate(beam):
        if one.ended:
            found.append(Hypothesis(one.symbols, one.log_p, k, ended=True))
            continue
        for symbol in np.argsort(-log_p[k], kind="stable")[:width]:
            total = one.log_p + float(log_p[k, symbol])
            found.append(Hypothesis((*one.symbols, int(symbol)), total, k, ended=bool(symbol == END)))
    return found


@dataclass(frozen=True, eq=False)
class _Speaker:
    """A decoder in the middle of B answers: e (T, B, H) of what was read, its lengths, and where the decoder stands.

    h, c  (L, B, H), the states to go on from; c is None but for an LSTM in the middle of its answer
    """

    model: EncoderDecoder
    e: Array
    lengths: ArrayLike | None
    h: Array
    c: Array | None = None

    @classmethod
    def listening(cls, model: EncoderDecoder, x: ArrayLike, lengths: ArrayLike | None) -> "_Speaker":
        require("model", model, EncoderDecoder)
        read = unroll(model.encoder, x, lengths)
        return cls(model, read.y, read.lengths, handed_over(model, read))

    def say(self, symbols: NDArray[np.intp] | None) -> tuple["_Speaker", Array, Array | None]:
        """What follows after these symbols (B,), None at first: probabilities (B, Q), and where it looks (B, T)."""
        B = self.e.shape[1]
        spoken = np.zeros((1, B, self.model.output_size), self.model.dtype)
        if symbols is not None:
            spoken[0, np.arange(B), symbols] = 1
        said = unroll(self.model.decoder, spoken, h0=self.h, c0=self.c)
        attention, _, y = answer(self.model, self.e, said.y, self.lengths)
        p = np.exp(y[0] - y[0].max(axis=1, keepdims=True))
        rows = [row[0] for row in said.layers]
        c = [row.c[-1] for row in rows if row.c is not None]
        looked = None if attention is None else attention.weights[0]
        on = replace(self, h=np.stack([row.h[-1] for row in rows]), c=np.stack(c) if c else None)
        return on, p / p.sum(axis=1, keepdims=True), looked

    def of(self, places: list[int]) -> "_Speaker":
        """The same for the answers at these places, some of them perhaps several times; nothing is padded."""
        c = None if self.c is None else self.c[:, places]
        return replace(self, e=self.e[:, places], h=self.h[:, places], c=c)
