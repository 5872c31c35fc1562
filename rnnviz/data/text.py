"""Categories and text to numbers: each symbol has a place, and there is one place for all that are not known.

    vocabulary = Vocabulary.of(["to be", "or not"])           of characters: a str is the sequence of its characters
    vocabulary = Vocabulary.of([["to", "be"], ["or"]])        of words, or of the values of a category
    vocabulary.encode("bee")                                  (3,) places
    vocabulary.one_hot("bee")                                 (3, I): 1 in the column of the place, 0 elsewhere

One-hot rather than the place itself: places have an order and distances, categories have neither. Symbols are taken
from the training part alone; whatever else comes later is unknown, as it will be in use. With `least` above 1, rare
symbols of the training part are unknown, too, so that the network learns what to make of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import as_array, whole
from rnnviz.errors import ShapeError, UnknownNameError

UNKNOWN = "<unknown>"


@dataclass(frozen=True)
class Vocabulary:
    """The symbols that have a place, I of them: `unknown` first, if there is one, then the others, most frequent first.

    symbols  (I,) all of them, by place
    unknown  the symbol that stands for all that are not known; None: there is none, and encoding such a one raises
    """

    symbols: tuple[str, ...]
    unknown: str | None = UNKNOWN
    _places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {symbol: place for place, symbol in enumerate(self.symbols)}
        if len(places) != len(self.symbols):
            twice = Counter(self.symbols).most_common(1)[0][0]
            raise ValueError(f"a symbol has one place; {twice!r} stands there more than once")
        if self.unknown is not None and self.unknown not in places:
            raise ValueError(f"unknown must be one of the symbols, {self.unknown!r} is not")
        object.__setattr__(self, "_places", places)

    @classmethod
    def of(
        cls, sequences: Iterable[Sequence[str]], least: int = 1, most: int | None = None, unknown: str | None = UNKNOWN
    ) -> "Vocabulary":
        """The symbols of these sequences, those of the training part; as many of them as are frequent enough.

        sequences  texts (of characters), or lists of words or categories
        least      how often a symbol has to stand there, at least 1
        most       how many symbols there may be besides `unknown`, the most frequent ones; None: all
        unknown    as in the class; it may be among the symbols, then that one is meant

        Of equally frequent symbols those that sort first come first. Raises ShapeError for anything but sequences of
        str, ValueError for counts out of range or where no symbol is left.
        """
        least, most = whole("least", least, 1), most if most is None else whole("most", most, 1)
        if isinstance(sequences, str):
            raise ShapeError("sequences must be several sequences; put a single text into a list")
        counts = Counter(symbol for sequence in sequences for symbol in sequence)
        strange = next((symbol for symbol in counts if not isinstance(symbol, str)), None)
        if strange is not None:
            raise ShapeError(f"symbols must be str, got {type(strange).__name__}: {strange!r:.80}")
        if unknown is not None:
            counts.pop(unknown, None)
        found = sorted((symbol for symbol, n in counts.items() if n >= least), key=lambda one: (-counts[one], one))
        if not found:
            raise ValueError(f"no symbol stands in these sequences at least {least} times")
        return cls((() if unknown is None else (unknown,)) + tuple(found[:most]), unknown)

    def __len__(self) -> int:
        return len(self.symbols)

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._places

    def encode(self, sequence: Sequence[str]) -> NDArray[np.int64]:
        """(T,) the place of each symbol, that of `unknown` for those that have none.

        Raises UnknownNameError where a symbol has no place and there is no `unknown`.
        """
        if self.unknown is None:
            strange = [symbol for symbol in sequence if symbol not in self._places]
            if strange:
                raise UnknownNameError(f"{strange[0]!r} has no place, and there is no symbol for what is unknown")
        other = self._places.get(self.unknown or "", 0)
        return np.array([self._places.get(symbol, other) for symbol in sequence], np.int64)

    def decode(self, places: ArrayLike) -> tuple[str, ...]:
        """The symbols at these places (T,). Raises ShapeError for anything but places, whole numbers below I."""
        given = as_array("places", places)
        inside = given.ndim == 1 and (given.size == 0 or given.dtype.kind in "iu")
        if not inside or ((given < 0) | (given >= len(self))).any():
            raise ShapeError(f"places must be whole numbers (T,) from 0 to {len(self) - 1}, got {given!r:.80}")
        return tuple(self.symbols[int(place)] for place in given)

    def one_hot(self, sequence: Sequence[str]) -> NDArray[np.float64]:
        """(T, I): a row for each symbol, 1 in the column of its place, 0 elsewhere. Raises as `encode` does."""
        rows = np.zeros((len(sequence), len(self)))
        rows[np.arange(len(sequence)), self.encode(sequence)] = 1.0
        return rows
