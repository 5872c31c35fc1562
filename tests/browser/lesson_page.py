"""A lesson's lab with its player: how it is opened, moved, and read off the screen."""

from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser.holding import rest, slider
from tests.browser.waiting import eventually, quiet, settle
from tests.hidden_state import Expected
from tests.pictures import assert_printed


def visit(page: Page, address: str = "/hidden_state", **parameters: object) -> Locator:
    """Open a page's lab; its player."""
    page.goto(f"{address}?{urlencode({'mode': 'explore', **parameters})}")
    player = page.get_by_test_id("rnn-player")
    expect(player).to_be_visible()
    settle(page)
    return player


def press(page: Page, key: str, button: str, value: float) -> None:
    """Press `button` on the slider `key`, which then stands at `value`."""
    slider(page, key).press(button)
    expect(slider(page, key)).to_have_value(f"{value:g}")
    rest(page)


def press_player(page: Page, *keys: str) -> None:
    """Press keys on the player, and wait until the page below it has heard of it."""
    player = page.get_by_test_id("rnn-player")
    player.evaluate("element => element.focus({preventScroll: true})")
    for key in keys:
        page.keyboard.press(key)
    quiet(page)


def stands(player: Locator, step: int, unit: int, backward: bool = False) -> None:
    """The player stands at h of this step and unit, from 0, in this pass."""
    expect(player).to_have_attribute("data-step", str(step))
    expect(player).to_have_attribute("data-selection", f"h/{unit}")
    expect(player).to_have_attribute("data-pass", "backward" if backward else "forward")


def values(player: Locator) -> list[float]:
    """The numbers of h, or of dL/dh, of all units at the player's step, from its table."""
    return listed(player, "h")


def listed(player: Locator, ref: str) -> list[float]:
    """The numbers of a place, of all units at the player's step, from its table."""
    table = player.locator(".table details")
    if table.get_attribute("open") is None:
        table.locator("summary").click()
    cells = table.locator(f"td[data-ref={ref}]")
    expect(cells.first).to_be_visible()
    return [float(full) for full in cells.evaluate_all("cells => cells.map(cell => cell.title)")]


def assert_shows(player: Locator, expected: Expected, step: int, unit: int, backward: bool = False) -> None:
    """Table, legend and equation say the engine's numbers; step and unit from 0."""
    stands(player, step, unit, backward)
    engine = (expected.dh if backward else expected.h)[step]
    eventually(lambda: np.testing.assert_allclose(values(player), engine, rtol=1e-6))
    legend = player.locator(".legend .value").inner_text().split(" = ")[1]
    result = player.locator(".equation-panel .line [data-value]").first.get_attribute("data-value") or ""
    assert_printed([legend, result], [engine[unit]] * 2)
