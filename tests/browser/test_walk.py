"""The walk back: what is drawn, said and told are the gradients that backpropagation gives; nothing moves unasked."""

import io
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, expect

from rnnviz.arrays import Array
from tests.browser.walk_page import DESK, PAGE_WIDE, PHONE, TRACES, Opened, T, opened, stages
from tests.player.test_walk import engine_of

CALM = DESK | {"reduced_motion": "reduce"}
POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)")
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LOOK = """() => {
    const small = [], out = [];
    for (const one of document.querySelectorAll(".rnn-walk text, .rnn-walk .bar *")) {
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!box.width || style.visibility === "hidden" || !own) continue;
        if (parseFloat(style.fontSize) < 13.99) small.push(one.textContent);
        if (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) out.push(one.textContent);
    }
    return [small, out];
}"""
FRAMES = """async () => {
    let frames = 0;
    const draw = window.requestAnimationFrame;
    window.requestAnimationFrame = f => { frames++; return draw(f); };
    await new Promise(done => setTimeout(done, 400));
    window.requestAnimationFrame = draw;
    return frames;
}"""


def exact(name: str, angle: float) -> Array:
    """log10 ||dL/dh_t|| of the arrow at this angle (degrees), by backpropagation, (T,)."""
    return engine_of(TRACES[name], stages()[name]["data"], float(np.radians(angle)))


def as_log10(printed: str) -> float:
    mantissa, _, power = printed.replace("−", "-").partition("×10")
    return float(np.log10(float(mantissa))) + float(power.translate(POWERS) or 0)


def text_of(one: Opened, part: str) -> str:
    return str(one.part(part).text_content())


def drawn_arrow(one: Opened) -> float:
    """log10 of the arrow's norm, measured in the picture: its pixels by those of 1 at this scale."""
    arrow = one.part("arrow")
    (x, y), (a, b) = [tuple(map(float, point)) for point in POINT.findall(str(arrow.get_attribute("d")))]
    return float(np.log10(np.hypot(a - x, b - y) / float(str(arrow.get_attribute("data-pixels")))))


# What is drawn is what the engine computed


@pytest.mark.parametrize("name", ["vanishes", "saturated", "sheared", "explodes", "lstm", "wide", "wide_lstm"])
def test_the_arrow_has_the_norms_that_backpropagation_gives(browser: Browser, tmp_path: Path, name: str) -> None:
    """As text, as a data attribute, and as pixels of the picture."""
    with opened(browser, tmp_path / "page.html", name) as one:
        norms = exact(name, float(one.said("angle")))
        for back in (1, 2, 7, 13, T - 1):
            one.go(back)
            wanted = norms[T - back - 1]
            assert float(one.said("norm")) == pytest.approx(wanted, abs=1e-6)
            assert as_log10(text_of(one, "value")) == pytest.approx(wanted, abs=3e-3)
            if one.part("arrow").count():
                assert drawn_arrow(one) == pytest.approx(wanted, abs=2e-2)


def test_another_arrow_that_is_dragged_to_is_another_loss_by_backpropagation(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "sheared") as one:
        one.go(2)
        box = one.root.locator("rect.paper").bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for across, up in ((60, 10), (-20, 70)):
            one.page.mouse.move(*middle)
            one.page.mouse.down()
            one.page.mouse.move(middle[0] + across, middle[1] - up, steps=4)
            one.page.mouse.up()
            one.drawn()
            (told,) = one.told()
            assert told["target"] == "arrow"
            assert float(one.said("norm")) == pytest.approx(exact("sheared", told["value"])[T - 3], abs=1e-6)
            (x, y), (a, b) = [tuple(map(float, p)) for p in POINT.findall(str(one.part("arrow").get_attribute("d")))]
            assert np.degrees(np.arctan2(y - b, a - x)) == pytest.approx(np.degrees(np.arctan2(up, across)), abs=1)


