"""The player on a page: it outlives the reruns that it and other widgets cause; Python and the address hear of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TROUBLE_IN_LOG
from tests.browser.server import App, serve
from tests.browser.waiting import passes, quiet, reaches, settle

SCRIPT = """
import numpy as np
import streamlit as st

import rnnviz as rv
from lessons.common.player import player, send_to

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
units = st.slider("units", 2, 8, 4, key="units")
st.text_input("name", key="name")
net = rv.Network.create("lstm", 2, units, rng=np.random.default_rng(units))
trace = rv.unroll(net, np.random.default_rng(1).normal(size=(12, 1, 2)))
dy = np.zeros_like(trace.y)
dy[-1] = 1
hidden = "hidden" in st.query_params
first, second = st.tabs(["not", "player"]) if hidden else (st.container(), st.container())
first.text("not yet" if hidden else "")
with second:
    shown = player(trace, rv.backpropagate(net, trace, dy), key="player", step=3, unit=1, selected="f")
st.button("there", on_click=send_to, args=("player",), kwargs={"step": 9, "unit": 0, "selected": "o", "backward": True})
st.text(f"shown {shown.step} {shown.unit} {shown.selected} {shown.backward}")
st.text(f"runs {st.session_state['runs']}")
"""


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("mounted")
    script = folder / "mounted.py"
    script.write_text(SCRIPT)
    with serve(str(script), folder / "log") as app:
        yield app


@pytest.fixture
def page(browser: Browser, mounted: App) -> Iterator[Page]:
    """A fresh session; it fails in the end where page or server logged an error."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=mounted.url) as context:
        page, trouble = context.new_page(), []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield page
        assert not trouble
        assert not TROUBLE_IN_LOG.search(mounted.log.read_text())


def visit(page: Page, query: str = "") -> None:
    page.goto(f"/?{query}")
    if "hidden" not in query:
        page.get_by_test_id("rnn-player").wait_for()
    settle(page)


def has(page: Page, **states: str) -> None:
    for name, value in states.items():
        expect(page.get_by_test_id("rnn-player")).to_have_attribute(f"data-{name}", value)


def runs(page: Page) -> int:
    return int(page.get_by_text(re.compile(r"^runs \d+$")).inner_text().split()[1])


def test_opening_the_page_runs_its_script_once(page: Page) -> None:
    visit(page)
    has(page, step="3", selection="f/1")
    quiet(page)
    assert runs(page) == 1


def test_python_and_the_address_hear_of_step_and_unit_after_a_pause(page: Page) -> None:
    visit(page)
    page.get_by_test_id("rnn-player").focus()
    with passes(page.get_by_test_id("rnn-player"), "data-playing", "true"):
        page.keyboard.press(" ")
        page.keyboard.press("ArrowDown")
    reaches(page.get_by_test_id("rnn-player"), 4)
    page.keyboard.press(" ")
    has(page, playing="false")
    step = page.get_by_test_id("rnn-player").get_attribute("data-step") or ""
    expect(page.get_by_text(f"shown {step} 2 f False")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"\?(?=.*\bstep={int(step) + 1}\b)(?=.*\bunit=3\b)"))
    page.keyboard.press("b")
    expect(page.get_by_text(f"shown {step} 2 f True")).to_be_visible()


def test_the_address_opens_where_its_sender_stood(page: Page) -> None:
    visit(page, "step=8&unit=4")
    has(page, step="7", selection="f/3")
    expect(page.get_by_text("shown 7 3 f False")).to_be_visible()


def test_a_link_opens_in_the_backward_pass_at_the_same_place(page: Page) -> None:
    visit(page)
    page.get_by_test_id("rnn-player").focus()
    page.keyboard.press("b")
    page.get_by_test_id("rnn-player").locator(".chips [data-ref=c]").click()
    expect(page).to_have_url(re.compile(r"\?(?=.*\bpass=backward\b)(?=.*\bsee=c\b)(?!.*(layer|direction)=)"))
    page.reload()
    page.get_by_test_id("rnn-player").wait_for()
    has(page, step="3", selection="c/1", **{"pass": "backward"})
    expect(page.get_by_text("shown 3 1 c True")).to_be_visible()
    page.get_by_test_id("rnn-player").focus()
    page.keyboard.press("f")
    page.get_by_test_id("rnn-player").locator(".chips [data-ref=f]").click()
    expect(page).to_have_url(re.compile(r"^(?!.*(pass|see)=)"))
    has(page, step="3", selection="f/1", **{"pass": "forward"})


