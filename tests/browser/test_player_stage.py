"""What the player's stage writes and marks on its canvas: the tape, the axis of the lines, the steps that are held."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import rnnviz as rv
from rnnviz.player import Start
from tests.browser.player_page import PHONE, Opened, Pass, box_of, opened

# what is written on the canvas in one frame: {words, x, y, half of its width as drawn}
WRITTEN = """() => new Promise(done => {
    const drawn = [], kept = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (words, x, y, most = Infinity) {
        const wide = this.measureText(words).width;
        drawn.push({ words, x, y, half: Math.min(wide, most) / 2, condensed: Math.min(1, most / wide) });
        kept.call(this, words, x, y, most);
    };
    dispatchEvent(new Event("resize"));
    const root = document.querySelector(".rnn-player");
    root.dispatchEvent(new KeyboardEvent("keydown", { key: "f" }));
    requestAnimationFrame(() => { CanvasRenderingContext2D.prototype.fillText = kept; done(drawn); });
})"""


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Opened]:
    with opened(browser) as shown:
        yield shown


def reading(tokens: list[str], **shown: Any) -> Pass:
    rng = np.random.default_rng(0)
    net = rv.Network.create("lstm", 2, 4, rng=rng)
    return Pass(rv.unroll(net, rng.normal(size=(len(tokens), 1, 2))), None, {"tokens": tokens} | shown)


def scaled(size: float, **unroll: Any) -> Pass:
    """Ten steps of inputs of this size: the smaller they are, the smaller are c and h."""
    net = rv.Network.create("lstm", 2, 4, rng=np.random.default_rng(0))
    x = size * np.random.default_rng(1).normal(size=(10, 1, 2))
    return Pass(rv.unroll(net, x, **unroll), None, {"start": Start(step=2, selected="c")})


def on_the_tape(shown: Opened) -> list[dict[str, Any]]:
    """Its words from left to right, without those of the pill, which are written again."""
    shown.still()
    stage, tape = box_of(shown.root.locator("canvas")), box_of(shown.tape)
    middle = tape["y"] + tape["height"] / 2 - stage["y"]
    left = tape["x"] - stage["x"]
    found = {w["x"]: w for w in shown.page.evaluate(WRITTEN) if abs(w["y"] - middle) < 1 and w["x"] > left}
    return [found[x] for x in sorted(found)]


WORDS = ["The", "recurrence", "←−0.2", "remembers", "W", "everything", "i", "incomprehensibilities", "·0.66", "that"]


@pytest.mark.parametrize("repeats", [1, 3])
def test_no_cell_of_the_tape_is_empty_and_no_word_reaches_into_another(
    desk: Opened, tmp_path: Path, repeats: int
) -> None:
    tokens = WORDS * repeats
    desk.show(reading(tokens, start=Start(step=4)), tmp_path / "player.html")
    written = on_the_tape(desk)
    assert len(written) == len(tokens)
    for one, token in zip(written, tokens, strict=True):
        assert token.startswith(one["words"].rstrip("…"))
        assert one["words"].rstrip("…")
        assert one["condensed"] > 0.59
    for one, other in pairwise(written):
        assert one["x"] + one["half"] <= other["x"] - other["half"]


def test_only_where_a_column_is_too_narrow_for_a_letter_it_is_left_out(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, **PHONE) as phone:
        phone.show(reading(["a"] * 20, start=Start(step=15)), tmp_path / "player.html")
        assert len(on_the_tape(phone)) == 20
        phone.show(reading(["a"] * 100, start=Start(step=50)), tmp_path / "player.html")
        written = on_the_tape(phone)
        assert len(written) >= 3
        assert min(other["x"] - one["x"] for one, other in pairwise(written)) >= 9


@pytest.mark.parametrize(("size", "end"), [(1e-3, "0.01"), (0.1, "0.1"), (0.3, "0.25"), (1, "0.5"), (2, "1")])
def test_the_axis_of_small_states_ends_just_beyond_them(desk: Opened, tmp_path: Path, size: float, end: str) -> None:
    shown = scaled(size)
    layer = shown.trace[0, 0]
    assert layer.c is not None
    desk.show(shown, tmp_path / "player.html")
    desk.still()
    words = [w["words"] for w in desk.page.evaluate(WRITTEN)]
    assert words.count(end) == words.count(f"−{end}") == 1
    most = max(np.abs(layer.c[:, 0, 0]).max(), np.abs(layer.h[:, 0, 0]).max())
    assert most <= float(end)
    # a gate has its 0 to 1: it is drawn where the axis holds it, or where it is what is looked at
    assert ("f" in words) == (end == "1")
    desk.root.locator(".chips [data-ref=o]").click()
    desk.still()
    words = [w["words"] for w in desk.page.evaluate(WRITTEN)]
    assert {"o", "1", "−1"} <= set(words)


def test_held_steps_are_marked_before_the_pass_gets_there(desk: Opened, tmp_path: Path) -> None:
    desk.show(scaled(1, surgery=[rv.Pin("f", 0.75, 5, 7)]), tmp_path / "player.html")
    desk.root.locator(".chips [data-ref=f]").click()
    desk.still()
    box = box_of(desk.tape)
    wide, below = box["width"] / 10, box["y"] - 128 + 60 + 30 + 4
    marked = [t for t in range(10) if desk.pixels(box["x"] + wide * (t + 0.14 + 0.72 / 8), below)[0].max() < 60]
    assert marked == [5, 6, 7]
    expect(desk.root.locator(".legend .value")).not_to_contain_text("clamped")
    desk.press("ArrowRight", "ArrowRight", "ArrowRight")
    expect(desk.root.locator(".legend .value")).to_have_text("forget gate, unit 1 = 0.750, clamped")
