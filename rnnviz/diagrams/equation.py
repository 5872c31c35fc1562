"""An equation as a row: symbols, and below each its number of this step; terms and signs wrap as wholes."""

from collections.abc import Sequence
from typing import TypeAlias

from rnnviz.diagrams.html import Diagram, signed_chip, text
from rnnviz.numbers import decimals

Piece: TypeAlias = str


def equation(*pieces: Piece) -> Diagram:
    """Pieces, as `term`, `sign` and `signed` make them, in a row."""
    return Diagram(f'<div class="rnn"><div class="equation">{"".join(pieces)}</div></div>')


def term(name: str, number: str, part: str = "") -> Diagram:
    """A name over its number; `part` is the place in other pictures that it stands for (`data-part`)."""
    place = f' data-part="{text(part)}"' if part else ""
    return Diagram(f"<span{place}><span>{text(name)}</span>{number}</span>")


def sign(sign: str) -> Diagram:
    """An operation or an equals sign."""
    return Diagram(f'<span class="op">{text(sign)}</span>')


def signed(value: float, places: int) -> Diagram:
    """A signed number on its colour."""
    return Diagram(f'<span class="chip" style="{signed_chip(value)}">{decimals(value, places)}</span>')


def gate(value: float, places: int, hue: str = "forget") -> Diagram:
    """A gate's number, framed in the gate's colour."""
    return Diagram(f'<span class="chip" style="border:2px solid var(--rnn-{hue})">{decimals(value, places)}</span>')


def beside(title: str, columns: Sequence[str]) -> Diagram:
    """Pieces of HTML side by side below a title, one below the other where the page is narrow."""
    inner = "".join(f"<div>{column}</div>" for column in columns)
    return Diagram(f'<div class="rnn"><h4>{text(title)}</h4><div class="two">{inner}</div></div>')
