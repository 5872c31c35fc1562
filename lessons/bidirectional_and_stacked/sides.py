"""What the stage shows: a sentence with a gap, the rows of states that read it, and what is guessed there."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lessons.bidirectional_and_stacked.blanks import LAYERS, LEFT, RIGHT, Question, reach, states
from lessons.common.text import Words
from lessons.common.trained import ALPHABET, BLANK
from rnnviz.player.reading import Guess, Row, reading

MOST = 4  # letters of a guess
HIDDEN = "▢"


def visible(text: str) -> str:
    """A text in which spaces can be seen."""
    return text.replace(" ", "␣")


def rows_of(reader: str, words: Words, values: dict[str, Any], one_after_the_other: bool = False) -> list[Row]:
    """The rows of a reader, from the lowest: states, or differences, by their names."""
    several = reader == LAYERS
    rows: list[Row] = []
    for name, each in values.items():
        layer, way = int(name[len("layer")]), name.rpartition("_")[2]
        rows.append(
            Row(
                id=name,
                name=words.label(f"states.{name}" if several else f"readers.{way}"),
                values=each,
                way=1 if way == LEFT else -1,
                start=len(each) * (layer - 1 + (one_after_the_other and way == RIGHT)),
                reads=(0, 1) if layer > 1 else (),
            )
        )
    return rows


def guesses_of(asked: Question, readers: Sequence[str], words: Words) -> list[Guess]:
    """What these readers say: their first letters, and the right one even where it is not among them."""
    right = None if asked.truth is None else ALPHABET.index(asked.truth)
    found = []
    for reader in readers:
        p = asked.p(reader)
        order = [int(k) for k in np.argsort(-p, kind="stable")[:MOST]]
        if right is not None and right not in order:
            order[-1] = right
        found.append(
            Guess(
                name=words.label(f"readers.{reader}"),
                letters=[visible(ALPHABET[k]) for k in order],
                p=[float(p[k]) for k in order],
                right=order.index(right) if right in order else None,
            )
        )
    return found


def stage(
    asked: Question,
    rows: Sequence[Row],
    words: Words,
    *,
    guesses: Sequence[str] = (),
    changed: tuple[int, str] | None = None,
    **place: Any,
) -> dict[str, Any]:
    """The stage of a question; or of a sentence without a gap, one letter of which is `changed` = (place, letter)."""
    letters = list(visible(asked.sentence))
    gap = None if changed else asked.position - 1
    was = None
    if changed:
        was = changed[0], letters[changed[0]]
        letters[changed[0]] = changed[1]
    letters = [HIDDEN if letter == BLANK or t == gap else letter for t, letter in enumerate(letters)]
    said = words.labels("sides", {"letters": len(letters)})
    shown = guesses_of(asked, guesses, words)
    return reading(letters, rows, gap=gap, changed=was, guesses=shown, words=said, **place)


def of_question(asked: Question, reader: str, words: Words, **place: Any) -> dict[str, Any]:
    """A reader both ways on a question, and what each direction alone and both guess; a click asks another."""
    rows = rows_of(reader, words, states(reader, asked.read))
    return stage(asked, rows, words, guesses=(LEFT, RIGHT, reader), picks="hidden", **place)


def of_change(asked: Question, reader: str, changed: tuple[int, str], words: Words, **place: Any) -> dict[str, Any]:
    """Which states of a reader both ways differ where one letter is another one."""
    at, becomes = changed
    other = asked.sentence[:at] + becomes + asked.sentence[at + 1 :]
    rows = rows_of(reader, words, reach(asked.sentence, other, reader))
    return stage(asked, rows, words, changed=changed, **place)


def one_way(asked: Question, reader: str, words: Words, **place: Any) -> dict[str, Any]:
    """A reader of one direction, which has to answer when it gets to the gap."""
    (row,) = rows_of(reader, words, states(reader, asked.read))
    T = len(asked.sentence)
    read = asked.position if reader == LEFT else T - asked.position + 1
    return stage(asked, [Row(row.id, row.name, row.values, row.way, drawn=read)], words, guesses=(reader,), **place)
