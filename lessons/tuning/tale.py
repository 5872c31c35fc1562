"""What each beat of the story says: of the runs that are kept."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.tuning.experiment import LIMIT, POOL, RATES, TEST, VALIDATION
from lessons.tuning.stored import (
    AXES,
    IDLE,
    MANY,
    PER,
    RUNS,
    SEEDS,
    STORY,
    at_random,
    best_of,
    found,
    grids,
    matters,
    random_wins,
    stored,
    whole,
)
from rnnviz.arrays import Array

Facts = dict[str, Any]
SECOND = 2  # the seed of the second nine runs
GRID, DRAW = 6, 0  # which of the grids, in the middle, and of the random draws is shown
CLEAR = 0.9  # of the other's error: one that is not below is as good


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of; `arrived`: nobody has played it to its end yet."""
    shared = {"arrived": False, "count": len(RATES), "limit": LIMIT, "validation": VALIDATION, "seeds": SEEDS}
    return shared | BEATS[beat]()


def winners() -> Array:
    """Which of the learning rates has the smallest validation error, (SEEDS,)."""
    return np.asarray(stored().seeds[:, :, 0].argmin(axis=1))


def rates() -> Facts:
    """The winner of the first seed."""
    first = int(winners()[0])
    return {"winner": RATES[first], "error": float(stored().seeds[0, first, 0])}


def seeds() -> Facts:
    """The winner of another seed; how often it and the first seed's win, and what became of the first seed's."""
    one, other = int(winners()[0]), int(winners()[SECOND])
    ends = stored().seeds[SECOND, :, 0]
    times = {k: int((winners() == k).sum()) for k in (one, other)}
    return {"before": RATES[one], "smaller": other < one, "again": times[one], "others": times[other],
            "different": len(set(winners().tolist())), "of_before": float(ends[one]), "of_now": float(ends[other]),
            "answers": {"seeds": "same" if one == other else "near" if abs(one - other) == 1 else "far"}}  # fmt: skip


def noise() -> Facts:
    """How far ten seeds of one learning rate are apart, and the two best medians."""
    medians = np.median(stored().seeds[:, :, 0], axis=0)
    best, second = (int(k) for k in np.argsort(medians)[:2])
    of_best = np.sort(stored().seeds[:, best, 0])
    return {"best": RATES[best], "second": RATES[second], "medians": float(medians[second] / medians[best]),
            "spread": float(of_best[-1] / of_best[0]),
            "wider": bool(of_best[-1] / of_best[0] > medians[second] / medians[best])}  # fmt: skip


def grid() -> Facts:
    """The best of a grid, and of as many runs at random."""
    a_grid, drawn = float(np.nanmin(found(grids()[GRID]))), float(np.nanmin(found(at_random(DRAW))))
    answer = "random" if drawn < CLEAR * a_grid else "grid" if a_grid < CLEAR * drawn else "alike"
    return {"runs": RUNS, "per": PER, "settings": IDLE + 1, "drawn": len(np.unique(at_random(DRAW)[:, 0])),
            "of_grid": a_grid, "of_random": drawn, "wins": random_wins(), "answers": {"grid": answer}}  # fmt: skip


def many() -> Facts:
    """Which setting matters."""
    shares = {name: matters(name) for name in AXES}
    return {"many": MANY, "shares": shares, "most": max(shares, key=shares.__getitem__)}


def rung(k: int) -> list[int]:
    """The candidates of rung k of the story's halving."""
    left = list(range(STORY.count))
    for size, scores in zip(STORY.sizes[1 : k + 1], stored().halved):
        left = sorted(left, key=lambda m: float(scores[m]))[:size]
    return left


def halving() -> Facts:
    """Who leads at the first stop, who wins, and who would have won had nobody been stopped."""
    scores = stored().halved
    leader = int(scores[0].argmin())
    winner = min(rung(len(STORY.sizes) - 1), key=lambda m: float(scores[-1, m]))
    would = int(scores[-1].argmin())
    lasts = max(k for k in range(len(STORY.sizes)) if leader in rung(k))
    answer = "wins" if leader == winner else "far" if lasts == len(STORY.sizes) - 1 else "stopped"
    missed = max(k for k in range(len(STORY.sizes)) if would in rung(k))
    return {"candidates": STORY.count, "first": STORY.ends[0], "leader": STORY.rates[leader],
            "winner": STORY.rates[winner], "would": STORY.rates[would], "missed": would != winner,
            "until": STORY.ends[missed], "stopped": STORY.ends[lasts], "cost": STORY.cost, "all": STORY.count * LIMIT,
            "full": STORY.cost // STORY.ends[-1], "rank": int((scores[-1] < scores[-1, winner]).sum()) + 1,
            "answers": {"halving": answer}}  # fmt: skip


def optimism() -> Facts:
    """The winner of the random search, and what the best of many has on average."""
    best, (chosen, tested) = int(whole().argmin()), best_of()
    valid, test = float(whole()[best]), float(stored().tried[best, POOL - TEST :].mean())
    answer = "better" if test < CLEAR * valid else "worse" if valid < CLEAR * test else "same"
    return {"many": MANY, "valid": valid, "test": test, "sequences": TEST, "chosen": float(chosen[-1]),
            "tested": float(tested[-1]), "one": float(chosen[0]), "one_tested": float(tested[0]),
            "worse": bool(tested[-1] > chosen[-1]), "answers": {"optimism": answer}}  # fmt: skip


def report() -> Facts:
    """The takeaway names no numbers."""
    return {}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (rates, seeds, noise, grid, many, halving, optimism, report)
}
