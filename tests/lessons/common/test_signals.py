"""The signals are what they say, and the networks set by hand solve them as well as the formulas promise."""

from math import exp

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.signals import INPUTS, SCALE, gru_by_hand, hold_signal, lstm_by_hand, reset_signal

BEND = 0.016  # the most by which tanh(tanh(SCALE v)), set to read 1 at v = 1, misses v in [-1, 1]
CELLS = {"lstm": lstm_by_hand, "gru": gru_by_hand}
every_cell = pytest.mark.parametrize("cell", CELLS)


def sigma(a: float) -> float:
    return 1 / (1 + exp(-a))


def run(network: rv.Network, x: np.ndarray) -> rv.Trace:
    return rv.unroll(network, x[:, None])


def output(network: rv.Network, x: np.ndarray) -> np.ndarray:
    return run(network, x).y[:, 0, 0]


def test_the_target_is_the_sum_of_what_was_written_since_the_reset() -> None:
    for signal in (hold_signal(7, seed=1), reset_signal(3, seed=2), reset_signal(0, seed=3)):
        for t, target in enumerate(signal.targets):
            resets = np.flatnonzero(signal.x[: t + 1, INPUTS.index("reset")])
            since = signal.x[(resets[-1] + 1 if len(resets) else 0) : t + 1]
            assert target == pytest.approx(since[:, 0] @ since[:, 1], abs=1e-15)
        assert np.abs(signal.targets).max() <= 1
        assert np.abs(signal.x).max() <= 1


def test_the_hold_signal_writes_once_and_distracts_k_times() -> None:
    signal = hold_signal(12, 0.8, seed=4)
    assert signal.x.shape == (13, 3)
    assert signal.x[0].tolist() == [0.8, 1, 0]
    assert not signal.x[1:, 1:].any()
    assert signal.x[1:, 0].any()
    assert (signal.targets == 0.8).all()


def test_the_reset_signal_has_its_marks_where_it_says() -> None:
    signal = reset_signal(4)
    assert len(signal.x) == len(signal.tokens) == 25
    assert np.flatnonzero(signal.x[:, 1]).tolist() == [0, 5, 15, 20]
    assert np.flatnonzero(signal.x[:, 2]).tolist() == [10]
    assert signal.tokens[10] == "reset"


def test_a_token_says_the_value_that_is_read() -> None:
    signal = hold_signal(20, seed=5)
    read = [float(token.removeprefix("↓").replace("−", "-")) for token in signal.tokens]
    assert read == signal.x[:, 0].tolist()
    assert [token[0] == "↓" for token in signal.tokens] == signal.x[:, 1].astype(bool).tolist()


def test_the_same_seed_gives_the_same_signal() -> None:
    for make in (hold_signal, reset_signal):
        assert (make(6, seed=7).x == make(6, seed=7).x).all()
        assert (make(6, seed=7).x != make(6, seed=8).x).any()


def test_the_bend_of_two_tanh_is_below_2_percent() -> None:
    v = np.linspace(-1, 1, 4001)
    assert np.abs(np.tanh(np.tanh(SCALE * v)) / np.tanh(np.tanh(SCALE)) - v).max() < BEND


@pytest.mark.parametrize("k", [0, 1, 10, 60])
@pytest.mark.parametrize("bias", [6.0, 8.0])
def test_the_lstm_holds_a_value_as_well_as_its_forget_gate_allows(k: int, bias: float) -> None:
    """At most the bend, what k forget gates let go, and what the closed input gate and the marks' gates miss."""
    for seed in range(20):
        signal = hold_signal(k, seed=seed)
        error = np.abs(output(lstm_by_hand(bias), signal.x) - signal.targets).max()
        assert error <= BEND + (1 - sigma(bias) ** k) + 1.1 * (k + 2) * sigma(-8)


