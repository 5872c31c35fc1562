"""Descents as they are sent to the browser: the numbers of the engine, and a mesh that fits together."""

import json
from base64 import b64decode
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from rnnviz import error_surface
from rnnviz.clipping import clip_by_global_norm
from rnnviz.errors import ShapeError
from rnnviz.player.descent import SENT, Course, mesh, stage

FOUND = [
    error_surface.descend(5.0, -2.2, 0.3, updates=7, clip=clip)
    for clip in (None, partial(clip_by_global_norm, max_norm=0.01), partial(clip_by_global_norm, max_norm=0.1))
]


def sent(*descents: error_surface.Descent) -> dict[str, Any]:
    courses = [Course(str(k), descent, "norm", 0.1) for k, descent in enumerate(descents)]
    return stage(courses, {}, words={})


def numbers(course: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(b64decode(course["numbers"]), "<f4").reshape(len(SENT), -1)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_point_is_sent_with_its_gradient_of_any_number_of_descents(count: int) -> None:
    made = json.loads(json.dumps(sent(*FOUND[:count]), allow_nan=False))
    assert (made["kind"], made["points"], len(made["courses"])) == ("descent", 7, count)
    for found, course in zip(FOUND, made["courses"]):
        rows = dict(zip(SENT, numbers(course)))
        for name in SENT[:-2]:
            np.testing.assert_allclose(rows[name], getattr(found, name)[:7], rtol=1e-6)
        np.testing.assert_allclose([rows["dw"], rows["db"]], found.gradient.T, rtol=1e-6)


def test_the_gradient_that_is_sent_is_that_of_the_surface() -> None:
    (course,) = sent(FOUND[2])["courses"]
    rows = dict(zip(SENT, numbers(course).astype(float)))
    there = error_surface.surface(rows["w"], rows["b"])
    np.testing.assert_allclose([rows["dw"], rows["db"]], [there.dw, there.db], rtol=1e-3)
    np.testing.assert_allclose(np.hypot(rows["dw"], rows["db"]), rows["norm_before"], rtol=1e-6)


def test_what_is_no_number_stays_so() -> None:
    gone = np.where(np.arange(8) > 2, np.nan, FOUND[0].w)
    first, second = sent(replace(FOUND[0], w=gone, stopped=2), FOUND[1])["courses"]
    assert (first["stopped"], second["stopped"]) == (2, None)
    w = numbers(first)[0]
    assert np.isnan(w[3:]).all()
    assert np.isfinite(w[:3]).all()


def test_what_float32_cannot_hold_is_infinite() -> None:
    (course,) = sent(replace(FOUND[0], w=FOUND[0].w * 1e300))["courses"]
    assert np.isposinf(numbers(course)[0]).all()


def test_a_descent_that_is_not_clipped_has_no_threshold() -> None:
    made = stage([Course("bare", FOUND[0])], {}, words={})
    assert [(course["how"], course["threshold"]) for course in made["courses"]] == [("none", None)]


@pytest.mark.parametrize("given", [[], [*FOUND[:2], error_surface.descend(5.0, -2.2, 0.3, updates=8)]])
def test_descents_of_one_length(given: list[error_surface.Descent]) -> None:
    with pytest.raises(ShapeError, match="as many updates"):
        sent(*given)


def test_a_mesh_keeps_its_nodes_column_by_column() -> None:
    b = np.array([[0.0, 1.0, 2.0], [0.5, 1.5, 2.5]])
    made = mesh(np.array([1.0, 2.0]), b, b / 10, folds=[b[:, :2]])
    assert made["rows"] == 3
    assert made["b"] == [0.0, 1.0, 2.0, 0.5, 1.5, 2.5]
    assert made["error"] == [0.0, 0.1, 0.2, 0.05, 0.15, 0.25]
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize("shape", [(2,), (1, 3), (3, 2)])
def test_a_mesh_that_does_not_fit_together(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="mesh"):
        mesh(np.array([1.0, 2.0]), np.zeros(shape), np.zeros(shape))
