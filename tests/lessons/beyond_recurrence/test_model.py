"""What Explore says and draws: what was typed, who says what, who looks where, what it costs."""

from typing import Any

import numpy as np
import pytest

from lessons.beyond_recurrence import costs, model, tale
from lessons.beyond_recurrence.experiment import LONGEST, begun, words
from lessons.beyond_recurrence.stored import trained
from lessons.common.controls import settle


def values(**given: Any) -> dict[str, Any]:
    return settle(model.controls, given)[1]


@pytest.mark.parametrize(
    ("given", "word", "state"),
    [
        ("zwölf", "zwölf", "number"),
        (" Ein-und zwanzig ", "einundzwanzig", "number"),
        ("fu\u0308nf\u200b", "fünf", "number"),
        ("zwanzigeins", "zwanzigeins", "unknown"),
        ("zwölf!", "zwölf", "letters"),
        ("", words()[tale.NUMBER], "empty"),
        ("12", words()[tale.NUMBER], "empty"),
        ("ei" * 30, "ei" * 14 + "e", "long"),
    ],
)
def test_what_was_typed_is_read_or_it_is_said_why_not(given: str, word: str, state: str) -> None:
    found = model.typed(given)
    assert (found.word, found.state) == (word, state)
    assert len(found.word) < LONGEST
    assert (found.number is not None) == (found.word in words())
    notes = model.notes({"word": given})
    assert notes == {} if state == "number" else notes["word"][0] == state


def test_shuffled_letters_are_the_same_to_a_network_without_positions_alone() -> None:
    found = []
    for order in ("written", "shuffled"):
        given = values(word="dreihundertzwei", order=order)
        found.append({one.kind: one for one in model.facts(given, model.networks(given, {})).said})
    one, other = found
    assert (one["shuffled"].digit, one["shuffled"].sure) == (
        other["shuffled"].digit,
        pytest.approx(other["shuffled"].sure),
    )
    assert one["attention"].sure != pytest.approx(other["attention"].sure)


def test_networks_are_those_that_the_controls_choose() -> None:
    live = {kind: begun(kind, 5) for kind in costs.PAIR}
    assert model.networks(values(weights="trained"), live)["attention"] is trained("attention")
    assert model.networks(values(weights="begun", seed=3), live)["recurrent"] is begun("recurrent", 3)
    assert model.networks(values(weights="live"), live)["attention"] is live["attention"]


def test_a_causal_mask_leaves_the_questions_row_as_it_is_and_nothing_above_the_diagonal() -> None:
    plain, masked = (model.matrix(trained("attention"), "zwei", 2, mask) for mask in ("none", "causal"))
    assert plain.shape == (5, 5)
    np.testing.assert_allclose(plain[-1], masked[-1], rtol=1e-6)
    assert not np.triu(masked, 1).any()
    assert np.triu(plain, 1).any()
    assert model.checks().answers == {"mask": "same", "long": "four", "keeps": "state"}


def test_in_a_long_text_the_first_letters_fall_silent_for_the_recurrent_network_alone() -> None:
    found = model.far(224, 0)
    begins, ends = slice(0, 10), slice(-11, -1)
    assert found["recurrent"][begins].mean() < 1e-3 * found["recurrent"][ends].mean()
    assert found["attention"][begins].mean() > 0.3 * found["attention"][ends].mean()


def test_the_naive_answer_is_right_one_time_in_ten() -> None:
    rows = model.evaluated()["rows"]
    assert all(0.05 < share < 0.2 for share in rows["naive"])
    assert np.mean(rows["recurrent"]) == pytest.approx(0.979, abs=0.001)


def test_times_are_measured() -> None:
    assert all(costs.milliseconds(kind, 16) > 0 for kind in costs.PAIR)
    assert costs.multiply_adds("attention", 512) > 3 * costs.multiply_adds("attention", 256) / 2
