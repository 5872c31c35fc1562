"""The numbers are the engine's, every computed sentence says what is so, and the text claims nothing that is not."""

from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO

import numpy as np
import pytest

import rnnviz as rv
from lessons import catalog
from lessons.common.controls import Choice, Range, Steps, from_address, settle
from lessons.common.program import program
from lessons.initialization import experiment, model, others
from lessons.initialization.asked import horizon
from lessons.initialization.experiment import (
    ADDING,
    KEEPS,
    LAWS,
    LONGEST,
    NOISE,
    PULSE,
    SCHEMES,
    SIGNALS,
    SMALL,
    Settings,
    Started,
)
from lessons.initialization.model import PRESETS, facts, settings
from lessons.initialization.others import SEEDS, luck
from lessons.initialization.typical import AS_NEAR
from rnnviz.diagnostics import gradient_paths, memory_horizon
from rnnviz.initializers import INITIALIZERS

PLAIN = Settings("elman", "uniform", 1.0, "tanh", None, LONGEST, NOISE, 50, 32, 0)
LSTM = Settings("lstm", "orthogonal", 1.0, "tanh", 1.0, LONGEST, NOISE, 50, 32, 0)
EXAMPLES = 60


def drawn(number: int) -> Settings:
    """Some settings, with a liking for their ends; short and small ones, so that it does not take long."""
    rng = np.random.default_rng([3, number])
    said: dict[str, object] = {}
    for _ in range(3):  # a choice brings others
        for control in settle(model.controls, said)[0]:
            if control.id in said:
                continue
            if isinstance(control, Choice):
                said[control.id] = rng.choice(control.options)
            elif isinstance(control, Steps):
                said[control.id] = rng.choice(control.values)
            elif isinstance(control, Range):
                high = min(control.high, {"steps": 60, "units": 12}.get(control.id, control.high))
                said[control.id] = rng.choice([control.low, high, round(float(rng.uniform(control.low, high)))])
            else:
                said[control.id] = int(rng.integers(0, 30))
    return settings(settle(model.controls, {name: str(value) for name, value in said.items()})[1])


def gradient(s: Settings) -> np.ndarray:
    """||dL/ds_t|| relative to the last, straight from the engine."""
    setting, draw = SCHEMES[s.scheme].setting, INITIALIZERS[s.scheme]
    if s.cell == "elman":
        extra = {"recurrent_init": partial(draw, **{setting: s.amount}) if setting else draw}
    else:
        extra = {"gate_biases": s.gate_biases()}
    net = rv.Network.create(s.cell, 2, s.units, nonlinearity=s.nonlinearity, rng=np.random.default_rng(s.seed), **extra)
    trace = rv.unroll(net, s.x)
    dy = np.zeros_like(trace.y)
    dy[-1] = s.units**-0.5
    layer = rv.backpropagate(net, trace, dy)[0, 0]
    norms = np.linalg.norm((layer.dh if layer.dc is None else layer.dc)[:, 0], axis=1)
    return norms / norms[-1]


def left(**changed: object) -> float:
    return float(Started(replace(PLAIN, **changed)).log10_gradient[0])


# The numbers


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
def test_the_others_are_what_each_is_by_itself(cell: str) -> None:
    for several in (others.schemes(PLAIN), others.biases(replace(LSTM, cell=cell))):
        found = others.others(several)
        for k, one in enumerate(map(Started, several)):
            assert found.log10_gradient[k] == pytest.approx(one.log10_gradient, abs=1e-9)
            assert found.log10_state[k] == pytest.approx(one.log10_state, abs=1e-9)
            if one.gated:
                assert found.openness[k] == pytest.approx(one.openness, abs=1e-12)


