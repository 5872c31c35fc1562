"""All charts, diagrams and texts of a page in one element: what a reader sees, points at, and takes away."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE, TROUBLE_IN_LOG, is_outside
from tests.browser.server import App, serve
from tests.browser.waiting import drawn, eventually, settle

SCRIPT = """
import numpy as np
import streamlit as st
from markupsafe import Markup

from lessons.common import charts, dials
from rnnviz.plots import Line, Prepared, prepare

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
dials.serial = lambda: st.session_state["runs"]
n = st.slider("n", 1, 60, 7, key="n")
t = np.arange(30)

def hear(event):
    st.session_state["heard"] = st.session_state.get("heard", []) + [event]

norms = prepare.decades([Line("rho", -t * n / 20, "backward")], title="Norms", description="They fall.", mark_at=5,
                        picks="norm", up="norm")
wave = prepare.lines([Line("h", np.sin(t * n / 30), "forward")], title="A wave", mark_at=5)
units = prepare.heat_map(np.sin(np.outer(np.arange(4), t * n / 60)), title="Units", mark_at=5, picks="unit")
text = Markup(
    "<div class='rnn prose'><p>n is <b id='n'>{}</b></p><a href='stage:f?step=9'>f</a>"
    "<details><summary>more</summary>x</details><button data-target='preset' data-value='{}'>small</button>"
    "<button data-target='say' data-value='word'>word</button></div>"
).format(n, '{"rho": 1}')
broken = [Prepared("broken", (), {}, "Broken", "", lambda shape: type("B", (), {"to_dict": lambda s: {"mark": 3}})())]
space = Markup("<div style='height:2500px'></div>")
charts.show(text, charts.Row(norms, wave), units, *(broken if "broken" in st.query_params else []), space, wave,
            on_event=hear)
st.text(f"heard {st.session_state.get('heard')}")
st.text(f"runs {st.session_state['runs']}")
"""
NORMS, WAVE, UNITS, BELOW = range(4)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("charts")
    (folder / "page.py").write_text(SCRIPT)
    with serve(str(folder / "page.py"), folder / "log") as app:
        yield app


@pytest.fixture
def page(browser: Browser, app: App) -> Iterator[Page]:
    """A fresh session; it fails in the end where page or server logged an error, or something came from elsewhere."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=app.url) as context:
        context.set_default_timeout(PATIENCE)
        page, trouble, asked = context.new_page(), [], []
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        visit(page)
        yield page
        assert not trouble
        assert not [url for url in asked if is_outside(url)]
        assert not TROUBLE_IN_LOG.search(app.log.read_text())


def visit(page: Page, query: str = "") -> None:
    page.goto(f"/?{query}")
    expect(page.locator("canvas")).to_have_count(3)
    for which in (NORMS, WAVE, UNITS):
        drawn(chart(page, which))
    settle(page)


def chart(page: Page, which: int) -> Locator:
    return page.locator(".rnn.vega").nth(which)


def painted(chart: Locator) -> int:
    """How many pixels of it are not empty."""
    data = "c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
    return int(chart.locator("canvas").evaluate(f"c => {data}.filter((v, i) => i % 4 === 3 && v).length"))


def dataset(chart: Locator, name: str) -> list[dict[str, Any]]:
    """A dataset as Vega holds it."""
    view = "e.rnnChart.chart.view.data(name)"
    return json.loads(chart.evaluate(f"(e, name) => JSON.stringify({view})", name))  # type: ignore[no-any-return]


def press(page: Page, key: str = "ArrowRight") -> None:
    page.locator(".st-key-n input[type=range]").press(key)
    settle(page)


def heard(page: Page, *events: dict[str, Any]) -> None:
    """Python comes to hear of these, and of no others."""
    expect(page.get_by_text(re.compile("^heard"))).to_have_text(f"heard {list(events)}")


def runs(page: Page) -> str:
    return page.get_by_text(re.compile("^runs")).inner_text()


def place(chart: Locator, step: float, of: int = 30, height: float = 0.55) -> tuple[float, float]:
    """Where on the screen the middle of a step is, from 1, in a chart of 30 steps."""
    box = chart.locator("canvas").bounding_box()
    assert box
    left, wide = box["x"] + 54, box["width"] - 62
    return left + (step - 0.5) / of * wide, box["y"] + height * box["height"]


