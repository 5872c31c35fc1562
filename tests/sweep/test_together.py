"""Laws of training together: model by model it is `training.train`, and what becomes of one concerns no other."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import NonFiniteError, ShapeError, sweep, training
from rnnviz.sweep import gradients
from tests.networks import KINDS, random_network

M, H = 3, 3
MSE = rv.losses.mean_squared_error
by_kind = pytest.mark.parametrize("kind", KINDS)


def adding(rng, batch_size=4, num_steps=6):
    return rv.tasks.adding(rng, batch_size=batch_size, num_steps=num_steps)


def networks_of(kind, count=M, output_size=1, input_size=2, **settings):
    return [
        random_network(
            np.random.default_rng(seed),
            kind,
            input_size=input_size,
            hidden_size=H,
            output_size=output_size,
            **settings,
        )
        for seed in range(count)
    ]


def seeded(count=M):
    return [np.random.default_rng(100 + seed) for seed in range(count)]


def after(run, updates):
    return next(islice(run, updates - 1, None))


def assert_same(now, m, checkpoint, tolerance=1e-10):
    """The losses, norms and parameters of model m are those of one network trained by itself."""
    assert now.update == checkpoint.update
    for mine, its in (
        (now.losses[m], checkpoint.loss),
        (now.gradient_norms[m], checkpoint.gradient_norm),
        (now.clipped_norms[m], checkpoint.clipped_norm),
        (now.learning_rates[m], checkpoint.learning_rate),
    ):
        assert mine == pytest.approx(its, rel=tolerance, abs=tolerance)
    for name, a in checkpoint.network.state_dict().items():
        np.testing.assert_allclose(now.network(m).state_dict()[name], a, rtol=tolerance, atol=tolerance)


def assert_alone(networks, sample, updates=5, *, samples=None, rates=None, clip=None, alone_clip=None, **rules):
    """Training together gives each network what training it alone does."""
    rates = [0.01] * len(networks) if rates is None else rates
    run = sweep.train(networks, samples or sample, learning_rate=rates, clip=clip, rngs=seeded(len(networks)), **rules)
    now = after(run, updates)
    for m, (network, rate) in enumerate(zip(networks, rates)):
        clip_m = alone_clip(m) if alone_clip else None
        own = samples[m] if samples else sample
        rng = seeded(len(networks))[m]
        one = training.train(network, own, learning_rate=rate, clip=clip_m, rng=rng, **rules)
        assert_same(now, m, after(one, updates))


@by_kind
def test_each_of_several_networks_learns_as_it_does_alone(kind):
    assert_alone(networks_of(kind), adding, loss=MSE, optimizer=rv.optimizers.adam())


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adagrad", "rmsprop", "adam", "adamw"])
def test_with_every_optimizer(name):
    assert_alone(networks_of("lstm"), adding, loss=MSE, optimizer=getattr(rv.optimizers, name)())


@by_kind
def test_without_a_readout(kind):
    def sample(rng):
        return rv.tasks.SequenceBatch(
            x=rng.standard_normal((5, 4, 2)),
            targets=rng.standard_normal((5, 4, H)),
            mask=rng.random((5, 4)) < 0.5,
            lengths=np.full(4, 5),
            output_size=H,
            baseline=1.0,
        )

    assert_alone(networks_of(kind, output_size=None), sample, loss=MSE, optimizer=rv.optimizers.sgd())


def test_each_with_its_own_learning_rate_and_threshold():
    thresholds = [0.01, 1.0, np.inf]
    assert_alone(
        networks_of("gru"),
        adding,
        loss=MSE,
        optimizer=rv.optimizers.sgd(0.9),
        rates=[0.001, 0.01, 0.1],
        clip=thresholds,
        alone_clip=lambda m: lambda grads: rv.clipping.clip_by_global_norm(grads, thresholds[m]).grads,
    )


def test_clipping_by_any_function_of_one_models_gradients():
    def clip(grads):
        return rv.clipping.clip_by_value(grads, 0.01).grads

    rules = {"loss": MSE, "optimizer": rv.optimizers.adam()}
    assert_alone(networks_of("tanh"), adding, clip=clip, alone_clip=lambda _m: clip, **rules)


def test_what_stands_before_the_optimizer_in_its_chain_is_done_for_each():
    steps = rv.transformations.weight_decay(0.1), rv.transformations.clip_by_global_norm(0.5)
    assert_alone(networks_of("lstm"), adding, loss=MSE, optimizer=rv.optimizers.chain(*steps, rv.optimizers.adam()))


def test_a_schedule_sets_the_rate_of_each_update():
    schedule = rv.schedules.cosine(0.1, 0.0, 5)
    run = sweep.train(networks_of("tanh"), adding, optimizer=rv.optimizers.adam(), learning_rate=schedule)
    rates = [now.learning_rates.tolist() for now in islice(run, 3)]
    assert rates == [[schedule(update)] * M for update in range(3)]


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("temporal_order", {"batch_size": 5, "num_steps": 10}),  # classes, sequences of several lengths
        ("copy_memory", {"batch_size": 3, "delay": 4}),  # classes at many steps
        ("embedded_reber", {"batch_size": 3}),
        ("a_n_b_n", {"batch_size": 3}),
    ],
)
@pytest.mark.parametrize("kind", ["relu", "lstm"])
def test_of_every_kind_of_target_and_with_padding(task, settings, kind):
    def sample(rng):
        return getattr(rv.tasks, task)(rng, **settings)

    drawn = sample(np.random.default_rng(0))
    networks = networks_of(kind, input_size=drawn.x.shape[2], output_size=drawn.output_size)
    assert_alone(networks, sample, updates=3, loss=None, optimizer=rv.optimizers.adam())


def test_each_on_sequences_of_its_own_length():
    samples = [lambda rng, T=T: adding(rng, num_steps=T) for T in (4, 9, 6)]
    assert_alone(networks_of("relu"), None, samples=samples, loss=MSE, optimizer=rv.optimizers.adam())


def test_a_loss_of_ones_own_is_asked_for_each_model():
    def huber(y, targets, mask):
        error = np.where(mask[:, :, None], y - targets, 0)
        return rv.losses.Loss(float(np.abs(error).sum()), np.abs(error)[:, :, 0], np.sign(error))

    assert_alone(networks_of("gru"), adding, loss=huber, optimizer=rv.optimizers.sgd())


def test_one_generator_serves_all_with_the_same_batches():
    network = networks_of("lstm")[0]
    run = sweep.train([network] * M, adding, optimizer=rv.optimizers.adam(), learning_rate=0.01, rngs=seeded()[0])
    now = after(run, 3)
    one = training.train(network, adding, loss=MSE, optimizer=rv.optimizers.adam(), learning_rate=0.01, rng=seeded()[0])
    alone = after(one, 3)
    for m in range(M):
        assert_same(now, m, alone)


def test_more_models_than_are_run_at_a_time_change_nothing(monkeypatch):
    monkeypatch.setattr(gradients, "COLUMNS", 8)  # two models of four sequences
    assert_alone(networks_of("gru", count=5), adding, loss=MSE, optimizer=rv.optimizers.adam())


def test_single_precision_stays_single():
    networks = networks_of("lstm", dtype=np.float32)
    now = after(sweep.train(networks, adding, optimizer=rv.optimizers.adam(), learning_rate=0.01, rngs=seeded()), 3)
    assert now.params.dtype == np.float32
    one = training.train(
        networks[1], adding, loss=MSE, optimizer=rv.optimizers.adam(), learning_rate=0.01, rng=seeded()[1]
    )
    assert_same(now, 1, after(one, 3), 1e-4)


EXPLODES = {"optimizer": rv.optimizers.sgd(), "learning_rate": [0.01, 1e200, 0.01]}


def test_a_model_that_diverges_is_marked_at_the_update_that_it_cannot_do_and_harms_no_other():
    networks = networks_of("linear")
    run = sweep.train(networks, adding, rngs=seeded(), **EXPLODES)
    now = after(run, 6)
    alone = training.train(
        networks[1], adding, loss=MSE, optimizer=EXPLODES["optimizer"], learning_rate=1e200, rng=seeded()[1]
    )
    done = []
    with pytest.raises(NonFiniteError, match=f"update {now.diverged[1]} "):
        done.extend(alone)
    assert now.diverged.tolist() == [-1, len(done) + 1, -1]
    assert now.running.tolist() == [True, False, True]
    assert np.isnan(now.losses[1])
    assert np.isfinite(now.params).all()
    for m in (0, 2):
        one = training.train(
            networks[m], adding, loss=MSE, optimizer=EXPLODES["optimizer"], learning_rate=0.01, rng=seeded()[m]
        )
        assert_same(now, m, after(one, 6))


def test_a_diverged_model_keeps_the_parameters_of_its_last_good_update():
    networks = networks_of("linear")
    run = list(islice(sweep.train(networks, adding, rngs=seeded(), **EXPLODES), 6))
    lost = int(run[-1].diverged[1])
    assert 1 <= lost < 6
    good = run[lost - 2].params[1] if lost > 1 else sweep.start(networks).params[1]
    for now in run[lost - 1 :]:
        np.testing.assert_array_equal(now.params[1], good)


def test_a_diverged_model_s_checkpoint_is_that_of_its_last_good_update():
    networks, rates = networks_of("linear"), [0.01, 1e60, 0.01]
    rules = {"optimizer": rv.optimizers.adam()}
    now = after(sweep.train(networks, adding, rngs=seeded(), learning_rate=rates, **rules), 8)
    good = int(now.diverged[1]) - 1
    assert good > 0
    alone = after(training.train(networks[1], adding, loss=MSE, learning_rate=1e60, rng=seeded()[1], **rules), good)
    found = now.checkpoint(1)
    assert (found.update, found.optimizer_state.t) == (alone.update, alone.optimizer_state.t) == (good, good)
    for name, a in alone.network.state_dict().items():
        np.testing.assert_allclose(found.network.state_dict()[name], a, rtol=1e-10)


def test_it_ends_once_all_have_diverged():
    run = sweep.train(networks_of("linear"), adding, optimizer=rv.optimizers.sgd(), learning_rate=1e200, rngs=seeded())
    everything = list(islice(run, 50))
    assert len(everything) < 50
    assert not everything[-1].running.any()


@by_kind
def test_going_on_gives_the_same_numbers_to_the_bit(kind):
    rules = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.01, "clip": 0.5}
    whole = list(islice(sweep.train(networks_of(kind), adding, rngs=seeded(), **rules), 6))
    again = list(islice(sweep.train(whole[2], adding, **rules), 3))
    for one, other in zip(whole[3:], again):
        assert one.update == other.update
        np.testing.assert_array_equal(one.losses, other.losses)
        np.testing.assert_array_equal(one.params, other.params)


def test_some_of_the_runs_go_on_as_they_would_have_among_all():
    rules = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.01}
    run = sweep.train(networks_of("gru"), adding, rngs=seeded(), **rules)
    middle = after(run, 3)
    end = after(run, 2)
    for chosen in ([2, 0], np.array([True, False, True])):
        rest = after(sweep.train(middle.of(chosen), adding, **rules), 2)
        rows = np.arange(M)[chosen]
        np.testing.assert_allclose(rest.params, end.params[rows], rtol=1e-12)


def test_one_of_the_runs_goes_on_alone_as_it_would_have_together(tmp_path):
    rules = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.01}
    run = sweep.train(networks_of("lstm"), adding, rngs=seeded(), **rules)
    after(run, 3).checkpoint(1).save(tmp_path / "run.npz")
    alone = training.train(training.load(tmp_path / "run.npz"), adding, loss=MSE, **rules)
    assert_same(after(run, 3), 1, after(alone, 3))


def test_one_run_is_forked_into_several_by_repeating_it():
    run = sweep.train(networks_of("gru"), adding, optimizer=rv.optimizers.adam(), learning_rate=0.01, rngs=seeded())
    forks = after(run, 2).of([1, 1, 1])
    now = next(sweep.train(forks, adding, optimizer=rv.optimizers.adam(), learning_rate=[0.01, 0.02, 0.04]))
    step = np.abs(now.params - forks.params).max(axis=1)
    assert now.losses.tolist() == [now.losses[0]] * 3
    np.testing.assert_allclose(step / step[0], [1, 2, 4])


def test_another_optimizer_begins_anew():
    networks = networks_of("tanh")
    first = after(sweep.train(networks, adding, optimizer=rv.optimizers.sgd(), learning_rate=0.01, rngs=seeded()), 3)
    now = next(sweep.train(first, adding, optimizer=rv.optimizers.adam(), learning_rate=0.01))
    np.testing.assert_allclose(np.abs(now.params - first.params).max(axis=1), 0.01, rtol=1e-3)  # Adam's first step


def test_states_are_the_outputs_of_networks_without_a_readout_however_many_there_are():
    networks = [rv.Network.create("elman", 1, 1, rng=np.random.default_rng(seed)) for seed in range(100)]
    x = np.random.default_rng(0).standard_normal((5, 16, 1))
    y = sweep.start(networks).outputs(x)
    for network, own in zip(networks, y):
        np.testing.assert_allclose(own, rv.unroll(network, x).y, rtol=1e-12, atol=1e-15)


def test_outputs_are_those_of_the_networks():
    networks, x = networks_of("lstm"), np.random.default_rng(0).standard_normal((5, 4, 2))
    y = sweep.start(networks).outputs(x)
    for m, network in enumerate(networks):
        np.testing.assert_allclose(y[m], rv.unroll(network, x).y, atol=1e-13)


def test_each_is_evaluated_as_it_is_alone():
    networks, batch = networks_of("gru"), adding(np.random.default_rng(0))
    metrics = {"error": rv.metrics.root_mean_squared_error}
    for found, network in zip(sweep.start(networks).evaluate(batch, metrics=metrics), networks):
        alone = training.evaluate(network, batch, metrics=metrics)
        assert found.loss == pytest.approx(alone.loss, rel=1e-12)
        assert found.metrics["error"].value == pytest.approx(alone.metrics["error"].value, rel=1e-12)


def test_a_model_whose_answers_overflow_has_no_loss_and_the_others_have_theirs():
    networks = networks_of("linear")
    huge = {name: 1e200 * a for name, a in networks[1].state_dict().items()}
    networks[1] = networks[1].with_parameters(huge)
    losses = [found.loss for found in sweep.start(networks).evaluate(adding(np.random.default_rng(0)))]
    assert np.isnan(losses).tolist() == [False, True, False]


def test_generators_given_are_not_advanced():
    rngs, same = seeded(), seeded()
    after(sweep.train(networks_of("tanh"), adding, optimizer=rv.optimizers.sgd(), learning_rate=0.01, rngs=rngs), 2)
    assert [rng.random() for rng in rngs] == [rng.random() for rng in same]


GOOD = {"optimizer": rv.optimizers.sgd(), "learning_rate": 0.01}


@pytest.mark.parametrize(
    ("networks", "rules", "error", "message"),
    [
        ([], {}, ShapeError, "at least one network"),
        ([*networks_of("tanh"), *networks_of("lstm")], {}, ShapeError, "network 0 is .*'elman'.* 3 is .*'lstm'"),
        ([*networks_of("tanh"), *networks_of("relu")], {}, ShapeError, "of one kind"),
        (networks_of("gru", num_layers=2), {}, ShapeError, "one layer and one direction"),
        (networks_of("gru"), {"rngs": seeded(2)}, ShapeError, "one for each of the 3 networks; got 2"),
        (
            networks_of("gru"),
            {"learning_rate": [0.1, 0.2]},
            ShapeError,
            r"one for each of the 3 models, got shape \(2,\)",
        ),
        (networks_of("gru"), {"learning_rate": -1.0}, ValueError, "learning_rate must be at least 0"),
        (networks_of("gru"), {"clip": np.nan}, ValueError, "clip must be at least 0"),
        (networks_of("gru"), {"sample": [adding] * 2}, ShapeError, "sample must be a function, or one for each"),
        (
            networks_of("gru"),
            {"optimizer": rv.optimizers.chain(rv.transformations.clip_by_average_norm(1.0), rv.optimizers.sgd())},
            ValueError,
            "remembers nothing",
        ),
    ],
)
def test_what_does_not_fit_is_refused(networks, rules, error, message):
    rules = {"sample": adding, **GOOD, **rules}
    with pytest.raises(error, match=message):
        sweep.train(networks, **rules)


def test_batches_of_different_sizes_are_refused():
    sizes = iter([2, 3, 2])
    run = sweep.train(networks_of("gru"), lambda rng: adding(rng, batch_size=next(sizes)), rngs=seeded(), **GOOD)
    with pytest.raises(ShapeError, match="equally many sequences"):
        next(run)
