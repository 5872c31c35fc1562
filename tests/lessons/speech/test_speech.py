"""Clips, splits, stored networks and the story: what is said is what was measured."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import settle
from lessons.speech import experiment, listening, model, pictures, tale
from lessons.speech.clips import CLEAR, DIGITS, LEARNED, TAKES, VOICES, batch, clips, parts, scaler
from lessons.speech.experiment import right
from lessons.speech.stored import EVERY, KEPT, RUNS, network, scores

SPLITS = [("clips", 0), *(("voice", voice) for voice in range(CLEAR))]


def values(**given):
    return settle(model.controls, given)[1]


def test_every_voice_says_every_digit_as_often():
    known = clips()
    assert len(known.digit) == DIGITS * VOICES * TAKES
    for voice in range(VOICES):
        counts = np.bincount(known.digit[known.voice == voice], minlength=DIGITS)
        assert counts.tolist() == [TAKES] * DIGITS


def test_clear_voices_have_as_many_clips_in_the_package_as_is_said_of_them():
    counts = clips().counts
    assert counts.sum() == 3000
    assert np.abs(counts[:CLEAR] - 50).sum() <= 2
    assert np.abs(counts[CLEAR:].sum(axis=0) - 100).max() <= 2


@pytest.mark.parametrize(("split", "voice"), SPLITS)
def test_nothing_is_learned_from_that_is_held_out(split, voice):
    learned, held = parts(split, voice)
    assert not set(learned) & set(held)
    assert (clips().take[learned] < LEARNED).all()
    if split == "voice":
        assert set(clips().voice[held]) == {voice}
        assert voice not in clips().voice[learned]


@pytest.mark.parametrize("kind", ["plain", "centred"])
def test_scaling_knows_the_learned_part_alone_and_padding_is_zero(kind):
    learned, _ = parts("clips")
    one = batch(learned[::40], scaler("clips", 0, kind), kind)
    there = rv.losses.length_mask(one.lengths, len(one.x))
    assert not one.x[~there].any()
    assert not one.mask[~there].any()
    assert (one.mask.sum(axis=0) == one.lengths - one.lengths // 2).all()
    every = batch(learned, scaler("clips", 0, kind), kind)
    rows = every.x[rv.losses.length_mask(every.lengths, len(every.x))]
    np.testing.assert_allclose([rows.mean(axis=0), rows.std(axis=0) - 1], 0, atol=1e-9)


@pytest.mark.parametrize("run", KEPT, ids=str)
def test_stored_networks_have_their_stored_scores(run):
    assert right(network(run), run) == pytest.approx(scores().right[run][-1], abs=1e-4)


def test_known_voices_are_heard_as_well_as_asked_and_rounding_costs_nothing():
    assert scores().end("clips", "plain") >= 0.98
    assert abs(scores().unrounded - scores().end("clips", "plain")) <= 0.004
    assert len(scores().right) == len(RUNS)


def test_training_repeats_what_is_stored():
    run = KEPT[0]
    now = next(islice(run.go(run.start()), EVERY - 1, None))
    assert right(now.network, run) == pytest.approx(scores().right[run][1], abs=0.01)


def test_a_new_voice_is_heard_worse_and_the_mean_helps_on_average():
    plain = [scores().end("voice", "plain", voice) for voice in range(CLEAR)]
    own = [scores().end("voice", "centred", voice) for voice in range(CLEAR)]
    assert max(plain) < scores().end("clips", "plain") - 0.1
    assert np.mean(own) > np.mean(plain) + 0.1


def test_the_storys_questions_have_one_of_their_choices_for_an_answer():
    assert tale.facts("sure")["answers"] == {"sure": "early"}
    assert tale.facts("moments")["answers"] == {"moments": "early"}
    assert tale.facts("padding")["answers"] == {"padding": "some"}
    assert tale.facts("voices")["answers"] == {"voices": "few"}
    assert tale.facts("centred")["answers"] == {"centred": "better"}
    assert tale.facts("wrong")["answers"] == {"wrong": "d9"}


def test_padding_turns_the_answer_of_the_clip_that_is_shown():
    found = tale.facts("padding")
    assert found["said"] == tale.HEARD["padding"].digit != found["turned"]


def test_it_is_sure_where_it_never_goes_back():
    found = tale.heard("sure")
    assert (found.p[found.sure - 1 :, found.said] >= listening.SURE).all()
    assert found.p[found.sure - 2, found.said] < listening.SURE


def test_the_spectrum_is_the_cosine_transform_back():
    """With all thirteen waves at the bands' own places, transforming again gives the coefficients."""
    features = clips().features[0]
    waves = pictures.waves()
    back = np.linalg.lstsq(waves.T, (features @ waves).T, rcond=None)[0].T
    np.testing.assert_allclose(back, features, rtol=1e-6, atol=1e-6)


def test_a_click_on_a_mistake_opens_a_clip_that_is_mistaken_so():
    given = values(split="voice", voice="a", kind="centred")
    run = model.settings(given)
    opened = values(**given | model.pick("mistake", {"x": 9, "y": 8}, given))
    n = model.chosen(opened)
    assert clips().digit[n] == 8
    assert listening.listen(network(run), clips().features[n], run).said == 9
    assert model.pick("elsewhere", {"x": 1, "y": 2}, given) == {}


def test_every_clip_that_the_controls_name_is_held_out():
    for split, count in (("clips", VOICES * (TAKES - LEARNED)), ("voice", TAKES)):
        given = values(split=split, digit=3, clip=count)
        assert model.chosen(given) in parts(split)[1]
        assert clips().digit[model.chosen(given)] == 3


def test_facts_are_of_the_network_that_is_shown():
    given = values(digit=6, clip=16)
    found = model.facts_for("saw", given)
    assert found.right == pytest.approx(scores().end("clips", "plain"), abs=1e-4)
    assert found.naive == pytest.approx(0.1)
    assert found.says == experiment.predicted(network(KEPT[0]), KEPT[0])[parts("clips")[1] == model.chosen(given)][0]
