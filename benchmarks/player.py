"""The player alone: frames a second while it plays, key press to drawn step, and the bytes of its payload.

    python -m benchmarks.player [seconds]

An LSTM with 100 steps and 32 units plays, forwards and backwards, as a file of its own and inside a Streamlit page. A
headless browser on a busy machine is not a screen: beside each line stands the same page while nothing moves, whose
frames a second are what this machine can give. `busy` is how long the page's main thread computes for each frame.
"""

import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

import rnnviz as rv
from benchmarks.browser import open_page, percentile, served
from rnnviz.player import pack, to_html
from rnnviz.player.module import joined, style
from tests.browser.chromium import launch
from tests.browser.server import ROOT

STEPS, INPUTS, UNITS = 100, 8, 32
PAGE = """import streamlit as st
from benchmarks.player import passes
from lessons.common.player import player
trace, grads = passes("lstm", seed=st.slider("seed", 0, 99, 0, key="seed"))
player(trace, grads, key="player")
"""
DRAWN = ".rnn-player .value:not(:empty)"
SIZES = [(24, 3, 8), (50, 8, 16), (100, 8, 32), (200, 16, 64)]
SLOW_MS = 50


def passes(
    cell: str, steps: int = STEPS, inputs: int = INPUTS, units: int = UNITS, seed: int = 0
) -> tuple[rv.Trace, rv.Gradients]:
    """A random network on random inputs, and what reaches every step from the last output."""
    rng = np.random.default_rng(seed)
    net = rv.Network.create(cell, input_size=inputs, hidden_size=units, rng=rng)
    trace = rv.unroll(net, rng.normal(size=(steps, 1, inputs)))
    dy = np.zeros_like(trace.y)
    dy[-1] = 1
    return trace, rv.backpropagate(net, trace, dy)


def show_frames(name: str, page: Page, seconds: float) -> None:
    """One line for each pass and speed, and one for the page at rest."""
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    root = page.locator(".rnn-player")
    rest = frame_line(f"{name}, at rest", *recorded(page, metrics, seconds))
    for backward in (False, True):
        for speed in (1, 8):
            root.press("b" if backward else "f")
            root.press("End" if backward else "Home")
            page.locator(".speed select").select_option(str(speed))
            root.press("Space")
            page.wait_for_function("deep('.rnn-player').dataset.playing === 'true'")
            title = f"{name}, {'backward' if backward else 'forward'} {speed}x"
            frame_line(title, *recorded(page, metrics, seconds), rest=rest)
            if root.get_attribute("data-playing") == "true":
                root.press("Space")


def recorded(page: Page, metrics: CDPSession, seconds: float) -> tuple[list[float], float]:
    """The milliseconds between frames, and those that the main thread worked for each."""

    def busy() -> float:
        return next(
            m["value"] for m in metrics.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration"
        )

    before = busy()
    times = page.evaluate("seconds => frames(seconds)", seconds)
    intervals = [later - earlier for earlier, later in pairwise(times)]
    return intervals, 1000 * (busy() - before) / len(intervals)


def frame_line(title: str, intervals: list[float], busy: float, rest: float | None = None) -> float:
    """Prints what `FRAMES` heads; gives the frames a second."""
    rate = 1000 * len(intervals) / sum(intervals)
    slow = sum(interval > SLOW_MS for interval in intervals)
    spread = " ".join(f"{ms:8.1f}" for ms in (statistics.median(intervals), percentile(intervals, 95), max(intervals)))
    ratio = f"{rate / rest:7.2f}x" if rest else ""
    print(f"{title:32} {rate:7.1f} {spread} {slow:6} {busy:8.1f} {ratio}", flush=True)
    return rate


FRAMES = f"{'frames':32} a second   median      p95  longest  >{SLOW_MS} ms  busy ms  to rest"


def show_presses(name: str, page: Page, presses: int = 60) -> None:
    """From the key's event to the end of the frame that shows the new step, one press after the other."""
    root = page.locator(".rnn-player")
    root.press("f")
    root.press("Home")
    page.wait_for_timeout(500)
    page.evaluate("watchSteps()")
    for _ in range(presses):
        root.press("ArrowRight")
        page.wait_for_timeout(300)
    taken = page.evaluate("steps")
    milliseconds, begun = [t for t, _ in taken], [n for _, n in taken]
    on_next = sum(n <= 1 for n in begun) / len(begun)
    spread = (statistics.median(milliseconds), percentile(milliseconds, 95), max(milliseconds))
    print(f"{name:32}" + "".join(f"{ms:9.1f}" for ms in spread) + f"{on_next:11.0%}", flush=True)


def show_bytes() -> None:
    """What is sent: the code once, and a payload for each network."""
    code, css = (len(text("player").encode()) for text in (joined, style))
    print(f"\nthe player's code: {code:,} bytes of JavaScript, {css:,} of CSS")
    print(
        f"{'payload, kB':14}"
        + "".join(f"{f'T={T} I={K} H={H}':>18}" for T, K, H in SIZES)
        + "  both passes, of it forward"
    )
    for cell in ("elman", "lstm", "gru"):
        line = f"{cell:14}"
        for T, K, H in SIZES:
            trace, grads = passes(cell, T, K, H)
            line += f"{f'{len(pack(trace, grads)) / 1000:.0f}, {len(pack(trace)) / 1000:.0f}':>18}"
        print(line)


def show(browser: Browser, folder: Path, seconds: float) -> None:
    """The whole table; `folder` takes the pages."""
    script, still = folder / "played.py", folder / "player.html"
    script.write_text(PAGE)
    to_html(*passes("lstm"), still)
    with served(script, ROOT, folder / "played.log") as address:
        pages = {
            "a file": open_page(browser, still.as_uri(), DRAWN)[0],
            "on a page": open_page(browser, address, DRAWN)[0],
        }
        print(f"LSTM, {STEPS} steps, {UNITS} units, with gradients\n\n{FRAMES}")
        for name, page in pages.items():
            page.bring_to_front()
            page.wait_for_timeout(1500)
            show_frames(name, page, seconds)
        print(f"\n{'key to drawn step':32}  median      p95  longest  next frame")
        for name, page in pages.items():
            page.bring_to_front()
            show_presses(name, page)
    show_bytes()


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        show(browser, Path(folder), seconds)
        browser.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 6)
