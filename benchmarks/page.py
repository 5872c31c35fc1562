"""Key press to changed picture, in a real browser: the lessons against an empty Streamlit page.

    python benchmarks/page.py [rounds]

The peer is the least that Streamlit can do: one slider and one line of text, on a server with Streamlit's default
settings. Ours are the lessons as they ship. Both run in one headless Chromium and take turns, press by press, so that
both meet the same machine. The clock runs in the page, from the key's event to the end of the first frame that shows
the last change inside the picture. First load: from navigation to the drawn picture, with a cold browser cache.
"""

import contextlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
EMPTY_PAGE = """import streamlit as st
value = st.slider("value", 0, 100, 50, key="value")
with st.container(key="picture"):
    st.text(f"The value is {value}.")
"""
LESSONS = {"hidden_state": ("units", "rho", "step")}
DRAWN = {"empty": "[data-testid=stText]", "hidden_state": ".rnn .equation"}
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                  "--disable-background-networking", "--disable-component-update"]  # fmt: skip
QUIET_MS = 150

CLOCK = """
window.clock = {pressed: 0, shown: 0};
addEventListener("keydown", () => { clock.pressed = performance.now(); clock.shown = 0; }, true);
window.watchPicture = () => {
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = () => { clock.shown = performance.now(); };
  new MutationObserver(() => requestAnimationFrame(() => afterPaint.port2.postMessage(0))).observe(
    document.querySelector(".st-key-picture"),
    {subtree: true, childList: true, characterData: true,
     attributes: false});
};
window.drawnAt = selector => new Promise(resolve => {
  const look = () => document.querySelector(".st-key-picture " + selector)
    ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
});
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(script: Path, folder: Path) -> Iterator[str]:
    """Run `streamlit run script` in `folder`; yields the address once the server answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_until_healthy(address: str) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            if answer.status == 200:
                return
        sleep(0.2)
    raise TimeoutError(f"{address} did not start within a minute")


def open_page(browser: Browser, address: str, drawn: str) -> tuple[Page, float]:
    """The page in a fresh browser context, and the milliseconds from navigation to the drawn picture."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(CLOCK)
    page.goto(address, wait_until="commit")
    milliseconds = page.evaluate("selector => drawnAt(selector)", drawn)
    return page, float(milliseconds)


def press(page: Page, slider: str, key: str) -> float:
    """Press `key` on the slider; milliseconds from the key's event to the frame with the picture's last change."""
    page.locator(f".st-key-{slider} input[type=range]").focus()
    page.keyboard.press(key)
    page.wait_for_function(f"clock.shown > 0 && performance.now() - clock.shown > {QUIET_MS}", polling=50)
    return float(page.evaluate("clock.shown - clock.pressed"))


def first_loads(browser: Browser, addresses: dict[str, str], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(rounds):
        for name, address in addresses.items():
            page, milliseconds = open_page(browser, address, DRAWN[name])
            times[name].append(milliseconds)
            page.context.close()
    return times


def key_presses(browser: Browser, addresses: dict[str, str], rounds: int) -> dict[str, list[float]]:
    pages = {name: open_page(browser, address, DRAWN[name])[0] for name, address in addresses.items()}
    sliders = [("empty", "value"), *((name, slider) for name, keys in LESSONS.items() for slider in keys)]
    for page in pages.values():
        page.wait_for_timeout(1500)
        page.evaluate("watchPicture()")
    times: dict[str, list[float]] = {f"{name}: {slider}": [] for name, slider in sliders}
    for i in range(rounds + 3):
        for name, slider in sliders:
            pages[name].bring_to_front()
            milliseconds = press(pages[name], slider, "ArrowRight" if i % 2 == 0 else "ArrowLeft")
            if i >= 3:
                times[f"{name}: {slider}"].append(milliseconds)
    return times


def table(title: str, times: dict[str, list[float]]) -> str:
    lines = [f"\n{title:34} median ms   p95 ms   ratio of medians"]
    peer = statistics.median(next(iter(times.values())))
    for name, values in times.items():
        median = statistics.median(values)
        p95 = statistics.quantiles(values, n=20)[-1]
        lines.append(f"{name:34} {median:9.0f} {p95:8.0f} {median / peer:13.2f}x")
    return "\n".join(lines)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY_PAGE)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        with served(empty, empty.parent) as peer, served(REPOSITORY / "app.py", REPOSITORY) as ours:
            addresses = {"empty": peer, **{slug: f"{ours}/{slug}" for slug in LESSONS}}
            print(table("first load, cold browser cache", first_loads(browser, addresses, max(rounds // 6, 4))))
            print(table("key press to changed picture", key_presses(browser, addresses, rounds)))
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
