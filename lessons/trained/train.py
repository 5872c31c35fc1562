"""Train the networks of the lessons: `python -m lessons.trained.train [name ...]`, without names all of them.

Writes <name>.npz (weights) and <name>.json (what lessons/common/trained.py calls About) beside this file. One core
needs some minutes for all. Everything random comes from SEED: networks of the same task see the same windows of the
same text, in the same order, for the same number of updates.

Two tasks, both on windows of T symbols, each window starting from the zero state:

    letters  after each symbol, which symbol comes next?
    blanks   one symbol in BLANK_EVERY, drawn at random, is replaced by BLANK: which symbol stood there?
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common.trained import ALPHABET, BLANK, FOLDER, About, codes, spell

DATA = Path(__file__).parents[1] / "data"
SEED = 0
STEPS, BATCH = 64, 32
BLANK_EVERY = 7
HELD_OUT_STEPS = 100
LEARNING_RATE, MAX_NORM = 0.01, 1.0

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Windows of text as codes: `read` and `targets` (T, B), and `mask` (T, B), True where an answer counts."""

    read: Codes
    targets: Codes
    mask: NDArray[np.bool_]

    def turned(self) -> "Batch":
        """The same windows from their last symbol to their first."""
        return Batch(self.read[::-1], self.targets[::-1], self.mask[::-1])


def text(name: str) -> Codes:
    """A file of lessons/data as one sequence of codes."""
    return codes(spell((DATA / name).read_text(encoding="utf-8")), ALPHABET)


def windows(sequence: Codes, starts: Codes, steps: int) -> Codes:
    """(steps, B): the windows of the sequence that start at `starts`."""
    return sequence[starts + np.arange(steps)[:, None]]


def with_blanks(symbols: Codes, blank: NDArray[np.bool_]) -> Batch:
    """The symbols with some of them blank; what stood there is asked for, and nothing else."""
    return Batch(np.where(blank, len(ALPHABET), symbols), symbols, blank)


@dataclass(frozen=True)
class Task:
    """What is asked.

    says      the task in one sentence
    inputs    the symbols of the inputs
    draw      (rng, sequence) -> a batch to learn from
    held_out  sequence -> batches that ask for each symbol of its windows once (for letters: for all but the first)
    """

    says: str
    inputs: str
    draw: Callable[[np.random.Generator, Codes], Batch]
    held_out: Callable[[Codes], list[Batch]]


def draw_letters(rng: np.random.Generator, sequence: Codes) -> Batch:
    """Windows of STEPS symbols, and the symbol that follows each."""
    return next_symbols(windows(sequence, rng.integers(0, len(sequence) - STEPS, BATCH), STEPS + 1))


def next_symbols(symbols: Codes) -> Batch:
    """Read all but the last of the symbols (T + 1, B); after each one the next is asked for."""
    return Batch(symbols[:-1], symbols[1:], np.ones_like(symbols[1:], np.bool_))


def all_letters(sequence: Codes) -> list[Batch]:
    """The whole sequence, cut into windows."""
    return [
        next_symbols(
            windows(sequence, np.arange(0, len(sequence) - HELD_OUT_STEPS, HELD_OUT_STEPS), HELD_OUT_STEPS + 1)
        )
    ]


def draw_blanks(rng: np.random.Generator, sequence: Codes) -> Batch:
    """Windows of STEPS symbols, one in BLANK_EVERY of them blank."""
    symbols = windows(sequence, rng.integers(0, len(sequence) - STEPS + 1, BATCH), STEPS)
    return with_blanks(symbols, rng.random(symbols.shape) < 1 / BLANK_EVERY)


def all_blanks(sequence: Codes) -> list[Batch]:
    """The whole sequence, cut into windows, BLANK_EVERY times: each symbol is blank in one of them."""
    symbols = windows(sequence, np.arange(0, len(sequence) - HELD_OUT_STEPS + 1, HELD_OUT_STEPS), HELD_OUT_STEPS)
    turn = np.random.default_rng(SEED).integers(0, BLANK_EVERY, symbols.shape)
    return [with_blanks(symbols, turn == k) for k in range(BLANK_EVERY)]


TASKS = {
    "letters": Task("After each symbol: which one comes next?", ALPHABET, draw_letters, all_letters),
    "blanks": Task("Which symbol stood where it reads a blank?", ALPHABET + BLANK, draw_blanks, all_blanks),
}


@dataclass(frozen=True)
class Recipe:
    """A network to train.

    The four networks for blanks have nearly the same number of parameters, so that only their arrangement differs; a
    network that reads from right to left is one that reads from left to right, given each window turned around.
    """

    task: str
    cell: str
    hidden: int
    layers: int = 1
    bidirectional: bool = False
    reads: str = "left to right"
    updates: int = 4000

    def network(self) -> rv.Network:
        """The network before training."""
        return rv.Network.create(
            self.cell,
            input_size=len(TASKS[self.task].inputs),
            hidden_size=self.hidden,
            num_layers=self.layers,
            bidirectional=self.bidirectional,
            output_size=len(ALPHABET),
            dtype=np.float32,
            rng=np.random.default_rng(SEED),
        )

    def order(self, batch: Batch) -> Batch:
        """A batch in the order in which the network reads it."""
        return batch.turned() if self.reads == "right to left" else batch


