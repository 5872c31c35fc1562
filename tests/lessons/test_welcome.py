"""The first page: it draws, and leads to what is built and to nothing else."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons import catalog
from lessons.common.trained import ALPHABET, trained
from rnnviz.player import pack
from tests.hidden_state import parts
from tests.lessons.common.visits import components

LESSONS = catalog.lessons()
APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="module")
def welcome() -> AppTest:
    at = AppTest.from_file(APP, default_timeout=30).run()
    assert not at.exception
    return at


def test_it_links_to_each_lesson_once_and_in_order(welcome: AppTest) -> None:
    assert [link.proto.page for link in welcome.get("page_link")] == [lesson.slug for lesson in LESSONS]


def test_it_says_each_lesson_s_question_part_and_minutes(welcome: AppTest) -> None:
    assert [heading.value for heading in welcome.subheader] == [lesson.question for lesson in LESSONS]
    captions = [set(caption.value.split(" · ")) for caption in welcome.caption]
    for lesson in LESSONS:
        assert {lesson.part, lesson.title, f"{lesson.minutes} minutes"} in captions


def test_it_has_one_title(welcome: AppTest) -> None:
    assert len(welcome.title) == 1


def test_its_player_shows_the_trained_network_and_the_loss_of_its_guesses(welcome: AppTest) -> None:
    header, numbers = parts(components(welcome)["first"].bytes)
    network, about = trained("letters_lstm")
    read = "".join(header["tokens"]).replace("␣", " ")
    trace = rv.unroll(network, about.one_hot(read))
    targets = np.array([[ALPHABET.index(letter)] for letter in f"{read[1:]} "])
    loss = rv.losses.softmax_cross_entropy(trace.y, targets)
    assert numbers.startswith(parts(pack(trace, rv.backpropagate(network, trace, loss.dy)))[1])
    assert header["loss"] == loss.value
    assert "".join(header["outputs"]).replace("␣", " ") == ALPHABET
    assert "trained" in header["note"]