def falls(page: Page, n: int) -> None:
    """The first chart comes to show what falls by a decade each 20 / n steps."""

    def drawn_so() -> None:
        assert dataset(chart(page, NORMS), "lines")[10]["y"] == pytest.approx(-10 * n / 20)

    eventually(drawn_so)


def test_charts_are_drawn(page: Page) -> None:
    assert all(painted(chart(page, which)) > 5_000 for which in (NORMS, WAVE, UNITS))


def test_a_chart_out_of_sight_waits_until_it_comes_near(page: Page) -> None:
    assert chart(page, BELOW).locator("canvas").count() == 0
    chart(page, BELOW).scroll_into_view_if_needed()
    expect(chart(page, BELOW).locator("canvas")).to_be_visible()


def test_a_slider_changes_numbers_and_nothing_else(page: Page) -> None:
    chart(page, NORMS).evaluate(
        "e => { window.view = e.rnnChart.chart.view; window.canvas = e.querySelector('canvas'); }"
    )
    before = dataset(chart(page, NORMS), "lines")
    press(page)
    changed = "([e, was]) => e.rnnChart.chart.view.data('lines')[10].y !== was"
    page.wait_for_function(changed, arg=[chart(page, NORMS).element_handle(), before[10]["y"]])
    falls(page, 8)
    after = dataset(chart(page, NORMS), "lines")
    assert [row["x"] for row in before] == [row["x"] for row in after]
    same = "e => e.rnnChart.chart.view === window.view && e.querySelector('canvas') === window.canvas"
    assert chart(page, NORMS).evaluate(same)


def test_it_is_said_when_the_answer_is_on_the_screen(page: Page) -> None:
    page.evaluate("window.drawn = []; addEventListener('rnn-drawn', event => window.drawn.push(event.detail))")
    press(page)
    page.wait_for_function("window.drawn.length === 1")
    assert f"runs {page.evaluate('window.drawn[0]')}" == runs(page)


def test_a_click_on_a_step_is_heard(page: Page) -> None:
    page.mouse.click(*place(chart(page, NORMS), 12))
    heard(page, {"target": "norm", "value": {"x": 12}})


def test_what_the_pointer_is_at_is_read_out(page: Page) -> None:
    page.mouse.move(*place(chart(page, NORMS), 11))
    expect(chart(page, NORMS).locator(".said")).to_have_text(
        re.compile(r"step 11, rho\s+3\.16\d*×10⁻⁴|step 11, rho\s+0\.000316")
    )
    expect(chart(page, NORMS).locator(".tip")).to_be_visible()
    page.mouse.move(5, 5)
    expect(chart(page, NORMS).locator(".tip")).to_be_hidden()


def test_the_keys_go_along_a_chart_and_pick(page: Page) -> None:
    canvas = chart(page, NORMS).locator(".canvas")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(chart(page, NORMS).locator(".said")).to_contain_text("step 2, rho")
    page.keyboard.press("Enter")
    heard(page, {"target": "norm", "value": {"x": 2}})
    expect(canvas).to_be_focused()
    page.keyboard.press("End")
    expect(chart(page, NORMS).locator(".said")).to_contain_text("step 30, rho")
    page.keyboard.press("Escape")
    expect(chart(page, NORMS).locator(".said")).to_have_text("")


