"""The dials in a browser: one message in flight while a key is held or a slider dragged, and nothing that breaks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import is_trouble
from tests.browser.holding import DIALS, LIFE, busy, drag, hold, rest, slider, sliders, undisturbed
from tests.browser.server import App, serve
from tests.browser.waiting import eventually, quiet, settle

SCRIPT = """
import time
from datetime import date

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons.common import dials
from lessons.common.controls import Choice, Day, Range, Seed, Span, Steps, Text
from lessons.common.player import player, send_to

WORDS = {
    "units": "hidden units",
    "rho": {"label": "recurrent scale ρ", "help": "the spectral radius"},
    "input": {"label": "input", "choices": {"weather": "weather", "sentence": "a sentence"}},
    "scheme": {"label": "start", "choices": {"zeros": "all zeros"}},
}


def controls(values):
    weather = values.get("input", "weather") == "weather"
    return (
        Choice("input", ("weather", "sentence"), "weather", was={"a sentence": "sentence"}),
        Range("units", 1, 16, 1, 8, was_id="size"),
        Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2),
        Steps("rate", (0.01, 0.1, 1.0), 0.1),
        Day("day", date(1981, 1, 1), date(1990, 11, 1), date(1981, 4, 11)) if weather else Text("text", "the cat"),
        Choice("scheme", ("uniform", "zeros"), "uniform", look="list", group="more"),
        Span("span", 1, 12, (3, 7), group="more"),
        Seed(group="more"),
    )


def lab():
    values = dials.mount(controls, WORDS)
    time.sleep(float(st.session_state.get("slow", "0")))
    net = rv.Network.create("lstm", 2, values["units"], rng=np.random.default_rng(values["seed"]))
    trace = rv.unroll(net, values["rho"] * np.random.default_rng(1).normal(size=(12, 1, 2)))
    player(trace, rv.backpropagate(net, trace, np.ones_like(trace.y)), key="player", step=3)
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text(f"runs {st.session_state['runs']}")
    st.text("values " + " ".join(f"{name}={value}" for name, value in values.items()))


st.button("preset", on_click=dials.put, kwargs={"rho": 0.3, "input": "sentence"})
st.button("reset", on_click=dials.reset)
st.button("there", on_click=send_to, args=("player",), kwargs={"step": 9, "selected": "o"})
st.text_input("slow", key="slow", value="0")
dials.live(lab)
"""


ENTRY = """
import streamlit as st

