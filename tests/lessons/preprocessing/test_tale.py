"""The story's tables and networks do what their beats are there to show."""

import numpy as np
import pytest

from lessons.preprocessing import model, raw, tale
from lessons.preprocessing.experiment import Settings


def test_fog_is_the_word_that_the_first_months_do_not_have() -> None:
    said = tale.facts("words")
    assert (said["strange"], said["answers"]["words"]) == ("fog", "other")
    kinds = [raw.weather().columns["weather"][day] for day in raw.days()]
    assert kinds[-1] == "fog"
    assert len(set(kinds)) == len(kinds)


def test_raw_numbers_hardly_get_anywhere_and_scaled_ones_do() -> None:
    said = tale.facts("scale")
    assert said["answers"]["scale"] == "stuck"
    assert said["ends"]["level"] < said["naive"]


def test_only_the_line_needs_a_value_that_comes_later() -> None:
    assert tale.facts("gaps")["answers"]["gaps"] == "line"
    for name, found in tale.fills().items():
        assert len(found) == int(np.isnan(raw.carbon().values[tale.GAPS]).sum())
        assert all((known > at) == (name == "line") for at, (_, known) in found.items())


def test_neighbouring_windows_share_all_but_one_week() -> None:
    assert tale.facts("windows")["answers"]["windows"] == "most"
    assert not np.isnan(raw.carbon().values[tale.SLIDES]).any()


def test_sorted_by_length_less_than_half_of_the_padding_is_left() -> None:
    said = tale.facts("lengths")
    assert said["answers"]["lengths"] == "less"
    rain = sum(len(spell) for spell in raw.spells())
    assert {said["cells"][when] - said["padding"][when] for when in ("before", "after")} == {rain}
    assert all((spell > 0).all() for spell in raw.spells())


def test_the_claim_is_far_from_the_truth_and_why_is_seen() -> None:
    said = tale.facts("claim")
    assert said["random"] < said["naive_random"]
    assert said["worse"]
    assert said["answers"]["claim"] == "far"
    why = tale.facts("why")
    assert why["answers"]["why"] in ("flat", "lags")
    assert why["said"] < why["most"] - 5
    assert why["change"] < why["naive"]


@pytest.mark.parametrize("name", model.PRESETS)
def test_a_preset_sets_what_it_is_called(name: str) -> None:
    chosen = Settings(**model.PRESETS[name])
    assert chosen != Settings()
    assert chosen.leaks == {"random": ("split",), "fitted": ("fitted",), "line": ("fill",)}.get(name, ())


def test_the_checks_know_what_is_so() -> None:
    said = model.checks(Settings())
    assert said["windows"] == 1000 - 26 - 4 + 1
    assert said["mean"] > 1
    assert said["answers"]["outside"] == "above"