RECIPES = {
    "letters_lstm": Recipe("letters", "lstm", 24),
    "letters_gru": Recipe("letters", "gru", 24),
    "letters_gru_same_parameters": Recipe("letters", "gru", 29),  # 5973 against the LSTM's 5884; with 28 it has 5684
    "blanks_forward": Recipe("blanks", "gru", 39),
    "blanks_backward": Recipe("blanks", "gru", 39, reads="right to left"),
    "blanks_bidirectional": Recipe("blanks", "gru", 24, bidirectional=True, reads="both ways"),
    "blanks_stacked": Recipe("blanks", "gru", 15, layers=2, bidirectional=True, reads="both ways"),
}


def as_read(recipe: Recipe, batch: Batch, dtype: np.dtype) -> rv.training.Window:
    """A batch in the order in which the recipe's network reads it, one-hot."""
    turned = recipe.order(batch)
    return rv.training.Window(
        np.eye(len(TASKS[recipe.task].inputs), dtype=dtype)[turned.read], turned.targets, turned.mask
    )


def train(recipe: Recipe, sequence: Codes) -> rv.Network:
    """The network after all updates; says every now and then how far it is."""
    network = recipe.network()
    run = rv.training.train(
        network,
        lambda rng: as_read(recipe, TASKS[recipe.task].draw(rng, sequence), network.dtype),
        loss=rv.losses.softmax_cross_entropy,
        optimizer=rv.optimizers.adam(),
        learning_rate=rv.schedules.cosine(LEARNING_RATE, 0.0, recipe.updates),
        clip=lambda grads: rv.clipping.clip_by_global_norm(grads, MAX_NORM).grads,
        rng=np.random.default_rng([SEED, 1]),
    )
    for checkpoint in islice(run, recipe.updates):
        network = checkpoint.network
        if checkpoint.update % 500 == 0:
            print(f"{checkpoint.update} updates, loss of the last batch {checkpoint.loss:.3f}", flush=True)
    return network


def answer(network: rv.Network, batch: Batch) -> tuple[rv.Trace, rv.losses.Loss]:
    """The forward pass over a batch, and its loss."""
    trace = rv.unroll(network, np.eye(network.input_size, dtype=network.dtype)[batch.read])
    return trace, rv.losses.softmax_cross_entropy(trace.y, batch.targets, batch.mask)


def measure(network: rv.Network, batches: list[Batch]) -> tuple[float, float]:
    """Mean loss (nats) and share of right first guesses over everything that the batches ask for."""
    loss, right, count = 0.0, 0, 0
    for batch in batches:
        trace, found = answer(network, batch)
        loss += float(found.steps.sum())
        right += int(((trace.y.argmax(axis=2) == batch.targets) & batch.mask).sum())
        count += int(batch.mask.sum())
    return loss / count, right / count


def measure_frequencies(learned: Codes, batches: list[Batch]) -> tuple[float, float]:
    """The same for one who always answers with the frequencies of the symbols in the text learned from."""
    share = np.bincount(learned, minlength=len(ALPHABET)) / len(learned)
    asked = np.concatenate([batch.targets[batch.mask] for batch in batches])
    return float(-np.log(share[asked]).mean()), float((asked == share.argmax()).mean())


def held_out(recipe: Recipe) -> list[Batch]:
    """What is asked about the text that no network has learned from."""
    return [recipe.order(batch) for batch in TASKS[recipe.task].held_out(text("king_james_held_out.txt"))]


def make(name: str) -> About:
    """Train one network, and write both files."""
    network = train(RECIPES[name], text("king_james.txt"))
    rv.save(network, FOLDER / f"{name}.npz")
    return describe(name)


def describe(name: str) -> About:
    """Measure a saved network on the text it has not seen, and write what is known about it."""
    recipe, network = RECIPES[name], rv.load(FOLDER / f"{name}.npz")
    asked = held_out(recipe)
    loss, accuracy = measure(network, asked)
    baseline, baseline_accuracy = measure_frequencies(text("king_james.txt"), asked)
    about = About(
        task=TASKS[recipe.task].says,
        alphabet=ALPHABET,
        inputs=TASKS[recipe.task].inputs,
        reads=recipe.reads,
        parameters=network.parameter_count,
        updates=recipe.updates,
        seed=SEED,
        loss=loss,
        accuracy=accuracy,
        answers=sum(int(batch.mask.sum()) for batch in asked),
        baseline=baseline,
        baseline_accuracy=baseline_accuracy,
    )
    (FOLDER / f"{name}.json").write_text(json.dumps(asdict(about), indent=2) + "\n", encoding="utf-8")
    return about


if __name__ == "__main__":
    for wanted in sys.argv[1:] or RECIPES:
        print(f"{wanted} ...", flush=True)
        print(make(wanted), flush=True)
