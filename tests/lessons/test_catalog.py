"""The catalog: what it promises is there."""

import re
from pathlib import Path

from lessons.catalog import CATALOG

LESSONS = Path(__file__).parents[2] / "lessons"


def test_each_lesson_has_a_file_and_each_file_is_in_the_catalog() -> None:
    pages = {path.stem for path in LESSONS.glob("[!_]*.py")} - {"catalog", "welcome"}
    assert {lesson.slug for lesson in CATALOG} == pages


def test_no_two_lessons_have_the_same_address_title_or_question() -> None:
    for field in ("slug", "title", "question"):
        values = [getattr(lesson, field) for lesson in CATALOG]
        assert len(set(values)) == len(values), field


def test_a_slug_is_an_address_as_it_stands() -> None:
    assert all(re.fullmatch("[a-z][a-z0-9_]*", lesson.slug) for lesson in CATALOG)


def test_each_lesson_asks_a_question_and_says_how_long_it_takes() -> None:
    for lesson in CATALOG:
        assert lesson.question.endswith("?")
        assert 0 < lesson.minutes <= 60
        assert lesson.title
        assert lesson.part


def test_the_lessons_of_a_part_stand_together() -> None:
    parts = [lesson.part for lesson in CATALOG]
    starts = [part for before, part in zip([None, *parts], parts, strict=False) if part != before]
    assert len(set(starts)) == len(starts)
