"""Bidirectional and stacked: what each reader says is what its file computes, and knows what it has read."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from lessons import trained as files
from lessons.bidirectional_and_stacked import model
from lessons.bidirectional_and_stacked.blanks import (
    BOTH,
    LAYERS,
    LEFT,
    READERS,
    RIGHT,
    answers,
    first_guesses,
    hide_each,
    of_the_truth,
    pass_of,
    put,
    reach,
)
from lessons.common.trained import ALPHABET, BLANK, probabilities, spell, trained
from tests.lessons.common.visits import click, move, say, settled, visit

SENTENCE = model.DEFAULT_SENTENCE
TYPED = (
    *(
        "",
        "   ",
        "\n",
        "a",
        "_",
        "____",
        "x" * 10_000,
        "🙂🙃👩‍👩‍👧",
        "<img src=x>",
        "مرحبا بالعالم",
        "\u202eevil\u0000",
    ),
    *("`'\"\\{}%", "THE QUICK, brown fox!", "l_ght and d_rkness"),
)


def question(**values):
    return model.question(settled("bidirectional_and_stacked", values))


def facts(step=0, layer=0, direction=0, **values):
    whole = settled("bidirectional_and_stacked", values)
    reader = model.shown_reader(whole)
    return model.facts(model.question(whole), reader, step, layer, direction)


def answer(reader, read, position):
    """(Q,) what a reader says at a position, computed from its file alone."""
    net = rv.load(Path(files.__file__).parent / f"{READERS[reader]}.npz")
    x = np.eye(29)[[(ALPHABET + BLANK).index(symbol) for symbol in read]][:, None]
    if reader == RIGHT:
        return probabilities(rv.unroll(net, x[::-1]).y)[len(read) - position, 0]
    return probabilities(rv.unroll(net, x).y)[position - 1, 0]


@pytest.mark.parametrize("position", [1, 20, 37])
@pytest.mark.parametrize("layers", ["one", "two"])
def test_what_each_reader_says_is_what_its_file_computes(position, layers):
    found = facts(hidden=position, layers=layers)
    read = put(SENTENCE, position, BLANK)
    assert [reader.id for reader in found.readers] == list(READERS)
    for reader in found.readers:
        p = answer(reader.id, read, position)
        assert reader.guess == ALPHABET[int(p.argmax())].replace(" ", "␣")
        assert reader.p == found.of[reader.id] == pytest.approx(p[ALPHABET.index(SENTENCE[position - 1])], rel=1e-5)
    alone = {name: found.of[name] for name in (LEFT, RIGHT, BOTH)}
    assert found.answers == {"reader": max(alone, key=alone.__getitem__)}
    assert found.reader == (BOTH if layers == "one" else LAYERS)


@pytest.mark.parametrize("typed", TYPED)
def test_any_text_can_be_read(typed):
    found, asked = facts(text=typed), question(text=typed)
    sentence = (spell(typed[:200], BLANK) or SENTENCE)[:40]
    assert asked.sentence == sentence
    assert asked.position == min(20, len(sentence))
    told = model.notes({"text": typed}).get("text", ("", {}))[0]
    assert (told == "nothing") == (not spell(typed, BLANK))
    assert (told == "long") == (len(spell(typed, BLANK)) > 40)
    for reader in found.readers:
        expected = answer(reader.id, asked.read, asked.position)
        assert reader.guess == ALPHABET[int(expected.argmax())].replace(" ", "␣")
    assert len(model.checks(asked).answers) > 0


def test_what_is_read_otherwise_than_typed_is_said_beside_the_box():
    assert model.notes({"text": SENTENCE}) == {}
    assert model.notes({"text": "THE QUICK, brown fox!"}) == {"text": ("respelled", {"read": "the quick brown fox."})}


def test_a_blank_that_the_reader_typed_has_no_right_answer():
    found = facts(text="there was a great l_ght in the house.")
    assert not found.known
    assert found.all_known == 36
    assert all(reader.right <= 36 for reader in found.readers)
    assert np.isnan(of_the_truth(BOTH, "th_ sea")).tolist() == [False, False, True, False, False, False, False]
    assert 'data-question="reader"' not in str(visit("bidirectional_and_stacked", text="a l_ght", hidden="4")._tree)


def test_in_one_layer_a_direction_knows_one_side_and_in_two_both():
    """The states that change with one symbol: from there on, up to there, and everywhere."""
    changed = {name: norms > 0 for name, norms in reach(SENTENCE, put(SENTENCE, 20, BLANK)).items()}
    position = np.arange(1, len(SENTENCE) + 1)
    assert np.array_equal(changed[f"layer1_{LEFT}"], position >= 20)
    assert np.array_equal(changed[f"layer1_{RIGHT}"], position <= 20)
    assert changed[f"layer2_{LEFT}"].all()
    assert changed[f"layer2_{RIGHT}"].all()


def test_a_reader_knows_nothing_of_the_side_that_it_has_not_read():
    one, other = SENTENCE[:19] + BLANK + "ght in the house.", SENTENCE[:19] + BLANK + "d friend of mine."
    for reader, same in ((LEFT, True), (RIGHT, False), (BOTH, False), (LAYERS, False)):
        p, q = (answers(reader, (text,))[19, 0] for text in (one, other))
        assert np.array_equal(p, q) == same


def test_hiding_each_symbol_at_once_is_hiding_one_after_the_other():
    for reader in READERS:
        p = hide_each(reader, "the sea")
        for position in range(1, 8):
            alone = answer(reader, put("the sea", position, BLANK), position)
            assert p[position - 1] == pytest.approx(alone, abs=1e-6)
            assert first_guesses(reader, "the sea")[position - 1] == ALPHABET[int(alone.argmax())]


def test_the_loss_in_the_player_is_that_of_the_hidden_symbol_alone():
    read = put(SENTENCE, 20, BLANK)
    trace, grads, loss = pass_of(BOTH, read, 20, "i")
    assert loss == pytest.approx(-np.log(answer(BOTH, read, 20)[ALPHABET.index("i")]), rel=1e-5)
    assert np.flatnonzero(np.abs(grads.dy[:, 0]).sum(axis=1)).tolist() == [19]
    assert (np.abs(grads.dx[:, 0]).max(axis=1) > 0).all()  # the answer leans on every symbol, before and after
    assert np.array_equal(trace.y, rv.unroll(trained(READERS[BOTH])[0], trained(READERS[BOTH])[1].one_hot(read)).y)


def test_the_inputs_that_the_answer_leans_on_are_those_with_the_largest_gradient():
    _, grads, loss = pass_of(BOTH, put(SENTENCE, 20, BLANK), 20, "i")
    pull = np.linalg.norm(grads.dx[:, 0], axis=1)
    others = [t for t in np.argsort(-pull) + 1 if t != 20]
    found = facts()
    assert found.loss == loss
    assert [neighbour.position for neighbour in found.leans] == others[:3]
    assert [neighbour.symbol for neighbour in found.leans] == [model.visible(SENTENCE[t - 1]) for t in others[:3]]


def test_what_the_page_says_about_the_four_networks_is_true():
    """Either direction about equally good, both far better, a second layer a little better still."""
    loss = {row.id: row.loss for row in model.table().rows}
    assert abs(loss[LEFT] - loss[RIGHT]) < 0.02
    assert loss[BOTH] < loss[LEFT] - 0.5
    assert loss[BOTH] - 0.1 < loss[LAYERS] < loss[BOTH]
    for row in model.table().rows:
        about = trained(READERS[row.id])[1]
        assert (row.parameters, row.loss, row.accuracy) == (about.parameters, about.loss, about.accuracy)


def test_the_questions_are_answered_by_trying():
    assert model.checks(question()).answers == {"first": "last", "second": "all", "typing": LEFT}


# The page


def test_the_player_goes_along_with_the_hidden_position_and_where_a_link_sends_it():
    at = visit("bidirectional_and_stacked", mode="explore")
    start = "start of bidirectional_and_stacked"
    assert at.session_state[start].step == 19
    move(at, hidden=7)
    assert at.session_state[start].step == 6
    click(at, "charts", "hidden", {"x": 12})
    assert at.session_state[start].step == 11
    move(at, hidden=12, layers="two")
    click(at, "charts", "stage", {"step": 1, "layer": 2, "direction": 1, "pass": "forward"})
    sent = at.session_state[start]
    assert (sent.step, sent.layer, sent.direction, sent.backward) == (0, 1, 0, False)
    click(at, "charts", "stage", {"step": 12, "layer": 1, "pass": "backward"})
    sent = at.session_state[start]
    assert (sent.step, sent.layer, sent.backward) == (11, 0, True)


@pytest.mark.parametrize(
    ("place", "layer", "direction"),
    [((4, 0, 0), 1, LEFT), ((4, 0, 1), 1, RIGHT), ((4, 1, 0), 2, LEFT)],
)
def test_the_words_speak_of_the_place_in_the_player(place, layer, direction):
    found = facts(*place, layers="two")
    assert (found.step, found.layer, found.direction) == (place[0] + 1, layer, direction)
    at = visit("bidirectional_and_stacked", layers="two")
    shown = dict(zip(("step", "layer", "direction"), place), unit=0, selected="h", backward=False)
    say(at, "bidirectional_and_stacked", shown=shown)
    assert at.query_params["step"] == str(place[0] + 1)
