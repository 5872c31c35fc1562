"""The player in a page of its own, opened from a file: what the engine computed, and where things are on the screen."""

import base64
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from rnnviz.player import Start, pack, stage, stage_to_html
from tests.browser import waiting

WORD = "mississipp"
LETTERS = sorted(set(WORD))
CELLS = ("elman", "lstm", "gru")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
STAGE = {"viewport": {"width": 840, "height": 640}}  # of a story
STORY = ["bar", "tape", "stage", "circuit", "equation"]
BEATS = {  # the places that are shown, one new thing after the other
    "a state": ["c"],
    "the forget gate": ["c", "f"],
    "input gate and candidate": ["c", "f", "i", "g"],
    "the input gate alone": ["c", "i"],
    "output gate": ["c", "f", "i", "g", "o", "tanh", "h"],
    "no output gate": ["c", "h", "tanh"],
    "what it reads": ["c", "f", "x"],
    "all": ["x", "c", "f", "i", "g", "o", "tanh", "h", "y"],
}


@dataclass(frozen=True)
class Pass:
    """A recorded pass and how it is shown."""

    trace: rv.Trace
    grads: rv.Gradients | None
    shown: dict[str, Any] = field(default_factory=dict)

    def html(self) -> str:
        return stage_to_html(stage(pack(self.trace, self.grads, **self.shown)))

    def payload(self, **changes: Any) -> str:
        """In base64, as `Opened.send` takes it."""
        return base64.b64encode(pack(self.trace, self.grads, **(self.shown | changes))).decode()


def spelled(cell: str, seed: int = 0, scale: float = 1.5, word: str = WORD, **sizes: Any) -> Pass:
    """A network that reads a word and guesses letters; the loss stands at the last one."""
    rng = np.random.default_rng(seed)
    sizes = {"hidden_size": 4, "output_size": len(LETTERS)} | sizes
    net = rv.Network.create(
        cell, len(LETTERS), init=lambda shape, rng: scale * rng.normal(size=shape), rng=rng, **sizes
    )
    trace = rv.unroll(net, np.array([[float(c == a) for a in LETTERS] for c in word])[:, None])
    dy = np.zeros_like(trace.y)
    dy[-1] = 0.4 * rng.normal(size=dy[-1].shape)
    names = {"tokens": list(word), "inputs": LETTERS, "outputs": LETTERS if net.readout is not None else None}
    return Pass(trace, rv.backpropagate(net, trace, dy), names | {"loss": 0.152, "start": Start(step=4)})


def numbers(cell: str, T: int, seed: int = 0, **sizes: Any) -> Pass:
    """A network that reads numbers."""
    rng = np.random.default_rng(seed)
    net = rv.Network.create(cell, rng=rng, **{"input_size": 2, "hidden_size": 4, "output_size": 2} | sizes)
    with np.errstate(all="ignore"):
        trace = rv.unroll(net, rng.normal(size=(T, 1, net.input_size)))
        grads = rv.backpropagate(net, trace, np.ones_like(trace.y))
    return Pass(trace, grads)


def exploding() -> Pass:
    """Beyond the largest float64 after some steps, and NaN soon after."""
    huge = {"nonlinearity": "relu", "recurrent_init": lambda shape, rng: 1e30 * rng.normal(size=shape)}
    return numbers("elman", 40, seed=1, hidden_size=5, **huge)


