"""Keys held down and drags that do not end, on any slider of any page: nothing breaks, nothing is lost.

    for slider in sliders(page):
        with undisturbed(page, app.log):
            hold(page, slider, seconds=5)
            drag(page, slider, seconds=5)

`undisturbed` looks at what the reader has: page and server log nothing, the player is the same element with the same
step, selection, pass, layer and direction, no picture holds a NaN, and in the end nothing is being computed any more.
"""

import re
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect
from playwright.sync_api import TimeoutError as NeverRested

from tests.browser.conftest import TROUBLE_IN_LOG, is_trouble
from tests.browser.waiting import quiet

KEYS = ("ArrowLeft", "ArrowRight")
RATE = 30  # presses a second, as a keyboard repeats
LIFE = 60_000  # ms
BUSY = "import time\nwhile time.process_time() < 300: pass"  # it ends by itself should nobody be left to end it
PLACE = ("step", "selection", "pass", "layer", "direction", "folded")
PLAYER, DIALS = "[data-testid=rnn-player]", "[data-testid=dials]"
BROKEN = re.compile(
    r"Connection error|Cached ForwardMsg MISS|Script execution error|Bad message format|could not be loaded"
)

# What makes an element another one than that of before: it has no mark.
MARK = "element => { element.heldMark ??= Math.random(); return element.heldMark; }"
# Attributes that hold NaN, shadow roots included: a picture drawn at no width.
WITHOUT_NUMBER = """() => {
  const found = [], roots = [document];
  for (const root of roots) for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot) roots.push(element.shadowRoot);
    for (const { name, value } of element.attributes)
      if (/\\bNaN\\b/.test(value) && !name.startsWith("aria") && name !== "title" && !name.startsWith("data"))
        found.push(`${element.tagName} ${name}=${value.slice(0, 60)}`);
    if (element.tagName === "CANVAS" && element.checkVisibility() && !element.width) found.push("a canvas of no width");
  }
  return found;
}"""


def sliders(page: Page) -> list[str]:
    """The names of all sliders that the dials of a page have at the moment, each once."""
    names = page.locator(f"{DIALS} input[type=range]").evaluate_all("all => all.map(one => one.name)")
    return list(dict.fromkeys(names))


def slider(page: Page, name: str) -> Locator:
    """A slider by its name; of a Streamlit widget, by its key."""
    own = page.locator(f"{DIALS} input[type=range][name='{name}']")
    return own.first if own.count() else page.locator(f".st-key-{name} input[type=range]").first


def hold(page: Page, name: str, seconds: float = 1.0, rate: int = RATE) -> None:
    """Hold an arrow key: up for half a second, back down to where the value was, and again; it never stops to change.

    Never below: fewer units or steps would take away, and rightly so, where the reader stands.
    """
    one = slider(page, name)
    one.focus()
    first = place(one)
    low, up, run = (first if first < 1 else 0.5), True, 0
    begin, n = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        at = place(one)
        if (run >= rate // 2 or at == 1) if up else at <= low:
            page.keyboard.up(KEYS[up])
            up, run = not up, 0
        page.keyboard.down(KEYS[up])  # again while it is down: the keyboard's own repetition
        run, n = run + 1, n + 1
        page.wait_for_timeout(max((begin + n / rate - time.monotonic()) * 1000, 0))
    page.keyboard.up(KEYS[up])


def place(one: Locator) -> float:
    """Where a slider stands, from 0 to 1."""
    return float(one.evaluate("one => (one.value - one.min) / (one.max - one.min || 1)"))


def drag(page: Page, name: str, seconds: float = 1.0) -> None:
    """Drag a slider to and fro by the mouse, some sixty moves a second, between where it stands and its upper end."""
    one = slider(page, name)
    one.scroll_into_view_if_needed()
    box, at = one.bounding_box(), place(one)
    assert box is not None
    left, width, y = box["x"] + 8, box["width"] - 16, box["y"] + box["height"] / 2
    page.mouse.move(left + at * width, y)
    page.mouse.down()
    begin = time.monotonic()
    while (passed := time.monotonic() - begin) < seconds:
        page.mouse.move(left + width * (at + (1 - at) * (1 - abs(passed / 1.5 % 2 - 1))), y)
        page.wait_for_timeout(14)
    page.mouse.up()


def hold_all(page: Page, log: Path, seconds: float = 10.0) -> None:
    """Hold a key on each slider of the page and drag it, on a busy machine; nothing that the reader has is disturbed.

    A test of all lessons is one line, with a page opened at `/{slug}?mode=explore`.
    """
    for name in sliders(page):
        with undisturbed(page, log), busy():
            hold(page, name, seconds)
            drag(page, name, seconds)


def rest(page: Page) -> None:
    """Wait until nothing is computed any more, and the address is written."""
    quiet(page)
    expect(page.locator(f"{DIALS}[data-busy]")).to_have_count(0, timeout=LIFE)
    quiet(page, 150)


def standing(page: Page) -> dict[str, Any]:
    """Which player it is, and where the reader stands in it."""
    player = page.locator(PLAYER)
    if not player.count():
        return {}
    place = {name: player.first.get_attribute(f"data-{name}") for name in PLACE}
    return place | {"element": player.first.evaluate(MARK), "players": player.count()}


@contextmanager
def undisturbed(page: Page, log: Path, but: Collection[str] = ()) -> Iterator[None]:
    """What happens inside disturbs nothing of what the reader has; fails at its end otherwise.

    but  what of the player's place goes along with a control, such as "step"
    """
    trouble: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if is_trouble(message) or message.type == "warning":
            trouble.append(f"{message.type}: {message.text}")

    def on_error(error: Any) -> None:
        trouble.append(str(error))

    before, logged = standing(page), len(log.read_text())
    page.on("console", on_console)
    page.on("pageerror", on_error)
    rested = True
    try:
        yield
        rest(page)
    except NeverRested:
        rested = False
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)
    said = page.locator("body").inner_text()
    broken = not rested or BROKEN.search(said)
    assert not broken, f"the page says: {said[:600]}\n{trouble}"
    assert not trouble, trouble
    after = standing(page) | {name: before[name] for name in but}
    assert after == before, f"{before} has become {after}"
    assert not (without := page.evaluate(WITHOUT_NUMBER)), without
    assert not page.get_by_test_id("stException").count()
    new = log.read_text()[logged:]
    assert not TROUBLE_IN_LOG.search(new), f"the server logged:\n{new}"


@contextmanager
def busy(processes: int = 2) -> Iterator[None]:
    """A machine that has something else to do."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()
