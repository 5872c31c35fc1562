"""What the lesson on backpropagation through time computes and says, held to the engine; presets do what they say."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from lessons.backprop_through_time import model, pictures, recall
from lessons.backprop_through_time.experiment import W_HH, W_IH, Experiment, after_training, with_random_weights
from lessons.backprop_through_time.model import NEVER, PRESETS, facts
from lessons.common import text
from lessons.common.controls import Choice, Range, from_address, settle

EXPERIMENTS = [
    with_random_weights(1, 0.9, 6, 4, 0),
    with_random_weights(4, 1.5, 13, 5, 3),
    with_random_weights(8, 0.9, 1, 1, 0),
    with_random_weights(3, 0.7, 6, NEVER, 0),
    after_training(recall.Training(recall.ZERO, 8, 0), 3),
    after_training(recall.Training(recall.DRAWN, 2, 1), 1),
]


def preset(name: str) -> Experiment:
    return model.experiment(settle(model.controls, PRESETS[name])[1])


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_gradient_arrives_exactly_where_clue_and_question_share_a_window(experiment: Experiment) -> None:
    at_clue = experiment.truncated[0, 0].dh[experiment.at - 1, 0]
    assert experiment.arrives == bool(at_clue.any())
    assert experiment.arrives == (experiment.clue_column(experiment.truncated) > 0)
    if experiment.arrives:
        assert np.array_equal(at_clue, experiment.full[0, 0].dh[experiment.at - 1, 0])
        assert experiment.clue_column(experiment.truncated) == experiment.clue_column(experiment.full)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_last_window_alone_has_the_truncated_gradient(experiment: Experiment) -> None:
    x, dy, start = experiment.window
    trace = rv.unroll(experiment.network, x, h0=start)
    alone = rv.backpropagate(experiment.network, trace, dy).params
    for name, expected in experiment.truncated.params.items():
        np.testing.assert_allclose(alone[name], expected, rtol=1e-5, atol=1e-9)
    found = rv.check_gradients(experiment.network, x, dy, h0=start)
    assert found.error < 1e-6


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("name", [W_HH, W_IH])
def test_what_is_kept_is_ratio_and_angle(experiment: Experiment, name: str) -> None:
    full, cut = (np.ravel(g.params[name]).astype(float) for g in (experiment.full, experiment.truncated))
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
    nothing = Experiment(silent, one_step_back.symbols, one_step_back.task, 1, 1)
    assert np.isnan(nothing.kept(W_HH)).all()
    assert nothing.share == 0


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_growth_lies_between_the_singular_values(experiment: Experiment) -> None:
    norms = experiment.norms[experiment.at - 1 :]
    growth = norms[:-1] / norms[1:]
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


def test_presets_of_random_weights_do_what_they_say() -> None:
    one, strong = preset("one"), preset("strong")
    assert strong.symbols == one.symbols
    weights = [float(e.network.layers[0][0].weight_hh[0, 0]) for e in (one, strong)]
    assert weights[1] == 2 * weights[0]
    assert strong.norms[0] < one.norms[0]
    assert strong.share < one.share
    assert preset("grows").share > 1
    assert not one.cuts
    assert preset("truncated").cuts == [4]
    assert not preset("truncated").arrives


def test_presets_of_trained_networks_do_what_they_say() -> None:
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


def test_a_preset_sends_the_player_to_the_question() -> None:
    for name, given in PRESETS.items():
        assert given["step"] == preset(name).T
        assert given["pass"] == "backward"


# Controls and clicks


def test_what_is_picked_is_set() -> None:
    assert model.pick("k", {"x": 1}, {}) == {"k": 1}
    assert model.pick("k", {"x": 14}, {}) == {"k": NEVER}
    assert model.pick("step", {"x": 5}, {}) == {"step": 5, "pass": "backward"}


def test_old_addresses_open_what_they_opened() -> None:
    old = {"network": "trained", "start": "at random", "k": "2", "at": "3", "number": "2"}
    run = model.experiment(from_address(model.controls, old))
    assert run.learned == recall.Training(recall.DRAWN, 2, 1)
    assert (run.at, run.k) == (3, 2)
    again = model.experiment(from_address(model.controls, {"network": "random weights", "rho": "1.8", "units": "3"}))
    assert again.learned is None
    assert again.network.hidden_size == 3


@pytest.mark.parametrize(
    "query",
    [
        {"k": "0"},
        {"k": "99", "units": "x", "rho": "nan", "back": "-1", "seed": "1e9"},
        {"network": "<b>", "start": "nowhere", "at": "0", "number": "6"},
        {"network": "trained", "start": "nowhere", "at": "0", "number": "6", "k": "inf"},
    ],
)
def test_nonsense_in_an_address_is_the_default(query: dict[str, str]) -> None:
    said = facts(model.experiment(from_address(model.controls, query)))
    assert said.k == NEVER
    assert (said.at, said.back) == (1, 6)


# What is said, recomputed


def drawn(number: int) -> Experiment:
    """Some settings, with a liking for their ends."""
    rng, said = np.random.default_rng([3, number]), {}
    for _ in range(2):  # the network brings its own controls
        for control in model.controls(said):
            if isinstance(control, Choice):
                said.setdefault(control.id, str(rng.choice(control.options)))
            elif isinstance(control, Range):
                steps = round((control.high - control.low) / control.step)
                at = rng.choice([0, steps, *rng.integers(0, steps + 1, 4)])
                said.setdefault(control.id, control.low + control.step * int(at))
            else:
                said.setdefault(control.id, int(rng.integers(0, 10_000)))
    return model.experiment(settle(model.controls, said)[1])


@pytest.mark.parametrize("number", range(120))
def test_every_computed_sentence_is_so(number: int) -> None:
    run = drawn(number)
    said = facts(run)
    layer = run.network.layers[0][0]
    W = layer.weight_hh.astype(float)
    h = run.trace[0, 0].h[:, 0].astype(float)
    dh = run.loss.dy[-1, 0].astype(float) @ (
        run.network.readout.weight.astype(float) if run.network.readout else np.eye(1)
    )
    norms = {run.T: np.linalg.norm(dh)}
    for t in range(run.T, 1, -1):
        dh = W.T @ ((1 - h[t - 1] ** 2) * dh)
        norms[t - 1] = np.linalg.norm(dh)
    near = {"rel": 1e-4} if run.learned else {"rel": 1e-9, "abs": 1e-300}
    assert said.there == pytest.approx(norms[said.T], **near)
    assert said.here == pytest.approx(norms[said.at], **near)
    assert said.share * said.there == pytest.approx(said.here, **near)
    first = (said.T - 1) // said.k * said.k + 1  # of the last window
    assert (said.windows[-1].first, said.windows[-1].last) == (first, said.T)
    assert said.arrives == (first <= said.at)
    assert said.wider == (said.k > said.T - said.at)
    if said.spells:
        assert said.column_truncated == (pytest.approx(said.column) if said.arrives else 0)
    arriving = said.here / said.there if said.arrives and said.there else 0
    bounds = {"nothing": (0, 0), "little": (0, 0.1), "some": (0.1, 1), "more": (1, np.inf)}[said.answers["arrives"]]
    assert bounds[0] * (1 - 1e-4) <= arriving <= bounds[1] * (1 + 1e-4)
    assert (said.w is None) == (len(W) > 1)
    for t in range(said.at, said.T):
        J = (1 - h[t] ** 2)[:, None] * W
        assert said.low * (1 - 1e-4) - 1e-12 <= np.linalg.norm(J, -2)
        assert np.linalg.norm(J, 2) <= said.high * (1 + 1e-4) + 1e-12
    if said.learned:
        check_learned(run)


def check_learned(run: Experiment) -> None:
    told = facts(run).learned
    assert told is not None
    assert (told.within == 0) == (run.k <= recall.BACK) == (told.moved == 0)
    assert told.right == ("guess" if told.share < 0.55 else "always" if told.share > 0.95 else "often")
    if told.within == 0 and told.start == recall.ZERO:  # both clues are the same to it
        assert told.share == 0.5
        assert told.here == told.other


def test_the_rest_learned_to_read_what_chance_wrote_only_where_it_did() -> None:
    for k, number, right in ((5, 3, "guess"), (1, 1, "often"), (6, 4, "often"), (2, 2, "always")):
        told = facts(after_training(recall.Training(recall.DRAWN, k, number - 1), 1)).learned
        assert told is not None
        assert told.right == right


def test_the_questions_know_the_engine_s_answers() -> None:
    asked = model.checks()
    assert asked.answers == {"reach": "one", "forward": "learns", "loop": "nothing"}
    assert (asked.reached, asked.steps, asked.k) == (1, 10, 4)


def test_a_state_that_is_held_is_said_to_stop_the_gradient_and_has_no_product() -> None:
    words = text.load(Path(model.__file__).parent)
    for holds, held in (("", False), ("x_3_2_-1", False), ("h_1_1_0.5", False), ("h_4_1_0.5", True)):
        run = model.experiment(settle(model.controls, {"holds": holds})[1])
        said = facts(run)
        assert (said.held, said.here == 0) == (held, held)
        assert ("no gradient passes it" in words.section("saw", said).body) == held
        assert bool(pictures.chain(run, words, said)) == (not held)
