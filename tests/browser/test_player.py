"""The player in a real browser, in a page of its own: everything that can be done with it, on all three cells.

That no page logs an error or asks for anything is checked by `opened` itself.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.player_page import (
    CELLS,
    PHONE,
    WORD,
    Opened,
    box_of,
    boxes,
    numbers,
    opened,
    spelled,
)
from tests.browser.waiting import PAUSE, passes

T, LAST = len(WORD), len(WORD) - 1
PARTS = (".bar", ".stage", ".stage canvas", ".legend", ".below", ".below > .circuit", ".below > .equation")


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Opened]:
    with opened(browser) as shown:
        yield shown


@pytest.fixture(params=CELLS)
def player(desk: Opened, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Each cell, at the fifth of ten steps."""
    desk.show(spelled(request.param), tmp_path / "player.html")
    yield desk
    assert not desk.trouble


@pytest.fixture
def lstm(desk: Opened, tmp_path: Path) -> Iterator[Opened]:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    yield desk
    assert not desk.trouble


@pytest.fixture
def both_ways(desk: Opened, tmp_path: Path) -> Iterator[Opened]:
    """Two layers of two directions; the reverse direction of the upper layer is opened."""
    desk.show(spelled("gru", num_layers=2, bidirectional=True), tmp_path / "player.html")
    box = box_of(desk.tape)
    desk.page.mouse.click(desk.column(6), box["y"] - 104 - 2 * 28 - 14)
    desk.has(layer=1, direction=1, selection="h/0", step=6)
    yield desk
    assert not desk.trouble


def speed_up(player: Opened) -> None:
    player.root.get_by_label("Speed").select_option("8")
    player.root.focus()


def test_it_says_what_it_shows(player: Opened) -> None:
    player.has(step=4, steps=T, playing=False, folded=False, layer=0, direction=0, selection="h/0")
    player.has(**{"pass": "forward"})
    assert player.said("cell") in CELLS


def test_play_runs_to_the_end_and_stops_there_by_itself(player: Opened) -> None:
    speed_up(player)
    with player.plays(), passes(player.button("play"), "aria-label", "Pause (space)"):
        player.button("play").click()
    player.has(step=LAST, playing=False)
    expect(player.button("play")).to_have_attribute("aria-label", "Play (space)")
    with player.plays(), passes(player.root, "data-step", "0"):  # from the end it begins anew
        player.press(" ")
    player.has(step=LAST, playing=False)


def test_play_runs_back_in_the_backward_pass(player: Opened) -> None:
    speed_up(player)
    player.press("b")
    player.has(**{"pass": "backward"})
    with player.plays():
        player.press(" ")
    player.has(step=0, playing=False, **{"pass": "backward"})


def test_a_reverse_direction_plays_from_right_to_left_and_its_gradient_to_the_right(both_ways: Opened) -> None:
    speed_up(both_ways)
    with both_ways.plays():
        both_ways.press(" ")
    both_ways.has(step=0, playing=False)
    both_ways.press("b")
    with both_ways.plays():
        both_ways.press(" ")
    both_ways.has(step=LAST, playing=False)


def test_it_plays_as_fast_as_the_speed_says_and_no_faster(lstm: Opened) -> None:
    took = {}
    for speed in ("2", "8"):
        lstm.press("Home")
        lstm.root.get_by_label("Speed").select_option(speed)
        lstm.root.focus()
        took[speed] = lstm.page.evaluate(
            """() => new Promise(done => {
                const root = document.querySelector(".rnn-player"), steps = {};
                new MutationObserver(() => {
                    steps[root.dataset.step] ??= performance.now();
                    if (root.dataset.playing === "false") done((steps[4] - steps[1]) / 3);
                }).observe(root, { attributeFilter: ["data-step", "data-playing"] });
                root.querySelector("[data-act=play]").click();
            })"""
        )
    assert took["2"] > 0.95 * 450  # milliseconds
    assert took["8"] > 0.8 * 112.5
    assert took["8"] < 0.8 * took["2"]


