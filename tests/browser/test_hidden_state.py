"""The first lesson in a real browser: it draws, it follows its controls, and its address is the whole experiment.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lesson_page import press, press_player, stands, values, visit
from tests.browser.server import App
from tests.browser.waiting import settle


def said(page: Page) -> str:
    """What stands under "What you saw"."""
    return page.locator(".rnn.prose").inner_text()


@pytest.mark.parametrize("kind", ["weather", "a sentence", "two pasts"])
def test_the_controls_and_the_stage_are_in_the_first_screenful(page: Page, kind: str) -> None:
    player = visit(page, input=kind)
    top, stage = player.bounding_box(), player.locator(".stage").bounding_box()
    assert top is not None
    assert stage is not None
    assert top["y"] <= 300
    assert stage["y"] + stage["height"] <= 800


def test_a_control_moves_nothing_and_keeps_the_player(page: Page) -> None:
    """Same element, same place, same step, unit and pass; also with a section open."""
    player = visit(page, input="two pasts")
    press_player(page, "ArrowRight", "ArrowDown", "b")
    element, before = player.element_handle(), player.evaluate("element => element.offsetTop")
    for act in (
        lambda: press(page, "rho", "ArrowLeft", 0.85),
        lambda: press(page, "units", "ArrowRight", 9),
        lambda: page.get_by_role("radio", name="6 to 20 steps").click(),
        lambda: page.get_by_text("The same in Python, with your settings").click(),
        lambda: press(page, "rho", "ArrowLeft", 0.8),
        lambda: page.get_by_role("radio", name="weather").click(),
    ):
        act()
        settle(page)
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
    expect(page.locator(".rnn.prose")).to_contain_text(f"At step {step + 1} unit 1")


def shorten(page: Page) -> None:
    """One day less: the player's last step is gone."""
    press(page, "days", "ArrowLeft", 23)


@pytest.mark.parametrize(
    "arrange",
    [
        lambda page: (press(page, "units", "ArrowRight", 9), press_player(page, "ArrowUp", "End"), shorten(page)),
        lambda page: (page.get_by_role("radio", name="two pasts").click(), settle(page), press_player(page, "End")),
    ],
)
def test_a_link_opens_where_its_sender_stood(
    page: Page, browser: Browser, app: App, arrange: Callable[[Page], object]
) -> None:
    player = visit(page, seed=7, rho=0.8)
    arrange(page)
    page.wait_for_timeout(300)
    settle(page)
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.url) as context:
        copy = context.new_page()
        copy.goto(page.url)
        other = copy.get_by_test_id("rnn-player")
        expect(other).to_be_visible()
        settle(copy)
        for name in ("data-step", "data-steps", "data-selection"):
            assert other.get_attribute(name) == player.get_attribute(name)
        assert values(other) == values(player)
        assert said(copy) == said(page)


NONSENSE: tuple[dict[str, object], ...] = (
    {"units": 999, "rho": "abc", "step": -3, "seed": "1e9", "day": "2030-01-01", "input": "zzz", "unit": 99},
    {"units": "", "rho": "NaN", "step": "Infinity", "seed": -1, "day": "yesterday", "days": 61, "unit": "🙂"},
    {"step": "9" * 400, "unit": "<script>", "what": "ever"},
)


def test_nonsense_in_the_address_gives_the_defaults(page: Page) -> None:
    player = visit(page)
    words, numbers = said(page), values(player)
    for nonsense in NONSENSE:
        player = visit(page, **nonsense)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        stands(player, step=7, unit=0)
        assert (said(page), values(player)) == (words, numbers)


def test_open_sections_follow_the_player(page: Page) -> None:
    visit(page)
    page.get_by_text("The same in Python, with your settings").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[7, 0])")
    press_player(page, "ArrowRight")
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[8, 0])")


def test_pictures_follow_the_theme(page: Page) -> None:
    for theme, background in (("light", "rgb(251, 251, 248)"), ("dark", "rgb(20, 23, 28)")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        player = visit(page, input="two pasts")
        expect(page.locator(".difference .heat")).to_have_css("background-color", background)
        pressed = player.locator(".seg:not(.pass) [aria-pressed=true]")
        expect(pressed).to_have_css("background-color", background)


@pytest.mark.parametrize(
    "query", [{}, {"input": "two pasts"}, {"input": "a sentence", "units": 32, "step": 30, "text": "m" * 48}]
)
def test_a_phone_scrolls_only_down(page: Page, query: dict[str, object]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, **query)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
