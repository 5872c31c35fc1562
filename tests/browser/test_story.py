"""Stories in a real browser: beats in sight without scrolling, keys, predictions that keep their answer, live drags.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons import catalog
from tests.browser.holding import rest
from tests.browser.waiting import PAUSE, eventually, quiet, settle
from tests.lessons.common.visits import STORIES
from tests.lessons.common.words import Lesson

BEATS = {slug: Lesson.open(slug).words.beats for slug in STORIES}
ASKED = {slug: [beat for beat in BEATS[slug] if Lesson.open(slug).words.questions(beat)] for slug in STORIES}
DRAGGED = (("hidden_state", "fading"), ("lstm_gates", "forget"), ("lstm_gates", "clamp"))
every_story = pytest.mark.parametrize("slug", STORIES)
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
  const main = document.querySelector("[data-testid=stMain]"), whole = document.documentElement;
  if (main.scrollHeight > main.clientHeight + 24) found.push(`the page: ${main.scrollHeight - main.clientHeight}`);
  if (main.scrollWidth > main.clientWidth) found.push(`sideways: ${main.scrollWidth - main.clientWidth}`);
  if (whole.scrollWidth > innerWidth) found.push(`sideways, the whole: ${whole.scrollWidth}`);
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

# until all that moves towards an end has come to it
RISEN = """story => Promise.all(story.getAnimations({ subtree: true })
  .filter(one => one.effect?.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => {})))"""


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


def settled(story: Locator) -> None:
    """What rises and fades has come to rest; a page that plays may go on."""
    story.evaluate(RISEN)
    settle(story.page)


def assert_in_sight(story: Locator, law: str, what: str) -> None:
    """Nothing breaks a law of what can be seen, in either theme."""
    settled(story)
    eventually(breaks_nothing, story, law, what)
    dark = story.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    story.page.emulate_media(color_scheme="light" if dark else "dark")
    settled(story)
    eventually(breaks_nothing, story, law, f"{what}, in the other theme")


def breaks_nothing(story: Locator, law: str, what: str) -> None:
    assert story.evaluate(law) == [], what


@every_story
def test_next_leads_through_all_beats_none_needs_scrolling_and_an_answer_is_nowhere_before_it_is_chosen(
    page: Page, slug: str
) -> None:
    """At a desk, by clicks, from the lesson's own address to the lesson after it."""
    story = visit(page, slug)
    beats = BEATS[slug]
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(story).to_have_attribute("data-beats", str(len(beats)))
    expect(story.get_by_test_id("story-back")).to_be_disabled()
    for beat in beats:
        at(story, beat)
        assert_in_sight(story, OUT_OF_SIGHT, beat)
        if beat in ASKED[slug]:
            page.evaluate(PAUSE, 500)  # also what comes by itself
            assert_is_told_by_a_choice(story)
            assert_in_sight(story, OUT_OF_SIGHT, f"{beat}, answered")
        story.get_by_test_id("story-next").click()
    page.wait_for_url(re.compile(rf"/{catalog.after(slug) or ''}(\?.*)?$"))  # after the last one, the first page
    expect(page.get_by_test_id("rnn-story").or_(page.get_by_test_id("dials")).first).to_be_visible()
    settle(page)


def assert_is_told_by_a_choice(story: Locator) -> None:
    """The answer, and each of its numbers, is nowhere in the page before; it stays that of the choice."""
    page, chosen = story.page, story.get_by_test_id("story-choice").last
    expect(story.get_by_test_id("story-answer")).to_have_count(0)
    before = " ".join(page.evaluate(EVERYTHING).split())
    chosen.click()
    told = answered(story)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    assert " ".join(told.split()) not in before
    new = [number for number in NUMBER.findall(told) if number not in question(story)]
    assert [number for number in new if number in before] == []
    press(story, "1")
    assert answered(story) == told
    expect(chosen).to_have_attribute("aria-pressed", "true")


def question(story: Locator) -> str:
    """What is said before the answer."""
    return f"{story.locator('.words .body').inner_text()} {story.locator('.task .ask').inner_text()}"


@every_story
def test_on_a_phone_no_beat_scrolls_and_what_a_teacher_reveals_nobody_has_chosen(page: Page, slug: str) -> None:
    """By keys to the end, and back to answers that are still told; all that can be moved is in reach."""
    page.set_viewport_size({"width": 390, "height": 844})
    story, chosen = visit(page, slug), "[data-testid=story-choice][aria-pressed=true]"
    beats = BEATS[slug]
    for beat in beats:
        at(story, beat)
        assert_in_sight(story, UNDER_THE_BUTTONS, beat)
        if beat in ASKED[slug]:
            press(story, "r")
            answered(story)
            expect(story.locator(chosen)).to_have_count(0)
        press(story, "PageDown")
    for beat in reversed(beats[:-1]):
        press(story, "PageUp")
        at(story, beat)
        if beat in ASKED[slug]:
            answered(story)


@every_story
def test_a_link_leads_to_a_question_keys_answer_it_and_lead_on_and_back_and_explore_opens_the_lab(
    page: Page, slug: str
) -> None:
    beats = BEATS[slug]
    beat = ASKED[slug][0]
    after = beats[beats.index(beat) + 1]
    story = visit(page, slug, beat=beat)
    at(story, beat)
    press(story, "1")
    told = answered(story)
    expect(story.get_by_test_id("story-choice").first).to_have_attribute("aria-pressed", "true")
    press(story, "2")
    assert answered(story) == told
    for key, there in (("ArrowRight", after), ("PageUp", beat), ("PageDown", after), ("ArrowLeft", beat)):
        press(story, key)
        at(story, there)
    assert answered(story) == told
    page.wait_for_url(f"**beat={beat}*")
    press(story, "p")
    expect(story).to_have_class(re.compile("projector"))
    press(story, "p")
    expect(story).not_to_have_class(re.compile("projector"))
    story.get_by_test_id("story-explore").click()
    expect(page.get_by_test_id("dials").first).to_be_visible()
    expect(story).to_have_count(0)
    page.wait_for_url("**mode=explore*")
    settle(page)
    page.locator(".st-key-story_again button").click()
    at(page.get_by_test_id("rnn-story"), beat)


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
        quiet(page, 400)
        seen.add(story.locator(".beside").inner_html())
    page.mouse.up()
    assert len(seen) == 3
    assert slider.input_value() != usual
    rest(page)
    there_and_back(story, slug, beat)
    expect(story.locator("input[type=range]:visible:not([aria-label*=step])").first).to_have_value(usual)


@pytest.mark.parametrize("slug", ["lstm_gates", "clipping"])
def test_a_second_click_before_the_last_beat_is_there_does_not_leave_it(page: Page, slug: str) -> None:
    story = visit(page, slug, beat=BEATS[slug][-2])
    story.get_by_test_id("story-next").evaluate("button => { button.click(); button.click(); }")
    at(story, BEATS[slug][-1])
    quiet(page)
    assert f"/{slug}?beat={BEATS[slug][-1]}" in page.url


@pytest.mark.parametrize("slug", ["clipping", "vanishing_and_exploding"])
def test_on_the_narrowest_phone_explore_does_not_scroll_sideways(page: Page, slug: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/{slug}?mode=explore")
    expect(page.get_by_test_id("dials").first).to_be_visible()
    quiet(page)
    eventually(fits, page)  # once the charts have taken their width


def fits(page: Page) -> None:
    assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth - element.clientWidth") <= 0
