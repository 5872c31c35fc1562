"""The race, in a page of its own: it moves as it plays, says what the engine computed, and shows nothing too early."""

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common.shared import shared
from rnnviz.numbers import of_log10
from rnnviz.player.race import Lane, race
from tests.browser.waiting import eventually, moves

T, H, SEEDS = 20, 8, 6
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 760}, "has_touch": True}
INITS = ("zeros", "normal", "orthogonal", "he_normal")
LANE_END = 2 * T  # the moment at which the gradients are at step 1
# a picture of the canvas in few numbers, whether anything that it shows has moved
LOOK = """root => {
    const canvas = root.querySelector("canvas"), { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    let sum = 7;
    for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) | 0;
    return sum;
}"""
OUT = """() => [...document.querySelectorAll(".rnn-race :is(button, p, input, select, canvas)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""


def stage(**place: Any) -> dict[str, Any]:
    def networks(init: str) -> list[rv.Network]:
        return [
            rv.Network.create("elman", 2, H, recurrent_init=init, rng=np.random.default_rng(seed))
            for seed in range(SEEDS)
        ]

    x = np.random.default_rng(3).standard_normal((T, SEEDS, 2))
    return race([Lane(init, init, networks(init)) for init in INITS], x, words=shared().labels("race", {}), **place)


def written(log: float) -> str:
    """A norm as it is read; what differs from 1 by rounding alone is 1."""
    return "1.00" if abs(log) < 1e-6 else of_log10(log)


Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a race in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(options: dict[str, Any] = DESK, **place: Any) -> tuple[Page, Locator]:
        file = tmp_path / "race.html"
        html = rv.player.stage_to_html(stage(**place))
        html = html.replace("const data =", "window.told = []; const data =")
        html = html.replace("data, () => {});", "data, said => window.told.push(said));")
        file.write_text(html.replace("$race.mount(", "window.one = $race.mount("))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-race")
        expect(root).to_have_attribute("data-phase", place.get("phase", "start"))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def go(root: Locator, moment: float) -> None:
    """Scrub to a moment."""
    root.locator("input[name=at]").evaluate("(one, to) => { one.value = to; one.oninput(); }", moment)
    expect(root).to_have_attribute("data-step", str(int(moment)))


def table(root: Locator) -> dict[str, dict[str, str]]:
    """{lane: {what: text}} as it is read out."""
    rows = root.locator("tr[data-lane]").evaluate_all(
        "rows => rows.map(row => [row.dataset.lane, [...row.cells].map(cell => [cell.dataset.of, cell.textContent])])"
    )
    return {lane: dict(cells) for lane, cells in rows}


def says(root: Locator, what: str, wanted: dict[str, str]) -> None:
    assert {lane: cells[what] for lane, cells in table(root).items()} == wanted


def test_while_it_plays_at_its_slowest_something_moves_all_the_time(opened: Open) -> None:
    _, root = opened()
    slowest = root.locator("[data-speed]").first
    assert slowest.get_attribute("data-speed") == "0.25"
    slowest.click()
    for moment in (2, T - 0.4, T + 3, LANE_END + 0.1, LANE_END + 1.1, LANE_END + 2.1):
        go(root, moment)
        root.press(" ")
        assert moves(root, LOOK) >= 7, f"from moment {moment} on"
        root.press(" ")


def test_space_plays_arrows_step_and_home_and_end_lead_to_the_ends(opened: Open) -> None:
    _, root = opened()
    root.focus()
    root.press("ArrowRight")
    root.press("ArrowRight")
    expect(root).to_have_attribute("data-step", "2")
    root.press("ArrowLeft")
    expect(root).to_have_attribute("data-step", "1")
    root.press("End")
    expect(root).to_have_attribute("data-step", root.get_attribute("data-steps") or "")
    root.press("Home")
    expect(root).to_have_attribute("data-step", "0")
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "false")


def test_what_is_read_out_is_what_the_engine_computed(opened: Open) -> None:
    _, root = opened()
    data = stage()
    left = np.frombuffer(b64decode(data["left"]), "<f4").reshape(SEEDS, len(INITS), T)
    for step in (T, 7, 1):
        go(root, 2 * T + 1 - step)
        wanted = {init: written(float(left[0, k, step - 1])) for k, init in enumerate(INITS)}
        eventually(says, root, "norm", wanted)
    root.press("End")
    expect(root).to_have_attribute("data-phase", "ranked")
    read = table(root)
    assert [read[init]["rank"] for init in INITS] == [str(rank or "–") for rank in data["rank"]]
    assert [read[init]["nearest"].split()[0] for init in INITS] == list(map(str, data["nearest"]))
    assert list(read) == sorted(INITS, key=lambda init: data["rank"][INITS.index(init)] or 99)


def test_nothing_is_said_before_it_has_been_shown(opened: Open) -> None:
    _, root = opened()
    for moment in (0, T - 1):
        go(root, moment)
        assert not any(value for cells in table(root).values() for of, value in cells.items() if of != "name")
    go(root, LANE_END)
    assert not any(cells["median"] or cells["rank"] for cells in table(root).values())
    assert not root.locator(".names .won").filter(has_text="of").count()


def test_where_a_question_is_open_nothing_can_be_played_or_touched(opened: Open) -> None:
    page, root = opened(locked=True)
    root.focus()
    for key in (" ", "ArrowRight", "End"):
        root.press(key)
    root.locator("canvas").click(position={"x": 600, "y": 100})
    page.evaluate("one.play()")
    page.wait_for_timeout(300)
    assert (root.get_attribute("data-step"), root.get_attribute("data-playing")) == ("0", "false")
    assert page.evaluate("told") == []


def test_it_plays_by_itself_to_where_it_is_told_and_says_so_once(opened: Open) -> None:
    page, root = opened(locked=True)
    page.evaluate("given => { one.receive({ ...given, locked: false, play_to: 'arrived', speed: 2 }, true) }", stage())
    expect(root).to_have_attribute("data-playing", "true")
    expect(root).to_have_attribute("data-phase", "arrived")
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.length > 0")
    assert page.evaluate("told") == [{"target": "played", "value": "arrived"}]
    page.evaluate("given => { one.receive({ ...given, play_to: 'arrived' }) }", stage())
    page.wait_for_timeout(200)
    assert root.get_attribute("data-playing") == "false"


def test_who_leads_it_to_the_end_by_hand_is_told_so_as_well(opened: Open) -> None:
    page, root = opened(locked=True)
    page.evaluate("given => { one.receive({ ...given, locked: false, play_to: 'ranked' }, true) }", stage())
    expect(root).to_have_attribute("data-playing", "true")
    root.focus()
    root.press("End")
    expect(root).to_have_attribute("data-phase", "ranked")
    page.wait_for_function("told.length > 0")
    assert page.evaluate("told") == [{"target": "played", "value": "ranked"}]
    root.press("Home")
    root.press("End")
    assert len(page.evaluate("told")) == 1


def test_a_lane_and_a_dot_can_be_clicked_and_the_dot_s_seed_is_watched(opened: Open) -> None:
    page, root = opened()
    root.get_by_role("button", name="he_normal").click()
    assert page.evaluate("told") == [{"target": "lane", "value": "he_normal"}]
    root.press("End")
    expect(root).to_have_attribute("data-phase", "ranked")
    before = table(root)["he_normal"]["norm"]
    root.locator(".seeds select").select_option(index=4)
    expect(root).to_have_attribute("data-seed", "4")
    page.wait_for_function("told.at(-1).target === 'seed' && told.at(-1).value === 4")
    arrived = np.frombuffer(b64decode(stage()["arrived"]), "<f4").reshape(len(INITS), SEEDS)
    wanted = written(float(arrived[3, 4]))
    assert wanted != before
    eventually(lambda: says(root, "norm", {**norms(root), "he_normal": wanted}))
    dot = over_a_dot(page, root)
    page.mouse.down()
    page.mouse.up()
    expect(root).to_have_attribute("data-seed", str(int(dot.split(":")[0].removeprefix("seed ")) - 1))
    eventually(lambda: one_of(dot.split(": ")[1], norms(root).values()))


def norms(root: Locator) -> dict[str, str]:
    return {lane: cells["norm"] for lane, cells in table(root).items()}


def one_of(text: str, texts: Collection[str]) -> None:
    assert text in texts


# where a dot of a seed that is not watched says what it is
DOT = """root => {
    const canvas = root.querySelector("canvas"), { x, y, height } = canvas.getBoundingClientRect();
    const watched = `seed ${Number(root.dataset.seed) + 1}:`, hint = root.querySelector(".hint");
    for (let down = 40; down < height - 30; down += 6)
        for (let across = 150; across < 420; across += 6) {
            const at = { clientX: x + across, clientY: y + down };
            canvas.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true }));
            if (hint.textContent && !hint.textContent.startsWith(watched)) return [at.clientX, at.clientY];
        }
    return null;
}"""


def over_a_dot(page: Page, root: Locator) -> str:
    """Moves the pointer to where a dot says what it is, of a seed that is not watched."""
    place = root.evaluate(DOT)
    assert place is not None, "no dot says anything"
    page.mouse.move(*place)
    said = root.locator(".hint").text_content() or ""
    assert said.startswith("seed ")
    return said


def test_new_numbers_with_the_same_token_leave_it_where_it_stands(opened: Open) -> None:
    page, root = opened(token="a")
    go(root, T + 5)
    page.evaluate("given => one.receive(given)", stage(token="a", watched=2))
    expect(root).to_have_attribute("data-seed", "2")
    expect(root).to_have_attribute("data-step", str(T + 5))
    page.evaluate("given => one.receive(given)", stage(token="b"))
    expect(root).to_have_attribute("data-step", "0")


def test_with_reduced_motion_it_goes_by_whole_steps(opened: Open) -> None:
    page, root = opened({**DESK, "reduced_motion": "reduce"})
    root.focus()
    root.press(" ")
    for _ in range(12):
        at = float(root.locator("input[name=at]").input_value())
        assert at == int(at)
        page.wait_for_timeout(90)
    expect(root).not_to_have_attribute("data-step", "0")


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_stands_outside_of_the_window(opened: Open, options: dict[str, Any]) -> None:
    page, root = opened(options)
    for moment in (0, T + 4, LANE_END + 3):
        go(root, moment)
        assert page.evaluate(OUT) == []
    assert (
        json.loads(page.evaluate("JSON.stringify(getComputedStyle(document.querySelector('.note, .won')).fontSize)"))
        == "14px"
    )
