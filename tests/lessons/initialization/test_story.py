"""The story's races: their numbers are the engine's, and what its sentences take for granted is so."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from lessons import catalog
from lessons.common import text
from lessons.common.beats import Place, opened
from lessons.common.story import Scene, moment_at
from lessons.initialization import lanes, model, stage, tale
from lessons.initialization.experiment import NOISE, PULSE, Settings, Started
from lessons.initialization.others import SEEDS, biases, schemes

WORDS = text.load(catalog.folder("initialization"), "en")
RACES = ("two", "powers", "inputs", "recipes", "gain", "biases", "takeaway")


def place_of(beat: str) -> Place:
    place = opened(WORDS.beats, beat)
    for question in WORDS.questions(beat):
        place = place.answer(question, None)
    return place


def scene_of(place: Place) -> Scene:
    return stage.scene(moment_at(place, WORDS, model))


@pytest.mark.parametrize("name", RACES)
def test_what_arrives_in_each_lane_is_what_the_engine_computes(name: str) -> None:
    run = tale.race(name)
    for k, lane in enumerate(run.lanes):
        for seed in (0, tale.SEEDS - 1):
            trace, grads = run.read_by(lane, seed)
            layer = grads[0, 0]
            first = [layer.dh[0, 0]]
            if layer.dc is not None:
                first.append((trace[0, 0].gates["f"][1] * layer.dc[1])[0])
            with np.errstate(divide="ignore"):
                norm = np.log10(np.linalg.norm(np.concatenate(first)))
            assert run.arrived[k, seed] == pytest.approx(norm, abs=1e-6)


def test_a_rotation_times_rho_brings_back_the_power_that_the_question_asks_for() -> None:
    left = tale.race("powers").median()
    for lane, rho in (("less", tale.LESS), ("one", 1.0), ("more", tale.MORE)):
        assert left[lane] == pytest.approx((tale.DAYS - 1) * np.log10(rho), abs=1e-9)
    assert stage.power(np.log10(0.4)) == "half"
    assert stage.power(np.log10(0.1)) == "tenth"


def test_tiny_weights_lose_the_gradient_and_large_ones_make_it_explode() -> None:
    arrived = tale.race("two").arrived
    assert (arrived[0] < -6).all()
    assert (arrived[1] > 3).all()


def test_the_larger_the_inputs_the_more_is_saturated_and_the_less_comes_back() -> None:
    run = tale.race("inputs")
    assert (np.diff(run.arrived, axis=0) < 0).all()  # with every seed
    size = np.abs(run.found.h).mean(axis=(0, 2)).reshape(3, tale.SEEDS)
    assert (np.diff(size, axis=0) > 0).all()
    first, *others = ([one.state_dict()["weight_hh_l0"] for one in run.networks[lane]] for lane in run.lanes)
    assert all(np.array_equal(W, V) for other in others for W, V in zip(first, other))


def test_he_is_nearest_to_one_typically_but_not_with_every_seed() -> None:
    run = tale.race("recipes")
    assert run.best() == "he"
    assert sum(count for lane, count in run.nearest().items() if lane != "he") > 0
    assert {name: stage.around(rho) for name, rho in tale.radii().items()} == {
        "normal": "below", "uniform": "below", "xavier": "one", "he": "above", "orthogonal": "one", "identity": "one"
    }  # fmt: skip
    assert tale.radii()["he"] == pytest.approx(np.sqrt(2), rel=0.1)
    for bound in run.networks["uniform"][0].state_dict()["weight_hh_l0"].ravel():
        assert abs(bound) <= tale.UNITS**-0.5  # as PyTorch draws it


def test_there_is_a_gain_that_brings_the_gradient_back_nearly_as_it_left() -> None:
    off = [abs(tale.race("gain", gain).median()["yours"]) for gain in (1.0, 1.3, 1.6)]
    assert off[1] < 0.3 < min(off[0], off[2])


@pytest.mark.parametrize("name", RACES)
def test_the_median_that_the_text_says_is_the_one_that_the_picture_prints(name: str) -> None:
    beat = next(one for one in WORDS.beats if WORDS.attributes(one)["race"] == name)
    scene = scene_of(place_of(beat))
    drawn = np.frombuffer(b64decode(scene.stage["median"]), "<f4").reshape(-1, 3)[:, 1]
    assert list(scene.facts["left"].values()) == pytest.approx(drawn, abs=1e-5)


def test_the_beat_on_the_gain_opens_where_one_lane_is_ahead() -> None:
    assert sorted(scene_of(place_of("gain")).stage["rank"]) == [1, 2]


def test_the_lane_said_to_be_ahead_with_a_seed_is_the_nearest_to_one_with_it() -> None:
    run = tale.race("recipes")
    for seed in range(tale.SEEDS):
        off = dict(zip(run.lanes, np.abs(run.arrived[:, seed])))
        assert off[run.first(seed)] == min(off.values())
    assert {run.first(seed) for seed in range(tale.SEEDS)} > {"he"}  # so that the reader can find one


def test_a_more_open_forget_gate_brings_back_more() -> None:
    assert (np.diff(tale.race("biases").arrived, axis=0) > 0).all()
    gate = tale.race("biases").read_by("b0", 0)[0][0, 0].gates["f"]
    assert gate.mean() == pytest.approx(0.5, abs=0.05)


def test_a_click_on_a_lane_opens_its_network_and_the_link_leads_back_to_where_the_race_ended() -> None:
    place = place_of("luck").touch("seed", 4)
    assert scene_of(place).stage["watched"] == 4
    inside = scene_of(place.touch("lane", "he"))
    assert (inside.stage["kind"], inside.facts["opened"]) == ("player", "he")
    back = place.touch("lane", "he").touch("stage", {"play": 1})
    assert (scene_of(back).stage["kind"], scene_of(back).stage["phase"]) == ("race", "ranked")
    assert scene_of(back.touch("lane", "he")).stage["kind"] == "player"


@pytest.mark.parametrize("wrong", [{"lane": "nobody"}, {"seed": 99}, {"seed": "x"}, {"lane": None}])
def test_what_is_not_there_cannot_be_opened(wrong: dict[str, Any]) -> None:
    place = place_of("luck")
    for target, value in wrong.items():
        place = place.touch(target, value)
    assert scene_of(place).stage["kind"] == "race"
    assert scene_of(place).stage["watched"] == 0


@pytest.mark.parametrize("beat", [beat for beat in WORDS.beats if WORDS.questions(beat)])
def test_an_answer_is_played_to_the_end_of_its_race(beat: str) -> None:
    shut = scene_of(opened(WORDS.beats, beat)).stage
    assert (shut["locked"], shut["play_to"], shut["phase"]) == (True, None, "forward")
    told = scene_of(place_of(beat)).stage
    assert (told["locked"], told["play_to"]) == (False, told["last"])


# The race on top of Explore


@pytest.mark.parametrize(
    "s",
    [
        Settings("elman", "orthogonal", 1.3, "tanh", None, 50, NOISE, 12, 6, 3),
        Settings("elman", "zeros", 1.0, "relu", None, 50, PULSE, 9, 5, 25),
        Settings("lstm", "orthogonal", 1.0, "tanh", 2.5, 50, NOISE, 12, 6, 3),
        Settings("gru", "orthogonal", 1.0, "tanh", 1.0, 50, NOISE, 12, 6, 0),
    ],
)
@pytest.mark.parametrize("comparing", [False, True])
def test_the_page_s_own_network_runs_in_its_lane_with_its_seed(s: Settings, comparing: bool) -> None:
    run = Started(s)
    data = lanes.race(run, WORDS, comparing)
    names = [one["id"] for one in data["lanes"]]
    k, S = names.index(data["chosen"]), len(data["seeds"])
    left = np.frombuffer(b64decode(data["left"]), "<f4").reshape(len(names), s.steps)
    assert left[k] == pytest.approx(run.log10_gradient.astype("f4"), abs=1e-5)
    assert (SEEDS if comparing else 1) == S
    arrived = np.frombuffer(b64decode(data["arrived"]), "<f4").reshape(len(names), S)
    if data["watched"] >= 0:
        assert arrived[:, data["watched"]] == pytest.approx(left[:, 0], abs=1e-5)
    assert data["seed"] == str(s.seed)


def test_a_click_on_a_lane_sets_the_controls_to_what_runs_in_it() -> None:
    for s in (
        Settings("elman", "uniform", 1.0, "tanh", None, 50, NOISE, 5, 4, 0),
        Settings("lstm", "orthogonal", 1.0, "tanh", 1.0, 50, NOISE, 5, 4, 0),
    ):
        values = {"cell": s.cell, "activation": "tanh", "signal": NOISE, "steps": 5, "units": 4, "seed": 0}
        for name, one in lanes.lanes_of(s).items():
            found = model.settings(values | {"scheme": s.scheme} | model.pick("lane", name, values))
            assert (found.scheme, found.amount, found.bias) == (one.scheme, one.amount, one.bias)
    assert model.pick("seed", 7, {}) == {"seed": 7}
    assert model.pick("lane", lanes.YOURS, {"cell": "lstm"}) == {}


def test_a_lane_in_explore_says_the_spectral_radius_of_its_own_matrix() -> None:
    s = Settings("elman", "orthogonal", 1.3, "tanh", None, 50, NOISE, 5, 4, 3)
    said = {one["id"]: one["note"] for one in lanes.race(Started(s), WORDS, False)["lanes"]}
    assert said["orthogonal"] == "gain 1.3, ρ 1.3"
    he = next(one for one in schemes(s) if one.scheme == "he_normal")
    assert said["he_normal"] == f"ρ {np.abs(Started(he).eigenvalues).max():.2g}"


def test_every_way_to_begin_has_a_lane() -> None:
    plain = Settings("elman", "orthogonal", 1.2, "tanh", None, 50, NOISE, 5, 4, 0)
    assert tuple(lanes.lanes_of(plain)) == tuple(rv.initializers.INITIALIZERS)
    assert [one.scheme for one in schemes(plain)] == list(lanes.lanes_of(plain))
    gated = Settings("gru", "orthogonal", 1.0, "tanh", 2.5, 50, NOISE, 5, 4, 0)
    assert len(lanes.lanes_of(gated)) == len(biases(gated)) + 1
