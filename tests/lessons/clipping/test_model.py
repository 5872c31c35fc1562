"""Presets show their point, every computed sentence says what is so, and the surface is the engine's."""

import re
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO

import numpy as np
import pytest

from lessons import catalog
from lessons.clipping import experiment as clipping
from lessons.clipping import model, surface, tale
from lessons.clipping.experiment import (
    AS_GOOD,
    NAMES,
    NEGLIGIBLE,
    NORM,
    RATES,
    THRESHOLDS,
    UNCLIPPED,
    UPDATES,
    VALUE,
    B,
    Settings,
    W,
)
from lessons.clipping.model import PRESETS, Facts
from lessons.common.controls import from_address, settle
from lessons.common.program import program
from rnnviz import error_surface
from rnnviz.clipping import clip_by_global_norm, clip_by_value
from rnnviz.error_surface import H0

EXAMPLES = 60


def facts(settings: Settings) -> Facts:
    return model.facts(settings, clipping.descents(settings))


def preset(name: str) -> tuple[Settings, Facts]:
    settings = Settings(**PRESETS[name])
    return settings, facts(settings)


def drawn(number: int) -> Settings:
    """Some settings; near the cliff as often as anywhere."""
    rng = np.random.default_rng([5, number])
    w = round(float(rng.uniform(*W)), 2)
    b = float(rng.uniform(*B)) if number % 2 else 0.5 - H0 * w + float(rng.normal(0, 0.02))
    return Settings(w, round(min(max(b, B[0]), B[1]), 2), float(rng.choice(RATES)), float(rng.choice(THRESHOLDS)))


# Descents


@pytest.mark.parametrize("threshold", THRESHOLDS[::3])
def test_clipping_only_where_it_is_needed_is_clipping_everywhere(threshold: float) -> None:
    """To the last bit: near the cliff anything less would end elsewhere."""
    chosen = replace(Settings(), threshold=threshold)
    clips = {VALUE: partial(clip_by_value, limit=threshold), NORM: partial(clip_by_global_norm, max_norm=threshold)}
    for name, clip in clips.items():
        whole = error_surface.descend(chosen.w, chosen.b, chosen.rate, UPDATES + 1, clip)
        np.testing.assert_array_equal(clipping.descents(chosen)[name].w, whole.w)
        np.testing.assert_allclose(clipping.descents(chosen)[name].norm_after, whole.norm_after, rtol=1e-12)
        np.testing.assert_allclose(clipping.descents(chosen)[name].angle, whole.angle, atol=1e-5)


@pytest.mark.parametrize("number", range(EXAMPLES))
def test_every_computed_sentence_is_so(number: int) -> None:
    chosen = drawn(number)
    found = clipping.descents(chosen)
    said = model.facts(chosen, found)
    for name in NAMES:
        check(chosen, found, said, name)
    misses = {name: np.sqrt(np.median(found[name].error[1 : UPDATES + 1])) for name in NAMES}
    first, second = sorted(misses.values())[:2]
    clear = second - first > AS_GOOD
    assert said.answers["best"] == (min(misses, key=lambda name: misses[name]) if clear else model.SEVERAL)


def check(chosen: Settings, found: dict[str, error_surface.Descent], said: Facts, name: str) -> None:
    """One descent, from its points alone and the gradients of the sweep."""
    descent, course = found[name], getattr(said, name)
    assert descent.stopped is None
    w, b = descent.w[: UPDATES + 1], descent.b[: UPDATES + 1]
    g = error_surface.surface(w[:-1], b[:-1])
    entries, norms = np.stack([g.dw, g.db]), np.hypot(g.dw, g.db)
    clipped = {
        UNCLIPPED: np.zeros_like(entries, bool),
        VALUE: np.abs(entries) > chosen.threshold,
        NORM: np.broadcast_to(norms > chosen.threshold, entries.shape),
    }[name]
    work, any_of = course.work, clipped.any(axis=0)
    near = (
        np.abs(np.abs(entries) / chosen.threshold - 1).min() < 1e-5 or np.abs(norms / chosen.threshold - 1).min() < 1e-5
    )
    if not near:
        assert work.clipped == any_of.sum()
        assert work.both == clipped.all(axis=0).sum()
        assert work.only_b == (clipped[1] & ~clipped[0]).sum()
        assert work.both + work.only_b == work.clipped  # none of w alone
        assert work.moved == pytest.approx(np.diff(w)[any_of].sum(), abs=1e-9)
        along = ((np.diff(w) - H0 * np.diff(b))[any_of] / np.hypot(1, H0)).sum()
        assert course.along == pytest.approx(abs(along), abs=1e-9)
        assert course.aside == ("larger" if along > 0 else "smaller")
    assert work.largest == pytest.approx(norms.max(), rel=1e-4)
    assert norms[work.at - 1] == pytest.approx(norms.max(), rel=1e-4)
    assert course.turned == (work.turned > 0.05)
    assert name == VALUE or not course.turned
    inside = (w >= W[0]) & (w <= W[1]) & (b >= B[0]) & (b <= B[1])
    assert (course.out is None) == inside[-1]
    if course.out is not None:
        assert not inside[course.out :].any()
        assert inside[course.out - 1] or course.out == 0
    assert (course.end == "map") == inside[-1]
    assert course.end != "valley" or course.error <= AS_GOOD**2
    later = error_surface.descend(w[-1], b[-1], chosen.rate, 300)
    if course.end in ("still", "slow") and name == UNCLIPPED:
        assert course.next_step < NEGLIGIBLE
        assert np.hypot(later.w - w[-1], later.b - b[-1]).max() < 0.1


