"""The app as a reader meets it: it starts, every page draws, in both themes, at home and offline.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import pytest
from playwright.sync_api import Page, expect

from lessons.catalog import CATALOG
from rnnviz.figures.theme import PALETTES, ThemeName
from tests.browser.lesson_page import visit
from tests.browser.waiting import settle


def test_the_first_page_draws(page: Page) -> None:
    page.goto("/")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("slug", [lesson.slug for lesson in CATALOG])
def test_each_lesson_draws_from_its_own_link(page: Page, slug: str) -> None:
    page.goto(f"/{slug}")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_follows_the_reader_s_theme(page: Page, theme: ThemeName) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/")
    settle(page)
    colour = PALETTES[theme].background
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


def test_a_phone_scrolls_only_down(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_first_picture_plays_at_once(page: Page) -> None:
    """Forwards, and with one key backwards."""
    player = visit(page, "/")
    player.locator("[data-act=play]").click()
    expect(player).to_have_attribute("data-playing", "true")
    page.keyboard.press("b")
    expect(player).to_have_attribute("data-pass", "backward")
    expect(player.locator(".now")).to_contain_text("L =")
