"""The walk back in a page of its own, opened from a file: stages from real networks, and how to look at them.

`python -m tests.browser.walk_page FILE` writes a page that shows them all, for looking at by hand: FILE#name.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

import lessons
import rnnviz as rv
from lessons.common.text import load
from rnnviz.player import joined, style
from rnnviz.player.walk import beads, strips, walk
from rnnviz.theme import DARK, LIGHT

DESK = {"viewport": {"width": 884, "height": 700}}
PAGE_WIDE = {"viewport": {"width": 1200, "height": 540}}
PHONE = {"viewport": {"width": 390, "height": 480}, "has_touch": True}
T = 20
LESSON = Path(next(iter(lessons.__path__))) / "vanishing_and_exploding"


def words(kind: str = "elman", numbers: str = "float64") -> dict[str, Any]:
    """What the lesson writes on it."""
    return dict(load(LESSON).labels("walk", {"kind": kind, "numbers": numbers, "own": False}))


def pair(
    rho: float = 0.9, *, shear: float = 0.0, hears: float = 0.75, steps: int = T, dtype: str = "float64"
) -> rv.Trace:
    """Two tanh units that read noise; W_h is rho times a turn and a shear, by its spectral radius."""
    turned = np.array([[0.9, -0.4], [0.4, 0.9]]) @ np.array([[1, -shear], [0, 1]])
    weights = {
        "weight_ih_l0": hears * np.array([[0.9], [-0.6]]),
        "weight_hh_l0": rho * turned / np.abs(np.linalg.eigvals(turned)).max(),
        "bias_ih_l0": np.zeros(2),
        "bias_hh_l0": np.zeros(2),
    }
    net = rv.Network.from_state_dict({name: np.asarray(value, dtype) for name, value in weights.items()})
    return rv.unroll(net, np.random.default_rng(1).standard_normal((steps, 1, 1)).astype(dtype))


def several(cell: str = "elman", units: int = 6) -> rv.Trace:
    """A random network that reads noise."""
    rng = np.random.default_rng(5)
    return rv.unroll(rv.Network.create(cell, 2, units, rng=rng), rng.standard_normal((T, 1, 2)))


TRACES = {
    "vanishes": pair(),
    "saturated": pair(1.4, hears=1.5),
    "sheared": pair(0.85, shear=1.2, hears=0.0),
    "explodes": pair(1.6, hears=0.0),
    "overflows": pair(9.0, hears=0.0, steps=60, dtype="float32"),
    "lstm": several("lstm", 1),
    "wide": several("elman", 6),
    "wide_lstm": several("lstm", 4),
}


def stages() -> dict[str, dict[str, Any]]:
    """One of each kind."""
    common = {"kind": "walk", "token": "t"}
    found = {
        name: common | {"view": "plane", "data": walk(trace), "words": words(trace.network.cell, "float32")}
        for name, trace in TRACES.items()
    }
    three = {name: walk(TRACES[name]) for name in ("vanishes", "explodes", "lstm")}
    return found | {
        "beads": common | {"view": "beads", "data": beads([1.1, 1.0, 0.9]), "words": words()},
        "strips": common | {"view": "strips", "data": strips(three), "words": words()},
        "bare": common | {"view": "plane", "data": walk(TRACES["vanishes"]), "words": words(), "show": []},
    }


def page(given: dict[str, dict[str, Any]]) -> str:
    """A page with the stages within reach as `stages`, what is told as `told`, and `show(name, changes)`."""
    return PAGE.format(
        light=LIGHT.background,
        dark=DARK.background,
        style=style("walk"),
        script=joined("walk"),
        stages=json.dumps(given),
    )


PAGE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width,initial-scale=1">
<style>:root{{color-scheme:light dark}}html,body,#here{{height:100%;margin:0}}
body{{background:light-dark({light},{dark});overflow:hidden}}
{style}</style><body><div id=here></div><script type=module>
{script}
const stages = {stages}, told = [];
const first = stages[location.hash.slice(1)] ?? Object.values(stages)[0];
const stage = $walk.mount(document.getElementById("here"), first, said => told.push(said));
const show = (name, changes, turned) => stage.receive({{ ...stages[name], ...changes }}, turned);
Object.assign(window, {{ stages, told, stage, show }});
addEventListener("hashchange", () => show(location.hash.slice(1), {{}}, true));
</script>
"""
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SLIDE = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }"


class Opened:
    """A page that shows a stage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("rnn-walk")

    def show(self, name: str, turned: bool = True, **changes: Any) -> None:
        self.page.evaluate("([name, changes, turned]) => show(name, changes, turned)", [name, changes, turned])
        self.drawn()

    def said(self, name: str) -> str:
        return str(self.root.get_attribute(f"data-{name}"))

    def has(self, **states: Any) -> None:
        """Wait until the root's data- attributes are these."""
        for name, value in states.items():
            expect(self.root).to_have_attribute(f"data-{name}", str(value).lower())

    def told(self) -> list[dict[str, Any]]:
        return list(self.page.evaluate("told.splice(0)"))

    def part(self, name: str) -> Locator:
        return self.root.locator(f"[data-part={name}]")

    def act(self, name: str) -> Locator:
        return self.root.locator(f"[data-act={name}]")

    def go(self, back: float) -> None:
        """So many steps back."""
        self.root.locator("input[name=back]").evaluate(SLIDE, back)
        self.drawn()

    def drawn(self) -> None:
        """Wait for the next picture."""
        self.page.evaluate(DRAWN)


@contextmanager
def opened(browser: Browser, path: Path, first: str = "vanishes", **context: Any) -> Iterator[Opened]:
    """A page of a context of its own; it fails in the end where it logged an error or asked for anything."""
    path.write_text(page(stages()), encoding="utf-8")
    with browser.new_context(**(DESK | context)) as made:
        shown, trouble = made.new_page(), []
        shown.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        shown.on("pageerror", lambda error: trouble.append(str(error)))
        shown.on("request", lambda r: None if r.url.startswith("file:") else trouble.append(r.url))
        shown.goto(f"{path.as_uri()}#{first}")
        one = Opened(shown)
        one.root.wait_for()
        one.drawn()
        yield one
        assert not trouble, trouble


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(stages()), encoding="utf-8")
