"""The stage that adds up a shared weight's gradient: terms of the engine that multiply out as printed."""

import json
from math import prod

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError
from rnnviz.numbers import MINUS, significant
from rnnviz.player import joined
from rnnviz.player.sum import WORDS, parts

DAYS = [f"day {i}" for i in range(1, 9)]
SHORT = [str(i) for i in range(1, 9)]


def passes(w_h: float = 0.6, seed: int = 0, T: int = 8) -> tuple[rv.Trace, rv.Gradients]:
    weights = {"weight_ih_l0": [[0.8]], "weight_hh_l0": [[w_h]], "bias_ih_l0": [0.1], "bias_hh_l0": [0.0]}
    network = rv.Network.from_state_dict({name: np.array(values) for name, values in weights.items()}, "elman")
    rng = np.random.default_rng(seed)
    trace = rv.unroll(network, rng.standard_normal((T, 1, 1)))
    return trace, rv.backpropagate(network, trace, rng.standard_normal((T, 1, 1)))


def number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("w_h", [-1.2, 0.0, 0.6, 1.4])
def test_the_parts_add_up_to_the_weights_gradient(w_h: float, seed: int) -> None:
    trace, grads = passes(w_h, seed)
    data = parts(trace, grads, labels=DAYS, short_labels=SHORT)
    assert sum(data["parts"]) == pytest.approx(float(grads.params["weight_hh_l0"][0, 0]))
    assert data["running"][0] == pytest.approx(sum(data["parts"]))
    assert data["running"][-1] == data["parts"][-1]
    assert data["before"] == [0.0, *trace[0, 0].h[:-1, 0, 0].tolist()]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_printed_multiplies_out(seed: int) -> None:
    printed = parts(*passes(seed=seed), labels=DAYS, short_labels=SHORT)["printed"]
    for gradient, before, part in zip(printed["da"], printed["before"], printed["parts"], strict=True):
        assert significant(prod(map(number, (gradient, before)))) == part


def test_two_decimals_never_call_something_nothing() -> None:
    data = parts(*passes(w_h=0.01), labels=DAYS, short_labels=SHORT)
    for values, texts in ((data[name], data["brief"][name]) for name in ("da", "before", "parts")):
        for value, text in zip(values, texts, strict=True):
            assert (text == "0") == (value == 0)
            assert text in ("0", "≈0") or abs(number(text) - value) <= 0.0051


def test_a_stage_is_plain_json_and_one_script() -> None:
    json.dumps(parts(*passes(), labels=DAYS, short_labels=SHORT), allow_nan=False)
    assert "mount" in joined("sum")
    assert len(set(WORDS)) == len(WORDS)


def test_other_networks_and_missing_names_are_refused() -> None:
    trace, grads = passes()
    with pytest.raises(ShapeError, match="8 labels"):
        parts(trace, grads, labels=DAYS[1:], short_labels=SHORT)
    network = rv.Network.create("lstm", 1, 1, rng=np.random.default_rng(0))
    trace = rv.unroll(network, np.ones((8, 1, 1)))
    with pytest.raises(ShapeError, match="one Elman unit"):
        parts(trace, rv.backpropagate(network, trace, trace.y), labels=DAYS, short_labels=SHORT)
