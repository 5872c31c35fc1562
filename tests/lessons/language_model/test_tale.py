"""What the story says is what was measured."""

import pytest

from lessons.language_model import measured, stored, tale, writer
from lessons.language_model.book import decode


def test_what_is_said_of_surprise_and_reach_is_measured_on_the_stored_network() -> None:
    found = measured.surprise(stored.network())
    assert found == pytest.approx(dict(stored.scores().surprise), abs=1e-4)
    assert measured.reach(stored.network()) == pytest.approx(tuple(stored.scores().reach), abs=1e-4)
    assert tale.facts("sure")["answers"]["sure"] == min(found, key=found.__getitem__)


def test_what_is_said_to_be_repeated_is_what_stands_at_the_end() -> None:
    text = decode(writer.written(stored.network(), tale.PROMPT, ((0, 0.0),), 0).symbols)
    found = tale.facts("draw")
    assert found["answers"]["draw"] == "loop"
    assert text.count(found["repeated"]) >= 3
    assert tale.repeated("and so to the sea to the sea to the s", 11) == "to the sea"


def test_words_that_are_said_to_be_made_up_stand_nowhere_in_the_book() -> None:
    found = tale.facts("made")
    text = decode(writer.written(stored.network(), tale.PROMPT, ((0, tale.MADE),), 0).symbols)
    spans, count = writer.made_up(text, len(tale.PROMPT))
    assert (found["made"], found["count"]) == (len(spans), count)
    assert all(text[a:b].lower() not in writer.words() for a, b in spans)


def test_the_best_table_is_said_to_be_the_one_that_is() -> None:
    found, held = tale.facts("measure"), stored.scores().plain[1]
    assert held[found["best"]] == min(held)
    assert found["ahead"] == (stored.scores().bits < min(held))
