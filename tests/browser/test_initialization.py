"""The lesson on the start in a real browser: cards choose and bring lines forward, sentences lead where they say."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import settle

ADDRESS = "/initialization"


def visit(page: Page, query: str = "") -> None:
    page.goto(f"{ADDRESS}?{query}")
    expect(page.locator(".cards")).to_be_visible()
    settle(page)


@pytest.mark.parametrize("query", ["", "cell=LSTM"])
def test_question_controls_and_picture_are_in_the_first_screenful(page: Page, query: str) -> None:
    visit(page, query)
    starts, cards = page.locator(".tries").bounding_box(), page.locator(".cards").bounding_box()
    assert starts is not None
    assert cards is not None
    assert starts["y"] + starts["height"] <= cards["y"]
    for picture in page.locator("figure .box").all()[:2]:
        box = picture.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


def test_the_unit_circle_is_round(page: Page) -> None:
    visit(page)
    box = page.locator(".cloud .unit").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=0.5)


def test_eigenvalues_are_walked_through_with_the_arrow_keys(page: Page) -> None:
    visit(page)
    said, dots = page.locator(".cloud .said"), page.locator(".cloud input")
    expect(said).to_contain_text("|λ| from")
    page.locator(".card").last.focus()
    page.keyboard.press("Tab")
    expect(dots.nth(0)).to_be_focused()
    for k in (1, 2):
        page.keyboard.press("ArrowRight")
        expect(dots.nth(k)).to_be_focused()
        expect(said).to_have_text(dots.nth(k).get_attribute("data-say") or "")
    page.keyboard.press("Tab")  # one stop of the Tab key for all
    expect(page.locator(".cloud input:focus")).to_have_count(0)
    expect(said).to_contain_text("|λ| from")


def test_a_card_that_is_clicked_becomes_the_address_and_the_page_and_keeps_the_focus(page: Page) -> None:
    visit(page, "scheme=orthogonal&gain=2")
    page.get_by_role("button", name="He normal ρ").click()
    expect(page.get_by_role("button", name="He normal")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="He normal")).to_be_focused()
    expect(page).to_have_url(re.compile("scheme=He"))
    expect(page.locator(".prose").first).to_contain_text("He normal: Var W = 2 / fan_in")


def test_pointing_at_a_card_brings_its_lines_forward(page: Page) -> None:
    visit(page)
    page.get_by_role("button", name="Show the other starts, too").first.click()
    expect(page.locator(".other-9")).to_have_count(3)
    page.get_by_role("button", name=re.compile("orthogonal ρ")).hover()
    expect(page.locator(".other-9.lit")).to_have_count(3)
    expect(page.locator(".lit")).to_have_count(3)
    page.locator("h1").hover()
    expect(page.locator(".lit")).to_have_count(0)


def test_a_click_leads_to_a_start_worth_seeing_and_another_one_back(page: Page) -> None:
    visit(page)
    page.get_by_role("button", name="standard deviation 10").click()
    expect(page.locator(".struck")).to_have_count(2)
    expect(page.locator(".prose").first).to_contain_text("Exploded. Forwards from step")
    page.get_by_role("button", name="Back to a start that works").click()
    expect(page.locator(".struck")).to_have_count(0)
    page.get_by_role("button", name="LSTM, chrono", exact=True).click()
    expect(page.locator(".prose").first).to_contain_text("Memory, in steps back")
    expect(page.get_by_role("button", name=re.compile("chrono 50"))).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    "query", ["scheme=nonsense", "steps=-3", "cell=CNN&bias=inf", "std=nan&scheme=normal", "signal=%3Cb%3E&seed=x"]
)
def test_nonsense_in_the_address_falls_back(page: Page, query: str) -> None:
    visit(page, query)
    expect(page.locator(".chart .box").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("query", ["", "cell=GRU&start_bias=chrono"])
def test_on_a_phone_nothing_is_cut(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, query)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for figure in page.locator("figure").all():
        box = figure.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
