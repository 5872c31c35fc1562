"""The lesson on the start, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import json
import re
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from html import unescape
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons._initialization import experiment as starts
from lessons._initialization import others as compared
from lessons._initialization import words
from lessons._initialization.experiment import ADDING, LONGEST, NOISE, PULSE, SCHEMES, SMALL, Settings, Started
from lessons._initialization.presets import SANE, STARTS, widgets
from rnnviz.diagnostics import gradient_paths
from rnnviz.figures.numbers import of_log10, significant
from rnnviz.initializers import INITIALIZERS
from tests.pictures import mounted, number

PAGE = str(Path(__file__).parents[2] / "lessons" / "initialization.py")
PLAIN = Settings("elman", "uniform", 1.0, "tanh", None, LONGEST, NOISE, 50, 32, 0)
LSTM = Settings("lstm", "orthogonal", 1.0, "tanh", 1.0, LONGEST, NOISE, 50, 32, 0)


def visit(**chosen: object) -> AppTest:
    """The page with these widgets set, in this order."""
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    for key, value in chosen.items():
        at.get_by_key(key).set_value(value)
        at.run()
    assert not at.exception
    return at


def pick(at: AppTest, value: str) -> AppTest:
    """Click what picks `value`; it is there to be clicked."""
    assert f'data-pick="{value}"' in html(at)
    for key, setting in widgets(value).items():
        at.session_state[key] = setting
        at.query_params[key] = str(setting)
    at.run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "".join(mounted(at, "starts"))


def said(at: AppTest) -> str:
    """What stands under "What you saw", without markup."""
    found = html(at).split("What you saw")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found.replace("</p>", " ")))


def read_out(at: AppTest, chart: str) -> list[str]:
    """What the chart of that title says, place by place."""
    found = re.search(r'data-hits="([^"]*)"', html(at).split(f"<h4>{chart}")[1])[1]
    return json.loads(unescape(found))["says"]


def gradient(settings: Settings) -> np.ndarray:
    """||dL/ds_t|| relative to the last, straight from the engine."""
    setting = SCHEMES[settings.scheme].setting
    draw = INITIALIZERS[settings.scheme]
    if settings.cell == "elman":
        extra = {"recurrent_init": partial(draw, **{setting: settings.amount}) if setting else draw}
    else:
        extra = {"gate_biases": settings.gate_biases()}
    net = rv.Network.create(
        settings.cell,
        2,
        settings.units,
        nonlinearity=settings.nonlinearity,
        rng=np.random.default_rng(settings.seed),
        **extra,
    )
    trace = rv.unroll(net, settings.x)
    dy = np.zeros_like(trace.y)
    dy[-1] = settings.units**-0.5
    layer = rv.backpropagate(net, trace, dy)[0, 0]
    norms = np.linalg.norm((layer.dh if layer.dc is None else layer.dc)[:, 0], axis=1)
    return norms / norms[-1]


# --- the numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "sigmoid", "linear"])
def test_the_gradient_shown_is_the_engine_s(scheme: str, nonlinearity: str) -> None:
    s = replace(PLAIN, scheme=scheme, amount=SCHEMES[scheme].default, nonlinearity=nonlinearity, steps=20)
    assert 10 ** Started(s).log10_gradient == pytest.approx(gradient(s), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [-4.0, 1.0, 8.0, None])
def test_the_gradient_of_gated_cells_is_the_engine_s(cell: str, bias: float | None) -> None:
    s = replace(LSTM, cell=cell, bias=bias, steps=20)
    assert 10 ** Started(s).log10_gradient == pytest.approx(gradient(s), rel=1e-9)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_others_are_what_each_start_is_by_itself(cell: str) -> None:
    for several in (compared.schemes(PLAIN), compared.biases(replace(LSTM, cell=cell))):
        others = compared.others(several)
        for k, one in enumerate(map(Started, several)):
            assert others.log10_gradient[k] == pytest.approx(one.log10_gradient, abs=1e-9)
            assert others.log10_state[k] == pytest.approx(one.log10_state, abs=1e-9)
            if one.gated:
                assert others.openness[k] == pytest.approx(one.openness, abs=1e-12)


@pytest.mark.parametrize("units", [1, 2, 32])
def test_spectra_worked_out_once_per_shape_are_those_of_each_matrix(units: int) -> None:
    for (values, singular), one in zip(
        compared.spectra(units, 3), compared.schemes(replace(PLAIN, units=units, seed=3))
    ):
        W = Started(one).W
        assert singular == pytest.approx(np.linalg.svd(W, compute_uv=False), abs=1e-12)
        for value in values:  # each makes W - lambda I singular
            assert np.linalg.svd(W - value * np.eye(units), compute_uv=False)[-1] < 1e-10


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_promised_radius_is_kept_exactly_or_as_the_matrix_grows(scheme: str) -> None:
    s = replace(PLAIN, scheme=scheme, amount=SCHEMES[scheme].default, units=300)
    radius = float(np.abs(Started(s).eigenvalues).max())
    assert radius == pytest.approx(s.radius, rel=1e-9 if scheme in starts.EXACT else 0.12, abs=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_conveyor_is_the_direct_part_of_all_ways(cell: str) -> None:
    started = Started(replace(LSTM, cell=cell, steps=12))
    layer = started.grads[0, 0]
    last = (layer.dh if layer.dc is None else layer.dc)[-1, 0]
    direct = gradient_paths(started.network, started.trace)[0, 0].direct[1:, 0]
    expected = np.linalg.norm(direct * last, axis=1) / np.linalg.norm(last)
    shares = started.trace[0, 0].gates[starts.KEEPS[cell]][:, 0]
    assert 10 ** started.along_the_conveyor(shares) == pytest.approx(expected, rel=1e-12)


def test_a_lag_is_the_first_from_which_on_the_gradient_stays_below() -> None:
    logs = np.log10([0.3, 0.6, 0.4, 0.9, 1.0])
    assert starts.lag(logs, 0.5) == 4  # 2 steps back it is below, 3 steps back it is not
    assert starts.lag(logs, 0.2) == np.inf
    assert starts.lag(np.array([-np.inf, 0.0]), 0.01) == 1


def test_a_norm_does_not_under_or_overflow_in_its_squares() -> None:
    logs = np.array([[-300.0, -300.0], [300.0, 300.0], [-np.inf, -np.inf], [np.inf, 0.0], [np.nan, 0.0]])
    found = starts.log10_norm_of_logs(logs)
    assert found[:2] == pytest.approx([-300 + np.log10(2) / 2, 300 + np.log10(2) / 2])
    assert found[2] == -np.inf
    assert found[3] == np.inf
    assert np.isnan(found[4])


def test_the_slope_of_a_relu_is_whether_it_is_on() -> None:
    started = Started(replace(PLAIN, nonlinearity="relu"))
    assert np.array_equal(started.slopes, started.trace[0, 0].h[:, 0] > 0)


# --- what the text claims ------------------------------------------------------------------------------------------


def left(**changed: object) -> float:
    return float(Started(replace(PLAIN, **changed)).log10_gradient[0])


def test_the_framework_s_default_loses_the_gradient_and_he_keeps_it() -> None:
    for seed in range(5):
        assert left(seed=seed) < -9
        assert abs(left(seed=seed, scheme="he_uniform")) < 0.5


def test_what_orthogonal_keeps_of_small_inputs_is_what_the_text_says() -> None:
    log = left(scheme="orthogonal", signal=SMALL)
    assert f"keeps {significant(10 ** (log / 49))} per step" in words.explanation()
    assert f"leaves only {of_log10(log)}" in words.explanation()


def test_identity_with_relu_is_good_for_inputs_that_are_not_negative_and_not_for_noise() -> None:
    irnn = {"scheme": "identity", "nonlinearity": "relu"}
    for seed in range(5):
        assert -0.4 < left(seed=seed, signal=ADDING, **irnn) <= 0
        on = Started(replace(PLAIN, seed=seed, signal=ADDING, **irnn)).slopes > 0
        assert (on[:-1] & on[1:]).sum() > 0.95 * on[:-1].sum()
    assert left(seed=1, **irnn) == -np.inf
    assert left(scheme="zeros") == -np.inf


def test_orthogonal_and_linear_keeps_every_length() -> None:
    linear = Started(replace(PLAIN, scheme="orthogonal", nonlinearity="linear", signal=PULSE))
    assert linear.log10_gradient == pytest.approx(0, abs=1e-12)
    assert linear.log10_state == pytest.approx(linear.log10_state[0], abs=1e-12)


def test_a_standard_deviation_of_10_leaves_the_range_of_numbers() -> None:
    started = Started(replace(PLAIN, scheme="normal", amount=10.0, nonlinearity="linear", steps=200))
    assert started.trace.nonfinite is not None
    assert started.grads.nonfinite is not None


def test_what_the_text_says_of_gates() -> None:
    for bias, kept, off in ((0.0, 0.5, 0.02), (1.0, 0.75, 0.05)):
        assert Started(replace(LSTM, bias=bias)).openness.mean() == pytest.approx(kept, abs=off)
    for bias, along, kept in ((0.0, 0.5, 0.7), (1.0, 0.75, 0.9)):  # per step: by the conveyor alone, and by all ways
        for seed in range(4):
            lstm = Started(replace(LSTM, bias=bias, seed=seed))
            direct = lstm.along_the_conveyor(lstm.trace[0, 0].gates["f"][:, 0])
            assert 10 ** (direct[0] / 49) == pytest.approx(along, abs=0.03)
            assert 10 ** (lstm.log10_gradient[0] / 49) == pytest.approx(kept, abs=0.04)
    for seed in range(4):
        gru = Started(replace(LSTM, cell="gru", bias=4.0, seed=seed))
        direct = gru.along_the_conveyor(gru.trace[0, 0].gates["z"][:, 0])
        assert 10 ** (direct[0] - gru.log10_gradient[0]) == pytest.approx(1, abs=0.12)
    assert words.half_life(1.0) == pytest.approx(np.log(0.5) / np.log(1 / (1 + np.exp(-1))))


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_first_picture_is_the_engine_s() -> None:
    at = visit()
    norms = gradient(PLAIN)
    W = Started(PLAIN).W
    assert f"At step 1 its length is {significant(float(norms[0]))}:" in said(at)
    assert f"a factor of {significant(float(norms[0] ** (1 / 49)))} per step" in said(at)
    assert f"is {significant(float(np.abs(np.linalg.eigvals(W)).max()))}, and the circular law" in said(at)
    assert f"largest singular value is {significant(float(np.linalg.norm(W, 2)))}:" in said(at)
    expected = [f"step {t}: uniform {significant(float(norm))}" for t, norm in enumerate(norms, start=1)]
    assert read_out(at, "Backwards") == expected


def test_stretch_and_slope_multiply_out_as_they_are_printed() -> None:
    for scheme in ("uniform", "He normal", "orthogonal"):
        one, other, product = re.search(r"would be (\S+) · (\S+) = (\S+?)\.( |$)", said(visit(scheme=scheme))).groups()[
            :3
        ]
        assert significant(number(one) * number(other)) == product


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_every_scheme_with_every_activation(activation: str) -> None:
    at = visit(activation=activation)
    for scheme in SCHEMES.values():
        at.get_by_key("scheme").set_value(scheme.label).run()
        assert not at.exception
        assert re.search(rf'aria-pressed="true">.*?<b>{scheme.label}</b>', html(at))
        assert "NaN" not in said(at)


@pytest.mark.parametrize(
    "chosen",
    [
        {"steps": 5},
        {"steps": 200},
        {"units": 1},
        {"units": 48},
        {"seed": 9999},
        {"scheme": "orthogonal", "gain": 0.0},
        {"scheme": "identity", "gain": 3.0},
        {"scheme": "normal", "std": 0.001},
        {"scheme": "normal", "std": 10.0},
        {"scheme": "echo state", "radius": 0.0},
        {"scheme": "echo state", "radius": 3.0},
        {"cell": "LSTM", "bias": -4.0},
        {"cell": "LSTM", "bias": 8.0},
        {"cell": "LSTM", "start_bias": "chrono", "longest": 3},
        {"cell": "GRU", "start_bias": "chrono", "longest": 500},
        {"cell": "GRU", "units": 1, "steps": 5},
    ],
)
def test_both_ends_of_each_slider(chosen: dict[str, object]) -> None:
    at = visit(**chosen)
    assert "NaN" not in said(at)
    assert html(at).count('<figure class="c') >= 4


@pytest.mark.parametrize("signal", starts.SIGNALS)
@pytest.mark.parametrize("cell", ["plain", "LSTM", "GRU"])
def test_every_input_for_every_cell(signal: str, cell: str) -> None:
    assert "NaN" not in said(visit(cell=cell, signal=signal))


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_what_exploded_is_drawn_where_it_happened_with_a_way_back(activation: str) -> None:
    at = visit(scheme="normal", std=10.0, activation=activation, steps=200, units=48)
    s = replace(PLAIN, scheme="normal", amount=10.0, nonlinearity=activation, steps=200, units=48)
    trace = Started(s).trace
    assert f"Forwards from step {trace.nonfinite.step + 1} on" in said(at)
    assert 'class="struck"' in html(at)
    assert 'class="hatched"' in html(at)
    assert "∞ − ∞ is NaN" in said(at)  # which the struck node says
    back = pick(at, f"start: {SANE}")
    assert "Exploded" not in said(back)
    assert back.get_by_key("steps").value == 50


@pytest.mark.parametrize("name", [name for name, start in STARTS.items() if "cell" not in start])
def test_each_start_worth_seeing_of_a_plain_network(name: str) -> None:
    assert "The matrix." in said(pick(visit(cell="LSTM"), f"start: {name}"))


@pytest.mark.parametrize("name", [name for name, start in STARTS.items() if "cell" in start])
def test_each_start_worth_seeing_of_a_gated_network(name: str) -> None:
    assert "The gate." in said(pick(visit(scheme="normal", std=0.1), f"start: {name}"))


def test_a_card_sets_the_scheme_with_its_default() -> None:
    at = pick(visit(scheme="orthogonal", gain=3.0), "scheme: Xavier normal")
    assert at.get_by_key("scheme").value == "Xavier normal"
    assert at.get_by_key("gain").value == 1.0
    at = pick(visit(cell="GRU"), "chrono: 200")
    assert at.get_by_key("longest").value == 200


def test_zeros_are_hollow_and_said_to_be_zero() -> None:
    at = visit(scheme="zeros")
    assert html(at).count('class="zero"') == 49 + 32
    assert "From step 49 down the gradient is exactly 0" in said(at)


def test_a_matrix_of_zeros_is_said_to_be_one_by_whatever_scheme() -> None:
    for activation in ("tanh", "relu"):
        at = visit(scheme="identity", gain=0.0, activation=activation)
        assert "exactly 0 (the hollow 0s): W_hh is 0, and hands nothing back." in said(at)


def test_a_slope_that_is_rounded_to_0_is_not_taken_for_a_matrix_of_zeros() -> None:
    at = visit(scheme="normal", std=10.0, units=1, seed=6)
    started = Started(replace(PLAIN, scheme="normal", amount=10.0, units=1, seed=6))
    assert np.all(np.abs(started.trace[0, 0].h[1:]) == 1)  # so that 1 - h² is 0
    assert "W_hh is 0" not in said(at)
    gone = int(np.flatnonzero(np.isneginf(started.log10_gradient))[-1]) + 1
    assert f"From step {gone} down the gradient is exactly 0" in said(at)
    assert f"at step {gone + 1} every unit that still had a gradient was saturated so far" in said(at)


def test_a_gradient_that_relu_ends_is_ended_by_units_that_are_off_at_the_step_said() -> None:
    at = visit(scheme="identity", activation="relu", seed=1)
    started = Started(replace(PLAIN, scheme="identity", nonlinearity="relu", seed=1))
    step = int(re.search(r"at step (\d+) every unit that still had a gradient was off", said(at))[1])
    had = started.grads[0, 0].dh[step - 1, 0] != 0
    assert had.any()
    assert not started.trace[0, 0].h[step - 1, 0, had].any()
    assert not started.grads[0, 0].dh[step - 2].any()


def test_a_bias_is_said_as_it_is() -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params["cell"], at.query_params["bias"] = "LSTM", "0.37"
    assert f"σ(0.37) = {significant(1 / (1 + np.exp(-0.37)))} per step" in said(at.run())
    assert "σ(−4) = 0.0180 per step leaves less than half after a single step" in said(visit(cell="LSTM", bias=-4.0))


def test_of_one_unit_one_memory_is_said() -> None:
    at = visit(cell="LSTM", start_bias="chrono", units=1)
    bias = float(replace(LSTM, bias=None, units=1).gate_biases()["f"][0])
    assert f"it remembers for {significant(1 + np.exp(bias))} steps" in said(at)


def test_the_ways_back_are_not_said_to_add_up_where_the_conveyor_alone_brings_more() -> None:
    at = visit(cell="LSTM", bias=8.0, steps=5, units=1)
    found = re.search(r"step 5, (\S+) of its length .*multiplies by its f, it is (\S+);", said(at))
    assert number(found[1]) < number(found[2])
    assert "adds to that, or takes from it" in said(at)


def test_no_two_cards_are_the_same() -> None:
    for chosen in ({}, {"start_bias": "chrono"}, {"bias": 2.5}):
        at = visit(cell="LSTM", **chosen)
        names = re.findall(r'class="card".*?<b>(.*?)</b>', html(at))
        assert ("yours" in names) == ("bias" in chosen)
        assert html(at).count('aria-pressed="true"') == 1
        assert 'style="--n:8"' in html(at)


def test_where_no_gradient_is_left_none_is_nearest_to_its_length() -> None:
    at = visit(units=1, activation="relu", predict_scheme="orthogonal")
    assert not any(gradient(replace(PLAIN, scheme=name, units=1, nonlinearity="relu"))[0] for name in ("uniform",))
    assert "it is “none of them”" in said(at)


def test_what_underflowed_is_said_to_have_underflowed() -> None:
    at = visit(scheme="normal", std=0.001, activation="sigmoid", steps=200)
    assert "smaller than the smallest number that a float can hold" in said(at)


def test_the_prediction_is_judged_by_what_the_engine_did() -> None:
    reached = {
        label: float(gradient(replace(PLAIN, scheme=name))[0])
        for label, name in words.RIVALS.items()
        if name != "uniform"
    }
    truth = max(reached, key=lambda label: -abs(np.log10(reached[label])))
    at = visit(predict_scheme=truth)
    assert "You predicted it." in said(at)
    assert all(f"{label} {significant(value)}" in said(at) for label, value in reached.items())
    assert "You predicted “PyTorch’s default”" in said(visit(predict_scheme="PyTorch’s default"))


@pytest.mark.parametrize(("bias", "answer"), [(1.0, words.MORE), (8.0, words.MORE)])
def test_the_promise_is_judged_by_what_the_engine_did(bias: float, answer: str) -> None:
    at = visit(cell="LSTM", bias=bias)
    found = Started(replace(LSTM, bias=bias))
    promised = 49 * np.log10(1 / (1 + np.exp(-bias)))
    assert (found.log10_gradient[0] - promised > np.log10(2)) == (answer == words.MORE)
    at.get_by_key("predict_promise").set_value(answer).run()
    assert "You predicted it." in said(at)
    assert f"promised is {of_log10(promised)}" in said(at)


def test_the_others_appear_with_the_prediction_or_when_asked_for() -> None:
    assert "other-11" not in html(visit()).split("Backwards")[1].split("Singular")[0]
    for at in (visit(predict_scheme="He uniform"), pick(visit(), "compare: all")):
        assert html(at).count('class="faint other-11"') == 3  # forwards, backwards, singular values


@pytest.mark.parametrize(
    "chosen",
    [
        {"scheme": "orthogonal", "gain": 1.2, "activation": "relu"},
        {"scheme": "normal", "std": 0.2, "signal": ADDING},
        {"signal": PULSE},
        {"cell": "LSTM", "bias": 2.5, "signal": SMALL},
        {"cell": "GRU", "start_bias": "chrono", "longest": 20},
    ],
)
def test_the_program_on_the_page_prints_the_numbers_on_the_page(chosen: dict[str, object]) -> None:
    at = visit(**chosen)
    at.session_state["code"] = True
    at.run()
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    log, *rest = map(float, printed.getvalue().split())
    if "cell" in chosen:
        assert f"{of_log10(log)} of its length arrives at step 1" in said(at)
        assert f"is open by {significant(rest[0])} on average" in said(at)
    else:
        assert f"At step 1 its length is {of_log10(log)}:" in said(at)
        assert f"(the size of its largest eigenvalue) is {significant(round(rest[0], 12))}," in said(at)
        assert f"largest singular value is {significant(round(rest[1], 12))}:" in said(at)


@pytest.mark.parametrize("cell", ["plain", "LSTM", "GRU"])
def test_the_questions_know_the_engine_s_answers(cell: str) -> None:
    at = visit(cell=cell)
    at.session_state["checks"] = True
    at.run()
    assert not at.exception
    answers = {
        "check_radius": "1/√3, about 0.577",
        "check_same": "not at all",
        "check_zero": "yes",
        "check_horizon": "later",
        "check_half": "5",
    }
    for radio in at.radio:
        radio.set_value(answers[radio.key])
    at.run()
    assert len(at.success) == (4 if cell == "plain" else 5)


@pytest.mark.parametrize("cell", ["plain", "LSTM", "GRU"])
def test_the_gradients_on_the_screen_are_verified_on_the_spot(cell: str) -> None:
    at = visit(cell=cell, units=4, steps=10)
    at.session_state["verify"] = True
    at.run()
    assert not at.exception
    (verdict,) = (m.value for m in at.markdown if "rv.check_gradients" in m.value)
    worst = re.search(r"which is (\S+) of that", verdict)[1]
    assert worst == "0" or "×10⁻" in worst
