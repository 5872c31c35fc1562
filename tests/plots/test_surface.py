"""The error surface in three dimensions: the library's own numbers."""

import numpy as np
import pytest

from rnnviz import ShapeError, error_surface
from rnnviz.plots import error_surface as drawn


def test_heights_are_the_error_and_descents_lie_on_it() -> None:
    w, b = np.linspace(4, 6, 5), np.linspace(-3, -2, 4)
    descent = error_surface.descend(5.0, -2.5, 0.01, 3)
    figure = drawn({"no clipping": descent}, w=w, b=b)
    surface, line = figure.data
    assert surface.z == pytest.approx(error_surface.surface(w[None, :], b[:, None]).error)
    assert line.name == "no clipping"
    assert line.z == pytest.approx(descent.error, abs=0.01)


def test_where_a_descent_leaves_the_surface_its_line_ends() -> None:
    figure = drawn({"far": error_surface.descend(9.0, -2.5, 0.0, 1)}, w=[4, 6], b=[-3, -2])
    assert np.isnan(figure.data[1].x).all()


def test_a_surface_needs_two_lines() -> None:
    with pytest.raises(ShapeError):
        drawn(w=[4.0])
