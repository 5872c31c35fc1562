"""The stage of one loop: numbers of the engine, printed so that lines multiply out, as JSON."""

import json
import re
from itertools import product

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError
from rnnviz.player import joined
from rnnviz.player.loop import last_state, many_units, one_unit, shares_left, two_pasts

X = np.array([1.4, -0.5, 0.2, -0.5, -0.7, 0.0, -0.1, -0.8])
DAYS = {"tokens": [str(x) for x in X], "labels": [f"day {i}" for i in range(1, 9)]}
WEIGHTS = list(product((-1.5, -0.3, 0.0, 0.8, 2.0), (-1.2, 0.0, 0.1, 0.6, 1.9), (0.1, -0.4)))


def unit(w_x: float, w_h: float, b: float, x: np.ndarray = X) -> rv.Trace:
    given = {"weight_ih_l0": [[w_x]], "weight_hh_l0": [[w_h]], "bias_ih_l0": [b], "bias_hh_l0": [0.0]}
    net = rv.Network.from_state_dict({name: np.array(values, float) for name, values in given.items()})
    return rv.unroll(net, x[:, None, None])


def several(rho: float = 0.9, seed: int = 3) -> rv.Network:
    return rv.Network.create(
        "elman",
        1,
        8,
        recurrent_init=lambda shape, rng: rv.initializers.orthogonal(shape, rng, gain=rho),
        rng=np.random.default_rng(seed),
    )


def read(net: rv.Network, x: np.ndarray = X) -> rv.Trace:
    return rv.unroll(net, x[:, None, None])


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def decimals(text: str) -> int:
    return len(text.partition(".")[2])


def as_printed(value: float, text: str, spare: int = 0) -> bool:
    """Whether a number, rounded like the text, is the text; idle zeros are not written, so that it may have more."""
    return any(round(value, k) == number(text) for k in range(decimals(text), decimals(text) + 5 + spare))


@pytest.mark.parametrize(("w_x", "w_h", "b"), WEIGHTS)
def test_terms_and_bias_add_up_to_the_sum_and_tanh_gives_the_state(w_x: float, w_h: float, b: float) -> None:
    data = one_unit(unit(w_x, w_h, b), **DAYS)
    before = [data["h0"], *data["h"][:-1]]
    np.testing.assert_allclose(data["x_terms"], w_x * X, atol=1e-7)
    np.testing.assert_allclose(data["h_terms"], w_h * np.array(before), atol=1e-6)
    np.testing.assert_allclose(np.add(data["x_terms"], data["h_terms"]) + b, data["a"], atol=1e-6)
    np.testing.assert_allclose(np.tanh(data["a"]), data["h"], atol=1e-6)


@pytest.mark.parametrize(("w_x", "w_h", "b"), WEIGHTS)
def test_every_line_comes_out_as_it_is_printed(w_x: float, w_h: float, b: float) -> None:
    shown = one_unit(unit(w_x, w_h, b), **DAYS)["printed"]
    assert all(shown["holds"])
    assert [number(shown[name]) for name in ("w_x", "w_h", "b")] == [w_x, w_h, b]
    for t in range(len(X)):
        x, x_term, h_term, a = (shown[name][t] for name in ("x", "x_terms", "h_terms", "a"))
        before, h = shown["h"][t : t + 2]
        assert number(x_term) == pytest.approx(w_x * number(x), abs=1e-9)
        assert as_printed(w_h * number(before), h_term)
        assert as_printed(number(x_term) + number(h_term) + b, a)
        assert as_printed(float(np.tanh(number(a))), h)


@pytest.mark.parametrize(("w_x", "w_h", "b"), WEIGHTS)
def test_what_is_printed_is_the_number_rounded(w_x: float, w_h: float, b: float) -> None:
    data = one_unit(unit(w_x, w_h, b), **DAYS)
    for name in ("x", "x_terms", "h_terms", "a", "h"):
        texts = data["printed"][name][1:] if name == "h" else data["printed"][name]
        for value, text in zip(data[name], texts):
            assert as_printed(value, text)
            assert number(text) not in (0.0, 1.0, -1.0) or value == pytest.approx(number(text), abs=1e-6)


def test_a_story_s_own_weights_stay_short() -> None:
    shown = one_unit(unit(0.8, 0.6, 0.1), **DAYS)["printed"]
    assert shown["h"][:3] == ["0", "0.84", "0.201"]
    assert (shown["x_terms"][1], shown["h_terms"][1], shown["a"][1]) == ("−0.4", "0.504", "0.204")


@pytest.mark.parametrize(("w_x", "w_h", "b"), WEIGHTS)
def test_fewer_lines_take_no_more_decimals(w_x: float, w_h: float, b: float) -> None:
    every, two = (one_unit(unit(w_x, w_h, b), **DAYS, lines=lines)["printed"] for lines in (None, 2))
    assert two["holds"][:2] == [True, True]
    assert sum(map(decimals, two["h"][:3])) <= sum(map(decimals, every["h"][:3]))


