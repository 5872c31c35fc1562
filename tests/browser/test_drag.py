"""Holding values in the picture, by dragging, keys and links: what follows is the engine's, and it can be undone."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.lstm_gates import model as lstm_gates
from rnnviz.player import Start, held_pass
from tests.browser.lesson_page import listed, press, visit
from tests.browser.player_page import PHONE, Opened, Pass, box_of, numbers, opened
from tests.browser.waiting import eventually, settle

CELLS = {"lstm": ("f", "g", "o", "c", "h", "x"), "gru": ("z", "n", "h", "x"), "elman": ("h", "x")}
STEP, UNIT, T = 3, 1, 8


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Opened]:
    with opened(browser) as shown:
        yield shown


def held(cell: str, holds: str = "", **sizes: int) -> Pass:
    """A network that reads numbers, with what is held in it, at STEP and UNIT."""
    whole = numbers(cell, T, **sizes)
    x, surgery = held_pass(whole.trace.network, whole.trace[0, 0].x, holds)
    trace = rv.unroll(whole.trace.network, x, surgery=surgery)
    start = Start(step=STEP, unit=UNIT, selected="h")
    return Pass(trace, rv.backpropagate(trace.network, trace, np.ones_like(trace.y)), {"holds": holds, "start": start})


def last_told(shown: Opened) -> str:
    """What is held, as the page was last told."""
    return str(shown.page.evaluate("reports.findLast(said => typeof said === 'string')"))


def place_of(shown: Opened, place: str) -> Locator:
    """Where in the circuit a value is drawn."""
    circuit = shown.root.locator("svg.circuit")
    if place == "x":
        return circuit.locator(".cell[data-ref=x], [data-ref=x] .cell").first
    kinds = {"c": ".port", "h": ".port"}
    return circuit.locator(f"{kinds.get(place, '.valve')}[data-ref={place}]").first


def drag(page: Page, element: Locator, up: float) -> None:
    """Press on its middle, and move so many pixels up."""
    box = box_of(element)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - up / 2)
    page.mouse.move(x, y - up)
    page.mouse.up()


def assert_lists(player: Locator, ref: str, values: np.ndarray, atol: float = 0.0) -> None:
    """The player's table comes to list these numbers."""
    eventually(lambda: np.testing.assert_allclose(listed(player, ref), values, rtol=1e-6, atol=atol))


def engine(shown: Pass, place: str) -> float:
    layer = shown.trace[0, 0]
    if place == "x":
        return float(layer.x[STEP, 0, 0])
    values = layer.gates.get(place) if place not in "hc" else layer.h if place == "h" else layer.c
    assert values is not None
    return float(values[STEP, 0, UNIT])


@pytest.mark.parametrize(("cell", "place"), [(cell, place) for cell, places in CELLS.items() for place in places])
def test_what_is_dragged_is_held_and_the_answer_is_the_engine_s(
    desk: Opened, tmp_path: Path, cell: str, place: str
) -> None:
    before = held(cell)
    desk.show(before, tmp_path / "player.html")
    drag(desk.page, place_of(desk, place), 15 if engine(before, place) < 0 else -15)
    text = last_told(desk)
    (one,) = rv.player.read_holds(text)
    assert (one.place, one.step, one.unit) == (place, STEP, 0 if place == "x" else UNIT)
    assert one.value != pytest.approx(engine(before, place), abs=0.05)
    expect(desk.root.locator(".legend .held")).to_contain_text("1 held")
    after = held(cell, text)
    assert engine(after, place) == pytest.approx(one.value)
    desk.send(after.payload())
    for step in (STEP, T - 1):
        desk.root.focus()
        desk.press("Home", *["ArrowRight"] * step)
        desk.has(step=step)
        assert_lists(desk.root, "h", after.trace[0, 0].h[step, 0], atol=1e-12)
    assert not np.allclose(after.trace[0, 0].h[-1], before.trace[0, 0].h[-1], rtol=1e-9, atol=0)
    assert not desk.trouble


