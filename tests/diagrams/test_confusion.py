"""The confusion matrix: each count stands in its row and column, and a mistake can be clicked."""

import re

import numpy as np
import pytest

from rnnviz.diagrams import confusion
from rnnviz.errors import ShapeError

COUNTS = np.array([[5, 2, 0], [0, 7, 0], [1, 0, 6]])
LABELS = ("a", "b", "c")


def test_each_count_stands_in_its_place_and_what_did_not_happen_is_empty():
    rows = re.findall(r"<tr><th scope=.row.*?</tr>", confusion(COUNTS, LABELS))
    found = [[int(text or 0) for text in re.findall(r"<td[^>]*>(?:<button[^>]*>)?(\d*)", row)] for row in rows]
    assert found == COUNTS.tolist()


def test_mistakes_alone_are_clicked_and_say_where():
    html = confusion(COUNTS, LABELS, target="mistake")
    values = re.findall(r'data-target="mistake" data-value="([^"]*)"', html)
    assert values == ["{&quot;x&quot;: 1, &quot;y&quot;: 0}", "{&quot;x&quot;: 0, &quot;y&quot;: 2}"]
    assert "<button" not in confusion(COUNTS, LABELS)


def test_labels_are_text():
    assert "<b>" not in confusion(COUNTS, ("<b>", "b", "c"))


def test_counts_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match=r"\(2, 2\) are needed"):
        confusion(COUNTS, ("a", "b"))
