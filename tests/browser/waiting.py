"""Waiting for Streamlit: a page shows its old picture until the script has run to its end."""

from playwright.sync_api import Page

SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""


def settle(page: Page) -> None:
    """Wait until the script has ended and nothing on the page is out of date, for three looks in a row."""
    steady = 0
    while steady < 3:
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(50)
        steady = steady + 1 if page.evaluate(SETTLED) else 0
