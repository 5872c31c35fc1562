"""The map in a real browser: what is pointed at is said, what is clicked is picked; presets lead where they say."""

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.common.controls import settle as settled
from lessons.vanishing_and_exploding import model, tale
from lessons.vanishing_and_exploding.experiment import SCALES, Settings, study
from lessons.vanishing_and_exploding.model import PRESETS
from tests.browser.waiting import drawn, eventually, settle

NORMS, MAP = 0, 1
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def visit(page: Page, query: str = "") -> None:
    page.goto(f"/vanishing_and_exploding?mode=explore&{query}")
    chart(page, MAP).scroll_into_view_if_needed()  # charts out of sight wait
    drawn(chart(page, MAP))
    settle(page)


def chart(page: Page, which: int) -> Locator:
    return page.locator(".rnn.vega").nth(which)


def dataset(chart: Locator, name: str) -> list[dict[str, Any]]:
    """A dataset as Vega holds it, as soon as the chart is drawn."""
    drawn(chart)
    view = "e.rnnChart.chart.view.data(name)"
    return json.loads(chart.evaluate(f"(e, name) => JSON.stringify({view})", name))  # type: ignore[no-any-return]


def point(page: Page, rho: float, step: int) -> tuple[float, float]:
    """Where the map shows this scale and step."""
    x, y = chart(page, MAP).evaluate(
        """(e, [x, y]) => {
          const view = e.rnnChart.chart.view, pad = view.padding();
          const origin = view.origin().map((at, i) => at + (pad[i ? "top" : "left"] ?? pad));
          const box = e.querySelector("canvas").getBoundingClientRect();
          return [box.x + origin[0] + view.scale("x")(x), box.y + origin[1] + view.scale("y")(y)];
        }""",
        [step, rho],
    )
    return x, y


def as_number(printed: str) -> float:
    mantissa, _, power = printed.replace("−", "-").partition("×10")
    return float(f"{mantissa}e{power.translate(POWERS) or 0}")


def assert_marks(page: Page, step: int, exact: float) -> None:
    """The first chart marks this step, and has log10 of the RNN's gradient norm there."""
    chart(page, NORMS).scroll_into_view_if_needed()

    def marked() -> None:
        assert [row["step"] for row in dataset(chart(page, NORMS), "mark")] == [step]
        found = next((row["y"] for row in dataset(chart(page, NORMS), "lines") if row["x"] == step), np.nan)
        assert found == pytest.approx(exact, abs=1e-5)

    eventually(marked)


def walk(page: Page) -> Locator:
    return page.get_by_test_id("rnn-walk")


def leaves(page: Page, low: float, high: float) -> None:
    """log10 of the most that is left where the walk stands lies between these."""
    assert low <= float(str(walk(page).get_attribute("data-most"))) <= high


def test_controls_presets_and_the_walk_are_in_the_first_screenful(page: Page) -> None:
    visit(page)
    page.locator("h1").scroll_into_view_if_needed()
    expect(walk(page)).to_have_attribute("data-step", "30")

    def in_sight() -> None:
        box = walk(page).locator("svg").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800

    eventually(in_sight)


def test_the_walk_stands_where_one_looks_and_one_looks_where_it_comes_to_rest(page: Page) -> None:
    visit(page)
    walk(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-testid=dials] input[name=lag]")).to_have_value("29")
    expect(page.locator("[data-section=saw]")).to_contain_text("29 steps earlier, at step 21")
    page.locator("[data-testid=dials] input[name=lag]").fill("12")
    expect(walk(page)).to_have_attribute("data-step", "12")


def test_the_walk_goes_through_the_networks_of_the_page(page: Page) -> None:
    """The most that is left is the largest singular value that the page speaks of, for every kind of cell."""
    for name in ("sheared", "carried", "rotation", "saturated"):
        visit(page, f"{'&'.join(f'{key}={value}' for key, value in PRESETS[name].items())}")
        seen, _ = model.experiment(settled(model.controls, PRESETS[name])[1])
        walk(page).focus()
        page.keyboard.press("End")
        expect(walk(page)).to_have_attribute("data-step", str(walk(page).get_attribute("data-steps")))
        wanted = seen.all_steps(0)[0]
        low = -np.inf if seen.settings.kind == "lstm" else wanted - 1e-6  # h and c together; a loss on h sends no more
        eventually(leaves, page, low, wanted + 1e-6)


def test_a_prediction_is_played_and_then_told(page: Page) -> None:
    page.goto("/vanishing_and_exploding?beat=saturated")
    expect(walk(page)).to_have_attribute("data-locked", "true")
    page.get_by_test_id("story-choice").first.click()
    expect(walk(page)).to_have_attribute("data-playing", "true")
    expect(walk(page)).to_have_attribute("data-step", "30")
    left = tale.facts("saturated", {})["left"]
    eventually(leaves, page, left - 1e-6, left + 1e-6)
    expect(page.locator(".answer")).to_be_visible()


