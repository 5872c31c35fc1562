"""The book and the tables: nothing that is held out is learned from or counted."""

import numpy as np
import pytest

from lessons.language_model import tables, units
from lessons.language_model.book import alphabet, book, decode, encode, held_codes, strange, train_codes
from lessons.language_model.experiment import asked
from lessons.language_model.stored import scores


def test_chapters_whose_number_ends_in_five_are_held_out_and_no_paragraph_of_theirs_is_learned_from() -> None:
    assert book().held == (5, 15, 25, 35, 45)
    learned = book().train
    for n in book().held:
        assert not any(line in learned for line in book().chapters[n].splitlines() if len(line) > 60)


def test_letters_become_numbers_and_back_and_strange_ones_are_named() -> None:
    text = book().held_out[:500]
    assert decode(encode(text)) == text
    assert strange("Wal · naïve · §") == ("·", "ï", "§")
    assert set(decode(train_codes())) == set(alphabet())


def test_what_is_asked_is_each_letter_of_what_is_held_out_once() -> None:
    x, targets, counts = asked()
    assert np.array_equal(x[1:], targets[:-1])
    seen = np.concatenate([targets[counts[:, b], b] for b in range(counts.shape[1])])
    first = int(counts[:, 0].argmax()) + 1
    assert np.array_equal(seen, held_codes()[first : first + len(seen)])
    assert len(seen) > len(held_codes()) - 60


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_plain_table_counts_how_often_a_letter_follows(order: int) -> None:
    pairs, contexts = tables.counts(order, held_codes()[:60])
    learned = book().train
    text = decode(held_codes()[:60])
    for k in (0, 20, 50):
        at = max(tables.ORDERS) + k
        context = text[at - order : at]
        where = [n for n in range(order, len(learned)) if learned[n - order : n] == context]
        assert contexts[k] == len(where)
        assert pairs[k] == sum(learned[n] == text[at] for n in where)


def test_the_stored_tables_are_those_that_are_counted_here() -> None:
    for held in (False, True):
        assert tables.bits(1, held) == pytest.approx(scores().plain[held][1], abs=1e-9)
        assert tables.mixed_bits(1, held) == pytest.approx(scores().mixed[held][1], abs=1e-9)


def test_longer_tables_know_what_they_have_counted_better_and_new_text_worse() -> None:
    learned, held = scores().plain
    assert (np.diff(learned) < 0).all()
    assert held[-1] > min(held) + 1
    assert held.index(min(held)) not in (0, 1, len(held) - 1)


def test_what_is_watched_is_in_the_text() -> None:
    text = 'He said "No (or yes)."\nThe End'
    found = units.what(text)
    at = text.index
    assert [found["quote"][k] for k in (at('"') - 1, at('"'), at("N"), at("\n"), at("T"))] == [0, 1, 1, 0, 0]
    assert [found["bracket"][k] for k in (at("(") - 1, at("("), at("y"), at(")"))] == [0, 1, 1, 0]
    assert [found["word"][k] for k in (at("H"), at("e"), at(" "))] == [1, 2, 0]
    assert found["sentence"][at("T")] == 1
    assert found["capital"][at("T")] == 1
