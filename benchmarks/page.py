"""A slider's move to the changed picture, in a real browser: the lessons against an empty Streamlit page.

    python -m benchmarks.page [rounds]

The peer is the least that Streamlit can do: one slider and one line of text, on a server with Streamlit's default
settings. Ours are the lessons as they ship. Both run in one headless Chromium and take turns, press by press, so that
both meet the same machine. The clock runs in the page, from the key's event to the end of the first frame that shows
the last change to anything but a widget. First load: from navigation to the drawn picture, with a cold browser cache.
Received: what comes over the page's websocket for one move. The player by itself follows, see `player.py`.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import player
from benchmarks.browser import Traffic, open_page, percentile, served
from tests.browser.chromium import launch
from tests.browser.server import ROOT

EMPTY_PAGE = """import streamlit as st
value = st.slider("value", 0, 100, 50, key="value")
st.text(f"The value is {value}.")
"""
EMPTY, EMPTY_DRAWN = "empty", "[data-testid=stText]"
LESSONS = {  # slug: the sliders that are moved
    "hidden_state": ("units", "rho"),
    "lstm_gates": ("bias",),
    "gru_gates": ("hold", "keep"),
    "bidirectional_and_stacked": ("hidden",),
    "backprop_through_time": ("rho",),
    "vanishing_and_exploding": ("rho", "lag"),
    "initialization": ("steps", "units"),
    "clipping": ("w", "b"),
}
WITHOUT_PLAYER, CHART = {"vanishing_and_exploding", "initialization", "clipping"}, ".chart .box"
QUIET_MS = 150
WARM_UP = 3
WALK = 6  # presses one way before turning back: what was shown a moment ago, Streamlit need not send again


def press(page: Page, slider: str, key: str) -> float:
    """Press `key` on the slider; milliseconds from the key's event to the frame with the picture's last change."""
    page.locator(f".st-key-{slider} input[type=range]").focus()
    page.evaluate("clock.shown = 0")
    page.keyboard.press(key)
    page.wait_for_function(f"clock.shown > 0 && performance.now() - clock.shown > {QUIET_MS}", polling=50)
    return float(page.evaluate("clock.shown - clock.pressed"))


def first_loads(browser: Browser, addresses: dict[str, str], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(rounds):
        for name, address in addresses.items():
            page, milliseconds = open_page(browser, address, drawn(name))
            times[name].append(milliseconds)
            page.context.close()
    return times


def drawn(name: str) -> str:
    return EMPTY_DRAWN if name == EMPTY else CHART if name in WITHOUT_PLAYER else player.DRAWN


def moves(browser: Browser, addresses: dict[str, str], rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Milliseconds of each move, and the kilobytes that one move receives, by "page: slider"."""
    traffic = {name: Traffic() for name in addresses}
    pages = {name: open_page(browser, address, drawn(name), traffic[name])[0] for name, address in addresses.items()}
    for page in pages.values():
        page.wait_for_timeout(1500)
        page.evaluate("watch()")
    sliders = [(EMPTY, "value"), *((name, slider) for name, keys in LESSONS.items() for slider in keys)]
    times: dict[str, list[float]] = {f"{name}: {slider}": [] for name, slider in sliders}
    kilobytes = dict.fromkeys(times, 0.0)
    for i in range(rounds + WARM_UP):
        for name, slider in sliders:
            page, before = pages[name], traffic[name].received
            page.bring_to_front()
            milliseconds = press(page, slider, "ArrowRight" if i // WALK % 2 else "ArrowLeft")
            if i >= WARM_UP:
                times[f"{name}: {slider}"].append(milliseconds)
                kilobytes[f"{name}: {slider}"] += (traffic[name].received - before) / 1000 / rounds
    return times, kilobytes


def show(title: str, times: dict[str, list[float]], kilobytes: dict[str, float] | None = None) -> None:
    print(f"\n{title:36} median ms   p95 ms   to empty" + ("   received kB" if kilobytes else ""))
    peer = statistics.median(next(iter(times.values())))
    for name, values in times.items():
        median = statistics.median(values)
        line = f"{name:36} {median:9.0f} {percentile(values, 95):8.0f} {median / peer:9.2f}x"
        print(line + (f" {kilobytes[name]:13.1f}" if kilobytes else ""), flush=True)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as named, sync_playwright() as playwright:
        folder = Path(named)
        empty = folder / "empty.py"
        empty.write_text(EMPTY_PAGE)
        browser = launch(playwright)
        with (
            served(empty, folder, folder / "empty.log") as peer,
            served(ROOT / "app.py", ROOT, folder / "app.log") as ours,
        ):
            addresses = {EMPTY: peer, **{slug: f"{ours}/{slug}" for slug in LESSONS}}
            show("first load, cold browser cache", first_loads(browser, addresses, max(rounds // 6, 4)))
            show("slider to changed picture", *moves(browser, addresses, rounds))
        player.show(browser, folder, seconds=6)
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
