"""The story's trainings do what their beats are there to show, and what is said of them is so."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.training import model, tale
from lessons.training.experiment import BASELINE, LIMIT, Settings, answers, course, shown


def test_the_network_learns_the_sea_that_is_shown_within_the_first_seconds() -> None:
    """At sixteen updates a second: after ten seconds its error is a tenth of what is possible without memory."""
    batch = shown()
    early = course(tale.FIRST, 160).last.network
    error = float(((answers(early) - batch.targets[:, 0, 0])[batch.mask[:, 0]] ** 2).mean())
    assert error < 0.15 * BASELINE


def test_it_learns_first_how_high_and_then_when() -> None:
    """At first what it says follows the level of now, nearly as high; later, that of the hour to come."""
    batch, asked = shown(), shown().mask[:, 0]
    now, then = batch.x[asked, 0, 0], batch.targets[asked, 0, 0]

    def said(update: int) -> tuple[float, bool]:
        level = answers(course(tale.FIRST, update).last.network)[asked]
        late = np.corrcoef(level, now)[0, 1] > np.corrcoef(level, then)[0, 1]
        return float(level.std() / then.std()), bool(late)

    assert said(1)[0] < 0.5
    (height, late), (height_then, late_then) = said(20), said(160)
    assert (late, late_then) == (True, False)
    assert 0.8 < height < height_then


def test_the_loss_goes_down_on_the_whole_but_not_at_every_update() -> None:
    said = tale.facts("update")
    losses = course(tale.FIRST).losses
    assert said["lower"] == sum(losses[k + 1] < losses[k] for k in range(100))
    assert said["answers"]["update"] == "most"
    assert losses[-1] < 0.02 * losses[0]


def test_clipping_shortens_the_first_updates_alone() -> None:
    said = tale.facts("norms")
    found = course(tale.CLIPPED)
    np.testing.assert_allclose(found.clipped, np.minimum(found.norms, said["threshold"]), rtol=1e-5)
    assert said["only_first"]
    assert 3 < said["clipped"] < 30


def test_one_pair_of_eigenvalues_moves_out_and_the_others_stay() -> None:
    said = tale.facts("eigenvalues")
    moduli = np.sort(np.abs(course(tale.FIRST).last.eigenvalues["h"]))
    assert said["answers"]["eigenvalues"] == "pair"
    assert moduli[-2] == pytest.approx(moduli[-1])
    assert moduli[-1] > tale.FIRST.rho + 0.1
    assert np.abs(moduli[:-2] - tale.FIRST.rho).max() < tale.MOVED
    assert said["radius"] == pytest.approx(moduli[-1])


def test_once_below_the_line_the_loss_stays_there() -> None:
    found = course(tale.FIRST)
    assert found.left is not None
    assert (found.losses[found.left :] < BASELINE).mean() > 0.9


def test_the_gates_of_the_lstm_move_as_they_are_said_to() -> None:
    said = tale.facts("gates")
    assert said["before"]["f"] == pytest.approx(1 / (1 + np.exp(-1)), abs=0.02)
    assert said["closes"]
    assert said["opens"]
    assert said["after"]["o"] > said["before"]["o"]


def test_trained_twice_every_number_is_the_same_to_the_bit() -> None:
    said = tale.facts("rewind")
    assert said["apart"] == 0
    assert said["answers"]["rewind"] == "same"


def test_the_fork_with_twice_the_learning_rate_wins() -> None:
    said = tale.facts("fork")
    assert said["answers"]["fork"] == "twice"
    assert said["final"]["twice"] < said["final"]["same"] < said["final"]["half"]
    assert said["final"]["same"] == course(tale.FIRST).final  # which goes on as if nothing had happened


def test_the_large_learning_rate_diverges_at_the_update_that_is_said() -> None:
    said = tale.facts("diverge")
    assert said["answers"]["diverge"] == "overflows"
    training = tale.LARGE.go(tale.LARGE.start())
    done = list(islice(training, said["diverged"] - 1))
    assert done[-1].update == said["diverged"] - 1 < LIMIT
    with pytest.raises(rv.NonFiniteError, match=f"update {said['diverged']} "):
        next(training)


# Explore


@pytest.mark.parametrize("name", model.PRESETS)
def test_a_preset_shows_its_point(name: str) -> None:
    found = course(Settings(**model.PRESETS[name]))
    assert (found.diverged is not None) == (name == "diverges")
    if name != "diverges":
        assert found.final < course(tale.FIRST).losses[0]
    if name in ("momentum", "gates"):
        assert found.final < course(tale.FIRST).final


def test_the_first_step_of_gradient_descent_is_learning_rate_times_norm_and_adam_s_is_not() -> None:
    assert model.checks(Settings()).answers["step"] == "product"
    assert model.checks(Settings(clip="0.5")).step == pytest.approx(0.05 * 0.5, rel=1e-4)
    assert model.checks(Settings(optimizer="adam")).answers["step"] == "other"


def test_what_is_said_of_the_first_update_is_what_the_program_trains() -> None:
    chosen = Settings("gru", clip="1")
    said = model.facts(chosen, model.spoken_of(chosen, chosen.start()), 0)
    first = course(chosen, 1)
    assert (said.update, said.loss, said.norm) == (1, first.losses[0], first.norms[0])
    assert said.after <= said.norm
    assert [letter for letter, _ in said.gates] == ["r", "z"]


def test_what_a_fork_changes_is_named() -> None:
    parent, chosen = Settings(), Settings(rate=0.1, optimizer="adam")
    said = model.facts(chosen, course(chosen, 1).last, 1, parent, 7)
    assert (said.forked, said.changed) == (7, ("rate", "optimizer"))
    assert model.facts(chosen, course(chosen, 1).last, 1).forked is None
