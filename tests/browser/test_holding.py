"""Every slider of every page, held by an arrow key and dragged on a busy machine: nothing that the reader has is lost.

A second each; `RNNVIZ_HOLD_SECONDS=10` holds longer. At the page's defaults, and with each option of its choices,
so that every slider that a page can have is met once.
"""

import os

import pytest
from playwright.sync_api import Page, expect

from lessons.common.controls import Choice, Range, settle, shown
from tests.browser.holding import busy, drag, hold, rest, sliders, undisturbed
from tests.browser.server import App
from tests.browser.waiting import settle as settled
from tests.lessons.common.visits import LESSONS
from tests.lessons.common.words import Lesson

SECONDS = float(os.environ.get("RNNVIZ_HOLD_SECONDS", "1"))

# Where the player follows a control: its symbol; of many units it draws those that move most in what was written.
GOES_ALONG = {"hidden": ("step",), "back": ("step",), "at": ("step",), "temperature": ("selection",)}


def options(slug: str) -> list[tuple[str, tuple[str, ...]]]:
    """(address, names) of the sliders that are met first at this address."""
    controls_of = Lesson.open(slug).model.controls
    found, met = [], set()
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        chosen = waiting.pop(0)
        controls = settle(controls_of, chosen)[0]
        fresh = [control for control in controls if control.id not in met]
        met |= {control.id for control in fresh}
        names = tuple(control.id for control in fresh if isinstance(control, Range) and shown(control))
        if names:
            found.append(("&".join(f"{name}={value}" for name, value in chosen.items()), names))
        for control in fresh:
            if isinstance(control, Choice):
                waiting += [chosen | {control.id: option} for option in control.options if option != control.default]
    return found


PLACES = [(slug, address, names) for slug in LESSONS for address, names in options(slug)]


@pytest.mark.parametrize(("slug", "address", "names"), PLACES, ids=[f"{slug}-{address}" for slug, address, _ in PLACES])
def test_a_key_that_is_held_and_a_drag_disturb_nothing(
    page: Page, app: App, slug: str, address: str, names: tuple[str, ...]
) -> None:
    page.goto(f"/{slug}?mode=explore&{address}")
    expect(page.get_by_test_id("dials").first).to_be_visible()
    settled(page)
    rest(page)
    assert set(names) <= set(sliders(page))
    for name in names:
        with undisturbed(page, app.log, but=GOES_ALONG.get(name, ())), busy(1):
            hold(page, name, SECONDS)
            drag(page, name, SECONDS)
