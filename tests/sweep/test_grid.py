"""Laws of the grid: settings and seed alone decide a run's numbers, whoever does it and however often it stops."""

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import joblib
import numpy as np
import pytest
from distributed import Client, LocalCluster

from rnnviz import NonFiniteError, UnknownNameError, sweep

SETTINGS = {"cell": ["elman", "lstm"], "length": [10, 20, 40]}
SEEDS = 2


def draws(rng, cell, length):
    """A number that depends on everything, and on nothing else."""
    return {"number": length * rng.standard_normal() + len(cell), "long": length > 10}


def fails(rng, cell, length):
    if length == 20:
        raise NonFiniteError("update 3 diverged")
    if cell == "lstm":
        raise KeyError("no such thing")
    return draws(rng, cell, length)


def numbers(records):
    """Without the time that they took, which no two runs have in common."""
    return [{name: value for name, value in record.items() if name != "seconds"} for record in records]


EXPECTED = numbers(sweep.grid(draws, SETTINGS, SEEDS))


def test_every_combination_is_run_with_every_seed_in_order():
    found = [(record["cell"], record["length"], record["seed"]) for record in EXPECTED]
    assert found == [
        (cell, length, seed) for cell in SETTINGS["cell"] for length in SETTINGS["length"] for seed in (0, 1)
    ]


def test_a_record_holds_settings_seed_results_and_how_the_run_ended():
    expected = draws(np.random.default_rng(np.random.SeedSequence(1)), cell="lstm", length=20)
    assert EXPECTED[9] == {"cell": "lstm", "length": 20, "seed": 1, **expected, "outcome": "finished", "why": ""}


def test_a_run_is_the_same_in_any_other_grid():
    other = sweep.grid(draws, [{"length": 40, "cell": "lstm"}], seeds=[7, 1])
    assert other[1]["number"] == EXPECTED[-1]["number"]


@pytest.mark.parametrize("jobs", [2, None])
def test_processes_give_the_same_table(jobs):
    with joblib.parallel_config(n_jobs=2):
        assert numbers(sweep.grid(draws, SETTINGS, SEEDS, jobs=jobs)) == EXPECTED


@pytest.mark.filterwarnings("default")  # of Dask's, on which this library has no influence
def test_a_dask_cluster_gives_the_same_table():
    cluster = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None)
    with cluster, Client(cluster), joblib.parallel_config(backend="dask"):
        assert numbers(sweep.grid(draws, SETTINGS, SEEDS, jobs=None)) == EXPECTED


def test_one_process_does_without_joblib():
    program = """if True:
        import sys
        sys.modules["joblib"] = None
        from rnnviz import sweep
        print(sweep.grid(lambda rng, a: a, {"a": [3]})[0]["result"])
        try:
            sweep.grid(lambda rng, a: a, {"a": [3]}, jobs=2)
        except ModuleNotFoundError as error:
            print(error)
    """
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == [
        "3",
        "jobs=2 needs joblib: pip install 'rnnviz[cluster]'; jobs=1 runs in this process without it",
    ]


def test_what_goes_wrong_is_written_down_and_ends_nothing():
    records = sweep.grid(fails, SETTINGS)
    found = [(record["cell"], record["length"], record["outcome"], record["why"]) for record in records]
    assert found == [
        ("elman", 10, "finished", ""),
        ("elman", 20, "diverged", "NonFiniteError: update 3 diverged"),
        ("elman", 40, "finished", ""),
        ("lstm", 10, "failed", "KeyError: 'no such thing'"),
        ("lstm", 20, "diverged", "NonFiniteError: update 3 diverged"),
        ("lstm", 40, "failed", "KeyError: 'no such thing'"),
    ]


def test_progress_counts_the_runs():
    seen = []
    sweep.grid(draws, SETTINGS, SEEDS, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 12) for done in range(13)]


def test_one_call_may_take_all_runs_that_agree_in_the_other_settings():
    calls = []

    def several(rngs, cell, length):
        calls.append((cell, length))
        return [draws(rng, one, length) for rng, one in zip(rngs, cell, strict=True)]

    records = numbers(sweep.grid(several, SETTINGS, SEEDS, together=["cell"]))
    assert records == EXPECTED
    assert calls == [(["elman", "elman", "lstm", "lstm"], length) for length in SETTINGS["length"]]


def test_one_of_several_runs_may_have_diverged():
    def several(**given):
        return [NonFiniteError("update 3 diverged") if one == 2 else one for one in given["a"]]

    records = sweep.grid(several, {"a": [1, 2, 3]}, together=["a"])
    assert [record.get("result") for record in records] == [1, None, 3]
    assert [record["outcome"] for record in records] == ["finished", "diverged", "finished"]


def test_several_runs_need_several_results():
    records = sweep.grid(lambda **_given: [1], [{}], seeds=3, together=[])
    assert {record["why"] for record in records} == {
        "ValueError: the function must give as many results as there are runs, 3"
    }


@pytest.fixture
def file(tmp_path):
    return tmp_path / "grid.jsonl"


