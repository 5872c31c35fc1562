"""A stage in a notebook: the traits that Python and browser share."""

import builtins
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError
from rnnviz.player import notebook, pack, stage, stage_to_html, widget


@pytest.fixture
def given() -> dict[str, Any]:
    net = rv.Network.create("gru", 2, 3, rng=np.random.default_rng(0))
    return stage(pack(rv.unroll(net, np.ones((5, 1, 2)))))


def test_a_widget_holds_its_stage_and_hears_of_places(given: dict[str, Any]) -> None:
    shown, heard = widget(given), []
    shown.observe(lambda change: heard.append(change["new"]), "place")
    assert shown.stage == given
    shown.set_state({"place": {"step": 3, "unit": 1}})  # what the browser sends
    assert heard == [{"step": 3, "unit": 1}]
    assert {"stage", "place", "told", "height"} <= set(shown.get_state())


def test_python_sends_the_reader_somewhere(given: dict[str, Any]) -> None:
    shown = widget(given)
    shown.place = {"step": 2}
    assert shown.get_state("place") == {"place": {"step": 2}}


def test_the_widget_s_script_is_a_module_with_a_render() -> None:
    script = notebook.script("loop")
    assert script.index("const $loop = ") < script.index("export const hostOf = ")
    assert script.rstrip().endswith("export default hostOf($loop.mount);")


@pytest.mark.parametrize("show", [widget, stage_to_html])
@pytest.mark.parametrize("wrong", [{}, {"kind": "nothing"}, {"kind": ["player"]}, None])
def test_a_kind_that_no_component_has(show: Any, wrong: Any) -> None:
    with pytest.raises(ShapeError, match="kind"):
        show(wrong)


def test_without_anywidget_it_says_what_to_install(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "anywidget":
            raise ImportError(name)
        return real(name, *rest)

    notebook._class.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ImportError, match="pip install anywidget"):
        widget(given)


def test_the_library_is_imported_without_anywidget() -> None:
    code = "import sys, rnnviz; assert 'anywidget' not in sys.modules and 'traitlets' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
