"""Memory that one pass leaves to the next: a cell's `Workspace` lends arrays, and has them back when nobody reads them.

Fresh arrays of some hundred kilobytes are paged in by the operating system, which takes as long as all the arithmetic
on them; and the views of every step take as long to make as to use where a batch is small. So a cell keeps the arrays
of its last passes with their views, and gives them to the next pass of the same sizes.

**What somebody can still read is never overwritten.** A pass does not get the arrays themselves but a *loan* of each,
an array of its own over the same memory. Whatever shows these numbers, a view, a slice of one, a buffer or a tensor
made of it, holds on to the loan; the workspace knows it by a weak reference alone. Once that is dead nobody is left to
read. (A room's memory is a bytearray: the `base` of a view is the last array on the way to it, which is the loan. A
test holds NumPy to that.)

A workspace belongs to a cell and to the cells that an update of its weights makes of it, and ends with them: there is
no state in the module. Threads may share one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias
from weakref import ref

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.arrays import Array

MOST = 4  # rooms of one cell: forward and backward, and the same again, as the last trace often lives through the next


@dataclass(frozen=True, eq=False)
class Room:
    """What one pass writes into: made once, used by many.

    arrays   what is recorded, lent anew to each pass
    steps    one entry per step: the views that the loop needs
    scratch  arrays that no record shows
    """

    arrays: tuple[Array, ...]
    steps: Sequence[Any]
    scratch: tuple[Array, ...] = ()


Make: TypeAlias = Callable[..., Room]


def array(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """An array for a room, in memory that can be lent."""
    return np.ndarray(shape, dtype, bytearray(math.prod(shape) * np.dtype(dtype).itemsize))


class Workspace:
    """The rooms of one cell. Copied or pickled, it is a new and empty one."""

    def __init__(self) -> None:
        self._rooms: list[_Let] = []  # the one that was used last at the end
        self._lock = Lock()

    def enter(self, make: Make, *sizes: Any) -> tuple[tuple[Array, ...], Room]:
        """Loans of a room's arrays, and the room: one that `make(*sizes)` made before and is free, or a new one."""
        with self._lock:
            let = next((let for let in reversed(self._rooms) if let.fits(make, sizes)), None)
            if let is None:
                let = _Let(make, sizes)
            else:
                self._rooms.remove(let)
            self._rooms.append(let)
            del self._rooms[:-MOST]
            return let.lend(), let.room

    def __reduce__(self) -> tuple[type["Workspace"], tuple[()]]:
        return Workspace, ()


class _Let:
    """A room with the loans of its last use."""

    def __init__(self, make: Make, sizes: tuple[Any, ...]) -> None:
        self.make, self.sizes, self.room = make, sizes, make(*sizes)
        self.memory = [(a.shape, a.dtype, a.base) for a in self.room.arrays]
        self.loans: list[ref[Array]] = []

    def fits(self, make: Make, sizes: tuple[Any, ...]) -> bool:
        """Whether it has these sizes, and nobody holds any of its loans."""
        return self.make is make and self.sizes == sizes and not any(loan() is not None for loan in self.loans)

    def lend(self) -> tuple[Array, ...]:
        """The arrays' memory as new arrays."""
        lent = tuple(np.ndarray(shape, dtype, memory) for shape, dtype, memory in self.memory)
        self.loans = [ref(a) for a in lent]
        return lent