@pytest.mark.parametrize(
    "query", ["step=99&unit=0", "step=-1&unit=x", "step=&unit=1.5", "step=٣&unit=99999999999", "pass=x&see=z"]
)
def test_nonsense_in_the_address_opens_where_the_page_says(page: Page, query: str) -> None:
    visit(page, query)
    has(page, step="3", selection="f/1")


def test_a_slider_that_changes_the_network_leaves_the_player_playing(page: Page) -> None:
    visit(page)
    player, slider = page.get_by_test_id("rnn-player"), page.locator(".st-key-units input[type=range]")
    player.focus()
    page.keyboard.press("b")
    page.keyboard.press("End")
    page.keyboard.press(" ")
    expect(player).not_to_have_attribute("data-step", "11")
    has(page, playing="true")
    canvas = player.locator("canvas").element_handle()
    slider.press("ArrowRight")
    expect(player.locator(".legend .value")).to_contain_text("unit 2")
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    has(page, playing="true", selection="f/1", **{"pass": "backward"})
    assert int(player.get_attribute("data-step") or 99) <= 10
    assert canvas.evaluate("element => element.isConnected")
    page.get_by_role("button", name="Pause").click()
    settle(page)
    player.locator("summary").click()
    expect(player.locator("tbody tr")).to_have_count(5)


def test_keys_typed_elsewhere_on_the_page_are_not_the_player_s(page: Page) -> None:
    visit(page)
    page.get_by_role("textbox").press_sequentially("f b u ")
    has(page, step="3", playing="false", folded="false", **{"pass": "forward"})
    assert page.get_by_role("textbox").input_value() == "f b u "


def test_python_sends_the_player_somewhere_and_it_can_leave_again(page: Page) -> None:
    visit(page)
    for _ in range(2):
        page.get_by_role("button", name="there").click()
        has(page, step="9", selection="o/0", **{"pass": "backward"})
        expect(page.get_by_text("shown 9 0 o True")).to_be_visible()
        page.get_by_test_id("rnn-player").focus()
        page.keyboard.press("Home")
        expect(page.get_by_text("shown 0 0 o True")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_player_follows_the_theme_of_the_page(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    visit(page)
    background = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    here = page.get_by_test_id("rnn-player").evaluate(
        """root => {
            root.style.backgroundColor = "var(--rnn-background)";
            return getComputedStyle(root).backgroundColor;
        }"""
    )
    assert here in (background, {"light": "rgb(251, 251, 248)", "dark": "rgb(20, 23, 28)"}[theme])


def test_each_step_is_told_on_the_window_while_it_plays(page: Page) -> None:
    visit(page)
    page.evaluate("window.told = []; addEventListener('rnn-step', event => told.push(event.detail))")
    page.get_by_test_id("rnn-player").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.wait_for_function("told.some(one => one.step === 6 && one.playing)")
    assert page.evaluate("told[0]").items() >= {"step": 4, "unit": 1, "playing": False}.items()


def test_an_entry_of_the_history_is_not_made_for_each_step(page: Page) -> None:
    visit(page)
    before = page.evaluate("history.length")
    page.get_by_test_id("rnn-player").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        settle(page)
    expect(page).to_have_url(re.compile("step=7"))
    assert page.evaluate("history.length") == before


def test_where_there_is_no_room_yet_it_waits_for_it(page: Page) -> None:
    visit(page, "hidden=yes")
    page.get_by_text("not yet").wait_for()
    page.wait_for_timeout(500)
    page.get_by_role("tab", name="player").click()
    page.get_by_test_id("rnn-player").wait_for()
    has(page, step="3", selection="f/1")
    canvas = page.get_by_test_id("rnn-player").locator("canvas").first.element_handle()
    page.wait_for_function("canvas => canvas.width > 300", arg=canvas)
