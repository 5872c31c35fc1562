"""Clipping by hand as it is sent to the browser."""

import json
import math
from collections.abc import Sequence

import pytest

from rnnviz.player import clip


def test_what_is_not_finite_is_sent_as_nothing() -> None:
    sent = json.loads(json.dumps(clip.stage([math.inf, 1.0], 2.0, words={}), allow_nan=False))
    assert sent["g"] == [None, 1.0]
    assert (sent["kind"], sent["threshold"], sent["show"]) == ("clip", 2.0, list(clip.SHOWN))


@pytest.mark.parametrize(
    ("g", "threshold", "show"), [([1.0], 1.0, ()), ([1.0, 2.0], 0.0, ()), ([1.0, 2.0], 1.0, ("circle",))]
)
def test_what_cannot_be_shown_is_said(g: Sequence[float], threshold: float, show: Sequence[str]) -> None:
    with pytest.raises(ValueError, match="clip"):
        clip.stage(g, threshold, words={}, show=show)
