"""Laws of every task."""

import numpy as np
import pytest

from rnnviz import tasks

every_task = pytest.mark.parametrize("task", [tasks.adding, tasks.copy_memory, tasks.temporal_order])


@every_task
def test_sizes_may_be_whole_numbers_of_every_type(task):
    expected = task(np.random.default_rng(0), 3, 12)
    for kind in (float, np.int8, np.float32):
        batch = task(np.random.default_rng(0), kind(3), kind(12))
        np.testing.assert_array_equal(batch.x, expected.x)
        np.testing.assert_array_equal(batch.targets, expected.targets)


@every_task
def test_a_seed_is_no_generator(task):
    with pytest.raises(ValueError, match=r"numpy\.random\.default_rng\(0\); got 0"):
        task(0, 3, 12)
