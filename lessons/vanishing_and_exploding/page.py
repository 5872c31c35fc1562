"""Vanishing and exploding gradients: three networks, one gradient on its way back. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common.page import Page
from lessons.common.sections import section
from lessons.vanishing_and_exploding import model, stage
from lessons.vanishing_and_exploding.experiment import Study
from lessons.vanishing_and_exploding.lanes import SEEDS, race
from lessons.vanishing_and_exploding.pictures import rows

HEIGHT = 500  # pixels, of the walk and of the race

page = Page.open("vanishing_and_exploding", model)


def lab(values: Mapping[str, Any]) -> tuple[Study, int]:
    """The walk, the question, pictures, and what there was to see in them."""
    seen, lag = model.experiment(values)
    facts = model.facts(seen, lag)
    asked = f" {facts.matrix} {facts.cell} {'off' if facts.input_scale else 'on'}"  # another network, another question
    page.show(page.presets(), key="try")
    page.stage(stage.explored(seen, lag, page.words), key="walk", height=HEIGHT)
    page.show(page.question("ask", facts, key=asked), *rows(seen, facts, page.words), page.text("saw", facts))
    return seen, lag


def below(found: tuple[Study, int]) -> None:
    """What does not change with each move."""
    seen, lag = found
    with section(page.words.label("race", {"seeds": SEEDS}), "race") as opened:
        if opened:
            page.stage(race(seen.settings, page.words), key="race", height=HEIGHT)
    page.below("about")
    page.verify(**model.verified(seen), about=page.text("limits", model.limits(seen)))
    page.checks(lambda: model.checks(seen))
    page.program(**model.program(seen, lag))
    page.below("deeper", "sources", facts=model.deeper(seen, lag))


page.tell(stage.scene)
page.explore(lab, below)
