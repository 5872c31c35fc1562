"""The first lesson in a real browser: it draws, it follows its dials, and its address is the whole experiment.

That no page logs an error or asks another machine is checked by the `page` fixture itself.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.server import App
from tests.browser.waiting import settle

LESSON = "/hidden_state"


def open_lesson(page: Page, query: str = "") -> None:
    page.goto(f"{LESSON}?{query}")
    expect(page.locator(".equation")).to_be_visible()
    settle(page)


def press(page: Page, slider: str, *keys: str) -> None:
    page.locator(f".st-key-{slider} input[type=range]").focus()
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    settle(page)


def equation(page: Page) -> str:
    return page.locator(".two").inner_text()


def picture(page: Page) -> str:
    """What is drawn, without what only surrounds it."""
    return page.locator(".st-key-picture .rnn.pair").inner_html()


def test_the_picture_is_in_the_first_screenful(page: Page) -> None:
    open_lesson(page)
    for part in (".unrolled .nodes", ".unrolled .tape", ".unrolled .heat", ".unrolled .line", ".folded .loop"):
        box = page.locator(f".pair {part}").bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert 0 <= box["y"] < box["y"] + box["height"] <= 800


@pytest.mark.parametrize(("slider", "key"), [("units", "ArrowRight"), ("rho", "ArrowLeft"), ("unit", "ArrowRight")])
def test_a_dial_changes_picture_and_equation(page: Page, slider: str, key: str) -> None:
    open_lesson(page)
    drawn, said = picture(page), equation(page)
    press(page, slider, key)
    assert picture(page) != drawn
    assert equation(page) != said


def test_a_step_moves_the_cursor_and_leaves_the_picture_alone(page: Page) -> None:
    open_lesson(page)
    drawn, said = page.locator(".rnn.pair").element_handle(), equation(page)
    before = page.locator(".cursor .tick").bounding_box()
    press(page, "step", "ArrowRight")
    after = page.locator(".cursor .tick").bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] > before["x"]
    assert page.locator(".cursor .tick").inner_text() == "9"
    assert equation(page) != said
    assert drawn.evaluate("element => element.isConnected")


def test_the_cursor_stands_in_its_column(page: Page) -> None:
    for width, query in ((1280, "days=24&step=17"), (390, "days=30&step=9"), (1280, "input=two+pasts&step=20")):
        page.set_viewport_size({"width": width, "height": 800})
        open_lesson(page, query)
        lane = page.locator(".pair .tape").bounding_box()
        tile = page.locator(".cursor .reads").bounding_box()
        assert lane is not None
        assert tile is not None
        step = int(page.locator(".cursor .tick").inner_text())
        steps = int(page.locator(".st-key-step input[type=range]").get_attribute("max") or 0)
        assert tile["x"] + tile["width"] / 2 == pytest.approx(lane["x"] + lane["width"] * (step - 0.5) / steps, abs=1.5)
        assert tile["y"] == pytest.approx(lane["y"], abs=1.5)


@pytest.mark.parametrize(
    "arrange",
    [
        lambda page: [press(page, "units", "ArrowRight", "ArrowRight"), press(page, "unit", "End")],
        lambda page: [press(page, "rho", "End"), press(page, "step", "End"), press(page, "days", "ArrowLeft")],
        lambda page: [press(page, "unit", "End"), press(page, "units", "ArrowLeft")],
        lambda page: [page.get_by_role("radio", name="two pasts").click(), settle(page), press(page, "step", "End")],
    ],
)
def test_the_copied_address_gives_the_same_page(
    page: Page, browser: Browser, app: App, arrange: Callable[[Page], object]
) -> None:
    open_lesson(page, "seed=7&rho=0.8")
    arrange(page)
    page.wait_for_timeout(300)
    settle(page)
    address = page.url
    with browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.url) as context:
        copy = context.new_page()
        copy.goto(address)
        expect(copy.locator(".equation")).to_be_visible()
        settle(copy)
        assert equation(copy) == equation(page)
        assert picture(copy) == picture(page)
        assert copy.locator(".cursor").all_inner_texts() == page.locator(".cursor").all_inner_texts()


@pytest.mark.parametrize(
    "nonsense",
    [
        "units=999&rho=abc&step=-3&seed=1e9&day=2030-01-01&input=zzz&days=&unit=99",
        "units=&rho=NaN&step=Infinity&seed=-1&day=yesterday&days=61&unit=%F0%9F%99%82",
        "units=8&units=9&what=ever&rho=%3Cscript%3E",
    ],
)
def test_nonsense_in_the_address_gives_the_defaults(page: Page, nonsense: str) -> None:
    open_lesson(page)
    said, drawn = equation(page), picture(page)
    open_lesson(page, nonsense)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    if "units=8" not in nonsense:
        assert equation(page) == said
        assert picture(page) == drawn


def test_what_is_typed_stays_text(page: Page) -> None:
    open_lesson(page, "input=a+sentence&text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%3Cb%3Ehi")
    assert page.locator(".tape b").all_inner_texts()[:5] == ["<", "i", "m", "g", "␣"]
    assert page.locator(".st-key-picture img").count() == 0


def test_play_walks_to_the_end(page: Page) -> None:
    open_lesson(page, "days=12&step=10")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".cursor .tick")).to_have_text("12")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    settle(page)
    assert re.search(r"step=12", page.url)


def test_open_sections_follow_the_dials(page: Page) -> None:
    open_lesson(page)
    page.get_by_text("The same in Python, with your settings").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[7, 0])")
    press(page, "step", "ArrowRight")
    expect(page.get_by_test_id("stCode")).to_contain_text("print(h[8, 0])")


def test_pictures_follow_the_theme(page: Page) -> None:
    colours = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        open_lesson(page)
        colours[theme] = page.locator(".cursor .over-heat").evaluate(
            "element => getComputedStyle(element).backgroundColor"
        )
    assert "rgb(251, 251, 248)" in colours["light"]
    assert "rgb(20, 23, 28)" in colours["dark"]


def test_a_phone_scrolls_only_down(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for query in ("", "input=two+pasts", "input=a+sentence&units=32"):
        open_lesson(page, query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
