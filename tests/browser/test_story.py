"""Stories in a real browser: beats in sight without scrolling, keys, predictions that keep their answer, live drags.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons import catalog
from tests.browser.holding import rest
from tests.browser.waiting import eventually, settle
from tests.lessons.common.visits import STORIES
from tests.lessons.common.words import Lesson

BEATS = {slug: Lesson.open(slug).words.beats for slug in STORIES}
ASKED = [(slug, beat) for slug, beats in BEATS.items() for beat in beats if Lesson.open(slug).words.questions(beat)]
DRAGGED = (("hidden_state", "fading"), ("lstm_gates", "forget"), ("lstm_gates", "clamp"))
every_story = pytest.mark.parametrize("slug", STORIES)
every_question = pytest.mark.parametrize(("slug", "beat"), ASKED)
NUMBER = re.compile(r"−?\d\.\d{2,}")

# All that a page holds, seen or not: texts and attributes, shadow roots included.
EVERYTHING = """() => {
  const said = [], roots = [document.body];
  for (const root of roots) for (const one of root.querySelectorAll("*")) {
    if (one.shadowRoot) roots.push(one.shadowRoot);
    if (one.matches("script, style")) continue;
    for (const node of one.childNodes) if (node.nodeType === 3) said.push(node.data);
    for (const { name, value } of one.attributes)
      if (!/^(d|style|class|id|points|transform|[xyrc]?[xy]?[12]?|width|height)$/.test(name)) said.push(value);
  }
  return said.join(" ");
}"""
# What a hand cannot reach on a phone, and what is cut off there; lanes of a race may be scrolled within their picture.
UNDER_THE_BUTTONS = """story => {
  const floor = story.querySelector("nav").getBoundingClientRect().top + 1, found = [];
  for (const one of story.querySelectorAll(".scene input, .scene button, .scene .rnn-charts canvas, .handles input")) {
    const { width, height, bottom } = one.getBoundingClientRect();
    if (width > 1 && height > 1 && bottom > floor && !one.closest(".rnn-race .names, .rnn-player"))
      found.push(`${one.name || one.className || one.tagName}: ${Math.round(bottom - floor)}`);
  }
  const main = document.querySelector("[data-testid=stMain]");
  if (main.scrollHeight > main.clientHeight + 24) found.push(`the page: ${main.scrollHeight - main.clientHeight}`);
  return found;
}"""
# What stands out of the window or needs scrolling, at a desk.
OUT_OF_SIGHT = """story => {
  const found = [], all = selector => [...story.querySelectorAll(selector)];
  const words = all(".words")[0];
  if (words.scrollHeight > words.clientHeight + 1) found.push(`words: ${words.scrollHeight - words.clientHeight}`);
  const parts = ["[data-testid=story-next]", "[data-testid=story-back]", ".scene", ".scene .kind:last-child > *"];
  for (const part of [...parts, ".handles:not(:empty)"])
    for (const one of all(part)) {
      const box = one.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.top < -1 || box.left < -1)
        found.push(`${part}: ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
    }
  const pictures = all(".scene :is(svg, canvas, table, .tokens, .page, .intervals)");
  if (!pictures.some(one => one.getBoundingClientRect().width > 200))
    found.push("the stage is empty");
  const main = document.querySelector("[data-testid=stMain]");
  if (main.scrollHeight > main.clientHeight + 1) found.push(`the page: ${main.scrollHeight - main.clientHeight}`);
  return found;
}"""


def visit(page: Page, slug: str, **query: str) -> Locator:
    """The story, opened."""
    page.goto(f"/{slug}?" + "&".join(f"{name}={value}" for name, value in query.items()))
    story = page.get_by_test_id("rnn-story")
    expect(story).to_be_visible()
    settle(page)
    expect(story.locator(".scene .kind > *").first).to_be_attached()
    return story


def at(story: Locator, beat: str) -> None:
    """The story stands at this beat, and its stage is there."""
    expect(story).to_have_attribute("data-beat", beat)
    settle(story.page)
    expect(story.locator(".scene .leaving")).to_have_count(0)


def in_sight(story: Locator, which: str) -> None:
    """Nothing needs scrolling, and the stage shows something: a chart on it may still be being drawn."""
    assert story.evaluate(OUT_OF_SIGHT) == [], which


def press(story: Locator, key: str) -> None:
    story.page.keyboard.press(key)
    settle(story.page)


def there_and_back(story: Locator, slug: str, beat: str) -> None:
    """To the beat before, from the first one to the one after, and to this one again."""
    number = BEATS[slug].index(beat)
    away, back = ("PageUp", "PageDown") if number else ("PageDown", "PageUp")
    press(story, away)
    at(story, BEATS[slug][number - 1 if number else 1])
    press(story, back)
    at(story, beat)


def answered(story: Locator) -> str:
    """What is told, once it is."""
    told = story.get_by_test_id("story-answer")
    expect(told).to_be_visible()
    return told.inner_text()


@every_story
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_next_leads_through_all_beats_and_none_needs_scrolling(page: Page, slug: str, theme: Any) -> None:
    page.emulate_media(color_scheme=theme)
    story = visit(page, slug)
    beats = BEATS[slug]
    expect(story).to_have_attribute("data-beats", str(len(beats)))
    expect(story.get_by_test_id("story-back")).to_be_disabled()
    for beat in beats:
        at(story, beat)
        eventually(in_sight, story, beat)
        if story.get_by_test_id("story-choice").count():
            story.get_by_test_id("story-choice").last.click()
            answered(story)
            page.wait_for_timeout(500)  # the answer rises into its place
            eventually(in_sight, story, f"{beat}, answered")
        if beat != beats[-1]:
            story.get_by_test_id("story-next").click()


@every_story
def test_on_a_phone_no_beat_scrolls_and_all_that_can_be_moved_is_in_reach(page: Page, slug: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    story = visit(page, slug)
    for beat in BEATS[slug]:
        at(story, beat)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, beat
        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0, beat
        page.wait_for_timeout(300)  # a chart takes the room there is
        assert story.evaluate(UNDER_THE_BUTTONS) == [], beat
        press(story, "PageDown")


@every_story
def test_keys_lead_on_and_back_and_large_type_comes_and_goes(page: Page, slug: str) -> None:
    story = visit(page, slug)
    first, second, third = BEATS[slug][:3]
    at(story, first)
    for key, beat in (("ArrowRight", second), ("PageDown", third), ("PageUp", second), ("ArrowLeft", first)):
        press(story, key)
        at(story, beat)
    assert f"beat={first}" in page.url
    press(story, "p")
    expect(story).to_have_class(re.compile("projector"))
    press(story, "p")
    expect(story).not_to_have_class(re.compile("projector"))


@every_question
def test_an_answer_is_nowhere_before_the_reader_has_chosen(page: Page, slug: str, beat: str) -> None:
    story = visit(page, slug, beat=beat)
    at(story, beat)
    page.wait_for_timeout(800)  # also what comes by itself
    expect(story.get_by_test_id("story-answer")).to_have_count(0)
    before = " ".join(page.evaluate(EVERYTHING).split())
    press(story, "1")
    told = answered(story)
    expect(story.get_by_test_id("story-choice").first).to_have_attribute("aria-pressed", "true")
    assert " ".join(told.split()) not in before
    new = [number for number in NUMBER.findall(told) if number not in question(story)]
    assert [number for number in new if number in before] == []
    press(story, "2")
    assert answered(story) == told


def question(story: Locator) -> str:
    """What is said before the answer."""
    return f"{story.locator('.words .body').inner_text()} {story.locator('.task .ask').inner_text()}"


@every_question
def test_a_teacher_reveals_the_answer_and_nobody_has_chosen(page: Page, slug: str, beat: str) -> None:
    story = visit(page, slug, beat=beat)
    at(story, beat)
    press(story, "r")
    answered(story)
    expect(story.locator("[data-testid=story-choice][aria-pressed=true]")).to_have_count(0)
    there_and_back(story, slug, beat)
    answered(story)


@pytest.mark.parametrize(("slug", "beat"), DRAGGED)
def test_the_stage_follows_a_drag_while_it_lasts_and_next_puts_it_right(page: Page, slug: str, beat: str) -> None:
    story = visit(page, slug, beat=beat)
    at(story, beat)
    slider = story.locator("input[type=range]:visible:not([aria-label*=step])").first
    usual, box = slider.input_value(), slider.bounding_box()
    assert box is not None
    y, left, width = box["y"] + box["height"] / 2, box["x"] + 8, box["width"] - 16
    where = slider.evaluate("one => (one.value - one.min) / (one.max - one.min)")
    page.mouse.move(left + where * width, y)
    page.mouse.down()
    seen = set()
    for share in (0.1, 0.5, 0.9):
        page.mouse.move(left + share * width, y, steps=4)
        page.wait_for_timeout(400)
        settle(page)
        seen.add(story.locator(".beside").inner_html())
    page.mouse.up()
    assert len(seen) == 3
    assert slider.input_value() != usual
    rest(page)
    there_and_back(story, slug, beat)
    expect(story.locator("input[type=range]:visible:not([aria-label*=step])").first).to_have_value(usual)


@every_story
def test_explore_opens_the_lab_and_comes_back(page: Page, slug: str) -> None:
    story = visit(page, slug, beat=BEATS[slug][2])
    story.get_by_test_id("story-explore").click()
    expect(page.get_by_test_id("dials").first).to_be_visible()
    expect(story).to_have_count(0)
    settle(page)
    assert "mode=explore" in page.url
    page.locator(".st-key-story_again button").click()
    at(page.get_by_test_id("rnn-story"), BEATS[slug][2])


@every_story
def test_the_last_beat_leads_to_the_next_lesson(page: Page, slug: str) -> None:
    story = visit(page, slug, beat=BEATS[slug][-1])
    at(story, BEATS[slug][-1])
    story.get_by_test_id("story-next").click()
    page.wait_for_url(re.compile(rf"/{catalog.after(slug) or ''}(\?.*)?$"))  # after the last one, the first page
    expect(page.get_by_test_id("rnn-story").or_(page.get_by_test_id("dials")).first).to_be_visible()
    settle(page)


@pytest.mark.parametrize("slug", ["lstm_gates", "clipping"])
def test_a_second_click_before_the_last_beat_is_there_does_not_leave_it(page: Page, slug: str) -> None:
    story = visit(page, slug, beat=BEATS[slug][-2])
    story.get_by_test_id("story-next").evaluate("button => { button.click(); button.click(); }")
    at(story, BEATS[slug][-1])
    page.wait_for_timeout(500)
    settle(page)
    assert f"/{slug}?beat={BEATS[slug][-1]}" in page.url


@pytest.mark.parametrize("slug", ["clipping", "vanishing_and_exploding"])
def test_on_the_narrowest_phone_explore_does_not_scroll_sideways(page: Page, slug: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/{slug}?mode=explore")
    expect(page.get_by_test_id("dials").first).to_be_visible()
    settle(page)
    page.wait_for_timeout(2000)  # until the charts have taken their width
    assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth - element.clientWidth") <= 0