def test_the_circle_is_drawn_with_its_largest_and_its_smallest_norm(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "vanishes") as one:
        for back in (0, 1, 2):
            one.go(back)
            pixels = float(str(one.part("arrow").get_attribute("data-pixels")))
            outline = np.array(POINT.findall(str(one.part("circle").get_attribute("d"))), float)
            norms = np.linalg.norm(outline - outline.mean(axis=0), axis=1) / pixels
            assert np.log10(norms.max()) == pytest.approx(float(one.said("most")), abs=5e-3)
            assert np.log10(norms.min()) == pytest.approx(float(one.said("least")), abs=2e-2)


def test_the_camera_keeps_the_circle_in_the_frame_and_says_the_power_of_ten(browser: Browser, tmp_path: Path) -> None:
    for name in ("vanishes", "explodes"):
        with opened(browser, tmp_path / "page.html", name) as one:
            box = one.root.locator("rect.paper").bounding_box()
            assert box is not None
            for back in (0, 6, 12, T):
                one.go(back)
                points = np.array(POINT.findall(str(one.part("circle").get_attribute("d"))), float)
                reach = np.ptp(points, axis=0).max()
                assert 0.04 * box["height"] < reach < 1.0 * box["height"]
            assert re.fullmatch(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", text_of(one, "scale"))


def test_beyond_the_largest_number_nothing_is_drawn(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "overflows") as one:
        one.go(60)
        expect(one.root.locator("text.lost")).to_have_text("∞")
        assert one.part("circle").count() == 0
        assert "float32" in str(one.root.locator(".picture").text_content())


def test_one_number_hops_by_its_factor(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "beads") as one:
        one.go(12)
        values = [as_log10(text) for text in one.part("value").all_text_contents()]
        factors = [1.1, 1.0, 0.9, 0.8]
        assert values == pytest.approx([12 * np.log10(f) for f in factors], abs=3e-3)
        one.root.locator("input[name=factor]").evaluate("input => { input.value = 0.5; }")
        one.root.locator("input[name=factor]").dispatch_event("input")
        one.root.locator("input[name=factor]").dispatch_event("change")
        one.drawn()
        assert as_log10(one.part("value").all_text_contents()[3]) == pytest.approx(12 * np.log10(0.5), abs=3e-3)
        assert {"target": "factor", "value": 0.5} in one.told()


def test_on_a_log_axis_every_factor_is_a_straight_line(browser: Browser, tmp_path: Path) -> None:
    def bends(line: str | None) -> float:
        """By how many pixels a line leaves the straight one between its ends."""
        x, y = np.array(POINT.findall(str(line)), float).T
        return float(np.abs(y - np.interp(x, [x[-1], x[0]], [y[-1], y[0]])).max())

    with opened(browser, tmp_path / "page.html", "beads", reduced_motion="reduce") as one:
        one.go(30)
        assert bends(one.part("left").first.get_attribute("d")) > 20
        one.root.locator("[data-axis=log]").click()
        one.drawn()
        assert all(bends(line.get_attribute("d")) < 0.1 for line in one.part("left").all())


# It moves as it is asked to


def test_nothing_moves_until_somebody_plays(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html") as one:
        one.page.wait_for_timeout(200)
        assert one.page.evaluate(FRAMES) == 0
        one.has(step=0, steps=T, at=T, playing=False, view="plane")
        assert one.told() == []


@pytest.mark.parametrize("name", ["saturated", "lstm", "wide", "beads", "strips"])
def test_at_its_slowest_something_moves_all_the_time(browser: Browser, tmp_path: Path, name: str) -> None:
    with opened(browser, tmp_path / "page.html", name) as one:
        slowest = one.root.locator("[data-speed]").first
        slowest.click()
        one.root.focus()
        one.page.keyboard.press("Space")
        one.has(playing=True)
        samples = []
        for _ in range(11):
            one.page.wait_for_timeout(120)
            samples.append(Image.open(io.BytesIO(one.page.screenshot())).convert("RGB"))
        moved = [ImageChops.difference(a, b).getbbox() is not None for a, b in pairwise(samples)]
        assert sum(moved) >= 7
        one.page.keyboard.press("Space")
        one.has(playing=False)


def test_it_plays_to_where_it_is_sent_and_says_so_once(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "vanishes") as one:
        one.show("vanishes", step=T - 3, play_to=T - 1, speed=2)
        one.has(step=T - 1, playing=False)
        one.page.wait_for_function("told.length > 1")
        assert one.told() == [
            {"target": "played", "value": T - 1},
            {"target": "step", "value": {"step": 0, "x": 1}},
        ]


def test_what_is_locked_cannot_be_played_and_gives_nothing_away(browser: Browser, tmp_path: Path) -> None:
    """Not even by its axis, which is the same whatever becomes of the gradient."""
    axes = []
    for name in ("saturated", "sheared"):
        with opened(browser, tmp_path / "page.html", name) as one:
            one.show(name, locked=True, token="asked")
            for key in ("Space", "ArrowLeft", "End"):
                one.root.focus()
                one.page.keyboard.press(key)
            expect(one.act("play")).to_be_disabled()
            one.has(step=0, playing=False, locked=True)
            ticks = one.root.locator("svg text.muted").all_text_contents()
            axes.append({tick for tick in ticks if tick.startswith("10")})
    for ticks in axes:
        assert {f"10⁻{tick[2:]}" for tick in ticks if "⁻" not in tick} <= ticks | {"10⁻", "10⁻¹"}


def test_keys_step_as_the_picture_runs(browser: Browser, tmp_path: Path) -> None:
    """Time runs to the left in the picture, and under the keys."""
    with opened(browser, tmp_path / "page.html", reduced_motion="reduce") as one:
        one.root.focus()
        for key, step in (("ArrowLeft", 1), ("ArrowLeft", 2), ("ArrowRight", 1), ("End", T), ("Home", 0)):
            one.page.keyboard.press(key)
            one.has(step=step)
        before = float(one.said("angle"))
        one.page.keyboard.press("ArrowUp")
        one.has(angle=round(before + 5, 6) if (before + 5) % 1 else int(before + 5))


def test_new_numbers_keep_the_place_and_another_token_does_not(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "vanishes") as one:
        one.go(9)
        one.show("saturated", turned=False)
        one.has(step=9)
        one.show("saturated", turned=False, step=12)
        one.has(step=12)
        one.show("saturated", turned=False, token="another", step=0)
        one.has(step=0)


def test_reduced_motion_goes_by_whole_steps(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", reduced_motion="reduce") as one:
        one.act("play").click()
        places = set()
        for _ in range(12):
            one.page.wait_for_timeout(90)
            places.add(one.root.locator("input[name=back]").input_value())
        assert places
        assert all(float(place).is_integer() for place in places)


# It can be read


@pytest.mark.parametrize("context", [DESK, PAGE_WIDE, PHONE], ids=["desk", "page", "phone"])
@pytest.mark.parametrize("name", ["vanishes", "lstm", "wide", "wide_lstm", "beads", "strips", "bare"])
def test_all_text_is_large_enough_and_in_the_picture(
    browser: Browser, tmp_path: Path, name: str, context: dict
) -> None:  # type: ignore[type-arg]
    with opened(browser, tmp_path / "page.html", name, **context) as one:
        for back in (0, 0.2, 0.6, 5):
            one.go(back)
            assert one.page.evaluate(LOOK) == [[], []]


def test_what_it_shows_is_said_in_words(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html") as one:
        one.go(5)
        live = one.root.locator(".live").inner_text()
        assert f"step {T - 5}" in live
        assert text_of(one, "value") in live
        expect(one.root.locator("input[name=back]")).to_have_attribute("aria-valuetext", f"at step {T - 5}, 5 back")


def test_the_numbers_of_every_view_can_be_heard(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "page.html", "beads") as one:
        one.go(10)
        wanted = "at step 20, 10 back: ×1.1, 2.59; ×1.0, 1.00; ×0.9, 0.349; ×0.80, 0.107"
        assert one.root.locator(".live").inner_text() == wanted
        one.show("strips", step=T)
        assert one.root.locator(".live").inner_text().startswith(f"at step 0, {T} back: it vanishes, ")
        expect(one.root.locator(".picture > svg")).to_have_attribute("aria-label", re.compile("it explodes"))
