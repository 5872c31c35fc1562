"""Where the compiled loops come from: `unroll(network, x, loops=compiled())`."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any


@cache
def compiled() -> Any:
    """The loops over the steps compiled by numba, `rnnviz.cells.accelerated`; None without `rnnviz[fast]`.

    Looking for what is not installed takes longer than a short pass: the answer is kept, as Python keeps its imports.
    """
    there = find_spec("numba") and find_spec("scipy")  # whose products numba calls
    return import_module("rnnviz.cells.accelerated") if there else None
