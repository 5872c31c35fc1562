"""Descents as they are sent to the browser: the numbers of the engine, and a mesh that fits together."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from rnnviz import error_surface
from rnnviz.clipping import clip_by_global_norm
from rnnviz.errors import ShapeError
from rnnviz.player.descent import SENT, mesh, pack_descents

FOUND = [
    error_surface.descend(5.0, -2.2, 0.3, updates=7, clip=clip)
    for clip in (None, partial(clip_by_global_norm, max_norm=0.01), partial(clip_by_global_norm, max_norm=0.1))
]


def opened(sent: bytes) -> tuple[dict[str, object], np.ndarray]:
    length = int.from_bytes(sent[:4], "little")
    assert length % 4 == 0
    return json.loads(sent[4 : 4 + length]), np.frombuffer(sent[4 + length :], "<f4")


def test_every_point_is_sent_with_its_gradient() -> None:
    header, numbers = opened(pack_descents(FOUND, play=3))
    assert header == {"points": 7, "stopped": [None, None, None], "play": 3}
    for found, sent in zip(FOUND, numbers.reshape(3, len(SENT), 7)):
        for name, row in zip(SENT, sent):
            np.testing.assert_allclose(row, getattr(found, name)[:7], rtol=1e-6)


def test_what_is_no_number_stays_so() -> None:
    gone = np.where(np.arange(8) > 2, np.nan, FOUND[0].w)
    header, numbers = opened(pack_descents([replace(FOUND[0], w=gone, stopped=2), *FOUND[1:]]))
    assert header["stopped"] == [2, None, None]
    assert np.isnan(numbers[3:7]).all()
    assert np.isfinite(numbers[:3]).all()


def test_what_float32_cannot_hold_is_infinite() -> None:
    _, numbers = opened(pack_descents([replace(FOUND[0], w=FOUND[0].w * 1e300), *FOUND[1:]]))
    assert np.isposinf(numbers[:7]).all()


@pytest.mark.parametrize("given", [FOUND[:2], [*FOUND[:2], error_surface.descend(5.0, -2.2, 0.3, updates=8)]])
def test_three_of_one_length(given: list[error_surface.Descent]) -> None:
    with pytest.raises(ShapeError, match="three descents"):
        pack_descents(given)


def test_a_mesh_keeps_its_nodes_column_by_column() -> None:
    b = np.array([[0.0, 1.0, 2.0], [0.5, 1.5, 2.5]])
    sent = mesh(np.array([1.0, 2.0]), b, b / 10, folds=[b[:, :2]], caption="so")
    assert sent["rows"] == 3
    assert sent["b"] == [0.0, 1.0, 2.0, 0.5, 1.5, 2.5]
    assert sent["error"] == [0.0, 0.1, 0.2, 0.05, 0.15, 0.25]
    assert json.loads(json.dumps(sent)) == sent


@pytest.mark.parametrize("shape", [(2,), (1, 3), (3, 2)])
def test_a_mesh_that_does_not_fit_together(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="mesh"):
        mesh(np.array([1.0, 2.0]), np.zeros(shape), np.zeros(shape))
