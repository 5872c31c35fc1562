"""Initialization in a real browser: cards choose and bring lines forward, sentences lead where they say."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import settle

FORWARDS, BACKWARDS = 1, 2  # among the charts


def visit(page: Page, query: str = "") -> None:
    page.goto(f"/initialization?mode=explore&{query}")
    expect(page.locator(".cards")).to_be_visible()
    chart(page, BACKWARDS).scroll_into_view_if_needed()  # charts out of sight wait
    expect(chart(page, BACKWARDS).locator("canvas")).to_be_visible()
    page.locator("h1").scroll_into_view_if_needed()
    settle(page)


def chart(page: Page, which: int) -> Locator:
    return page.locator(".rnn.vega").nth(which)


def lit(page: Page, which: int) -> int:
    return int(chart(page, which).evaluate("e => e.rnnChart.chart.view.signal('lit')"))


def struck(page: Page) -> list[dict[str, object]]:
    view = "e => JSON.stringify(e.rnnChart.chart.view.data('struck'))"
    return [row for which in (FORWARDS, BACKWARDS) for row in json.loads(chart(page, which).evaluate(view))]


@pytest.mark.parametrize("query", ["", "cell=LSTM"])
def test_the_race_is_in_the_first_screenful_and_presets_stand_above_the_cards(page: Page, query: str) -> None:
    visit(page, query)
    presets, cards = page.locator(".presets").bounding_box(), page.locator(".cards").bounding_box()
    assert presets is not None
    assert cards is not None
    assert presets["y"] + presets["height"] <= cards["y"]
    race = page.get_by_test_id("rnn-race")
    for part in (race.locator("[data-act=play]"), race.locator("button[data-lane]").nth(5)):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


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
    page.wait_for_timeout(300)
    assert [lit(page, which) for which in (FORWARDS, BACKWARDS)] == [9, 9]
    page.locator("h1").hover()
    page.wait_for_timeout(300)
    assert lit(page, BACKWARDS) == -1


def test_a_click_leads_to_an_initialization_worth_seeing_and_another_one_back(page: Page) -> None:
    visit(page)
    page.locator(".presets").get_by_role("button", name="standard deviation of ten").click()
    expect(page.locator("[data-section=saw]")).to_contain_text("Exploded. Forwards from step")
    chart(page, BACKWARDS).scroll_into_view_if_needed()  # charts out of sight wait
    page.wait_for_timeout(300)
    settle(page)
    assert len(struck(page)) == 2
    page.get_by_role("button", name="An initialization that works").click()
    expect(page.locator("[data-section=saw]")).not_to_contain_text("Exploded")
    chart(page, BACKWARDS).scroll_into_view_if_needed()  # charts out of sight wait
    page.wait_for_timeout(300)
    settle(page)
    assert not struck(page)
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
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for one in page.locator(".rnn.vega canvas, .cards, table").all():
        box = one.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