@pytest.mark.parametrize("number", range(0, EXAMPLES, 3))
def test_a_clipped_step_goes_along_the_cliff_as_the_page_says(number: int) -> None:
    """For w > 0 both entries have one sign; with both limited a step up points to larger w, and so its projection."""
    chosen = drawn(number)
    descent = clipping.descents(chosen)[VALUE]
    dw, db = np.diff(descent.w), np.diff(descent.b)
    g = error_surface.surface(descent.w[:-1], descent.b[:-1])
    clipped_w, clipped_b = np.abs(g.dw) > chosen.threshold * (1 + 1e-6), np.abs(g.db) > chosen.threshold * (1 + 1e-6)
    positive = descent.w[:-1] > 0
    assert (g.dw * g.db >= 0)[positive].all()
    along = dw - H0 * db
    np.testing.assert_array_equal((along > 0)[clipped_w & clipped_b], (db > 0)[clipped_w & clipped_b])
    alone = clipped_b & ~clipped_w & positive & (np.abs(g.dw) < chosen.threshold * (1 - 1e-6))
    raw = -chosen.rate * (g.dw - H0 * g.db)
    np.testing.assert_array_equal((along > raw)[alone], (db > 0)[alone])
    assert (dw[alone & (db > 0) & (g.dw != 0)] >= 0).all()


def test_with_b_s_entry_alone_limited_the_projection_of_a_step_up_may_point_to_smaller_w() -> None:
    found = False
    for number in range(EXAMPLES):
        chosen = drawn(number)
        descent = clipping.descents(chosen)[VALUE]
        dw, db = np.diff(descent.w), np.diff(descent.b)
        g = error_surface.surface(descent.w[:-1], descent.b[:-1])
        alone = (np.abs(g.db) > chosen.threshold) & (np.abs(g.dw) < chosen.threshold)
        found = found or bool((alone & (db > 0) & (dw - H0 * db < 0)).any())
    assert found


# Presets


def test_into_the_cliff_unclipped_is_lost_and_both_clippings_survive() -> None:
    _, said = preset("cliff")
    assert said.unclipped.work.largest > 1000
    assert said.unclipped.end == "still"
    assert (said.value.end, said.norm.end) == ("map", "map")
    assert (said.value.compared, said.norm.compared) == ("better", "better")


@pytest.mark.parametrize("name", ["nothing", "plateau"])
def test_where_no_gradient_is_large_clipping_changes_nothing(name: str) -> None:
    settings, said = preset(name)
    found = clipping.descents(settings)
    for clipped in (VALUE, NORM):
        np.testing.assert_array_equal(found[clipped].w, found[UNCLIPPED].w)
    assert (said.norm.off < AS_GOOD) == (name == "nothing")


