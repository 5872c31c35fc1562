"""What the page on backpropagation through time says and draws, as numbers; the experiment is `experiment.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.backprop_through_time import days, recall
from lessons.backprop_through_time.experiment import (
    W_HH,
    W_IH,
    Experiment,
    after_training,
    with_eight_days,
    with_random_weights,
)
from lessons.common.controls import Choice, Control, Range, Seed
from lessons.common.interventions import HOLDS, kept_holds

RANDOM, TRAINED, WEATHER = "random", "trained", "weather"
OFTEN, NEARLY_ALWAYS = 0.55, 0.95  # shares of right answers from which on they are called so
LITTLE = 0.1  # of the norm
NEVER = recall.LONGEST  # a window as long as the longest sequence truncates nothing


def _random(units: int, rho: float, k: int) -> dict[str, Any]:
    at_the_question = {"step": recall.BACK + 1, "pass": "backward"}
    return {"network": RANDOM, "units": units, "rho": rho, "back": recall.BACK, "k": k, "seed": 0, **at_the_question}


def _trained(start: str, at: int, k: int, number: int) -> dict[str, Any]:
    at_the_question = {"step": at + recall.BACK, "pass": "backward"}
    return {"network": TRAINED, "start": start, "at": at, "k": k, "number": number, **at_the_question}


PRESETS: dict[str, dict[str, Any]] = {
    "one": _random(1, 0.9, NEVER),
    "truncated": _random(1, 0.9, 4),
    "strong": _random(1, 1.8, NEVER),
    "grows": _random(4, 2.0, NEVER),
    "short": _trained(recall.ZERO, 1, recall.BACK, 1),
    "long": _trained(recall.ZERO, 1, recall.BACK + 1, 1),
    "luck": _trained(recall.DRAWN, 1, 2, 2),
    "edge": _trained(recall.ZERO, 3, 8, 1),
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What can be set: a network of random weights, a trained one, or the unit that reads eight days."""
    network = Choice("network", (RANDOM, TRAINED, WEATHER), RANDOM, was={"random weights": RANDOM})
    if values.get("network", RANDOM) == WEATHER:
        w_h = Range("w_h", 0.0, 1.5, 0.05, days.W_H, digits=2)
        return (network, w_h, Range("k", 1, days.DAYS, 1, days.DAYS), HOLDS)
    k = Range("k", 1, NEVER, 1, NEVER)
    if values.get("network", RANDOM) == RANDOM:
        size = Range("units", 1, 8, 1, 1), Range("rho", 0.0, 2.0, 0.05, 0.9, digits=2)
        return (network, *size, Range("back", 1, NEVER - 1, 1, recall.BACK), k, Seed(), HOLDS)
    start = Choice("start", recall.STARTS, recall.ZERO, was={"at 0": recall.ZERO, "at random": recall.DRAWN})
    return (network, start, k, Range("at", 1, recall.POSITIONS, 1, 1), Range("number", 1, recall.NETWORKS, 1, 1), HOLDS)


