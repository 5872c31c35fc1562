"""Where a random generator stands, as plain values: taken from it, and made into a generator that goes on from there.

NumPy's generator is a bit generator (PCG64, MT19937, ...) and what its seed was: the first says which number comes
next, the second what `spawn` gives. Both are kept, so that the copy does whatever the original would have done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.arrays import generator

BIT_GENERATORS = {
    kind.__name__: kind
    for kind in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)
}


@dataclass(frozen=True, eq=False)
class Randomness:
    """The state of a generator.

    state  of its bit generator, as NumPy gives it: {"bit_generator": name, "state": ..., ...}
    seed   what `numpy.random.SeedSequence` is made of, by its argument's names; empty where the seed is of another kind
    """

    state: Mapping[str, Any]
    seed: Mapping[str, Any]

    def generator(self) -> np.random.Generator:
        """A new generator that gives the numbers which the one that this was taken from would have given."""
        kind = BIT_GENERATORS[self.state["bit_generator"]]
        bits = kind(np.random.SeedSequence(**self.seed) if self.seed else None)
        state: Any = dict(self.state)
        bits.state = state
        return np.random.Generator(bits)


def randomness(rng: np.random.Generator) -> Randomness:
    """Where `rng` stands; it is not advanced. Raises ValueError for anything but a generator of NumPy's own."""
    bits = generator(rng).bit_generator
    state: Any = bits.state
    if state.get("bit_generator") not in BIT_GENERATORS:
        raise ValueError(f"rng must stand on one of NumPy's bit generators, {sorted(BIT_GENERATORS)}; got {bits!r}")
    seed: Any = bits.seed_seq
    if type(seed) is not np.random.SeedSequence:
        return Randomness(state, {})
    names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
    return Randomness(state, {name: getattr(seed, name) for name in names})
