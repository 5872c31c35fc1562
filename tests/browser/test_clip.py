"""Clipping by hand in a real browser: it clips as the engine does, follows the hand, and moves while it plays."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from rnnviz.clipping import angle, clip_by_global_norm, clip_by_value, global_norm
from rnnviz.errors import NonFiniteError
from rnnviz.player import clip
from tests.browser.clip_page import LOOK, opened, reports, written
from tests.browser.waiting import eventually, moves

WORDS = {name: name for name in clip.WORDS} | {
    "columns": ["first", "second", "norm", "turned"],
    "outside": "norm {norm}.",
    "shortened": "to {by_norm}.",
    "turned": "turned by {turned}",
    "straight": "straight {by_value}",
    "now": "{degrees}°",
}
STAGES = {
    "all": clip.stage([2.2, 0.9], 1.0, words=WORDS),
    "small": clip.stage([0.3, 0.2], 1.0, words=WORDS),
    "broken": clip.stage([math.nan, 1.0], 1.0, words=WORDS),
    "locked": clip.stage([2.2, 0.9], 1.0, words=WORDS, locked=True),
    "played": clip.stage([2.2, 0.0], 1.0, words=WORDS, play_to=9, speed=2),
}
TEXT = written("clip", STAGES, "clipping: $clip_clipping")


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with opened(browser, tmp_path / "clip.html", TEXT) as page:
        yield page


def root(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_test_id("rnn-clip")


def vectors() -> list[list[float]]:
    """Gradients of all sizes and lengths, and those at the edges."""
    rng = np.random.default_rng(3)
    found = [
        (rng.normal(size=n) * 10.0**power).tolist() for n in (1, 2, 3, 40) for power in (-300, -9, -1, 0, 1, 9, 300)
    ]
    edges = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [-3.0, 3.0], [1e308, 1e308], [5e-324, 0.0], [1e-200, 1e200]]
    return found + edges


def test_it_clips_as_the_engine_does(page: Page) -> None:
    asked = [(g, c) for g in vectors() for c in (1e-3, 0.3, 1.0, 7.0)]
    found = page.evaluate(
        """asked => asked.map(([g, c]) => {
            const [value, norm] = [clipping.clipByValue(g, c), clipping.clipByNorm(g, c)];
            return [value, norm, clipping.norm(g), clipping.angle(g, value), clipping.angle(g, norm)]
                .map(one => (one === Infinity ? "inf" : one));
        })""",
        asked,
    )
    for (g, c), (value, norm, size, turned, kept) in zip(asked, found):
        given = {"g": np.array(g)}
        by_value, by_norm = clip_by_value(given, c), clip_by_global_norm(given, c)
        np.testing.assert_array_equal(value, by_value.grads["g"])
        np.testing.assert_allclose(norm, by_norm.grads["g"], rtol=1e-15, atol=5e-324)
        np.testing.assert_allclose(float(size), by_value.norm_before, rtol=1e-15)
        np.testing.assert_allclose([turned, kept], [by_value.angle, by_norm.angle], rtol=1e-13, atol=3e-14)
    assert math.isinf(clip_by_value({"g": np.array([1e308, 1.7e308])}, 1.0).norm_before) == (
        page.evaluate("clipping.norm([1e308, 1.7e308])") == math.inf
    )


@pytest.mark.parametrize("entry", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_not_clipped(page: Page, entry: str) -> None:
    for clipped in ("clipByNorm", "clipByValue"):
        assert page.evaluate(f"clipping.{clipped}([1, {entry}], 1)") is None
    for refuses in (clip_by_global_norm, clip_by_value):
        with pytest.raises(NonFiniteError):
            refuses({"g": np.array([1.0, float(entry)])}, 1.0)


def test_by_value_turns_nothing_on_axes_and_diagonals_and_something_between(page: Page) -> None:
    turns = page.evaluate("Array.from({ length: 73 }, (_, k) => clipping.turnAt(5 * k, 2.4, 1))")
    for k, turned in enumerate(turns):
        assert (turned < 1e-6) == (k % 9 == 0), 5 * k
    g = {"g": np.array([2.4 * math.cos(math.radians(20)), 2.4 * math.sin(math.radians(20))])}
    assert turns[4] == pytest.approx(angle(g, clip_by_value(g, 1.0).grads), abs=1e-9)


def numbers(page: Page, row: str) -> list[str]:
    return root(page).locator(f"tr.{row} td").all_inner_texts()


def test_the_numbers_beside_the_plane_are_the_engine_s(page: Page) -> None:
    g = {"g": np.array([2.2, 0.9])}
    for name, found in (("norm", clip_by_global_norm(g, 1.0)), ("value", clip_by_value(g, 1.0))):
        after = found.grads["g"]
        shown = numbers(page, name)
        assert [float(text) for text in shown[:3]] == pytest.approx([*after, found.norm_after], rel=5e-3)
        assert shown[3] == ("0°" if name == "norm" else f"{found.angle:.1f}°")
    expect(root(page).locator(".say")).to_have_text(f"norm {global_norm(g):.2f}. to 1.00. turned by 19.7°")


def test_playing_swings_the_arrow_once_around_and_something_moves_at_the_slowest(page: Page) -> None:
    stage = root(page)
    expect(stage.locator("[data-speed]").first).to_have_attribute("aria-pressed", "true")
    speeds = [float(one.get_attribute("data-speed") or 0) for one in stage.locator("[data-speed]").all()]
    assert speeds == sorted(speeds)
    stage.focus()
    page.keyboard.press("Space")
    expect(stage).to_have_attribute("data-playing", "true")
    assert moves(stage, LOOK) >= 7
    page.keyboard.press("Space")
    expect(stage).to_have_attribute("data-playing", "false")
    (norm,) = {float(numbers(page, "g")[2])}
    assert norm == pytest.approx(math.hypot(2.2, 0.9), rel=5e-3)


def test_what_was_to_be_played_is_told_once(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "played.html", TEXT, "played") as page:
        expect(root(page)).to_have_attribute("data-step", "9")
        expect(root(page)).to_have_attribute("data-playing", "false")
        page.wait_for_function("reports.length > 0")
        assert reports(page, "played") == [9]
        assert float(root(page).get_attribute("data-turned") or 9) < 0.05  # 45 degrees: a diagonal


def test_with_reduced_motion_it_goes_by_whole_steps(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "calm.html", TEXT, "all", reduced_motion="reduce") as page:
        root(page).press("Home")
        root(page).press("Space")
        page.wait_for_function("Number(document.querySelector('input[name=at]').value) > 0")
        thumb = float(root(page).locator("input[name=at]").input_value())
        assert thumb == round(thumb)


def test_keys_step_the_direction_and_move_the_tip(page: Page) -> None:
    stage = root(page)
    stage.press("Home")
    for key, step in (("ArrowRight", "1"), ("ArrowRight", "2"), ("ArrowLeft", "1"), ("End", "72"), ("Home", "0")):
        stage.press(key)
        expect(stage).to_have_attribute("data-step", step)
    page.evaluate("show('all', { token: 2 })")
    tip = stage.locator(".tip")
    tip.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(stage.locator("tr.g td").first).to_have_text("2.00")
    expect(stage.locator("tr.g td").nth(1)).to_have_text("0.990")


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()


def middle(page: Page, part: str) -> tuple[float, float]:
    box = root(page).locator(part).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_tip_follows_the_hand_and_its_rest_is_told(page: Page) -> None:
    before = [float(text) for text in numbers(page, "g")[:2]]
    drag(page, middle(page, ".tip"), (-60, 30))
    told = reports(page, "g")[-1]

    def follows() -> None:
        after = [float(text) for text in numbers(page, "g")[:2]]
        assert after[0] < before[0]
        assert after[1] < before[1]
        assert told == pytest.approx(after, rel=5e-3)

    eventually(follows)


def test_the_threshold_is_dragged_at_its_corner_and_told(page: Page) -> None:
    drag(page, middle(page, ".grip"), (40, 40))
    told = reports(page, "threshold")
    assert told[-1] > 1.2
    expect(root(page)).to_have_attribute("data-threshold", str(told[-1]))

    def shortened() -> None:
        assert float(numbers(page, "norm")[2]) == pytest.approx(told[-1], rel=5e-3)

    eventually(shortened)


def test_a_finger_takes_the_tip_and_elsewhere_scrolls(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "touch.html", TEXT, "all", has_touch=True) as page:
        before = numbers(page, "g")
        x, y = middle(page, ".tip")
        page.touchscreen.tap(x - 150, y + 150)
        assert numbers(page, "g") == before
        page.touchscreen.tap(x + 12, y)
        expect(root(page).locator("tr.g td").first).not_to_have_text(before[0])


def test_a_new_threshold_keeps_the_arrow_and_another_token_sets_it_anew(page: Page) -> None:
    root(page).press("ArrowRight")
    at = numbers(page, "g")
    page.evaluate("show('all', { threshold: 2 })")
    expect(root(page)).to_have_attribute("data-threshold", "2")
    assert numbers(page, "g") == at
    page.evaluate("show('all', { token: 'other' })")
    expect(root(page).locator("tr.g td").first).to_have_text("2.20")


def test_inside_the_circle_nothing_is_clipped(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "small.html", TEXT, "small") as page:
        expect(root(page).locator(".say")).to_have_text("inside")
        assert numbers(page, "norm") == [*numbers(page, "g")[:3], "0°"]
        assert root(page).locator("line.norm, line.value").count() == 0


def test_a_gradient_that_is_not_finite_is_said_to_be_so(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "broken.html", TEXT, "broken") as page:
        expect(root(page).locator(".say")).to_have_text("broken")


def test_what_is_locked_waits(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "locked.html", TEXT, "locked") as page:
        before = json.dumps(numbers(page, "g"))
        drag(page, middle(page, ".tip"), (-60, 30))
        for key in ("Space", "ArrowRight", "End"):
            root(page).press(key)
        assert json.dumps(numbers(page, "g")) == before
        expect(root(page)).to_have_attribute("data-playing", "false")


@pytest.mark.parametrize("width", [390, 880])
def test_it_fits_and_its_text_is_large_enough(browser: Browser, tmp_path: Path, width: int) -> None:
    with opened(browser, tmp_path / "fits.html", TEXT, "all", viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.evaluate(
            "[...document.querySelectorAll('.rnn-clip text')].map(one => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(sizes) >= 14
