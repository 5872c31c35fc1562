"""The stage of what is heard: what it is sent is what the network answered."""

from base64 import b64decode

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.player.hearing import Picture, hearing

RNG = np.random.default_rng(0)
T, I, C = 6, 13, 3
LABELS = ("a", "b", "c")
VALUES = RNG.normal(size=(T, I))
P = RNG.dirichlet(np.ones(C), T)


def stage(values=VALUES, p=P, **how):
    return hearing(Picture(values, "features"), p, labels=LABELS, words={}, **how)


def sent(text, size):
    return np.frombuffer(b64decode(text), "<f4").reshape(-1, size)


def test_signal_and_chances_are_sent_as_they_are():
    one = stage()
    assert np.array_equal(sent(one["picture"]["values"], I), VALUES.astype("f4"))
    assert np.array_equal(sent(one["p"], C), P.astype("f4"))
    assert one["kind"] == "hearing"


def test_without_windows_each_frame_has_read_all_up_to_its_step():
    assert stage()["windows"] == [[0, t + 1] for t in range(T)]
    assert stage(p=P[:2], windows=[(0, 4), (2, 6)])["windows"] == [[0, 4], [2, 6]]


def test_what_mattered_takes_a_step_of_its_own_and_is_relative_to_the_largest():
    one = stage(mattered=np.arange(T))
    assert (one["steps"], stage()["steps"]) == (T + 1, T)
    assert one["mattered"] == pytest.approx((np.arange(T) / (T - 1)).tolist())
    assert stage(mattered=np.zeros(T))["mattered"] == [0.0] * T


def test_a_window_that_stays_and_padding_are_sent_only_where_there_are_any():
    assert (stage()["beside"], stage()["padding"]) == (None, None)
    one = stage(p=P[:2], windows=[(0, 4), (2, 6)], beside=0, padding=(4, "zeros"))
    assert (one["beside"], one["padding"]) == (0, {"from": 4, "name": "zeros"})


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"values": VALUES[:, 0]}, "needs a picture"),
        ({"p": P[:, :2]}, "needs a picture"),
        ({"p": P[:4]}, "4 frames need windows"),
        ({"windows": [(k, k) for k in range(T)]}, "frames need windows"),
        ({"windows": [(k, k + 2) for k in range(T)]}, "frames need windows"),
        ({"mattered": np.ones(T - 1)}, "one number for each of 6 steps"),
    ],
)
def test_what_does_not_fit_is_refused(how, said):
    with pytest.raises(ShapeError, match=said):
        stage(**how)


def test_a_place_sets_what_the_stage_opens_with():
    one = stage(step=3, locked=True, play_to=5)
    assert (one["step"], one["locked"], one["play_to"]) == (3, True, 5)
