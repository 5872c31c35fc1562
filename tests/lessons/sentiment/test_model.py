"""Sentiment: the parts share nothing, the stored network scores what is said of it, and what is told is so."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import settle
from lessons.sentiment import model, naive, tale
from lessons.sentiment.experiment import GUESS, LIMIT, POOL, Settings, batch, held, measured, read, record, sigmoid
from lessons.sentiment.reviews import LEAST, PARTS, part, reviews, vocabulary, words_of
from lessons.sentiment.stored import KEPT, PLAIN, SEEDS, SIZES, WAYS, network, stored
from lessons.trained.sentiment import course


def test_no_sentence_is_in_two_parts_and_both_verdicts_are_in_each():
    words = [{one.words for one in part(name)} for name in PARTS]
    assert not words[0] & words[1] | words[0] & words[2] | words[1] & words[2]
    assert sum(len(part(name)) for name in PARTS) == len(reviews()) == len({one.words for one in reviews()})
    assert all(0.4 < np.mean([one.praises for one in part(name)]) < 0.6 for name in PARTS)


def test_known_words_are_those_that_stand_often_enough_in_what_is_learned_from():
    said = [word for one in part("train") for word in one.words]
    assert all(said.count(word) >= LEAST for word in vocabulary().symbols[1:][-20:])
    assert "worst" in vocabulary()
    assert "scrumptious" not in vocabulary()


def test_a_sentence_becomes_small_words_and_n_t_is_one_of_its_own():
    assert words_of("It WASN’T good — 10 of 10!") == ("it", "was", "n't", "good", "10", "of", "10", "!")
    assert words_of("…") == ()


def test_the_stored_network_scores_on_the_test_part_what_the_file_says():
    assert measured(network(), "test")[1] == pytest.approx(stored().test["kept"][0], abs=1e-4)
    assert measured(network(), "validation")[0] == pytest.approx(stored().courses["kept"]["valid"][0, -1], abs=1e-4)
    assert all(len(stored().test[way]) == SEEDS for way in WAYS)
    assert stored().test["kept"].mean() > 0.78


@pytest.mark.parametrize("way", WAYS)
def test_the_first_updates_of_the_script_give_the_stored_numbers_again(way):
    rows, _, _ = course(WAYS[way], updates=20)
    for name in ("train", "valid"):
        assert [row[name] for row in rows] == pytest.approx(stored().courses[way][name][0, :2], abs=2e-4)


def test_the_stored_bag_of_words_is_at_its_minimum_and_scores_what_the_file_says():
    assert np.abs(naive.slope(stored().bag)).max() < 1e-3
    assert naive.bag_score("test", stored().bag) == pytest.approx(stored().naive["bag"]["test"], abs=1e-4)
    assert naive.of_words(words_of("good, not bad")) == naive.of_words(words_of("bad, not good"))


def test_the_columns_of_its_words_are_the_whole_network_for_a_sentence():
    words = words_of(tale.UNKNOWN)
    found, whole = read(network(), words), rv.unroll(network(), vocabulary().one_hot(words)[:, None])
    np.testing.assert_allclose(found.scores, sigmoid(whole.y[:, 0, 0]), atol=1e-6)
    assert len(model.columns(words)) == found.trace.network.input_size
    assert found.effects.shape == found.scores.shape == (len(words),)


def test_only_the_answer_after_the_last_word_counts():
    made = batch(part("train")[:3])
    lengths = [len(one.words) for one in part("train")[:3]]
    assert [tuple(at) for at in np.argwhere(made.mask.T)] == [(b, n - 1) for b, n in enumerate(lengths)]
    assert [bool(made.targets[n - 1, b, 0]) for b, n in enumerate(lengths)] == [r.praises for r in part("train")[:3]]


def test_skipped_words_are_unknown_and_the_others_stay():
    plain, skipped = (batch(part("train")[:20], skip, np.random.default_rng(0)).x for skip in (0.0, 0.5))
    moved = (plain != skipped).any(axis=2)
    assert 0.3 < moved.sum() / plain.any(axis=2).sum() < 0.6
    assert skipped[moved][:, 0].all()


def test_before_training_it_says_one_half_to_all():
    checkpoint = Settings().start()
    assert record(checkpoint)["valid"] == pytest.approx(GUESS, abs=0.01)
    assert next(islice(Settings().go(checkpoint), 1)).update == 1
    assert KEPT != PLAIN == KEPT.plain
    assert LIMIT % 20 == 0


def test_each_thing_that_is_wrong_with_a_sentence_is_told_beside_it():
    def told(text):
        return model.notes(settle(model.controls, {"text": text})[1]).get("text", ("",))[0]

    said = {text: told(text) for text in ("…", "qqq zzz", "it was qqq", "it was good")}
    assert list(said.values()) == ["nothing", "strange", "some", ""]
    assert told("good " * 60) == "long"
    assert model.typed({"text": "…"}) == words_of(tale.TURNS)


def test_what_the_story_says_is_what_its_sentences_give():
    assert tale.facts("needle")["turns"] == "worst"
    assert tale.facts("negation")["answers"] == {"negation": "below"}
    assert tale.facts("negation")["by_not"]
    assert tale.facts("bad")["answers"] == {"bad": "worse"}
    assert tale.facts("heart")["answers"] == {"heart": "rises"}
    assert tale.facts("once")["answers"] == {"once": "tie"}
    texts = [one.text for one in part("validation")]
    assert {tale.TURNS, tale.UNKNOWN, tale.LATER} <= {text.strip() for text in texts}


def test_looking_words_up_gives_what_the_one_hot_input_gives():
    for cell in ("elman", "lstm", "gru"):
        net, loss, count = Settings(cell).network(), 0.0, 0
        for one in held("validation"):
            n = int(one.mask.sum())
            loss, count = loss + n * one.loss(rv.unroll(net, one.x, one.lengths).y).value, count + n
        assert measured(net, "validation")[0] == pytest.approx(loss / count, rel=1e-6)


def test_a_network_that_learns_from_some_sentences_reads_no_others():
    some = part("train")[:POOL]
    seen = KEPT.plain.sample(some, np.random.default_rng(0))
    rows = {tuple(vocabulary().encode(one.words)) for one in some}
    for b, length in enumerate(seen.lengths):
        assert tuple(seen.x[:length, b].argmax(axis=1)) in rows


def test_the_text_on_more_sentences_is_what_the_stored_runs_say():
    found, curve = model.curve(), stored().curve
    means = 100 * curve.scores.mean(axis=1)
    assert curve.scores.shape == (len(SIZES), found["runs"])
    assert (found["first"], found["last"]) == pytest.approx((means[1] - means[0], means[3] - means[2]))
    assert found["clear"] == (curve.over_seeds[3].low > curve.over_seeds[2].high)
    assert means[3] == pytest.approx(100 * stored().courses["kept"]["valid_right"][:, -1].mean(), abs=2)
