"""Sentences read word by word, in a page of their own: the needle moves, tags wait for both readers, none too early."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from rnnviz.player.sentence import WORDS, Line, sentence
from tests.browser.waiting import eventually

TOKENS = ("the", "food", "was", "not", "bad")
SAID = {name: name for name in WORDS} | {"score": "{p} praise", "step": "word {step} of {steps}"}
SCORED = Line("one", TOKENS, scores=(0.6, 0.5, 0.4, 0.2, 0.1), begins=0.55, marks=(0.1, 0.0, -0.2, -1.0, -0.5))
TAGGED = Line("two", TOKENS, tags=("", "thing", "", "", ""), right=(True, False, True, True, True), way=2)
DESK, PHONE = {"viewport": {"width": 884, "height": 640}}, {"viewport": {"width": 390, "height": 420}}
OUT = """() => [...document.querySelectorAll(".rnn-sentence :is(button, input, .word, .meter)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
}).map(one => one.outerHTML.slice(0, 80))"""
Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(options: dict[str, Any], *lines: Line, **place: Any) -> tuple[Page, Locator]:
        html = rv.player.stage_to_html(sentence(lines, words=SAID, **place))
        html = html.replace("const data =", "window.told = []; const data =")
        file = tmp_path / "sentence.html"
        file.write_text(html.replace("data, () => {});", "data, said => window.told.push(said));"))
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-sentence")
        expect(root).to_have_attribute("data-lines", str(len(lines)))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def points(root: Locator, percent: float) -> None:
    """The needle stands here."""
    assert float(root.locator(".needle").evaluate("one => parseFloat(one.style.left)")) == pytest.approx(percent)


def test_the_needle_moves_to_the_last_score_and_what_mattered_comes_back(opened: Open) -> None:
    page, root = opened(DESK, SCORED, play_to=6, speed=2)
    expect(root).to_have_attribute("data-step", "6", timeout=20_000)
    eventually(points, root, 10)
    expect(root.locator(".said")).to_have_text("10% praise")
    for k, mark in enumerate(("", "", "down", "down", "down")):
        expect(root.locator(".word").nth(k)).to_have_attribute("data-mark", mark)
    page.wait_for_function("() => window.told.some(one => one.target === 'played' && one.value === 6)")


def test_the_arrow_keys_go_word_by_word_and_a_tag_waits_for_both_readers(opened: Open) -> None:
    _, root = opened(DESK, TAGGED)
    root.focus()
    for step, known in enumerate((False, False, False, True), start=1):
        root.press("ArrowRight")
        expect(root).to_have_attribute("data-step", str(step))
        wanted = r"\bknown\b" if known else r"^(?!.*\bknown\b)"
        expect(root.locator(".word").nth(1)).to_have_class(re.compile(wanted))


def test_nothing_is_shown_or_played_before_it_may_be(opened: Open) -> None:
    _, root = opened(DESK, SCORED, step=2, hide_from=2, locked=True)
    expect(root).to_have_attribute("data-locked", "true")
    root.focus()
    root.press("End")
    root.press(" ")
    assert root.get_attribute("data-step") == "2"
    eventually(points, root, 50)


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_two_lines_lie_within_the_page(opened: Open, options: dict[str, Any]) -> None:
    page, root = opened(options, SCORED, SCORED, step=5)
    expect(root).to_have_attribute("data-step", "5")
    assert page.evaluate(OUT) == []
