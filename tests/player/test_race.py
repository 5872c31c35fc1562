"""The race's payload: its numbers are the engine's, its ranks follow from them, and it is plain JSON."""

import json
from base64 import b64decode
from functools import partial
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.shared import shared
from rnnviz import ShapeError
from rnnviz.initializers import normal, orthogonal
from rnnviz.player.race import BINS, WORDS, Lane, race, ranking, shades

T, H, SEEDS = 12, 5, 3
KINDS: dict[str, dict[str, Any]] = {
    "tanh": {"cell": "elman"},
    "relu": {"cell": "elman", "nonlinearity": "relu"},
    "zeros": {"cell": "elman", "recurrent_init": "zeros"},
    "lstm": {"cell": "lstm", "gate_biases": {"f": 2.0}},
    "gru": {"cell": "gru"},
}


def networks(**how: Any) -> list[rv.Network]:
    return [
        rv.Network.create(input_size=2, hidden_size=H, rng=np.random.default_rng(seed), **how) for seed in range(SEEDS)
    ]


def inputs(T: int = T) -> np.ndarray:
    return np.random.default_rng(7).standard_normal((T, SEEDS, 2))


def read(stage: dict[str, Any], name: str, kind: str, *shape: int) -> np.ndarray:
    return np.frombuffer(b64decode(stage[name]), kind).reshape(shape)