pages = [st.Page("dialled.py", title="dialled", default=True), st.Page("other.py", title="other")]
st.navigation(pages, position="top").run()
"""


@pytest.fixture(scope="module")
def dialled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("dialled")
    for name, script in {
        "entry": ENTRY,
        "dialled": SCRIPT,
        "other": "import streamlit as st\nst.text('other')",
    }.items():
        (folder / f"{name}.py").write_text(script)
    with serve(str(folder / "entry.py"), folder / "log") as app:
        yield app


@pytest.fixture
def page(browser: Browser, dialled: App) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=dialled.url) as context:
        page, trouble = context.new_page(), []
        page.on("console", lambda message: trouble.append(message.text) if is_trouble(message) else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield page
        assert not trouble


def visit(page: Page, query: str = "") -> Page:
    page.goto(f"/?{query}")
    page.get_by_test_id("rnn-player").wait_for()
    page.get_by_text(re.compile("^values ")).wait_for()
    rest(page)
    return page


def values(page: Page) -> dict[str, str]:
    rest(page)
    said = page.get_by_text(re.compile("^values ")).inner_text().removeprefix("values ")
    return dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", said))


def becomes(page: Page, name: str, value: str) -> None:
    """Python comes to say this value."""
    eventually(says, page, name, value)


def says(page: Page, name: str, value: str) -> None:
    found = values(page)
    assert found[name] == value, found


def runs(page: Page) -> int:
    return int(page.get_by_text(re.compile(r"^runs \d+$")).inner_text().split()[1])


def ends_at_the_mouse(page: Page) -> None:
    """Python comes to say what the slider says."""

    def agree() -> None:
        assert float(values(page)["rho"]) == float(slider(page, "rho").input_value())

    eventually(agree)


def query(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.search.replaceAll('+', ' '))")


def make_slow(page: Page, seconds: float) -> None:
    page.get_by_label("slow").fill(str(seconds))
    page.get_by_label("slow").press("Enter")
    rest(page)


def stand_apart(page: Page) -> None:
    """Step, unit and pass of the player are not those that it starts with."""
    page.get_by_test_id("rnn-player").focus()
    for key in ("ArrowRight", "ArrowRight", "b", "ArrowDown"):
        page.keyboard.press(key)
    rest(page)


def test_a_key_on_each_slider_moves_it_by_a_step_and_keeps_the_focus(page: Page) -> None:
    visit(page)
    assert sliders(page) == ["units", "rho", "rate", "span"]
    for name, after in {"units": "9", "rho": "0.95", "rate": "1.0", "span": "(4, 7)"}.items():
        slider(page, name).press("ArrowRight")
        becomes(page, name, after)
        expect(slider(page, name)).to_be_focused()


def test_one_press_is_one_run(page: Page) -> None:
    visit(page)
    before = runs(page)
    slider(page, "rho").press("ArrowRight")
    rest(page)
    quiet(page, 1000)
    assert runs(page) == before + 1


@pytest.mark.parametrize("name", ["rho", "units"])
def test_keys_that_are_held_on_a_busy_machine_disturb_nothing(page: Page, dialled: App, name: str) -> None:
    visit(page)
    stand_apart(page)
    with undisturbed(page, dialled.log), busy():
        hold(page, name, seconds=6)


def test_a_long_drag_disturbs_nothing_and_ends_where_the_mouse_does(page: Page, dialled: App) -> None:
    visit(page)
    stand_apart(page)
    before = runs(page)
    with undisturbed(page, dialled.log), busy(1):
        drag(page, "rho", seconds=5)  # it ends on the way
    assert runs(page) > before + 3
    ends_at_the_mouse(page)
    assert f"rho={float(slider(page, 'rho').input_value()):g}" in query(page)


def test_a_slow_server_gets_no_queue_of_messages(page: Page, dialled: App) -> None:
    visit(page)
    make_slow(page, 0.5)
    before = runs(page)
    with undisturbed(page, dialled.log):
        drag(page, "rho", seconds=4)
        expect(page.locator(DIALS)).to_have_attribute("data-busy", "")
    assert 2 <= runs(page) - before <= 8
    ends_at_the_mouse(page)


def test_it_shows_that_it_computes_only_where_that_takes_long(page: Page) -> None:
    visit(page)
    make_slow(page, 2.5)
    slider(page, "rho").press("ArrowRight")
    mark = page.locator(f"{DIALS} .busy")
    opacity = "one => getComputedStyle(one).transitionDelay === '0.3s' && +getComputedStyle(one).opacity > 0.5"
    page.wait_for_function(opacity, arg=mark.element_handle())
    rest(page)
    expect(mark).to_have_css("opacity", "0")


def test_a_player_that_is_mounted_anew_stands_where_the_reader_stood(page: Page) -> None:
    visit(page)
    stand_apart(page)
    page.get_by_label("slow").fill("gone")
    page.get_by_label("slow").press("Enter")
    page.get_by_test_id("stException").wait_for()
    make_slow(page, 0)
    expect(page.get_by_test_id("rnn-player")).to_have_attribute("data-step", "5")
    expect(page.get_by_test_id("rnn-player")).to_have_attribute("data-pass", "backward")


def test_a_preset_wins_over_a_drag_that_is_still_computed(page: Page) -> None:
    visit(page)
    make_slow(page, 0.5)
    drag(page, "rho", seconds=1)
    page.get_by_role("button", name="preset").click()
    becomes(page, "rho", "0.3")
    now = values(page)
    assert (now["rho"], now["input"], now["text"]) == ("0.3", "sentence", "the cat")
    expect(slider(page, "rho")).to_have_value("0.3")
    assert "input=sentence&rho=0.3" in query(page)


def test_double_click_and_reset_go_back_to_the_defaults(page: Page) -> None:
    visit(page, "rho=0.2&units=3")
    slider(page, "rho").dblclick()
    becomes(page, "rho", "0.9")
    assert "rho" not in query(page)
    page.get_by_role("button", name="reset", exact=True).click()
    becomes(page, "units", "8")
    assert "units" not in query(page)


def test_the_address_reproduces_the_page_and_keeps_what_is_not_ours(page: Page) -> None:
    visit(
        page,
        "input=a+sentence&text=caf%C3%A9+%26+%3Cb%3E&size=3&rho=0.1234&span=7&span=4&seed=12&other=a+b&scheme=zeros",
    )
    before = values(page)
    assert before["text"] == "café & <b>"
    assert (before["units"], before["rho"], before["span"], before["scheme"]) == ("3", "0.1234", "(4, 7)", "zeros")
    assert "size" not in query(page)
    assert "other=a b" in query(page)
    visit(page, page.url.split("?")[1])
    assert values(page) == before


def test_what_is_typed_is_sent_after_a_pause_and_on_enter(page: Page) -> None:
    visit(page, "input=sentence")
    before = runs(page)
    field = page.locator(f"{DIALS} input[name=text]")
    field.click()
    field.press_sequentially(" sat", delay=60)
    becomes(page, "text", "the cat sat")
    assert runs(page) == before + 1
    expect(field).to_be_focused()
    seed = page.locator(f"{DIALS} input[name=seed]")
    seed.fill("77")
    seed.press("Enter")
    becomes(page, "seed", "77")
    seed.fill("123456")
    seed.blur()
    assert values(page)["seed"] == "77"
    expect(seed).to_have_value("77")


def test_a_control_that_comes_or_goes_leaves_the_others_alone(page: Page, dialled: App) -> None:
    visit(page)
    element = slider(page, "rho").element_handle()
    with undisturbed(page, dialled.log):
        page.locator(f"{DIALS} input[type=radio][value=sentence]").press(" ")
        expect(page.locator(f"{DIALS} input[name=text]")).to_be_visible()
        expect(page.locator(f"{DIALS} input[type=radio][value=sentence]")).to_be_focused()
        expect(page.locator(f"{DIALS} input[name=day]")).to_have_count(0)
    assert slider(page, "rho").evaluate("(now, before) => now === before", element)
    page.locator(f"{DIALS} select").select_option(label="all zeros")
    becomes(page, "scheme", "zeros")


def test_the_ends_of_a_span_push_each_other(page: Page) -> None:
    visit(page)
    first, last = page.locator(f"{DIALS} input[name=span]").all()
    first.press("End")
    becomes(page, "span", "(12, 12)")
    last.press("Home")
    becomes(page, "span", "(1, 1)")


def test_after_ten_seconds_without_connection_all_is_as_it_was_set(page: Page) -> None:
    visit(page)
    stand_apart(page)
    slider(page, "rho").press("ArrowRight")
    rest(page)
    page.context.set_offline(True)
    for _ in range(5):
        slider(page, "rho").press("ArrowRight")
        page.wait_for_timeout(1000)
    page.context.set_offline(False)
    expect(page.get_by_text(re.compile("^values "))).to_contain_text(re.compile(r"\brho=1\.2\b"), timeout=LIFE)
    assert values(page)["rho"] == "1.2"
    expect(page.get_by_test_id("rnn-player")).to_have_attribute("data-step", "5")


def test_another_theme_and_size_while_it_runs_disturb_nothing(page: Page, dialled: App) -> None:
    visit(page)
    stand_apart(page)
    with undisturbed(page, dialled.log):
        for scheme, width in (("dark", 390), ("light", 900), ("dark", 1280)):
            slider(page, "rho").press("ArrowLeft")
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            hold(page, "rho", seconds=1)


def test_back_leads_to_the_page_before_and_forward_to_the_values_again(page: Page) -> None:
    page.goto("about:blank")
    visit(page)
    for _ in range(3):
        slider(page, "rho").press("ArrowRight")
        rest(page)
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    page.get_by_text(re.compile("^values ")).wait_for()
    becomes(page, "rho", "1.05")


def test_on_coming_back_by_the_menu_all_is_as_it_was_left(page: Page) -> None:
    visit(page)
    slider(page, "rho").press("ArrowRight")
    rest(page)
    stand_apart(page)
    page.get_by_role("link", name="other").click()
    page.get_by_text("other", exact=True).last.wait_for()
    page.wait_for_function("location.search === ''")
    rest(page)
    page.get_by_role("link", name="dialled").click()
    page.get_by_text(re.compile("^values ")).wait_for()
    becomes(page, "rho", "0.95")

    def in_the_address() -> None:
        assert {"rho=0.95", "step=6", "pass=backward"} <= set(query(page).lstrip("?").split("&"))

    eventually(in_the_address)
    expect(page.get_by_test_id("rnn-player")).to_have_attribute("data-step", "5")


def test_back_to_the_page_before_takes_nothing_along_and_back_again_finds_all(page: Page) -> None:
    visit(page, "rho=0.5")
    page.get_by_role("link", name="other").click()
    page.get_by_text("other", exact=True).last.wait_for()
    rest(page)
    page.go_back()
    page.get_by_text(re.compile("^values ")).wait_for()
    becomes(page, "rho", "0.5")
    assert "rho=0.5" in query(page)
    page.go_forward()
    page.get_by_text(re.compile("^values ")).wait_for(state="detached")
    page.wait_for_function("location.search === ''")


def test_a_finger_drags_sideways_and_scrolls_upwards(browser: Browser, dialled: App) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, base_url=dialled.url) as context:
        page = visit(context.new_page())
        box = slider(page, "rho").bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] - 5, box["y"] + box["height"] / 2)
        assert float(values(page)["rho"]) > 1.3
        assert slider(page, "rho").evaluate("one => getComputedStyle(one).touchAction") == "pan-y"
        wide = page.locator(DIALS).evaluate("one => one.scrollWidth <= one.clientWidth")
        assert wide
        small = page.locator(f"{DIALS} *").evaluate_all(
            "all => all.filter(one => one.textContent.trim() && parseFloat(getComputedStyle(one).fontSize) < 14).length"
        )
        assert small == 0


def test_the_controls_are_named_for_those_who_do_not_see_them(page: Page) -> None:
    visit(page)
    expect(page.get_by_role("slider", name="recurrent scale ρ")).to_have_attribute("aria-valuetext", "0.90")
    kinds = page.get_by_role("group", name="input", exact=True)
    expect(kinds.get_by_role("radio", name="a sentence")).not_to_be_checked()
    expect(page.get_by_role("spinbutton", name="seed")).to_have_value("0")
    expect(page.get_by_role("group", name="span").get_by_role("slider")).to_have_count(2)
    expect(page.get_by_role("combobox", name="start")).to_have_value("uniform")


def test_an_address_on_the_same_page_that_one_goes_back_to_sets_its_values(page: Page) -> None:
    visit(page, "rho=0.5")
    page.evaluate("history.pushState({}, '', '?rho=1.1&units=3')")
    page.evaluate("history.pushState({}, '', '?rho=0.5')")
    page.go_back()
    becomes(page, "rho", "1.1")
    becomes(page, "units", "3")


def test_a_run_of_the_whole_page_keeps_dials_and_player(page: Page, dialled: App) -> None:
    visit(page)
    stand_apart(page)
    slider(page, "rho").press("ArrowRight")
    with undisturbed(page, dialled.log):
        make_slow(page, 0.1)
        settle(page)
    becomes(page, "rho", "0.95")
