"""Descents on an error surface in a real browser: they play, start elsewhere, and their numbers are the engine's.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons.clipping import experiment as clipping
from lessons.clipping import surface
from lessons.clipping.experiment import NAMES, NORM, UNCLIPPED, UPDATES, Settings
from lessons.clipping.model import PRESETS
from rnnviz.error_surface import Descent
from rnnviz.numbers import significant
from rnnviz.player import descent as player
from tests.browser.clip_page import LOOK, opened, reports, written
from tests.browser.waiting import eventually, moves, passes, settle

SHOWN = ["unclipped", "by value", "by norm"]
# until a canvas shows the same for five frames
STILL = """async canvas => {
    for (let same = 0, last = ""; same < 5;) {
        await new Promise(requestAnimationFrame);
        const now = canvas.toDataURL();
        same = now === last ? same + 1 : 0;
        last = now;
    }
}"""
COLOURS = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
PICTURE = "canvas => canvas.toDataURL()"


def visit(page: Page, address: str = "/clipping?mode=explore") -> Locator:
    page.goto(address)
    shown = page.get_by_test_id("rnn-descent")
    expect(shown).to_be_visible()
    settle(page)
    return shown


def dial(page: Page, name: str) -> Locator:
    return page.locator(f"input[type=range][name={name}]")


def canvas(shown: Locator, which: str) -> Locator:
    return shown.locator(f".{which} canvas")


def scrub(shown: Locator, update: int) -> None:
    slider = shown.locator("input[name=at]")
    slider.evaluate("(one, at) => { one.value = at; one.dispatchEvent(new Event('input')); }", update)
    expect(shown).to_have_attribute("data-step", str(update))


def table(shown: Locator) -> list[list[str]]:
    return shown.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    )


def assert_stands(shown: Locator, chosen: Settings, update: int) -> None:
    """The table comes to say the engine's numbers."""
    found = clipping.descents(chosen)

    def says() -> None:
        for name, row in zip(NAMES, table(shown), strict=True):
            descent = found[name]
            engine = [descent.w, descent.b, descent.error, descent.norm_before, descent.norm_after]
            assert row[:5] == [significant(float(np.float32(values[update]))) for values in engine]

    eventually(says)


def looks_other(picture: Locator, before: str) -> None:
    """A picture comes to look another way."""
    picture.page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[picture.element_handle(), before]
    )


def looks(picture: Locator, wanted: str) -> None:
    """A picture comes to look like this."""
    picture.page.wait_for_function(
        "([canvas, wanted]) => canvas.toDataURL() === wanted", arg=[picture.element_handle(), wanted]
    )


def test_question_controls_and_both_pictures_are_in_the_first_screenful(page: Page) -> None:
    shown = visit(page)

    def in_sight() -> None:
        for which in ("map", "relief"):
            box = canvas(shown, which).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 800
            assert canvas(shown, which).evaluate(COLOURS) > 50

    eventually(in_sight)


def test_map_relief_and_table_follow_the_update(page: Page) -> None:
    shown = visit(page)
    assert_stands(shown, Settings(), 0)
    for update in (37, UPDATES, 0):
        before = [canvas(shown, which).evaluate(PICTURE) for which in ("map", "relief")]
        scrub(shown, update)
        for which, picture in zip(("map", "relief"), before):
            looks_other(canvas(shown, which), picture)
        assert_stands(shown, Settings(), update)


