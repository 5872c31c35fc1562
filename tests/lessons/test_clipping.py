"""The lesson on clipping, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import html
import json
import re
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons._clipping import descents, words
from lessons._clipping import experiment as clipping
from lessons._clipping.experiment import NORM, PRESETS, RATES, THRESHOLDS, UNCLIPPED, UPDATES, VALUE, Settings
from lessons._clipping.training import FACTORS, SEEDS, runs
from rnnviz import error_surface
from rnnviz.clipping import clip_by_global_norm, clip_by_value
from rnnviz.figures.numbers import significant
from rnnviz.player.descent import SENT

PAGE = str(Path(__file__).parents[2] / "lessons" / "clipping.py")
TRIES, DESCENTS, _, PICTURES, RUN = range(5)  # the components on the page, in order
HEAD_ON, NOTHING, HARM, SMALL, PLAIN = PRESETS.values()


def visit(chosen: Settings | None = None, **state: object) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    for name in Settings.__dataclass_fields__:
        at.session_state[name] = getattr(chosen or Settings(), name)
    for name, value in state.items():
        at.session_state[name] = value
    at.run()
    assert not at.exception
    return at


def sent(at: AppTest) -> np.ndarray:
    """What the browser gets of the descents: (3, names, points)."""
    given = bytes(at.get("bidi_component")[DESCENTS].proto.bytes)
    start = 4 + int.from_bytes(given[:4], "little")
    return np.frombuffer(given[start:], "<f4").reshape(3, len(SENT), UPDATES + 1)


def pictures(at: AppTest, which: int = PICTURES) -> str:
    return "".join(json.loads(at.get("bidi_component")[which].proto.json)["pictures"])


def said(at: AppTest, which: int = PICTURES) -> str:
    """The words of the pictures, as they are read."""
    return html.unescape(re.sub(r"<[^>]+>", "", pictures(at, which)))


def assert_shows(at: AppTest, chosen: Settings) -> None:
    """The descents are the engine's."""
    clips = (
        None,
        partial(clip_by_value, limit=chosen.threshold),
        partial(clip_by_global_norm, max_norm=chosen.threshold),
    )
    for clip, shown in zip(clips, sent(at)):
        found = error_surface.descend(chosen.w, chosen.b, chosen.rate, UPDATES + 1, clip)
        for name, row in zip(SENT, shown):
            np.testing.assert_allclose(row, getattr(found, name)[: UPDATES + 1], rtol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"w": descents.W[0]},
        {"w": descents.W[1]},
        {"b": descents.B[0]},
        {"b": descents.B[1]},
        {"rate": RATES[0]},
        {"rate": RATES[-1]},
        {"threshold": THRESHOLDS[0]},
        {"threshold": THRESHOLDS[-1]},
        {"w": descents.W[1], "b": descents.B[1], "rate": RATES[-1], "threshold": THRESHOLDS[-1]},
    ],
)
def test_both_ends_of_each_slider(change: dict[str, float]) -> None:
    chosen = replace(Settings(), **change)
    assert_shows(visit(chosen), chosen)


@pytest.mark.parametrize("chosen", PRESETS.values(), ids=list(PRESETS))
def test_every_preset_opens_and_says_what_its_descents_did(chosen: Settings) -> None:
    at = visit(chosen)
    assert_shows(at, chosen)
    for label in PRESETS:
        assert f'data-pick="{label}"' in pictures(at, TRIES)
    told = said(at)
    for name, descent in clipping.descents(chosen).items():
        if name == UNCLIPPED or clipping.work(name, descent, chosen).clipped:
            assert f"with E = {significant(clipping.final_error(descent))}" in told


def test_the_wall_head_on_is_bad_without_clipping_and_survived_with_it() -> None:
    found = clipping.descents(HEAD_ON)
    assert found[UNCLIPPED].norm_before.max() > 1000
    assert clipping.left_at(found[UNCLIPPED]) is not None
    assert all(clipping.left_at(found[name]) is None for name in (VALUE, NORM))


