"""What the lessons' pages cost in a real browser, against an empty Streamlit page.

    python -m benchmarks.page [rounds] [slug ...]       all lessons, unless some are named

The peer is the least that Streamlit can do: one slider and one line of text, on a server with Streamlit's default
settings. Ours are the lessons as they ship. Both run in one headless Chromium and take turns, press by press, so that
both meet the same machine; "to empty" is the ratio of medians in this run. A machine that does other things, too, only
ever adds time: the 20th percentile, beside its own ratio, says what is left without.

    slider   from the key's event to the end of the frame with the last change to anything on the page but a widget:
             texts, elements, attributes of components, canvases (clock.js). The page was at rest before.
    kB       what comes over the page's websocket for one move.
    drag     pictures a second while the mouse moves over the slider some sixty times a second: answers of which the
             last part was drawn. "to empty" is the time that one takes, in presses on the empty page just before and
             after; ten a second are 1.15 where such a press takes 87 ms, as on a quiet machine with two cores.
    Next     as slider, from one beat of a story to the next one.
    load     from navigation, with a cold browser cache, to the end of the frame with the first picture: the player,
             a chart, or a story with its stage; "complete": with the last change.

Slider, drag and Next are measured for a reader who wants no motion (`prefers-reduced-motion`): else a player glides on
to its new step, and a story plays, when the new picture has long been there.

The player by itself follows, see `player.py`.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import player
from benchmarks.browser import Traffic, new_page, percentile, served
from lessons import catalog
from lessons.common import text
from tests.browser.chromium import launch
from tests.browser.server import ROOT

EMPTY_PAGE = """import streamlit as st
value = st.slider("value", 0, 100, 50, key="value")
st.text(f"The value is {value}.")
"""
EMPTY, STORIES = "empty", ", story"
MOVED = {  # the sliders that are moved; of a lesson that is not named here, the first
    "hidden_state": ("units", "rho"),
    "lstm_gates": ("bias",),
    "gru_gates": ("hold", "keep"),
    "bidirectional_and_stacked": ("hidden",),
    "backprop_through_time": ("rho",),
    "vanishing_and_exploding": ("rho", "lag"),
    "initialization": ("steps", "units"),
    "clipping": ("w", "b"),
}
SLIDER = "[data-testid=dials] input[type=range]"
CANVASES = ", ".join(f"{part} canvas" for part in (".rnn-charts", ".rnn-player", ".rnn-stage"))
PICTURE = f"pictureAt('{CANVASES}', '.rnn-stage .kind svg > *')"
STORY = "drawnAt('.rnn-story .kind > :not(:empty)')"
REST_MS = 400  # without a change: the picture is complete, and the address is written
WARM_UP = 3
WALK = 6  # presses one way before turning back: what was shown a moment ago, Streamlit need not send again
DRAG_SECONDS = 4.0


class Drag(NamedTuple):
    """When answers were drawn, in seconds, the drag's begin and end around them; and milliseconds on the empty page."""

    drawn: list[float]
    empty: list[float]


class Place(NamedTuple):
    """A page that is measured: its address, and what of its JavaScript waits for the first picture."""

    address: str
    drawn: str


def places(peer: str, ours: str, slugs: Iterable[str]) -> dict[str, Place]:
    """The empty page, and each lesson where one explores; of a lesson with a story, that too."""
    found = {EMPTY: Place(peer, "drawnAt('[data-testid=stText]')")}
    for slug in slugs:
        found[slug] = Place(f"{ours}/{slug}?mode=explore", PICTURE)
    return found | {slug + STORIES: Place(f"{ours}/{slug}", STORY) for slug in slugs if has_story(slug)}


def has_story(slug: str) -> bool:
    return bool(text.load(catalog.folder(slug)).beats)


def opened(browser: Browser, place: Place, traffic: Traffic | None = None, calm: bool = False) -> Page:
    """The page, at rest."""
    page = new_page(browser, traffic, calm)
    page.goto(place.address)
    page.evaluate(place.drawn)
    rest(page)
    page.wait_for_timeout(1000)
    return page