def test_clipping_by_value_can_do_harm_where_by_norm_does_not() -> None:
    """Over the path, and nearby as well."""
    settings, _ = preset("value_harms")
    for w, b in ((0, 0), (0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        said = facts(replace(settings, w=settings.w + w, b=settings.b + b))
        assert said.value.compared == "worse"
        assert said.norm.compared == "alike"
        assert said.unclipped.off < 0.05


def test_a_threshold_too_small_crawls_where_without_clipping_the_valley_is_reached() -> None:
    settings, said = preset("small")
    found = clipping.descents(settings)[NORM]
    path = np.hypot(np.diff(found.w[: UPDATES + 1]), np.diff(found.b[: UPDATES + 1])).sum()
    assert path <= UPDATES * settings.rate * settings.threshold * (1 + 1e-9)
    assert said.unclipped.off < AS_GOOD
    assert (said.value.compared, said.norm.compared) == ("worse", "worse")


def test_at_first_clipping_by_norm_is_best() -> None:
    said = facts(Settings())
    assert said.answers["best"] == NORM
    assert said.lost


def test_a_descent_that_was_not_finite_any_more_says_at_which_update() -> None:
    found = clipping.descents(Settings())
    gone = np.arange(UPDATES + 2) > 7
    ended = {name: np.where(gone, np.nan, getattr(found[UNCLIPPED], name)) for name in ("w", "b", "error")}
    said = model.facts(Settings(), found | {UNCLIPPED: replace(found[UNCLIPPED], **ended, stopped=7)})
    assert (said.unclipped.stopped, said.unclipped.end) == (8, "stopped")
    assert said.unclipped.typical == np.inf
    assert said.answers["best"] == NORM


# Explanation, questions, clicks


def test_the_numbers_of_the_explanation() -> None:
    cliff = model.about()
    assert (round(cliff.low, 5), round(cliff.high, 5)) == (-2.65561, -2.34439)
    assert cliff.begins == pytest.approx(4.25525, abs=1e-5)
    assert [round(norm) for norm in cliff.norms[:2]] == [779, 54759]
    g = error_surface.surface(5.0, error_surface.wall(5.0))
    assert clip_by_value({"g": np.array([g.dw, g.db]).ravel()}, 0.3).angle == pytest.approx(cliff.turned)


@pytest.mark.parametrize("number", range(0, EXAMPLES, 6))
def test_the_questions_know_their_answers(number: int) -> None:
    chosen = drawn(number)
    found = clipping.descents(chosen)
    asked = model.checks(chosen, found)
    first = np.hypot(found[NORM].w[1] - chosen.w, found[NORM].b[1] - chosen.b)
    assert first == pytest.approx(
        {"threshold": asked.by_threshold, "gradient": asked.by_gradient}[asked.answers["step"]], rel=1e-4
    )
    assert (asked.answers["turn"] in (VALUE, model.BOTH)) == (asked.value > 0.05)
    assert (asked.answers["nudge"] == "near") == (asked.apart[0] <= 0.001)


def test_a_click_sets_the_start_on_the_map_and_a_column_the_factor() -> None:
    assert model.pick("start", {"w": 4.517, "b": -99}, {}) == {"w": 4.52, "b": B[0]}
    assert model.pick("start", {"w": 1e9, "b": -2.004}, {}) == {"w": W[1], "b": -2.0}
    assert model.pick("factor", {"x": 7}, {}) == {"factor": "none"}


@pytest.mark.parametrize("said", [{"w": "1e9", "b": "x", "rate": "7", "threshold": "<b>"}, {"w": ["", "5"]}])
def test_nonsense_in_the_address_falls_back(said: dict[str, str]) -> None:
    assert Settings(**settle(model.controls, from_address(model.controls, said))[1]) == Settings()


def test_old_words_of_the_factor_are_understood() -> None:
    assert from_address(model.run_controls, {"factor": "no clipping"})["factor"] == "none"
    assert from_address(model.run_controls, {"factor": "0.5"})["factor"] == "0.5"


# Surface, program


@pytest.mark.parametrize("over", [surface.WHOLE, tale.OVER])
def test_the_surface_s_nodes_are_the_engine_s_and_one_line_of_them_is_the_cliff(over: surface.Ranges) -> None:
    sent = surface.surface(*over)
    w, rows = np.array(sent["w"]), sent["rows"]
    b, error = (np.array(sent[name]).reshape(len(w), rows) for name in ("b", "error"))
    assert (np.diff(b, axis=1) > 0).all()
    assert (b[:, 0].min(), b[:, -1].max()) == over[1]
    far = np.abs(b - (0.5 - H0 * w[:, None])) > 0.05
    np.testing.assert_allclose(error[far], error_surface.surface(w[:, None], b).error[far], atol=1e-3)
    steep = w > error_surface.WALL_FROM
    np.testing.assert_allclose(b[steep][:, rows // 2], error_surface.wall(w[steep]), atol=1e-4)


@pytest.mark.parametrize("name", PRESETS)
def test_the_program_prints_the_numbers_on_the_screen(name: str) -> None:
    settings, said = preset(name)
    out = StringIO()
    with redirect_stdout(out):
        exec(program(catalog.folder("clipping"), **model.program(settings)), {})
    lines = out.getvalue().splitlines()
    for k, descent in enumerate(NAMES):
        course = getattr(said, descent)
        *_, w, b, error = lines[3 * k].split()
        np.testing.assert_allclose([float(w), float(b), float(error)], [course.w, course.b, course.error], rtol=1e-9)
        assert float(lines[3 * k + 1]) == pytest.approx(course.typical, rel=1e-9)
        assert float(re.split(r"\s", lines[3 * k + 2])[0]) == pytest.approx(course.work.largest, rel=1e-9)
