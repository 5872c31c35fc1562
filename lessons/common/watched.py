"""A new visitor does not wait until Streamlit has looked where every module lies.

After the first run of each session Streamlit asks of all modules that are loaded, some 1,600 here, in which files they
are, so that it hears of it when one of them is saved. That takes 150 ms of its event loop, which answers nobody
meanwhile: just then the browser asks for the JavaScript of what it is to show. Where a module lies does not change, so
what was found for one session serves the next (10 ms). Files are watched as before.
"""

import importlib
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

WATCHER, LOOK = "streamlit.watcher.local_sources_watcher", "get_module_paths"


def keep_module_paths(name: str = WATCHER) -> None:
    """Let Streamlit remember where modules lie; nothing is done where it has no such function, or remembers already."""
    with suppress(ImportError, AttributeError):
        watcher: Any = importlib.import_module(name)
        look = getattr(watcher, LOOK)
        if not hasattr(look, "kept"):
            setattr(watcher, LOOK, remembering(look))


def remembering(look: Callable[[ModuleType], set[str]]) -> Callable[[ModuleType], set[str]]:
    """The same function, which looks at each module once, as long as this is loaded."""
    kept: WeakKeyDictionary[ModuleType, set[str]] = WeakKeyDictionary()

    def paths(module: ModuleType) -> set[str]:
        try:
            known = kept.get(module)
        except TypeError:  # some put into sys.modules what is no module
            return look(module)
        if known is None:
            known = look(module)
            with suppress(TypeError):
                kept[module] = known
        return set(known)

    paths.kept = kept  # type: ignore[attr-defined]
    return paths