def of_engine(network: rv.Network, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """h (T, H), and the norms of the gradients by the state, (T,): by h and, in an LSTM, by c as it is handed on."""
    trace = rv.unroll(network, x[:, None])
    dy = np.zeros_like(trace.y)
    dy[-1] = H**-0.5
    back = rv.backpropagate(network, trace, dy)[0, 0]
    parts = [back.dh[:, 0]]
    if back.dc is not None:
        handed = np.zeros((len(x), H))
        handed[:-1] = (trace[0, 0].gates["f"][1:] * back.dc[1:])[:, 0]
        parts.append(handed)
    return trace[0, 0].h[:, 0], np.linalg.norm(np.concatenate(parts, axis=1), axis=1)


@pytest.fixture(scope="module")
def stage() -> dict[str, Any]:
    lanes = [Lane(name, name, networks(**how)) for name, how in KINDS.items()]
    return json.loads(json.dumps(race(lanes, inputs(), words={}, token="one")))  # type: ignore[no-any-return]


def test_what_is_sent_of_each_lane_and_seed_is_what_the_engine_computes(stage: dict[str, Any]) -> None:
    left = read(stage, "left", "<f4", SEEDS, len(KINDS), T)
    sent = read(stage, "shades", "u1", SEEDS, len(KINDS), T, BINS)
    low, high = stage["axis"]["low"], stage["axis"]["high"]  # relu knows no bound
    for lane, how in enumerate(KINDS.values()):
        for seed, network in enumerate(networks(**how)):
            h, norms = of_engine(network, inputs()[:, seed])
            with np.errstate(divide="ignore"):
                assert left[seed, lane] == pytest.approx(np.log10(norms), rel=1e-6, abs=1e-6)
                place = np.clip((np.log10(np.abs(h)) - low) / (high - low) * BINS, 0, BINS - 1).astype(int)
            counts = np.stack([np.bincount(row, minlength=BINS) for row in place])
            assert np.array_equal(np.rint(sent[seed, lane] / 255 * H), counts)
    assert np.array_equal(read(stage, "arrived", "<f4", len(KINDS), SEEDS), left[:, :, 0].T)
    assert left[:, :, -1] == pytest.approx(0, abs=1e-6)  # each begins with norm 1


def test_what_an_lstm_s_whole_state_hands_back_is_the_gradient_of_the_steps_after_it() -> None:
    (network, *_), x = networks(cell="lstm"), inputs()[:, 0]
    trace = rv.unroll(network, x[:, None])
    found = rv.sweep.both_ways([network], x).log10_left[:, 0]
    for t in range(T - 1):
        rest = rv.unroll(network, x[t + 1 :, None], h0=trace[0, 0].h[t], c0=trace[0, 0].c[t])
        dy = np.zeros_like(rest.y)
        dy[-1] = H**-0.5
        begun = rv.backpropagate(network, rest, dy)[0, 0]
        assert 10 ** found[t] == pytest.approx(np.hypot(np.linalg.norm(begun.dh0), np.linalg.norm(begun.dc0)))


def test_a_share_of_the_units_is_in_the_bin_of_its_size_and_all_of_them_somewhere() -> None:
    h = np.array([[[0.0, 0.5, -0.99, 1.0]]])
    assert shades(h, {"kind": "share", "high": 1})[0, 0].tolist() == [64, *[0] * 5, 64, *[0] * 4, 128]
    wide = shades(np.array([[[0.0, 1e-9, 1.0, 1e9]]]), {"kind": "decades", "low": -2, "high": 4})[0, 0]
    assert (wide[0], wide[4], wide[-1]) == (128, 64, 64)
    assert not shades(np.full((1, 1, 2), np.nan), {"kind": "share", "high": 1}).any()


def test_what_overflows_says_at_which_step_and_is_in_no_bin() -> None:
    lanes = [
        Lane("huge", "huge", networks(cell="elman", nonlinearity="linear", recurrent_init=partial(normal, std=1e150)))
    ]
    stage = race(lanes, inputs(), words={})
    step = stage["lost"][0][0]
    trace = rv.unroll(lanes[0].networks[0], inputs()[:, :1])
    assert trace.nonfinite is not None
    assert step == trace.nonfinite.step > 0
    assert read(stage, "shades", "u1", SEEDS, T, BINS)[0, : step - 1].any(axis=1).all()
    assert not np.isfinite(read(stage, "left", "<f4", SEEDS, T)[0, 0])


def test_ranks_follow_from_the_medians_and_equals_share_one() -> None:
    inf = np.inf
    found = ranking(np.array([[-3.0, -2.0, -1.0], [1.0, 0.5, 2.0], [-inf] * 3, [-1.0, -1.0, 1.0], [inf, np.nan, 0.0]]))
    assert found["rank"] == [3, 1, None, 1, None]
    assert found["nearest"] == [0, 2, 0, 1, 1]  # with the first seed two are equally near
    middle = np.frombuffer(b64decode(found["median"]), "<f4").reshape(5, 3)[:, 1]
    assert middle[[0, 1, 3]].tolist() == [-2, 1, -1]
    assert middle[2] == -inf


def test_a_lane_may_read_something_of_its_own() -> None:
    x, (first, *_) = inputs()[:, 0], networks(cell="elman")
    stage = race([Lane("a", "a", [first]), Lane("b", "b", [first], x=3 * x)], x, words={})
    left = read(stage, "left", "<f4", 2, T)
    for lane, scale in enumerate((1, 3)):
        assert left[lane] == pytest.approx(np.log10(of_engine(first, scale * x)[1]), abs=1e-6)


def test_rotations_bring_every_gradient_back_as_it_left() -> None:
    rho = {0.9: "less", 1.0: "one", 1.1: "more"}
    lanes = [
        Lane(name, name, networks(cell="elman", nonlinearity="linear", recurrent_init=partial(orthogonal, gain=gain)))
        for gain, name in rho.items()
    ]
    left = read(race(lanes, inputs(), words={}), "arrived", "<f4", 3, SEEDS)
    assert left == pytest.approx((T - 1) * np.log10(list(rho))[:, None] * np.ones(SEEDS), abs=1e-6)


@pytest.mark.parametrize(
    ("lanes", "x"),
    [
        ([], inputs()),
        ([Lane("a", "a", [])], inputs()),
        ([Lane("a", "a", networks(cell="gru")), Lane("b", "b", networks(cell="gru")[:2])], inputs()),
        ([Lane("a", "a", networks(cell="gru"))], inputs()[:, :2]),
        ([Lane("a", "a", networks(cell="gru")), Lane("b", "b", networks(cell="gru"), x=inputs(3))], inputs()),
    ],
)
def test_lanes_that_do_not_fit_are_refused(lanes: list[Lane], x: np.ndarray) -> None:
    with pytest.raises(ShapeError):
        race(lanes, x, words={})


def test_all_that_a_race_writes_has_words() -> None:
    assert set(shared().labels("race", {})) == set(WORDS)
