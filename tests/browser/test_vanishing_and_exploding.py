"""The map in a real browser: what is pointed at is said, what is clicked is picked; presets lead where they say."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lessons._vanishing_and_exploding.experiment import SCALES, Settings, study
from lessons._vanishing_and_exploding.words import PRESETS
from rnnviz.figures.numbers import of_log10
from tests.browser.waiting import settle

ADDRESS = "/vanishing_and_exploding"


def visit(page: Page, query: str = "") -> None:
    page.goto(f"{ADDRESS}?{query}")
    expect(page.locator(".chart .heat")).to_be_visible()
    settle(page)


def point(page: Page, rho: float, step: int, T: int = 50) -> dict[str, float]:
    """Where the map shows this scale and step."""
    box = page.locator(".heat").bounding_box()
    assert box is not None
    row = len(SCALES) - 1 - int(np.abs(SCALES - rho).argmin())
    return {"x": box["x"] + box["width"] * (step - 0.5) / T, "y": box["y"] + box["height"] * (row + 0.5) / len(SCALES)}


def test_question_controls_and_picture_are_in_the_first_screenful(page: Page) -> None:
    visit(page)
    for picture in page.locator("figure.chart .box").all()[:2]:
        box = picture.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


@pytest.mark.parametrize(("rho", "step"), [(0.1, 1), (1.0, 30), (3.0, 50), (0.65, 12)])
def test_the_map_says_the_number_that_is_pointed_at(page: Page, rho: float, step: int) -> None:
    visit(page, "matrix=triangular")
    page.mouse.move(**point(page, rho, step))
    exact = study(Settings("triangular", rho)).shown.norms[step - 1]
    said = page.locator("figure:has(.heat) .said")
    expect(said).to_contain_text(f"ρ {rho:g}, step {step}, {50 - step} before the end: ")
    expect(said).to_contain_text(re.compile(f": {of_log10(float(exact))}$"))


def test_a_cell_that_is_clicked_becomes_the_address_and_the_page(page: Page) -> None:
    visit(page)
    page.mouse.click(**point(page, 2.3, 13))
    expect(page.locator(".prose")).to_contain_text("37 steps earlier, at step 13")
    expect(page).to_have_url(re.compile("rho=2.3"))
    expect(page).to_have_url(re.compile("lag=37"))
    rnn = of_log10(float(study(Settings(rho=2.3)).shown.norms[12]))
    expect(page.locator("figure .said").first).to_contain_text(f"step 13: RNN {rnn}")


def test_the_last_step_is_not_picked_in_silence_and_the_page_stays_as_it_is(page: Page) -> None:
    visit(page)
    box = page.locator("figure .box").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + 90)
    expect(page.get_by_text("This is one step back, step 49.")).to_be_visible()
    settle(page)
    assert page.locator("figure .box").first.bounding_box() == box


def test_a_way_back_that_is_longer_than_the_sequence_is_not_shown(page: Page) -> None:
    visit(page, "lag=99")
    expect(page.locator(".stSlider", has_text="steps back")).to_contain_text(re.compile(r"at most 49\s*49"))
    expect(page.locator("figure .said").first).to_contain_text("step 1:")


def test_the_map_can_be_used_by_keyboard_and_keeps_the_focus(page: Page) -> None:
    visit(page)
    hits = page.locator("figure:has(.heat) .hits")
    hits.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("lag=32"))
    expect(page).to_have_url(re.compile("rho=1.55"))
    expect(hits).to_be_focused()


def test_presets_follow_each_other(page: Page) -> None:
    """Also from a long sequence back to a short one, whichever was looked at before."""
    visit(page)
    for name in (*PRESETS, "overflow", "rotation"):
        preset = PRESETS[name]
        page.locator(f'.tries [data-pick="preset:{name}"]').first.click()
        at = preset.settings.steps - preset.lag
        rnn = of_log10(float(study(preset.settings).passes["elman"].norms[at - 1]))
        expect(page.locator("figure .said").first).to_contain_text(f"step {at}: RNN {rnn},")
        settle(page)
    page.locator('.tries [data-pick="preset:overflow"]').click()
    page.locator('.prose [data-pick="preset:rotation"]').click()
    expect(page.locator(".prose")).not_to_contain_text("Exploded")
