"""The app, started once, and pages of a real Chromium that watch for errors and for requests that leave the machine.

`app`      the running app: `app.url`, and `app.log`, the file of all that it printed
`browser`  a headless Chromium
`page`     a fresh page at 1280x800; relative addresses are the app's. When the test ends it fails if the page logged an
           error, the server logged a warning or an error, or anything was requested from another machine
"""

import os
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.server import App, serve

# Long enough for a busy machine with few cores; a page that draws at once waits for none of it.
PATIENCE = 120_000  # ms
expect.set_options(timeout=PATIENCE)

LOCAL_HOSTS = {"127.0.0.1", "localhost"}

# Streamlit looks for its health and host-config addresses below a deep-linked page first, and gets two 404s.
HARMLESS_404 = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]+/_stcore/(health|host-config)")

TROUBLE_IN_LOG = re.compile(r"Traceback|Error\b|Warning|ERROR|WARNING")


def is_trouble(message: ConsoleMessage) -> bool:
    harmless = "404" in message.text and HARMLESS_404.fullmatch(message.location["url"])
    return message.type == "error" and not harmless


def is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL_HOSTS


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
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    messages: list[ConsoleMessage] = []
    exceptions: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: messages.append(message))
    page.on("pageerror", lambda error: exceptions.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    page.on("websocket", lambda socket: requested.append(socket.url))
    yield page
    context.close()
    logged = app.log.read_text()[logged_before:]
    assert not exceptions
    assert not [f"{message.text} ({message.location['url']})" for message in messages if is_trouble(message)]
    assert not [url for url in requested if is_outside(url)]
    assert not TROUBLE_IN_LOG.search(logged), f"the server logged:\n{logged}"
