"""The story's stage: networks that learn the weather, with and without regularization; and bits under masks."""

from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.regularization import pictures, tale
from lessons.regularization.experiment import LIMIT, Settings
from lessons.regularization.memory import KINDS


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    values = moment.values
    facts = tale.facts(moment.beat, values["patience"], values["p"] if moment.beat in MASKED else tale.P)
    if moment.beat in MASKED:
        place = live.standing(moment)
        place["token"] = f"{place['token']} {values['p']}"
        return Scene(facts, pictures.masks(MASKED[moment.beat], moment.words, values["p"], **place))
    lanes = [named(moment, name, settings) for name, settings in lanes_of(moment).items()]
    run = live.run("regularization", lanes, pictures.record, limit=LIMIT, told=moment.touched)
    panels = pictures.panels(str(moment.attributes["show"]).split(), moment.words, tale.FIRST)
    if moment.beat == "stop" and facts["patience"] is not None:
        panels[0] = pictures.with_kept(panels[0], facts["kept"], moment.words)
    return Scene(facts, run.stage(panels, **live.standing(moment)))


def lanes_of(moment: Moment) -> dict[str, Settings]:
    """Who learns in this beat."""
    stopped = Settings(patience=moment.values["patience"])
    return {
        "stop": {"off": tale.FIRST} | ({"stopped": stopped} if stopped != tale.FIRST else {}),
        "weights": {"off": tale.FIRST, "l2": tale.SMALL},
        "dropout": {"off": tale.FIRST, "outputs": tale.DROPPED},
        "leave": {"off": tale.FIRST, "l2": tale.SMALL, "outputs": tale.DROPPED, "variational": tale.KEPT},
    }.get(moment.beat, {"off": tale.FIRST})


def named(moment: Moment, name: str, settings: Settings) -> live.Lane:
    """A lane with its words."""
    alone = list(lanes_of(moment)) == ["off"]
    facts: dict[str, Any] = {"p": settings.p, "l2": settings.l2, "patience": settings.patience}
    return pictures.lane(name, settings, moment.words.label(f"lanes.{'alone' if alone else name}", facts))


MASKED = {"held": ("each_step",), "masks": KINDS}
