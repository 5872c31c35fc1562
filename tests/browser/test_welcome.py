"""The first page in a real browser: it reads what is typed, and its cards lead to the lessons and remember them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons import catalog
from lessons.welcome import model
from tests.browser.waiting import settle

ANIMATED = "e => e.getAnimations().filter(a => a.playState === 'running').map(a => a.animationName)"


def opened(page: Page, address: str = "/") -> Locator:
    page.goto(address)
    player = page.get_by_test_id("rnn-player")
    expect(player).to_be_visible()
    return player


def typed(page: Page, text: str) -> None:
    page.locator("[data-testid=dials] input[name=text]").fill(text)


def watch(page: Page, act: str) -> None:
    page.locator(f"[data-testid=dials] input[type=radio][value={act}]").check(force=True)


def card(page: Page, slug: str) -> Locator:
    return page.locator(f"a[data-lesson={slug}]")


def test_it_reads_by_itself_one_unit_then_all_then_back(page: Page) -> None:
    player = opened(page)
    last = len(model.SENTENCE) - 1
    expect(player).to_have_attribute("data-step", str(last))
    expect(player).to_have_attribute("data-playing", "false")
    watch(page, "all")
    expect(player).to_have_attribute("data-playing", "true")
    watch(page, "back")
    expect(player).to_have_attribute("data-pass", "backward")
    expect(player).to_have_attribute("data-step", "0")


def test_what_is_typed_is_read_letter_by_letter(page: Page) -> None:
    player = opened(page)
    typed(page, "go")
    expect(player).to_have_attribute("data-steps", "2")
    expect(player).to_have_attribute("data-step", "1")
    typed(page, "go home")
    expect(player).to_have_attribute("data-steps", "7")
    expect(player).to_have_attribute("data-step", "6")


@pytest.mark.parametrize(
    ("text", "steps", "remark"),
    [
        ("", len(model.SENTENCE), "this sentence is ours"),
        ("🎉🙈", len(model.SENTENCE), "this sentence is ours"),
        ("привет", len(model.SENTENCE), "this sentence is ours"),
        ("x" * 10_000, model.MOST, "reads the first"),
        ("<img src=x onerror=alert(1)> hi", None, "leaves out the rest"),
        ("q", 1, None),
    ],
)
def test_any_text_gives_a_picture_and_what_is_lost_is_said(
    page: Page, text: str, steps: int | None, remark: str | None
) -> None:
    player = opened(page)
    typed(page, text)
    if remark:
        expect(page.get_by_text(re.compile(remark))).to_be_visible()
    if steps:
        expect(player).to_have_attribute("data-steps", str(steps))
    expect(player.locator("canvas").first).to_be_visible()


def test_all_cards_stand_in_the_first_three_screenfuls_and_those_to_begin_with_in_two(page: Page) -> None:
    opened(page)
    settle(page)
    for part, slugs in catalog.PARTS.items():
        for slug in slugs:
            box = card(page, slug).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= (2400 if part == "applications" else 1600)
            assert box["height"] > 100


def test_a_card_opens_its_lesson_and_a_story_read_to_its_end_is_marked_in_this_browser(page: Page) -> None:
    opened(page)
    for slug in catalog.SLUGS:
        expect(card(page, slug).locator(".done")).to_be_hidden()
    card(page, "hidden_state").click()
    story = page.get_by_test_id("rnn-story")
    expect(story).to_be_visible()
    page.goto("/hidden_state?beat=summary")
    expect(story).to_contain_text("A running summary")
    opened(page)  # another session of the server, the same browser
    expect(card(page, "hidden_state").locator(".done")).to_be_visible()
    expect(card(page, "lstm_gates").locator(".done")).to_be_hidden()


@pytest.mark.parametrize("calm", [False, True])
def test_a_picture_moves_where_it_is_pointed_at_unless_motion_is_reduced(page: Page, calm: bool) -> None:
    page.emulate_media(reduced_motion="reduce" if calm else "no-preference")
    opened(page)
    one = card(page, "backprop_through_time")
    one.scroll_into_view_if_needed()
    assert one.locator("svg").evaluate(ANIMATED) == []
    one.hover()
    assert one.locator("svg").evaluate(ANIMATED) == ([] if calm else ["drawn-back"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_stage_and_cards_without_scrolling_sideways(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    box = page.get_by_test_id("rnn-player").bounding_box()
    assert box is not None
    assert box["y"] < 600


def test_p_makes_the_first_page_larger_for_a_class_and_not_the_page_after_it(page: Page) -> None:
    player = opened(page)
    page.keyboard.press("p")
    after = card(page, "hidden_state").locator("strong").evaluate("e => e.currentCSSZoom")
    assert after == pytest.approx(1.3)
    expect(player).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    card(page, "hidden_state").click()
    expect(page.get_by_test_id("rnn-story")).to_be_visible()
    assert page.get_by_test_id("rnn-story").evaluate("e => e.currentCSSZoom") == pytest.approx(1)