@pytest.mark.parametrize("units", [1, 2, 32])
def test_spectra_worked_out_once_per_shape_are_those_of_each_matrix(units: int) -> None:
    several = others.schemes(replace(PLAIN, units=units, seed=3))
    for (values, singular), one in zip(others.spectra(units, 3), several):
        W = Started(one).W
        assert singular == pytest.approx(np.linalg.svd(W, compute_uv=False), abs=1e-12)
        for value in values:  # each makes W - lambda I singular
            assert np.linalg.svd(W - value * np.eye(units), compute_uv=False)[-1] < 1e-10


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_predicted_radius_is_kept_exactly_or_as_the_matrix_grows(scheme: str) -> None:
    s = replace(PLAIN, scheme=scheme, amount=SCHEMES[scheme].default, units=300)
    radius = float(np.abs(Started(s).eigenvalues).max())
    assert radius == pytest.approx(s.radius, rel=1e-9 if scheme in experiment.EXACT else 0.12, abs=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_direct_path_is_the_direct_part_of_all_paths(cell: str) -> None:
    run = Started(replace(LSTM, cell=cell, steps=12))
    layer = run.grads[0, 0]
    last = (layer.dh if layer.dc is None else layer.dc)[-1, 0]
    direct = gradient_paths(run.network, run.trace)[0, 0].direct[1:, 0]
    expected = np.linalg.norm(direct * last, axis=1) / np.linalg.norm(last)
    assert 10 ** experiment.paths(run)["direct"] == pytest.approx(expected, rel=1e-12)


def test_a_lag_is_the_first_from_which_on_the_gradient_stays_below() -> None:
    logs = np.log10([0.3, 0.6, 0.4, 0.9, 1.0])
    assert experiment.lag(logs, 0.5) == 4  # 2 steps back it is below, 3 steps back it is not
    assert experiment.lag(logs, 0.2) == np.inf
    assert experiment.lag(np.array([-np.inf, 0.0]), 0.01) == 1


def test_a_norm_does_not_under_or_overflow_in_its_squares() -> None:
    logs = np.array([[-300.0, -300.0], [300.0, 300.0], [-np.inf, -np.inf], [np.inf, 0.0], [np.nan, 0.0]])
    found = experiment.log10_norm_of_logs(logs)
    assert found[:2] == pytest.approx([-300 + np.log10(2) / 2, 300 + np.log10(2) / 2])
    assert (found[2], found[3]) == (-np.inf, np.inf)
    assert np.isnan(found[4])


def test_the_slope_of_a_relu_is_whether_it_is_on() -> None:
    run = Started(replace(PLAIN, nonlinearity="relu"))
    assert np.array_equal(run.slopes, run.trace[0, 0].h[:, 0] > 0)


# What luck does


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("signal", [NOISE, PULSE])
def test_each_seed_of_the_sweep_is_what_the_page_shows_of_it(nonlinearity: str, signal: str) -> None:
    s = replace(PLAIN, nonlinearity=nonlinearity, signal=signal, steps=20, units=8)
    found = luck(8, nonlinearity, signal, 20)
    assert found.shape == (len(SCHEMES), SEEDS)
    for seed in (0, 7, SEEDS - 1):
        for k, one in enumerate(others.schemes(replace(s, seed=seed))):
            assert found[k, seed] == pytest.approx(Started(one).log10_gradient[0], abs=1e-9)


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "sigmoid", "linear"])
def test_the_typical_winner_is_the_law_with_the_smallest_median_distance(signal: str, nonlinearity: str) -> None:
    s = replace(PLAIN, nonlinearity=nonlinearity, signal=signal)
    said, logs = model.typical(s), luck(s.units, nonlinearity, signal, s.steps)
    away = np.where(np.isfinite(logs), np.abs(logs), 1e9)
    medians = {law: np.sort(away[[one.law == law for one in SCHEMES.values()]], axis=None) for law in LAWS}
    middle = {law: values[(values.size - 1) // 2] for law, values in medians.items()}
    first, second = sorted(middle, key=lambda law: middle[law])[:2]
    assert said.best == first or middle[said.best] == middle[first]
    clear = middle[second] - middle[first] > AS_NEAR
    assert said.answer == (first if clear and middle[first] < 1e9 else "none" if middle[first] >= 1e9 else "several")
    assert sum(said.first.values()) <= SEEDS
    for law in LAWS:
        assert not said.low[law] > said.left[law]
        assert not said.left[law] > said.high[law]


def test_one_seed_alone_may_say_otherwise() -> None:
    logs = np.abs(luck(32, "tanh", NOISE, 50))
    winners = {tuple(SCHEMES.values())[k].law for k in np.nanargmin(logs, axis=0)}
    assert len(winners) > 1
    assert model.typical(PLAIN).answer == "he"


# The sentences


@pytest.mark.parametrize("number", range(EXAMPLES))
def test_every_computed_sentence_is_so(number: int) -> None:
    s = drawn(number)
    run = Started(s)
    said = facts(run)
    T = s.steps
    if said.arrives:
        assert 10**said.left == pytest.approx(gradient(s)[0], rel=1e-6, abs=1e-300)
    if said.zero:
        check_zero(run, said.zero)
    assert (said.forward is None) == bool(np.isfinite(run.trace.y).all())
    if said.matrix:
        W = run.network.state_dict()["weight_hh_l0"]
        assert said.matrix.radius == pytest.approx(np.abs(np.linalg.eigvals(W)).max(), abs=1e-9)
        assert said.matrix.s1 == pytest.approx(np.linalg.norm(W, 2), abs=1e-9)
        assert said.matrix.gain == pytest.approx(np.linalg.norm(W) / np.sqrt(s.units), abs=1e-12)
        if said.arrives:
            assert said.matrix.factor ** (T - 1) == pytest.approx(10**said.left, rel=1e-6)
    if said.gate:
        kept = 1 / (1 + np.exp(-s.gate_biases()[KEEPS[s.cell]]))
        last = run.grads[0, 0]
        last = (last.dh if last.dc is None else last.dc)[-1, 0]
        predicted = np.linalg.norm(last * kept ** (T - 1)) / np.linalg.norm(last)
        assert 10**said.gate.predicted == pytest.approx(predicted, rel=1e-9)
        assert said.gate.kept**said.gate.half == pytest.approx(0.5)
        ratio = 10 ** (said.left - said.gate.predicted)
        assert said.answers["bias"] == ("less" if ratio < 0.5 else "more" if ratio > 2 else "alike")
        norms = gradient(s)[::-1]  # by steps back
        for share, lag in zip((0.5, 0.01), said.gate.lags["all"]):
            below = norms <= share * (1 + 1e-12)
            assert lag == next((k for k in range(T) if below[k:].all()), None)


def check_zero(run: Started, zero: model.Zero) -> None:
    """That the gradient is 0 from there down and not before, and for the reason that is given."""
    dh, h = run.grads[0, 0].dh[:, 0], run.trace[0, 0].h[:, 0]
    assert not dh[: zero.step].any()
    assert dh[zero.step].any()
    had = dh[zero.step] != 0
    if zero.why == "matrix":
        assert not run.W.any()
    elif zero.why == "off":
        assert not h[zero.step, had].any()
    elif zero.why == "saturated":
        assert np.all((np.abs(h[zero.step, had]) == 1) | (h[zero.step, had] == 0))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"scheme": "zeros"}, "matrix"),
        ({"scheme": "identity", "amount": 0.0, "nonlinearity": "relu"}, "matrix"),
        ({"scheme": "identity", "nonlinearity": "relu", "seed": 1}, "off"),
        ({"scheme": "normal", "amount": 10.0, "units": 1, "seed": 6}, "saturated"),
        ({"scheme": "normal", "amount": 0.001, "nonlinearity": "sigmoid", "steps": 200}, "underflow"),
    ],
)
def test_why_nothing_is_left_is_said_as_it_is(changed: dict[str, object], why: str) -> None:
    run = Started(replace(PLAIN, **changed))
    found = model.zero(run)
    assert found is not None
    assert found.why == why
    check_zero(run, found)