def test_keys_step_and_jump(player: Opened) -> None:
    for key, step in (
        ("ArrowRight", 5),
        ("ArrowLeft", 4),
        ("End", LAST),
        ("ArrowRight", LAST),
        ("PageUp", 0),
        ("ArrowLeft", 0),
        ("PageDown", LAST),
        ("Home", 0),
    ):
        player.press(key)
        player.has(step=step)


def test_buttons_step_and_jump(lstm: Opened) -> None:
    for name, step in (("right", 5), ("left", 4), ("last", LAST), ("first", 0)):
        lstm.button(name).click()
        lstm.has(step=step)


def test_a_step_by_hand_ends_the_playing(lstm: Opened) -> None:
    lstm.root.get_by_label("Speed").select_option("0.25")
    lstm.root.focus()
    for key in ("ArrowRight", "ArrowLeft", "Home", "End", "PageUp", "Escape"):
        lstm.press("Home", " ")
        lstm.has(playing=True)
        lstm.press(key)
        lstm.has(playing=False)


def test_keys_choose_the_pass(player: Opened) -> None:
    player.press("b")
    player.has(step=4, **{"pass": "backward"})
    expect(player.button("backward")).to_have_attribute("aria-pressed", "true")
    player.press("f")
    player.has(step=4, **{"pass": "forward"})
    player.button("backward").click()
    player.has(**{"pass": "backward"})


def test_without_gradients_there_is_no_backward_pass(desk: Opened, tmp_path: Path) -> None:
    shown = spelled("gru")
    desk.show(type(shown)(shown.trace, None, shown.shown), tmp_path / "player.html")
    expect(desk.button("backward")).to_be_disabled()
    desk.press("b")
    desk.has(**{"pass": "forward"})


def test_u_folds_and_unrolls(player: Opened) -> None:
    player.still()
    unrolled = player.page.evaluate("document.querySelector('canvas').toDataURL()")
    player.press("u")
    player.has(folded=True)
    expect(player.button("folded")).to_have_attribute("aria-pressed", "true")
    player.page.wait_for_function("then => document.querySelector('canvas').toDataURL() !== then", arg=unrolled)
    player.press("u")
    player.has(folded=False)
    player.page.wait_for_function("then => document.querySelector('canvas').toDataURL() === then", arg=unrolled)


def test_keys_choose_the_unit_round_and_round(player: Opened) -> None:
    for key, unit in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 3), ("ArrowDown", 0)):
        player.press(key)
        player.has(selection=f"h/{unit}", step=4)


def test_escape_goes_back_to_the_hidden_state_of_the_same_unit(lstm: Opened) -> None:
    lstm.press("ArrowDown", "ArrowDown")
    lstm.root.locator(".chips [data-ref=f]").click()
    lstm.has(selection="f/2")
    lstm.tape.dblclick()
    lstm.has(selection="x/0")
    lstm.press("ArrowDown")
    lstm.has(selection="x/1")
    lstm.press("Escape")
    lstm.has(selection="h/2")


def test_dragging_the_tape_scrubs_while_it_moves(player: Opened) -> None:
    mouse, box = player.page.mouse, box_of(player.tape)
    middle = box["y"] + box["height"] / 2
    mouse.move(player.column(1), middle)
    mouse.down()
    player.has(step=1)
    for step in (2, 7, 3):
        mouse.move(player.column(step), middle, steps=3)
        player.has(step=step)
    mouse.move(player.column(8), middle + 300, steps=3)  # the drag has left the tape
    player.has(step=8)
    mouse.move(2000, middle - 60)
    player.has(step=LAST)
    mouse.up()
    mouse.move(player.column(2), middle, steps=3)  # and has ended outside
    player.has(step=LAST)


