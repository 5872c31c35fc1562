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

Where networks of one kind differ in their seeds and in some settings alone, one call may train them all together, as
one leading axis (`rnnviz.sweep.train`): `together` names these settings, and the function gets lists and gives a list.

    def learn(rngs, init, num_steps):                       init: as many as there are runs in this call; num_steps: one
        networks = [rv.Network.create(..., recurrent_init=one, rng=rng) for one, rng in zip(init, rngs)]
        ...
        return [{"loss": loss} for loss in now.losses]

    sweep.grid(learn, {"init": ["orthogonal", "normal"], "num_steps": [10, 20]}, seeds=5, together=["init"])

`jobs` processes are joblib's (the extra `rnnviz[cluster]`). Within `joblib.parallel_config(backend="dask")` the same
call, with jobs=None, goes to a cluster of Dask. A run that raises an exception is a record, too, and ends nothing.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rnnviz.arrays import whole, whole_number
from rnnviz.errors import NonFiniteError, UnknownNameError
from rnnviz.sweep.grid_file import GridFile

Record: TypeAlias = dict[str, Any]
Settings: TypeAlias = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]
OWN = ("seed", "outcome", "why", "seconds")  # columns of every table
NOT_FINITE = (NonFiniteError, FloatingPointError, OverflowError)


class Run(NamedTuple):
    """One run of a grid: where it stands in it, its settings, its seed."""

    number: int
    point: dict[str, Any]
    seed: int


def grid(
    function: Callable[..., Any],
    settings: Settings,
    seeds: int | Sequence[int] = 1,
    *,
    together: Sequence[str] | None = None,
    jobs: int | None = 1,
    file: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Record]:
    """Run `function(rng=..., **settings)` for each combination of settings and each seed: one record per run.

    function  gives {name: number, text, truth, None, or an array of those}, or one number, which is called "result"
    settings  {name: values}, of which every combination is run, the last name changing first; or a list of
              combinations {name: value}, as from `random_points`. Values are numbers, texts, truths or None.
    seeds     how many, counted from 0, or which; whole numbers of at least 0
    together  None: each call is one run. Names of settings, or []: each call is all runs that agree in all other
              settings: `function(rngs=[...], ...)` gets each of these as a list, one entry per run, and gives one
              result per run; one that is an exception is a run that ended so
    jobs      1: in this process, one after the other, with NumPy alone; more: so many processes by joblib, -1 as many
              as there are processors; None: as `joblib.parallel_config` says, for instance on a cluster
    file      where each record is added as soon as it is there; what is in the file already is not run again. JSON, one
              record a line: see `rnnviz.sweep.grid_file`
    progress  called with (runs done, runs in all), before the first and after each: for a bar, as with tqdm's,
              `lambda done, total: bar.update(done - bar.n)`

    The records stand in the order of combinations, then seeds, however the runs were done. Beside settings, seed and
    results, a record has `outcome`: "finished", "diverged" (the function raised NonFiniteError, FloatingPointError or
    OverflowError) or "failed" (any other exception); `why`, the exception; and `seconds`, its share of its call.

    Raises ValueError for settings or seeds that do not fit, and for a file of another grid; ModuleNotFoundError where
    processes are asked for and joblib is not there.
    """
    numbered = runs(function, settings, seeds, together=together, jobs=jobs, file=file, progress=progress)
    return [record for _, record in sorted(numbered, key=lambda one: one[0])]


def runs(
    function: Callable[..., Any],
    settings: Settings,
    seeds: int | Sequence[int] = 1,
    *,
    together: Sequence[str] | None = None,
    jobs: int | None = 1,
    file: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[tuple[int, Record]]:
    """The same one by one, (number of the run, record) as they are ready: whoever asks may stop at any time."""
    todo = [Run(number, *one) for number, one in enumerate(product(points(settings), _seeds(seeds)))]
    _check_names(todo[0].point, together)
    about = {"function": getattr(function, "__qualname__", type(function).__name__)}
    about |= {"runs": [{**one.point, "seed": one.seed} for one in todo]}
    kept = GridFile(None if file is None else Path(file), about)
    return _runs(function, todo, together, jobs, kept, progress or (lambda _done, _total: None))


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
    todo: list[Run],
    together: Sequence[str] | None,
    jobs: int | None,
    file: GridFile,
    progress: Callable[[int, int], object],
) -> Iterator[tuple[int, Record]]:
    done = file.read()
    count = len(done)
    progress(count, len(todo))
    yield from done.items()
    calls = _calls([one for one in todo if one.number not in done], together)
    for records in _finished(function, calls, together, jobs):
        for number, record in records:
            file.add(number, record)
        count += len(records)
        progress(count, len(todo))
        yield from records


def _calls(left: list[Run], together: Sequence[str] | None) -> list[list[Run]]:
    """The runs of each call of the function."""
    if together is None:
        return [[one] for one in left]
    calls: dict[tuple[Any, ...], list[Run]] = {}
    for one in left:
        calls.setdefault(tuple(repr(one.point[name]) for name in one.point if name not in together), []).append(one)
    return list(calls.values())


def _finished(
    function: Callable[..., Any], calls: list[list[Run]], together: Sequence[str] | None, jobs: int | None
) -> Iterator[list[tuple[int, Record]]]:
    """The records of each call, in this process or by joblib, as they are ready."""
    if jobs == 1:
        yield from (call(function, runs, together) for runs in calls)
        return
    try:
        import joblib
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"jobs={jobs} needs joblib: pip install 'rnnviz[cluster]'; jobs=1 runs in this process without it"
        ) from error
    workers = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")
    yield from workers(joblib.delayed(call)(function, runs, together) for runs in calls)


def call(function: Callable[..., Any], runs: Sequence[Run], together: Sequence[str] | None) -> list[tuple[int, Record]]:
    """One call, whatever becomes of it: (number, record) of each of its runs."""
    began = perf_counter()
    rngs = [np.random.default_rng(np.random.SeedSequence(one.seed)) for one in runs]
    try:
        if together is None:
            given = [function(rng=rngs[0], **runs[0].point)]
        else:
            lists = {name: [one.point[name] for one in runs] for name in together}
            given = list(function(rngs=rngs, **{**runs[0].point, **lists}))
            if len(given) != len(runs):
                raise ValueError(f"the function must give as many results as there are runs, {len(runs)}")
    except Exception as error:  # noqa: BLE001 (it is written down; the other runs go on)
        given = [error] * len(runs)
    seconds = (perf_counter() - began) / len(runs)
    return [(one.number, _record(one, result, seconds)) for one, result in zip(runs, given)]


def _record(run: Run, given: Any, seconds: float) -> Record:
    """What is written down of one run."""
    results, outcome, why = {}, "finished", ""
    try:
        if isinstance(given, Exception):
            raise given
        results = _results(given, run.point)
    except Exception as error:  # noqa: BLE001 (likewise)
        outcome = "diverged" if isinstance(error, NOT_FINITE) else "failed"
        why = f"{type(error).__name__}: {error}"
    own = {"outcome": outcome, "why": why, "seconds": seconds}
    return {**run.point, "seed": run.seed, **results, **own}


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


def _check_names(point: Mapping[str, Any], together: Sequence[str] | None) -> None:
    taken = sorted(point.keys() & {"rng", "rngs", *OWN})
    if taken:
        raise ValueError(f"settings must have names of their own; {', '.join(taken)} is the grid's")
    unknown = [name for name in together or () if name not in point]
    if unknown:
        raise UnknownNameError(f"together names {', '.join(unknown)}; the settings are {', '.join(point)}")


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
