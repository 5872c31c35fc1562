"""Waiting for Streamlit: a page shows its old picture until the script has run to its end.

What is drawn late (a chart that has just come into sight, a text that a chart's answer changes) moves all that stands
below it: whoever points at a place, or compares places, has to wait for the height of the page, too.
"""

from playwright.sync_api import Page

SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""


HEIGHT = "document.querySelector('[data-testid=\"stMain\"]')?.scrollHeight"


def settle(page: Page) -> None:
    """Wait until the script has ended, nothing is out of date and the page's height stays, for three looks in a row."""
    steady, height = 0, None
    while steady < 3:
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(50)
        before, height = height, page.evaluate(HEIGHT)
        steady = steady + 1 if page.evaluate(SETTLED) and height == before else 0
