"""The Chromium that the browser tests drive: the one place that knows where it is and how to get it.

`python -m tests.browser.chromium` makes sure that there is one: what is on the machine serves; else Debian's package,
where it can be installed without asking for a password; else the build that Playwright downloads.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = (
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

# No sandbox: it needs rights that containers lack, and the only pages opened are our own.
# The others keep Chromium from calling home, which is not what the tests are about.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find(playwright: Playwright) -> str | None:
    """The path of a Chromium or Chrome on this machine, Playwright's own included; None where there is none."""
    paths = [*filter(None, map(shutil.which, NAMES)), playwright.chromium.executable_path]
    return next((path for path in paths if Path(path).exists() and not is_snap(path)), None)


def is_snap(path: str) -> bool:
    """Whether this is Ubuntu's snap, which cannot read the profile that Playwright puts into /tmp."""
    return Path(path).resolve().name == "snap"


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium. `find` has to have found one."""
    return playwright.chromium.launch(executable_path=find(playwright), args=list(ARGUMENTS))


def found() -> bool:
    """Whether there is a Chromium, and Playwright's driver runs: on a bare Debian a library of its is missing."""
    driver = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True)
    if driver.returncode != 0:
        return False
    with sync_playwright() as playwright:
        return find(playwright) is not None


def administrator() -> list[str] | None:
    """The words to put before a command that needs root's rights: none for root; None where they need a password."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install() -> None:
    """Debian's package if that works here, otherwise Playwright's download and the libraries that it names."""
    rights = administrator()
    playwright = [sys.executable, "-m", "playwright"]
    if rights is not None and shutil.which("apt-get"):
        print("Installing Debian's package chromium ...", flush=True)
        apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
        subprocess.run([*apt, "update"])
        for package in ("libatomic1", "chromium"):  # the first for Playwright's driver
            subprocess.run([*apt, "install", "--yes", "--no-install-recommends", package])
        if found():
            return
        subprocess.run([*playwright, "install-deps", "chromium"])
    print("Downloading Playwright's Chromium ...", flush=True)
    subprocess.run([*playwright, "install", "chromium"])


if __name__ == "__main__":
    if not found():
        install()
    if not found():
        sys.exit("No Chromium could be installed: install Chromium or Chrome yourself, then run `make test` again.")
