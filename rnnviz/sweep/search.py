"""Looking for good settings: at random, or by stopping the worse ones early.

    at random            draw each setting by itself (Bergstra & Bengio 2012, "Random search for hyper-parameter
                         optimization", JMLR 13): of the settings that matter, every run tries another value
    successive halving   give all candidates a little time, keep the better ones, give those more, and so on (Jamieson &
                         Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization",
                         AISTATS, algorithm 1; there with eta = 2)

With a budget of R units of training in all and K rungs, the n_k candidates that are left in rung k are each trained for
floor(R / (n_k K)) more units, and the best floor(n_k / eta) of them, at least one, are kept; the rung that begins with
eta candidates or fewer is the last.

A candidate is a generator that yields its score, the smaller the better, after each unit of training: `training.train`
and `sweep.train` are generators, so that one that is kept simply goes on. (Libraries for this, such as Optuna or
scikit-learn's, bring trials, storages or estimators of their own, and more dependencies than this library has lines.)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import Any

import numpy as np

from rnnviz.arrays import Array, generator, number, whole
from rnnviz.errors import NonFiniteError
from rnnviz.sweep.grid import plain

Draw = Callable[[np.random.Generator], Any]


@dataclass(frozen=True, eq=False)
class Rung:
    """One rung of successive halving.

    number      k, from 0
    candidates  (n_k,) which were trained on
    units       how much each of them has been trained by now, in all
    scores      (n_k,) their scores now; infinite where a candidate diverged or ended
    kept        those that go on, the best first; after the last rung, the best candidate alone
    spent       units of training of all candidates so far
    """

    number: int
    candidates: tuple[int, ...]
    units: int
    scores: Array = field(repr=False)
    kept: tuple[int, ...]
    spent: int


def uniform(low: float, high: float) -> Draw:
    """Numbers between `low` and `high`, all equally likely."""
    low, high = number("low", low, "(-inf, inf)"), number("high", high, "(-inf, inf)")
    return lambda rng: float(rng.uniform(low, high))


def log_uniform(low: float, high: float) -> Draw:
    """Positive numbers between `low` and `high` whose logarithms are equally likely, as for a learning rate."""
    start, end = log(number("low", low, "(0, inf)")), log(number("high", high, "(0, inf)"))
    return lambda rng: exp(rng.uniform(start, end))


def random_points(
    rng: np.random.Generator, count: int, settings: Mapping[str, Draw | Sequence[Any]]
) -> list[dict[str, Any]]:
    """`count` combinations of settings, each setting drawn by itself: {name: value} each, for `grid` and for `halving`.

    settings  {name: a function of rng, such as `log_uniform(1e-4, 0.1)`; or a list of values, all equally likely}
    """
    generator(rng), whole("count", count, 1)
    return [{name: plain(name, _drawn(draw, rng)) for name, draw in settings.items()} for _ in range(count)]


def halving(candidates: Sequence[Iterable[float]], budget: int, eta: float = 2.0) -> Iterator[Rung]:
    """Successive halving, rung by rung; the last rung's `kept[0]` is the candidate that won.

    candidates  each yields its score after each unit of training, the smaller the better; nothing is asked of it once
                it is dropped. One that raises NonFiniteError, or yields NaN, has the score infinity.
    budget      units of training for all of them together: enough for one for each candidate in each rung
    eta         in each rung the best 1/eta of the candidates are kept, at least 1.1

    Raises ValueError where there are no candidates, or for a budget that is too small.
    """
    runs, eta = [iter(one) for one in candidates], number("eta", eta, "[1.1, inf)")
    n, budget = len(runs), whole("budget", budget, 1)
    if not n:
        raise ValueError("successive halving needs at least one candidate")
    rungs = rung_sizes(n, eta)
    if budget < n * len(rungs):
        raise ValueError(f"{n} candidates in {len(rungs)} rungs need a budget of at least {n * len(rungs)}")
    return _rungs(runs, rungs, budget)


def rung_sizes(n: int, eta: float = 2.0) -> list[int]:
    """How many candidates each rung has: n, then 1/eta of it, rounded down, and so on, down to eta or fewer."""
    sizes = [n]
    while sizes[-1] > eta:
        sizes.append(max(1, int(sizes[-1] / eta)))
    return sizes


def _drawn(draw: Draw | Sequence[Any], rng: np.random.Generator) -> Any:
    return draw(rng) if callable(draw) else draw[int(rng.integers(len(draw)))]


def _rungs(runs: list[Iterator[float]], sizes: list[int], budget: int) -> Iterator[Rung]:
    left, units, spent = tuple(range(len(runs))), 0, 0
    for k, size in enumerate(sizes):
        more = budget // (size * len(sizes))
        scores = np.array([_score(runs[one], more) for one in left])
        units, spent = units + more, spent + more * size
        best = [left[place] for place in np.argsort(scores, kind="stable")]
        keep = sizes[k + 1] if k + 1 < len(sizes) else 1
        yield Rung(k, left, units, scores, tuple(best[:keep]), spent)
        left = tuple(sorted(best[:keep]))


def _score(run: Iterator[float], units: int) -> float:
    """The score after so many more units."""
    score = np.inf
    try:
        for _ in range(units):
            score = float(next(run))
    except (StopIteration, NonFiniteError):
        return np.inf
    return np.inf if np.isnan(score) else score
