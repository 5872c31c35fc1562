"""The app, started once, and pages of a real Chromium that watch for errors and for requests that leave the machine.

`app`      the running app: `app.url`, and `app.log`, the file of all that it printed
`browser`  a headless Chromium
`page`     a fresh page at 1280x800; relative addresses are the app's. When the test ends it fails if the page logged an
           error, the server logged a warning or an error, or anything was requested from another machine
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser import chromium
from tests.browser.server import App, serve

LOCAL_HOSTS = {"127.0.0.1", "localhost"}

# Streamlit looks for its health and host-config addresses below a deep-linked page first, and gets two 404s.
HARMLESS_404 = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]+/_stcore/(health|host-config)")

TROUBLE_IN_LOG = re.compile(r"Traceback|Error\b|Warning|ERROR|WARNING")


@dataclass(frozen=True)
class Watch:
    """What a page logged as an error, and what it asked of other machines."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.request(request.url))
        page.on("websocket", lambda socket: self.request(socket.url))

    def console(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        harmless = "404" in message.text and HARMLESS_404.fullmatch(url)
        if message.type == "error" and not harmless:
            self.errors.append(f"{message.text} ({url})")

    def request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL_HOSTS:
            self.outside.append(url)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serve("app.py", tmp_path_factory.mktemp("app") / "log") as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        if chromium.find(playwright) is None:
            give_up = pytest.fail if os.environ.get("CI") else pytest.skip
            give_up("no Chromium on this machine: `make test` installs one")
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, app: App) -> Iterator[Page]:
    logged_before = len(app.log.read_text())
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.url)
    page = context.new_page()
    watch = Watch()
    watch.follow(page)
    yield page
    context.close()
    logged = app.log.read_text()[logged_before:]
    assert not watch.errors, "the page logged errors"
    assert not watch.outside, "the page asked other machines"
    assert not TROUBLE_IN_LOG.search(logged), f"the server logged:\n{logged}"
