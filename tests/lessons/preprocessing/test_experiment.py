"""How a series is prepared: parts share nothing, leaks are what they are called, scores are as is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.program import program
from lessons.preprocessing import model, raw, stored
from lessons.preprocessing.experiment import Raw, Settings, Trained, go, prepare, story, trained, usable
from lessons.preprocessing.experiment import raw as raw_of
from lessons.preprocessing.model import fitting
from lessons.preprocessing.pictures import last, record, spread
from lessons.preprocessing.stored import WAYS, rows
from lessons.trained.preprocessing import scores

DUE = Settings().length + Settings().horizon - 1


def test_targets_lie_so_many_steps_after_the_window_and_were_measured() -> None:
    made, values = prepare(story(), Settings()), raw.carbon().values
    for part, due in zip(made.parts, made.due, strict=True):
        np.testing.assert_allclose(part.true, values[due])
        assert not np.isnan(values[due]).any()


def test_split_in_time_no_part_reads_anything_of_another() -> None:
    due = prepare(story(), Settings()).due
    ends = [(int(part.min()) - DUE, int(part.max())) for part in due]
    assert ends[0][1] < ends[1][0] <= ends[1][1] < ends[2][0]


@pytest.mark.parametrize("count", [120, 121, 150, 200, 240, 270, 285, 300, 400])
@pytest.mark.parametrize("length", [8, 13, 26, 52])
def test_a_short_series_is_split_as_strictly_or_is_not_used(count: int, length: int) -> None:
    given, chosen = Raw(np.sin(np.arange(count)).tobytes()), Settings(length=length)
    if usable(given, chosen):
        due = prepare(given, chosen).due
        reach = length + chosen.horizon - 1
        assert due.train.max() < due.validation.min() - reach <= due.validation.max() < due.test.min() - reach
        assert due.test.max() < count


def test_drawn_at_random_nearly_every_test_window_has_a_neighbour_that_was_learned_from() -> None:
    due = prepare(story(), Settings(split="random")).due
    near = np.isin(due.test - 1, due.train) | np.isin(due.test + 1, due.train)
    assert near.mean() > 0.85


def test_the_scaler_knows_the_training_part_alone_unless_it_leaks() -> None:
    values = raw.carbon().values
    train = values[: round(0.7 * len(values))]
    assert prepare(story(), Settings()).scaler.shift[0] == pytest.approx(np.nanmean(train))
    assert prepare(story(), Settings(fitted="all")).scaler.shift[0] == pytest.approx(np.nanmean(values))


@pytest.mark.parametrize("answer", ["level", "change"])
@pytest.mark.parametrize("scale", ["standardize", "min_max"])
def test_an_error_is_that_of_the_loss_in_the_series_unit(answer: str, scale: str) -> None:
    now = Trained.begin(story(), Settings(answer=answer, scale=scale, units=3))
    loss = rv.training.evaluate(now.network, now.prepared.parts.test.batch).loss
    assert now.test == pytest.approx(np.sqrt(loss) * now.prepared.scaler.scale[0], rel=1e-9)


def test_a_mask_is_one_at_the_steps_that_were_filled() -> None:
    made = prepare(story(), Settings(mask="on"))
    x, due = made.parts.train.batch.x, made.due.train
    gaps = np.isnan(raw.carbon().values)
    assert x.shape[2] == 2
    for b in range(0, x.shape[1], 97):
        np.testing.assert_array_equal(x[:, b, 1].astype(bool), gaps[due[b] - DUE : due[b] - Settings().horizon + 1])


def test_dropped_steps_are_gone() -> None:
    made = prepare(story(), Settings(fill="drop"))
    assert sum(part.batch.x.shape[1] for part in made.parts) == 2284 - 59 - 3 * DUE


def test_leaks_are_named_and_an_honest_way_has_none() -> None:
    bad = Settings(split="random", fitted="all", fill="line")
    assert bad.leaks == ("split", "fitted", "fill")
    assert bad.honest == Settings()
    assert Settings(scale="none", fitted="all").leaks == ()


def test_a_training_goes_on_from_any_checkpoint_to_the_same_bits() -> None:
    begun = Trained.begin(story(), Settings(units=4))
    run = go(begun)
    first, second = next(run), next(run)
    again = next(go(first))
    for name, array in second.network.state_dict().items():
        np.testing.assert_array_equal(again.network.state_dict()[name], array)


# What was stored


@pytest.mark.parametrize("way", ["level", "change"])
def test_a_stored_network_has_the_score_that_is_told(way: str) -> None:
    test = prepare(story(), WAYS[way]).parts.test
    assert test.error(stored.network(way)) == pytest.approx(rows()[way].first, rel=1e-9)


def test_the_stored_scores_are_those_of_their_script() -> None:
    found = scores("random", seeds=1)
    assert found["test"][0] == pytest.approx(rows()["random"].first, rel=1e-3)
    assert found["naive"][0] == pytest.approx(rows()["random"].naive)
    assert {one.test.n for one in rows().values()} == {stored.SEEDS}


def test_leakage_claims_what_is_not_so_and_the_change_is_learned() -> None:
    found = rows()
    assert found["random"].test.high < found["level"].test.low / 3
    assert found["random"].test.mean < found["random"].naive
    assert found["level"].test.low > found["level"].naive
    assert found["fitted"].test.mean < found["level"].test.mean / 2
    assert found["change"].test.high < 0.7 * found["change"].naive


# Series of one's own


def test_windows_are_short_enough_for_a_short_series_and_a_hopeless_one_is_refused() -> None:
    rng = np.random.default_rng(0)
    short = raw_of(raw.Series("mine", rng.normal(size=150).cumsum(), tuple(map(str, range(150)))))
    chosen = fitting(short, Settings(horizon=1))
    assert chosen is not None
    assert usable(short, chosen)
    assert chosen.length < Settings().length
    assert trained(short, replace(chosen, units=3), 2).test > 0
    gaps = raw_of(raw.Series("gaps", np.full(200, np.nan), tuple(map(str, range(200)))))
    assert fitting(gaps, Settings()) is None


def test_the_program_reads_the_chosen_column_of_one_s_own_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heat = np.round(np.random.default_rng(1).normal(size=300).cumsum(), 3)
    rows = [f"{k},{value}" for k, value in enumerate(heat)]
    (tmp_path / "your.csv").write_text("\n".join(["row,heat", *rows]), encoding="utf-8")
    chosen = Settings(length=8, units=3)
    now = Trained.begin(raw_of(raw.Series("heat", heat, ())), chosen)
    monkeypatch.chdir(tmp_path)
    exec(program(Path(model.__file__).parent, **model.program(chosen, 0, "heat")), {})
    valid, test = map(float, capsys.readouterr().out.split())
    assert (valid, test) == (pytest.approx(now.valid), pytest.approx(now.test))


@pytest.mark.parametrize("leak", [{"split": "random"}, {"fitted": "all"}, {"fill": "line"}])
def test_a_leaking_network_and_the_honest_one_are_asked_the_same_of_the_last_part(leak: dict[str, str]) -> None:
    chosen = Settings(**leak, units=2)
    np.testing.assert_array_equal(last(story(), chosen).true, last(story(), chosen.honest).true)
    said = record(Trained.begin(story(), chosen))["said"]
    assert said.shape == spread(last(story(), chosen)).shape


@pytest.mark.parametrize("count", [160, 200, 300])
def test_where_a_leak_is_shown_the_honest_way_beside_it_has_windows_too(count: int) -> None:
    given = Raw(np.sin(np.arange(count)).tobytes())
    chosen = fitting(given, Settings(split="random"))
    assert chosen is None or usable(given, chosen.honest)
