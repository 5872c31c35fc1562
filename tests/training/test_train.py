"""Laws of training: repeated, resumed, forked and ended runs."""

import gc
import tracemalloc
from itertools import islice
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.training import Checkpoint
from rnnviz.training.randomness import BIT_GENERATORS
from tests.training.runs import CELLS, adding, clipped, first, network, rules, same, same_run, train

SIGNAL = np.sin(np.arange(103.0) / 3)[:, None]
OPTIMIZERS = {
    "sgd": rv.optimizers.sgd(momentum=0.9),
    "nesterov": rv.optimizers.nesterov(),
    "adagrad": rv.optimizers.adagrad(),
    "rmsprop": rv.optimizers.rmsprop(),
    "adam": rv.optimizers.adam(),
    "adamw": rv.optimizers.adamw(),
}
RUNS: dict[str, tuple[rv.Network, dict[str, Any]]] = {
    **{cell: (network(cell), rules()) for cell in CELLS},
    **{name: (network("elman"), rules(optimizer=one)) for name, one in OPTIMIZERS.items()},
    "float32": (network("gru", dtype=np.float32), rules()),
    "two layers, both directions": (network("elman", num_layers=2, bidirectional=True), rules()),
    "truncated": (network("gru"), rules(truncate=3)),
    "not clipped": (network("lstm"), rules(clip=None)),
    "dropout": (network("lstm"), rules(regularization=rv.regularization.Dropout(inputs=0.2, outputs=0.5))),
    "variational": (network("gru"), rules(regularization=rv.regularization.Variational(inputs=0.2, recurrent=0.3))),
    "zoneout": (network("lstm"), rules(regularization=rv.regularization.Zoneout(0.1, 0.4))),
    "padded": (
        network("gru", input_size=8, output_size=4),
        rules(sample=lambda rng: rv.tasks.temporal_order(rng, 5, 10), loss=rv.losses.softmax_cross_entropy),
    ),
    "reduced on a plateau": (
        network("gru"),
        rules(learning_rate=rv.schedules.reduce_on_plateau(0.02, 0.5, patience=1, every=2)),
    ),
    "stream": (
        network("lstm", input_size=1, num_layers=2),
        rules(sample=rv.training.stream(SIGNAL[:-1], SIGNAL[1:], batch_size=2, num_steps=10)),
    ),
    "fed": (
        network("gru", input_size=1),
        rules(
            sample=rv.training.windows(SIGNAL[:-1], SIGNAL[1:], batch_size=3, num_steps=12),
            feeding=rv.training.Feeding(truth=rv.training.inverse_sigmoid(4.0)),
        ),
    ),
}
by_run = pytest.mark.parametrize(("net", "given"), RUNS.values(), ids=RUNS)


@by_run
def test_the_same_seed_gives_the_same_curve(net, given):
    assert same_run(first(6, net, **given), first(6, net, **given))


def test_another_seed_gives_another_curve():
    assert not same(first(3, network(), **rules())[-1], first(3, network(), seed=1, **rules())[-1])


@by_run
def test_a_run_goes_on_from_any_checkpoint_as_if_it_had_not_stopped(net, given, tmp_path):
    whole = first(9, net, **given)
    begun = rv.training.start(net, given["optimizer"], np.random.default_rng(0))
    assert same_run(first(9, begun, **given), whole)
    for stop in (0, 3, 6):
        whole[stop].save(tmp_path / "run.npz")
        opened = rv.training.load(tmp_path / "run.npz")
        assert same(opened, whole[stop])
        assert opened.seconds == whole[stop].seconds
        for checkpoint in (whole[stop], opened):
            assert same_run(first(8 - stop, checkpoint, **given), whole[stop + 1 :])


