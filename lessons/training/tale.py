"""The story's trainings, and what each beat says of them: computed by training them, once in a process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from lessons.training.experiment import BASELINE, BATCH, HOURS, LIMIT, Settings, course
from rnnviz.player.learn import OVER

Facts = dict[str, Any]
FIRST = Settings()
CLIPPED = replace(FIRST, clip="1")
GATED = Settings("lstm", rho=1.0, optimizer="adam", rate=0.02)
FACTORS = {"half": 0.5, "same": 1.0, "twice": 2.0}  # of the learning rate, at the fork
FORK = 60  # the update after which it is forked
LARGE = replace(FIRST, rate=1.0)
SOME = 100  # updates of which it is asked how many lower the loss
MOVED = 0.05  # of an absolute value: an eigenvalue that has changed by less has stayed
WON = 0.95  # of the second smallest loss: one that is not below is as good


def at_rate(factor: float) -> Settings:
    """The first training, with so many times its learning rate."""
    return replace(FIRST, rate=FIRST.rate * factor)


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of; `arrived`: nobody has played it to its end yet."""
    return {"arrived": False, "hours": HOURS, "batch": BATCH, "units": FIRST.units, "limit": LIMIT} | BEATS[beat]()


def tide() -> Facts:
    """Nothing is trained yet."""
    return {"baseline": BASELINE}


def update() -> Facts:
    """What the first updates do to the loss."""
    losses = course(FIRST).losses
    lower = int((np.diff(losses[: SOME + 1]) < 0).sum())
    answer = "all" if lower == SOME else "most" if lower > 0.55 * SOME else "half"
    return {"rate": FIRST.rate, "some": SOME, "lower": lower, "first": float(losses[0]), "second": float(losses[1]),
            "over": OVER, "answers": {"update": answer}}  # fmt: skip


def norms() -> Facts:
    """How the gradient's norm falls, and how many updates are clipped."""
    found = course(CLIPPED)
    over = found.norms > float(CLIPPED.clip)
    return {"threshold": float(CLIPPED.clip), "first": float(found.norms[0]), "last": float(found.norms[-1]),
            "clipped": int(over.sum()), "only_first": bool(over[: over.sum()].all())}  # fmt: skip


def eigenvalues() -> Facts:
    """Which of them leave their circle."""
    found = course(FIRST)
    moduli = np.abs(found.last.eigenvalues["h"])
    outward, inward = int((moduli > FIRST.rho + MOVED).sum()), int((moduli < FIRST.rho - MOVED).sum())
    where = "in" if inward > outward else "stay" if outward == 0 else "pair" if outward == 2 else "out"
    return {"rho": FIRST.rho, "radius": float(found.radii[-1]), "others": len(moduli) - outward,
            "answers": {"eigenvalues": where}}  # fmt: skip


def gates() -> Facts:
    """How the gates of an LSTM open and close."""
    means = course(GATED).gates
    return {
        "before": {gate: float(means[gate][0]) for gate in "ifo"},
        "after": {gate: float(means[gate][-1]) for gate in "ifo"},
        "closes": bool(means["f"][-1] < means["f"][0]),
        "opens": all(bool(means[gate][-1] > means[gate][0]) for gate in "io"),
    }


def rewind() -> Facts:
    """Trained twice: are the losses the same?"""
    one, again = course(FIRST).losses, course.__wrapped__(FIRST).losses
    apart = float(np.abs(one - again).max())
    answer = "same" if np.array_equal(one, again) else "near" if apart < 0.1 * BASELINE else "other"
    return {"apart": apart, "seed": FIRST.seed, "answers": {"rewind": answer}}


def fork() -> Facts:
    """Which of three learning rates has the smallest loss at the end."""
    final = {name: course(at_rate(factor), LIMIT, FIRST, FORK).final for name, factor in FACTORS.items()}
    best, second = sorted(final, key=final.__getitem__)[:2]
    return {
        "at": FORK,
        "rates": {name: at_rate(factor).rate for name, factor in FACTORS.items()},
        "final": final,
        "answers": {"fork": best if final[best] < WON * final[second] else "alike"},
    }


def diverge() -> Facts:
    """What becomes of a learning rate that is far too large; growth: the factor of one typical update."""
    found = course(LARGE)
    answer = "overflows" if found.diverged else "faster" if found.final < course(FIRST).final else "worse"
    growth = float(np.median(found.losses[1:] / found.losses[:-1]))
    times, better = round(LARGE.rate / FIRST.rate), fork()["final"]["twice"] < fork()["final"]["same"]
    return {"rate": LARGE.rate, "times": times, "diverged": found.diverged, "growth": growth,
            "better": better, "answers": {"diverge": answer}}  # fmt: skip


def steps() -> Facts:
    """All that was seen."""
    found = course(FIRST)
    return {"first": float(found.losses[0]), "final": found.final}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (tide, update, norms, eigenvalues, gates, rewind, fork, diverge, steps)
}
