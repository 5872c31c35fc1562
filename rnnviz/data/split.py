"""Training, validation and test part. The network learns from the first; whatever is chosen (how long to train, how
many units) is chosen by the second; the third is looked at once, after all is decided.

    in_time      the past, what came after it, what came last: for one series, as it will be in use
    by_group     whole people, speakers, stations: no group stands in two parts
    at_random    each sequence by itself: only where sequences have nothing to do with one another

(Bergmeir & Benítez 2012, "On the use of cross-validation for time series predictor evaluation"; Roberts et al. 2017,
"Cross-validation strategies for data with temporal, spatial, hierarchical, or phylogenetic structure".)
"""

from collections.abc import Collection, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import as_array, generator, number, whole
from rnnviz.errors import ShapeError, UnknownNameError

Part = TypeVar("Part")


class Split(NamedTuple, Generic[Part]):
    """Three parts that share nothing and together are all: slices, masks (n,) or indices, as the function says."""

    train: Part
    validation: Part
    test: Part


def in_time(n: int, train: float, validation: float) -> Split[slice]:
    """Three slices of n steps, in time order: the first `train` of them, the next `validation`, and the rest.

    train, validation: shares in (0, 1) and [0, 1), together below 1; what they come to is rounded. Raises ValueError
    for other shares, or where training or test part would be empty.
    """
    first, second = _ends(n, train, validation)
    return Split(slice(0, first), slice(first, second), slice(second, int(n)))


def by_group(groups: Sequence[Any], validation: Collection[Any], test: Collection[Any]) -> Split[NDArray[np.bool_]]:
    """Three masks (n,): the groups named by `validation` and by `test` are held out whole, all others train.

    groups  (n,) the group of each sequence, such as who spoke it

    Raises UnknownNameError for a group that is not there, ValueError for one in both parts or where none is left to
    train.
    """
    given = as_array("groups", groups)
    if given.ndim != 1:
        raise ShapeError(f"groups needs one group for each sequence, shape (n,); got {given.shape}")
    there = set(given.tolist())
    for what, part in (("validation", validation), ("test", test)):
        if isinstance(part, str):
            raise TypeError(f"{what} must be a collection of groups, got {part!r}: put a single one into a list")
        strange = [group for group in part if group not in there]
        if strange:
            raise UnknownNameError(f"{what}: {strange[0]!r} is no group; there are {sorted(map(str, there))}")
    both = set(validation) & set(test)
    if both or there <= set(validation) | set(test):
        raise ValueError(f"{both.pop()!r} is in two parts" if both else "no group is left to train")
    masks = [np.array([group in part for group in given.tolist()], np.bool_) for part in (validation, test)]
    return Split(~masks[0] & ~masks[1], masks[0], masks[1])


def at_random(n: int, train: float, validation: float, rng: np.random.Generator) -> Split[NDArray[np.intp]]:
    """Three arrays of indices, sorted, drawn at random; as many in each as `in_time` has. Raises as that does."""
    first, second = _ends(n, train, validation)
    parts = np.split(generator(rng).permutation(int(n)), [first, second])
    return Split(*(np.sort(part) for part in parts))


def _ends(n: int, train: float, validation: float) -> tuple[int, int]:
    """Where training and validation part end."""
    n = whole("n", n, 2)
    one, other = number("train", train, "(0, 1)"), number("validation", validation, "[0, 1)")
    first, second = round(n * one), round(n * (one + other))
    if first < 1 or second >= n:
        raise ValueError(f"of {n}, shares of {train} and {validation} leave nothing to {'test' if first else 'train'}")
    return first, second
