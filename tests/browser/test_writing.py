"""A network that writes, in a page of its own: it writes letter by letter, and the temperature is under the hand."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common import text
from lessons.language_model import pictures, stored, tale
from lessons.language_model.book import decode
from lessons.language_model.writer import written
from tests.browser.waiting import eventually

WORDS = text.load(Path(pictures.__file__).parent)
HEAT = ((0, 1.0),)
FOUND = written(stored.network(), tale.PROMPT, HEAT, 0)
SIZES = {"desk": {"width": 884, "height": 640}, "phone": {"width": 390, "height": 420}}
OUT = """() => [...document.querySelectorAll(".rnn-writing :is(button, p, input, b, .piece)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
}).map(one => one.outerHTML.slice(0, 80))"""
Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(size: str = "desk", **place: Any) -> tuple[Page, Locator]:
        stage = pictures.written(stored.network(), tale.PROMPT, HEAT, 0, WORDS, **place)
        html = rv.player.stage_to_html(stage).replace("const data =", "window.told = []; const data =")
        file = tmp_path / "writing.html"
        file.write_text(html.replace("data, () => {});", "data, said => window.told.push(said));"))
        context = browser.new_context(viewport=SIZES[size])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-writing")
        expect(root).to_have_attribute("data-steps", str(len(FOUND.drawn)))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def stands_written(root: Locator, text: str) -> None:
    assert "".join(root.locator(".page span:not(.later)").all_text_contents()) == text


def test_keys_write_letter_by_letter_what_was_drawn(opened: Open) -> None:
    page, root = opened()
    root.focus()
    for n in range(1, 6):
        page.keyboard.press("ArrowRight")
        expect(root).to_have_attribute("data-step", str(n))
        eventually(stands_written, root, decode(FOUND.symbols[: len(tale.PROMPT) + n]))
    page.keyboard.press("End")
    expect(root).to_have_attribute("data-step", str(len(FOUND.drawn)))


def test_the_bars_are_the_softmax_of_what_the_network_says(opened: Open) -> None:
    _, root = opened(step=7)
    p = np.sort(rv.sampling.tempered(FOUND.logits[7], 1.0))[::-1]
    shown = [one.rstrip("%") for one in root.locator(".odd .p").all_text_contents()]
    assert [float(one) for one in shown[:4]] == [round(100 * share) for share in p[:4]]


def test_a_bar_is_as_high_as_its_letter_is_likely_whatever_the_likeliest_is(opened: Open) -> None:
    _, root = opened(step=7)
    p = np.sort(rv.sampling.tempered(FOUND.logits[7], 1.0))[::-1]
    room = root.locator(".odds").evaluate("one => one.clientHeight - 50")
    for place in (0, 1):
        bar = root.locator(".bar-of").nth(place)
        expect(bar).to_have_attribute("style", re.compile("--p"))
        assert bar.evaluate("one => one.offsetHeight") == pytest.approx(p[place] * room, abs=1.5)


def test_a_letter_that_is_drawn_among_the_others_is_said_with_its_own_share(opened: Open) -> None:
    p = [rv.sampling.tempered(logits, 1.0) for logits in FOUND.logits]
    hits = [rv.sampling.draw(one, chance) for one, chance in zip(p, FOUND.chances)]
    step = next(n for n, hit in enumerate(hits) if (p[n] > p[n][hit]).sum() >= 7)  # seven letters have bars
    share = 100 * p[step][hits[step]]
    _, root = opened("phone", step=step)
    root.locator("[name=heat]").evaluate("one => { one.value = 1; one.dispatchEvent(new Event('input')); }")
    chosen = root.locator(".odd.chosen")
    expect(chosen.locator(".letter")).to_have_text(decode(np.array([hits[step]])).replace(" ", "␣"))
    expect(chosen.locator(".p")).to_have_text("<1%" if share < 0.5 else f"{round(share)}%")
    assert float(str(chosen.locator(".bar-of").get_attribute("style")).split()[-1].rstrip(";")) == pytest.approx(
        share / 100, abs=1e-4
    )


def test_the_temperature_moves_the_bars_while_it_is_dragged_and_is_told_when_it_is_let_go(opened: Open) -> None:
    page, root = opened(step=7)
    slider = root.locator("[name=heat]")
    slider.evaluate("one => { one.value = 0.2; one.dispatchEvent(new Event('input')); }")
    expect(root).to_have_attribute("data-heat", "0.2")
    p = rv.sampling.tempered(FOUND.logits[7], 0.2)
    expect(root.locator(".odd .p").first).to_have_text(f"{round(100 * p.max())}%")
    hit = rv.sampling.draw(p, FOUND.chances[7])
    expect(root.locator(".odd.chosen .letter")).to_have_text(decode(np.array([hit])).replace(" ", "␣"))
    assert page.evaluate("told.filter(one => one.target === 'heat')") == []
    slider.evaluate("one => one.dispatchEvent(new Event('change'))")
    assert page.evaluate("told.at(-1)") == {"target": "heat", "value": [[0, 1], [7, 0.2]]}


def test_before_the_answer_nothing_can_be_seen_or_played(opened: Open) -> None:
    page, root = opened(step=3, hide_from=3, locked=True)
    root.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-step", "3")
    assert set(root.locator(".odd .letter").all_text_contents()) == {"?"}


def test_before_the_answer_no_letter_is_shaded(opened: Open) -> None:
    def shaded(root: Locator) -> int:
        return int(root.locator(".page span").evaluate_all("all => all.filter(one => one.style.background).length"))

    place = {"shade": "back", "step": 9}
    assert shaded(opened(**place, hide_from=9, locked=True)[1]) == 0
    assert shaded(opened(**place)[1]) > 0


def test_it_plays_to_where_it_is_told_and_says_so(opened: Open) -> None:
    page, root = opened(play_to=12, speed=16)
    expect(root).to_have_attribute("data-step", "12")
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.some(one => one.target === 'played' && one.value === 12)")


@pytest.mark.parametrize("size", SIZES)
def test_all_of_it_fits(opened: Open, size: str) -> None:
    page, root = opened(size, step=60)
    expect(root.locator(".odd")).to_have_count(8 if size == "phone" else 12)
    assert page.evaluate(OUT) == []
