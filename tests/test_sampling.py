"""Sampling: what is drawn follows the softmax at its temperature, and each letter is read before the next is drawn."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError
from rnnviz.sampling import draw, sample, tempered

Q, PROMPT, N = 5, (2, 0, 4, 4), 30
LOGITS = np.array([0.3, -1.2, 2.0, 0.9, -0.4])


def network(cell: str = "lstm", **changes: object) -> rv.Network:
    given = {"output_size": Q, "rng": np.random.default_rng(0)} | changes
    return rv.Network.create(cell, Q, 7, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.parametrize("changes", [{}, {"num_layers": 2}, {"dtype": np.float32}])
def test_the_logits_are_those_of_one_pass_over_all_that_was_read(cell: str, changes: dict[str, object]) -> None:
    net = network(cell, **changes)
    found = sample(net, PROMPT, N, rng=np.random.default_rng(1))
    y = rv.unroll(net, np.eye(Q)[found.symbols[:-1], None]).y[:, 0]
    np.testing.assert_allclose(found.logits, y[len(PROMPT) - 1 :], atol=1e-12 if net.dtype == np.float64 else 1e-5)
    assert tuple(found.symbols[: len(PROMPT)]) == PROMPT
    assert found.drawn.tolist() == [draw(tempered(y, 1.0), u) for y, u in zip(found.logits, found.chances)]


def test_at_temperature_zero_the_likeliest_is_drawn_and_just_above_it_too() -> None:
    for tau in (0.0, 1e-3):
        found = sample(network(), PROMPT, N, tau, np.random.default_rng(3))
        assert found.drawn.tolist() == found.logits.argmax(axis=1).tolist()


@pytest.mark.parametrize("tau", [0.0, 0.2, 1.0, 3.0, np.inf])
def test_draws_are_as_frequent_as_the_softmax_says(tau: float) -> None:
    """Exactly: of n numbers that lie evenly in [0, 1), each letter is hit by n p, up to one at each end."""
    p, n = tempered(LOGITS, tau), 4000
    hits = np.bincount([draw(p, (k + 0.5) / n) for k in range(n)], minlength=Q)
    np.testing.assert_allclose(hits, n * p, atol=1.01)


def test_what_a_seed_draws_is_as_frequent_as_the_softmax_says() -> None:
    chances = np.random.default_rng(0).random(20_000)
    shares = np.bincount([draw(tempered(LOGITS, 0.7), u) for u in chances], minlength=Q) / len(chances)
    np.testing.assert_allclose(shares, tempered(LOGITS, 0.7), atol=0.012)


def test_temperature_divides_logits() -> None:
    np.testing.assert_allclose(tempered(LOGITS, 0.5), np.exp(2 * LOGITS) / np.exp(2 * LOGITS).sum())
    np.testing.assert_allclose(tempered(LOGITS, np.inf), np.full(Q, 1 / Q))
    assert tempered([1.0, 3.0, 3.0], 0.0).tolist() == [0, 1, 0]
    assert tempered([-1e308, 1e308], 0.1).tolist() == [0, 1]


def test_the_same_number_hits_no_less_likely_letter_when_it_gets_colder() -> None:
    rank = np.argsort(np.argsort(-LOGITS))
    for u in np.linspace(0, 0.999, 40):
        ranks = [rank[draw(tempered(LOGITS, tau), u)] for tau in (0.0, 0.3, 0.6, 1.0, 2.0, 9.0)]
        assert ranks == sorted(ranks)


def test_a_change_of_temperature_leaves_what_was_drawn_before() -> None:
    net, taus = network(), np.full(N, 1.0)
    taus[12:] = 0.1
    first, changed = (sample(net, PROMPT, N, tau, np.random.default_rng(5)) for tau in (1.0, taus))
    np.testing.assert_array_equal(first.symbols[: len(PROMPT) + 12], changed.symbols[: len(PROMPT) + 12])
    assert first.symbols.tolist() != changed.symbols.tolist()


def test_a_sum_that_rounds_below_one_still_hits_a_letter_that_can_be() -> None:
    assert draw([0.1] * 10 + [0.0], np.nextafter(1, 0)) == 9


@pytest.mark.parametrize(
    ("error", "message", "change"),
    [
        (ShapeError, "as many outputs as its 5 inputs", {"network": network(output_size=4)}),
        (ShapeError, "one direction", {"network": network(bidirectional=True)}),
        (ShapeError, "at least one", {"prompt": np.zeros(0, np.int64)}),
        (ShapeError, "whole numbers", {"prompt": [0.5]}),
        (ValueError, "symbols 0 to 4, got 1 to 5", {"prompt": [1, 5]}),
        (ValueError, r"temperature must be in \[0, inf\], got -1", {"temperature": -1.0}),
        (ShapeError, "one for each of 3 draws", {"temperature": [1.0, 1.0]}),
        (ValueError, "steps", {"steps": 0}),
        (ValueError, "rng", {"rng": 3}),
    ],
)
def test_what_does_not_fit_is_told(error: type, message: str, change: dict[str, object]) -> None:
    given = {"network": network(), "prompt": PROMPT, "steps": 3, "temperature": 1.0, "rng": None} | change
    with pytest.raises(error, match=message):
        sample(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("logits", [[np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf]])
def test_logits_that_are_not_finite_are_told(logits: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        tempered(logits, 1.0)
