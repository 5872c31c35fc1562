"""Laws of every task."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz import losses, tasks

SIZES = {name: (3,) if name == "embedded_reber" else (3, 24) for name in tasks.__all__ if name[0].islower()}
every_task = pytest.mark.parametrize("name", SIZES)
NUMBERS = {"adding", "adding_1997", "delayed_echo", "sine_mixture"}


def draw(name, seed=0, kind=int):
    return getattr(tasks, name)(np.random.default_rng(seed), *map(kind, SIZES[name]))


def perfect(batch):
    """Answers that know everything."""
    if batch.targets.dtype.kind == "f":
        return batch.targets
    if batch.targets.dtype.kind == "b":
        return np.where(batch.targets, 100.0, -100.0)
    allowed = np.eye(batch.output_size, dtype=bool)[batch.targets] if batch.allowed is None else batch.allowed
    return np.where(allowed, 100.0, -100.0)


@every_task
def test_sizes_may_be_whole_numbers_of_every_type(name):
    expected = draw(name)
    for kind in (float, np.int8, np.float32):
        batch = draw(name, kind=kind)
        np.testing.assert_array_equal(batch.x, expected.x)
        np.testing.assert_array_equal(batch.targets, expected.targets)


@every_task
def test_the_same_seed_gives_the_same_sequences_and_another_one_others(name):
    first, second = draw(name, 5), draw(name, 5)
    for field in ("x", "targets", "mask", "lengths"):
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))
    assert (first.baseline, first.floor) == (second.baseline, second.floor)
    others = [draw(name, seed) for seed in range(6, 12)]
    assert any(other.x.shape != first.x.shape or (other.x != first.x).any() for other in others)


@every_task
def test_a_task_draws_from_its_generator_alone(name):
    """Two batches in a row differ, and the generator goes on by the same steps in either run."""
    one, two = np.random.default_rng(1), np.random.default_rng(1)
    for _ in range(2):
        getattr(tasks, name)(one, *SIZES[name])
        getattr(tasks, name)(two, *SIZES[name])
    assert one.bit_generator.state == two.bit_generator.state != np.random.default_rng(1).bit_generator.state


@every_task
def test_shapes_fit_together(name):
    batch = draw(name)
    T, B, _ = batch.x.shape
    assert batch.x.dtype == np.float64
    assert batch.mask.shape == (T, B)
    assert batch.mask.dtype == np.bool_
    assert batch.lengths.shape == (B,)
    assert batch.lengths.dtype == np.int64
    assert batch.lengths.max() <= T
    assert batch.targets.shape in {(T, B), (T, B, batch.output_size)}
    assert (batch.targets.dtype.kind == "f") == (name in NUMBERS)
    assert np.isfinite(batch.x).all()
    assert batch.allowed is None or batch.allowed.shape == (T, B, batch.output_size)


@every_task
def test_every_sequence_is_asked_something_and_nothing_beyond_its_end(name):
    batch = draw(name)
    inside = losses.length_mask(batch.lengths, len(batch.x))
    assert batch.mask.any(axis=0).all()
    assert not (batch.mask & ~inside).any()
    assert not batch.x[~inside].any()
    assert batch.allowed is None or not batch.allowed[~batch.mask].any()


@every_task
def test_targets_are_zero_where_nothing_is_asked(name):
    batch = draw(name)
    assert not batch.targets[~batch.mask].any()


@every_task
def test_a_perfect_answer_is_right_everywhere_and_costs_no_more_than_the_floor(name):
    batch = draw(name)
    y = perfect(batch)
    assert batch.accuracy(y) == 1.0
    assert batch.solved(y).all()
    assert 0.0 <= batch.floor <= batch.baseline
    if batch.floor == 0.0:
        assert batch.loss(y).value == pytest.approx(0.0, abs=1e-12)


@every_task
def test_one_wrong_answer_leaves_its_sequence_unsolved_and_no_other(name):
    batch = draw(name)
    y = perfect(batch).copy()
    t = np.flatnonzero(batch.mask[:, 1])[-1]
    y[t, 1] = batch.targets[t, 1] + 1.0 if name in NUMBERS else -y[t, 1]
    np.testing.assert_array_equal(batch.solved(y), [True, False, True])
    assert batch.right(y).sum() == batch.mask.sum() - 1
    assert batch.accuracy(y) == pytest.approx(1.0 - 1.0 / batch.mask.sum())


@every_task
def test_answers_that_do_not_count_change_nothing(name):
    batch = draw(name)
    y = np.where(batch.mask[:, :, np.newaxis], perfect(batch), np.nan)
    assert batch.solved(y).all()
    np.testing.assert_array_equal(batch.right(y), batch.mask)


@every_task
def test_answers_of_another_shape_or_that_are_not_finite_are_rejected(name):
    batch = draw(name)
    y = perfect(batch)
    with pytest.raises(ValueError, match="shape"):
        batch.accuracy(y[:-1])
    with pytest.raises(ValueError, match="NaN or infinity in y"):
        batch.solved(np.full_like(y, np.nan))
    with pytest.raises(ValueError, match="tolerance"):
        batch.right(y, tolerance=-1)


@every_task
def test_a_seed_is_no_generator(name):
    with pytest.raises(ValueError, match=r"numpy\.random\.default_rng\(0\); got 0"):
        getattr(tasks, name)(0, *SIZES[name])


@every_task
def test_a_batch_of_none_is_rejected(name):
    with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1, got 0"):
        getattr(tasks, name)(np.random.default_rng(0), 0, *SIZES[name][1:])


@every_task
def test_one_sequence_is_a_batch(name):
    assert getattr(tasks, name)(np.random.default_rng(0), 1, *SIZES[name][1:]).x.shape[1] == 1


def test_readme_s_table_names_every_task():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [name for name in SIZES if f"`{name}`" not in readme] == []
