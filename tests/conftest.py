"""What every test shares: fast tests first, and property tests that do not depend on the machine's speed.

`make test` runs them in two processes, whole files at a time (`-n 2 --dist loadfile --no-loadscope-reorder`), in the
order that is made here; each process starts one browser and one app.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

BROWSER = Path(__file__).parent / "browser"
CI = bool(os.environ.get("CI"))
LONG = ("test_story.py", "test_holding.py", "test_dials.py")  # begun first, so that no process waits for one file

# Under CI hypothesis picks its own profile "ci": the same examples in each run.
if not CI:
    settings.register_profile("local", deadline=None)
    settings.load_profile("local")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser tests come last, of these the long files first.

    Under CI, on whatever machine it gets, a browser test that fails has a second try in a fresh page. The report names
    each that needed one: such a test looks too early, and is to be mended. Elsewhere there is one try.
    """
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: (BROWSER in item.path.parents, places.get(item.path.name, len(LONG))))
    for item in items:
        if CI and BROWSER in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))