def pick(target: str, value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """A step of a chart sends the player there, backward; a place on the windows' axis ("k") sets their length."""
    place = int(value["x"])
    return {"k": place} if target == "k" else {"step": place, "pass": "backward"}


def experiment(values: Mapping[str, Any]) -> Experiment:
    """The network of these settings, and what it reads."""
    given = dict(values)
    network = given.pop("network")
    if network == RANDOM:
        return with_random_weights(**given)
    if network == WEATHER:
        return with_eight_days(**given)
    return after_training(recall.Training(given["start"], given["k"], given["number"] - 1), given["at"], given["holds"])


@dataclass(frozen=True)
class Window:
    """Steps that the gradient crosses, from 1."""

    first: int
    last: int


@dataclass(frozen=True)
class Kept:
    """Of a weight's gradient: what truncation leaves of its norm; None where nothing, or there was nothing to keep."""

    share: float | None
    angle: float | None


@dataclass(frozen=True)
class Learned:
    """What a trained network can do.

    start     how the clue's weights began, one of recall.STARTS
    share     of right answers; `right` says what to call that: "guess", "often" or "always"
    here, other  the probability that it answers a: as it stands, and with b in the clue's place
    moved     by how much the clue's weights moved at most
    within    of the places that the clue had in training, those that shared a window with the question
    """

    start: str
    share: float
    right: str
    asked: int
    here: float
    other: float
    moved: float
    within: int
    places: int
    updates: int
    trainings: int


@dataclass(frozen=True)
class Facts:
    """Every number that the page says; steps are counted from 1.

    there, here   the norm of dL/dh at the question, and at the clue if nothing is truncated; `share` is their ratio
    arriving      how much of it arrives: "nothing", "little", "some" or "more"
    w             the one recurrent weight, where there is one unit
    low, high     the least and the largest singular value of any step between
    column, column_truncated  the norm of the gradient of the clue's input weights; NaN where it has none of its own
    wider, never  whether the window is longer than the way back, and than any sequence
    spells        whether it reads symbols; else the days' temperatures
    held          whether the reader holds a state between clue and question
    """

    T: int
    at: int
    back: int
    k: int
    units: int
    windows: tuple[Window, ...]
    arrives: bool
    wider: bool
    never: bool
    spells: bool
    held: bool
    loss: float
    there: float
    here: float
    share: float
    arriving: float
    w: float | None
    low: float
    high: float
    column: float
    column_truncated: float
    recurrent: Kept
    input: Kept
    learned: Learned | None
    answers: dict[str, str]


def facts(run: Experiment) -> Facts:
    """What there is to say of this pass and its gradient."""
    norms, units = run.norms, run.network.hidden_size
    share = run.share if run.arrives else 0.0
    known = learned(run)
    amount = "nothing" if share == 0 else "little" if share < LITTLE else "some" if share <= 1 else "more"
    return Facts(
        T=run.T,
        at=run.at,
        back=run.back,
        k=run.k,
        units=units,
        windows=tuple(Window(first, last) for first, last in recall.windows(run.k, run.T)),
        arrives=run.arrives,
        wider=run.k > run.back,
        never=run.k >= (NEVER if run.spells else run.T),
        spells=run.spells,
        held=run.held,
        loss=run.loss.value,
        there=float(norms[-1]),
        here=float(norms[run.at - 1]),
        share=run.share,
        arriving=share,
        w=float(run.network.layers[0][0].weight_hh[0, 0]) if units == 1 else None,
        low=float(run.singular.min()),
        high=float(run.singular.max()),
        column=run.clue_column(run.full),
        column_truncated=run.clue_column(run.truncated),
        recurrent=kept(run, W_HH),
        input=kept(run, W_IH),
        learned=known,
        answers={"arrives": amount} | ({"right": known.right} if known else {}),
    )


def kept(run: Experiment, name: str) -> Kept:
    """What truncation leaves of a weight's gradient."""
    share, angle = run.kept(name)
    return Kept(share, angle) if share > 0 else Kept(None, None)


def learned(run: Experiment) -> Learned | None:
    """What a trained network learned; None of one with random weights."""
    if run.learned is None:
        return None
    share, (here, other) = run.learned.right, run.answers()
    return Learned(
        start=run.learned.start,
        share=share,
        right="guess" if share < OFTEN else "always" if share > NEARLY_ALWAYS else "often",
        asked=recall.library().answers,
        here=here,
        other=other,
        moved=run.learned.moved,
        within=recall.positions_within(run.learned.k),
        places=recall.POSITIONS,
        updates=recall.library().updates,
        trainings=recall.NETWORKS,
    )


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: a pass of so many steps, truncated every k; and one with rho = 0.

    steps, k, reached  the gradient gets back over `reached` steps, so it is there at `held` of them
    windows            its windows
    largest            with rho = 0, the largest dL/dh before the last step
    """

    steps: int
    k: int
    reached: int
    held: int
    full: int
    windows: tuple[Window, ...]
    largest: float
    answers: dict[str, str]


def checks() -> Checks:
    """The questions' numbers; the engine knows the answers."""
    probe = with_random_weights(1, 0.9, 9, 4, 0)
    held = int(np.count_nonzero(probe.truncated[0, 0].dh))
    same = np.array_equal(rv.unroll(probe.network, probe.task.x).y, probe.trace.y)
    memory = with_random_weights(1, 0.0, 6, NEVER, 0)
    largest = float(np.abs(memory.full[0, 0].dh[:-1]).max())
    reach = {1: "one", probe.k - 1: "three", probe.k: "four", probe.T - 1: "nine"}
    return Checks(
        steps=probe.T,
        k=probe.k,
        reached=held - 1,
        held=held,
        full=probe.T - 1,
        windows=tuple(Window(first, last) for first, last in recall.windows(probe.k, probe.T)),
        largest=largest,
        answers={
            "reach": reach[held - 1],
            "forward": "learns" if same else "once",
            "loop": "nothing" if largest == 0 else "as_much",
        },
    )


def program(run: Experiment, values: Mapping[str, Any]) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return {
        **values,
        "place": run.learned.place if run.learned else None,
        "symbols": run.symbols if run.spells else None,
        "all_symbols": recall.SYMBOLS,
        "T": run.T,
        "clue": recall.SYMBOLS.index(run.symbols[run.at - 1]) if run.spells else None,
        "read": None if run.spells else run.task.x[:, 0, 0].tolist(),
        "w_x": days.W_X,
        "bias": days.BIAS,
        "surgery": ", ".join(f"rv.{cut!r}" for cut in run.surgery),
        "changed": []
        if not run.spells
        else [
            (h.step, h.unit, h.value) for h in kept_holds(run.network, run.T, values.get("holds", "")) if h.place == "x"
        ],
    }


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    return checks() if section == "checks" else facts(experiment(values))
