"""The page of gradient clipping: stages in sync with its controls, and a surface that keeps its camera."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lessons import catalog
from lessons.clipping import experiment, surface
from lessons.clipping.experiment import NORM, Settings
from lessons.clipping.runs import FACTORS
from rnnviz.player.descent import SENT
from tests.lessons.common import visits
from tests.lessons.record.seen import elements, visit
from tests.player.test_descent import numbers

PAGE = Path(catalog.folder("clipping")) / "page.py"


def protos(address: str, **session: Any) -> Iterator[tuple[str, Any]]:
    for _, kind, proto in elements(visit(PAGE, address, session=session)._tree):
        yield kind, proto


def stages(address: str) -> dict[str, dict[str, Any]]:
    """The stages at this address, by kind."""
    sent = [json.loads(proto.json) for kind, proto in protos(address) if kind == "bidi_component" and proto.json]
    return {one["stage"]["kind"]: one["stage"] for one in sent if "stage" in one}


@pytest.mark.parametrize("threshold", [0.1, 2.0])
def test_both_stages_stand_in_explore_with_the_page_s_threshold(threshold: float) -> None:
    shown = stages(f"mode=explore&threshold={threshold}")
    assert set(shown) == {"descent", "clip"}
    assert shown["clip"]["threshold"] == threshold
    limits = [course["threshold"] for course in shown["descent"]["courses"]]
    assert limits == [None, threshold, threshold]
    by_norm = dict(zip(SENT, numbers(shown["descent"]["courses"][-1])))
    found = experiment.descents(Settings(threshold=threshold))[NORM]
    np.testing.assert_allclose(by_norm["norm_after"], found.norm_after, rtol=1e-6)


def test_the_surface_itself_is_not_sent_with_each_move() -> None:
    (mesh,) = [stages("mode=explore")["descent"]["mesh"]]
    assert set(mesh) <= {"file", "at", "value"}
    assert mesh["file"] == stages("mode=explore&threshold=2.0")["descent"]["mesh"]["file"]
    assert surface.surface() is surface.surface()


def test_the_surface_in_three_dimensions_stays_the_same_element() -> None:
    """Or the browser would draw it anew, without the reader's camera."""
    charts = [
        proto
        for address in ("mode=explore", "mode=explore&threshold=2.0&w=4.5")
        for kind, proto in protos(address, around=True)
        if kind == "plotly_chart"
    ]
    assert len(charts) == 2
    assert charts[0].spec != charts[1].spec
    assert charts[0].id == charts[1].id != ""
    assert all(json.loads(chart.spec)["layout"]["uirevision"] for chart in charts)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_recorded_run_that_was_chosen_is_the_one_that_its_link_opens(factor: str) -> None:
    def shown(page: Any) -> dict[str, Any]:
        return {dial["id"]: dial["value"] for dial in visits.sent(page, "run")["dials"]}

    sender = visits.visit("clipping", mode="explore")
    sender.session_state["run"] = {"values": {"factor": factor}}
    visits.run(sender)
    assert shown(sender)["factor"] == factor
    assert shown(visits.visit("clipping", **dict(sender.query_params))) == shown(sender)


def test_a_first_visit_to_explore_opens_the_run_that_explodes() -> None:
    assert visits.sent(visits.visit("clipping", mode="explore"), "run")["dials"][0]["value"] == "none"
