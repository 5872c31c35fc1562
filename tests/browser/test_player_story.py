"""The player on the stage of a story: locked, played to a step, sent somewhere, laid out in the room there is.

That no page logs an error or asks for anything is checked by `opened` itself.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.player_page import BEATS, CELLS, PHONE, STAGE, STORY, Opened, box_of, numbers, opened, spelled
from tests.browser.test_player_view import PANELS
from tests.browser.waiting import PAUSE


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Opened]:
    with opened(browser, **STAGE) as shown:
        yield shown


@pytest.fixture
def lstm(stage: Opened, tmp_path: Path) -> Iterator[Opened]:
    stage.show(spelled("lstm"), tmp_path / "player.html")
    yield stage
    assert not stage.trouble


def test_locked_it_does_nothing_and_says_so(lstm: Opened) -> None:
    lstm.tell(show=[*PANELS], locked=True, step=4, select="c", token=1)
    lstm.has(step=4, locked=True)
    before = {name: lstm.said(name) for name in ("step", "pass", "selection", "folded", "playing")}
    lstm.root.focus()
    lstm.press(" ", "ArrowRight", "End", "b", "u", "ArrowDown", "Escape", "PageUp")
    for name in ("first", "left", "play", "right", "last", "backward", "folded"):
        expect(lstm.button(name)).to_have_attribute("aria-disabled", "true")
        lstm.button(name).evaluate("button => button.click()")
    tape = box_of(lstm.tape)
    lstm.page.mouse.click(tape["x"] + tape["width"] - 5, tape["y"] + 10)
    lstm.page.mouse.click(tape["x"] + tape["width"] / 4, tape["y"] - 40)
    for part in (".circuit .valve", ".equation [role=button]", ".chips button"):
        found = lstm.root.locator(part).first
        expect(found).to_have_attribute("aria-disabled", "true")
        found.dispatch_event("click")
    for element in (lstm.root, lstm.tape):
        expect(element).to_have_attribute("aria-disabled", "true")
    assert {name: lstm.said(name) for name in before} == before
    lstm.tell(show=[*PANELS], token=1)
    lstm.root.focus()
    lstm.press("ArrowRight")
    lstm.has(step=5, locked=False)


def test_what_the_reader_picks_is_explained_until_the_page_leads_on(lstm: Opened) -> None:
    shown = [name for name in STORY if name != "equation"] + ["c", "f"]
    lstm.tell(show=shown, select="c", token=1)
    panel = lstm.root.locator(".equation")
    expect(panel).to_be_hidden()
    lstm.root.locator(".circuit .valve[data-ref=f]").dispatch_event("click")
    expect(panel).to_contain_text("Forget gate")
    lstm.tell(show=shown, select="c", token=2)
    expect(panel).to_be_hidden()


def test_a_gate_s_curve_is_drawn_where_a_beat_is_about_its_sum(lstm: Opened) -> None:
    for places, curves in (("c i x h sum", 1), ("c i x h", 0), ("c i g h", 0)):
        lstm.tell(show=[*STORY, *places.split()], select="i", token=places)
        expect(lstm.root.locator(".circuit .curve")).to_have_count(curves)


def test_keys_go_on_to_the_page_while_it_is_locked(lstm: Opened) -> None:
    lstm.page.evaluate("() => { window.heard = []; addEventListener('keydown', event => heard.push(event.key)); }")
    lstm.tell(show=STORY, locked=True)
    lstm.root.focus()
    lstm.press("ArrowRight", "1", " ")
    assert lstm.page.evaluate("heard") == ["ArrowRight", "1", " "]


@pytest.mark.parametrize("locked", [False, True])
def test_it_plays_to_a_step_and_rests_and_reports(lstm: Opened, locked: bool) -> None:
    with lstm.plays():
        lstm.tell(show=STORY, step=2, play_to=5, speed=2, locked=locked, token=1)
    lstm.has(step=5, playing=False)
    lstm.page.wait_for_function("() => reports.length && reports.at(-1).step === 5")
    steps = [step["step"] for step in lstm.page.evaluate("steps") if step["playing"]]
    assert sorted(set(steps)) == [2, 3, 4, 5]
    lstm.page.evaluate(PAUSE, 900)
    lstm.has(step=5, playing=False)
    lstm.tell(show=STORY, step=2, play_to=5, speed=2, locked=locked, token=1)  # told before
    lstm.has(step=5, playing=False)
    lstm.tell(show=STORY, play_to=7, speed=2, token=2)  # from where it is
    lstm.has(step=7, playing=False)


def test_backwards_it_plays_to_a_step_to_the_left(lstm: Opened) -> None:
    with lstm.plays():
        lstm.tell(show=STORY, step=6, play_to=4, speed=2, **{"pass": "backward"}, token=1)
    lstm.has(step=4, playing=False, **{"pass": "backward"})


def test_each_step_is_told_at_once_and_once(lstm: Opened) -> None:
    lstm.tell(select="f", token=1)
    lstm.root.focus()
    lstm.press("ArrowRight", "ArrowRight", "Home")
    told = lstm.page.evaluate("steps")
    assert [step["step"] for step in told if step["selected"] == "f"] == [4, 5, 6, 0]
    assert set(told[-1]) == {"step", "unit", "layer", "direction", "selected", "backward", "playing"}


def test_a_token_applies_the_place_again_and_no_token_leaves_the_reader(lstm: Opened) -> None:
    place = {"step": 7, "unit": 2, "select": "i", "pass": "backward", "folded": True}
    lstm.tell(show=STORY, **place, token=1)
    lstm.has(step=7, selection="i/2", folded=True, **{"pass": "backward"})
    lstm.root.focus()
    lstm.press("Home", "f", "u", "ArrowDown")
    lstm.tell(show=[*STORY, "i", "c"], **place, token=1)
    lstm.has(step=0, selection="i/3", folded=False, **{"pass": "forward"})
    lstm.tell(show=STORY, **place, token=2)
    lstm.has(step=7, selection="i/2", folded=True, **{"pass": "backward"})


def test_without_a_view_all_is_as_it_was(lstm: Opened) -> None:
    lstm.still()
    look = "document.querySelector('.stage canvas').toDataURL() + document.querySelector('.below').innerHTML"
    before = re.sub(r' class="[^"]*appears"', "", lstm.page.evaluate(look))
    lstm.tell(show=[*STORY, "c", "f"], one_unit=True)
    lstm.tell(select="h", token=1)
    lstm.still()
    lstm.has(selection="h/0", step=4)
    canvas = before.split("<")[0]
    assert lstm.page.evaluate("document.querySelector('.stage canvas').toDataURL()") == canvas
    expect(lstm.root.locator(".bar [data-act=forward]")).to_be_visible()


def test_one_unit_alone_is_another_picture_for_each_unit(lstm: Opened) -> None:
    pictures = []
    for unit in (0, 1):
        lstm.tell(show=[*STORY, "c", "f", "i", "g"], one_unit=True, unit=unit, token=unit)
        lstm.still()
        pictures.append(lstm.page.evaluate("document.querySelector('.stage canvas').toDataURL()"))
    assert pictures[0] != pictures[1]


def test_in_slow_motion_numbers_come_one_after_the_other(lstm: Opened) -> None:
    lstm.tell(show=[*STORY, "x", *"cfigoh"], one_unit=True, select="c", step=2, play_to=4, speed=0.5, token=1)
    came = lstm.page.evaluate(
        """() => new Promise(done => {
            const root = document.querySelector(".rnn-player"), came = [];
            const waits = ref => root.querySelector(`.circuit > g[data-ref=${ref}]`).matches(".waiting");
            const look = () => {
                const there = root.dataset.step === "3";
                came.push(...["f", "keep", "c", "h"].filter(ref => there && !came.includes(ref) && !waits(ref)));
                if (came.length === 4) done(came);
                else requestAnimationFrame(look);
            };
            look();
        })"""
    )
    assert came == ["f", "keep", "c", "h"]
    lstm.has(step=4, playing=False)
    expect(lstm.root.locator(".waiting")).to_have_count(0)


def test_without_a_size_nothing_is_drawn_and_nothing_breaks(stage: Opened, tmp_path: Path) -> None:
    """Mounted in an element that is not laid out, and drawn when it is."""
    stage.show(spelled("lstm"), tmp_path / "player.html")
    stage.page.evaluate(
        """payload => {
            const host = document.createElement("div");
            host.id = "later";
            host.style.display = "none";
            document.body.prepend(host);
            $player.mount(host, { payload, view: { show: ["c", "f"] } }, () => {});
        }""",
        spelled("lstm").payload(),
    )
    later = stage.page.locator("#later")
    stage.page.evaluate(PAUSE, 100)
    assert "NaN" not in later.inner_html()
    assert not later.locator(".circuit [data-ref]").count()
    stage.page.evaluate("() => { later.style.display = 'block'; }")
    expect(later.locator(".circuit .valve[data-ref=f]")).to_be_visible()
    assert "NaN" not in later.inner_html()
    assert not stage.trouble


@pytest.mark.parametrize("beat", BEATS)
def test_a_beat_fits_its_stage(lstm: Opened, beat: str) -> None:
    for backward in ("forward", "backward"):
        lstm.tell(show=STORY + BEATS[beat], one_unit=True, **{"pass": backward}, token=backward)
        lstm.page.evaluate("() => { player.style.height = '640px'; }")
        root = box_of(lstm.root)
        assert root["height"] <= 641
        bottom = 0.0
        for part in (".bar", ".stage", ".circuit", ".equation"):
            box = box_of(lstm.root.locator(part).first)
            assert box["y"] >= bottom - 1, part
            bottom = box["y"] + box["height"]
        assert bottom <= root["y"] + 641
        panel = lstm.root.locator(".equation-panel")
        assert panel.evaluate("panel => panel.scrollHeight - panel.clientHeight") <= 1, "the line is whole"


def test_on_a_phone_it_scrolls_only_down(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, **PHONE) as phone:
        for cell in CELLS:
            phone.show(numbers(cell, 12), tmp_path / "player.html")
            for show in (STORY, ["c", "h", "f", "z"], [*STORY, "heat", "x", "h"]):
                phone.tell(show=show, one_unit=True)
                assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
                assert phone.root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0


def test_what_the_keyboard_reaches_lights_up_its_place(lstm: Opened) -> None:
    lstm.root.locator(".bar [data-act=right]").focus()
    valve = lstm.root.locator(".circuit .valve[data-ref=o]")
    for _ in range(30):
        lstm.press("Tab")
        if valve.evaluate("valve => valve === document.activeElement"):
            break
    expect(lstm.root.locator(".equation-panel.lit [data-ref=o].on").first).to_be_visible()
    lstm.press("Tab")
    lstm.root.focus()
    expect(lstm.root.locator(".equation-panel.lit")).to_have_count(0)
