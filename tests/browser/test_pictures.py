"""The charts on a lesson's page, as a reader uses them: pointed at, clicked, by keyboard, beside a moving slider.

On "Why does a gradient vanish or explode?", whose first chart is ||dL/dh_t|| and whose second is the map.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.catalog import CATALOG
from tests.browser.lesson_page import press, slider
from tests.browser.waiting import settle

SLUG = "/vanishing_and_exploding"
GRADIENTS = [lesson.slug for lesson in CATALOG if lesson.part == "Gradients"]


def visit(page: Page, address: str = SLUG) -> tuple[Locator, Locator]:
    """The chart and the map."""
    page.goto(address)
    chart, scale_map = page.locator(".rnn .chart").nth(0), page.locator(".rnn .chart").nth(1)
    expect(scale_map.locator(".hits")).to_be_visible()
    settle(page)
    return chart, scale_map


def point(page: Page, chart: Locator, across: float, down: float = 0.5) -> None:
    """Move the mouse to a place of the chart's box, both from 0 to 1."""
    hits = chart.locator(".hits")
    hits.scroll_into_view_if_needed()
    box = hits.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_pointing_at_a_chart_says_the_numbers_there_and_leaving_takes_them_back(page: Page) -> None:
    chart, _ = visit(page)
    said = chart.locator(".said")
    rest = said.inner_text()
    point(page, chart, 0.99)
    expect(said).to_have_text(re.compile(r"^step 50: RNN \S+, LSTM \S+,"))
    point(page, chart, 0.01)
    expect(said).to_have_text(re.compile("^step 1: RNN "))
    page.mouse.move(2, 2)
    expect(said).to_have_text(rest)


def test_a_click_on_the_map_chooses_scale_and_lag(page: Page) -> None:
    _, scale_map = visit(page)
    point(page, scale_map, 0.99, 0.99)  # the last column that can be chosen, the smallest scale
    page.mouse.down()
    page.mouse.up()
    settle(page)
    expect(slider(page, "lag")).to_have_value("1")
    expect(slider(page, "rho")).to_have_value("0.1")
    assert "rho=0.1" in page.url
    assert "lag=1" in page.url


def test_a_chart_is_used_by_keyboard(page: Page) -> None:
    chart, _ = visit(page, f"{SLUG}?lag=10")
    hits, said = chart.locator(".hits"), chart.locator(".said")
    hits.focus()
    for key in ("ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(said).to_have_text(re.compile("^step 38: "))
    page.keyboard.press("Enter")
    settle(page)
    expect(slider(page, "lag")).to_have_value("12")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile("^step 39: "))
    page.keyboard.press("Escape")
    expect(said).to_have_text(re.compile("^step 38: "))


def test_a_slider_keeps_its_focus_and_moves_no_picture(page: Page) -> None:
    chart, scale_map = visit(page)
    before = [part.bounding_box() for part in (chart, scale_map)]
    for value in (1.55, 1.6, 1.65):
        press(page, "rho", "ArrowRight", value)
    expect(slider(page, "rho")).to_be_focused()
    assert [part.bounding_box() for part in (chart, scale_map)] == before


def test_what_explodes_is_struck_said_in_words_and_has_a_way_back(page: Page) -> None:
    chart, _ = visit(page)
    page.locator(".pick", has_text="relu").first.click()
    settle(page)
    expect(chart.locator(".struck").first).to_be_visible()
    expect(chart.locator(".hatched").first).to_be_attached()
    back = page.locator(".pick", has_text=re.compile("back", re.IGNORECASE)).first
    back.click()
    settle(page)
    expect(chart.locator(".struck")).to_have_count(0)


@pytest.mark.parametrize("slug", GRADIENTS)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_fits_its_window_and_its_pictures_can_be_read(page: Page, slug: str, width: int) -> None:
    """No scrolling sideways, and no text in a picture below 14 pixels."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/{slug}")
    expect(page.locator(".rnn .chart, [data-testid=rnn-player]").first).to_be_visible()
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".rnn, .rnn *")].filter(element => {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            const size = parseFloat(getComputedStyle(element).fontSize);
            return own && size > 0 && size < 14 && !element.closest("sup, sub, .zero") && element.offsetParent;
        }).map(element => element.textContent)"""
    )
    assert small == []


def test_what_a_preset_sets_is_in_the_address_also_where_the_widget_was_not_on_the_page(page: Page) -> None:
    page.goto("/initialization")
    expect(page.locator(".rnn .chart").first).to_be_visible()
    settle(page)
    page.locator(".pick", has_text="standard deviation 10").first.click()
    settle(page)
    expect(page.locator(".chart .struck").first).to_be_visible()
    assert "std=10.0" in page.url
    page.goto(page.url)
    expect(page.locator(".chart .struck").first).to_be_visible()
