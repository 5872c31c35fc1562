"""The stage that adds up a weight's gradient, in a page of its own: what is drawn is what the engine computed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rnnviz.player import joined, style
from rnnviz.player.sum import WORDS, parts
from tests.browser.waiting import PAUSE, eventually, moves
from tests.player.test_sum import DAYS, SHORT, passes

DESK = {"viewport": {"width": 884, "height": 680}}
PHONE = {"viewport": {"width": 390, "height": 420}, "has_touch": True}
CALM = DESK | {"reduced_motion": "reduce"}
SHAPES = "() => [...document.querySelectorAll('svg.picture *')].map(one => one.outerHTML).join()"


def stage(**changes: Any) -> dict[str, Any]:
    trace, grads = passes()
    said = {name: name for name in WORDS} | {
        "live": "{day}: {gradient} {handed} {part} {sum}",
        "so_far": "{sum}",
        "sum_short": "sum",
    }
    data = parts(trace, grads, labels=DAYS, short_labels=SHORT)
    usual = {"locked": False, "play_to": None, "step": 0, "speed": None, "token": 1}
    return {"kind": "sum", "view": "sum", "data": data, "words": said} | usual | changes


@contextmanager
def opened(browser: Browser, path: Path, given: dict[str, Any], look: dict[str, Any] = DESK) -> Iterator[Page]:
    path.write_text(
        f"<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{style('sum')}"
        f"body {{ margin: 0 }} #host {{ height: 100vh }}</style><div id=host></div><script>{joined('sum')}\n"
        f"window.said = []; window.one = $sum.mount(document.getElementById('host'), {json.dumps(given)}, "
        "one => said.push(one))</script>",
        encoding="utf-8",
    )
    context = browser.new_context(**look)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(path.as_uri())
    expect(page.get_by_test_id("rnn-sum")).to_have_attribute("data-steps", "8")
    yield page
    assert errors == []
    context.close()


def root(page: Page) -> Any:
    return page.get_by_test_id("rnn-sum")


def drawn(page: Page) -> dict[int, float]:
    """The parts that are drawn: their values by day."""
    read = "all => all.map(e => [Number(e.dataset.part), Number(e.dataset.value)])"
    return {int(day): value for day, value in page.locator("[data-part]").evaluate_all(read)}


def draws(page: Page, parts: dict[int, float], total: float) -> None:
    assert drawn(page) == parts
    assert float(page.locator(".total").get_attribute("data-value") or "") == pytest.approx(total)


def test_each_key_adds_the_part_of_one_more_day_from_the_last(browser: Browser, tmp_path: Path) -> None:
    given = stage()
    values, running = given["data"]["parts"], given["data"]["running"]
    with opened(browser, tmp_path / "page.html", given) as page:
        assert drawn(page) == {}
        for done in range(1, 9):
            root(page).press("ArrowLeft")
            expect(root(page)).to_have_attribute("data-step", str(done))
            eventually(draws, page, {day: values[day] for day in range(8 - done, 8)}, running[8 - done])
            expect(page.locator(".live")).to_contain_text(given["data"]["printed"]["running"][8 - done])
        root(page).press("End")
        expect(root(page)).to_have_attribute("data-step", "0")
        expect(page.locator("[data-part]")).to_have_count(0)


def test_the_bars_are_as_high_as_their_values(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", stage(step=8)) as page:
        read = "all => all.map(e => [Number(e.dataset.value), e.getBoundingClientRect().height])"
        bars = page.locator(".part, .total").evaluate_all(read)
        scale = max(height for _, height in bars) / max(abs(value) for value, _ in bars)
        for value, height in bars:
            assert height == pytest.approx(max(abs(value) * scale, 1.5), abs=2.1)


def test_while_it_plays_at_its_slowest_something_moves(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", stage()) as page:
        page.locator("[data-speed]").first.click()
        page.locator("[data-act=play]").click()
        expect(root(page)).to_have_attribute("data-playing", "true")
        assert moves(root(page), SHAPES) >= 7
        expect(root(page)).to_have_attribute("data-playing", "true")


@pytest.mark.parametrize("look", [DESK, CALM])
def test_what_it_plays_by_itself_is_told_once(browser: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    with opened(browser, tmp_path / "page.html", stage(play_to=2, speed=2), look) as page:
        page.wait_for_function("said.length > 0")
        assert page.evaluate("said") == [{"target": "played", "value": 2}]
        expect(root(page)).to_have_attribute("data-step", "2")
        root(page).press(" ")
        root(page).press(" ")
        assert page.evaluate("said.length") == 1


def test_where_it_is_locked_nothing_is_added(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", stage(locked=True)) as page:
        for key in ("ArrowLeft", " ", "Home"):
            root(page).press(key)
        page.locator("[data-day='3']").click(force=True)
        page.evaluate("one.play()")
        page.evaluate(PAUSE, 200)
        assert (root(page).get_attribute("data-step"), drawn(page)) == ("0", {})


def test_the_same_token_keeps_the_place_and_another_one_sets_it_anew(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", stage()) as page:
        root(page).press("ArrowLeft")
        for token, step in ((1, "1"), (2, "0")):
            page.evaluate("given => one.receive(given)", stage(token=token))
            page.evaluate(PAUSE, 100)
            expect(root(page)).to_have_attribute("data-step", step)


@pytest.mark.parametrize("look", [DESK, PHONE])
def test_no_text_is_small_or_out_of_sight(browser: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    with opened(browser, tmp_path / "page.html", stage(step=8), look) as page:
        texts = page.locator("svg.picture text").evaluate_all(
            """all => all.map(e => [e.textContent, parseFloat(getComputedStyle(e).fontSize),
               e.getBoundingClientRect().left, e.getBoundingClientRect().right])"""
        )
        assert len(texts) > 30
        for text, size, left, right in texts:
            assert size >= 14, text
            assert left >= -1, text
            assert right <= look["viewport"]["width"] + 8, text
