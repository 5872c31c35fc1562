"""Splits: three parts that share nothing and together are all."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import at_random, by_group, in_time

PEOPLE = ["ann", "ben", "ann", "cleo", "dan", "ben"]


@pytest.mark.parametrize(("n", "train", "validation"), [(10, 0.6, 0.2), (1461, 0.5, 0.25), (2, 0.5, 0.0)])
def test_parts_follow_one_another_in_time(n: int, train: float, validation: float) -> None:
    steps = np.arange(n)
    parts = in_time(n, train, validation)
    np.testing.assert_array_equal(np.concatenate([steps[part] for part in parts]), steps)
    assert len(steps[parts.train]) == round(n * train)
    assert len(steps[parts.test]) > 0


def test_no_group_stands_in_two_parts() -> None:
    parts = by_group(PEOPLE, ["ben"], ["cleo", "dan"])
    np.testing.assert_array_equal(sum(part.astype(int) for part in parts), 1)
    held = [{PEOPLE[k] for k in np.flatnonzero(part)} for part in parts]
    assert held == [{"ann"}, {"ben"}, {"cleo", "dan"}]


def test_parts_at_random_share_nothing_and_are_drawn() -> None:
    parts = at_random(100, 0.7, 0.1, np.random.default_rng(0))
    assert [len(part) for part in parts] == [70, 10, 20]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(100))
    assert (parts.test != at_random(100, 0.7, 0.1, np.random.default_rng(1)).test).any()


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="nothing to test"):
        in_time(10, 0.8, 0.2)
    with pytest.raises(ValueError, match="nothing to train"):
        in_time(10, 0.01, 0.2)
    with pytest.raises(ValueError, match="train must be a number"):
        in_time(10, 1.5, 0.0)
    with pytest.raises(rv.UnknownNameError, match="'eve' is no group"):
        by_group(PEOPLE, ["eve"], [])
    with pytest.raises(ValueError, match="two parts"):
        by_group(PEOPLE, ["ben"], ["ben"])
    with pytest.raises(ValueError, match="no group is left"):
        by_group(PEOPLE, ["ann", "ben"], ["cleo", "dan"])
    with pytest.raises(TypeError, match="put a single one into a list"):
        by_group(PEOPLE, "ann", [])
