"""The app as a reader meets it: it starts, every page draws, in both themes, at home and offline.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import pytest
from playwright.sync_api import Page, expect

from lessons import catalog
from rnnviz.theme import PALETTES, ThemeName
from tests.browser.holding import rest
from tests.browser.lesson_page import visit
from tests.browser.waiting import settle

LABS = [slug for slug in catalog.SLUGS if (catalog.folder(slug) / "page.py").exists()]
# Texts of dials, charts' surroundings, diagrams and prose that are smaller than 14 pixels, shadow roots included.
SMALL = """() => {
  const roots = [document.body], small = [];
  for (const root of roots) for (const one of root.querySelectorAll("*")) {
    if (one.shadowRoot) roots.push(one.shadowRoot);
    if (!one.closest(".rnn, .rnn-dials")) continue;
    if (one.closest("sup, sub, code, .zero, svg, math, .rnn-formula, .rnn-tip")) continue;
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (own && size > 0 && size < 13.99 && one.checkVisibility()) small.push([one.textContent.slice(0, 40), size]);
  }
  return small;
}"""


def test_the_first_page_draws(page: Page) -> None:
    page.goto("/")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("slug", catalog.SLUGS)
def test_each_lesson_draws_from_its_own_link(page: Page, slug: str) -> None:
    page.goto(f"/{slug}")
    settle(page)
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("slug", LABS)
def test_a_lab_fits_a_desk_and_a_phone_in_either_theme_and_can_be_read(page: Page, slug: str) -> None:
    """No scrolling sideways, and no text of ours below 14 pixels at a desk."""
    for theme, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/{slug}?mode=explore")
        expect(page.get_by_test_id("dials").first).to_be_visible()
        rest(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        if width > 1000:
            assert page.evaluate(SMALL) == []


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
    """Forwards by itself, and with one key backwards."""
    player = visit(page, "/")
    expect(player).to_have_attribute("data-playing", "false")  # it has read the sentence
    player.focus()
    page.keyboard.press("b")
    expect(player).to_have_attribute("data-pass", "backward")
    page.keyboard.press(" ")
    expect(player).to_have_attribute("data-playing", "true")