class Opened:
    """A page that shows one pass, and what went wrong in it."""

    def __init__(self, page: Page, trouble: list[str]) -> None:
        self.page, self.trouble = page, trouble
        self.root = page.get_by_test_id("rnn-player")

    def show(self, shown: Pass, path: Path) -> None:
        """Open `shown` afresh, from a file, with the module within reach of `evaluate`, and its reports kept."""
        reach = (
            "Object.assign(window, { $player, $core_model, $core_names, $core_numbers, $core_phases, $core_shown, "
            "reports: [] });\nconst data ="
        )
        page = shown.html().replace("const data =", reach).replace("$player.mount(", "window.shown = $player.mount(")
        page = page.replace("() => {});", f"{REPORT});")
        path.write_text(page, encoding="utf-8")
        self.page.goto(path.as_uri())
        self.root.wait_for()
        self.root.focus()

    def send(self, payload: str) -> None:
        """Another payload to the same player, as a rerun of a lesson's script does."""
        self.page.evaluate("payload => shown.receive({ payload })", payload)

    def tell(self, **view: Any) -> None:
        """The same network, and another view of it; `steps` hears of each step."""
        self.page.evaluate(TELL, view)

    def said(self, name: str) -> str | None:
        return self.root.get_attribute(f"data-{name}")

    def has(self, **states: Any) -> None:
        """Wait until the root's data- attributes are these."""
        for name, value in states.items():
            words = str(value).lower() if isinstance(value, bool) else str(value)
            expect(self.root).to_have_attribute(f"data-{name}", words)

    def reaches(self, step: int) -> None:
        """Wait until it stands at this step or a later one."""
        waiting.reaches(self.root, step)

    def plays(self) -> AbstractContextManager[None]:
        """What is done inside makes it play, for however short a time."""
        return waiting.passes(self.root, "data-playing", "true")

    def says(self, text: str) -> None:
        """Wait until the value that is selected is written like this, or ends like this."""
        expect(self.root.locator(".legend .value")).to_have_text(re.compile(f"{re.escape(text)}$"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.root.locator(f".bar [data-act={name}]")

    @property
    def tape(self) -> Locator:
        return self.root.locator(".tape")

    @property
    def value(self) -> str:
        """The value that is selected, as text."""
        return self.root.locator(".legend .value").inner_text()

    def column(self, step: int) -> float:
        """x of the middle of a step's column, where all columns are as wide as each other."""
        box = box_of(self.tape)
        return box["x"] + box["width"] * (step + 0.5) / int(self.said("steps") or 1)

    def heat(self, unit: int, count: int) -> float:
        """y of the middle of a unit's row in the heat map, where all rows are as high as each other."""
        box = box_of(self.tape)
        return box["y"] + box["height"] + 6 + 70 * (unit + 0.5) / count

    def pixels(self, x: float, y: float, count: int = 1) -> np.ndarray:
        """What the canvas shows from there to the right, over the page's background: (count, 3)."""
        return np.array(self.page.evaluate(PIXELS, [x, y, count]))

    def still(self) -> None:
        """Wait until the picture has come to rest."""
        self.page.wait_for_function(STILL)


TELL = """view => {
    if (!window.steps) addEventListener("rnn-step", event => (window.steps ??= []).push(event.detail));
    window.steps ??= [];
    shown.receive({ view });
}"""
REPORT = "said => reports.push(said.value)"
PIXELS = """([x, y, count]) => {
    const canvas = document.querySelector(".stage canvas"), box = canvas.getBoundingClientRect();
    const copy = new OffscreenCanvas(count, 1).getContext("2d", { willReadFrequently: true });
    copy.fillStyle = getComputedStyle(document.body).backgroundColor;
    copy.fillRect(0, 0, count, 1);
    copy.drawImage(canvas, Math.round(box.x - x), Math.round(box.y - y), box.width, box.height);
    const { data } = copy.getImageData(0, 0, count, 1);
    return Array.from({ length: count }, (_, k) => [...data.slice(4 * k, 4 * k + 3)]);
}"""
# the same picture for longer than a move takes (MOVE_MS in main.js), however few frames a busy machine draws of it
STILL = """() => new Promise(done => {
    const look = () => document.querySelector(".stage canvas").toDataURL();
    const one = look();
    setTimeout(() => requestAnimationFrame(() => done(look() === one)), 300);
})"""


def box_of(element: Locator) -> dict[str, float]:
    box = element.bounding_box()
    assert box is not None
    return dict(box)


@contextmanager
def opened(browser: Browser, **context: Any) -> Iterator[Opened]:
    """A page of a context of its own; it fails in the end where it logged an error or asked for anything."""
    with browser.new_context(**(DESK | context)) as made:
        page, trouble = made.new_page(), []
        page.on(
            "console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else trouble.append(request.url))
        yield Opened(page, trouble)
        assert not trouble


def boxes(shown: Opened, parts: Sequence[str]) -> list[list[float]]:
    """Left, top, width and height of each of the player's parts."""
    return shown.root.evaluate(
        """(root, parts) => parts.map(part => {
            const { x, y, width, height } = root.querySelector(part).getBoundingClientRect();
            return [x, y, width, height];
        })""",
        list(parts),
    )
