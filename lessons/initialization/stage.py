"""The story's stage: a race, or the player with the network of a lane; and what the words of a beat speak of."""

from typing import Any

import numpy as np

from lessons.common import racing
from lessons.common.shared import shared
from lessons.common.story import Moment, Scene
from lessons.initialization import tale
from lessons.initialization.tale import Race
from rnnviz.activations import sigmoid
from rnnviz.player.race import Lane
from rnnviz.player.race import stage as race_stage

GIVEN = {  # what names of lanes and words speak of at every beat
    "tiny": tale.TINY,
    "large": tale.LARGE,
    "less": tale.LESS,
    "more": tale.MORE,
    "quiet": tale.QUIET,
    "loud": tale.LOUD,
    "biases": tale.BIASES,
    "one": 1.0,
    "days": tale.DAYS,
    "back": tale.DAYS - 1,
    "seeds": tale.SEEDS,
    "units": tale.UNITS,
}
NEARLY = float(np.log10(2))  # decades: within a factor of two of norm 1
ABOUT = 0.2  # a spectral radius this near to one is about one


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and what its words speak of."""
    gain = float(moment.values.get("gain", 1.0))
    run = tale.race(str(moment.attributes["race"]), gain if moment.attributes["race"] == "gain" else 1.0)
    lane, seed = racing.opened(moment, run.lanes), racing.watched(moment, tale.SEEDS)
    facts = facts_of(run, seed) | {"gain": gain, "opened": lane}
    if lane is None:
        return Scene(facts, raced(run, seed, facts, moment))
    return Scene(facts, racing.looked_into(*run.read_by(lane, seed), token=f"{moment.beat} {lane} {seed}"))


def facts_of(run: Race, seed: int) -> dict[str, Any]:
    """Every number that a beat's words may speak of; norms are log10, by lane."""
    kept = sigmoid(np.array(tale.BIASES))
    left = run.median()
    return GIVEN | {
        "left": left,
        "rho": tale.radii(),
        "short": {name: at < -NEARLY for name, at in left.items()},
        "long": {name: at > NEARLY for name, at in left.items()},
        "per_step": {name: float(10 ** (at / (tale.DAYS - 1))) for name, at in left.items()},
        "seed": seed + 1,
        "now": dict(zip(run.lanes, run.arrived[:, seed].tolist())),
        "first": run.first(seed),
        "kept": kept.tolist(),
        "alone": ((tale.DAYS - 1) * np.log10(kept)).tolist(),
        "answers": {
            "power": power(left.get("less", 0.0)),
            "inputs": run.best(),
            "recipe": around(tale.radii().get(run.best(), 1.0)),
            "bias": run.best(),
        },
    }


def power(log: float) -> str:
    """What is left, as the question has it."""
    return "half" if log > -0.5 else "tenth" if log > -1.5 else "hundredth"


def around(rho: float) -> str:
    """Where a spectral radius lies, as the question has it."""
    return "below" if rho < 1 - ABOUT else "above" if rho > 1 + ABOUT else "one"


def raced(run: Race, seed: int, facts: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """The race, played where the beat says so: to the phase `play_to`, from `phase` on."""
    names = moment.words.labels("lanes", facts)
    return race_stage(
        [Lane(lane, names[lane]["name"], note=names[lane].get("note", "")) for lane in run.lanes],
        run.passes(),
        run.arrived,
        words=shared().labels("race", {}) | moment.words.labels(f"on_stage.{moment.beat}", facts),
        seeds=[str(one + 1) for one in range(tale.SEEDS)],
        watched=seed,
        bounded=moment.attributes["race"] != "powers",
        **racing.standing(moment),
    )