def test_where_no_gradient_is_long_clipping_changes_nothing() -> None:
    for chosen in (NOTHING, PLAIN):
        found = clipping.descents(chosen)
        for name in (VALUE, NORM):
            np.testing.assert_array_equal(found[name].w, found[UNCLIPPED].w)
    assert clipping.final_error(clipping.descents(NOTHING)[NORM]) < 1e-3
    assert clipping.final_error(clipping.descents(PLAIN)[NORM]) > 0.05


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_clipping_only_where_it_is_needed_is_clipping_everywhere(threshold: float) -> None:
    """To the last bit: near the wall anything less would end elsewhere."""
    chosen = replace(Settings(), threshold=threshold)
    clips = {VALUE: partial(clip_by_value, limit=threshold), NORM: partial(clip_by_global_norm, max_norm=threshold)}
    for name, clip in clips.items():
        whole = error_surface.descend(chosen.w, chosen.b, chosen.rate, UPDATES + 1, clip)
        np.testing.assert_array_equal(clipping.descents(chosen)[name].w, whole.w)
        np.testing.assert_allclose(clipping.descents(chosen)[name].norm_after, whole.norm_after, rtol=1e-12)
        np.testing.assert_allclose(clipping.descents(chosen)[name].angle, whole.angle, atol=1e-5)


def test_clipping_by_value_can_do_harm() -> None:
    """The surprise: unclipped, and clipped by norm, the descent reaches the valley that by value it does not reach."""
    misses = clipping.misses(clipping.descents(HARM))
    assert misses[UNCLIPPED] < 0.01
    assert misses[NORM] < 0.1
    assert misses[VALUE] > 0.1


def test_a_threshold_too_small_crawls() -> None:
    found = clipping.descents(SMALL)[NORM]
    way = np.hypot(np.diff(found.w[: UPDATES + 1]), np.diff(found.b[: UPDATES + 1])).sum()
    assert way <= UPDATES * SMALL.rate * SMALL.threshold * (1 + 1e-9)
    assert clipping.final_error(found) > 0.3


@pytest.mark.parametrize("chosen", [Settings(), HEAD_ON, HARM])
def test_what_clipping_did_is_counted_from_the_gradients_themselves(chosen: Settings) -> None:
    found = clipping.descents(chosen)
    for name, descent in found.items():
        g = error_surface.surface(descent.w[:UPDATES], descent.b[:UPDATES])
        entries, norms = np.stack([g.dw, g.db]), np.hypot(g.dw, g.db)
        cut = {
            UNCLIPPED: np.zeros_like(entries, bool),
            VALUE: np.abs(entries) > chosen.threshold,
            NORM: np.broadcast_to(norms > chosen.threshold, entries.shape),
        }[name]
        done = clipping.work(name, descent, chosen)
        assert done.clipped == cut.any(axis=0).sum()
        assert done.both == cut.all(axis=0).sum()
        assert (~cut[0] | cut[1]).all()  # none of w alone
        assert done.touched == pytest.approx(cut.mean())
        assert done.largest == pytest.approx(norms.max(), rel=1e-6)
        assert (done.turned > 1) == (name == VALUE)


def test_cutting_by_value_turns_towards_the_w_axis_and_by_norm_not_at_all() -> None:
    """On the wall by arctan(1 / sigma(0.5)) - 45 degrees, as the page says."""
    g = error_surface.surface(5.0, error_surface.wall(5.0))
    grads = {"g": np.array([g.dw, g.db]).ravel()}
    turned = clip_by_value(grads, 0.3).angle
    assert f"turned by {turned:.1f}°" in " ".join(words.EXPLANATION.split())
    assert clip_by_global_norm(grads, 0.3).angle < 1e-6


def test_the_numbers_of_the_explanation() -> None:
    """As the issue gives them."""
    told = " ".join(words.EXPLANATION.split())
    for number in ("−2.65561", "−2.34439", "0.5 − 0.622459 w", "4.25525", "779.4 for w = 5", "54,759", "3.03×10⁶"):
        assert number in told