def test_the_keys_go_up_and_down_in_a_map(page: Page) -> None:
    chart(page, UNITS).locator(".canvas").focus()
    for key in ("Home", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    heard(page, {"target": "unit", "value": {"x": 2, "y": 2}})


def test_a_chart_says_what_it_is(page: Page) -> None:
    expect(page.get_by_role("application", name="Norms. They fall.")).to_be_visible()


def test_links_and_buttons_are_heard(page: Page) -> None:
    address = page.url
    page.get_by_role("link", name="f").click()
    page.get_by_role("button", name="small").click()
    page.get_by_role("button", name="word").click()
    events = [("stage", {"select": "f", "step": 9}), ("preset", {"rho": 1}), ("say", "word")]
    heard(page, *({"target": target, "value": value} for target, value in events))
    assert page.url == address


def test_a_text_changes_in_place(page: Page) -> None:
    page.locator("summary", has_text="more").click()
    button = page.get_by_role("button", name="word")
    button.evaluate("e => { window.button = e; }")
    press(page)
    expect(page.locator("b#n")).to_have_text("8")
    assert button.evaluate("e => e === window.button")
    assert page.locator("details", has_text="more").get_attribute("open") is not None


def test_charts_follow_the_player_without_a_run(page: Page) -> None:
    before = runs(page)
    page.evaluate("dispatchEvent(new CustomEvent('rnn-step', {detail: {step: 19, unit: 0, playing: true}}))")

    def follow() -> None:
        assert [dataset(chart(page, which), "step")[0]["step"] for which in (NORMS, WAVE)] == [20, 20]

    eventually(follow)
    press(page)  # what Python says has not changed, and the player has not moved
    assert dataset(chart(page, WAVE), "step")[0]["step"] == 20
    assert before != runs(page)


def test_another_theme_is_taken_at_once(page: Page) -> None:
    assert chart(page, NORMS).evaluate("e => e.rnnChart.look") == "light"
    page.emulate_media(color_scheme="dark")
    for which in (NORMS, WAVE, UNITS):
        dark = "e => e.rnnChart.look === 'dark' && e.querySelector('canvas')"
        page.wait_for_function(dark, arg=chart(page, which).element_handle())
        drawn(chart(page, which))
        assert painted(chart(page, which)) > 5_000


def test_charts_are_as_wide_as_their_place(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    def fill_their_places() -> None:
        for which in (NORMS, WAVE):
            room, canvas = (chart(page, which).locator(name).bounding_box() for name in (".canvas", "canvas"))
            assert room
            assert canvas
            assert canvas["width"] == pytest.approx(room["width"], abs=2)
            assert room["width"] < 390

    eventually(fill_their_places)


def test_a_chart_offers_its_picture_and_its_numbers(page: Page) -> None:
    found = {}
    for name in ("Picture (PNG)", "Picture (SVG)", "Data (CSV)"):
        chart(page, NORMS).hover()
        chart(page, NORMS).locator("summary").click()
        with page.expect_download() as download:
            chart(page, NORMS).get_by_role("button", name=name).click()
        found[download.value.suggested_filename] = download.value.path().read_bytes()
    assert found["norms.png"].startswith(b"\x89PNG")
    assert b"<svg" in found["norms.svg"]
    lines = found["norms.csv"].decode().splitlines()
    assert lines[0] == "step,log10 rho"
    assert len(lines) == 31
    assert lines[11] == "11,-3.5"


def test_a_key_held_down_breaks_nothing(page: Page) -> None:
    chart(page, WAVE).evaluate("e => { window.view = e.rnnChart.chart.view; }")
    slider = page.locator(".st-key-n input[type=range]")
    slider.focus()
    for key in ["ArrowRight"] * 50 + ["ArrowLeft"] * 40:
        page.keyboard.press(key)
        page.wait_for_timeout(33)
    settle(page)
    value = int(slider.input_value())
    expect(page.locator("b#n")).to_have_text(str(value))
    falls(page, value)
    assert chart(page, WAVE).evaluate("e => e.rnnChart.chart.view === window.view")


def test_one_chart_that_fails_leaves_the_others(browser: Browser, app: App) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=app.url) as context:
        page = context.new_page()
        visit(page, "broken")
        expect(chart(page, 3)).to_contain_text("could not be drawn")
        assert painted(chart(page, UNITS)) > 5_000
        press(page)
        falls(page, 8)


def test_what_was_fetched_is_kept(browser: Browser, app: App) -> None:
    ours = "performance.getEntriesByType('resource').filter(e => e.name.includes('bidi-components'))"
    sizes = f"{ours}.map(e => e.transferSize)"
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=app.url) as context:
        page = context.new_page()
        visit(page)
        first = page.evaluate(sizes)
        page.goto("about:blank")
        visit(page)
        again = page.evaluate(sizes)
    assert len(first) == len(again) < 12
    assert sum(first) > 100_000
    assert sum(again) == 0
