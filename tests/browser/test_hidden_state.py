"""The lab of hidden state in a real browser: what is true of every lab with a player, tried on the first.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.holding import rest
from tests.browser.lesson_page import press, press_player, stands, values, visit
from tests.browser.server import App
from tests.browser.waiting import eventually

NONSENSE: dict[str, object] = {"units": 999, "rho": "NaN", "step": "9" * 400, "seed": "1e9", "day": "2030-01-01"}
NONSENSE |= {"input": "zzz", "unit": "<script>", "days": 61, "what": "ever"}


def said(page: Page) -> str:
    """What stands under "What you saw"."""
    return page.locator("[data-section=saw]").inner_text()


def agree(one: object, other: object) -> None:
    assert one == other


@pytest.mark.parametrize("kind", ["weather", "sentence", "two_pasts"])
def test_the_player_is_in_the_first_screenful(page: Page, kind: str) -> None:
    player = visit(page, input=kind)
    stage = player.locator(".stage").bounding_box()
    assert stage is not None
    assert stage["y"] + stage["height"] <= 804  # but for its rim


def test_a_control_moves_nothing_and_keeps_the_player(page: Page) -> None:
    """Same element, same place, same step, unit and pass; also with a section open."""
    player = visit(page, input="two_pasts")
    press_player(page, "ArrowRight", "ArrowDown", "b")
    element, before = player.element_handle(), player.evaluate("element => element.offsetTop")
    for act in (
        lambda: press(page, "rho", "ArrowLeft", 0.85),
        lambda: press(page, "units", "ArrowRight", 9),
        lambda: page.get_by_text("The same in Python").click(),
        lambda: press(page, "rho", "ArrowLeft", 0.8),
    ):
        act()
        rest(page)
        stands(player, step=8, unit=1, backward=True)
        assert element.evaluate("element => element.isConnected")
        assert player.evaluate("element => element.offsetTop") == before


def test_it_keeps_playing_while_the_network_changes(page: Page) -> None:
    player = visit(page, days=60, step=1)
    player.locator("[data-act=play]").click()
    press(page, "rho", "ArrowLeft", 0.85)
    expect(player).to_have_attribute("data-playing", "true")
    changed = player.get_attribute("data-step") or ""
    expect(player).not_to_have_attribute("data-step", changed)
    player.locator("[data-act=play]").click()
    expect(player).to_have_attribute("data-playing", "false")
    step = int(player.get_attribute("data-step") or 0)
    assert step > int(changed)
    expect(page.locator("[data-section=saw]")).to_contain_text(f"step {step + 1}")


@pytest.mark.parametrize(
    "arrange",
    [
        lambda page: (press(page, "units", "ArrowRight", 9), press_player(page, "ArrowUp", "End")),
        lambda page: (page.locator("input[name=input][value=two_pasts]").check(force=True), press_player(page, "End")),
    ],
)
def test_a_link_opens_where_its_sender_stood(
    page: Page, browser: Browser, app: App, arrange: Callable[[Page], object]
) -> None:
    player = visit(page, seed=7, rho=0.8)
    arrange(page)
    rest(page)
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.url) as context:
        copy = context.new_page()
        copy.goto(page.url)
        other = copy.get_by_test_id("rnn-player")
        expect(other).to_be_visible()
        rest(copy)
        for name in ("data-step", "data-steps", "data-selection"):
            expect(other).to_have_attribute(name, player.get_attribute(name) or "")
        eventually(lambda: agree(values(other), values(player)))
        eventually(lambda: agree(said(copy), said(page)))


def test_nonsense_in_the_address_gives_the_defaults(page: Page) -> None:
    player = visit(page)
    words, numbers = said(page), values(player)
    player = visit(page, **NONSENSE)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    stands(player, step=7, unit=0)
    eventually(lambda: agree((said(page), values(player)), (words, numbers)))


def test_open_sections_follow_the_player(page: Page) -> None:
    visit(page)
    page.get_by_text("The same in Python").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[7, 0])")
    press_player(page, "ArrowRight")
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[8, 0])")


@pytest.mark.parametrize("query", [{"input": "two_pasts"}, {"input": "sentence", "units": 32, "text": "m" * 48}])
def test_a_phone_scrolls_only_down(page: Page, query: dict[str, object]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, **query)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