@pytest.mark.parametrize(
    ("chosen", "truth"), [(Settings(), NORM), (NOTHING, "all three alike"), (HARM, UNCLIPPED), (HEAD_ON, NORM)]
)
@pytest.mark.parametrize("guess", [VALUE, UNCLIPPED, NORM, "all three alike"])
def test_the_verdict_is_the_smallest_error(chosen: Settings, truth: str, guess: str) -> None:
    at = visit(chosen, predict_best=guess)
    expected = f"You predicted it: **{truth}**" if guess == truth else f"You said “{guess}”; it is **{truth}**"
    assert any(expected in m.value for m in at.markdown)
    found = clipping.descents(chosen)
    for name in (UNCLIPPED, VALUE, NORM):
        assert any(f"{name} {significant(clipping.final_error(found[name]))}" in m.value for m in at.markdown)


def test_a_clipping_that_never_took_hold_says_so() -> None:
    """A gradient may be longer than the threshold while neither of its entries is."""
    found = clipping.descents(NOTHING)
    threshold = float(found[UNCLIPPED].norm_before[:UPDATES].max()) * 0.99
    chosen = replace(NOTHING, threshold=threshold)
    told = " ".join(words.say_what_you_saw(chosen, clipping.descents(chosen)))
    assert "Clipping by value never took hold: no entry was larger than the threshold" in told
    assert "Clipping by norm took hold" in told
    assert "clipping changed nothing at all" in " ".join(words.say_what_you_saw(NOTHING, found))


def test_the_verdict_stands_in_the_question_s_place_and_moves_no_chart() -> None:
    at = visit()
    assert not any("You predicted" in m.value for m in at.markdown)
    assert pictures(visit(predict_best=NORM)) == pictures(at)


def test_a_descent_that_left_the_map_says_so_and_shows_a_way_back() -> None:
    told = said(visit())
    out = clipping.left_at(clipping.descents(Settings())[UNCLIPPED])
    assert f"Since update {out} it has been off the map" in told
    assert "click on the map" in told
    assert 'data-pick="back"' in pictures(visit(), TRIES)


def told_of(w: float, b: float, rate: float = 0.3, threshold: float = 0.3) -> str:
    chosen = Settings(w, b, rate, threshold)
    return " ".join(words.say_what_you_saw(chosen, clipping.descents(chosen)))


def test_off_the_map_a_reached_valley_a_plain_and_a_way_are_told_apart() -> None:
    """The third is back on the map at update 211, and reaches the valley."""
    reached = told_of(3.84, -1.94, threshold=10.0)
    assert "in the valley, which goes on beyond the map" in reached
    assert "You come back" not in reached
    assert "no quick way back" in told_of(5.0, -2.2)
    assert "The gradient there is 0: from such a plain there is no way back" in told_of(6.0, -2.2)
    way = words.say_unclipped(SMALL, clipping.descents(SMALL)[UNCLIPPED])
    assert "still on its way: its next step is 0.00459 long" in way
    assert "plain" not in way
    later = error_surface.descend(SMALL.w, SMALL.b, SMALL.rate, 400)
    assert np.flatnonzero((later.b > descents.B[1]) & (np.arange(401) > 100))[-1] == 210
    assert later.error[-1] < 1e-29


def test_from_what_is_called_a_plain_no_descent_is_soon_back() -> None:
    rng, seen = np.random.default_rng(3), 0
    for _ in range(40):
        chosen = Settings(rng.uniform(*descents.W), rng.uniform(*descents.B), float(rng.choice(RATES)), 0.3)
        descent = error_surface.descend(chosen.w, chosen.b, chosen.rate, UPDATES + 1)
        if "plain" in words.say_end(chosen, descent):
            seen += 1
            later = error_surface.descend(descent.w[UPDATES], descent.b[UPDATES], chosen.rate, 500)
            assert np.hypot(later.w - later.w[0], later.b - later.b[0]).max() < 0.1
    assert seen > 3


