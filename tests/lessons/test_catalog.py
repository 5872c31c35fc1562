"""The catalog: what it promises is there, and a new lesson is a folder and a slug."""

import re
from itertools import pairwise

import pytest

from lessons import catalog

LESSONS = tuple(catalog.lesson(slug) for slug in catalog.SLUGS)
APART = ("common", "welcome", "data", "trained", "assets")  # folders that are no lessons


def test_each_lesson_has_a_page_and_each_page_is_in_the_catalog() -> None:
    pages = {path.parent.name for path in catalog.HERE.glob("*/page.py")} - set(APART)
    assert pages <= set(catalog.SLUGS)
    for slug in catalog.SLUGS:
        assert (catalog.HERE.parent / catalog.path(slug)).is_file()


@pytest.mark.parametrize("slug", [slug for slug in catalog.SLUGS if (catalog.folder(slug) / "page.py").exists()])
def test_a_lesson_is_a_page_a_model_words_and_a_program_and_its_page_is_short(slug: str) -> None:
    folder = catalog.folder(slug)
    for name in ("__init__.py", "page.py", "model.py", "en.md", "program.jinja"):
        assert (folder / name).is_file(), name
    assert len((folder / "page.py").read_text(encoding="utf-8").splitlines()) <= 80
    assert not (catalog.HERE / f"{slug}.py").exists()


def test_no_two_lessons_have_the_same_address_title_or_question() -> None:
    for field in ("slug", "title", "question"):
        values = [getattr(lesson, field) for lesson in LESSONS]
        assert len(set(values)) == len(values), field


def test_a_slug_is_an_address_as_it_stands() -> None:
    assert all(re.fullmatch("[a-z][a-z0-9_]*", slug) for slug in catalog.SLUGS)


def test_each_lesson_asks_a_question_and_says_how_long_it_takes() -> None:
    for lesson in LESSONS:
        assert lesson.question.endswith("?")
        assert 0 < lesson.minutes <= 60
        assert lesson.title
        assert lesson.part


def test_the_lessons_of_a_part_stand_together_and_follow_each_other() -> None:
    parts = [lesson.part for lesson in LESSONS]
    starts = [part for before, part in zip([None, *parts], parts) if part != before]
    assert len(set(starts)) == len(starts) == len(catalog.PARTS)
    assert all(catalog.after(one) == other for one, other in pairwise(catalog.SLUGS))
    assert catalog.after(catalog.SLUGS[-1]) is None
