"""The lesson about back-propagation through time in a real browser: links and charts set the page, nothing jumps."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lesson_page import press, slider, stands, visit
from tests.browser.waiting import settle

ADDRESS = "/backprop_through_time"


def test_it_opens_at_the_question_in_the_backward_pass(page: Page) -> None:
    stands(visit(page, ADDRESS), step=6, unit=0, backward=True)


@pytest.mark.parametrize("network", ["random weights", "trained"])
def test_what_the_windows_change_is_in_the_first_screenful(page: Page, network: str) -> None:
    visit(page, ADDRESS, network=network)
    for number in range(2):
        chart = page.locator(".chart .hits").nth(number).bounding_box()
        assert chart is not None
        assert chart["y"] + chart["height"] <= 800


@pytest.mark.parametrize(("key", "low", "high"), [("units", 1, 8), ("back", 6, 13)])
def test_no_slider_moves_the_charts_or_the_player(page: Page, key: str, low: int, high: int) -> None:
    found = []
    for value in (low, high):
        player = visit(page, ADDRESS, **{key: value})
        settle(page)
        found.append([box["y"] for box in (player.bounding_box(), page.locator(".chart").first.bounding_box()) if box])
    assert found[0] == found[1]


def test_the_player_passes_nothing_back_at_a_cut(page: Page) -> None:
    player = visit(page, ADDRESS, k=4, step=5)
    expect(player.locator("svg.circuit")).to_contain_text("cut here")
    expect(player.locator("svg.circuit text[data-flow=via_h]")).to_have_text("0")
    expect(page.locator(".chain small").nth(3)).to_contain_text("= 0")


def test_a_preset_sets_the_page(page: Page) -> None:
    player = visit(page, ADDRESS)
    page.get_by_role("button", name="a window of 8, and its edge in between").click()
    settle(page)
    expect(slider(page, "k")).to_have_value("8")
    expect(slider(page, "at")).to_have_value("3")
    stands(player, step=8, unit=0, backward=True)
    expect(page.locator(".chain .snip")).to_have_count(1)


def test_a_click_on_a_chart_goes_to_its_step_or_sets_its_windows(page: Page) -> None:
    player = visit(page, ADDRESS, network="trained")
    for chart, column, of in ((0, 4, 14), (1, 2, 7)):
        hits = page.locator(".chart .hits").nth(chart)
        box = hits.bounding_box()
        assert box is not None
        hits.click(position={"x": box["width"] * (column + 0.5) / of, "y": 20})
        settle(page)
    expect(slider(page, "k")).to_have_value("5")
    stands(player, step=2, unit=0, backward=True)


def test_a_cut_moves_nothing_on_the_page(page: Page) -> None:
    player = visit(page, ADDRESS)
    chain, before = page.locator(".chain"), player.evaluate("element => element.offsetTop")
    height = chain.evaluate("element => element.offsetHeight")
    for k in (13, 12, 11):
        press(page, "k", "ArrowLeft", k)
    visit(page, ADDRESS, k=4)
    assert player.evaluate("element => element.offsetTop") == before
    assert chain.evaluate("element => element.offsetHeight") == height


def test_on_a_phone_nothing_is_wider_than_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for units in (1, 8):
        visit(page, ADDRESS, units=units, back=13, k=5)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        widest = page.locator(".chain > *").evaluate_all(
            "terms => Math.max(...terms.map(t => t.getBoundingClientRect().right))"
        )
        assert widest <= 390
