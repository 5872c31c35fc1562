"""Signals that travel within a step: the engine's numbers ride, something moves all the time, and phases come in order.

That no page logs an error or asks for anything is checked by `opened` itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import rnnviz as rv
from rnnviz.player import Start
from tests.browser.player_page import BEATS, CELLS, STORY, Opened, Pass, box_of, numbers, opened, spelled
from tests.browser.test_circuit import backward, forward
from tests.browser.waiting import PAUSE, moves

SHARES = [k / 60 for k in range(1, 60)]
# what rides at each of these shares of the step that is looked at: {wire: [numbers]}
RIDDEN = """async shares => {
    const root = document.querySelector(".rnn-player"), slider = root.querySelector(".within input"), ridden = {};
    for (const share of shares) {
        slider.value = share;
        slider.dispatchEvent(new Event("input"));
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        for (const one of root.querySelectorAll(".circuit .rider[data-value]"))
            (ridden[one.dataset.rides] ??= []).push(Number(one.dataset.value));
    }
    return ridden;
}"""
LOOK = """root => {
    const canvas = root.querySelector("canvas");
    return root.querySelector(".circuit").innerHTML + (canvas.hidden ? "" : canvas.toDataURL());
}"""
# until the place within the step stays for so long, in ms, as no move does
RESTS = """ms => new Promise(done => {
    const slider = document.querySelector(".within input");
    let last = slider.value, since = performance.now();
    requestAnimationFrame(function look(now) {
        if (slider.value !== last) [last, since] = [slider.value, now];
        if (now - since > ms) done(); else requestAnimationFrame(look);
    });
})"""


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Opened]:
    with opened(browser) as shown:
        yield shown


def ridden(desk: Opened, shares: list[float] = SHARES) -> dict[str, set[float]]:
    """The numbers that rode along each wire."""
    return {name: set(values) for name, values in desk.page.evaluate(RIDDEN, shares).items()}


def within(desk: Opened, share: float) -> None:
    desk.page.evaluate(RIDDEN, [share])


def near(seen: set[float], expected: float, name: str) -> None:
    assert len(seen) == 1, name
    np.testing.assert_allclose(seen.pop(), expected, rtol=2e-6, atol=1e-7, err_msg=name)


def terms(trace: rv.Trace, t: int, j: int, layer: int = 0, direction: int = 0) -> dict[str, float]:
    """The terms of each gate's sum, by the names of what brings them."""
    of, cell = trace[layer, direction], trace.network.layers[layer][direction]
    H, h_prev = len(of.h0[0]), of.h[t - 1, 0] if t else of.h0[0]
    bias = cell.bias_ih + cell.bias_hh
    rows = {gate: k * H + j for k, gate in enumerate(cell.GATES)}
    x, h = cell.weight_ih @ of.x[t, 0], cell.weight_hh @ h_prev
    return {f"{name}_{g}": v[row] for g, row in rows.items() for name, v in (("wx", x), ("wh", h), ("b", bias))}


@pytest.mark.parametrize("cell", CELLS)
def test_what_rides_along_a_wire_is_the_engines_number(desk: Opened, cell: str, tmp_path: Path) -> None:
    shown = numbers(cell, 6, input_size=3, output_size=2)
    desk.show(shown, tmp_path / "player.html")
    desk.tell(step=3, unit=2, token=1)
    seen, expected = ridden(desk), forward(shown.trace, 3, 2, 0, 0)
    missing = {"via_n", "past_h"} if cell != "gru" else set()
    for name in expected.keys() - missing:
        near(seen[name], expected[name], name)
    if cell == "lstm":
        for name, value in terms(shown.trace, 3, 2).items():
            near(seen[name], value, name)


@pytest.mark.parametrize("cell", CELLS)
def test_backwards_the_engines_gradients_ride_and_slopes_are_its_slopes(
    desk: Opened, cell: str, tmp_path: Path
) -> None:
    shown = numbers(cell, 6, input_size=3, output_size=2)
    assert shown.grads is not None
    desk.show(shown, tmp_path / "player.html")
    desk.tell(step=3, unit=2, **{"pass": "backward"}, token=1)
    seen = ridden(desk)
    for name, value in backward(shown.trace, shown.grads, 3, 2, 0, 0).items():
        near(seen[name], value, name)
    of = shown.trace[0, 0]
    for gate, a in of.gates.items():
        value = a[3, 0, 2]
        squashed = cell == "elman" or gate in "gn"
        near(seen[f"slope_{gate}"], 1 - value**2 if squashed else value * (1 - value), gate)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("way", ["forward", "backward"])
