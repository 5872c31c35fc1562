"""Initialization in a real browser: cards choose and bring lines forward, sentences lead where they say."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import drawn, eventually, settle

FORWARDS, BACKWARDS = 1, 2  # among the charts


def visit(page: Page, query: str = "") -> None:
    page.goto(f"/initialization?mode=explore&{query}")
    expect(page.locator(".cards")).to_be_visible()
    chart(page, BACKWARDS).scroll_into_view_if_needed()  # charts out of sight wait
    for which in (FORWARDS, BACKWARDS):
        drawn(chart(page, which))
    page.locator("h1").scroll_into_view_if_needed()
    settle(page)


def chart(page: Page, which: int) -> Locator:
    return page.locator(".rnn.vega").nth(which)


def lights(page: Page, which: int) -> None:
    """Both charts come to bring these lines forward, -1 for none."""
    for one in (FORWARDS, BACKWARDS):
        handle = chart(page, one).element_handle()
        page.wait_for_function("([e, which]) => e.rnnChart.chart.view.signal('lit') === which", arg=[handle, which])


def strikes(page: Page, count: int) -> None:
    """So many values come to be struck, in both charts together."""
    view = "e => JSON.stringify(e.rnnChart.chart.view.data('struck'))"

    def drawn_so() -> None:
        chart(page, BACKWARDS).scroll_into_view_if_needed()  # charts out of sight wait
        rows = []
        for which in (FORWARDS, BACKWARDS):
            drawn(chart(page, which))
            rows += json.loads(chart(page, which).evaluate(view))
        assert len(rows) == count, rows

    eventually(drawn_so)


@pytest.mark.parametrize("query", ["", "cell=LSTM"])
def test_the_race_is_in_the_first_screenful_and_presets_stand_above_the_cards(page: Page, query: str) -> None:
    visit(page, query)
    race = page.get_by_test_id("rnn-race")

    def in_sight() -> None:
        presets, cards = page.locator(".presets").bounding_box(), page.locator(".cards").bounding_box()
        assert presets is not None
        assert cards is not None
        assert presets["y"] + presets["height"] <= cards["y"]
        for part in (race.locator("[data-act=play]"), race.locator("button[data-lane]").nth(5)):
            box = part.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 800

    eventually(in_sight)


def test_a_lane_that_is_clicked_becomes_the_page_s_own_and_opens_in_the_player(page: Page) -> None:
    visit(page)
    expect(page.get_by_test_id("rnn-player")).to_have_count(0)
    page.locator("button[data-lane=orthogonal]").click()
    expect(page).to_have_url(re.compile("scheme=orthogonal"))
    expect(page.locator("button[data-lane=orthogonal]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".rnn-player")).to_be_visible()


def test_the_race_stays_where_it_is_while_a_slider_changes_its_networks(page: Page) -> None:
    visit(page, "compare=yes")
    race = page.get_by_test_id("rnn-race")
    race.focus()
    race.press("End")
    expect(race).to_have_attribute("data-phase", "ranked")
    page.get_by_role("slider", name="units H").press("ArrowLeft")
    settle(page)
    expect(race).to_have_attribute("data-phase", "ranked")


def test_a_card_that_is_clicked_becomes_the_address_and_the_page_and_keeps_the_focus(page: Page) -> None:
    visit(page, "scheme=orthogonal&gain=2")
    card = page.locator(".cards").get_by_role("button", name=re.compile("He normal ρ"))
    card.click()
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(card).to_be_focused()
    expect(page).to_have_url(re.compile("scheme=he_normal"))
    expect(page.locator("[data-section=saw]")).to_contain_text("The entries’ variance is")


def test_pointing_at_a_card_brings_its_lines_forward(page: Page) -> None:
    visit(page, "compare=True")  # as old addresses say it
    page.locator(".cards").get_by_role("button", name=re.compile("orthogonal ρ")).hover()
    lights(page, 9)
    page.locator("h1").hover()
    lights(page, -1)


def test_a_click_leads_to_an_initialization_worth_seeing_and_another_one_back(page: Page) -> None:
    visit(page)
    page.locator(".presets").get_by_role("button", name="standard deviation of ten").click()
    expect(page.locator("[data-section=saw]")).to_contain_text("Exploded. Forwards from step")
    strikes(page, 2)
    page.get_by_role("button", name="An initialization that works").click()
    expect(page.locator("[data-section=saw]")).not_to_contain_text("Exploded")
    strikes(page, 0)
    page.locator(".presets").get_by_role("button", name="LSTM, chrono").click()
    expect(page.locator(".cards").get_by_role("button", name=re.compile("chrono 50"))).to_have_attribute(
        "aria-pressed", "true"
    )


def test_what_luck_does_is_told_after_the_answer(page: Page) -> None:
    visit(page)
    expect(page.locator("[data-section=spread]")).to_have_count(0)
    page.locator("[data-choice=orthogonal]").click()
    expect(page.locator("[data-section=spread]")).to_be_visible()
    expect(page.locator("[data-choice=he]")).to_have_class(re.compile("right"))


@pytest.mark.parametrize("query", ["compare=yes", "cell=GRU&start_bias=chrono"])
def test_on_a_phone_nothing_is_cut(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, query)

    def whole() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        boxes = page.locator(".rnn.vega canvas, .cards, table").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(({ left, right }) => [left, right])"
        )
        assert all(left >= 0 and right <= 390 for left, right in boxes), boxes

    eventually(whole)
