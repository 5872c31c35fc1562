"""What stands on the stage: what is written or read, letter by letter; tables of letters; a network that learns."""

from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.language_model import stored, tables, units, writer
from lessons.language_model.book import alphabet, book, decode, encode
from lessons.language_model.experiment import Settings, bits
from lessons.language_model.writer import Heat
from rnnviz.player.writing import Followed, Shades, writing
from rnnviz.sampling import Sampled
from rnnviz.training import Checkpoint

LIMIT, EVERY = 3000, 20  # updates of what learns live, and between two pictures
SHOWN = 240  # letters that it writes after each of them
SECONDS = 6  # that the tables take to play
MUCH = 40_000  # letters on which the unit that watches something is found
COLDER = 0.5  # the temperature at which a network writes that still learns


def written(
    network: rv.Network, prompt: str, heat: Heat, seed: int, words: Words, *, shade: str = "", **place: Any
) -> dict[str, Any]:
    """What a network writes after a prompt; `place` as in `rnnviz.player.writing`."""
    found = writer.written(network, prompt, heat, seed)
    spans, _ = writer.made_up(decode(found.symbols), len(prompt))
    marks = spans if shade == "made" else []
    return stage(network, found, words, len(prompt), shade=shade, marks=marks, **place)


def followed(
    network: rv.Network, text: str, words: Words, *, shade: str = "", given: int = 1, **place: Any
) -> dict[str, Any]:
    """A text of the book, read letter by letter."""
    codes = encode(text)
    logits = rv.unroll(network, writer.inputs(network, codes)).y[given - 1 : -1, 0]
    return stage(network, Followed(codes, logits), words, given, shade=shade, **place)


def stage(
    network: rv.Network, found: Sampled | Followed, words: Words, prompt: int, *, shade: str, **place: Any
) -> dict[str, Any]:
    """The stage, shaded by the unit that watches something, or by what mattered ("back")."""
    said = words.labels("writing", {})
    shades = shading(network, tuple(int(code) for code in found.symbols), prompt, shade)
    symbols = list(alphabet())
    return writing(found, symbols, words=said, shades=shades, **place)


@lru_cache(maxsize=16)
def shading(network: rv.Network, codes: tuple[int, ...], prompt: int, shade: str) -> Shades | None:
    """How the letters are shaded."""
    if shade == "back":
        return Shades(writer.mattered(network, np.array(codes), prompt), "amount")
    if shade not in units.WATCHED:
        return None
    c: Any = rv.unroll(network, writer.inputs(network, codes))[0, 0].c
    return Shades(np.tanh(c[:, 0, watching(network, shade)]))


def watching(network: rv.Network, what: str) -> int:
    """The unit that goes along best with something: the stored one; of a network that learns here, found now."""
    if network is stored.network():
        return int(stored.scores().watch[what]["unit"])
    return int(np.abs(units.correlations(network, book().train[-MUCH:])[what]).argmax())


def tables_stage(words: Words, **place: Any) -> dict[str, Any]:
    """Bits of plain tables that look at 0, 1, 2, ... letters, on what they have counted and on what is held out."""
    score, said = stored.scores(), words.labels("tables", {})
    records = [[{"bits": one} for one in each] for each in score.plain]
    lanes = [live.Lane(name, dict, iter, label=said[name]) for name in ("learned", "held")]
    panel = live.curve("bits", said["title"], low=0.0, high=5.0, lines={said["network"]: score.bits})
    limit = len(tables.ORDERS) - 1
    return live.stored(
        lanes, records, [[panel]], limit=limit, words=words.labels("table_words", {}), pace=limit / SECONDS, **place
    )


def record(checkpoint: Checkpoint) -> dict[str, Any]:
    """What is shown of a network that learns: bits, and what it writes."""
    network = checkpoint.network
    start = encode(writer.START)
    text = rv.sampling.sample(network, start, SHOWN, COLDER, np.random.default_rng(0)).drawn
    learned = float(rv.losses.nats_to_bits(checkpoint.loss))
    return {"bits": bits(network, brief=True), "learned": learned, "text": text.astype(np.float64)}


def lane(settings: Settings, words: Words) -> live.Lane:
    """The lane in which these settings are trained."""
    return live.Lane("lstm", settings.start, settings.go, token=settings.token, label=words.label("lane"))


def panels(words: Words) -> list[list[live.Panel]]:
    """The bits, beside those of tables; and what it writes."""
    said, held = words.labels("panels", {}), stored.scores().plain[1]
    lines = {said["single"]: held[0], said["pairs"]: held[1], said["stored"]: stored.scores().bits}
    curve = live.curve("bits", said["bits"], low=2.0, high=6.2, lines=lines)
    return [[curve], [live.text("text", list(alphabet()), said["text"])]]