def test_at_its_slowest_something_moves_all_the_time(desk: Opened, cell: str, way: str, tmp_path: Path) -> None:
    desk.show(spelled(cell), tmp_path / "player.html")
    speed = desk.root.get_by_label("Speed")
    slowest = speed.locator("option").first.get_attribute("value")
    assert float(slowest or 1) == min(map(float, speed.locator("option").evaluate_all("all => all.map(o => o.value)")))
    speed.select_option(slowest)
    desk.tell(step=4, **{"pass": way}, token=1)
    desk.root.focus()
    desk.press(" ")
    desk.has(playing=True)
    assert moves(desk.root, LOOK) >= 7
    desk.press(" ")


def test_whatever_is_shown_some_leg_of_it_is_on_its_way(desk: Opened, tmp_path: Path) -> None:
    """In stories too: where places are not shown, the others take their time."""
    desk.show(spelled("lstm"), tmp_path / "player.html")
    gaps = """([payload, shown, backward]) => {
        const model = $core_model.decode(Uint8Array.from(atob(payload), one => one.charCodeAt(0)));
        const view = { backward, shown: $core_shown.shownOf(shown) };
        const legs = Object.values($core_phases.legsOf(model, view));
        const shares = Array.from({ length: 100 }, (_, k) => (k + 0.5) / 100);
        return shares.filter(u => !legs.some(([from, to]) => from <= u && u <= to));
    }"""
    payloads = {cell: spelled(cell).payload() for cell in CELLS}
    subsets = [("lstm", shown) for shown in BEATS.values()] + [
        ("gru", ["h", "z"]),
        ("gru", ["h", "n"]),
        ("elman", ["h"]),
    ]
    for cell, shown in subsets + [(cell, None) for cell in CELLS]:
        for backwards in (False, True):
            assert desk.page.evaluate(gaps, [payloads[cell], shown, backwards]) == [], (cell, shown)


@pytest.mark.parametrize("cell", CELLS)
def test_a_number_that_has_not_come_is_not_on_the_drawing(desk: Opened, cell: str, tmp_path: Path) -> None:
    desk.show(spelled(cell), tmp_path / "player.html")
    seen = "[...document.querySelectorAll('.circuit .number')].filter(t => t.textContent && !t.matches('.ahead'))"
    whole = desk.page.evaluate(f"{seen}.length")
    counts = []
    for share in (0.01, 0.3, 0.6, 0.9, 1):
        within(desk, share)
        counts.append(desk.page.evaluate(f"{seen}.length"))
    assert counts == sorted(counts)
    assert counts[0] < counts[2] < counts[-1] == whole


def test_the_forget_gate_thins_the_path_where_it_passes_the_multiplication(desk: Opened, tmp_path: Path) -> None:
    shown = spelled("lstm")
    desk.show(shown, tmp_path / "player.html")
    of = shown.trace[0, 0]
    for t in range(2, 9):
        desk.tell(step=t, token=t)
        desk.has(step=t)
        before, kept = (
            float(desk.root.locator(f".circuit .band[data-flow={flow}] .fill").get_attribute("height") or 0)
            for flow in ("past_c", "keep")
        )
        was, f = abs(of.c[t - 1, 0, 0]), of.gates["f"][t, 0, 0]
        if was * f * 32 > 1:
            assert kept / before == pytest.approx(np.sqrt(min(1, was * f) / min(1, was)), abs=0.03)


