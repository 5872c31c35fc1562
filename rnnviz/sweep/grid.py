"""A grid: one function at every combination of settings, for several seeds; the results as a tidy table.

    def learns(rng, cell, num_steps):                       one run: settings by name, randomness from rng alone
        ...
        return {"loss": loss, "solved": loss < 0.01}

    records = sweep.grid(learns, {"cell": ["elman", "lstm"], "num_steps": [10, 20, 40]}, seeds=5, file="learns.jsonl")
    records[0]      {"cell": "elman", "num_steps": 10, "seed": 0, "loss": 0.004, "solved": True,
                     "outcome": "finished", "why": "", "seconds": 1.2}

A record is one run, a row: `pandas.DataFrame(records)` is the table, `sweep.columns(records)` the same without pandas.
Settings and seed alone decide a run's numbers: the generator of seed s is `default_rng(SeedSequence(s))`, NumPy's, at
every combination, so that combinations are compared on the same randomness, one run can be repeated by itself, and
neither the order nor the processes nor what else is in the grid changes anything.

`jobs` processes are joblib's (the extra `rnnviz[cluster]`). Within `joblib.parallel_config(backend="dask")` the same
call, with jobs=None, goes to a cluster of Dask. A run that raises an exception is a record, too, and ends nothing.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np

from rnnviz.arrays import whole, whole_number
from rnnviz.errors import NonFiniteError
from rnnviz.sweep.grid_file import GridFile

Record: TypeAlias = dict[str, Any]
Settings: TypeAlias = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]
OWN = ("seed", "outcome", "why", "seconds")  # columns of every table
NOT_FINITE = (NonFiniteError, FloatingPointError, OverflowError)


def grid(
    function: Callable[..., Any],
    settings: Settings,
    seeds: int | Sequence[int] = 1,
    *,
    jobs: int | None = 1,
    file: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Record]:
    """Run `function(rng=..., **settings)` for each combination of settings and each seed: one record per run.

    function  gives {name: number, text, truth, None, or an array of those}, or one number, which is called "result"
    settings  {name: values}, of which every combination is run, the last name changing first; or a list of
              combinations {name: value}, as from `random_points`. Values are numbers, texts, truths or None.
    seeds     how many, counted from 0, or which; whole numbers of at least 0
    jobs      1: in this process, one after the other, with NumPy alone; more: so many processes by joblib, -1 as many
              as there are processors; None: as `joblib.parallel_config` says, for instance on a cluster
    file      where each record is added as soon as it is there; what is in the file already is not run again. JSON, one
              record a line: see `rnnviz.sweep.grid_file`
    progress  called with (runs done, runs in all): before the first, and after each

    The records stand in the order of combinations, then seeds, whatever `jobs` is. Beside settings, seed and results, a
    record has `outcome`: "finished", "diverged" (the function raised NonFiniteError, FloatingPointError or
    OverflowError) or "failed" (any other exception); `why`, the exception; and `seconds`, of the run by itself.

    Raises ValueError for settings or seeds that do not fit, and for a file of another grid; ModuleNotFoundError where
    processes are asked for and joblib is not there.
    """
    numbered = runs(function, settings, seeds, jobs=jobs, file=file, progress=progress)
    return [record for _, record in sorted(numbered, key=lambda one: one[0])]


def runs(
    function: Callable[..., Any],
    settings: Settings,
    seeds: int | Sequence[int] = 1,
    *,
    jobs: int | None = 1,
    file: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[tuple[int, Record]]:
    """The same one by one, (number of the run, record) as they are ready: whoever asks may stop at any time."""
    todo = list(product(points(settings), _seeds(seeds)))
    _check_names(todo[0][0])
    about = {"function": getattr(function, "__qualname__", type(function).__name__)}
    about |= {"runs": [{**point, "seed": seed} for point, seed in todo]}
    return _runs(
        function,
        todo,
        jobs,
        GridFile(None if file is None else Path(file), about),
        progress or (lambda _done, _total: None),
    )


def points(settings: Settings) -> list[dict[str, Any]]:
    """Every combination of {name: values}, the last name changing first; a list of combinations as it is.

    Raises ValueError where there are none, and for a value that is no number, text, truth or None.
    """
    if isinstance(settings, Mapping):
        settings = [dict(zip(settings, values)) for values in product(*settings.values())]
    found = [{str(name): plain(f"settings: {name}", value) for name, value in one.items()} for one in settings]
    if not found:
        raise ValueError("a grid needs at least one value of each setting")
    if any(one.keys() != found[0].keys() for one in found):
        raise ValueError("all combinations of a grid need the same names of settings")
    return found


def columns(records: Sequence[Record]) -> dict[str, np.ndarray[Any, Any]]:
    """The table by columns: {name: (rows,)}; numbers as numbers, NaN where a run has none; all else as objects."""
    names = list(dict.fromkeys(name for record in records for name in record))
    own = [name for name in OWN if name in names]
    return {
        name: _column([record.get(name) for record in records])
        for name in [*(name for name in names if name not in own), *own]
    }


def plain(name: str, value: Any) -> Any:
    """`value` as JSON knows it, a number, text, truth, None, or a list of those; else ValueError, naming `name`."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(name, one) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"{name} must be a number, text, truth or None, got {type(value).__name__}: {value!r}")


