"""Backpropagation through time in a real browser: presets and charts set the page, nothing jumps."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lesson_page import stands, visit
from tests.browser.waiting import drawn, eventually, settle

ADDRESS = "/backprop_through_time"


def chart(page: Page, which: int) -> Locator:
    return page.locator(".rnn.vega").nth(which)


def dial(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=dials] input[name={name}]")


def press(page: Page, name: str, key: str, value: float) -> None:
    """Press a key on a slider, which then stands at `value`."""
    dial(page, name).press(key)
    expect(dial(page, name)).to_have_value(f"{value:g}")
    settle(page)


def opened(page: Page, **address: object) -> Locator:
    """The lab with both of its charts drawn; its player."""
    player = visit(page, ADDRESS, **address)
    for which in range(2):
        drawn(chart(page, which))
    settle(page)
    return player


def place(page: Page, which: int, x: int) -> tuple[float, float]:
    """Where on the screen a place of a chart's axis across is."""
    left, top = chart(page, which).evaluate(
        """(e, x) => {
          const view = e.rnnChart.chart.view, pad = view.padding();
          const origin = view.origin().map((at, i) => at + (pad[i ? "top" : "left"] ?? pad));
          const box = e.querySelector("canvas").getBoundingClientRect();
          return [box.x + origin[0] + view.scale("x")(x), box.y + origin[1] + 60];
        }""",
        x,
    )
    return left, top


def test_it_opens_at_the_question_in_the_backward_pass(page: Page) -> None:
    stands(visit(page, ADDRESS), step=6, unit=0, backward=True)


@pytest.mark.parametrize("network", ["random weights", "trained"])
def test_what_the_windows_change_is_in_the_first_screenful(page: Page, network: str) -> None:
    visit(page, ADDRESS, network=network)

    def in_sight() -> None:
        for which in range(2):
            box = chart(page, which).locator("canvas").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 800

    eventually(in_sight)


@pytest.mark.parametrize(("key", "low", "high"), [("units", 1, 8), ("back", 6, 13)])
def test_no_slider_moves_the_charts_or_the_player(page: Page, key: str, low: int, high: int) -> None:
    def places(value: int) -> list[float]:
        player = opened(page, **{key: value})
        return [box["y"] for box in (player.bounding_box(), chart(page, 0).bounding_box()) if box]

    assert places(low) == places(high)


def test_the_player_passes_nothing_back_beyond_the_window(page: Page) -> None:
    player = visit(page, ADDRESS, k=4, step=5)
    expect(player.locator("svg.circuit text[data-flow=via_h]")).to_have_text("0")
    expect(page.locator(".chain small").nth(3)).to_contain_text("= 0")


def test_a_preset_sets_the_page_and_sends_the_player_to_the_question(page: Page) -> None:
    player = visit(page, ADDRESS)
    page.get_by_role("button", name="a window of 8, and its edge in between").click()
    settle(page)
    expect(dial(page, "k")).to_have_value("8")
    expect(dial(page, "at")).to_have_value("3")
    stands(player, step=8, unit=0, backward=True)
    expect(page.locator(".chain .snip")).to_have_count(1)


def test_a_click_on_a_chart_goes_to_its_step_or_sets_its_windows(page: Page) -> None:
    player = opened(page, network="trained")
    page.mouse.click(*place(page, 0, 5))
    expect(dial(page, "k")).to_have_value("5")
    settle(page)
    drawn(chart(page, 1))
    page.mouse.click(*place(page, 1, 3))
    stands(player, step=2, unit=0, backward=True)


def test_the_charts_follow_the_player(page: Page) -> None:
    player = opened(page)
    player.evaluate("element => element.focus({preventScroll: true})")
    page.keyboard.press("ArrowLeft")
    marked = "e => e.rnnChart.chart.view.data('step')[0].step === 6"
    page.wait_for_function(marked, arg=chart(page, 0).element_handle())


def test_truncation_moves_nothing_on_the_page(page: Page) -> None:
    player = opened(page)
    chain, before = page.locator(".chain"), player.evaluate("element => element.getBoundingClientRect().top")
    height = chain.evaluate("element => element.offsetHeight")
    for k in (13, 12, 11):
        press(page, "k", "ArrowLeft", k)
    opened(page, k=4)
    assert player.evaluate("element => element.getBoundingClientRect().top") == before
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