def test_a_drag_over_the_lines_scrubs_and_chooses_nothing(lstm: Opened) -> None:
    mouse, box = lstm.page.mouse, box_of(lstm.tape)
    lines = box["y"] + box["height"] + 6 + 70 + 6 + 30
    mouse.move(lstm.column(1), lines)
    mouse.down()
    mouse.move(lstm.column(6), lines, steps=4)
    lstm.has(step=6)
    mouse.move(lstm.column(7), lstm.heat(2, 4), steps=4)
    mouse.up()
    lstm.has(step=7, selection="h/0")
    assert lstm.page.evaluate("reports.at(-1).step") == 7


def test_a_finger_scrubs_the_tape(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, **PHONE) as phone:
        phone.show(spelled("gru"), tmp_path / "player.html")
        touch, box = phone.page.context.new_cdp_session(phone.page), box_of(phone.tape)

        def finger(what: str, *x: float) -> None:
            points = [{"x": at, "y": box["y"] + 15} for at in x]
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{what}", "touchPoints": points})

        finger("Start", box["x"] + 5)
        phone.has(step=0)
        seen = set()
        for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
            finger("Move", box["x"] + box["width"] * share)
            phone.page.wait_for_timeout(50)
            seen.add(phone.said("step"))
        assert len(seen) > 3
        phone.has(step=LAST)
        finger("End")
        phone.root.locator(".chips [data-ref=z]").tap()
        phone.has(selection="z/0", step=LAST)


def test_the_tape_is_a_slider_that_reads_its_step(player: Opened) -> None:
    tape = player.root.get_by_role("slider", name="Step in time")
    for name, value in (("valuemin", "1"), ("valuemax", str(T)), ("valuenow", "5")):
        expect(tape).to_have_attribute(f"aria-{name}", value)
    expect(tape).to_have_attribute("aria-valuetext", f"step 5 of {T}, reads i")
    tape.focus()
    player.press("ArrowRight")
    expect(tape).to_have_attribute("aria-valuenow", "6")
    expect(tape).to_have_attribute("aria-valuetext", f"step 6 of {T}, reads s")


def test_the_live_region_reads_each_step_but_not_while_it_plays(lstm: Opened) -> None:
    live = lstm.root.locator("[aria-live=polite]")
    expect(live).to_have_count(1)
    lstm.press("ArrowRight")
    expect(live).to_have_text(f"Step 6 of {T}: hidden state, unit 1, is {lstm.value.split(' = ')[1]}.")
    speed_up(lstm)
    read = live.inner_text()
    lstm.press(" ")
    lstm.reaches(7)
    now = live.evaluate("live => [live.closest('.rnn-player').dataset.playing, live.textContent]")
    assert now in (["true", read], ["false", now[1]])
    lstm.has(playing=False)
    expect(live).to_contain_text(f"Step {T} of {T}")


def test_tab_reaches_every_control_and_the_focus_is_seen(player: Opened) -> None:
    reached, outlines = [], set()
    for _ in range(80):
        player.press("Tab")
        stop, outline = player.page.evaluate(
            """() => {
                const at = document.activeElement;
                const name = at.dataset.act || at.dataset.ref || at.className || at.tagName;
                return [name, getComputedStyle(at).outlineStyle];
            }"""
        )
        if stop == "BODY":
            break
        reached.append(stop)
        outlines.add(outline)
    acts = [
        "skip",
        "forward",
        "backward",
        "first",
        "left",
        "play",
        "right",
        "last",
        "INPUT",
        "SELECT",
        "folded",
        "unrolled",
        "tape",
    ]
    assert reached[: len(acts)] == acts
    assert reached[-1] == "SUMMARY"
    assert {"h"} <= set(reached[len(acts) : -1])
    assert outlines == {"solid"}


def test_what_has_the_focus_is_drawn(player: Opened) -> None:
    for key in ("f", "b", "Home", "f"):
        player.press(key)
        sizes = player.root.evaluate(
            """root => [...root.querySelectorAll("[tabindex='0'], button, select, summary")]
                .filter(at => { at.focus(); return document.activeElement === at; })
                .map(at => [at.outerHTML, at.getBoundingClientRect().width * at.getBoundingClientRect().height])"""
        )
        assert len(sizes) > 15, key
        assert not [name for name, size in sizes if size == 0], key
        player.root.focus()


