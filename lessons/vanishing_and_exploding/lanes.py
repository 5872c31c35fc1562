"""The race of the three cells: with the page's settings, from every seed; and that of the story."""

from dataclasses import replace
from typing import Any

import numpy as np

from lessons.common.shared import shared
from lessons.common.text import Words
from lessons.vanishing_and_exploding import tale
from lessons.vanishing_and_exploding.experiment import KINDS, Settings
from rnnviz.player.race import Lane
from rnnviz.player.race import race as race_of

SEEDS = 20


def race(settings: Settings, words: Words) -> dict[str, Any]:
    """The stage: one lane for each cell; the page's own seed is watched, where it is among those that run."""
    seeds = [replace(settings, seed=seed) for seed in range(SEEDS)]
    names = words.labels("lanes", {"activation": settings.activation, "rho": settings.rho, "keep": settings.keep})
    return race_of(
        [Lane(kind, **names[kind], networks=[one.network(kind) for one in seeds]) for kind in KINDS],
        np.concatenate([one.x for one in seeds], axis=1),
        words=shared().labels("race", {}),
        seeds=[str(one.seed) for one in seeds],
        watched=settings.seed if settings.seed < SEEDS else 0,
        token="cells",
    )


def contest(words: Words, **place: Any) -> dict[str, Any]:
    """The story's race: as many seeds of each kind of network, on thirty days of weather."""
    names = words.labels("lanes", {"activation": "tanh", "rho": 1.0, "keep": tale.KEEP})
    lanes = [Lane(kind, **names[kind], networks=networks) for kind, networks in tale.contest().items()]
    return race_of(lanes, tale.weather()[:, 0], words=shared().labels("race", {}), **place)
