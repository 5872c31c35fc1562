"""What the lesson about back-propagation through time computes, held to the engine; what its links promise is so."""

import numpy as np
import pytest

import rnnviz as rv
from lessons._backprop_through_time import recall
from lessons._backprop_through_time.experiment import W_HH, W_IH, Experiment, after_training, with_random_weights
from lessons._backprop_through_time.words import NEVER, PRESETS, TRAINED

EXPERIMENTS = [
    with_random_weights(1, 0.9, 6, 4, 0),
    with_random_weights(4, 1.5, 13, 5, 3),
    with_random_weights(8, 0.9, 1, 1, 0),
    with_random_weights(3, 0.7, 6, NEVER, 0),
    after_training(recall.Training(recall.STARTS[0], 8, 0), 3),
    after_training(recall.Training(recall.STARTS[1], 2, 1), 1),
]


def preset(name: str) -> Experiment:
    given = dict(PRESETS[name])
    if given.pop("network") == TRAINED:
        return after_training(recall.Training(given["start"], given["k"], given["number"] - 1), given["at"])
    return with_random_weights(**given)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_gradient_arrives_exactly_where_clue_and_question_share_a_window(experiment: Experiment) -> None:
    at_clue = experiment.cut[0, 0].dh[experiment.at - 1, 0]
    assert experiment.arrives == bool(at_clue.any())
    assert experiment.arrives == (experiment.clue_column(experiment.cut) > 0)
    if experiment.arrives:
        assert np.array_equal(at_clue, experiment.full[0, 0].dh[experiment.at - 1, 0])
        assert experiment.clue_column(experiment.cut) == experiment.clue_column(experiment.full)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_last_window_alone_has_the_cut_gradient(experiment: Experiment) -> None:
    x, dy, start = experiment.window
    trace = rv.unroll(experiment.network, x, h0=start)
    alone = rv.backpropagate(experiment.network, trace, dy).params
    for name, expected in experiment.cut.params.items():
        np.testing.assert_allclose(alone[name], expected, rtol=1e-5, atol=1e-9)
    found = rv.check_gradients(experiment.network, x, dy, h0=start)
    assert found.error < 1e-6


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("name", [W_HH, W_IH])
def test_what_is_kept_is_ratio_and_angle(experiment: Experiment, name: str) -> None:
    full, cut = (np.ravel(g.params[name]).astype(float) for g in (experiment.full, experiment.cut))
    share, angle = experiment.kept(name)
    assert share == pytest.approx(np.linalg.norm(cut) / np.linalg.norm(full))
    if share:
        assert np.linalg.norm(cut) * np.cos(np.radians(angle)) == pytest.approx(cut @ full / np.linalg.norm(full))
    if not experiment.cuts:
        assert (share, angle) == (1.0, 0.0)


def test_of_nothing_nothing_is_kept() -> None:
    one_step_back = with_random_weights(2, 0.9, 1, 1, 0)
    share, _ = one_step_back.kept(W_HH)
    assert share > 0  # the last step's own part: its state before is the clue's
    network = one_step_back.network
    silent = network.with_parameters({k: v * (k != "readout.weight") for k, v in network.state_dict().items()})
    nothing = Experiment(silent, one_step_back.symbols, one_step_back.task, 1, 1, "")
    assert np.isnan(nothing.kept(W_HH)).all()
    assert nothing.share == 0


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_growth_lies_between_the_singular_values(experiment: Experiment) -> None:
    sizes = experiment.sizes[experiment.at - 1 :]
    growth = sizes[:-1] / sizes[1:]
    assert (growth >= experiment.singular[:, -1] * (1 - 1e-6)).all()
    assert (growth <= experiment.singular[:, 0] * (1 + 1e-6)).all()
    assert experiment.share == pytest.approx(growth.prod())


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_answers_are_the_softmax_with_each_clue(experiment: Experiment) -> None:
    here, other = experiment.answers()
    assert here == pytest.approx(np.exp(-experiment.loss.value), rel=1e-6)  # the clue on the screen is a
    swapped = experiment.symbols.replace("a", "b")
    x = np.eye(5)[[recall.SYMBOLS.index(symbol) for symbol in swapped]][:, None]
    y = rv.unroll(experiment.network, x).y[-1, 0].astype(float)
    assert other == pytest.approx(np.exp(y[0]) / np.exp(y).sum(), rel=1e-5)


def test_the_links_keep_what_they_promise() -> None:
    one, strong = preset("one"), preset("strong")
    assert strong.symbols == one.symbols
    weights = [float(e.network.layers[0][0].weight_hh[0, 0]) for e in (one, strong)]
    assert weights[1] == 2 * weights[0]
    assert strong.sizes[0] < one.sizes[0]
    assert strong.share < one.share
    assert preset("grows").share > 1
    assert not one.cuts
    assert preset("cut").cuts == [4]
    assert not preset("cut").arrives


def test_the_links_to_trained_networks_keep_what_they_promise() -> None:
    short, long, luck, edge = (preset(name) for name in ("short", "long", "luck", "edge"))
    assert short.learned.right == 0.5
    assert not short.arrives
    assert long.learned.right > 0.95
    assert long.arrives
    assert luck.learned.right > 0.95
    assert luck.k == 2
    assert luck.learned.moved == 0
    assert edge.learned.right > 0.95
    assert edge.k > edge.back
    assert not edge.arrives