def test_the_focus_stays_in_the_player_where_a_place_is_no_longer_drawn(lstm: Opened) -> None:
    lstm.press("b")
    later = lstm.root.locator(".circuit .port[data-ref=c_next]")
    later.focus()
    lstm.press("f")
    expect(later).to_be_hidden()
    expect(lstm.root).to_be_focused()


def test_the_player_can_be_skipped_and_nothing_moves(lstm: Opened) -> None:
    lstm.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=behind>')")
    before = boxes(lstm, PARTS)
    lstm.press("Tab")
    skip = lstm.root.get_by_role("button", name="Skip the player")
    expect(skip).to_be_focused()
    expect(skip).to_have_css("clip-path", "none")
    assert boxes(lstm, PARTS) == before
    lstm.press("Enter")
    expect(skip).not_to_have_css("clip-path", "none")
    lstm.press("b")
    lstm.has(**{"pass": "forward"})
    lstm.press("Tab")
    expect(lstm.page.locator("#behind")).to_be_focused()


def test_space_presses_the_button_that_has_the_focus_and_plays_after_a_click(lstm: Opened) -> None:
    lstm.button("backward").focus()
    lstm.press(" ")
    lstm.has(playing=False, **{"pass": "backward"})
    lstm.button("forward").click()
    lstm.press(" ")
    lstm.has(playing=True, **{"pass": "forward"})


def test_keys_of_other_widgets_and_of_the_browser_are_left_alone(lstm: Opened) -> None:
    lstm.page.evaluate(
        """() => {
            document.body.insertAdjacentHTML("beforeend", "<input id='other'>");
            window.taken = [];
            addEventListener("keydown", event => event.defaultPrevented && taken.push(event.key));
        }"""
    )
    lstm.page.locator("#other").focus()
    lstm.press("f", "b", "u", " ", "ArrowLeft", "Home")
    lstm.has(step=4, playing=False, folded=False, **{"pass": "forward"})
    assert lstm.page.locator("#other").input_value() == "fbu "
    lstm.root.focus()
    lstm.press("Control+b", "Meta+b", "Alt+ArrowLeft", "Control+f", "Control+Home", "Tab", "Shift+Tab", "x", "F2")
    lstm.has(step=4, **{"pass": "forward"})
    assert lstm.page.evaluate("taken") == []


def test_with_reduced_motion_the_picture_jumps(browser: Browser, tmp_path: Path) -> None:
    """The frame that follows the key is the last one; without it the picture moves on."""
    after_key = """() => new Promise(done => {
        const root = document.querySelector(".rnn-player"), picture = () => root.querySelector("canvas").toDataURL();
        root.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
        requestAnimationFrame(() => requestAnimationFrame(() => {
            const soon = picture();
            setTimeout(() => done(soon === picture()), 400);
        }));
    })"""
    for motion, jumps in (("reduce", True), ("no-preference", False)):
        with opened(browser, reduced_motion=motion) as shown:
            shown.show(spelled("lstm"), tmp_path / "player.html")
            shown.still()
            assert shown.page.evaluate(after_key) == jumps


def test_a_cell_of_the_heat_map_is_chosen_by_a_click(player: Opened) -> None:
    player.page.mouse.click(player.column(2), player.heat(3, 4))
    player.has(step=2, selection="h/3")
    player.button("backward").click()
    player.page.mouse.click(player.column(8), player.heat(1, 4))
    player.has(step=8, selection="h/1", **{"pass": "backward"})


