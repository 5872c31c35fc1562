"""All lessons keep the laws of words."""

import pytest

from lessons import catalog
from lessons.common import text
from tests.lessons.common.words import LAWS, Lesson

WRITTEN = [
    (slug, language) for slug in catalog.SLUGS for language in text.languages(catalog.folder(slug))
]  # a lesson that has not moved into a folder has no language file


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize(("slug", "language"), WRITTEN)
def test_words(slug, language, law):
    assert law(Lesson.open(slug, language)) == []
