"""Waiting for what a test speaks of: nothing is read while it may still be on its way, and no clock is trusted.

    settle(page)                                 the script has ended, and with it all that it was asked
    quiet(page)                                  also what the page does by itself after a pause
    eventually(law, *given)                      a law holds now, or as soon as what it reads has come
    with passes(root, "data-playing", "true"):   what is done inside leads through this state, however short it lasts
    reaches(root, step)                          what plays has come to this step, or beyond
    drawn(chart)                                 a chart shows what it was given, and listens
    moves(root, look)                            in how many of ten looks a picture that plays has moved

Pauses are counted in the page: what it was to do earlier is done earlier, however little of the machine it gets.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

PATIENCE = 60.0  # seconds, of which a page that has arrived takes none

# A page shows its old picture until the script has run to its end, and what is drawn late (a chart that has just come
# into sight, a text that a chart's answer changes) moves all that stands below it: so it is looked at three times in a
# row, 50 ms apart. What was sent is answered by a run that begins after it; what needs no run is given UNASKED ms.
STEADY = """call => {
    const app = document.querySelector('[data-testid="stApp"]'), now = performance.now(), UNASKED = 1500;
    if (!window.rnnAsked) {
        const asked = window.rnnAsked = { at: -UNASKED, begun: 0 }, send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (...message) {
            asked.at = performance.now();
            return send.apply(this, message);
        };
        new MutationObserver(() => { asked.begun = performance.now(); }).observe(document.documentElement,
            { subtree: true, attributeFilter: ["data-test-script-state"] });
    }
    if (window.rnnSettling?.call !== call) window.rnnSettling = { call, steady: 0, height: null };
    const { at, begun } = window.rnnAsked, here = window.rnnSettling, before = here.height;
    here.height = document.querySelector('[data-testid="stMain"]')?.scrollHeight;
    const settled = app?.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning"
        && (begun >= at || now - at > UNASKED)
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"], [data-testid="dials"][data-busy]');
    here.steady = settled && here.height === before ? here.steady + 1 : 0;
    return here.steady >= 3;
}"""
PAUSE = "ms => new Promise(done => setTimeout(done, ms))"
MOVES = """async root => {
    const look = %s, frame = () => new Promise(requestAnimationFrame);
    let last = look(root), moved = 0;
    for (let k = 0; k < 10; k++) {
        await new Promise(done => setTimeout(done, 120));
        await frame(); // one begun before, and one after
        await frame();
        const now = look(root);
        moved += now !== last;
        last = now;
    }
    return moved;
}"""
DRAWN = """async chart => {
    const me = chart.rnnChart;
    await me?.busy;
    return Boolean(me?.chart && me.drawn === me.given && chart.querySelector("canvas"));
}"""
WATCH = """(root, [name, value]) => {
    root.rnnPassed = root.getAttribute(name) === value;
    new MutationObserver(() => { root.rnnPassed ||= root.getAttribute(name) === value; })
        .observe(root, { attributeFilter: [name] });
}"""
calls = itertools.count()


def settle(page: Page) -> None:
    """Wait until nothing runs, nothing was asked for in vain, nothing is out of date and the page's height stays."""
    page.wait_for_function(STEADY, arg=next(calls), polling=50)


def quiet(page: Page, pause: int = 500) -> None:
    """Settle; wait until all that was to be done within so many milliseconds is done; settle."""
    settle(page)
    page.evaluate(PAUSE, pause)
    settle(page)


def eventually(law: Callable[..., object], *given: object) -> None:
    """Hold a law, a function that asserts it, against the page until it passes; in the end it fails as it does then."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            law(*given)
            return
        except AssertionError:
            if time.monotonic() > end:
                raise
        time.sleep(0.05)


@contextmanager
def passes(root: Locator, name: str, value: str) -> Iterator[None]:
    """What is done inside leads the element through this value of an attribute."""
    root.evaluate(WATCH, [name, value])
    yield
    root.page.wait_for_function("root => root.rnnPassed", arg=root.element_handle())


def reaches(root: Locator, step: int) -> None:
    """Wait until the element's data-step is this one or a later one."""
    root.page.wait_for_function(
        "([root, step]) => Number(root.dataset.step) >= step", arg=[root.element_handle(), step]
    )


def drawn(chart: Locator) -> None:
    """Wait until a chart in sight shows what it was given last."""
    chart.page.wait_for_function(DRAWN, arg=chart.element_handle())


def moves(root: Locator, look: str) -> int:
    """In how many of ten looks, at pictures drawn at least 120 ms one after the other, `look(root)` is another."""
    return int(root.evaluate(MOVES % look))
