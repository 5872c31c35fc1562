"""A vocabulary: places, what is unknown, one-hot rows."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import Vocabulary


def test_decoding_undoes_encoding() -> None:
    vocabulary = Vocabulary.of(["to be or not to be"])
    assert "".join(vocabulary.decode(vocabulary.encode("not to be"))) == "not to be"
    assert len(vocabulary) == len(set("to be or not to be")) + 1
    assert "b" in vocabulary
    assert "x" not in vocabulary


def test_frequent_symbols_come_first_and_equal_ones_as_they_sort() -> None:
    words = [["a", "sea", "sea"], ["whale", "a", "sea"], ["ship"]]
    assert Vocabulary.of(words).symbols == ("<unknown>", "sea", "a", "ship", "whale")
    assert Vocabulary.of(words, least=2).symbols == ("<unknown>", "sea", "a")
    assert Vocabulary.of(words, most=1).symbols == ("<unknown>", "sea")


def test_what_the_training_part_lacks_is_unknown() -> None:
    vocabulary = Vocabulary.of(["abc"])
    assert vocabulary.encode("xaé").tolist() == [0, vocabulary.encode("a")[0], 0]
    assert vocabulary.decode([0]) == ("<unknown>",)
    closed = Vocabulary.of(["abc"], unknown=None)
    assert len(closed) == 3
    with pytest.raises(rv.UnknownNameError, match="'x' has no place"):
        closed.encode("ax")


def test_one_hot_rows_have_a_single_one_at_the_place() -> None:
    vocabulary = Vocabulary.of(["drizzle", "rain"])
    rows = vocabulary.one_hot("rain?")
    assert rows.shape == (5, len(vocabulary))
    np.testing.assert_array_equal(rows.sum(axis=1), 1)
    np.testing.assert_array_equal(rows.argmax(axis=1), vocabulary.encode("rain?"))


def test_an_empty_sequence_has_no_places() -> None:
    vocabulary = Vocabulary.of(["a"])
    assert vocabulary.encode("").shape == (0,)
    assert vocabulary.one_hot([]).shape == (0, 2)
    assert vocabulary.decode([]) == ()


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(rv.ShapeError, match="single text"):
        Vocabulary.of("abc")
    with pytest.raises(rv.ShapeError, match="must be str"):
        Vocabulary.of([[1, 2]])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="at least 5"):
        Vocabulary.of(["abc"], least=5)
    with pytest.raises(rv.ShapeError, match="from 0 to 1"):
        Vocabulary.of(["a"]).decode([2])
    with pytest.raises(ValueError, match="'a' stands"):
        Vocabulary(("a", "a"), None)
