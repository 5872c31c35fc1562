"""What the lesson says: the split, the scores of the networks that are kept, what is typed, the first updates."""

import json
from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import settle
from lessons.trained.translation import DRAWN, FILE
from lessons.translation import model, tale
from lessons.translation.experiment import LOOKS, MODELS, PLAIN, UNITS, UPDATES, Settings, sample, score
from lessons.translation.stored import SHOWN, answer, digits, network, scored, taught
from lessons.translation.words import MOST, batch, english, german, held_out, learned_from, unseen, words


def test_one_number_in_seven_is_held_out_and_no_batch_holds_it():
    assert [word.number for word in held_out()] == [n for n in range(1000) if n % 7 == 3]
    known = {tuple(column[:length]) for column, length in zip(learned_from().x.argmax(2).T, learned_from().lengths)}
    assert len(known) == 857
    assert not known & {tuple(german().encode(word.german)) for word in held_out()}
    drawn = sample(np.random.default_rng(0))
    assert {tuple(column[:length]) for column, length in zip(drawn.x.argmax(2).T, drawn.lengths)} <= known


def test_both_alphabets_come_from_what_is_learned_and_spell_all():
    for word in words():
        assert "".join(german().decode(german().encode(word.german))) == word.german
        assert "".join(english().decode(english().encode(word.english))) == word.english
    assert english().encode(["∎"])[0] == rv.seq2seq.END
    assert max(len(word.german) for word in words()) < MOST


RUNS = json.loads(FILE.read_text())["runs"]


@pytest.mark.parametrize(
    "kept", [run for run in RUNS if (run["seed"], run["units"]) == (0, UNITS)], ids=lambda run: f"{run['updates']}"
)
def test_the_scores_are_those_of_the_networks_that_are_kept(kept):
    found = scored(kept["model"], kept["updates"])
    assert found.exact.mean() == pytest.approx(kept["exact"])
    assert found.letters == pytest.approx(kept["letters"])


def test_the_weights_that_are_kept_are_those_of_the_network():
    found = answer(network(LOOKS), words()[DRAWN].german).weights
    np.testing.assert_allclose(json.loads(FILE.read_text())["looks"], found, atol=6e-4)


def test_with_attention_97_percent_of_unseen_words_are_right_and_without_far_fewer():
    scores = {(one["model"], one["updates"], one["seed"]): one["exact"] for one in RUNS if one["units"] == UNITS}
    assert all(scores[LOOKS, UPDATES, seed] >= 0.97 for seed in (0, 1, 2))
    assert scores[PLAIN, SHOWN[PLAIN], 0] < 0.5


@pytest.mark.parametrize("which", MODELS)
def test_an_answer_is_what_the_batch_of_all_says(which):
    for place in (0, 40, 142):
        said = scored(which).said.symbols[place]
        assert answer(network(which), held_out()[place].german).text == "".join(english().decode(np.array(said)))


def test_under_teacher_forcing_a_slip_stays_alone():
    """The story's examples: fewer wrong letters with the truth to read than without."""
    for number in tale.FORCED:
        word, net = words()[number], network(PLAIN)
        forced, free = taught(net, word).said, answer(net, word.german).said
        right = (*word.english, "∎")
        wrong = sum(a != b for a, b in zip(forced, right, strict=True))
        assert 0 < wrong < sum(a != b for a, b in zip(free, right)) + abs(len(free) - len(right))


def test_the_story_shows_what_it_says():
    for number in (24, 45, 87, 598):
        assert answer(network(LOOKS), words()[number].german).text == words()[number].english
        assert words()[number].held_out
    assert tale.facts("bottleneck")["answers"]["lost"] == "ones"
    assert tale.facts("look")["answers"]["where"] == "tens"
    assert digits(815) == (8, 1, 5)


@pytest.mark.parametrize(
    ("text", "read", "strange", "known"),
    [
        ("  Sieben\tUnd achtzig ", "siebenundachtzig", (), 87),
        ("7und80", "und", ("7", "8", "0"), None),
        ("семь", model.DEFAULT, ("с", "е", "м", "ь"), 87),
        ("", model.DEFAULT, (), 87),
        ("fu\u0308nf", "fünf", (), 5),
        ("zwei" * 20, ("zwei" * 20)[:MOST], (), None),
    ],
)
def test_what_is_typed_is_read_as_far_as_it_can_be(text, read, strange, known):
    found = model.typed(text)
    assert (found.read, found.strange) == (read, strange)
    assert (found.known.number if found.known else None) == known
    assert found.cut == max(0, len(text) - MOST) * (text.startswith("zwei"))
    assert found.nothing == (read == model.DEFAULT and not text.strip().startswith("S"))


@pytest.mark.parametrize("which", MODELS)
def test_what_mattered_is_the_slope_of_the_letter_s_score(which):
    here = model.look(which, "fünfundvierzig", 4)
    asked = rv.seq2seq.pairs(
        [german().encode(here.german)],
        [english().encode([*here.answer.text])],
        len(german()),
        len(english()),
        np.float32,
    )
    wide = here.net.with_parameters({name: a.astype(float) for name, a in here.net.state_dict().items()})
    symbol = english().encode([here.answer.said[here.letter]])[0]

    def of(share):
        x = asked.x.astype(float)
        x[5] *= share
        return rv.seq2seq.forward(wide, x, asked.spoken).y[here.letter, 0, symbol]

    assert here.effect[5] == pytest.approx((of(1 + 1e-5) - of(1 - 1e-5)) / 2e-5, rel=1e-3, abs=1e-5)


def test_the_player_shows_as_many_steps_as_are_read_and_said():
    here = model.look(LOOKS, "achtzigsieben", 99)
    assert here.letter == len(here.answer.said) - 1
    assert len(here.spoken) == len(here.passed.y) == len(here.passed.decoder.y)
    assert len(here.effect) == len("achtzigsieben")


def test_the_script_s_first_updates_are_the_page_s():
    _, values = settle(model.controls, {})
    run = model.settings(values)
    assert run == Settings()
    one, other = (list(islice(run.go(run.start()), 2))[-1] for _ in range(2))
    assert one.loss == other.loss < np.log(len(english())) * 1.1
    assert score(one.network).exact.shape == unseen().targets.shape[1:]
    assert batch(words()[:2]).mask.sum() == len("zero∎one∎")
