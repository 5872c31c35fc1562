"""The story's stage: a race, or the player with the network of a lane; and what the words of a beat speak of."""

from typing import Any

import numpy as np

from lessons.common import stages
from lessons.common.shared import shared
from lessons.common.story import Moment, Scene
from lessons.initialization import tale
from lessons.initialization.tale import Race
from rnnviz.activations import sigmoid
from rnnviz.player.race import PHASES, Lane
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
    lane, seed = opened(moment, run), watched(moment)
    facts = facts_of(run, seed) | {"gain": gain, "opened": lane}
    return Scene(facts, looked_into(run, lane, seed, moment) if lane else raced(run, seed, facts, moment))


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


def watched(moment: Moment) -> int:
    """The seed that is watched: the one that the reader has clicked, or the first."""
    seed = moment.touched.get("seed", 0)
    return seed if isinstance(seed, int) and 0 <= seed < tale.SEEDS else 0


def opened(moment: Moment, run: Race) -> str | None:
    """The lane whose network is looked into: the one that was clicked, unless the reader has gone back since."""
    touched = [name for name in moment.touched if name in ("lane", "stage")]
    lane = moment.touched.get("lane")
    return str(lane) if touched and touched[-1] == "lane" and lane in run.lanes and moment.told else None


def raced(run: Race, seed: int, facts: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """The race, played where the beat says so: to the phase `play_to`, from `phase` on."""
    said, names = moment.attributes, moment.words.labels("lanes", facts)
    asks = bool(moment.words.questions(moment.beat))
    back = moment.touched.get("stage") is not None
    last = str(said.get("last", PHASES[-1]))
    return race_stage(
        [Lane(lane, names[lane]["name"], note=names[lane].get("note", "")) for lane in run.lanes],
        run.passes(),
        run.arrived,
        words=shared().labels("race", {}) | moment.words.labels(f"on_stage.{moment.beat}", facts),
        seeds=[str(one + 1) for one in range(tale.SEEDS)],
        watched=seed,
        bounded=moment.attributes["race"] != "powers",
        phase=last if back else said.get("phase", "start"),
        last=last,
        play_to=last if asks and moment.told and not back else None,
        locked=not moment.told,
        hide_from=None if moment.told else 0,
        token=f"{moment.beat} {moment.epoch} {moment.told}",
    )


def looked_into(run: Race, lane: str, seed: int, moment: Moment) -> dict[str, Any]:
    """The network of a lane, in the player."""
    trace, grads = run.read_by(lane, seed)
    own = "c f" if trace.network.cell == "lstm" else ""
    view = {
        "show": f"bar tape stage heat legend x h {own}".split(),
        "select": "h",
        "pass": "backward",
        "step": tale.DAYS - 1,
        "unit": 0,
        "one_unit": False,
        "folded": False,
        "speed": 1,
        "locked": False,
        "hide_from": None,
        "play_to": None,
        "ghost": None,
        "token": f"{moment.beat} {lane} {seed}",
    }
    return stages.player(trace, grads, view=view)
