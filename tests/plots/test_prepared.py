"""What holds for every chart: numbers in datasets, none of them in the spec, and a spec that Vega-Lite understands."""

import json
import re
import subprocess
import sys

import altair as alt
import numpy as np
import pytest
import vl_convert

from rnnviz import plots
from rnnviz.plots import theme
from rnnviz.plots.prepared import Prepared, rows
from tests.plots.examples import EXAMPLES

every_chart = pytest.mark.parametrize("name", EXAMPLES)


def made(name: str, seed: int = 0) -> Prepared:
    return EXAMPLES[name](np.random.default_rng(seed))


@every_chart
def test_other_numbers_have_the_very_same_spec(name: str) -> None:
    one, other = made(name, 0), made(name, 1)
    assert one.spec() is other.spec()
    assert one.datasets != other.datasets


@every_chart
def test_the_spec_holds_no_data_and_no_colours(name: str) -> None:
    text = json.dumps(made(name).spec())
    assert '"values": [{' not in text
    assert not re.search(r'"(color|fill|stroke)": "#', text)


@every_chart
def test_datasets_are_json_without_nan_and_their_columns_have_one_length(name: str) -> None:
    datasets = made(name).datasets
    json.dumps(datasets, allow_nan=False)
    for columns in datasets.values():
        assert len({len(values) for values in columns.values()}) == 1


@every_chart
def test_the_spec_reads_every_dataset_and_no_other(name: str) -> None:
    chart = made(name)
    text = json.dumps(chart.spec())
    named = set(re.findall(r'"data": \{"name": "(\w+)"\}', text)) | set(re.findall(r"data\('(\w+)'\)", text))
    assert named == set(chart.datasets)


@every_chart
def test_altair_finds_the_chart_valid_in_every_look(name: str) -> None:
    for look in ("light", "dark", "projector"):
        chart = made(name).chart(look)
        assert isinstance(chart, alt.TopLevelMixin)
        chart.to_dict(validate=True)


@every_chart
def test_vega_draws_it(name: str) -> None:
    assert vl_convert.vegalite_to_svg(made(name).complete(), vl_version="6.1").startswith("<svg")


@every_chart
def test_views_have_names_and_no_two_the_same_one(name: str) -> None:
    names = re.findall(r'"name": "(\w+)", "(?:mark|params|encoding|transform)', json.dumps(made(name).spec()))
    assert len(names) == len(set(names))
    assert any(one.endswith("places") for one in re.findall(r'"name": "(\w+)"', json.dumps(made(name).spec())))


@every_chart
def test_what_can_be_picked_has_a_selection_and_nothing_else_has(name: str) -> None:
    chart = made(name)
    assert bool(chart.pick) == bool(re.search(r'"name": "(s\d_)?pick"', json.dumps(chart.spec())))


@every_chart
def test_it_says_what_it_shows_to_those_who_do_not_see_it(name: str) -> None:
    chart = made(name)
    assert chart.description
    assert chart.complete()["description"] == chart.description


def test_the_step_is_one_row_that_a_host_may_swap() -> None:
    assert made("beside").datasets["step"].keys() == {"step"}
    assert len(made("lines").datasets["step"]["step"]) == 1
    assert made("ranked").datasets["mark"] == {"step": [1]}  # a rank is no step of the player


def test_a_notebook_gets_the_chart_itself() -> None:
    chart = plots.lines([plots.Line("h", [0.1, 0.2])], title="One unit")
    assert chart.to_dict()["datasets"]["view"][0]["title"] == "One unit"


def test_columns_become_rows() -> None:
    assert rows({"x": [1, 2], "y": [3, 4]}) == [{"x": 1, "y": 3}, {"x": 2, "y": 4}]


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_the_looks_have_every_colour_and_no_type_smaller_than_14(look: theme.Look) -> None:
    config = theme.config(look)
    assert config["params"][0]["value"] == theme.palette(look)
    assert config["axis"]["labelFontSize"] >= 14
    assert config["axis"]["labelFontSize"] == config["params"][1]["value"]


def test_the_library_loads_neither_altair_nor_plotly_by_itself() -> None:
    said = "import sys, rnnviz; print(sorted({'altair', 'plotly', 'pandas', 'markupsafe'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