@pytest.mark.parametrize("k", [0, 1, 10, 60])
@pytest.mark.parametrize("bias", [6.0, 8.0])
@pytest.mark.parametrize("reset_bias", [-8.0, 8.0])
def test_the_gru_holds_a_value_as_well_as_its_update_gate_allows(k: int, bias: float, reset_bias: float) -> None:
    """At most the bend, what k update gates let go, and the distractors that they let in instead, each at most 1."""
    for seed in range(20):
        signal = hold_signal(k, seed=seed)
        error = np.abs(output(gru_by_hand(bias, reset_bias), signal.x) - signal.targets).max()
        assert error <= BEND + (1 - sigma(bias) ** k) + 1.1 * k * sigma(-bias) + 2 * sigma(-8)


@every_cell
@pytest.mark.parametrize("gap", [0, 1, 7])
def test_both_add_up_and_clear_at_the_reset(cell: str, gap: int) -> None:
    for seed in range(20):
        signal = reset_signal(gap, seed)
        y = output(CELLS[cell](), signal.x)
        assert np.abs(y - signal.targets).max() <= 0.02 + 2.2 * len(y) * sigma(-8)
        assert abs(y[2 * gap + 2]) <= 4 * sigma(-8)


def cells_difference(network: rv.Network, k: int) -> np.ndarray:
    """What is left of the difference of two values after 0..k steps, as a share of the first: LSTM in c, GRU in h."""
    traces = [run(network, hold_signal(k, value, seed=9).x)[0, 0] for value in (0.5, 0.6)]
    one, two = ((trace.h if trace.c is None else trace.c)[:, 0, 0] for trace in traces)
    return (two - one) / (two[0] - one[0])


@pytest.mark.parametrize("bias", [-2.0, 0.0, 2.0, 8.0])
def test_after_k_steps_sigma_of_the_bias_to_the_k_is_left(bias: float) -> None:
    k = np.arange(11)
    assert cells_difference(lstm_by_hand(bias), 10) == pytest.approx(sigma(bias) ** k, rel=1e-9)
    factor = sigma(bias) + (1 - sigma(bias)) * sigma(-8)
    left = cells_difference(gru_by_hand(bias, -8.0), 10)
    assert (left <= factor**k * (1 + 1e-9)).all()
    assert left == pytest.approx(sigma(bias) ** k, rel=10 * (1 - sigma(bias)) * sigma(-8) / sigma(bias) + 1e-9)


def test_an_open_reset_gate_keeps_the_memory_and_lets_the_distractors_in() -> None:
    """z = 1/2 and r = 1: what is left shrinks only where tanh bends, but the output is far from the value."""
    network = gru_by_hand(0.0, 8.0)
    assert cells_difference(network, 10)[-1] > 0.5
    signal = hold_signal(10, 0.5, seed=9)
    assert abs(output(network, signal.x)[-1] - 0.5) > 0.2


@every_cell
def test_each_gate_is_open_or_closed_to_the_degree_that_is_said(cell: str) -> None:
    signal = reset_signal(2, seed=1)
    write, reset = signal.x[:, 1].astype(bool), signal.x[:, 2].astype(bool)
    a = {gate: values[:, 0] for gate, values in run(CELLS[cell](), signal.x)[0, 0].preactivations.items()}
    if cell == "lstm":
        expected = {"i": np.where(write, 8, -8), "f": np.where(reset, -8, 8), "o": np.full(len(write), 8)}
        present = {"i": 8, "f": -8, "o": 8}
    else:
        expected = {"z": np.where(write | reset, -8, 8), "r": np.where(reset, -8, 8)}
        present = {"z": -8, "r": -8}
    for gate, values in expected.items():
        assert a[gate][:, 0] == pytest.approx(values)
        assert a[gate][:, 1] == pytest.approx(present[gate])


@pytest.mark.parametrize("biases", [(8.0, 8.0), (0.0, 1.0), (-2.0, -8.0)])
def test_where_w_hn_is_diagonal_both_places_of_the_reset_gate_agree(biases: tuple[float, float]) -> None:
    x = reset_signal(3, seed=2).x
    one, other = (output(gru_by_hand(*biases, reset_after=after), x) for after in (True, False))
    assert one == pytest.approx(other, abs=1e-15)
