"""What the measurements in a browser share: a served script, a clock inside the page, and medians as text."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.server import ROOT, App, free_port, wait_until_healthy

VIEWPORT = {"width": 1280, "height": 800}

CLOCK = (Path(__file__).parent / "clock.js").read_text(encoding="utf-8")


@contextmanager
def served(script: Path, folder: Path, log: Path) -> Iterator[str]:
    """Run `streamlit run script` in `folder`, whose settings apply; yields the address once the server answers."""
    app = App(url=f"http://localhost:{free_port()}", log=log)
    options = ["--server.headless=true", "--server.port", app.url.split(":")[-1]]
    with app.log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *options],
            cwd=folder,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=output,
        )
    try:
        wait_until_healthy(app, server)
        yield app.url
    finally:
        server.terminate()
        server.wait()


@dataclass
class Traffic:
    """What a page's websockets received."""

    received: int = 0

    def listen(self, page: Page) -> None:
        def count(frame: bytes | str) -> None:
            self.received += len(frame)

        page.on("websocket", lambda socket: socket.on("framereceived", count))


def new_page(browser: Browser, traffic: Traffic | None = None, calm: bool = False) -> Page:
    """A page with the clock in it, in a fresh browser context; `calm`: its reader wants no motion."""
    page = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce" if calm else None).new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(CLOCK)
    if traffic is not None:
        traffic.listen(page)
    return page


def open_page(browser: Browser, address: str, drawn: str) -> tuple[Page, float]:
    """The page in a fresh browser context, and the milliseconds from navigation to the frame that shows `drawn`."""
    page = new_page(browser)
    page.goto(address, wait_until="commit")
    return page, float(page.evaluate("selector => drawnAt(selector)", drawn))


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
