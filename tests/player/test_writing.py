"""The stage of a network that writes: what it is sent is what was drawn."""

from base64 import b64decode

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError
from rnnviz.player.writing import Followed, Shades, writing
from rnnviz.sampling import sample

ALPHABET, N, PROMPT = "abcde", 9, (2, 0, 4)
FOUND = sample(rv.Network.create("gru", 5, 6, output_size=5), PROMPT, N, 0.7, np.random.default_rng(0))


def numbers(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f4").reshape(shape)


def test_logits_chances_and_letters_are_sent_as_they_are() -> None:
    sent = writing(FOUND, ALPHABET, words={})
    assert np.array_equal(numbers(sent["logits"], N, 5), FOUND.logits.astype("f4"))
    assert sent["text"] == FOUND.symbols.tolist()
    assert sent["chances"] == FOUND.chances.tolist()
    assert (sent["temperatures"], sent["prompt"]) == ([0.7] * N, len(PROMPT))


def test_a_text_that_is_followed_draws_nothing() -> None:
    sent = writing(Followed(FOUND.symbols, FOUND.logits), ALPHABET, words={})
    assert (sent["chances"], sent["temperatures"], sent["show_heat"]) == (None, None, False)
    assert sent["text"] == FOUND.symbols.tolist()


@pytest.mark.parametrize(("values", "width"), [(np.arange(12.0), 1), (np.ones((N + 1, 4)), 4)])
def test_shades_are_each_letters_own_or_those_of_the_last_few(values: np.ndarray, width: int) -> None:
    sent = writing(FOUND, ALPHABET, words={}, shades=Shades(values, "amount"))["shades"]
    assert (sent["kind"], sent["width"]) == ("amount", width)
    assert np.array_equal(numbers(sent["values"], *values.shape), values)


@pytest.mark.parametrize(
    "how", [{"symbols": "abc"}, {"shades": Shades(np.ones(11))}, {"shades": Shades(np.ones((9, 2)))}]
)
def test_what_does_not_fit_is_refused(how: dict[str, object]) -> None:
    with pytest.raises(ShapeError, match="need"):
        writing(FOUND, **{"symbols": ALPHABET, "words": {}} | how)  # type: ignore[arg-type]
