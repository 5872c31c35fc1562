"""The public contract: the names that everyone relies on exist, are documented, and cost no heavy import."""

import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import rnnviz

CONTRACT = [
    "Masks",
    "Network",
    "ShapeError",
    "attention",
    "backpropagate",
    "check_gradients",
    "clipping",
    "data",
    "diagnostics",
    "diagrams",
    "evaluation",
    "initializers",
    "load",
    "losses",
    "metrics",
    "optimizers",
    "regularization",
    "save",
    "schedules",
    "self_attention",
    "seq2seq",
    "tasks",
    "training",
    "transformations",
    "unroll",
]
OTHERS = ["streamlit", "altair", "plotly", "safetensors"]


@pytest.mark.parametrize("name", CONTRACT)
def test_every_name_of_the_contract_exists_and_is_public(name):
    assert hasattr(rnnviz, name)
    assert name in rnnviz.__all__


def test_public_names_are_sorted_and_complete():
    """Everything that `rnnviz` offers without an underscore, submodules that it does not mean to offer excepted."""
    assert rnnviz.__all__ == sorted(set(rnnviz.__all__))
    offered = {name for name, value in vars(rnnviz).items() if name[0] != "_" and not isinstance(value, ModuleType)}
    assert offered <= set(rnnviz.__all__)
    assert all(hasattr(rnnviz, name) for name in rnnviz.__all__)


@pytest.mark.parametrize("name", rnnviz.__all__)
def test_every_public_name_has_a_docstring_of_its_own(name):
    thing = getattr(rnnviz, name)
    assert inspect.cleandoc(thing.__doc__ or "")
    assert not (thing.__doc__ or "").startswith(f"{name}("), "a dataclass's automatic signature is no docstring"


@pytest.mark.parametrize("name", [name for name in rnnviz.__all__ if not isinstance(getattr(rnnviz, name), ModuleType)])
def test_every_public_method_and_property_has_a_docstring(name):
    thing = getattr(rnnviz, name)
    if inspect.isclass(thing):
        own = {key: value for key, value in vars(thing).items() if not key.startswith("_")}
        own = {key: value for key, value in own.items() if callable(value) or isinstance(value, property | classmethod)}
        assert not [key for key, value in own.items() if not value.__doc__]


def test_errors_are_value_errors():
    errors = [getattr(rnnviz, name) for name in rnnviz.__all__ if name.endswith("Error")]
    assert errors
    assert all(issubclass(error, ValueError) for error in errors)


def test_importing_rnnviz_imports_nothing_that_draws_or_serves():
    """In a Python of its own, diagrams included."""
    program = "import sys, rnnviz; print(*sys.modules)"
    root = Path(__file__).parents[1]
    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    loaded = {module.split(".")[0] for module in result.stdout.split()}
    assert not loaded & set(OTHERS)