@pytest.mark.parametrize(("cell", "gates", "height"), [("lstm", "figo", 128), ("gru", "zrn", 104)])
def test_a_gate_is_chosen_by_a_click_on_its_valve(
    desk: Opened, tmp_path: Path, cell: str, gates: str, height: int
) -> None:
    desk.show(spelled(cell), tmp_path / "player.html")
    box = box_of(desk.tape)
    wide = box["width"] / T
    for step, (k, gate) in enumerate(enumerate(gates)):
        share = 0.14 + 0.72 * (k + 0.5) / len(gates)
        desk.page.mouse.click(box["x"] + wide * (step + share), box["y"] - height + 75)
        desk.has(step=step, selection=f"{gate}/0")
        expect(desk.root.locator(".chips [aria-pressed=true]")).to_have_attribute("data-ref", gate)


def test_a_rail_opens_its_level(both_ways: Opened) -> None:
    box = box_of(both_ways.tape)
    both_ways.page.mouse.click(both_ways.column(3), box["y"] - 15)  # now the lowest: layer 1, left to right
    both_ways.has(layer=0, direction=0, step=3, selection="h/0")


def test_a_number_of_the_table_is_chosen_by_a_click(player: Opened) -> None:
    player.root.locator("summary").click()
    player.root.locator("td[data-ref=h][data-unit='2']").click()
    player.has(selection="h/2", step=4)


def test_pointing_at_a_place_fades_the_rest(lstm: Opened) -> None:
    lstm.root.locator(".chips [data-ref=f]").hover()
    on, off = lstm.root.locator(".circuit [data-ref=f]").first, lstm.root.locator(".circuit [data-ref=o]").first
    expect(on).to_have_css("opacity", "1")
    expect(off).to_have_css("opacity", "0.28")
    lstm.page.mouse.move(2, 2)
    expect(off).to_have_css("opacity", "1")


GONE = {
    "scrolled": "document.dispatchEvent(new Event('scroll'))",
    "another window": "window.dispatchEvent(new Event('blur'))",
    "elsewhere": "document.body.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }))",
}


@pytest.mark.parametrize("how", [*GONE, "a new network"])
def test_the_rest_comes_back_where_the_pointer_is_gone_without_having_left(lstm: Opened, how: str) -> None:
    lstm.root.locator(".circuit .valve[data-ref=f]").hover()
    off = lstm.root.locator(".circuit [data-ref=o]").first
    expect(off).to_have_css("opacity", "0.28")
    if how in GONE:
        lstm.page.evaluate(GONE[how])
    else:
        lstm.send(spelled("lstm", seed=7).payload())
    expect(off).to_have_css("opacity", "1")


def test_nothing_moves_on_the_page_but_what_is_in_its_parts(player: Opened) -> None:
    first = boxes(player, PARTS)
    for key in ("Home", *["ArrowRight"] * LAST, "b", "ArrowLeft", "Home", "f", "u", "u", "ArrowDown"):
        player.press(key)
        assert boxes(player, PARTS) == first, key


def test_a_phone_scrolls_only_down(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, **PHONE) as phone:
        for cell in CELLS:
            phone.show(spelled(cell, hidden_size=12), tmp_path / "player.html")
            for key in ("End", "b", "u"):
                phone.press(key)
                assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, (cell, key)


# value and step just before another network comes, and step and value once it is drawn
REPLACED = """async payload => {
    const root = document.querySelector(".rnn-player"), value = () => root.querySelector(".legend .value").textContent;
    const before = value(), step = Number(root.dataset.step);
    shown.receive({ payload });
    const now = Number(root.dataset.step);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return [before, step, now, value()];
}"""


def test_a_new_network_takes_the_place_of_the_old_while_it_plays(player: Opened) -> None:
    cell = player.said("cell") or ""
    payload = spelled(cell, seed=7).payload()
    player.press("ArrowDown", "ArrowDown", "Home", " ")
    player.reaches(1)
    canvas = player.root.locator("canvas").element_handle()
    before, step, now, then = player.page.evaluate(REPLACED, payload)
    player.has(playing=True, selection="h/2")
    assert step == now
    assert before != then
    assert canvas.evaluate("element => element.isConnected")
    player.reaches(step + 1)
    player.has(playing=True)


