"""The player shows what its page tells it: a subset of its parts, nothing of what is to be predicted, and no more moves
than it is allowed.

That no page logs an error or asks for anything is checked by `opened` itself.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rnnviz.player import PLACES
from tests.browser.player_page import BEATS, CELLS, STAGE, STORY, Opened, box_of, opened, spelled
from tests.browser.test_equation import holds

PANELS = ("bar", "tape", "stage", "legend", "circuit", "equation", "table", "heat", "traces")
# what a place is drawn as: an operation belongs to several
BELONG = {"keep": "f", "write": "i", "add": "c", "squash": "tanh", "reveal": "o", "up": "y"}
DRAWN = """root => [...root.querySelectorAll(".circuit [data-ref], .equation [data-ref]")]
    .map(element => element.dataset.ref.split("_")[0])"""
# every text and every attribute that the player's elements hold
WHOLE = """root => [...root.querySelectorAll("*"), root]
    .flatMap(element => [...element.attributes].map(one => one.value)).join("\\n") + root.textContent"""
LINES = """root => [...root.querySelectorAll(".line")].map(line => ({
    continued: line.classList.contains("continued"), relation: line.dataset.relation,
    words: [...line.querySelectorAll("[data-value], [data-sign]")]
        .map(e => e.dataset.sign ?? { value: e.dataset.value }),
}))"""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Opened]:
    with opened(browser, **STAGE) as shown:
        yield shown


@pytest.fixture
def lstm(stage: Opened, tmp_path: Path) -> Iterator[Opened]:
    stage.show(spelled("lstm"), tmp_path / "player.html")
    yield stage
    assert not stage.trouble


def belongs(ref: str, shown: list[str]) -> bool:
    return BELONG.get(ref, ref) in [*shown, *(["tanh"] if "o" in shown else [])]


@pytest.mark.parametrize("beat", BEATS)
@pytest.mark.parametrize("backward", [False, True])
def test_only_what_belongs_to_a_shown_place_is_drawn(lstm: Opened, beat: str, backward: bool) -> None:
    places = BEATS[beat]
    lstm.tell(show=STORY + places, **{"pass": "backward" if backward else "forward"})
    for place in places:
        lstm.tell(show=STORY + places, select=place, token=f"{place} {backward}")
        drawn = lstm.root.evaluate(DRAWN)
        assert drawn
        assert not [ref for ref in drawn if not belongs(ref, places)]


@pytest.mark.parametrize("cell", CELLS)
def test_what_comes_next_comes_in_its_own_place_and_nothing_else_moves(
    stage: Opened, tmp_path: Path, cell: str
) -> None:
    """From one place after the other to all of them, with x there from the start: the drawing's scale stays."""
    stage.show(spelled(cell), tmp_path / "player.html")
    where = """root => Object.fromEntries([...root.querySelectorAll(".circuit > :is(.valve, .node, .band)[data-ref]")]
        .map(e => [e.dataset.ref + e.getAttribute("class").split(" ")[0], e.getBoundingClientRect()])
        .map(([name, { x, y }]) => [name, [x, y]]))"""
    gates = [place for place in PLACES[cell] if len(place) == 1 and place not in "xhcya"]
    before: dict[str, list[float]] = {}
    for count in range(len(gates) + 1):
        stage.tell(show=["bar", "circuit", "x", "h", "c", *gates[:count]])
        now = stage.root.evaluate(where)
        longer = {"past_c", "c_prevband", "h_prevband"}  # a band goes on to the first operation that is shown
        for ref in before.keys() & now.keys() - longer:
            assert now[ref] == pytest.approx(before[ref], abs=0.5), ref
        before = now
    assert before


def test_a_part_that_was_not_there_appears_and_others_do_not(lstm: Opened) -> None:
    lstm.tell(show=[*STORY, "x", "c", "f"])
    lstm.tell(show=[*STORY, "x", "c", "f", "i", "g"])
    appears = lstm.root.evaluate("root => [...root.querySelectorAll('.valve.appears')].map(e => e.dataset.ref)")
    assert sorted(appears) == ["g", "i"]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_that_is_not_named_is_empty_and_takes_no_room(lstm: Opened, panel: str) -> None:
    part = {"tape": ".tape", "heat": ".stage", "traces": ".stage"}.get(panel, f".{panel}")
    lstm.tell(show=[name for name in PANELS if name != panel])
    shown = lstm.root.locator(f":scope > {part}, :scope > * > {part}").first
    if panel in ("stage", "heat", "traces"):
        high = box_of(lstm.root.locator("canvas"))["height"]
        lstm.tell(show=list(PANELS))
        assert box_of(lstm.root.locator("canvas"))["height"] > high + 20
    else:
        expect(shown).to_be_hidden()
        assert not shown.locator("[data-ref]:visible").count()