WRITTEN = """() => {
    globalThis.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
        const { width } = this.measureText(words), by = { left: 0, center: 0.5, right: 1 }[this.textAlign];
        const which = this.canvas.parentElement?.className ?? "still";
        globalThis.written.push({ which, words, left: x - by * width, width, y });
        return write.apply(this, arguments);
    };
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_descents_names_cover_neither_an_axis_nor_each_other_nor_a_dot(page: Page, width: int) -> None:
    page.add_init_script(f"({WRITTEN})()")
    page.set_viewport_size({"width": width, "height": 844})
    shown = visit(page)
    relief = canvas(shown, "relief")
    for update in (0, UPDATES):
        relief.focus()
        page.keyboard.press("ArrowLeft")  # drawn anew, with its axes
        page.keyboard.press("ArrowRight")
        page.evaluate("written.length = 0")
        page.keyboard.press("Home")
        scrub(shown, update)
        for which in ("map", "relief"):
            page.evaluate(STILL, canvas(shown, which).element_handle())
        eventually(names_stand_free, page, shown)


def names_stand_free(page: Page, shown: Locator) -> None:
    """In what was written last on either picture."""
    found = page.evaluate("written")
    axes = [text for text in found if text["which"] == "still"][-12:]
    assert axes
    assert axes[-1]["words"] == "E 0.5"
    for which in ("map", "relief"):
        names = [text for text in found if text["which"] == which][-3:]
        assert [text["words"].split(":")[0] for text in names] == SHOWN
        others = axes if which == "relief" else []
        heights = [text["left"] + text["width"] for text in axes if re.match(r"(E )?0\.\d$", text["words"])]
        axis = 64 if which == "map" else max(heights)
        for k, one in enumerate(names):
            for other in names[:k] + others:
                apart = abs(one["y"] - other["y"]) >= 14
                beside = one["left"] + one["width"] <= other["left"] or other["left"] + other["width"] <= one["left"]
                assert apart or beside, (one, other)
            assert one["left"] >= axis
            if which == "map":
                assert one["y"] <= (canvas(shown, which).bounding_box() or {})["height"] - 42


CELLS = """cells => cells.map(cell => {
    const { x, y, width, height } = cell.getBoundingClientRect();
    return [x, y, width, height, cell.scrollWidth <= cell.clientWidth];
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_s_columns_stay_where_they_are(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    shown = visit(page, "/clipping?w=4.2&b=-1.7")
    places = []
    for update in (0, 37, UPDATES):
        scrub(shown, update)
        *measured, whole = zip(*shown.locator("th, td").evaluate_all(CELLS))
        assert all(whole)
        places.append(measured)
    assert places[0] == places[1] == places[2]


def test_it_plays_to_the_end_and_pauses(page: Page) -> None:
    shown = visit(page)
    scrub(shown, UPDATES - 10)
    play = shown.locator("[data-act=play]")
    with passes(shown, "data-playing", "true"):
        play.click()
    expect(shown).to_have_attribute("data-step", str(UPDATES))
    expect(shown).to_have_attribute("data-playing", "false")
    play.click()
    expect(shown).to_have_attribute("data-playing", "true")
    play.click()
    expect(shown).to_have_attribute("data-playing", "false")


def test_with_reduced_motion_play_shows_the_end_at_once(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    shown = visit(page)
    shown.locator("[data-act=play]").click()
    expect(shown).to_have_attribute("data-step", str(UPDATES))
    expect(shown).to_have_attribute("data-playing", "false")


def test_a_click_on_the_map_is_another_start(page: Page) -> None:
    shown = visit(page)
    scrub(shown, UPDATES)
    canvas(shown, "map").click(position={"x": 300, "y": 60})
    expect(page).to_have_url(re.compile("[?&]w="))
    settle(page)
    w, b = (float(dial(page, key).input_value()) for key in ("w", "b"))
    assert (w, b) != (Settings().w, Settings().b)
    expect(shown).to_have_attribute("data-step", str(UPDATES))
    assert_stands(shown, Settings(w=w, b=b), UPDATES)


def test_the_map_takes_keys(page: Page) -> None:
    shown = visit(page)
    canvas(shown, "map").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(dial(page, "w")).to_have_value("5.1")
    expect(dial(page, "b")).to_have_value("-2.15")


def test_a_slider_moves_nothing_and_keeps_camera_and_update(page: Page) -> None:
    shown = visit(page)
    scrub(shown, 30)
    relief = canvas(shown, "relief")
    page.evaluate(STILL, relief.element_handle())
    home = relief.evaluate(PICTURE)
    relief.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    looks_other(relief, home)
    page.evaluate(STILL, relief.element_handle())
    turned = relief.evaluate(PICTURE)
    assert turned != home
    element, top = shown.element_handle(), shown.evaluate("element => element.offsetTop")
    for key in ("ArrowLeft", "ArrowRight"):
        dial(page, "threshold").press(key)
        settle(page)
    assert element.evaluate("element => element.isConnected")
    assert shown.evaluate("element => element.offsetTop") == top
    expect(shown).to_have_attribute("data-step", "30")
    looks(relief, turned)
    relief.focus()
    page.keyboard.press("Home")
    looks(relief, home)


def test_a_preset_stands_above_the_map_sets_the_page_and_plays(page: Page) -> None:
    shown = visit(page)
    preset = page.get_by_role("button", name="into the cliff, head-on")
    above, below = preset.bounding_box(), canvas(shown, "map").bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    with passes(shown, "data-playing", "true"):
        preset.click()
        expect(dial(page, "w")).to_have_value("5.6")
        expect(page).to_have_url(re.compile("[?&]w=5.6"))
    scrub(shown, UPDATES)
    assert_stands(shown, Settings(**PRESETS["cliff"]), UPDATES)


@pytest.mark.parametrize("address", ["/clipping?w=1e9&b=x&rate=7&threshold=<b>&factor=%00", "/clipping?w=&w=5"])
def test_nonsense_in_the_address_falls_back(page: Page, address: str) -> None:
    assert_stands(visit(page, address), Settings(), 0)


# On a page of its own, without a server

WORDS: dict[str, Any] = {name: name for name in player.WORDS} | {"columns": list("123456"), "now": "{step} of {steps}"}


def stage(found: Mapping[str, Descent], **more: Any) -> dict[str, Any]:
    courses = [
        player.Course(shown, found[name], surface.HOW[name], 0.3) for shown, name in zip(SHOWN, NAMES) if name in found
    ]
    return player.stage(courses, surface.surface(), words=WORDS, **more)


def ended() -> dict[str, Descent]:
    """Three descents, of which the unclipped one is no number after update 7."""
    found = clipping.descents(Settings())
    gone = np.arange(UPDATES + 2) > 7
    broken = {name: np.where(gone, np.nan, getattr(found[UNCLIPPED], name)) for name in ("w", "b", "error")}
    return found | {UNCLIPPED: replace(found[UNCLIPPED], **broken, stopped=7)}


CLIFF = clipping.descents(Settings(**PRESETS["cliff"]))
STAGES = {
    "all": stage(CLIFF, step=46),
    "ended": stage(ended()),
    "one": stage({NORM: CLIFF[NORM]}, updates=9),
    "played": stage(CLIFF, step=47, play_to=49, speed=1),
    "locked": stage(CLIFF, step=47, locked=True),
}
TEXT = written("descent", STAGES)


def root(page: Page) -> Locator:
    return page.get_by_test_id("rnn-descent")


def test_what_ended_is_drawn_as_ended(browser: Browser, tmp_path: Path) -> None:
    """At the update where it happened, and only from there on."""
    with opened(browser, tmp_path / "ended.html", TEXT, "ended") as page:
        for update, lost in ((7, False), (8, True), (UPDATES, True)):
            scrub(root(page), update)
            eventually(is_lost, page, lost)


def is_lost(page: Page, lost: bool) -> None:
    """Whether the table says of the unclipped descent that it left the numbers."""
    row = table(root(page))[NAMES.index(UNCLIPPED)]
    assert (row == ["∞"] * 6) == lost


def test_something_moves_all_the_time_at_the_slowest(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "all.html", TEXT, "all") as page:
        stage = root(page)
        expect(stage.locator("[data-speed]").first).to_have_attribute("aria-pressed", "true")
        speeds = [float(one.get_attribute("data-speed") or 0) for one in stage.locator("[data-speed]").all()]
        assert speeds == sorted(speeds)
        stage.press("Space")
        expect(stage).to_have_attribute("data-playing", "true")
        assert min(moves(stage, LOOK) for _ in range(4)) >= 7


def test_any_number_of_descents_of_any_length(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "one.html", TEXT, "one") as page:
        expect(root(page).locator("tbody tr")).to_have_count(1)
        expect(root(page)).to_have_attribute("data-steps", "9")
        page.evaluate("show('all', { token: 2 })")
        expect(root(page).locator("tbody tr")).to_have_count(3)
        expect(root(page)).to_have_attribute("data-steps", str(UPDATES))


def test_what_was_to_be_played_is_told_once(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "played.html", TEXT, "played") as page:
        expect(root(page)).to_have_attribute("data-step", "49")
        expect(root(page)).to_have_attribute("data-playing", "false")
        page.wait_for_function("reports.length > 0")
        assert reports(page, "played") == [49]
        expect(root(page).locator(".live")).to_contain_text("by norm")


def test_keys_go_from_update_to_update(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "keys.html", TEXT, "all") as page:
        stage = root(page)
        for key, update in (("ArrowRight", 47), ("ArrowLeft", 46), ("Home", 0), ("End", UPDATES), ("ArrowLeft", 99)):
            stage.press(key)
            expect(stage).to_have_attribute("data-step", str(update))
        for _ in range(3):  # faster than it moves
            stage.press("Home")
            stage.press("ArrowRight")
            stage.press("ArrowRight")
            expect(stage).to_have_attribute("data-step", "2")


def test_new_numbers_keep_the_place_and_another_token_sets_it_anew(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "token.html", TEXT, "all") as page:
        root(page).press("Home")
        page.evaluate("show('ended', { token: null })")
        expect(root(page)).to_have_attribute("data-step", "0")
        page.evaluate("show('all', { token: 'other' })")
        expect(root(page)).to_have_attribute("data-step", "46")


def test_what_is_locked_waits(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "locked.html", TEXT, "locked") as page:
        for key in ("Space", "ArrowRight", "End"):
            root(page).press(key)
        page.wait_for_timeout(500)
        expect(root(page)).to_have_attribute("data-step", "47")
        page.evaluate("show('locked', { locked: false, play_to: 48 })")
        expect(root(page)).to_have_attribute("data-step", "48")


def test_its_arrows_change_the_picture(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "arrows.html", TEXT, "all") as page:
        scrub(root(page), 48)
        picture = canvas(root(page), "map")
        page.evaluate(STILL, picture.element_handle())
        with_arrows = picture.evaluate(PICTURE)
        page.evaluate("show('all', { show: ['map', 'relief', 'table'] })")
        looks_other(picture, with_arrows)
