"""The stage of one loop in a page of its own, opened from a file: stages from real networks, and how to look at them.

`python -m tests.browser.loop_page FILE` writes a page that shows them all, for looking at by hand.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.player import joined, style
from rnnviz.player.loop import last_state, many_units, one_unit, shares_left, two_pasts
from rnnviz.theme import DARK, LIGHT

TEMPERATURES = (21.7, 13.9, 16.7, 13.9, 13.3, 16.1, 15.6, 12.8)
WEIGHTS = {"w_x": 0.8, "w_h": 0.6, "b": 0.1}
DESK = {"viewport": {"width": 850, "height": 700}}
PHONE = {"viewport": {"width": 390, "height": 430}, "has_touch": True}
DAYS = [f"day {i}" for i in range(1, 9)]
NAMES = {
    "tokens": [f"{c}°" for c in TEMPERATURES],
    "labels": DAYS,
    "short_tokens": [str(c) for c in TEMPERATURES],
    "short_labels": [str(i) for i in range(1, 9)],
}
TERMS = {
    "x": "The input: how far the day is from a mild 16 °C, in steps of 4 degrees.",
    "h": "The hidden state: what the unit works out, and hands on to the next day.",
    "w_x": "The weight of the input. Drag its box up or down.",
    "w_h": "The weight of the past. Drag its box up or down.",
    "b": "The bias: a small push, the same on every day.",
    "tanh": "The squeeze: whatever goes in, what comes out lies between −1 and 1.",
}
WORDS: dict[str, Any] = {
    "title": "The stage",
    "play": "Play the week",
    "pause": "Pause",
    "again": "Again",
    "put_back": "put back",
    "speed": "Speed",
    "terms": TERMS,
    "live": "{day}: h is {value}",
    "unit": "one unit",
    "kept": "kept for the next day",
    "empty": "nothing yet",
    "phases": ["arrive", "weigh", "add", "squeeze", "go round"],
    "within": "Within the step",
    "every": "on every day t",
    "folded": "folded",
    "unrolled": "unrolled",
    "unrolling": "Folded to unrolled",
    "first": "start",
    "last": "day 8",
    "among": "Day",
    "units": "unit 1",
    "cell": "unit {unit}, {day}: h = {value}",
    "apart": "apart by",
    "past": "Past A: the first day is hot",
    "past_short": "past A: a hot first day",
    "other_past": "Past B: the first day is cold",
    "other_past_short": "past B: a cold first day",
    "same": "the same",
    "same_short": "the same 19 days for both",
    "difference": "How far apart the two states are",
    "difference_short": "how far apart the states are",
    "bound": "at most ρᵏ",
    "before": "ρ = 0.60",
    "rho": "ρ, the strength of the loop",
    "rho_least": "0: no loop",
    "rho_most": "1.5",
    "left": "what is left of each day in",
}
MONTH = (30.0, *TEMPERATURES[1:], 11.7, 13.3, 11.1, 12.2, 13.3, 17.8, 23.9, 18.3, 13.3, 14.4, 18.3, 24.4)


def read(temperatures: tuple[float, ...]) -> Array:
    """How far from 16 °C, in steps of 4 degrees, to a tenth: (T, 1, 1)."""
    return np.round((np.array(temperatures) - 16) / 4, 1)[:, None, None]


def unit(w_x: float, w_h: float, b: float) -> rv.Network:
    given = {"weight_ih_l0": [[w_x]], "weight_hh_l0": [[w_h]], "bias_ih_l0": [b], "bias_hh_l0": [0.0]}
    return rv.Network.from_state_dict({name: np.array(values, float) for name, values in given.items()})


def small(view: str = "machine", *, weights: dict[str, float] = WEIGHTS, **changes: Any) -> dict[str, Any]:
    """A stage of one unit."""
    data = one_unit(rv.unroll(unit(**weights), read(TEMPERATURES)), **NAMES)
    return {"kind": "loop", "view": view, "data": data, "words": WORDS, "token": view} | changes


def several(rho: float = 0.9, seed: int = 21, gain: float = 0.75) -> rv.Network:
    """Eight units; W_h is rho times a random orthogonal matrix."""
    rng = np.random.default_rng(seed)
    return rv.Network.create(
        "elman",
        1,
        8,
        init=lambda shape, rng: gain * rng.normal(size=shape),
        recurrent_init=lambda shape, rng: rv.initializers.orthogonal(shape, rng, gain=rho),
        rng=rng,
    )


def many(view: str = "units", **changes: Any) -> dict[str, Any]:
    """A stage of eight units."""
    data = many_units(rv.unroll(several(), read(TEMPERATURES)), **NAMES, pair=(1, 3))
    return {"kind": "loop", "view": view, "data": data, "words": WORDS, "token": view} | changes


def pasts(rho: float = 0.6, **changes: Any) -> dict[str, Any]:
    """A stage of two pasts, the first day hot or cold."""

    def traces(rho: float) -> tuple[rv.Trace, rv.Trace]:
        net = several(rho, seed=14, gain=0.15)
        return rv.unroll(net, read(MONTH)), rv.unroll(net, read((2, *MONTH[1:])))

    one, two = traces(rho)
    shown = [f"{c:.0f}°" for c in MONTH]
    data = two_pasts(
        one,
        two,
        tokens=[f"{c:.0f} °C" for c in MONTH],
        tokens_other=["2 °C", *(f"{c:.0f} °C" for c in MONTH[1:])],
        short_tokens=shown,
        short_tokens_other=["2°", *shown[1:]],
        labels=[f"day {i}" for i in range(1, 21)],
        short_labels=[str(i) for i in range(1, 21)],
        rho=rho,
        ghost=shares_left(*traces(0.6)),
        full=0.75,
    )
    gone, last = data["gone"], data["shares"][-1]
    verdict = f"{100 * last:.2g} % still there on day 20" if gone is None else f"forgotten by day {gone + 1}"
    words = WORDS | {"verdict": verdict, "note": "under 1 % is left"}
    return {"kind": "loop", "view": "pasts", "data": data, "words": words, "token": "pasts"} | changes


def takeaway(rho: float = 0.9, **changes: Any) -> dict[str, Any]:
    """The last stage."""
    data = last_state(rv.unroll(several(rho), read(TEMPERATURES)), **NAMES, rho=rho)
    return {"kind": "loop", "view": "takeaway", "data": data, "words": WORDS, "token": "takeaway"} | changes


def stages() -> dict[str, dict[str, Any]]:
    """The beats of a story, in order."""
    day = WORDS | {"play": "Play day 1"}
    return {
        "one": small(build=True, words=day),
        "again": small(step=1, words=WORDS | {"play": "Play day 2"}),
        "time": small("time", step=1, phase=5, folded=True, play_to=8),
        "units": many(play_to=2),
        "columns": many("columns", step=0, phase=5, marked=[1, 3], locked=True, hide_from=1, play_to=4),
        "pasts": pasts(play_to=20),
        "lasting": pasts(0.91, play_to=20),
        "growing": pasts(1.3, play_to=20),
        "takeaway": takeaway(),
    }


def page(**given: dict[str, Any]) -> str:
    """A page with the stages within reach as `stages`, the reports as `reports`, and `show(name)`."""
    return PAGE.format(
        light=LIGHT.background,
        dark=DARK.background,
        style=style("loop"),
        script=joined("loop"),
        stages=json.dumps(given),
    )


PAGE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width,initial-scale=1">
<style>:root{{color-scheme:light dark}}html,body,#here{{height:100%;margin:0}}
body{{background:light-dark({light},{dark});overflow:hidden}}
{style}</style><body><div id=here></div><script type=module>
{script}
const stages = {stages}, reports = [];
const first = location.hash.slice(1) || Object.keys(stages)[0];
const stage = $loop.mount(document.getElementById("here"), stages[first], said => reports.push(said));
const show = (name, changes) => stage.receive({{ ...stages[name], ...changes }});
Object.assign(window, {{ stages, reports, stage, show }});
const names = Object.keys(stages);
addEventListener("keydown", event => {{
  const at = names.indexOf(location.hash.slice(1)) + {{ PageDown: 1, PageUp: -1 }}[event.key];
  if (names[at]) {{ location.hash = names[at]; show(names[at]); }}
}});
</script>
"""


