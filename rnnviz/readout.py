"""The readout: a linear layer on the top layer's hidden states, at every step.

y_t = W h_t + b            h_t (D*H,): both directions side by side, forward first
dh_t = W^T dy_t,   dW = sum_t dy_t h_t^T,   db = sum_t dy_t
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array
from rnnviz.cells.products import project, sum_of_outer


@dataclass(frozen=True, eq=False)
class Readout:
    """weight (Q, D*H), bias (Q,)."""

    weight: Array
    bias: Array

    def forward(self, h: Array) -> Array:
        """y of every step: (T, D*H, B) -> (T, Q, B)."""
        return project(self.weight, h) + self.bias[:, None]

    def backward(self, directions: list[Array], dy: Array) -> tuple[Array, dict[str, Array]]:
        """dh (T, D*H, B) and the parameters' gradients, from h of each direction (T, H, B) and dy (T, Q, B)."""
        weight = np.concatenate([sum_of_outer(dy, h) for h in directions], axis=1)
        params = {"readout.weight": weight, "readout.bias": dy.sum(axis=(0, 2))}
        return project(self.weight.T, dy), params