def test_the_states_of_several_units_follow_from_their_weights() -> None:
    net = several()
    data = many_units(read(net), **DAYS, pair=(1, 3))
    h, bias = np.array(data["h"]), net.state_dict()["bias_ih_l0"] + net.state_dict()["bias_hh_l0"]
    before = np.vstack([np.zeros(8), h[:-1]])
    np.testing.assert_allclose(np.tanh(data["x_terms"] + before @ np.transpose(data["W_h"]) + bias), h, atol=1e-3)
    np.testing.assert_allclose(h, read(net)[0, 0].h[:, 0], rtol=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_the_difference_of_two_states_is_that_of_what_is_printed(seed: int) -> None:
    data = many_units(read(several(seed=seed)), **DAYS, pair=(1, 3))
    assert data["pair"]["printed"] == [data["printed"]["h"][1], data["printed"]["h"][3]]
    for one, two, apart in zip(*data["pair"]["printed"], data["pair"]["apart_printed"]):
        assert abs(number(one) - number(two)) == pytest.approx(number(apart), abs=0.005 + 1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.9, 1.0, 1.4])
def test_what_is_left_of_a_difference_stays_below_the_bound(rho: float) -> None:
    net, other = several(rho), np.concatenate([[-2.0], X[1:]])
    data = two_pasts(read(net), read(net, other), **DAYS, tokens_other=DAYS["tokens"], rho=rho)
    shares, bound = np.array(data["shares"]), np.array(data["bound"])
    apart = np.linalg.norm(np.array(data["h"]) - data["h_other"], axis=1)
    np.testing.assert_allclose(shares, apart / apart[0], atol=2e-3)
    np.testing.assert_allclose(bound, rho ** np.arange(8.0), atol=1e-6)
    assert (shares <= bound * (1 + 1e-6)).all()
    left = [t for t in range(8) if shares[t] < 0.01]
    assert data["gone"] == (left[0] if left else None)


def test_before_the_step_that_differs_nothing_does() -> None:
    net, other = several(), np.where(np.arange(8) == 3, 2.0, X)
    data = two_pasts(read(net), read(net, other), **DAYS, tokens_other=DAYS["tokens"], rho=0.9, changed=3)
    assert data["shares"][:4] == [0.0, 0.0, 0.0, 1.0]
    assert data["bound"][2:5] == pytest.approx([0.0, 1.0, 0.9])


def test_less_than_one_percent_is_said_as_that() -> None:
    data = last_state(read(several(0.3)), **DAYS)
    for share, text in zip(data["shares"], data["printed"]["shares"]):
        assert text == ("< 1 %" if share < 0.01 else f"{share:.0%}".replace("%", " %"))
    assert "< 1 %" in data["printed"]["shares"]
    assert last_state(read(several(0.0)), **DAYS)["printed"]["shares"][0] == "0 %"


def test_two_decimals_where_no_line_has_to_multiply_out() -> None:
    data = one_unit(unit(0.8, 0.6, 0.1), **DAYS)
    brief = data["printed"]["brief"]
    assert brief["h"][:5] == ["0", "0.84", "0.20", "0.36", "−0.08"]
    assert all(float(f"{value:.2f}") == number(text) for value, text in zip(data["h"], brief["h"][1:]))


def test_equal_pasts_have_nothing_left() -> None:
    trace = read(several())
    assert shares_left(trace, trace).tolist() == [0.0] * 8


def test_pasts_may_differ_in_one_step_alone() -> None:
    net = several()
    with pytest.raises(ShapeError, match="step 0"):
        two_pasts(read(net), read(net, -X), **DAYS, tokens_other=DAYS["tokens"], rho=0.9)


def test_a_day_s_share_is_how_much_the_last_state_moves_with_it() -> None:
    net, epsilon = several(), 1e-6
    data = last_state(read(net), **DAYS)
    h = read(net)[0, 0].h[-1, 0]
    moved = [np.linalg.norm(read(net, X + epsilon * (np.arange(8) == t))[0, 0].h[-1, 0] - h) for t in range(8)]
    np.testing.assert_allclose(data["shares"], np.array(moved) / sum(moved), atol=1e-5)
    assert sum(data["shares"]) == pytest.approx(1)
    np.testing.assert_allclose(data["h"], h, rtol=1e-6)


@pytest.mark.parametrize("maker", [one_unit, many_units, last_state])
def test_stages_are_plain_json_and_names_are_complete(maker: object) -> None:
    assert callable(maker)
    trace = unit(0.8, 0.6, 0.1) if maker is one_unit else read(several())
    data = maker(trace, **DAYS)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["short_labels"] == DAYS["labels"]
    with pytest.raises(ShapeError, match="names"):
        maker(trace, tokens=DAYS["tokens"], labels=["day 1"])


@pytest.mark.parametrize("maker", [one_unit, many_units])
def test_only_one_number_is_read_at_each_step(maker: object) -> None:
    assert callable(maker)
    with pytest.raises(ShapeError, match="number"):
        maker(rv.unroll(rv.Network.create("elman", 2, 1, rng=np.random.default_rng(0)), np.zeros((8, 1, 2))), **DAYS)


def test_the_language_file_has_all_words() -> None:
    """No word of a person's language stands in the JavaScript: only symbols do."""
    texts = re.findall(r'"([^"\n]*)"', re.sub(r"//.*|/\*[\s\S]*?\*/", "", joined("loop")))
    sentences = [text for text in texts if re.fullmatch(r"[A-Z]?[a-z]+( [a-z]+)+", text)]
    styles = {
        "muted still",
        "strong still",
        "strong halo still",
        "still halo",
        "value-cell empty",
        "symbol help",
        "op every",
    }
    assert {s for s in sentences if not s.startswith(("gate ", "unit ", "equation ", "guide-", "dot "))} <= styles
