"""Initialization: one network, untrained, from every initialization there is. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common.page import Page
from lessons.initialization import lanes, model, pictures, stage
from lessons.initialization.experiment import Started

HEIGHT, FEWER = 640, 520  # pixels, of the race; of a gated network, which has fewer lanes

page = Page.open("initialization", model)


def lab(values: Mapping[str, Any]) -> Started:
    """Question, pictures, and what there was to see in them; the others only where they are asked for."""
    run = Started(model.settings(values))
    s = run.settings
    asked = "bias" if run.gated else "scheme"
    comparing = values["compare"] == model.SHOWN or page.answered(asked) is not None
    facts = model.facts(run, comparing)
    parts: list[Any] = [page.text("saw", facts)]
    if comparing and not run.gated:
        parts.append(page.text("spread", model.typical(s)))
    cards, first, second = pictures.drawn(run, page.words, comparing)
    question = page.question(f"ask_{asked}", facts)
    page.show(page.presets(), key="presets")
    told = page.stage(lanes.race(run, page.words, comparing), key="race", height=FEWER if run.gated else HEIGHT)
    if "lane" in told:  # the lane that was clicked is what the controls now say
        page.player(run.trace, run.grads, backward=True, step=s.steps - 1)
    page.show(cards, first, question, second, *parts)
    return run


def below(run: Started) -> None:
    """What does not change with each move."""
    page.below("about", facts=model.about())
    page.verify(run.network, run.settings.x, run.dy)
    page.checks(lambda: model.checks(run))
    page.program(**model.program(run.settings))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
