"""The story's sentences are true of its descents, at every threshold that the reader can choose."""

import numpy as np
import pytest

from lessons import catalog
from lessons.clipping import model, tale
from lessons.clipping.experiment import NAMES, NORM, THRESHOLDS, UNCLIPPED, VALUE
from lessons.common import text
from rnnviz import error_surface
from rnnviz.clipping import clip_by_global_norm, clip_by_value


def model_words() -> text.Words:
    return text.load(catalog.folder("clipping"), "en")


def on_the_map(descent: error_surface.Descent) -> np.ndarray:
    (low_w, high_w), (low_b, high_b) = tale.OVER
    return np.asarray((descent.w >= low_w) & (descent.w <= high_w) & (descent.b >= low_b) & (descent.b <= high_b))


def test_one_step_throws_the_unclipped_descent_off_the_map_for_good() -> None:
    said, bare = tale.step(), tale.walk()[UNCLIPPED]
    assert on_the_map(bare)[: said.at].all()
    assert not on_the_map(bare)[said.at :].any()
    assert (said.w, said.b) == (bare.w[said.at], bare.b[said.at])
    assert said.answers == {"lands": "out"}
    assert said.stays
    assert len({*bare.w[said.at :].tolist()}) == 1
    g = error_surface.surface(bare.w[said.at - 1], bare.b[said.at - 1])
    assert said.norm == pytest.approx(np.hypot(g.dw, g.db), rel=1e-9)
    assert said.usual == bare.norm_before[: said.at - 1].max()


def test_all_three_are_alike_up_to_the_cliff_s_face() -> None:
    """So that the beats which open there show no more than was seen."""
    found, at = tale.walk(), tale.step().at
    for name in (VALUE, NORM):
        np.testing.assert_array_equal(found[name].w[:at], found[UNCLIPPED].w[:at])
        assert found[name].w[at] != found[UNCLIPPED].w[at]


def test_by_value_turns_and_by_norm_does_not() -> None:
    said = tale.turn()
    assert said["answers"] == {"turns": VALUE}
    assert 0 < said["most"] < 45
    for degrees in range(0, 360, 45):
        angle = np.radians(degrees)
        g = {"g": tale.LONG * np.array([np.cos(angle), np.sin(angle)])}
        assert clip_by_value(g, 1.0).angle == pytest.approx(0, abs=1e-6)
        assert clip_by_global_norm(g, 1.0).angle == pytest.approx(0, abs=1e-6)


def test_the_best_of_the_three_is_nearest_to_the_target_most_of_the_way() -> None:
    said = tale.replay()
    (best,) = said.answers.values()
    others = [said.off[name] for name in NAMES if name != best]
    assert said.off[best] < min(others)
    for name, descent in tale.walk().items():
        off = np.sqrt(descent.error[1 : tale.UPDATES + 1])
        assert said.off[name] == pytest.approx(np.median(off), rel=0.1)
    assert said.turned == tale.walk()[VALUE].angle[said.at - 1] > 0.05


def test_both_clipped_walkers_come_back_to_the_cliff_while_it_is_played() -> None:
    said, found, played = tale.replay(), tale.walk(), model_words().attributes("replay")["play_to"]
    assert model_words().attributes("replay")["threshold"] == tale.START.threshold  # what is drawn is what is told
    again = [found[name].norm_before[said.at : played] > tale.START.threshold for name in (VALUE, NORM)]
    assert said.returns
    assert all(one.any() for one in again)
    assert said.longer
    assert found[VALUE].norm_after[said.at - 1] > found[NORM].norm_after[said.at - 1]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_what_is_said_of_a_threshold_is_so(threshold: float) -> None:
    said, descent = tale.limit(threshold), tale.walk(threshold)[NORM]
    clipped = (descent.norm_before > threshold)[: tale.UPDATES]
    assert said.clipped == clipped.sum()
    below = descent.b < error_surface.START - error_surface.H0 * descent.w
    assert said.arrives == below.any()
    if said.ends == "walks":
        assert threshold > said.usual  # ordinary steps pass
    if said.ends == "crawls":
        assert threshold < said.usual
    if said.ends != "crawls":
        assert said.arrives
    thrown, crawls = not on_the_map(descent).all(), clipped.mean() > tale.CRAWLS
    assert said.ends == ("thrown" if thrown else "crawls" if crawls else "walks")


def test_the_reader_finds_a_threshold_of_each_kind() -> None:
    ends = [tale.limit(threshold).ends for threshold in THRESHOLDS]
    assert ends[0] == "crawls"
    assert ends[-1] == "thrown"
    assert tale.limit(tale.START.threshold).ends == "walks"
    assert sorted(ends, key=["crawls", "walks", "thrown"].index) == ends


def test_networks_that_do_not_learn_without_clipping_learn_with_it() -> None:
    said = tale.learned()
    assert said["best"] > said["once"] >= said["without"]
    assert not said["matters"]
    assert said["least"] > said["seeds"] / 2


@pytest.mark.parametrize("beat", tale.BEATS)
def test_the_page_s_facts_are_the_story_s(beat: str) -> None:
    values = {"threshold": 0.5}
    assert model.facts_for(beat, values) == tale.facts(beat, values)