def test_a_grid_that_was_broken_off_goes_on_from_its_file(file):
    done = list(islice(sweep.runs(draws, SETTINGS, SEEDS, file=file), 5))
    asked = []

    def watched(rng, cell, length):
        asked.append((cell, length))
        return draws(rng, cell, length)

    watched.__qualname__ = draws.__qualname__
    seen = []
    records = sweep.grid(watched, SETTINGS, SEEDS, file=file, progress=lambda now, _total: seen.append(now))
    assert numbers(records) == EXPECTED
    assert [record["seconds"] for record in records[:5]] == [record["seconds"] for _, record in done]
    assert len(asked) == 7
    assert seen == list(range(5, 13))


def test_a_file_gives_back_exactly_what_was_written(file):
    def odd(**given):
        numbers = {"list": np.array([1.0, np.inf]), "small": 5e-324, "whole": np.int32(given["a"])}
        return {**numbers, "nothing": None, "text": 'ä\n"\udc80'}

    first = sweep.grid(odd, {"a": [1, 2]}, file=file)
    assert sweep.grid(odd, {"a": [1, 2]}, file=file) == first
    assert first[0]["list"] == [1.0, np.inf]
    assert len(file.read_text().splitlines()) == 3


def test_a_first_line_that_was_cut_off_is_written_again(file):
    list(islice(sweep.runs(draws, SETTINGS, SEEDS, file=file), 1))
    file.write_bytes(file.read_bytes()[:50])
    assert numbers(sweep.grid(draws, SETTINGS, SEEDS, file=file)) == EXPECTED


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_last_line_that_was_cut_off_is_done_again(file, cut):
    sweep.grid(draws, SETTINGS, SEEDS, file=file)
    file.write_bytes(file.read_bytes()[:-cut])
    assert numbers(sweep.grid(draws, SETTINGS, SEEDS, file=file)) == EXPECTED
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted(line["run"] for line in lines[1:]) == list(range(12))


@pytest.mark.parametrize(
    ("function", "settings", "seeds"),
    [(draws, SETTINGS, 3), (draws, {**SETTINGS, "length": [10, 20, 50]}, SEEDS), (fails, SETTINGS, SEEDS)],
)
def test_a_file_of_another_grid_is_refused_and_left_alone(file, function, settings, seeds):
    list(islice(sweep.runs(draws, SETTINGS, SEEDS, file=file), 2))
    before = file.read_bytes()
    with pytest.raises(ValueError, match="is of another grid"):
        sweep.grid(function, settings, seeds, file=file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("text", ["hello\n", "hello", "[1]\n", "[1]\nhello", '{"rnnviz.grid": 1}\n', "\x80\n"])
def test_what_is_no_grid_s_file_is_refused_and_left_alone(file, text):
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match="grid"):
        sweep.grid(draws, SETTINGS, SEEDS, file=file)
    assert file.read_bytes() == text.encode("latin-1")


def test_a_damaged_line_in_the_middle_is_named(file):
    sweep.grid(draws, SETTINGS, SEEDS, file=file)
    lines = file.read_text().splitlines()
    lines[3] = lines[3][:-5]
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(ValueError, match="line 4, is no line of a grid's file"):
        sweep.grid(draws, SETTINGS, SEEDS, file=file)


def test_columns_are_numbers_truths_and_texts_with_nan_where_a_run_has_none():
    table = sweep.columns(sweep.grid(fails, SETTINGS))
    assert list(table) == ["cell", "length", "number", "long", "seed", "outcome", "why", "seconds"]
    np.testing.assert_array_equal(np.isnan(table["number"]), [False, True, False, True, True, True])
    assert table["length"].tolist() == [10, 20, 40, 10, 20, 40]
    assert table["cell"].tolist() == ["elman"] * 3 + ["lstm"] * 3
    assert sweep.columns(sweep.grid(draws, SETTINGS))["long"].dtype == np.bool_


@pytest.mark.parametrize(
    ("settings", "rules", "error", "message"),
    [
        ({"a": []}, {}, ValueError, "at least one value"),
        ([], {}, ValueError, "at least one value"),
        ([{"a": 1}, {"b": 1}], {}, ValueError, "the same names"),
        ({"a": [object()]}, {}, ValueError, "settings: a must be a number, text, truth or None, got object"),
        ({"rng": [1]}, {}, ValueError, "rng is the grid's"),
        ({"seed": [1]}, {}, ValueError, "seed is the grid's"),
        ({"a": [1]}, {"seeds": 0}, ValueError, "seeds must be a whole number of at least 1"),
        ({"a": [1]}, {"seeds": [1, 1]}, ValueError, "different whole numbers"),
        ({"a": [1]}, {"seeds": [-1]}, ValueError, "different whole numbers"),
        ({"a": [1]}, {"together": ["b"]}, UnknownNameError, "together names b; the settings are a"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_runs(settings, rules, error, message):
    with pytest.raises(error, match=message):
        sweep.runs(lambda **_given: 1, settings, **rules)


@pytest.mark.parametrize(
    ("result", "why"), [({"seed": 1}, "seed is a setting's"), ({"b": object()}, "result b must be")]
)
def test_a_result_that_fits_no_table_is_a_run_that_failed(result, why):
    (record,) = sweep.grid(lambda **_given: result, {"a": [1]})
    assert record["outcome"] == "failed"
    assert why in record["why"]