def test_a_clipped_descent_says_where_it_ended_and_whether_that_is_better() -> None:
    assert "with E = 0.0202. That is worse than without clipping (E = 5.21×10⁻⁵): here it did harm" in told_of(
        4.2, -2.4
    )
    assert "with E = 0.000710. That is better than without clipping (E = 0.0900): here it helped" in told_of(5.0, -2.2)
    off = Settings(threshold=10.0)
    norm = clipping.descents(off)[NORM]
    assert clipping.left_at(norm) == 50
    assert "Since update 50 it has been off the map" in words.say_clipped(off, clipping.descents(off))[1]


def test_no_angle_of_nothing_is_told() -> None:
    """A clipping that took hold nowhere turned nothing, and one that did is counted."""
    told = told_of(4.07, -2.19, 0.2, 1.0)
    assert "by up to 0.0°" not in told
    assert "at 0 of" not in told
    assert "Clipping by norm took hold at 1 of 100 updates" in told


def test_a_step_with_both_entries_cut_goes_along_the_wall_as_the_page_says() -> None:
    """Up: towards larger w; down: towards smaller w. With b's alone cut it turns in the same sense, short of 45°."""
    alone_up = []
    for chosen in (Settings(), HARM, Settings(rate=1.0), Settings(b=-3.4), Settings(w=5.5, b=-2.5, rate=0.1)):
        descent = clipping.descents(chosen)[VALUE]
        dw, db = np.diff(descent.w), np.diff(descent.b)
        g = error_surface.surface(descent.w[:-1], descent.b[:-1])
        cut_w, cut_b = np.abs(g.dw) > chosen.threshold, np.abs(g.db) > chosen.threshold
        along = dw - error_surface.H0 * db
        np.testing.assert_array_equal((along > 0)[cut_w & cut_b], (db > 0)[cut_w & cut_b])
        alone = cut_b & ~cut_w
        raw = -chosen.rate * (g.dw - error_surface.H0 * g.db)
        np.testing.assert_array_equal((along > raw)[alone], (db > 0)[alone])
        assert (np.abs(db) >= np.abs(dw))[alone].all()
        alone_up += list(along[alone & (db > 0)] < 0)
    assert any(alone_up)


def test_the_chart_says_that_more_than_the_threshold_may_be_left() -> None:
    assert "Up to √2 times the threshold is left" in said(visit())
    assert "√2" not in said(visit(NOTHING))


def test_thresholds_of_five_and_ten_averages_help_as_little_as_none() -> None:
    seen = runs()
    high = [FACTORS.index(5.0), FACTORS.index(10.0), len(FACTORS) - 1]
    assert (seen.learned()[high] == 0).all()
    assert not (seen.norm > seen.threshold)[high].any()
    told = " ".join(words.EXPLANATION.split())
    assert "Here 5 and 10 times help as little as no clipping (0 and 0 of 10 networks learned)" in told
    assert "with seed 0 at 0 and 0 of the 400 updates" in told


def test_a_descent_whose_numbers_ended_says_at_which_update() -> None:
    whole = clipping.descents(Settings())[UNCLIPPED]
    gone = np.arange(UPDATES + 2) > 7
    ended = replace(whole, w=np.where(gone, np.nan, whole.w), b=np.where(gone, np.nan, whole.b), stopped=7)
    assert "ended at update 8" in words.say_unclipped(Settings(), ended)
    assert clipping.final_error(ended) == np.inf
    assert clipping.work(UNCLIPPED, ended, Settings()).clipped == 0


def test_a_click_sets_a_start_on_the_map_and_nonsense_the_first_setting() -> None:
    assert clipping.start_at(4.517, -99) == {"w": 4.52, "b": descents.B[0]}
    assert clipping.start_at(1e9, -2.004) == {"w": descents.W[1], "b": -2.0}
    assert Settings(**clipping.preset("the wall, head-on")) == HEAD_ON
    assert Settings(**clipping.preset("<nonsense>")) == Settings()