@pytest.mark.parametrize("bits", BIT_GENERATORS.values(), ids=BIT_GENERATORS)
def test_any_bit_generator_goes_on(bits, tmp_path):
    """Also for one who spawns generators, and in the middle of a pair of 32-bit numbers."""

    def sample(rng):
        rng.integers(0, 2**31, 3, dtype=np.int32)
        return adding(rng.spawn(1)[0])

    given = rules(sample=sample, rng=np.random.Generator(bits(3)))
    whole = list(islice(rv.training.train(network("elman"), **given), 5))
    whole[1].save(tmp_path / "run.npz")
    for checkpoint in (whole[1], rv.training.load(tmp_path / "run.npz")):
        assert same_run(list(islice(rv.training.train(checkpoint, **given), 3)), whole[2:])


def test_the_run_s_random_numbers_are_its_own():
    rng = np.random.default_rng(0)
    run = rv.training.train(network(), **rules(), rng=rng)
    one = [next(run), next(run)]
    rng.random(5)
    assert same_run([*one, next(run)], first(3, network(), **rules()))
    assert rng.random() == np.random.default_rng(0).random(6)[5]


def test_a_generator_given_to_a_run_that_goes_on_changes_nothing():
    whole = first(4, network(), **rules())
    assert same_run(first(2, whole[1], seed=99, **rules()), whole[2:])


def test_a_batch_is_drawn_when_it_is_asked_for_and_never_before():
    drawn = []
    run = train(network(), **rules(sample=lambda rng: drawn.append(1) or adding(rng)))
    assert drawn == []
    next(run)
    assert drawn == [1]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("truncate", [None, 3])
def test_a_run_is_the_loop_written_by_hand_to_the_bit(cell, truncate):
    net, rng, optimizer = network(cell), np.random.default_rng(0), rv.optimizers.adam()
    state, rate = optimizer.init(net.state_dict()), rv.schedules.cosine(0.02, 0.0, 20)
    for checkpoint in first(5, net, **rules(truncate=truncate)):
        batch = adding(rng)
        trace = rv.unroll(net, batch.x)
        loss = rv.losses.mean_squared_error(trace.y, batch.targets, batch.mask)
        found = rv.backpropagate(net, trace, loss.dy, truncate=truncate)
        grads = clipped(found.params)
        params, state = optimizer.update(grads, state, net.state_dict(), float(rate(checkpoint.update - 1)))
        net = net.with_parameters(params)
        assert checkpoint.loss == loss.value
        assert all(np.array_equal(a, checkpoint.network.state_dict()[name]) for name, a in net.state_dict().items())
        assert checkpoint.gradient_norm == pytest.approx(rv.clipping.global_norm(found.params), rel=1e-12)
        assert checkpoint.clipped_norm == pytest.approx(rv.clipping.global_norm(grads), rel=1e-12)
        assert checkpoint.learning_rate == float(rate(checkpoint.update - 1))
        norms = np.linalg.norm(rv.diagnostics.hidden_gradient_norms(found)[0, 0], axis=1)
        np.testing.assert_allclose(checkpoint.step_norms, norms, rtol=1e-12)
        for gate, values in trace[0, 0].gates.items():
            assert checkpoint.gate_means[gate] == pytest.approx(values.mean(), rel=1e-12)


def test_padding_counts_in_no_mean_and_no_norm():
    net, given = network("lstm", input_size=8, output_size=4), {"loss": rv.losses.softmax_cross_entropy}
    batch = rv.tasks.temporal_order(np.random.default_rng(0), 4, 20)
    (checkpoint,) = first(1, net, **rules(sample=lambda _: batch, **given))
    trace = rv.unroll(net, batch.x, batch.lengths)
    counted = rv.losses.length_mask(batch.lengths, len(batch.x))
    assert not counted.all()
    for gate, values in trace[0, 0].gates.items():
        assert checkpoint.gate_means[gate] == pytest.approx(values[counted].mean())
    assert checkpoint.step_norms.shape == (len(batch.x),)
    assert checkpoint.step_norms[batch.lengths.min() - 1] > 0
    assert (checkpoint.step_norms[batch.lengths.max() :] == 0).all()


