"""A stage in a notebook, in touch with Python both ways. Only this needs anywidget (`pip install anywidget`).

shown = rv.player.widget(rv.player.stage(rv.player.pack(trace, grads)))
shown                                      # the last expression of a cell shows it
shown.place                                # where the reader stands: {"step": 8, "unit": 2, ...}, from 0
shown.place = {"step": 3, "selected": "f"} # sends the reader there
shown.stage = rv.player.stage(...)         # another network, in the same place
shown.observe(print, "place")              # hears of each place where the reader comes to rest
shown.told                                 # the last that was told of each target
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rnnviz.player.module import HERE, joined, style
from rnnviz.player.stages import kind_of

HEIGHT = 560  # pixels; the player takes what it needs


def widget(given: Mapping[str, Any], *, height: int = HEIGHT) -> Any:
    """A stage of any kind (see `stages`) as a widget with the traits `stage`, `place`, `told` and `height`.

    Raises ShapeError where no component has that kind, ImportError where anywidget is not installed.
    """
    return _class(kind_of(given))(stage=dict(given), height=height)


def script(kind: str) -> str:
    """The module that anywidget loads: the component, and what leads its news to Python."""
    host = (HERE / "notebook.js").read_text(encoding="utf-8")
    return f"{joined(kind)}\n{host}\nexport default hostOf(${kind}.mount);\n"


@lru_cache
def _class(kind: str) -> Any:
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise ImportError("rnnviz.player.widget needs anywidget: pip install anywidget") from error

    class Stage(anywidget.AnyWidget):
        _esm = script(kind)
        _css = style(kind)
        stage = traitlets.Dict().tag(sync=True)
        place = traitlets.Dict().tag(sync=True)
        told = traitlets.Dict().tag(sync=True)
        height = traitlets.Int(HEIGHT).tag(sync=True)

    return Stage
