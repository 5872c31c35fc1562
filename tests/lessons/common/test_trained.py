"""The trained networks: what is written about each is what it does."""

import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import rnnviz as rv
from lessons.common.trained import ALPHABET, BLANK, FOLDER, codes, spell, trained
from lessons.trained import train

NAMES = tuple(train.RECIPES)
each = pytest.mark.parametrize("name", NAMES)
SCRIPTS = {path.stem.removeprefix("train_") for path in FOLDER.glob("*.py")} - {"train", "__init__"}


def test_each_recipe_has_its_files_and_each_file_its_script() -> None:
    """A file of another script than train.py is called after it; what it holds, its lesson's own tests know."""
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".npz", ".json")}
    others = {file for file in files if any(file.startswith(script) for script in SCRIPTS)}
    assert files - others == {f"{name}{suffix}" for name in NAMES for suffix in (".npz", ".json")}
    assert {script for script in SCRIPTS if not any(file.startswith(script) for file in others)} <= {"papers"}


@each
def test_a_file_holds_the_network_of_its_recipe_and_is_small(name: str) -> None:
    network, about = trained(name)
    start = train.RECIPES[name].network()
    assert {k: a.shape for k, a in network.state_dict().items()} == {k: a.shape for k, a in start.state_dict().items()}
    assert about.parameters == network.parameter_count
    assert (len(about.inputs), len(about.alphabet)) == (network.input_size, network.output_size)
    assert (FOLDER / f"{name}.npz").stat().st_size < 60_000


@each
def test_its_loss_on_the_unseen_text_is_the_stored_one_and_below_the_baseline(name: str) -> None:
    network, about = trained(name)
    learned, asked = train.text("king_james.txt"), train.held_out(train.RECIPES[name])
    assert train.measure(network, asked) == pytest.approx((about.loss, about.accuracy), rel=1e-4)
    assert train.measure_frequencies(learned, asked) == pytest.approx((about.baseline, about.baseline_accuracy))
    assert about.loss < 0.75 * about.baseline
    assert about.accuracy > 2 * about.baseline_accuracy


@each
def test_it_was_trained_as_its_recipe_says(name: str) -> None:
    recipe, (_, about) = train.RECIPES[name], trained(name)
    task = train.TASKS[recipe.task]
    assert (about.task, about.inputs, about.alphabet) == (task.says, task.inputs, ALPHABET)
    assert (about.reads, about.updates, about.seed) == (recipe.reads, recipe.updates, train.SEED)


def test_networks_that_are_compared_differ_in_size_by_less_than_two_percent() -> None:
    for names in (("letters_lstm", "letters_gru_same_parameters"), [name for name in NAMES if "blanks" in name]):
        counts = [trained(name)[1].parameters for name in names]
        assert max(counts) < 1.02 * min(counts)


def test_the_script_makes_the_same_network_again() -> None:
    recipe = replace(train.RECIPES["blanks_forward"], hidden=3, updates=5)
    sequence = train.text("king_james.txt")
    one, two = (train.train(recipe, sequence).state_dict() for _ in range(2))
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_each_symbol_of_the_unseen_text_is_blank_once() -> None:
    sequence = train.text("king_james_held_out.txt")
    batches = train.all_blanks(sequence)
    assert (sum(batch.mask.astype(int) for batch in batches) == 1).all()
    for batch in batches:
        assert (batch.read[batch.mask] == len(ALPHABET)).all()
        assert np.array_equal(batch.read[~batch.mask], batch.targets[~batch.mask])


def test_what_is_asked_next_is_what_comes_next() -> None:
    sequence = train.text("king_james_held_out.txt")
    (batch,) = train.all_letters(sequence)
    assert np.array_equal(batch.targets.T.ravel(), sequence[1 : batch.targets.size + 1])
    drawn = train.draw_letters(np.random.default_rng(0), sequence)
    assert np.array_equal(drawn.read[1:], drawn.targets[:-1])


def test_the_texts_are_english_and_share_no_verse() -> None:
    learned, unseen = (
        set((train.DATA / name).read_text(encoding="utf-8").splitlines())
        for name in ("king_james.txt", "king_james_held_out.txt")
    )
    assert (len(learned) > 900, len(unseen) > 150) == (True, True)
    assert not learned & unseen


def test_a_network_that_reads_from_the_right_knows_nothing_of_the_left() -> None:
    """Of the text as it stands: what comes before a blank does not change its answer there, what comes after does."""
    network, about = trained("blanks_backward")
    one, two, three = (
        rv.unroll(network, about.one_hot(text[::-1])).y[::-1][4] for text in ("the _ing", "abc._ing", "the _ord")
    )
    assert np.array_equal(one, two)
    assert not np.allclose(one, three)


@given(some.text(max_size=40))
def test_any_text_can_be_spelled(typed: str) -> None:
    spelled = spell(typed, BLANK)
    assert set(spelled) <= set(ALPHABET + BLANK)
    assert spell(spelled, BLANK) == spelled
    assert "  " not in spelled


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("In the BEGINNING", "in the beginning"),
        ("What?  Who!", "what. who."),
        ("café, naïve", "cafe naive"),
        ("well-known", "well known"),
        ("12 <b>", "b"),
        ("d_g", "d_g"),
        ("", ""),
    ],
)
def test_spelling(typed: str, spelled: str) -> None:
    assert spell(typed, BLANK) == spelled


def test_codes_are_places_in_the_alphabet() -> None:
    assert codes(string.ascii_lowercase, ALPHABET).tolist() == list(range(2, 28))
    with pytest.raises(ValueError):
        codes("é", ALPHABET)


def test_one_hot_has_a_one_where_the_symbol_is() -> None:
    about = trained("blanks_forward")[1]
    x = about.one_hot("a_ ")
    assert x.shape == (3, 1, 29)
    assert x.argmax(axis=2)[:, 0].tolist() == [2, 28, 0]
    assert (x.sum(axis=2) == 1).all()


@each
def test_the_readme_has_its_numbers(name: str) -> None:
    about = trained(name)[1]
    (row,) = (line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if f"| {name} |" in line)
    assert row.endswith(f"| {about.parameters} | {about.loss:.3f} | {about.accuracy:.1%} |".replace("%", " %"))