def rest(page: Page, ms: int = REST_MS) -> None:
    page.wait_for_function(f"settled({ms})", polling=50)


def pressed(page: Page, key: str) -> float:
    """Press `key`; milliseconds from the key's event to the frame with the picture's last change."""
    page.evaluate("clock.shown = 0")
    page.keyboard.press(key)
    rest(page)
    return float(page.evaluate("clock.shown - clock.pressed"))


def step(page: Page, slider: str, up: bool) -> float:
    """Move a slider by one; at its end, back."""
    one = page.locator(f"{SLIDER}[name={slider}]" if slider else "[data-testid=stSlider] input").first
    one.focus()
    at = float(one.evaluate("one => (one.value - one.min) / (one.max - one.min)"))
    return pressed(page, "ArrowRight" if (up or at == 0) and at < 1 else "ArrowLeft")


def first_loads(browser: Browser, places: dict[str, Place], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, place in places.items():
            page = new_page(browser)
            page.goto(place.address, wait_until="commit")
            times.setdefault(name, []).append(float(page.evaluate(place.drawn)))
            rest(page, 700)
            times.setdefault(f"{name}, complete", []).append(float(page.evaluate("clock.shown")))
            page.context.close()
    return times


def moves(
    browser: Browser, places: dict[str, Place], rounds: int
) -> tuple[dict[str, list[float]], dict[str, float], dict[str, Drag]]:
    """Milliseconds of each move; the kilobytes that one receives; and a drag of each slider."""
    traffic = {name: Traffic() for name in places}
    pages = {name: opened(browser, place, traffic[name], calm=True) for name, place in places.items()}
    sliders = [(EMPTY, ""), *((name, slider) for name in list(places)[1:] for slider in moved(pages[name], name))]
    times: dict[str, list[float]] = {}
    kilobytes: dict[str, float] = {}
    for i in range(rounds + WARM_UP):
        for name, slider in sliders:
            page, before, title = pages[name], traffic[name].received, f"{name}: {slider}" if slider else name
            page.bring_to_front()
            milliseconds = step(page, slider, up=bool(i // WALK % 2))
            if i >= WARM_UP:
                times.setdefault(title, []).append(milliseconds)
                kilobytes[title] = kilobytes.get(title, 0) + (traffic[name].received - before) / 1000 / rounds
    drags = {f"{name}: {slider}": drag(pages[EMPTY], pages[name], slider) for name, slider in sliders if slider}
    for page in pages.values():
        page.context.close()
    return times, kilobytes, drags


def moved(page: Page, slug: str) -> tuple[str, ...]:
    """The sliders of a page that are moved."""
    there = page.locator(SLIDER).evaluate_all("all => all.map(one => one.name)")
    return tuple(name for name in MOVED.get(slug, there[:1]) if name in there)


def drag(empty: Page, page: Page, slider: str) -> Drag:
    """A drag between two rows of presses on the empty page."""

    def presses(up: bool) -> list[float]:
        empty.bring_to_front()
        return [step(empty, "", up) for _ in range(4)]

    before = presses(up=False)
    drawn = dragged(page, slider)
    return Drag(drawn, before + presses(up=True))


def dragged(page: Page, slider: str) -> list[float]:
    """Drag to and fro; the seconds at which answers were drawn, from the first move to the last."""
    page.bring_to_front()
    one = page.locator(f"{SLIDER}[name={slider}]").first
    one.scroll_into_view_if_needed()
    box = one.bounding_box()
    if box is None:
        raise RuntimeError(f"the slider {slider} cannot be seen")
    left, width, y = box["x"] + 8, box["width"] - 16, box["y"] + box["height"] / 2
    page.mouse.move(left + width / 2, y)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.evaluate("clock.serials.clear(); clock.begun = performance.now()")
    begin, n = time.monotonic(), 0
    while (passed := time.monotonic() - begin) < DRAG_SECONDS:
        page.mouse.move(left + width * (0.25 + 0.5 * abs(passed / 2 % 2 - 1)), y)
        n += 1
        page.wait_for_timeout(max((begin + n / 60 - time.monotonic()) * 1000, 0))
    drawn = page.evaluate("[clock.begun, ...clock.serials.values(), performance.now()]")
    page.mouse.up()
    rest(page)
    return [time / 1000 for time in drawn]


def turns(browser: Browser, places: dict[str, Place], walks: int) -> dict[str, list[float]]:
    """Milliseconds of Next, of each story from its first beat to its last, so many times; between any two, a press."""
    pages = {name: opened(browser, place, calm=True) for name, place in places.items()}
    times: dict[str, list[float]] = {}
    for _ in range(walks):
        for name in list(places)[1:]:
            page, beats = pages[name], int(pages[name].locator(".rnn-story").get_attribute("data-beats") or 0)
            for number in range(1, beats):
                peer = pages[EMPTY]
                peer.bring_to_front()
                times.setdefault(EMPTY, []).append(step(peer, "", up=bool(number % 2)))
                page.bring_to_front()
                times.setdefault(name, []).append(pressed(page, "PageDown"))
                if page.locator(".rnn-story").get_attribute("data-number") != str(number + 1):
                    raise RuntimeError(f"{name}: Next did not lead on from beat {number}")
            page.locator(".rnn-story .dots button").first.click()
            page.locator(".rnn-story[data-number='1']").wait_for()
            rest(page)
    for page in pages.values():
        page.context.close()
    return times


def show(title: str, times: dict[str, list[float]], kilobytes: dict[str, float] | None = None) -> None:
    """A line for each; the empty page, to which all are compared, is the first."""
    columns = "  median ms  to empty   20th %  to empty   p95 ms" + ("       kB" if kilobytes else "")
    print(f"\n{title:40}{columns}   (load average {os.getloadavg()[0]:.1f})")
    peer: list[float] = []
    for name, values in times.items():
        peer = times[EMPTY + ", complete"] if name.endswith(", complete") else times[EMPTY]
        middle, low = statistics.median(values), percentile(values, 20)
        line = f"{name:40} {middle:10.0f} {middle / statistics.median(peer):8.2f}x"
        line += f" {low:8.0f} {low / percentile(peer, 20):8.2f}x {percentile(values, 95):8.0f}"
        print(line + (f" {kilobytes[name]:8.1f}" if kilobytes else ""), flush=True)


def show_drags(drags: dict[str, Drag]) -> None:
    heading = "  pictures a second  to empty  longest gap, ms"
    print(f"\n{'while dragged':40}{heading}   (load average {os.getloadavg()[0]:.1f})")
    for name, (drawn, empty) in drags.items():
        rate = (len(drawn) - 2) / (drawn[-1] - drawn[0])
        cost = 1000 / rate / statistics.median(empty) if rate else float("inf")
        gap = 1000 * max(later - earlier for earlier, later in pairwise(drawn))
        print(f"{name:40} {rate:18.1f} {cost:8.2f}x {gap:16.0f}", flush=True)


def main(rounds: int, slugs: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as named, sync_playwright() as playwright:
        folder = Path(named)
        empty = folder / "empty.py"
        empty.write_text(EMPTY_PAGE)
        browser = launch(playwright)
        with (
            served(empty, folder, folder / "empty.log") as peer,
            served(ROOT / "app.py", ROOT, folder / "app.log") as ours,
        ):
            there = places(peer, ours, slugs or catalog.SLUGS)
            told = {name: place for name, place in there.items() if name == EMPTY or name.endswith(STORIES)}
            explored = {name: place for name, place in there.items() if not name.endswith(STORIES)}
            times, kilobytes, drags = moves(browser, explored, rounds)
            show("slider to changed picture", times, kilobytes)
            show_drags(drags)
            if len(told) > 1:
                show("Next to the new beat drawn", turns(browser, told, max(rounds // 10, 2)))
            show("first load, cold browser cache", first_loads(browser, there, max(rounds // 6, 4)))
        if not slugs:
            player.show(browser, folder, seconds=6)
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, tuple(sys.argv[2:]))
