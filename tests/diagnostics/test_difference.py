"""How long a difference lasts, on hand-made norms and against the bound for orthogonal recurrent weights."""

from functools import partial

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.diagnostics import state_difference, steps_until_below


def test_state_difference_is_the_euclidean_norm_over_units() -> None:
    h = np.array([[3.0, 4.0], [1.0, 1.0]])
    assert state_difference(h, np.zeros_like(h)).tolist() == [5.0, np.sqrt(2.0)]


def test_state_difference_names_shapes_that_differ() -> None:
    with pytest.raises(rv.ShapeError, match=r"\(2, 3\) and \(2, 4\)"):
        state_difference(np.zeros((2, 3)), np.zeros((2, 4)))


@pytest.mark.parametrize(
    ("norms", "steps"),
    [
        ([0, 0, 1.0, 0.5, 0.009, 0.001], 2),
        ([1.0, 0.009, 0.5, 0.001], 3),  # it came back
        ([1.0, 0.5], None),
        ([1.0, 0.009, 0.02], None),
        ([0.0, 0.0], 0),
        ([2.0, 0.0], 1),
    ],
)
def test_steps_until_below_counts_from_the_first_difference(norms: list[float], steps: int | None) -> None:
    assert steps_until_below(np.array(norms), 0.01) == steps


@pytest.mark.parametrize("rho", [0.3, 0.9])
def test_orthogonal_weights_shrink_a_difference_by_at_least_rho_per_step(rho: float) -> None:
    rng = np.random.default_rng(3)
    net = rv.Network.create(
        "elman", 4, 6, recurrent_init=partial(rv.initializers.orthogonal, gain=rho), rng=np.random.default_rng(1)
    )
    x = rng.normal(size=(30, 1, 4))
    other = x.copy()
    other[0] += 1
    h, h_other = (rv.unroll(net, a)[0, 0].h[:, 0] for a in (x, other))
    norms = state_difference(h, h_other)
    assert np.all(norms[1:] <= rho * norms[:-1] + 1e-14)
