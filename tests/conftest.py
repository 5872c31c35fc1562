"""What every test shares: fast tests first, and property tests that do not depend on the machine's speed."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Under CI hypothesis picks its own profile "ci": the same examples in each run.
if not os.environ.get("CI"):
    settings.register_profile("local", deadline=None)
    settings.load_profile("local")

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser tests come last."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
