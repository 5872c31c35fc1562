"""A trace or a gradient in, a small array out: what a picture shows, as a number."""

from rnnviz.diagnostics.contributions import Contributions, WeightGradientByStep, weight_gradient_by_step
from rnnviz.diagnostics.difference import state_difference, steps_until_below
from rnnviz.diagnostics.gates import GateStep, gate_step
from rnnviz.diagnostics.horizon import MemoryHorizon, memory_horizon
from rnnviz.diagnostics.jacobians import cell_jacobians, step_jacobians
from rnnviz.diagnostics.layers import PerLayer
from rnnviz.diagnostics.norms import (
    cell_gradient_norms,
    hidden_gradient_norms,
    log10_cell_gradient_norms,
    log10_hidden_gradient_norms,
)
from rnnviz.diagnostics.paths import GradientPaths, gradient_paths
from rnnviz.diagnostics.products import JacobianProducts, jacobian_products
from rnnviz.diagnostics.retention import measured_retention, promised_retention
from rnnviz.diagnostics.saliency import Saliency, saliency
from rnnviz.diagnostics.saturation import gate_saturation, gate_slopes, tanh_saturation, tanh_slopes

__all__ = [
    "Contributions",
    "GateStep",
    "GradientPaths",
    "JacobianProducts",
    "MemoryHorizon",
    "PerLayer",
    "Saliency",
    "WeightGradientByStep",
    "cell_gradient_norms",
    "cell_jacobians",
    "gate_saturation",
    "gate_slopes",
    "gate_step",
    "gradient_paths",
    "hidden_gradient_norms",
    "jacobian_products",
    "log10_cell_gradient_norms",
    "log10_hidden_gradient_norms",
    "measured_retention",
    "memory_horizon",
    "promised_retention",
    "saliency",
    "state_difference",
    "step_jacobians",
    "steps_until_below",
    "tanh_saturation",
    "tanh_slopes",
    "weight_gradient_by_step",
]