def test_a_new_network_of_another_shape_keeps_what_it_has_of_the_place(both_ways: Opened) -> None:
    sent = [spelled(cell, word="missi", hidden_size=units).payload() for cell, units in (("lstm", 2), ("elman", 6))]
    both_ways.root.get_by_label("Speed").select_option("0.25")
    both_ways.root.focus()
    both_ways.press("ArrowDown", "ArrowDown", "ArrowDown", "b", " ")
    both_ways.has(selection="h/3", playing=True)
    both_ways.send(sent[0])
    both_ways.has(step=4, steps=5, cell="lstm", selection="h/1", layer=0, direction=0, **{"pass": "backward"})
    both_ways.send(sent[1])
    both_ways.has(step=4, cell="elman", selection="h/1")


def test_a_token_sends_the_player_somewhere_and_no_token_leaves_it(lstm: Opened) -> None:
    place = {"step": 7, "unit": 2, "selected": "f", "backward": True}
    start = spelled("lstm").shown["start"]
    lstm.send(spelled("lstm", seed=3).payload(start=type(start)(**place)))
    lstm.has(step=4, selection="h/0", **{"pass": "forward"})
    lstm.press("Home", " ")
    lstm.send(spelled("lstm", word="missi").payload(start=type(start)(**(place | {"step": 3, "token": 1}))))
    lstm.has(step=3, selection="f/2", playing=False, **{"pass": "backward"})


# pauses at the seventh step; how many reports there were until then
ON_THE_WAY = """() => new Promise(done => {
    const root = document.querySelector(".rnn-player");
    requestAnimationFrame(function look() {
        if (root.dataset.step < 6) { requestAnimationFrame(look); return; }
        done(reports.length);
        root.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    });
})"""


def test_the_page_hears_where_the_reader_came_to_rest_and_nothing_before(lstm: Opened) -> None:
    lstm.page.evaluate(PAUSE, 300)
    assert lstm.page.evaluate("reports") == []
    speed_up(lstm)
    lstm.press("ArrowDown", " ")
    assert lstm.page.evaluate(ON_THE_WAY) <= 1
    lstm.has(playing=False)
    lstm.page.wait_for_function("() => reports.length && reports.at(-1).step > 4")
    step = int(lstm.said("step") or 0)
    here = {"step": step, "unit": 1, "layer": 0, "direction": 0, "selected": "h", "backward": False}
    assert lstm.page.evaluate("reports.at(-1)") == here | {"token": 0}
    lstm.press("b")
    lstm.page.wait_for_function("() => reports.at(-1).backward")
    lstm.tape.dblclick()
    lstm.page.wait_for_function("() => reports.at(-1).selected === 'x'")
    assert lstm.page.evaluate("reports.at(-1).unit") == 1


def test_the_picture_has_the_screen_s_own_pixels(lstm: Opened) -> None:
    """After a zoom too, which makes each of the page's pixels several of the screen's."""
    screen = lstm.page.context.new_cdp_session(lstm.page)
    for ratio in (2, 3, 1.25):
        size = {"width": int(1280 / ratio), "height": int(800 / ratio), "deviceScaleFactor": ratio, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", size)
        lstm.page.wait_for_function(
            """ratio => {
                const canvas = document.querySelector("canvas");
                return canvas.width === Math.round(canvas.getBoundingClientRect().width * ratio);
            }""",
            arg=ratio,
        )
    screen.send("Emulation.clearDeviceMetricsOverride")


def test_one_step_and_one_unit_are_enough(desk: Opened, tmp_path: Path) -> None:
    for cell in CELLS:
        desk.show(numbers(cell, 1, hidden_size=1, input_size=1, output_size=1), tmp_path / "player.html")
        desk.has(step=0, steps=1)
        desk.press(" ", "ArrowRight", "ArrowLeft", "b", " ", "End", "u", "ArrowDown", "f", "PageDown")
        desk.has(step=0, playing=False, selection="h/0")
        assert not desk.trouble