class Opened:
    """A page that shows a stage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("rnn-loop")

    def show(self, name: str, **changes: Any) -> None:
        self.page.evaluate("([name, changes]) => show(name, changes)", [name, changes])

    def has(self, **states: Any) -> None:
        """Wait until the root's data- attributes are these."""
        for name, value in states.items():
            words = str(value).lower() if isinstance(value, bool) else str(value)
            expect(self.root).to_have_attribute(f"data-{name}", words)

    def said(self, name: str) -> str | None:
        return self.root.get_attribute(f"data-{name}")

    def reports(self) -> list[dict[str, Any]]:
        return list(self.page.evaluate("reports.splice(0)"))

    def slider(self, name: str) -> Locator:
        return self.root.locator(f"input[name={name}]")

    def slide(self, name: str, value: float) -> None:
        self.slider(name).evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }",
            value,
        )

    def texts(self, selector: str = ".picture text") -> list[str]:
        return [text.strip() for text in self.root.locator(selector).all_text_contents()]

    def drawn(self) -> None:
        """Wait for the next picture."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def still(self) -> None:
        """Wait until nothing moves any more."""
        self.page.wait_for_function(STILL)


STILL = """() => new Promise(done => {
    const look = () => document.querySelector(".rnn-loop").outerHTML, one = look();
    setTimeout(() => requestAnimationFrame(() => done(look() === one)), 250);
})"""


@contextmanager
def opened(browser: Browser, path: Path, first: str = "", **context: Any) -> Iterator[Opened]:
    """A page of a context of its own; it fails in the end where it logged an error or asked for anything."""
    path.write_text(page(**stages()), encoding="utf-8")
    with browser.new_context(**(DESK | context)) as made:
        shown, trouble = made.new_page(), []
        shown.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        shown.on("pageerror", lambda error: trouble.append(str(error)))
        shown.on("request", lambda r: None if r.url.startswith("file:") else trouble.append(r.url))
        shown.goto(path.as_uri() + (f"#{first}" if first else ""))
        one = Opened(shown)
        one.root.wait_for()
        yield one
        assert not trouble, trouble


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(**stages()), encoding="utf-8")
