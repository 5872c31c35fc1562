"""A trace or a gradient in, a small array out: what a picture shows, as a number."""

from rnnviz.diagnostics.difference import state_difference, steps_until_below
from rnnviz.diagnostics.gates import GateStep, gate_step
from rnnviz.diagnostics.retention import measured_retention, promised_retention

__all__ = [
    "GateStep",
    "gate_step",
    "measured_retention",
    "promised_retention",
    "state_difference",
    "steps_until_below",
]
