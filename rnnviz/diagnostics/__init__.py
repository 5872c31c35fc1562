"""A trace or a gradient in, a small array out: what a picture shows, as a number."""

from rnnviz.diagnostics.difference import state_difference, steps_until_below
from rnnviz.diagnostics.terms import UnitStep, unit_step

__all__ = ["UnitStep", "state_difference", "steps_until_below", "unit_step"]
