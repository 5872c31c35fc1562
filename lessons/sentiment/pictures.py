"""The pictures of the lesson: sentences as they are read, networks that learn, scores with their error bars."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lessons.common import live
from lessons.common.text import Words
from lessons.sentiment.experiment import EVERY, GUESS, LIMIT, Read, Settings
from lessons.sentiment.reviews import part
from lessons.sentiment.stored import SEEDS, stored
from lessons.sentiment.tale import SURE
from rnnviz.diagrams import Diagram, Scored, intervals
from rnnviz.evaluation import over_seeds
from rnnviz.player.sentence import Line, sentence

HUES = {"majority": "muted", "bag": "input", "plain": "negative", "kept": "forward"}
LOW, HIGH = 0.4, 1.0  # of the axis of right answers


def lines(found: Sequence[Read], words: Words, *, marks: bool = False, **place: Any) -> dict[str, Any]:
    """The stage of these sentences, read in step; `marks`: what mattered comes back at the end."""
    sent = [
        Line(
            id=str(k),
            tokens=one.words,
            unknown=one.unknown,
            scores=one.scores,
            begins=one.begins,
            marks=one.effects if marks else None,
        )
        for k, one in enumerate(found)
    ]
    return sentence(sent, words=words.labels("sentence", {}), **place)


def lane(name: str, settings: Settings, words: Words) -> live.Lane:
    """A lane in which these settings are trained."""
    return live.Lane(name, settings.start, settings.go, token=settings.token, label=words.label(f"ways.{name}"))


def losses(words: Words) -> live.Panel:
    """The loss on what is learned from, and on the validation part."""
    say = words.labels("panels", {})
    how: dict[str, Any] = {"low": 0.0, "high": 1.0, "lines": {say["guess"]: GUESS}}
    return live.curve(
        ["train", "valid"], say["losses"], hues=["forward", "backward"], names=[say["train"], say["valid"]], **how
    )


def valid(words: Words) -> live.Panel:
    """The loss on the validation part alone, a line for each lane."""
    say = words.labels("panels", {})
    return live.curve("valid", say["valid_loss"], low=0.3, high=0.9, lines={say["guess"]: GUESS})


def train(words: Words) -> live.Panel:
    """The loss on what is learned from, a line for each lane."""
    say = words.labels("panels", {})
    return live.curve("train", say["train_loss"], low=0.0, high=0.9, lines={say["guess"]: GUESS})


def right(words: Words) -> live.Panel:
    """Right answers on the validation part."""
    say = words.labels("panels", {})
    bag = {say["bag"]: stored().naive["bag"]["validation"]}
    return live.curve("valid_right", say["right"], low=LOW, high=HIGH, lines=bag)


@cache
def courses() -> list[list[dict[str, float]]]:
    """The stored courses of seed 0, way by way, update by update."""
    found = stored().courses.values()
    return [
        [{name: float(of[name][0, k]) for name in ("train", "valid")} for k in range(LIMIT // EVERY + 1)]
        for of in found
    ]


def against(words: Words, **place: Any) -> dict[str, Any]:
    """The stage of those: with nothing against learning by heart, and with all that there is."""
    lanes = [live.Lane(way, dict, iter, label=words.label(f"ways.{way}")) for way in stored().courses]
    panels = [[valid(words)], [train(words)]]
    return live.stored(lanes, courses(), panels, limit=LIMIT, every=EVERY, pace=LIMIT / 10, **place)


@cache
def runs() -> list[list[dict[str, float] | None]]:
    """Run by run: its score on the test part, the mean of all so far, and that mean's 95 % interval."""
    scores, rows = stored().test["kept"], [None]
    for k in range(1, SEEDS + 1):
        row = {"score": float(scores[k - 1]), "mean": float(scores[:k].mean())}
        if k > 1:
            row |= {"low": over_seeds(scores[:k]).low, "high": over_seeds(scores[:k]).high}
        rows.append(row)
    return [rows]


def opened(words: Words, **place: Any) -> dict[str, Any]:
    """The stage of these runs, one after the other, beside the bag of words."""
    say = words.labels("scores", {"test": len(part("test"))})
    bag = stored().naive["bag"]["test"]
    axis: dict[str, Any] = {"low": 0.7, "high": 0.9, "lines": {say["short"]: bag}}
    names = [say["low"], say["mean"], say["high"]]
    band = live.curve(
        ["low", "mean", "high"], say["so_far"], between=True, hues=["muted", "forward", "muted"], names=names, **axis
    )
    panels = [[live.curve("score", say["each"], **axis)], [band]]
    lanes = [live.Lane("kept", dict, iter, label=words.label("ways.kept"))]
    return live.stored(lanes, runs(), panels, limit=SEEDS, words=words.labels("run_words", {}), pace=1.5, **place)


def test_scores(words: Words) -> Diagram:
    """Right answers on the test part: every seed a dot; bars are 95 % intervals."""
    say: Mapping[str, str] = words.labels("scores", {"test": len(part("test"))})
    found = stored()
    rows = []
    for name in ("majority", "bag", "plain", "kept"):
        if name in found.test:
            values = found.test[name].tolist()
            of = over_seeds(values)
            mean, ends = of.mean, (of.low, of.high)
        else:
            mean = found.naive[name]["test"]
            values, half = [mean], SURE * (mean * (1 - mean) / len(part("test"))) ** 0.5
            ends = mean - half, mean + half
        rows.append(Scored(say[name], values, ends, HUES[name], f"{100 * mean:.1f}\N{NO-BREAK SPACE}%"))
    return intervals(rows, low=LOW, high=HIGH, name=say["title"])


def more(words: Words) -> Diagram:
    """Right answers on the validation part against how many sentences were learned from; bars are 95 % intervals."""
    curve = stored().curve
    rows = [
        Scored(
            words.label("more.row", {"size": int(size)}),
            scores,
            (of.low, of.high),
            HUES["kept"],
            f"{100 * of.mean:.1f}\N{NO-BREAK SPACE}%",
        )
        for size, scores, of in zip(curve.sizes, curve.scores, curve.over_seeds)
    ]
    return intervals(rows, low=LOW, high=HIGH, name=words.label("more.title", {"new": len(part("validation"))}))
