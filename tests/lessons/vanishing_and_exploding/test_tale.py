"""The story's networks: each does what its beat is there to show, and what is said of it is so."""

from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from lessons.common import text
from lessons.common.controls import settle
from lessons.common.story import Moment
from lessons.vanishing_and_exploding import model, stage, tale
from lessons.vanishing_and_exploding.tale import DAYS, PAIRS, Pair
from rnnviz.player.walk import walk

WORDS = text.load(Path(stage.__file__).parent)
VALUES = settle(model.controls, {})[1]


def said(beat: str, **values: float) -> tale.Facts:
    return tale.facts(beat, VALUES | values)


def left(trace: rv.Trace) -> np.ndarray:  # type: ignore[type-arg]
    """log10 of the most that is left after each number of steps back, by finite matrices of backpropagation."""
    H, T = trace.network.hidden_size, len(trace.y)
    found = []
    for unit in range(H):
        dy = np.zeros((T, 1, H))
        dy[-1, 0, unit] = 1
        grads = rv.backpropagate(trace.network, trace, dy)[0, 0]
        found.append(np.concatenate([grads.dh0, grads.dh[:, 0]]))
    matrices = np.stack(found, axis=1)
    return np.asarray(np.log10(np.linalg.norm(matrices, 2, axis=(1, 2)))[::-1])


@pytest.mark.parametrize("beat", PAIRS)
def test_a_pair_has_the_spectral_radius_that_it_names(beat: str) -> None:
    W = tale.pair(PAIRS[beat]).network.state_dict()["weight_hh_l0"]
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(PAIRS[beat].rho)


def test_one_factor_cubes_what_is_left_where_the_steps_are_three_times_as_many() -> None:
    found = said("log")
    assert found["answers"] == {"log": "cube"}
    assert found["left"] == pytest.approx(found["ten"] ** 3)
    assert found["shares"]["cube"] == pytest.approx(found["left"])


@pytest.mark.parametrize(
    ("rho", "fate"),
    [
        (0.9, "vanishes"),
        (0.95, "shrinks"),
        (1.0, "keeps"),
        (1.05, "grows"),
        (1.1, "explodes"),
    ],
)
def test_without_slopes_and_without_shear_rho_decides(rho: float, fate: str) -> None:
    found = said("rho", rho=rho)
    assert found["fate"] == fate
    assert found["left"] == pytest.approx(DAYS * np.log10(rho), abs=1e-9)


def test_with_rho_above_one_it_vanishes() -> None:
    found = said("saturated")
    assert found["rho"] > 1
    assert found["answers"] == {"saturated": "smaller"}
    assert found["left"] == pytest.approx(left(tale.pair(PAIRS["saturated"]))[-1])
    assert found["per_step"] ** DAYS == pytest.approx(10 ** found["left"])
    assert found["per_step"] < 1 < found["rho"]


def test_the_circle_is_squashed_most_where_both_states_are_far_from_zero() -> None:
    found = said("slopes")
    h = tale.pair(PAIRS["slopes"])[0, 0].h[:, 0]
    both = 1 - h**2
    assert found["day"] == int(both.prod(axis=1).argmin()) + 1
    assert (found["slope_one"], found["slope_two"]) == pytest.approx(tuple(both[found["day"] - 1]))
    assert np.abs(h[found["day"] - 1]).min() > 0.9


def test_of_three_networks_the_lstm_typically_brings_back_the_most_and_the_plain_one_the_least() -> None:
    found = said("cells")
    assert found["answers"] == {"cells": "lstm"}
    assert found["left"]["elman"] < found["left"]["gru"] < found["left"]["lstm"]
    assert found["left"]["elman"] < -2 < -1 < found["left"]["gru"]


@pytest.mark.parametrize("kind", tale.KINDS)
def test_what_a_lane_brings_back_is_what_its_network_alone_does(kind: str) -> None:
    at = list(tale.KINDS).index(kind)
    _, grads = tale.raced(kind, 3)
    states = [grads[0, 0].dh[0, 0]]
    if kind == "lstm":
        trace, dc = tale.raced(kind, 3)[0], grads[0, 0].dc
        assert dc is not None
        states.append(trace[0, 0].gates["f"][1, 0] * dc[1, 0])
    assert np.log10(np.linalg.norm(np.concatenate(states))) == pytest.approx(tale.brought_back()[at, 3], abs=1e-9)


def test_a_lane_that_is_clicked_is_looked_into_and_the_link_leads_back() -> None:
    def stage_of(**touched: object) -> str:
        attributes = WORDS.attributes("cells")
        moment = Moment("cells", attributes, VALUES, touched, True, 0, WORDS)
        return str((stage.scene(moment).stage or {})["kind"])

    assert stage_of() == "race"
    assert stage_of(lane="gru") == "player"
    assert stage_of(lane="gru", stage={"play": 1}) == "race"
    assert stage_of(stage={"play": 1}, lane="lstm") == "player"


def test_an_open_forget_gate_carries_the_gradient_and_a_closed_one_does_not() -> None:
    arrives = [said("carried", keep=keep)["left"] for keep in (-2.0, 0.0, 2.0, 5.0)]
    assert arrives == sorted(arrives)
    assert arrives[0] < -10
    assert arrives[-1] > -0.1


@pytest.mark.parametrize("keep", np.arange(-2.0, 8.5, 0.5))
def test_other_paths_add_to_what_comes_by_the_forget_gate_alone(keep: float) -> None:
    found, gates = said("carried", keep=keep), tale.carrier(keep)[0, 0].gates["f"]
    assert found["f"] ** DAYS == pytest.approx(gates.prod())
    assert 10 ** found["alone"] == pytest.approx(gates.prod())
    assert found["left"] > found["alone"]
    assert found["whole"] == (found["left"] >= 0)


@pytest.mark.parametrize("beat", ["circle", "saturated", "carried"])
def test_the_arrow_that_is_drawn_as_the_best_has_the_norm_that_the_words_quote(beat: str) -> None:
    passed = tale.trace(beat, VALUES)
    sent, T = walk(passed), DAYS
    shape = np.frombuffer(b64decode(sent["shape"])).reshape(T + 1, 2, 2)
    s1 = np.frombuffer(b64decode(sent["s1"]))
    at = np.radians(sent["best"])
    norm = s1[0] + np.log10(np.linalg.norm(shape[0] @ [np.cos(at), np.sin(at)]))
    assert norm == pytest.approx(said(beat)["left"], abs=1e-6)


def test_where_every_arrow_keeps_as_much_none_is_the_best() -> None:
    assert walk(tale.trace("rho", VALUES))["best"] is None


def test_the_states_do_not_move_where_nothing_is_read() -> None:
    assert not tale.pair(Pair(1.3))[0, 0].h.any()


def test_the_first_days_are_those_of_the_other_lessons() -> None:
    assert tale.weather()[:8, 0, 0].tolist() == [1.4, -0.5, 0.2, -0.5, -0.7, 0.0, -0.1, -0.8]
