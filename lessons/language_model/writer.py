"""What a network writes after a prompt, what is made up in it, and which earlier letters mattered for the next one."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np

import rnnviz as rv
from lessons.language_model.book import alphabet, book, encode, strange
from rnnviz.arrays import Array
from rnnviz.sampling import Sampled, sample

LETTERS, BACK = 200, 40  # letters that are written; letters back whose effect is measured
START = "\n"  # what is read where nothing was typed: a new paragraph begins
HOTTEST, MOST_RUNS = 2.0, 400
WORD = re.compile(r"[A-Za-z']+(?:-[A-Za-z']+)*")
Heat: TypeAlias = tuple[tuple[int, float], ...]  # temperatures as runs: from which letter on, and what


def typed(prompt: str) -> str:
    """What the network can read of what was typed: letters that it does not know are left out."""
    unknown = set(strange(prompt))
    return "".join(letter for letter in prompt if letter not in unknown) or START


def heat_of(said: object, default: float) -> Heat:
    """Temperatures that the stage has told, as runs; the default where it has told nothing, or nonsense."""
    try:
        runs = tuple((int(first), float(tau)) for first, tau in said) if isinstance(said, list) else ()
    except (TypeError, ValueError):
        runs = ()
    good = runs and runs[0][0] == 0 and len(runs) <= MOST_RUNS and all(0 <= tau <= HOTTEST for _, tau in runs)
    return runs if good else ((0, default),)


def temperatures(heat: Heat, letters: int = LETTERS) -> Array:
    """One for each letter, (letters,)."""
    found = np.empty(letters)
    for first, tau in heat:
        found[max(first, 0) :] = tau
    return found


@lru_cache(maxsize=64)
def written(network: rv.Network, prompt: str, heat: Heat, seed: int, letters: int = LETTERS) -> Sampled:
    """What the network writes after a prompt."""
    return sample(network, encode(prompt), letters, temperatures(heat, letters), np.random.default_rng(seed))


def inputs(network: rv.Network, codes: Sequence[int] | Array) -> Array:
    """One-hot, (T, 1, I)."""
    return np.eye(len(alphabet()), dtype=network.dtype)[np.asarray(codes)][:, None]


def mattered(network: rv.Network, codes: Array, prompt: int) -> Array:
    """How much each of the last BACK letters mattered for what is likeliest next, after each letter from `prompt` on.

    Row n: ||d log p / dx|| after prompt + n letters, the last letter first, as shares of the row's largest; with the
    states that the network really had before those letters.
    """
    x = inputs(network, codes)
    trace = rv.unroll(network, x)
    ends = np.arange(prompt, len(codes) + 1)
    starts = np.maximum(ends - BACK, 0)
    lengths = ends - starts
    read = np.minimum(starts + np.arange(BACK)[:, None], len(codes) - 1)
    layer = trace[0, 0]
    h, c = (np.concatenate([first, each[:, 0]]) for first, each in ((layer.h0, layer.h), (layer.c0, layer.c)))
    window = rv.unroll(network, x[read, 0], lengths, h[starts][None], c[starts][None])
    last = window.y[lengths - 1, np.arange(len(ends))]
    p = rv.sampling.tempered(last, 1.0)
    dy = np.zeros_like(window.y)
    dy[lengths - 1, np.arange(len(ends))] = np.eye(p.shape[1])[p.argmax(axis=1)] - p
    norm = rv.diagnostics.saliency(window, rv.backpropagate(network, window, dy)).norm
    back = lengths[:, None] - 1 - np.arange(BACK)
    found = np.where(back >= 0, np.take_along_axis(norm.T, np.maximum(back, 0), axis=1), np.nan)
    return np.asarray(found / np.nanmax(found, axis=1, keepdims=True))


@cache
def words() -> frozenset[str]:
    """All words of the whole book that is in lessons/data, in small letters: those of the chapters held out, too."""
    return frozenset(word.lower() for text in book().chapters.values() for word in WORD.findall(text))


def made_up(text: str, prompt: int) -> tuple[list[tuple[int, int]], int]:
    """Where words stand that the book does not have, and how many words there are; the last may be unfinished."""
    found = [one for one in WORD.finditer(text) if one.start() >= prompt and one.end() < len(text)]
    return [one.span() for one in found if one.group().lower() not in words()], len(found)


def period(text: str) -> int | None:
    """After how many letters the end of a text repeats itself, three times at least; None where it does not."""
    for length in range(1, len(text) // 3 + 1):
        if text[-length:] == text[-2 * length : -length] == text[-3 * length : -2 * length]:
            return length
    return None
