"""Dropout and zoneout inside of a cell: what its loops do besides, where `rnnviz.Masks` ask for it.

    forward     r_t * h_{t-1}                                in the place of h_{t-1} in the products with W_hh
                h_t = k^h_t * h_{t-1} + (1 - k^h_t) * h'_t       likewise c_t; h'_t, c'_t what the cell makes

    backward    dh'_t    = (1 - k^h_t) * dh_t                    with dh_t the total dL/dh_t
                dh_{t-1} = dL/dy's part + r_t * (W_hh^T da_t) + k^h_t * dh_t
                dc'_t    = dh'_t * o_t * (1 - tanh(c'_t)^2) + (1 - k^c_t) * later_t
                later_t  = f_{t+1} * dc'_{t+1} + k^c_{t+1} * later_{t+1}        dL/dc_t, none of it through h_t

A masked cell runs the same loops as any other. Only the functions that multiply with W_hh, write a state, or add to a
gradient are replaced by some that count their calls and so know which step it is, as in surgery.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.cells.products import windows


@dataclass(frozen=True, eq=False)
class Masked:
    """Factors of one cell, (T, H, B) each, in the order in which it reads.

    read  r, of h_{t-1} where it meets W_hh; None: 1
    kept  {"h" or "c": k, the share of the old state}; 0 where surgery holds the state
    """

    read: Array | None = None
    kept: Mapping[str, Array] = field(default_factory=dict)

    def reading(self, product: Any, Z: Array) -> tuple[Any, Array | None]:
        """`product` of Z[t] = [x_t; h_{t-1}; 1] with h_{t-1} masked; and what it multiplied, (T, I + H + 1, B)."""
        if self.read is None:
            return product, None
        (T, H, B), reads = self.read.shape, np.empty_like(Z[:-1])
        above, below = np.ones((T, Z.shape[1] - H - 1, B), Z.dtype), np.ones((T, 1, B), Z.dtype)
        steps = zip(np.concatenate([above, self.read, below], axis=1), reads)

        def masked(z_t: Array, a_t: Array) -> None:
            factor, read_t = next(steps)
            np.multiply(z_t, factor, read_t)
            product(read_t, a_t)

        return masked, reads

    def reading_gated(self, product: Any) -> Any:
        """`product` of r_t * h_{t-1}, a GRU's reset before it, times the mask; that is left where it was."""
        if self.read is None:
            return product
        coming = iter(self.read)

        def masked(gated_t: Array, part: Array) -> None:
            gated_t *= next(coming)
            product(gated_t, part)

        return masked

    def reading_again(self, product: Any, reads: Array | None, first: int) -> Any:
        """`product` of the rows of `reads` (T, ., B) from `first` on, in the place of what it is given."""
        if reads is None:
            return product
        coming = iter(reads[:, first:])
        return lambda _unmasked, out: product(next(coming), out)

    def keeping(self, write: Any, **states: Array) -> Any:
        """`write`, and after its t-th call each of the states (T + 1, H, B) goes on as a mixture of [t] and [t + 1]."""
        if not self.kept:
            return write
        T = len(next(iter(self.kept.values())))
        steps = [(self.kept[name], state) for name, state in states.items() if name in self.kept]

        def mix(t: int, *_: Array) -> None:
            for share, state in steps:
                state[t + 1] *= 1 - share[t]
                state[t + 1] += share[t] * state[t]

        return _counting(write, range(T), mix)

    def new_part(self, gradient: Array) -> Array:
        """From the derivative by h_t to that by h'_t, (T, H, B), in place."""
        if "h" in self.kept:
            gradient *= 1 - self.kept["h"]
        return gradient

    def reach(self, t: int, back: Array, dh_t: Array) -> Array:
        """From W_hh^T da_t (H, B) to what reaches h_{t-1} from step t, in place."""
        if self.read is not None:
            back *= self.read[t]
        if "h" in self.kept:
            back += self.kept["h"][t] * dh_t
        return back

    def reaching(self, product: Any, dh: Array, truncate: int | None) -> Any:
        """`product` of W_hh^T and da_t, and then `reach`, from every step that has one before it in its window."""
        return _counting(product, _going_back(len(dh), truncate), lambda t, _da, back: self.reach(t, back, dh[t]))

    def reaching_gated(self, product: Any, truncate: int | None) -> Any:
        """`product` of W_hn^T and da^n_t times the mask, from every step: a GRU's, reset before."""
        if self.read is None:
            return product
        read = self.read
        steps = (t for window in windows(range(len(read)), truncate) for t in window)
        return _counting(product, steps, lambda t, _da, back: np.multiply(back, read[t], back))

    def adding_later(self, carried: Array, truncate: int | None) -> Any:
        """A function for the place of `add(dc_t, carried_{t+1}, dc_t)`, dc_t + f_{t+1} * dc_{t+1}: it makes dc'_t.

        carried: (T, H, B), f_t * dc'_t of each step as soon as it is known.
        """
        if "c" not in self.kept:
            return np.add
        share, coming = self.kept["c"], _going_back(len(carried), truncate)

        def add_part(dc_t: Array, _later: Array, out: Array) -> None:
            t = next(coming)
            np.add(dc_t, (1 - share[t - 1]) * self.handed_on(t, carried, truncate), out)

        return add_part

    def handed_on(self, t: int, carried: Array, truncate: int | None) -> Array:
        """From f_t * dc'_t (H, B) to what step t hands on to c_{t-1}, in place: k^c_t * later_t is added."""
        window = truncate or len(carried)
        if "c" in self.kept and t + 1 < len(carried) and (t + 1) % window:
            carried[t] += self.kept["c"][t] * carried[t + 1]
        handed: Array = carried[t]
        return handed


def _counting(write: Any, steps: Iterable[int], then: Any) -> Any:
    """`write`, and after its n-th call `then(t, *arguments)` with t the n-th of `steps`."""
    coming = iter(steps)

    def both(*arguments: Array) -> None:
        write(*arguments)
        then(next(coming), *arguments)

    return both


def _going_back(T: int, truncate: int | None) -> Iterator[int]:
    """The steps from which a gradient goes on to the step before, in the order in which it does."""
    return (t for window in windows(range(T), truncate) for t in window[:-1])
