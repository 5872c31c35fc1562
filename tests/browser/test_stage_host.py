"""Stages of any kind in Explore: mounted over reruns, heard once and in order, followed while they play."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TROUBLE_IN_LOG
from tests.browser.server import App, serve
from tests.browser.waiting import quiet, settle

SCRIPT = """
import numpy as np
import streamlit as st

import rnnviz as rv
from lessons.common import stages
from tests.browser.loop_page import small

DATA = st.session_state.setdefault("data", small("time")["data"])
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
steps = st.slider("steps", 4, 12, 8, key="steps")
heard = st.session_state.setdefault("all heard", [])
net = rv.Network.create("lstm", 2, 3, rng=np.random.default_rng(0))
trace = rv.unroll(net, np.random.default_rng(1).normal(size=(steps, 1, 2)))
shown = {
    "loop": small("time", step=1, phase=5) | {"data": stages.constant(DATA)},
    "player": stages.player(trace, view={"token": 1, "step": 2}),
}
kind = st.radio("kind", list(shown), key="kind")
told = stages.show(shown[kind], key="stage", on_event=heard.append)
st.text(f"told {sorted(told)} step {told.get('step')}")
st.text(f"heard {[event['target'] for event in heard]}")
st.text(f"runs {st.session_state['runs']}")
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("stages")
    script = folder / "stages.py"
    script.write_text(SCRIPT)
    with serve(str(script), folder / "log", PYTHONPATH=".") as app:
        yield app


@pytest.fixture
def page(browser: Browser, served: App) -> Iterator[Page]:
    """A fresh session; it fails in the end where page or server logged an error."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=served.url) as context:
        page, trouble = context.new_page(), []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_test_id("rnn-loop").wait_for()
        settle(page)
        yield page
        assert not trouble
        assert not TROUBLE_IN_LOG.search(served.log.read_text())


def line(page: Page, begins: str) -> str:
    return page.get_by_text(begins, exact=False).last.inner_text()


def test_a_stage_keeps_its_place_and_its_element_over_reruns(page: Page) -> None:
    stage = page.get_by_test_id("rnn-loop")
    stage.focus()
    page.keyboard.press("End")
    expect(stage).to_have_attribute("data-step", "7")
    element = stage.element_handle()
    page.locator(".st-key-steps input[type=range]").press("ArrowRight")
    settle(page)
    assert element.evaluate("element => element.isConnected")
    expect(stage).to_have_attribute("data-step", "7")


def test_what_is_told_arrives_once(page: Page) -> None:
    page.get_by_test_id("rnn-loop").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("told ['step'] step 7")).to_be_visible()
    expect(page.get_by_text("heard ['step']", exact=True)).to_be_visible()
    page.locator(".st-key-steps input[type=range]").press("ArrowRight")
    quiet(page)
    assert line(page, "heard [") == "heard ['step']"


def test_opening_the_page_runs_its_script_once(page: Page) -> None:
    quiet(page)
    assert line(page, "runs ") == "runs 1"


def test_another_kind_takes_the_place_of_the_old(page: Page) -> None:
    page.get_by_text("player", exact=True).click()
    player = page.get_by_test_id("rnn-player")
    expect(player).to_have_attribute("data-step", "2")
    expect(page.get_by_test_id("rnn-loop")).to_have_count(0)
    player.focus()
    page.evaluate("window.followed = []; addEventListener('rnn-step', event => followed.push(event.detail.step))")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("told ['shown']")).to_be_visible()
    expect(page.get_by_text("heard ['shown']", exact=True)).to_be_visible()
    assert page.evaluate("followed") == [3]


def test_each_step_is_on_the_window_and_the_last_is_told(page: Page) -> None:
    page.evaluate("window.followed = []; addEventListener('rnn-step', event => followed.push(event.detail))")
    page.get_by_test_id("rnn-loop").focus()
    page.keyboard.press(" ")
    page.wait_for_function("followed.length > 2")
    assert page.evaluate("followed.slice(0, 3).map(one => [one.step, one.unit, one.playing])") == [
        [step, 0, True] for step in (2, 3, 4)
    ]
    assert line(page, "heard [") == "heard []"
    page.keyboard.press(" ")
    expect(page.get_by_test_id("rnn-loop")).to_have_attribute("data-playing", "false")
    stands = page.get_by_test_id("rnn-loop").get_attribute("data-step")
    expect(page.get_by_text(f"told ['step'] step {stands}")).to_be_visible()
    expect(page.get_by_text("heard ['step']", exact=True)).to_be_visible()


def test_a_constant_is_fetched_once_as_a_file(page: Page) -> None:
    page.locator(".st-key-steps input[type=range]").press("ArrowRight")
    settle(page)
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len([name for name in names if "/texts/stage-" in name]) == 1


def test_a_constant_that_cannot_be_fetched_comes_with_the_next_run(browser: Browser, served: App) -> None:
    with browser.new_context(base_url=served.url) as context:
        page = context.new_page()
        page.route("**/texts/stage-*", lambda route: route.abort())
        page.goto("/")
        expect(page.get_by_test_id("rnn-loop")).to_have_attribute("data-step", "1")
