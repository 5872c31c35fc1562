"""The task of the clue, and the networks trained on it: what a truncated gradient cannot teach it never taught them."""

import numpy as np
import pytest

import rnnviz as rv
from lessons.backprop_through_time import recall
from lessons.trained import recall as script

CLUE_COLUMNS = slice(0, len(recall.CLUES))
KS = range(1, recall.LONGEST + 1)


def test_one_symbol_is_a_clue_and_the_answer_is_asked_so_many_steps_later() -> None:
    batch = script.draw(np.random.default_rng(0))
    symbols = batch.x.argmax(axis=2)
    clues = symbols < len(recall.CLUES)
    assert (clues.sum(axis=0) == 1).all()
    assert (batch.mask.sum(axis=0) == 1).all()
    assert (batch.mask.argmax(axis=0) - clues.argmax(axis=0) == recall.BACK).all()
    for b in range(symbols.shape[1]):
        assert batch.targets[batch.mask[:, b], b] == symbols[clues[:, b], b]


@pytest.mark.parametrize(("at", "back"), [(0, 1), (0, 13), (7, 6)])
def test_the_sequence_on_the_page_ends_with_the_question(at: int, back: int) -> None:
    symbols, batch = recall.one(3, at, back)
    assert len(symbols) == at + back + 1
    assert [t for t, symbol in enumerate(symbols) if symbol in recall.CLUES] == [at]
    assert batch.mask[:, 0].tolist() == [False] * (at + back) + [True]
    assert batch.targets[-1, 0] == recall.CLUES.index(symbols[at])


@pytest.mark.parametrize("T", [1, 7, 14])
@pytest.mark.parametrize("k", KS)
def test_windows_and_reach_are_the_engine_s(k: int, T: int) -> None:
    network, x = recall.untrained(3, 0.9, 0), np.random.default_rng(0).normal(size=(T, 1, 5))
    trace, dy = rv.unroll(network, x), np.zeros((T, 1, 2))
    dy[-1, 0, 0] = 1.0
    reached = np.flatnonzero(rv.backpropagate(network, trace, dy, truncate=k)[0, 0].dh[:, 0].any(axis=1))
    first, last = recall.windows(k, T)[-1]
    assert reached.tolist() == list(range(first - 1, last))
    assert recall.reach(k, T) == last - first
    spans = recall.windows(k, T)
    assert [t for first, last in spans for t in range(first, last + 1)] == list(range(1, T + 1))


@pytest.mark.parametrize("k", KS)
def test_the_gradient_arrives_at_the_clue_in_as_many_places_as_is_said(k: int) -> None:
    network, arrived = recall.untrained(4, 1.0, 0), 0
    for at in range(recall.POSITIONS):
        _, batch = recall.one(0, at, recall.BACK)
        trace = rv.unroll(network, batch.x)
        grads = rv.backpropagate(network, trace, batch.loss(trace.y).dy, truncate=k)
        arrived += bool(grads.params["weight_ih_l0"][:, CLUE_COLUMNS].any())
    assert recall.positions_within(k) == arrived
    assert (arrived > 0) == (k > recall.BACK)


def test_what_no_gradient_reached_did_not_move_and_everything_else_did() -> None:
    for start in recall.STARTS:
        for k in KS:
            moved = [recall.Training(start, k, seed).moved for seed in range(recall.NETWORKS)]
            assert all(by == 0 for by in moved) == all(by < 0.01 for by in moved) == (k <= recall.BACK)


def test_whoever_cannot_tell_the_clues_apart_is_right_exactly_half_the_time() -> None:
    right = recall.library().right
    assert (right[0, : recall.BACK] == 0.5).all()
    assert right[0, recall.BACK :].min() > 0.9
    assert right[1, : recall.BACK].mean() > 0.7  # chance wrote the clue down
    assert right[1, recall.BACK :].mean() > 0.98


@pytest.mark.parametrize("place", [(0, 5, 0), (0, 7, 1), (1, 2, 1), (1, 14, 4)])
def test_the_shares_on_record_are_the_networks_own(place: tuple[int, int, int]) -> None:
    start, k, seed = place
    training, exam = recall.Training(recall.STARTS[start], k, seed), script.exam()
    assert exam.x.shape[1] == recall.library().answers
    assert exam.accuracy(rv.unroll(training.network, exam.x).y) == pytest.approx(training.right, abs=2e-3)


def test_the_script_trains_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recall.library().updates == script.UPDATES
    monkeypatch.setattr(script, "UPDATES", 30)
    start = recall.STARTS[1]
    before, after = recall.before_training(start, 0), script.train(start, 7, 0)
    rng = np.random.default_rng(5)
    asked = [script.draw(rng) for _ in range(20)]
    loss = [np.mean([b.loss(rv.unroll(net, b.x).y).value for b in asked]) for net in (before, after)]
    assert loss[1] < loss[0]
    unmoved = script.train(start, recall.BACK, 0).layers[0][0].weight_ih[:, CLUE_COLUMNS]
    assert np.array_equal(unmoved, before.layers[0][0].weight_ih[:, CLUE_COLUMNS])


def test_the_readme_says_how_they_were_trained() -> None:
    readme = " ".join((recall.FILE.parent / "README.md").read_text(encoding="utf-8").split())
    count = len(recall.STARTS) * recall.LONGEST * recall.NETWORKS
    for claim in (
        f"all {count} of them",
        f"how many of {recall.library().answers} questions",
        f"with {recall.UNITS} units that read noise and one clue, and are asked {recall.BACK} steps later",
        f"for each k from 1 to {recall.LONGEST}",
        f"{script.UPDATES} updates on batches of {script.BATCH} sequences; seeds 0 to {recall.NETWORKS - 1}",
    ):
        assert claim in readme