def test_a_drag_shows_its_value_at_once_and_tells_each_change(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("lstm"), tmp_path / "player.html")
    valve = place_of(desk, "f")
    box = box_of(valve.locator(".frame"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    told = []
    for up in (8, -8, -500, 500):
        desk.page.mouse.move(x, y - up)
        told.append(last_told(desk))
    desk.page.mouse.up()
    assert len(set(told)) == 4
    assert told[-2:] == ["f_4_2_0", "f_4_2_1"], "a gate ends at 0 and at 1"
    desk.says("forget gate, unit 2 = 1.00, clamped")
    expect(valve.locator(".pin")).to_be_visible()
    desk.has(step=STEP, selection=f"f/{UNIT}")
    assert not desk.trouble


def test_an_answer_that_is_older_than_the_drag_does_not_undo_it(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("lstm", "f_4_2_0.5"), tmp_path / "player.html")
    desk.root.locator(".chips [data-ref=f]").click()
    drag(desk.page, place_of(desk, "f"), 500)
    assert last_told(desk) == "f_4_2_1"
    desk.send(held("lstm", "f_4_2_0.75").payload())
    desk.still()
    desk.says("forget gate, unit 2 = 1.00, clamped")
    desk.send(held("lstm", "f_4_2_1").payload())
    desk.send(held("lstm", "").payload())  # from now on it is the page that says what is held
    expect(desk.root.locator(".legend .held")).to_have_attribute("data-held", "0")


def test_a_double_click_frees_one_and_the_legend_frees_all(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("lstm", "f_4_2_0.5__c_4_2_0.3__o_5_1_0.2"), tmp_path / "player.html")
    expect(desk.root.locator(".legend .held")).to_contain_text("3 held")
    expect(desk.root.locator(".circuit .pin.of-state")).to_have_count(1)
    place_of(desk, "f").dblclick()
    assert last_told(desk) == "c_4_2_0.3__o_5_1_0.2"
    place_of(desk, "i").dblclick()
    assert last_told(desk) == "c_4_2_0.3__o_5_1_0.2", "it was not held"
    desk.root.get_by_role("button", name="free all").click()
    assert last_told(desk) == ""
    expect(desk.root.locator(".circuit .pin.of-state")).to_have_count(0)


def test_keys_hold_and_free_what_is_selected_or_focused(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("lstm", "f_4_2_0.5"), tmp_path / "player.html")
    desk.root.locator(".chips [data-ref=f]").click()
    desk.press("Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowDown")
    assert last_told(desk) == "f_4_2_0.55"
    desk.has(step=STEP, selection=f"f/{UNIT}")
    place_of(desk, "o").focus()
    desk.press("Shift+ArrowDown")
    held_now = rv.player.read_holds(last_told(desk))
    assert [one.place for one in held_now] == ["f", "o"]
    desk.press("Delete")
    assert last_told(desk) == "f_4_2_0.55"
    desk.has(selection=f"o/{UNIT}")
    desk.root.locator(".chips [data-ref=f]").click()
    desk.root.focus()
    desk.press("Backspace")
    assert last_told(desk) == ""
    desk.press("ArrowDown")
    desk.has(selection="f/2")


@pytest.mark.parametrize("cell", CELLS)
def test_what_leads_out_of_the_cell_does_not_look_as_if_it_could_be_dragged(
    desk: Opened, tmp_path: Path, cell: str
) -> None:
    desk.show(held(cell), tmp_path / "player.html")
    looks = "port => getComputedStyle(port).cursor"
    assert desk.root.locator('.circuit .port[data-ref="up"]').first.evaluate(looks) == "pointer"
    assert desk.root.locator('.circuit .port[data-ref="h"]').first.evaluate(looks) == "ns-resize"


def test_where_nothing_can_be_held_a_drag_changes_nothing(desk: Opened, tmp_path: Path) -> None:
    whole = numbers("lstm", T)
    desk.show(whole, tmp_path / "player.html")
    drag(desk.page, place_of(desk, "f"), 30)
    desk.press("Shift+ArrowUp", "Delete")
    assert desk.page.evaluate("reports.every(said => typeof said !== 'string')")
    expect(desk.root.locator(".legend .held")).to_be_hidden()
    desk.show(held("lstm"), tmp_path / "player.html")
    desk.tell(locked=True)
    drag(desk.page, place_of(desk, "f"), 30)
    assert desk.page.evaluate("reports.every(said => typeof said !== 'string')")


def test_backwards_valves_are_dragged_and_gradients_are_not(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("lstm"), tmp_path / "player.html")
    desk.press("b")
    drag(desk.page, place_of(desk, "c"), 30)
    drag(desk.page, place_of(desk, "x"), 30)
    assert desk.page.evaluate("reports.every(said => typeof said !== 'string')")
    drag(desk.page, place_of(desk, "o"), 500)
    assert last_told(desk) == "o_4_2_1"


def test_a_valve_of_the_stage_is_dragged_too(desk: Opened, tmp_path: Path) -> None:
    desk.show(held("gru", hidden_size=2), tmp_path / "player.html")
    box = box_of(desk.tape)
    wide = box["width"] / T
    x, y = box["x"] + wide * (STEP + 0.14 + 0.72 / 6), box["y"] - 104 + 75
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x, y - 100)
    desk.page.mouse.up()
    assert last_told(desk) == f"z_{STEP + 1}_{UNIT + 1}_1"
    desk.has(step=STEP)


def test_a_finger_drags_a_valve_and_does_not_scroll_the_page(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, **PHONE) as phone:
        phone.show(held("lstm"), tmp_path / "player.html")
        valve = place_of(phone, "f")
        valve.scroll_into_view_if_needed()
        box, scrolled = box_of(valve), phone.page.evaluate("scrollY")
        x, y = box["x"] + box["width"] / 2, box["y"] + 20
        finger = phone.page.context.new_cdp_session(phone.page)
        for kind, at in (("touchStart", y), ("touchMove", y - 20), ("touchMove", y - 90), ("touchEnd", None)):
            points = [] if at is None else [{"x": x, "y": at}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        assert last_told(phone) == f"f_{STEP + 1}_{UNIT + 1}_1"
        assert phone.page.evaluate("scrollY") == scrolled


# On a lesson's page ---------------------------------------------------------------------------------------------------


def test_dragging_a_valve_in_explore_gives_the_engine_s_operated_trace_and_a_link_that_reproduces_it(
    page: Page,
) -> None:
    player = visit(page, "/lstm_gates", step=9, see="f")
    valve = player.locator(".circuit .valve[data-ref=f]")
    valve.scroll_into_view_if_needed()
    drag(page, valve.locator(".frame"), 20)
    settle(page)
    page.wait_for_url("**holds=f_9_1_*")
    (one,) = rv.player.read_holds(page.url.split("holds=")[1].split("&")[0])
    run = lstm_gates.experiment(lstm_gates.Settings(holds=rv.player.write_holds([one])))
    c = np.asarray(run.changed.trace[0, 0].c)[:, 0]
    assert c[8, 0] != np.asarray(run.untouched.trace[0, 0].c)[8, 0, 0]
    assert_lists(player, "c", c[8])
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    player = page.get_by_test_id("rnn-player")
    expect(player.locator(".legend .held")).to_contain_text("1 held")
    expect(player).to_have_attribute("data-step", "8")
    assert_lists(player, "c", c[8])
    player.locator(".circuit .valve[data-ref=f]").dblclick()
    expect(player.locator(".legend .held")).to_have_attribute("data-held", "0")
    settle(page)
    page.wait_for_function("() => !location.search.includes('holds')")
    assert_lists(player, "c", np.asarray(run.untouched.trace[0, 0].c)[8, 0])


def test_nonsense_in_the_address_holds_nothing(page: Page) -> None:
    player = visit(page, "/lstm_gates", holds="f_99_1_0.5__q_1_1_1__x_1__<b>__f_1_99_0", step=2)
    expect(player.locator(".legend .held")).to_have_attribute("data-held", "0")


def test_what_is_held_beyond_the_last_step_leaves_the_address_and_is_back_with_its_step(page: Page) -> None:
    visit(page, "/gru_gates", input="hold", hold=6, holds="h_2_1_0.5__h_7_1_0.5__h_99_1_0.5")
    page.wait_for_function("() => location.search.includes('holds=h_2_1_0.5__h_7_1_0.5&')")
    press(page, "hold", "Home", 1)
    page.wait_for_function("() => /holds=h_2_1_0.5(&|$)/.test(location.search)")
    press(page, "hold", "End", 40)
    page.wait_for_function("() => location.search.includes('holds=h_2_1_0.5__h_7_1_0.5')")