def test_both_directions_and_the_top_layer_are_measured():
    net, batch = network("gru", num_layers=2, bidirectional=True), adding(np.random.default_rng(0))
    (checkpoint,) = first(1, net, **rules(sample=lambda _: batch))
    trace = rv.unroll(net, batch.x)
    grads = rv.backpropagate(net, trace, rv.losses.mean_squared_error(trace.y, batch.targets, batch.mask).dy)
    dh = np.concatenate([grads[1, 0].dh, grads[1, 1].dh], axis=2)
    np.testing.assert_allclose(checkpoint.step_norms, np.sqrt((dh**2).sum(axis=(1, 2))))
    z = (trace[1, 0].gates["z"].mean() + trace[1, 1].gates["z"].mean()) / 2
    assert checkpoint.gate_means["z"] == pytest.approx(z)


@pytest.mark.parametrize(("cell", "gate", "rows"), [("elman", "h", 0), ("lstm", "g", 2), ("gru", "n", 2)])
def test_the_spectral_radius_is_that_of_the_candidate_s_recurrent_weights(cell, gate, rows):
    (checkpoint,) = first(1, network(cell), **rules())
    W = checkpoint.network.state_dict()["weight_hh_l0"][4 * rows : 4 * rows + 4]
    assert checkpoint.spectral_radius == pytest.approx(np.abs(np.linalg.eigvals(W)).max())
    assert np.abs(checkpoint.eigenvalues[gate]).max() == checkpoint.spectral_radius


# Forks ----------------------------------------------------------------------------------------------------------------


