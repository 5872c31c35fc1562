"""Sequence labelling: no name of the test was met, the left cannot know, and stored scores are the networks' own."""

import numpy as np
import pytest

from lessons.common.controls import settle
from lessons.sequence_labelling import model, pictures, tale
from lessons.sequence_labelling.experiment import SKIP, WAYS, Settings, batch, held, measured, no_name, read, sample
from lessons.sequence_labelling.names import LEAST, TAGS, inputs, part, vocabulary, words_of
from lessons.sequence_labelling.stored import SEEDS, network, reading, stored
from lessons.trained.sequence_labelling import course


def last_names(name):
    """The last names of a part: the words with a tag that the vocabulary does not have."""
    pairs = [pair for one in part(name) for pair in zip(one.words, one.tags, strict=True)]
    return {word for word, tag in pairs if tag and word.lower() not in vocabulary()}


def test_no_name_of_the_test_part_stands_in_another_part():
    assert len(last_names("test")) > 200
    assert not last_names("test") & (last_names("train") | last_names("validation"))


def test_every_kind_of_name_is_as_frequent_as_the_others_and_most_words_are_none():
    for name in ("train", "validation", "test"):
        counts = np.bincount([tag for one in part(name) for tag in one.tags], minlength=len(TAGS))
        assert counts[0] > 0.7 * counts.sum()
        assert counts[1:].min() > 0.75 * counts[1:].max()


def test_a_word_is_one_place_and_a_capital():
    rows = inputs(("Reyes", "has", "reyes"))
    assert (rows[:, :-1].sum(axis=1) == 1).all()
    assert rows[:, -1].tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_array_equal(rows[0, :-1], rows[2, :-1])
    said = [word.lower() for one in part("train") for word in one.words]
    assert all(said.count(word) >= LEAST for word in vocabulary().symbols[1:])


def test_typed_words_lose_their_signs():
    assert words_of(" “Reyes” smiled, (and) left! ... ") == ("Reyes", "smiled", "and", "left")


@pytest.mark.parametrize("way", WAYS)
def test_the_stored_network_scores_on_the_test_part_what_the_file_says(way):
    found = measured(network(way), "test")
    assert found.f1 == pytest.approx(stored().f1[way][0], abs=1e-3)
    assert found.accuracy == pytest.approx(stored().right[way][0], abs=1e-3)
    assert stored().f1[way].shape == (SEEDS, len(TAGS))
    np.testing.assert_allclose(found.counts, stored().counts[way], atol=2)


def test_the_left_stops_where_both_ways_reach_nearly_all():
    assert 0.88 < stored().right["left"].mean() < 0.94
    assert stored().right["both"].mean() > 0.99
    assert stored().f1["left"][:, 1:].mean() < 0.7 < 0.98 < stored().f1["both"][:, 1:].mean()


def test_the_first_updates_of_the_script_give_the_stored_numbers_again():
    rows, _ = course(Settings("both"), updates=10)
    assert [row["accuracy"] for row in rows] == pytest.approx(stored().accuracy["both"][0, :2], abs=2e-3)


def test_from_the_left_what_follows_changes_nothing_and_both_ways_it_does():
    one, other = (reading("left", text).p[0] for text in (tale.SISTERS, tale.BRIDGES))
    np.testing.assert_array_equal(one, other)
    one, other = (reading("both", text).p[0] for text in (tale.SISTERS, tale.BRIDGES))
    assert np.abs(one - other).max() > 0.5


def test_asked_back_from_the_left_no_later_word_mattered():
    values = settle(model.controls, {"word": 3, "text": tale.LONG})[1]
    found = reading("left", tale.LONG)
    assert not model.asked(found, values).norms[3:].any()
    assert model.asked(reading("both", tale.LONG), values).norms[3:].all()


def test_whoever_finds_no_name_is_often_right_and_finds_none():
    none = no_name("test")
    assert none.accuracy > 0.7
    assert none.macro == 0.0


def test_every_word_counts_and_padding_does_not():
    made = held("validation")
    assert made.mask.sum() == sum(len(one.words) for one in part("validation"))
    assert not made.x[~made.mask].any()


def test_skipped_words_are_unknown_and_keep_their_capitals():
    made = sample(np.random.default_rng(0))
    plain = batch([part("train")[k] for k in np.random.default_rng(0).choice(len(part("train")), 32, replace=False)])
    np.testing.assert_array_equal(made.x[..., -1], plain.x[..., -1])
    moved = (made.x != plain.x).any(axis=2)
    known = plain.mask & (plain.x[..., 0] == 0)
    assert moved[known].mean() == pytest.approx(SKIP, abs=0.06)
    assert (made.x[moved][:, 0] == 1).all()


def test_each_thing_that_is_wrong_with_a_sentence_is_told_beside_it():
    def told(text):
        return model.notes(settle(model.controls, {"text": text})[1]).get("text", ("",))[0]

    assert [told(text) for text in ("…", "a harbour", "a " * 40, tale.LONG)] == ["nothing", "strange", "long", ""]


def test_what_the_story_says_is_what_its_sentences_give():
    answers = {name: of for beat in tale.BEATS for name, of in tale.facts(beat).get("answers", {}).items()}
    assert answers == {"left": "same", "both": "right", "learn": "stops", "score": "most", "strange": "person"}
    assert tale.facts("strange")["missed"]
    assert tale.facts("strange")["unknown"]
    assert [TAGS[k] for k in read(network("both"), words_of(tale.LONG)).tags if k] == ["PER", "ORG", "LOC", "LOC"]


def test_the_story_ends_on_the_numbers_of_its_pictures():
    said = tale.facts("score")
    for way, rows in zip(WAYS, pictures.courses(), strict=True):
        assert (rows[-1]["accuracy"], rows[-1]["macro"]) == (said["right"][way], said["macro"][way])
        assert said["macro"][way] == tale.facts("learn")["ends"][way]
    assert said["lazy"] == no_name("validation").accuracy