def test_dragging_rho_in_the_story_keeps_the_place(page: Page) -> None:
    page.goto("/vanishing_and_exploding?beat=rho")
    expect(walk(page)).to_have_attribute("data-step", "30")
    page.locator("input[name=rho]").fill("0.9")
    expect(page.locator(".words")).to_contain_text("vanishes")
    expect(walk(page)).to_have_attribute("data-step", "30")
    left = 30 * np.log10(0.9)
    eventually(leaves, page, left - 1e-6, left + 1e-6)


@pytest.mark.parametrize(("rho", "step"), [(0.1, 1), (1.0, 30), (3.0, 50), (0.65, 12)])
def test_the_map_says_the_number_that_is_pointed_at(page: Page, rho: float, step: int) -> None:
    visit(page, "matrix=triangular")
    exact = study(Settings("triangular", rho)).shown.norms[step - 1]
    said = chart(page, MAP).locator(".said")

    def points() -> None:
        page.mouse.move(*point(page, rho, step))
        assert re.match(rf"ρ {rho:g}, step {step}: ", said.inner_text())

    eventually(points)
    assert as_number(said.inner_text().rpartition(" ")[2]) == pytest.approx(10.0**exact, rel=0.006)


def test_a_cell_that_is_clicked_becomes_the_address_and_the_page(page: Page) -> None:
    visit(page)
    page.mouse.click(*point(page, 2.3, 13))
    expect(page.locator("[data-section=saw]")).to_contain_text("37 steps earlier, at step 13")
    expect(page).to_have_url(re.compile("rho=2.3"))
    expect(page).to_have_url(re.compile("lag=37"))
    assert_marks(page, 13, study(Settings(rho=2.3)).shown.norms[12])


def test_the_last_step_is_not_picked_in_silence_and_the_page_stays_as_it_is(page: Page) -> None:
    visit(page)
    canvas = chart(page, NORMS).locator("canvas")
    box = canvas.bounding_box()
    page.mouse.click(*point(page, 1.0, 50))
    expect(page.get_by_text("this is one step back.")).to_be_visible()
    settle(page)
    assert canvas.bounding_box() == box
    page.wait_for_url("**lag=1*")


def test_one_looks_no_further_back_than_there_are_steps(page: Page) -> None:
    visit(page, "lag=99")
    slider = page.locator("[data-testid=dials] input[name=lag]")
    expect(slider).to_have_value("49")
    expect(slider).to_have_attribute("max", "49")
    assert_marks(page, 1, study(Settings()).shown.norms[0])


def test_the_map_can_be_used_by_keyboard_and_keeps_the_focus(page: Page) -> None:
    visit(page)
    canvas = chart(page, MAP).locator(".canvas")
    canvas.focus()
    for key in ("Home", *["ArrowRight"] * 3, "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(chart(page, MAP).locator(".said")).to_contain_text("step 4")
    said = chart(page, MAP).locator(".said").inner_text()
    rho, step = re.match(r"ρ ([\d.]+), step (\d+)", said).groups()  # type: ignore[union-attr]
    expect(page).to_have_url(re.compile(f"lag={50 - int(step)}(&|$)"))
    expect(page).to_have_url(re.compile(f"rho={re.escape(rho)}(&|$)"))
    expect(canvas).to_be_focused()


def test_presets_follow_each_other(page: Page) -> None:
    """Also from a long sequence back to a short one, whichever was looked at before."""
    visit(page)
    for name in (*PRESETS, "overflow", "rotation"):
        page.locator(f'[data-target=preset][data-value="{name}"]').first.click()
        here, lag = model.experiment(settled(model.controls, PRESETS[name])[1])
        at = here.settings.steps - lag
        expect(page.locator("[data-section=saw]")).to_contain_text(f"earlier, at step {at}, what is left of it")
        exact = here.passes["elman"].norms[at - 1]
        if np.isfinite(exact):
            assert_marks(page, at, exact)
        settle(page)
    page.locator('[data-target=preset][data-value="overflow"]').click()
    page.get_by_text("Back to a network that does not explode").click()
    expect(page.locator("[data-section=saw]")).not_to_contain_text("Exploded")
    expect(page).to_have_url(re.compile("cell=linear"))


def test_the_map_has_a_row_for_each_scale(page: Page) -> None:
    visit(page)
    assert len(dataset(chart(page, MAP), "cells")) == len(SCALES) * 50  # a chart is drawn with all of its data