def test_a_fork_with_the_same_settings_is_the_same():
    whole = first(7, network(), **rules())
    assert same_run(first(4, whole[2], **rules()), whole[3:])


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.5},
        {"clip": None},
        {"optimizer": rv.optimizers.sgd()},
        {"regularization": rv.regularization.Dropout(outputs=0.5)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_fork_parts_from_its_run_and_leaves_it_alone(change):
    whole = first(7, network(), **rules())
    fork = first(4, whole[2], **rules(**change))
    assert [c.update for c in fork] == [4, 5, 6, 7]
    if "regularization" not in change:
        assert fork[0].loss == whole[3].loss  # the same batch and network
    assert not same(fork[0], whole[3])
    assert same_run(first(4, whole[2], **rules()), whole[3:])


def test_an_optimizer_of_another_kind_begins_anew_and_one_of_the_same_form_goes_on():
    whole = first(5, network(), **rules())
    anew = first(1, whole[3], **rules(optimizer=rv.optimizers.rmsprop()))[0].optimizer_state
    goes_on = first(1, whole[3], **rules(optimizer=rv.optimizers.adamw()))[0].optimizer_state
    assert (anew.t, goes_on.t) == (1, 5)
    assert (set(anew.moments), set(goes_on.moments)) == ({"v"}, {"m", "v"})


def test_a_learning_rate_that_looks_at_the_losses_falls_when_they_do_not():
    """It sees the loss of each update, and acts at the next; a run on with a number forgets what it saw."""
    batch = adding(np.random.default_rng(0))
    given = rules(sample=lambda _: batch, learning_rate=rv.schedules.reduce_on_plateau(1e-12, 0.5, patience=2))
    run = first(8, network(), **given)
    assert [checkpoint.learning_rate * 1e12 for checkpoint in run] == pytest.approx([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25])
    assert first(1, run[-1], **rules())[0].plateau is None


# Divergence -----------------------------------------------------------------------------------------------------------


def broken(kind):
    """A loss whose value or gradient is not finite, or whose gradient takes the parameters out of the finite range."""

    def loss(y, targets, mask):
        found = rv.losses.mean_squared_error(y, targets, mask)
        value = np.inf if kind == "the loss" else found.value
        return rv.losses.Loss(value, found.steps, found.dy * (np.nan if kind == "the gradient" else 1e10))

    return loss


@pytest.mark.parametrize("kind", ["the loss", "the gradient", "the parameters"])
def test_a_run_that_diverges_says_when_and_at_what_and_all_before_stays_good(kind):
    good = first(3, network("elman"), **rules())[-1]
    before = {name: a.copy() for name, a in good.network.state_dict().items()}
    given = {"clip": None, "optimizer": rv.optimizers.sgd(), "learning_rate": 1e308}
    run = train(good, **rules(loss=broken(kind), **given))
    with pytest.raises(rv.NonFiniteError, match=f"update 4 diverged at {kind}: "):
        next(run)
    assert all(np.array_equal(before[name], a) for name, a in good.network.state_dict().items())
    assert np.isfinite(first(1, good, **rules())[0].loss)
    with pytest.raises(StopIteration):
        next(run)


def test_an_exploding_run_ends_with_the_error_that_names_its_update():
    net = network("elman", nonlinearity="linear")
    seen = []
    with pytest.raises(rv.NonFiniteError, match="update") as told:
        seen.extend(train(net, **rules(clip=None, optimizer=rv.optimizers.sgd(), learning_rate=30.0)))
    assert f"update {len(seen) + 1} " in str(told.value)


def test_norms_are_right_however_large_the_gradient_is():
    """Also where their squares are beyond the range, and where those are 0."""
    batch, net = adding(np.random.default_rng(0)), network()

    def scaled(by):
        def loss(y, targets, mask):
            found = rv.losses.mean_squared_error(y, targets, mask)
            return rv.losses.Loss(found.value, found.steps, by * found.dy)

        given = {"clip": None, "optimizer": rv.optimizers.sgd(), "learning_rate": 0.0}
        return first(1, net, **rules(sample=lambda _: batch, loss=loss, **given))[0]

    plain = scaled(1.0)
    for by in (1e-200, 1e200):
        assert scaled(by).gradient_norm == pytest.approx(by * plain.gradient_norm, rel=1e-12)
        np.testing.assert_allclose(scaled(by).step_norms, by * plain.step_norms, rtol=1e-12)


def test_a_batch_that_is_not_finite_is_told_with_its_place():
    batch = adding(np.random.default_rng(0))
    batch.x[2, 1, 0] = np.nan
    with pytest.raises(rv.NonFiniteError, match=r"update 1 .*x\[2, 1, 0\]"):
        first(1, network(), **rules(sample=lambda _: batch))


# Memory ---------------------------------------------------------------------------------------------------------------


def test_memory_of_a_long_run_is_flat():
    """What is left of an update is less than a hundredth of the parameters; tracemalloc itself counts some bytes."""
    net = network("elman", hidden_size=60)
    run = train(net, **rules())
    for _ in islice(run, 30):
        pass
    gc.collect()
    tracemalloc.start()
    try:
        next(run)
        early = tracemalloc.get_traced_memory()[0]
        for _ in islice(run, 200):
            pass
        late = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert (late - early) / 200 < net.parameter_count * 8 / 100


def test_a_checkpoint_that_is_kept_holds_no_trace():
    """Of a hundred sequences of a hundred steps, what stays is some multiple of the parameters."""
    given = rules(sample=lambda rng: rv.tasks.adding(rng, 100, 100))
    net = network("lstm")
    next(run := train(net, **given))
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = list(islice(run, 10))
        grown = (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    finally:
        tracemalloc.stop()
    assert grown < 10 * net.parameter_count * 8 + 20_000
    assert grown < rv.unroll(net, given["sample"](np.random.default_rng(0)).x).nbytes / 20


# Wrong calls ----------------------------------------------------------------------------------------------------------


def test_what_is_neither_network_nor_checkpoint_is_refused_at_once():
    with pytest.raises(TypeError, match="Checkpoint"):
        train({"weights": 1}, **rules())
    with pytest.raises(ValueError, match="random generator"):
        rv.training.train(network(), **rules(), rng=3)


def test_the_batch_s_own_loss_is_taken_where_none_is_given():
    assert same_run(first(2, network(), **rules(loss=None)), first(2, network(), **rules()))


def test_a_checkpoint_can_be_changed_by_nobody():
    (checkpoint,) = first(1, network(), **rules())
    assert isinstance(checkpoint, Checkpoint)
    with pytest.raises(AttributeError):
        checkpoint.loss = 0.0
    with pytest.raises(ValueError):
        checkpoint.step_norms[0] = 0.0
