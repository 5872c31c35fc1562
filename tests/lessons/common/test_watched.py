"""Where modules lie is looked up once for all sessions, and Streamlit still has what it asks for."""

import types
from collections.abc import Iterator

import pytest
from streamlit.watcher import local_sources_watcher as watcher

import rnnviz
from lessons.common import watched
from lessons.common.watched import keep_module_paths, remembering


def test_each_module_is_looked_at_once():
    asked = []
    paths = remembering(lambda module: asked.append(module.__name__) or {module.__name__})
    one, other = types.ModuleType("one"), types.ModuleType("other")
    assert [paths(one), paths(other), paths(one)] == [{"one"}, {"other"}, {"one"}]
    assert asked == ["one", "other"]


def test_what_is_done_to_an_answer_does_not_change_the_next():
    paths = remembering(lambda _: {"here"})
    module = types.ModuleType("one")
    paths(module).clear()
    assert paths(module) == {"here"}


def test_what_is_no_module_is_looked_at_each_time():
    assert remembering(lambda _: {"here"})([]) == {"here"}


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    look = watcher.get_module_paths
    yield
    watcher.get_module_paths = look


@pytest.mark.usefixtures("_as_it_was")
def test_streamlit_finds_the_same_files():
    keep_module_paths()
    own, modules = watcher.get_module_paths, [rnnviz, watched]
    keep_module_paths()
    assert watcher.get_module_paths is own
    assert [own(module) for module in modules] == [{str(module.__file__)} for module in modules]


def test_a_streamlit_without_such_a_watcher_is_left_alone():
    keep_module_paths("streamlit.watcher.of_another_version")