def test_gain_and_slope_multiply_out_as_they_are_printed() -> None:
    for number in range(EXAMPLES):
        said = facts(Started(drawn(number)), comparing=False).matrix
        if said and np.isfinite(said.product) and said.product:
            shown = float(f"{said.gain:.{said.digits}g}") * float(f"{said.slope:.{said.digits}g}")
            assert shown == pytest.approx(said.product, rel=6e-3)


# What the text claims


def test_pytorch_s_default_for_W_h_loses_the_gradient_and_the_input_weights_are_not_drawn_by_it() -> None:
    assert all(left(seed=seed) < -9 for seed in range(5))
    state = Started(PLAIN).network.state_dict()
    bound = np.sqrt(6 / (2 + 32))
    assert np.abs(state["weight_ih_l0"]).max() > 1 / np.sqrt(32)
    assert np.abs(state["weight_ih_l0"]).max() <= bound
    assert not state["bias_ih_l0"].any()
    assert not state["bias_hh_l0"].any()


def test_identity_with_relu_is_good_for_inputs_that_are_not_negative_and_not_for_noise() -> None:
    irnn = {"scheme": "identity", "nonlinearity": "relu"}
    for seed in range(5):
        assert -0.4 < left(seed=seed, signal=ADDING, **irnn) <= 0
        on = Started(replace(PLAIN, seed=seed, signal=ADDING, **irnn)).slopes > 0
        assert (on[:-1] & on[1:]).sum() > 0.95 * on[:-1].sum()
    assert settings(PRESETS["on_noise"]).seed == 1
    assert left(seed=1, **irnn) == -np.inf


def test_orthogonal_and_linear_keeps_every_norm() -> None:
    linear = Started(replace(PLAIN, scheme="orthogonal", nonlinearity="linear", signal=PULSE))
    assert linear.log10_gradient == pytest.approx(0, abs=1e-12)
    assert linear.log10_state == pytest.approx(linear.log10_state[0], abs=1e-12)


def test_a_standard_deviation_of_ten_leaves_the_range_of_floats() -> None:
    said = facts(Started(settings(PRESETS["huge"])), comparing=False)
    assert said.forward is not None
    assert said.backward is not None
    assert said.forward <= 200


