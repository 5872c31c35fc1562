"""Laws of judging answers."""

import numpy as np
import pytest

from rnnviz import losses
from rnnviz.tasks import SequenceBatch


def batch(targets, allowed=None, output_size=1):
    """One sequence of as many steps as there are targets."""
    T = len(targets)
    targets = np.asarray(targets).reshape(T, 1, *np.shape(targets)[1:])
    return SequenceBatch(
        x=np.zeros((T, 1, 1)),
        targets=targets,
        mask=np.ones((T, 1), bool),
        lengths=np.array([T]),
        output_size=output_size,
        baseline=1.0,
        allowed=None if allowed is None else np.asarray(allowed, bool)[:, np.newaxis],
    )


def answer(rows):
    return np.asarray(rows, float)[:, np.newaxis]


def test_numbers_are_right_within_the_tolerance_in_all_outputs():
    two = batch([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
    y = answer([[0.03, 1.03], [0.03, 1.05], [0.0, 1.0]])
    np.testing.assert_array_equal(two.right(y)[:, 0], [True, False, True])
    np.testing.assert_array_equal(two.right(y, tolerance=0.1)[:, 0], [True, True, True])
    assert not two.solved(y)[0]


def test_a_class_is_right_where_its_output_is_the_largest():
    assert batch([2, 0]).right(answer([[0, 1, 2], [0, 1, 2]])).ravel().tolist() == [True, False]


def test_of_several_allowed_classes_all_must_be_above_all_others():
    """Whichever came next: Hochreiter & Schmidhuber (1997), experiment 1."""
    task = batch([0, 1, 0, 0], allowed=[[1, 1, 0]] * 4)
    y = answer([[2, 1, 0], [2, 1, 0], [2, 0, 1], [2, 1, 1]])
    assert task.right(y).ravel().tolist() == [True, True, False, False]


def test_a_set_is_right_where_the_outputs_above_zero_are_its_symbols():
    task = batch(np.array([[True, True, False]] * 3), output_size=3)
    y = answer([[0.1, 5.0, -0.1], [0.1, 0.0, -0.1], [1, 1, 1]])
    assert task.right(y).ravel().tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("targets", "loss"),
    [
        (np.array([[0.3], [0.7]]), losses.mean_squared_error),
        (np.array([0, 2]), losses.softmax_cross_entropy),
        (np.array([[True, False, True], [False, False, True]]), losses.binary_cross_entropy),
    ],
)
def test_the_loss_is_the_one_that_fits_the_targets(targets, loss):
    task = batch(targets)
    y = np.random.default_rng(0).normal(size=(2, 1, 1 if targets.dtype.kind == "f" else 3))
    expected = loss(y, task.targets, task.mask)
    assert task.loss(y).value == expected.value
    np.testing.assert_array_equal(task.loss(y).dy, expected.dy)