def test_a_valve_opens_as_far_as_the_dot_on_its_curve_is_high(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    valve = desk.root.locator(".circuit .valve[data-ref=f]")
    heights = []
    for share in [k / 100 for k in range(20, 50)]:
        within(desk, share)
        if "works" not in (valve.get_attribute("class") or ""):
            continue
        dot, fill, frame = (box_of(valve.locator(part)) for part in (".dot", ".fill", ".frame"))
        assert dot["y"] + dot["height"] / 2 == pytest.approx(fill["y"], abs=1.5)
        assert frame["y"] - 1 <= fill["y"]
        heights.append(fill["height"])
    assert len(heights) > 3
    assert heights[-1] != heights[0]


def test_the_equation_lights_the_term_whose_phase_it_is(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    desk.tell(select="c", step=4, token=1)
    lit = []
    for share in [k / 50 for k in range(1, 50)]:
        within(desk, share)
        working = desk.root.locator(".equation .working").evaluate_all("all => all.map(one => one.dataset.ref)")
        lit += [ref for ref in working if ref not in lit]
    assert lit.index("f") < lit.index("c")
    assert set(lit) == {"f", "c_prev", "i", "g", "c"}
    within(desk, 1)
    expect(desk.root.locator(".equation .working, .equation .waiting")).to_have_count(0)


def test_a_held_gate_has_a_pin_and_takes_nothing_from_its_sum(desk: Opened, tmp_path: Path) -> None:
    plain = spelled("lstm")
    held = rv.unroll(plain.trace.network, plain.trace[0, 0].x, surgery=[rv.Pin("f", 0.9, 2, 6)])
    desk.show(Pass(held, None, plain.shown), tmp_path / "player.html")
    desk.tell(step=4, token=1)
    seen = ridden(desk)
    assert not {"wx_f", "wh_f", "b_f", "a_f"} & seen.keys()
    near(seen["f"], 0.9, "f")
    assert {"wx_i", "a_i"} <= seen.keys()
    pin = ".circuit .valve[data-ref={}] .pin"
    expect(desk.root.locator(pin.format("f"))).to_have_css("opacity", "1")
    expect(desk.root.locator(pin.format("i"))).to_have_css("opacity", "0")


@pytest.mark.parametrize("cell", CELLS)
def test_where_it_was_cut_the_gradient_stops_at_a_wall(desk: Opened, cell: str, tmp_path: Path) -> None:
    whole = numbers(cell, 6)
    cut = rv.backpropagate(whole.trace.network, whole.trace, np.ones_like(whole.trace.y), truncate=3)
    desk.show(Pass(whole.trace, cut), tmp_path / "player.html")
    walls = desk.root.locator(".circuit .wall:not(.off)")
    for step, some in ((3, True), (2, True), (4, False)):
        desk.tell(step=step, **{"pass": "backward"}, token=step)
        desk.has(step=step)
        (expect(walls.first).to_be_attached if some else expect(walls).not_to_be_attached)()
    desk.press("f")
    expect(walls).to_have_count(0)


@pytest.mark.parametrize("cell", CELLS)
def test_the_reverse_direction_s_circuit_is_mirrored(desk: Opened, cell: str, tmp_path: Path) -> None:
    desk.show(spelled(cell, bidirectional=True, hidden_size=3), tmp_path / "player.html")
    left = """() => Object.fromEntries(
        [...document.querySelectorAll('.circuit :is(.valve, .node, .curve, .port)[data-ref]')]
        .map(one => [one.dataset.ref, one.getBoundingClientRect()])
        .map(([ref, box]) => [ref, [box.left + box.width / 2, box.width]]))"""
    frame = box_of(desk.root.locator("svg.circuit"))
    forwards = desk.page.evaluate(left)
    desk.send(spelled(cell, bidirectional=True, hidden_size=3).payload(start=Start(step=4, direction=1, token=5)))
    desk.has(direction=1)
    mirrored = desk.page.evaluate(left)
    assert forwards.keys() == mirrored.keys()
    for ref, (middle, width) in forwards.items():
        if width:
            assert mirrored[ref][0] - frame["x"] == pytest.approx(frame["x"] + frame["width"] - middle, abs=8), ref


def test_shift_and_arrows_go_from_phase_to_phase(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    desk.root.get_by_label("Speed").select_option("8")
    desk.root.focus()
    phase, words = desk.root.locator(".bar .phase"), []
    desk.press("Shift+ArrowRight")
    desk.has(step=5)
    for _ in range(20):
        desk.page.evaluate(RESTS, 250)
        word = phase.inner_text()
        if not word:
            break
        words.append(word)
        desk.press("Shift+ArrowRight")
        desk.has(step=5)
    assert len(words) == len(set(words)) > 4
    desk.press("Shift+ArrowLeft")
    expect(phase).to_have_text(words[-1])
    desk.has(step=5)


def test_a_drag_over_the_tape_goes_through_the_phases(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    tape, mouse, words = box_of(desk.tape), desk.page.mouse, set()
    wide = tape["width"] / 10
    mouse.move(tape["x"] + 2.5 * wide, tape["y"] + 10)
    mouse.down()
    desk.has(step=2)
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        mouse.move(tape["x"] + (3 + share) * wide, tape["y"] + 10)
        desk.has(step=3)
        desk.page.wait_for_function(
            "share => Math.abs(document.querySelector('.within input').value - share) < 0.02", arg=share
        )
        words.add(desk.root.locator(".bar .phase").inner_text())
    mouse.up()
    assert len(words) >= 4


# pauses in the middle of a step; where, and in which
PAUSED = """() => new Promise(done => {
    const root = document.querySelector(".rnn-player"), slider = root.querySelector(".within input");
    requestAnimationFrame(function look() {
        if (slider.value < 0.2 || slider.value > 0.5) { requestAnimationFrame(look); return; }
        root.dispatchEvent(new KeyboardEvent("keydown", { key: " " }));
        done([Number(slider.value), root.dataset.step]);
    });
})"""
# where in the step it stands in the next pictures of it
SEEN = """() => new Promise(done => {
    const root = document.querySelector(".rnn-player"), slider = root.querySelector(".within input"), seen = [];
    const step = root.dataset.step;
    requestAnimationFrame(function look() {
        if (root.dataset.step !== step || seen.length > 20) { done(seen); return; }
        seen.push(Number(slider.value));
        requestAnimationFrame(look);
    });
})"""


def test_a_pause_stays_in_the_middle_of_the_step_and_play_goes_on_from_there(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("gru"), tmp_path / "player.html")
    desk.root.get_by_label("Speed").select_option("0.5")
    desk.root.focus()
    desk.press(" ")
    paused, step = desk.page.evaluate(PAUSED)
    desk.has(playing=False)
    desk.page.evaluate(PAUSE, 300)
    share = float(desk.root.locator(".within input").input_value())
    assert paused - 0.01 <= share < paused + 0.05
    with desk.plays():
        desk.press(" ")
    assert min(desk.page.evaluate(SEEN)) >= share - 0.01
    desk.reaches(int(step) + 1)


def test_with_reduced_motion_it_plays_whole_steps(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, reduced_motion="reduce") as calm:
        calm.show(spelled("lstm"), tmp_path / "player.html")
        calm.root.get_by_label("Speed").select_option("2")
        calm.page.evaluate(
            """() => {
                window.shares = new Set();
                new MutationObserver(() => shares.add(document.querySelector(".circuit").dataset.share))
                    .observe(document.querySelector(".rnn-player"), { subtree: true, attributes: true });
            }"""
        )
        calm.root.focus()
        calm.press(" ")
        calm.reaches(7)
        calm.press(" ")
        assert set(calm.page.evaluate("[...shares]")) <= {"", None}
        assert not calm.root.locator(".rider").count()


@pytest.mark.parametrize("speed", ["4", "8"])
def test_fast_it_shows_whole_steps(desk: Opened, speed: str, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    desk.root.get_by_label("Speed").select_option(speed)
    desk.root.focus()
    desk.press("Home", " ")
    desk.reaches(3)
    assert not desk.root.locator(".rider").count()
    desk.press("Escape")
    desk.has(playing=False)


def stage(desk: Opened, places: str, **view: Any) -> None:
    desk.tell(show=[*STORY, *places.split()], one_unit=True, token=places, **view)


def test_in_a_story_only_what_is_shown_travels(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    stage(desk, "c f", select="c", step=4)
    seen = ridden(desk)
    assert seen.keys() == {"past_c", "f", "keep", "write", "c", "next_c"}


def test_of_a_pause_within_a_step_the_other_pass_knows_nothing(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("lstm"), tmp_path / "player.html")
    within(desk, 0.4)
    desk.press("b")
    expect(desk.root.locator(".within input")).to_have_value("1")
    expect(desk.root.locator(".rider")).to_have_count(0)


def test_a_key_held_down_goes_through_whole_steps(desk: Opened, tmp_path: Path) -> None:
    desk.show(spelled("gru"), tmp_path / "player.html")
    desk.press("Home")
    desk.page.keyboard.down("ArrowRight")
    for _ in range(5):
        desk.page.keyboard.down("ArrowRight")
    desk.page.keyboard.up("ArrowRight")
    desk.has(step=6)
    desk.page.evaluate(PAUSE, 500)
    expect(desk.root.locator(".rider")).to_have_count(0)
