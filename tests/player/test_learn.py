"""The stage of networks that learn: its records keep their bits, its panels their rows, and it is plain JSON."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from lessons.common.shared import shared
from rnnviz import ShapeError
from rnnviz.player import learn
from rnnviz.player.learn import WORDS, Lane, compact, curve, leaves, packed, plane, rows, sequence

LANES = [Lane("a", "A"), Lane("b", "B", fork=("a", 1))]


def read(sent: dict[str, Any], name: str, frames: int, lanes: int) -> np.ndarray:
    one = sent[name]
    return np.frombuffer(b64decode(one["data"]), f"<{one['type']}").reshape(frames, lanes, one["size"])


def test_a_number_keeps_every_bit() -> None:
    values = [0.1, 1 / 3, 5e-324, 1e308]
    sent = packed([[{"loss": value} for value in values]])
    assert read(sent, "loss", 4, 1).ravel().tolist() == values


def test_what_a_lane_has_no_record_of_is_nan() -> None:
    sent = packed([[{"loss": 1.0}, {"loss": 2.0, "gate_f": 0.5}], [None, {"loss": 3.0}]])
    assert np.array_equal(read(sent, "loss", 2, 2)[..., 0], [[1.0, np.nan], [2.0, 3.0]], equal_nan=True)
    assert np.array_equal(read(sent, "gate_f", 2, 2)[..., 0], [[np.nan, np.nan], [0.5, np.nan]], equal_nan=True)


def test_complex_numbers_are_pairs_and_lanes_may_have_different_sizes() -> None:
    sent = packed([[{"e": np.array([1 + 2j, 3 - 4j])}], [{"e": np.array([5j])}]])
    assert np.array_equal(read(sent, "e", 1, 2)[0], [[1, 2, 3, -4], [0, 5, np.nan, np.nan]], equal_nan=True)


def test_what_was_made_compact_is_sent_alike() -> None:
    record = {"loss": 0.1, "e": np.array([1j]), "y": np.arange(6.0).reshape(2, 3)}
    assert packed([[record]]) == packed([[compact(record)]])


def test_an_array_that_has_not_begun_may_be_empty_but_sizes_do_not_change() -> None:
    sent = packed([[{"norms": np.empty(0)}, {"norms": np.ones(3)}]])
    assert np.isnan(read(sent, "norms", 2, 1)[0]).all()
    with pytest.raises(ShapeError, match="norms"):
        packed([[{"norms": np.ones(2)}, {"norms": np.ones(3)}]])
    with pytest.raises(ShapeError, match="numbers"):
        packed([[{"loss": "much"}]])


def test_a_stage_is_plain_json_and_each_lane_has_a_hue_and_a_line_of_its_own() -> None:
    records = [[{"loss": 1.0}, {"loss": 0.5}], [None, {"loss": 0.5}]]
    stage = learn.learn(LANES, records, panels=[curve("loss", "Loss")], words={}, limit=30, token="t", run="r")
    stage = json.loads(json.dumps(stage, allow_nan=False))
    assert [lane["fork"] for lane in stage["lanes"]] == [None, {"of": "a", "at": 1}]
    assert stage["lanes"][0]["hue"] != stage["lanes"][1]["hue"]
    assert stage["lanes"][0]["dash"] != stage["lanes"][1]["dash"]
    assert (stage["frames"], stage["pace"], stage["run"]) == (2, 2.0, "r")


def test_lanes_with_different_numbers_of_frames_are_refused() -> None:
    with pytest.raises(ShapeError, match="as many frames"):
        learn.learn(LANES, [[{"loss": 1.0}], []], panels=[], words={}, limit=3)
    with pytest.raises(ShapeError, match="as many frames"):
        learn.learn(LANES, [[{"loss": 1.0}]], panels=[], words={}, limit=3)


def test_a_matrix_of_shares_has_a_name_for_each_row_and_column() -> None:
    panel = learn.shares("weights", "Where it looks", "ab", "xyz")
    assert panel["shape"] == [2, 3]
    assert panel["named"] == [["a", "b"], ["x", "y", "z"]]


def test_the_first_panel_stands_above_the_others_and_a_square_one_shares_its_row() -> None:
    line, square = curve("loss", "Loss"), plane("e", "W_h")
    wide = sequence("y", np.arange(3), "Answers")
    for given, lengths in (
        ([wide, line], [1, 1]),
        ([wide, square], [2]),
        ([wide, line, square], [1, 2]),
        ([square, line, line, line], [2, 2]),
        ([wide, line, line, line, line], [1, 2, 2]),
        ([line], [1]),
    ):
        found = rows(given)
        assert [len(row) for row in found] == lengths
        assert [panel for row in found for panel in row] == given
    assert rows([[line], [square, line]]) == [[line], [square, line]]


def test_a_baseline_is_left_where_the_mean_of_the_last_losses_is_well_below_it() -> None:
    losses = [1.0] * 40 + [0.5] * 40
    assert leaves(losses, 1.0) == 45  # of 20 losses five are one half: a mean of 0.875
    assert leaves(losses[:30], 1.0) is None
    assert leaves(losses[:5], 1.0) is None
    assert leaves([1.0] * 5 + [0.0] + [1.0] * 60, 1.0) is None  # one loss alone says nothing


def test_a_map_has_its_heights_row_by_row() -> None:
    sent = learn.chart((0, 1), (0, 2), np.arange(6).reshape(2, 3), [1, 2])
    assert sent["shape"] == [2, 3]
    assert np.frombuffer(b64decode(sent["z"]), "<f4").tolist() == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ShapeError, match="heights"):
        learn.chart((0, 1), (0, 2), np.arange(6), [])


def test_all_that_it_writes_has_words() -> None:
    assert set(shared().labels("learn", {})) == set(WORDS)