def test_what_is_said_of_gates_and_of_small_inputs_is_computed_and_holds_for_other_seeds() -> None:
    said = model.about()
    assert said.small_step**said.back == pytest.approx(gradient(replace(PLAIN, scheme="orthogonal", signal=SMALL))[0])
    for seed in range(4):
        for k, bias in enumerate(said.biases_lstm):
            lstm = Started(replace(LSTM, bias=bias, seed=seed))
            direct = experiment.paths(lstm)["direct"][0]
            assert 10 ** (direct / 49) == pytest.approx(said.direct[k], abs=0.04)
            assert 10 ** (lstm.log10_gradient[0] / 49) == pytest.approx(said.kept[k], abs=0.05)
            assert lstm.log10_gradient[0] > direct
        gru = experiment.paths(Started(replace(LSTM, cell="gru", bias=4.0, seed=seed)))
        assert 10 ** (gru["direct"][0] - gru["all"][0]) == pytest.approx(said.gru, abs=0.15)


# Questions, clicks, addresses, the program


@pytest.mark.parametrize("number", range(0, EXAMPLES, 4))
def test_whether_descent_moves_W_h_is_answered_for_the_page_s_own_input(number: int) -> None:
    s = drawn(number)
    said = model.checks(Started(s))
    dead = replace(s, cell="elman", scheme="zeros", amount=1.0, bias=None)
    net, x = dead.network(), dead.x
    trace = rv.unroll(net, x)
    dy = np.zeros_like(trace.y)
    dy[-1] = s.units**-0.5
    moved = np.linalg.norm(rv.backpropagate(net, trace, dy).params["weight_hh_l0"])
    assert said.moved == pytest.approx(moved)
    assert (said.answers["zero"] == "moves") == (moved > 0)


def test_nothing_moves_W_h_when_the_state_before_the_last_step_is_zero() -> None:
    said = model.checks(Started(replace(PLAIN, signal=PULSE)))
    assert (said.moved, said.answers["zero"]) == (0, "stays")
    assert model.checks(Started(PLAIN)).answers["zero"] == "moves"


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [-2.0, 1.0, 4.0, 8.0])
@pytest.mark.parametrize("steps", [5, 40])
def test_two_half_lives_beyond_the_sequence_are_not_compared(cell: str, bias: float, steps: int) -> None:
    run = Started(replace(LSTM, cell=cell, bias=bias, steps=steps, units=8))
    found, said = memory_horizon(run.network, run.trace)[0, 0], horizon(run)
    measured, predicted = float(found.half[0]), found.predicted_half
    if measured > steps and predicted > steps:
        assert (said.measured, said.predicted, said.answer) == (None, None, "unseen")
    else:
        a, b = min(measured, steps + 1), min(predicted, steps + 1)
        assert said.answer == ("sooner" if a < b else "later" if a > b else "same")


def test_a_card_sets_the_scheme_with_its_default() -> None:
    assert model.pick("scheme", "xavier_normal", {}) == {"scheme": "xavier_normal", "gain": 1.0}
    assert model.pick("bias", "chrono 200", {}) == {"start_bias": "chrono", "longest": 200}
    assert model.pick("bias", 2.0, {}) == {"start_bias": "one", "bias": 2.0}


def test_old_addresses_open_what_they_opened() -> None:
    def opened(**said: str) -> Settings:
        return settings(settle(model.controls, from_address(model.controls, said))[1])

    assert opened(cell="plain", scheme="He uniform", signal="noise, a tenth") == replace(
        PLAIN, scheme="he_uniform", signal=SMALL
    )
    assert opened(scheme="echo state", radius="3") == replace(PLAIN, scheme="echo_state", amount=3.0)
    assert opened(cell="LSTM", bias="0.37").bias == 0.37
    assert opened(cell="GRU", start_bias="chrono", longest="20").longest == 20
    assert opened(scheme="nonsense", steps="-3", cell="CNN", bias="inf", seed="x") == PLAIN


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"scheme": "orthogonal", "gain": 1.2, "activation": "relu"},
        {"scheme": "normal", "std": 0.2, "signal": ADDING},
        {"signal": PULSE},
        {"cell": "lstm", "bias": 2.5, "signal": SMALL},
        {"cell": "gru", "start_bias": "chrono", "longest": 20},
    ],
)
def test_the_program_prints_the_numbers_on_the_page(chosen: dict[str, object]) -> None:
    s = settings(settle(model.controls, chosen)[1])
    printed = StringIO()
    with redirect_stdout(printed):
        exec(program(catalog.folder("initialization"), **model.program(s)), {})
    log, *rest = map(float, printed.getvalue().split())
    said = facts(Started(s), comparing=False)
    assert log == pytest.approx(said.left)
    expected = [said.gate.keeps] if said.gate else [said.matrix.radius, said.matrix.s1]
    assert rest == pytest.approx(expected, abs=1e-9)