def _runs(
    function: Callable[..., Any],
    todo: list[tuple[dict[str, Any], int]],
    jobs: int | None,
    file: GridFile,
    progress: Callable[[int, int], object],
) -> Iterator[tuple[int, Record]]:
    done = file.read()
    progress(len(done), len(todo))
    yield from done.items()
    left = [(number, *one) for number, one in enumerate(todo) if number not in done]
    for count, (number, record) in enumerate(_finished(function, left, jobs), len(done) + 1):
        file.add(number, record)
        progress(count, len(todo))
        yield number, record


def _finished(
    function: Callable[..., Any], left: list[tuple[int, dict[str, Any], int]], jobs: int | None
) -> Iterator[tuple[int, Record]]:
    """The runs, in this process or by joblib, as they are ready."""
    if jobs == 1:
        yield from (run(function, *one) for one in left)
        return
    try:
        import joblib
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"jobs={jobs} needs joblib: pip install 'rnnviz[cluster]'; jobs=1 runs in this process without it"
        ) from error
    workers = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")
    yield from workers(joblib.delayed(run)(function, *one) for one in left)


def run(function: Callable[..., Any], number: int, point: Mapping[str, Any], seed: int) -> tuple[int, Record]:
    """One run, whatever becomes of it."""
    began, results, outcome, why = perf_counter(), {}, "finished", ""
    try:
        results = _results(function(rng=np.random.default_rng(np.random.SeedSequence(seed)), **point), point)
    except Exception as error:  # noqa: BLE001 (it is written down; the other runs go on)
        outcome = "diverged" if isinstance(error, NOT_FINITE) else "failed"
        why = f"{type(error).__name__}: {error}"
    own = {"outcome": outcome, "why": why, "seconds": perf_counter() - began}
    return number, {**point, "seed": seed, **results, **own}


def _results(given: Any, point: Mapping[str, Any]) -> Record:
    """What a run gave, {name: plain value}."""
    results = given if isinstance(given, Mapping) else {"result": given}
    taken = sorted(results.keys() & {*point, *OWN})
    if taken:
        raise ValueError(f"results must have names of their own; {', '.join(taken)} is a setting's, or the table's")
    return {str(name): plain(f"result {name}", value) for name, value in results.items()}


def _seeds(seeds: int | Sequence[int]) -> list[int]:
    if isinstance(seeds, int | np.integer):
        return list(range(whole("seeds", seeds, 1)))
    found = [whole_number(seed) for seed in seeds]
    if not found or any(seed is None or seed < 0 for seed in found) or len(set(found)) < len(found):
        raise ValueError(f"seeds must be different whole numbers of at least 0, or how many; got {seeds!r}")
    return [seed for seed in found if seed is not None]


def _check_names(point: Mapping[str, Any]) -> None:
    taken = sorted(point.keys() & {"rng", *OWN})
    if taken:
        raise ValueError(f"settings must have names of their own; {', '.join(taken)} is the grid's")


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    """Numbers, with NaN for None, where all are numbers; truths where all are; objects otherwise."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, np.bool_)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return np.array(values)
    if any(value is not None for value in values) and all(isinstance(value, int | float | None) for value in values):
        return np.array([np.nan if value is None else value for value in values], np.float64)
    objects = np.empty(len(values), np.object_)
    objects[:] = values
    return objects
