"""What is trained, written and measured: scores, temperatures, what mattered, what is made up."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import settle
from lessons.language_model import measured, model, pictures, stored, units, writer
from lessons.language_model.book import alphabet, book, decode, encode, held_codes
from lessons.language_model.experiment import Settings, bits
from lessons.trained import language_model as script


def values(**given: Any) -> dict[str, Any]:
    """Of the controls."""
    return settle(model.controls, given)[1]


def test_the_stored_network_scores_what_is_written_down_on_chapters_that_it_has_not_read() -> None:
    score = stored.scores()
    assert score.settings == script.SETTINGS
    assert bits(stored.network()) == pytest.approx(score.bits, abs=1e-4)
    assert score.bits < min(2.6, *score.plain[1])


def test_the_scripts_updates_are_those_that_were_done() -> None:
    """The first few, twice: the same to the bit; and the loss falls."""
    one, other = (list(islice(Settings(units=16).go(Settings(units=16).start()), 12)) for _ in range(2))
    assert [each.loss for each in one] == [each.loss for each in other]
    assert one[-1].loss < one[0].loss - 0.3


def test_units_are_chosen_on_learned_text_and_their_correlation_is_that_on_held_out_text() -> None:
    held = units.correlations(stored.network(), decode(held_codes()))
    for name, found in stored.scores().watch.items():
        assert found["r"] == pytest.approx(held[name][found["unit"]], abs=1e-4)


def test_what_mattered_is_what_a_small_change_does() -> None:
    """By differences: the largest rise of log p for a change of length one is the norm of its gradient."""
    network, codes = model.doubled(stored.network()), encode("the great white wh")
    shares = writer.mattered(network, codes, len(codes))[0]
    x, eps = writer.inputs(network, codes), 1e-5
    k = rv.unroll(network, x).y[-1, 0].argmax()

    def log_p(moved: np.ndarray) -> float:
        return float(np.log(rv.sampling.tempered(rv.unroll(network, moved).y[-1, 0], 1.0)[k]))

    norms = []
    for back in range(3):
        slopes = []
        for i in range(len(alphabet())):
            up, down = x.copy(), x.copy()
            up[-1 - back, 0, i] += eps
            down[-1 - back, 0, i] -= eps
            slopes.append((log_p(up) - log_p(down)) / (2 * eps))
        norms.append(np.linalg.norm(slopes))
    np.testing.assert_allclose(shares[:3] / shares[0], np.array(norms) / norms[0], rtol=1e-4)
    assert np.isnan(shares[len(codes) :]).all()


def test_what_mattered_after_many_letters_knows_the_states_before_them() -> None:
    network, text = stored.network(), measured.passage()[:90]
    codes = encode(text)
    far = writer.mattered(network, codes, 60)[-1]
    trace = rv.unroll(network, writer.inputs(network, codes))
    p = rv.sampling.tempered(trace.y[-1], 1.0)
    dy = np.zeros_like(trace.y)
    dy[-1] = np.eye(p.shape[1])[p.argmax(axis=1)] - p
    norm = rv.diagnostics.saliency(trace, rv.backpropagate(network, trace, dy)).norm[::-1, 0][: writer.BACK]
    np.testing.assert_allclose(far, norm / norm.max(), rtol=2e-3, atol=1e-5)


def test_words_of_the_book_are_none_that_it_makes_up() -> None:
    text = book().chapters[1][:400]
    assert writer.made_up(text, 0)[0] == []
    assert writer.made_up("The whale gloomped and ", 4) == ([(10, 18)], 3)


def test_an_end_that_repeats_itself_is_found() -> None:
    assert writer.period("and so of the of the of the ") == 7
    assert writer.period("no such thing at the end.") is None


@pytest.mark.parametrize(
    "said", [None, "x", [[0, "a"]], [[1, 0.5]], [[0, -1]], [[0, 9.0]], [[0]], [1], [[0, float("nan")]]]
)
def test_temperatures_that_make_no_sense_are_the_default(said: Any) -> None:
    assert writer.heat_of(said, 0.7) == ((0, 0.7),)


def test_temperatures_hold_from_where_they_were_set() -> None:
    heat = writer.heat_of([[0, 0.5], [3, 1.2]], 0.7)
    assert writer.temperatures(heat, 5).tolist() == [0.5, 0.5, 0.5, 1.2, 1.2]


def test_strange_letters_are_not_read_and_are_told_beside_the_prompt() -> None:
    assert writer.typed("Wal€ §e") == "Wal e"
    assert model.notes(values(prompt="Wal€ §e"))["prompt"] == ("strange", {"unknown": "€ §", "count": 2})
    assert writer.typed("") == writer.START
    assert model.notes(values(prompt=""))["prompt"][0] == "empty"
    assert model.notes(values()) == {}


def test_what_is_shown_of_a_network_that_learns_is_of_held_out_text() -> None:
    one = pictures.record(Settings(units=16).start())
    assert one["bits"] == pytest.approx(np.log2(len(alphabet())), abs=0.3)
    assert len(one["text"]) == pictures.SHOWN


def test_the_player_shows_what_was_written_and_its_loss_is_of_the_letters_that_follow() -> None:
    look = model.look(stored.network(), values(temperature=0.3))
    assert "".join(look.tokens).replace("␣", " ").startswith("The whale ")
    assert look.trace.network.dtype == np.float64
    assert look.dy.shape == look.trace.y.shape
