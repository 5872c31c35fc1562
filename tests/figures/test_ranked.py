"""Singular values by rank: around 1 the axis stays legible, and every number is said as it is."""

import json
import re
from html import unescape

import numpy as np

from rnnviz.figures import Line
from rnnviz.figures.ranked import FLOOR, ranked


def draw(*values: float) -> str:
    return unescape(ranked([Line("all", np.array(values), "backward", "dots")], [], title="Sizes", height=200).body)


def test_far_below_1_values_point_down_at_the_floor_and_are_said_as_they_are() -> None:
    body = draw(0.3, -0.3, -2.0, -50.0)
    tops = [float(top) for top in re.findall(r'class="dot"[^>]*top:([\d.]+)%', body)]
    assert len(tops) == 3
    assert tops[1] - tops[0] > 100 * 0.6 / (1 - FLOOR) - 1e-3
    assert re.search(r'class="below"[^>]*top:100%', body)
    assert body.count('class="below"') == 1
    says = json.loads(re.search(r'data-hits="(.*?)">', body)[1])["says"]
    assert says == ["number 1: all 2.00", "number 2: all 0.501", "number 3: all 0.0100", "number 4: all 1.00×10⁻⁵⁰"]


def test_what_is_0_is_hollow_and_what_is_no_number_is_hatched_and_struck() -> None:
    zero = draw(0.0, -np.inf, -np.inf, -np.inf)
    assert zero.count('class="zero"') == 3
    assert "hatched" not in zero
    gone = draw(np.nan, np.nan)
    assert gone.count('class="struck"') == 1
    assert "hatched" in gone
    assert 'class="dot"' not in gone


def test_ranks_are_labelled_evenly_and_the_last_one_is() -> None:
    for n, labels in ((16, ["1", "4", "8", "12", "16"]), (32, ["1", "8", "16", "24", "32"])):
        across = draw(*np.zeros(n)).split('class="across">')[1].split("</div>")[0]
        assert re.findall(r">(\d+)<", across) == labels