def test_the_surface_s_nodes_are_the_engine_s_and_one_line_of_them_is_the_wall() -> None:
    sent = descents.surface()
    w, rows = np.array(sent["w"]), sent["rows"]
    b, error = (np.array(sent[name]).reshape(len(w), rows) for name in ("b", "error"))
    assert (np.diff(b, axis=1) > 0).all()
    assert (b[:, 0].min(), b[:, -1].max()) == descents.B
    far = np.abs(b - (0.5 - error_surface.H0 * w[:, None])) > 0.05
    np.testing.assert_allclose(error[far], error_surface.surface(w[:, None], b).error[far], atol=1e-3)
    steep = w > error_surface.WALL_FROM
    on_wall = b[steep][:, rows // 2]
    np.testing.assert_allclose(on_wall, error_surface.wall(w[steep]), atol=1e-4)


def test_the_program_prints_the_numbers_on_the_screen() -> None:
    at = visit(HARM, code=True)
    assert len(at.code) == 1
    out = StringIO()
    with redirect_stdout(out):
        exec(at.code[0].value, {})
    lines = out.getvalue().splitlines()
    for k, shown in enumerate(sent(at)):
        *_, w, b, error = lines[2 * k].split()
        w_shown, b_shown, error_shown, before, *_ = shown
        np.testing.assert_allclose(
            [float(w), float(b), float(error)], [w_shown[-1], b_shown[-1], error_shown[-1]], rtol=1e-5
        )
        np.testing.assert_allclose(float(lines[2 * k + 1].split()[0]), before[:-1].max(), rtol=1e-5)


@pytest.mark.parametrize("chosen", [Settings(), HEAD_ON])
def test_the_questions_know_their_answers(chosen: Settings) -> None:
    at = visit(chosen, checks=True)
    assert len(at.radio) == 3
    for radio in at.radio:
        radio.set_value(radio.options[0])
    at.run()
    assert not at.exception
    assert len(at.success) + len(at.info) == 3


@pytest.mark.parametrize("chosen", [Settings(), HEAD_ON, PLAIN])
def test_the_longest_gradient_on_the_screen_is_verified(chosen: Settings) -> None:
    at = visit(chosen, verify=True)
    found = clipping.descents(chosen)[NORM]
    k = int(found.norm_before[:UPDATES].argmax())
    caption = next(c.value for c in at.caption if c.value.startswith("Compared at"))
    assert f"update {k + 1} " in caption
    assert f"w = {significant(found.w[k])}" in caption
    verdict = next(m.value for m in at.markdown if "rv.check_gradients" in m.value)
    off = re.search(r"which is [\d.]+×10⁻([⁰¹²³⁴⁵⁶⁷⁸⁹]+) of that", verdict)
    assert ("too small for finite differences" in verdict) == (chosen == PLAIN)
    assert off is not None
    assert off[1] in ("⁶", "⁷", "⁸", "⁹", "¹⁰", "¹¹")


@pytest.mark.parametrize("k", range(len(FACTORS)))
def test_every_factor_shows_its_recorded_run(k: int) -> None:
    label = "no clipping" if np.isinf(FACTORS[k]) else f"{FACTORS[k]:g}"
    at = visit(factor=label)
    told, seen = said(at, RUN), runs()
    assert f"{seen.learned()[k]} came below half" in told
    assert f"a loss of {significant(float(seen.final[k, 0]))} nats" in told
    assert f"{label}: {seen.learned()[k]} of {SEEDS}" in told
    assert ("threshold" in pictures(at, RUN).split("What the network learns")[0]) == np.isfinite(FACTORS[k])


def test_what_is_sent_stays_small() -> None:
    components = visit().get("bidi_component")
    assert len(components[DESCENTS].proto.bytes) < 10_000
    assert len(components[PICTURES].proto.json) < 30_000