@pytest.mark.parametrize("beat", BEATS)
def test_a_line_multiplies_out_also_where_only_some_of_its_terms_are_shown(lstm: Opened, beat: str) -> None:
    places = BEATS[beat]
    for backward in (False, True):
        for place in (*places, "keep", "write", "add", "squash", "reveal"):
            way = "backward" if backward else "forward"
            lstm.tell(show=STORY + places, select=place, token=place + way, **{"pass": way})
            result = ""
            for line in lstm.root.evaluate(LINES):
                words = line["words"] if line["continued"] else line["words"][1:]
                result = result if line["continued"] else line["words"][0]["value"]
                assert line["relation"] == "=", (place, line)
                assert holds(result, words[1:]), (place, line)


def test_the_rest_of_a_line_is_pale_and_has_no_place(lstm: Opened) -> None:
    lstm.tell(show=[*STORY, "c", "f"], select="c")
    pale = lstm.root.locator(".equation .term.pale")
    expect(pale).to_have_count(1)
    expect(pale.locator(".symbol")).to_have_text("…")
    assert lstm.root.locator(".equation .term .symbol").all_inner_texts() == ["c5", "f5", "c4", "…"]
    lstm.tell(show=[*STORY, "c"], select="c")
    assert lstm.root.locator(".equation .term .symbol").all_inner_texts() == ["c5", "c4", "…"]
    lstm.tell(show=[*STORY, "c", "f", "i", "g"], select="c")
    expect(pale).to_have_count(0)


def printed(shown: Opened) -> str:
    return str(shown.root.evaluate(WHOLE))


def test_what_is_to_be_predicted_is_nowhere_on_the_page(lstm: Opened) -> None:
    """Not of the steps from there on, whatever the reader tries, nor left over in a panel that is closed."""
    places = ["x", "h", "c", "f", "i", "g", "o", "y"]
    lstm.root.locator("summary").click()
    lstm.press("End")
    secret = set()
    for key in ("End", *["ArrowLeft"] * 3):
        lstm.press(key)
        secret |= set(re.findall(r'title="(-?0\.\d{8,})', lstm.root.inner_html()))
    assert len(secret) > 60
    lstm.root.locator("summary").click()
    lstm.tell(show=[*PANELS, *places], hide_from=6, step=3, token=1)
    lstm.has(step=3)
    lstm.root.locator("summary").click()
    for key in ("End", "PageDown", "ArrowRight", "b", " ", "ArrowDown", "ArrowUp"):
        lstm.press(key)
        assert int(lstm.said("step") or 99) <= 5
        lstm.has(**{"pass": "forward"})
        assert not [value for value in secret if value in printed(lstm)], key
    tape = box_of(lstm.tape)
    lstm.page.mouse.click(tape["x"] + tape["width"] - 5, tape["y"] + 10)
    lstm.page.mouse.click(tape["x"] + tape["width"] - 5, tape["y"] - 40)
    lstm.has(step=5)
    assert lstm.page.evaluate("Math.max(...steps.map(s => s.step))") <= 5
    lstm.tell(show=[*PANELS, *places], step=9, token=2)
    lstm.has(step=9)


def test_beyond_the_hidden_step_the_canvas_is_as_it_would_be_for_any_values(lstm: Opened, tmp_path: Path) -> None:
    """Two networks that differ from the hidden step on look the same."""
    pictures = []
    for end in ("sipp", "mmmm"):
        word = "missis" + end
        lstm.show(spelled("lstm", word="mississipp"), tmp_path / "player.html")
        lstm.send(spelled("lstm", word=word).payload(tokens=list("mississipp")))
        lstm.tell(show=["stage", "heat", "x", "c", "f", "i", "g", "h"], hide_from=6, step=5, token=1)
        lstm.has(step=5)
        lstm.still()
        pictures.append(lstm.page.evaluate("document.querySelector('.stage canvas').toDataURL()"))
    assert pictures[0] == pictures[1]


def test_backwards_what_lies_before_is_hidden(lstm: Opened) -> None:
    lstm.tell(show=STORY, hide_from=4, step=8, **{"pass": "backward"}, token=1)
    lstm.press("Home")
    lstm.has(step=5, **{"pass": "backward"})


def test_where_all_is_hidden_no_number_is_shown(lstm: Opened) -> None:
    lstm.tell(show=[*PANELS, "h", "c", "f"], hide_from=0, step=0, token=1)
    expect(lstm.root.locator(".below")).to_be_hidden()
    expect(lstm.root.locator("[aria-live=polite]")).to_have_text("Step 1 of 10.")
    assert not lstm.root.locator("[data-value]").count()
