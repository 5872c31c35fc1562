"""The first page: it draws, and leads to what is built and to nothing else."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.catalog import CATALOG
from tests.pictures import heat_maps

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="module")
def welcome() -> AppTest:
    at = AppTest.from_file(APP, default_timeout=30).run()
    assert not at.exception
    return at


def test_it_links_to_each_lesson_once_and_in_order(welcome: AppTest) -> None:
    assert [link.proto.page for link in welcome.get("page_link")] == [lesson.slug for lesson in CATALOG]


def test_it_says_each_lesson_s_question_part_and_minutes(welcome: AppTest) -> None:
    assert [heading.value for heading in welcome.subheader] == [lesson.question for lesson in CATALOG]
    captions = [set(caption.value.split(" · ")) for caption in welcome.caption]
    for lesson in CATALOG:
        assert {lesson.part, lesson.title, f"{lesson.minutes} minutes"} in captions


def test_it_has_one_title(welcome: AppTest) -> None:
    assert len(welcome.title) == 1


def test_a_picture_on_it_is_what_the_engine_computes(welcome: AppTest) -> None:
    """Its states stay within tanh's range, and are not all the same."""
    (h,) = (h for html in welcome.get("html") for h in heat_maps(html.proto.body))
    assert np.abs(h).max() <= 1
    assert np.unique(h).size > h.shape[1]
