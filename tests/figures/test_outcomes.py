"""Shares of right answers: a dot for each network, the means and ranges said, guessing drawn."""

import json
import re
from html import unescape

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.figures.outcomes import Group, outcomes

ONE = Group("one", [[0.5, 0.7], [1.0, 1.0]], "backward", "solid")
OTHER = Group("other", [[0.4, 0.6], [0.9, 1.0]], "forward", "dashed")


def draw(*groups: Group, **more: object) -> str:
    return outcomes(groups, up="right", across="k", chance=0.5, **more).body


def said(body: str) -> dict:
    return json.loads(unescape(re.search(r'data-hits="([^"]*)"', body)[1]))


def test_each_setting_says_mean_and_range_of_every_group() -> None:
    assert said(draw(ONE, OTHER))["says"] == [
        "k: 1. one: 60.0 % (50.0 % to 70.0 %); other: 50.0 % (40.0 % to 60.0 %)",
        "k: 2. one: 100.0 % (100.0 % to 100.0 %); other: 95.0 % (90.0 % to 100.0 %)",
    ]


def test_every_network_is_a_dot() -> None:
    clouds = re.findall(r'class="cloud"[^>]*d="([^"]*)"', draw(ONE, OTHER))
    assert [cloud.count("M") for cloud in clouds] == [3, 4]  # two that stand at the same place are one


def test_guessing_is_a_line_of_its_own() -> None:
    up = dict(re.findall(r'class="(\w+)" style="[^"]*" d="M[\d.]+ ([\d.]+)', draw(ONE)))
    assert float(up["dotted"]) == pytest.approx(1000 * (1.03 - 0.5) / (1.03 - 0.38), abs=0.01)


def test_the_setting_of_the_page_is_said_while_nothing_is_pointed_at() -> None:
    body = draw(ONE, mark_at=2, picks="k ")
    assert said(body)["now"] == 1
    assert said(body)["picks"] == "k "
    assert '<p class="said" aria-live="polite">k: 2. one: 100.0 %' in body


def test_few_settings_each_have_their_number() -> None:
    body = outcomes([Group("one", np.full((14, 1), 0.5), "ink", "solid")], up="right", across="k", chance=0.5).body
    ticks = re.search(r'class="across">(.*?)</div>', body)[1]
    assert re.findall(r">(\d+)<", ticks) == [str(k) for k in range(1, 15)]


@pytest.mark.parametrize("groups", [[], [Group("a", [], "ink", "solid")], [ONE, Group("b", [[0.5]], "ink", "solid")]])
def test_groups_that_do_not_fit_are_refused(groups: list[Group]) -> None:
    with pytest.raises(ShapeError):
        draw(*groups)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(NonFiniteError):
        draw(Group("a", [[np.nan]], "ink", "solid"))
