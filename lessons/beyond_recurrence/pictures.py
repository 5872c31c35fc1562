"""The pictures: both ways as stages, and charts of what looks where, of norms and of costs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from lessons.beyond_recurrence import costs
from lessons.beyond_recurrence.experiment import MARKS, Network, Run, look, score
from lessons.beyond_recurrence.stored import shares
from lessons.common import live
from lessons.common.text import Words
from rnnviz.arrays import Array
from rnnviz.player.jumps import Lane, jumps
from rnnviz.plots import Bars, Line, prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.training import Checkpoint

WAYS = {"recurrent": "chain", "attention": "all", "shuffled": "all"}
HUES = {"recurrent": "forward", "attention": "positive"}
LEAST = (-3, 0)  # decades
ALL = 0.99  # what is not all does not read as 100%


def back(
    networks: Mapping[str, Network],
    word: str,
    place: int,
    words: Words,
    before: Mapping[str, Network] | None = None,
    **stands: Any,
) -> dict[str, Any]:
    """The gradient of what each network says of a word goes back; beside it that of others, `before` training."""
    lanes = []
    for kind, network in networks.items():
        found = look(network, word, place)
        was = None if before is None else look(before[kind], word, place).norms
        name = words.label(f"kinds.{kind}")
        lanes.append(Lane(kind, name, WAYS[kind], found.norms, was, found.weights))
    return jumps([*word, MARKS[place]], lanes, view="back", words=said(words), **stands)


def answer(
    network: Network, two: Sequence[str], place: int, words: Words, *, told: bool = True, **stands: Any
) -> dict[str, Any]:
    """One network of self-attention reads words of the same length, and says a digit of each."""
    lanes = []
    for k, word in enumerate(two):
        found = look(network, word, place)
        sure = float(found.p[found.digit])
        says = f"{found.digit} ({'>99' if sure > ALL else f'{100 * sure:.0f}'}%)" if told else ""
        lanes.append(Lane(str(k), word, "all", weights=found.weights, tokens=[*word, MARKS[place]], says=says))
    return jumps([*two[0], MARKS[place]], lanes, view="answer", words=said(words), **stands)


def ways(text: str, view: Any, words: Words, **stands: Any) -> dict[str, Any]:
    """Both ways over a text, letter by letter."""
    lanes = [Lane(kind, words.label(f"kinds.{kind}"), WAYS[kind]) for kind in costs.PAIR]
    return jumps(list(text), lanes, view=view, words=said(words), **stands)


def said(words: Words) -> Mapping[str, Any]:
    """What is written on these stages."""
    return words.labels("jumps")  # type: ignore[no-any-return]


@cache
def means(arms: tuple[str, ...]) -> list[list[dict[str, float]]]:
    """Records of these arms: the mean over all seeds."""
    return [[{"right": float(share)} for share in shares(arm).mean(axis=0)] for arm in arms]


# In Explore


def lanes(words: Words, seed: int) -> list[live.Lane]:
    """Both networks, which learn from the same batches."""
    found = []
    for kind in costs.PAIR:
        run, label = Run(kind, seed), words.label(f"kinds.{kind}")
        found.append(live.Lane(kind, run.start, run.go, token=(kind, seed), label=label))
    return found


def record(checkpoint: Checkpoint[Any]) -> dict[str, Any]:
    """Of an update: the share of right digits on what is held out, and the loss of its batch."""
    return {"right": score(checkpoint.network), "loss": checkpoint.loss}


def panels(words: Words) -> list[live.Panel]:
    """Of these records."""
    baseline = {words.label("pictures.naive"): 0.1}
    return [
        live.curve("right", words.label("pictures.right"), low=0.0, high=1.0, lines=baseline),
        live.loss(float(np.log(10)), label=words.label("pictures.naive"), smooth=0),
    ]


def weights(found: Array, words: Words) -> Prepared:
    """Which position looks at which: (T, T)."""
    say = words.labels("pictures")
    return prepare.heat_map(
        found, means="share", full=1.0, end="forward", up=say["looks"], across=say["looked_at"], of=say["weight"],
        title=say["matrix"], follow=False, height=340,
    )  # fmt: skip


def far(norms: Mapping[str, Array], words: Words) -> Prepared:
    """What arrives at each letter before training: {kind: (T,)} norms."""
    say = words.labels("pictures")
    with np.errstate(divide="ignore"):
        drawn = [Line(words.label(f"kinds.{k}"), np.log10(one), HUES[k]) for k, one in norms.items()]
    return prepare.decades(
        drawn, up=say["norm"], across=say["letter"], title=say["far"], least=LEAST, follow=False, height=260
    )


def counted(length: int, words: Words) -> Prepared:
    """Multiply-adds against letters."""
    say = words.labels("pictures")
    drawn = [Line(words.label(f"kinds.{k}"), costs.counted(k) / 1000, HUES[k]) for k in costs.PAIR]
    return prepare.lines(
        drawn, up=say["products"], across=say["letters"], title=say["counted"], mark_at=min(length, costs.MOST),
        low=0.0, follow=False, height=260,
    )  # fmt: skip


def timed(words: Words) -> Prepared:
    """Milliseconds of one pass, as measured here."""
    say, drawn = words.labels("pictures"), []
    for kind in costs.PAIR:
        taken = [costs.milliseconds(kind, T) for T in costs.TIMED]
        drawn.append(Bars(words.label(f"kinds.{kind}"), taken, HUES[kind]))
    ticks = [str(T) for T in costs.TIMED]
    return prepare.bars(drawn, ticks, up=say["milliseconds"], across=say["letters"], title=say["timed"], height=260)
