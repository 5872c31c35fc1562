"""What the hidden state remembers: an Elman network with random weights reads real temperatures or a sentence.

Nothing is trained: what the network remembers is what its loop alone does. W_h is rho times a random orthogonal matrix,
so that all its eigenvalues and singular values have the absolute value rho. L is the sum of the last state's units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import inputs
from lessons.common.controls import Choice, Control, Day, Range, Seed, Text
from lessons.common.interventions import HOLDS, held_pass, kept_holds
from lessons.hidden_state.reading import DEFAULT_SENTENCE, FIRST_DAY, Reading, days, spell, symbols, two_pasts
from rnnviz.diagnostics import gate_step, state_difference, steps_until_below
from rnnviz.surgery import Surgery

Array = NDArray[np.float64]
WEATHER, SENTENCE, TWO_PASTS = "weather", "sentence", "two_pasts"
GONE = 0.01  # of a difference: below this share of its first value it counts as forgotten
SAME = 1e-12  # states that are nearer than this are the same

PRESETS: dict[str, dict[str, Any]] = {
    "short": {"input": TWO_PASTS, "rho": 0.5},
    "long": {"input": TWO_PASTS, "rho": 0.9},
    "lasting": {"input": TWO_PASTS, "rho": 1.3},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What can be set: what is read, and the network."""
    days = inputs.weather().dates
    kind = values.get("input", WEATHER)
    read: tuple[Control, ...] = {
        WEATHER: (Day("day", days[0], days[-60], days[FIRST_DAY]), Range("days", 2, 60, 1, 24)),
        SENTENCE: (Text("text", DEFAULT_SENTENCE),),
        TWO_PASTS: (Text("text", DEFAULT_SENTENCE), Range("changed", 1, 10, 1, 5), Text("becomes", "r", most=20)),
    }[kind]
    return (
        Choice("input", (WEATHER, SENTENCE, TWO_PASTS), WEATHER, was={"a sentence": SENTENCE, "two pasts": TWO_PASTS}),
        *read,
        Range("units", 1, 32, 1, 8),
        Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2),
        Seed(),
        HOLDS,
    )


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls and the player."""
    return {}


@dataclass(frozen=True)
class Settings:
    """The page's controls; which of them count depends on `input`."""

    input: str = WEATHER
    units: int = 8
    rho: float = 0.9
    seed: int = 0
    day: date | None = None
    days: int = 24
    text: str = DEFAULT_SENTENCE
    changed: int = 5
    becomes: str = "r"
    holds: str = ""

    def network(self, input_size: int) -> rv.Network:
        """Random weights from the seed; W_h is rho times a random orthogonal matrix."""
        return rv.Network.create(
            "elman",
            input_size=input_size,
            hidden_size=self.units,
            recurrent_init=partial(rv.initializers.orthogonal, gain=self.rho),
            rng=np.random.default_rng(self.seed),
        )


def reading(settings: Settings) -> Reading:
    """What these settings let the network read."""
    if settings.input == WEATHER:
        return days(settings.day, settings.days)
    if settings.input == TWO_PASTS:
        return two_pasts(settings.text, settings.changed, settings.becomes)
    read = symbols(settings.text)
    return spell(read, sorted(set(read)))


@dataclass(frozen=True)
class Experiment:
    """One network that reads, forward and backward; where there are two pasts, the same network reads both."""

    settings: Settings
    reading: Reading

    def states(self, x: Array, holds: str = "") -> Array:
        """h_t of every step, (T, H), where the network reads x and `holds` are held."""
        return np.asarray(self._read(x, holds)[0, 0].h[:, 0])

    def _read(self, x: Array, holds: str) -> rv.Trace:
        network = self.settings.network(x.shape[1])
        x, surgery = held_pass(network, x[:, None, :], holds)
        return rv.unroll(network, x, surgery=surgery)

    @cached_property
    def held(self) -> tuple[Array, tuple[Surgery, ...]]:
        """What is read in the pass that is shown, (T, 1, I), and what the reader holds in it."""
        return held_pass(self.trace.network, self.reading.x[:, None, :], self.settings.holds)

    @cached_property
    def trace(self) -> rv.Trace:
        """The pass that is shown; of two pasts, the first."""
        return self._read(self.reading.x, self.settings.holds)

    @cached_property
    def h(self) -> Array:
        """Its states, (T, H)."""
        return np.asarray(self.trace[0, 0].h[:, 0])

    @cached_property
    def dy(self) -> Array:
        """The gradient of L, the sum of the last state's units."""
        dy = np.zeros_like(self.trace.y)
        dy[-1] = 1.0
        return dy

    @cached_property
    def grads(self) -> rv.Gradients:
        """How much each unit of each step matters for L."""
        return rv.backpropagate(self.trace.network, self.trace, self.dy)

    @property
    def loss(self) -> float:
        """L."""
        return float(self.trace.y[-1].sum())

    @cached_property
    def apart(self) -> Array | None:
        """h_t - h'_t of the two pasts, (T, H); None where there is one past."""
        return None if self.reading.other is None else self.h - self.states(self.reading.other.x, self.settings.holds)

    @cached_property
    def norms(self) -> Array | None:
        """Its norm at each step, (T,)."""
        return None if self.apart is None else state_difference(self.apart, np.zeros_like(self.apart))


def experiment(settings: Settings) -> Experiment:
    """The network of these settings, and what it reads."""
    return Experiment(settings, reading(settings))


@dataclass(frozen=True)
class Survival:
    """How long the difference of two pasts lasts.

    steps   the inputs differ by this many steps before the end
    lasted  how many steps it takes to fall below 1 %; None where it has not by the end
    share   of the first difference, what is left at the end
    most    how many steps theory allows at most; None where W_h may keep a difference for ever
    """

    steps: int
    lasted: int | None
    share: float
    most: int | None
    power: float | None


@dataclass(frozen=True)
class Return:
    """Two steps that read the same, from 1, and how far apart their states are."""

    earlier: int
    later: int
    token: str
    apart: float


@dataclass(frozen=True)
class Facts:
    """Every number that the page says; steps and units are counted from 1, as on the screen."""

    input: str
    rho: float
    units: int
    nothing: bool
    shortened: int
    same_pasts: bool
    changed: int
    step: int
    unit: int
    now: float
    past: float
    bias: float
    largest: str
    dh: float
    dh_first: float
    survival: Survival | None
    twice: Return | None
    answers: dict[str, str]


def facts(run: Experiment, step: int, unit: int) -> Facts:
    """What there is to say where the reader stands, `step` and `unit` counted from 0."""
    settings, read = run.settings, run.reading
    terms = gate_step(run.trace, "h", step, unit)
    sizes = {"input": float(terms.input.sum()), "past": terms.recurrent, "bias": terms.bias}
    largest = max(sizes, key=lambda name: abs(sizes[name]))
    typed = settings.input != WEATHER
    survival, twice = survived(run), returned(run)
    answers = {"term": largest}
    if survival:
        answers["survival"] = verdict(survival)
    if twice:
        answers["same"] = "same" if twice.apart < SAME else "different"
    return Facts(
        input=settings.input,
        rho=settings.rho,
        units=settings.units,
        nothing=typed and not inputs.symbols(settings.text),
        shortened=len(read.x) if typed and len(read.x) == inputs.MOST_SYMBOLS else 0,
        same_pasts=read.other is not None and read.other.tokens == read.tokens,
        changed=read.changed + 1,
        step=step + 1,
        unit=unit + 1,
        now=sizes["input"],
        past=sizes["past"],
        bias=sizes["bias"],
        largest=largest,
        dh=float(run.grads[0, 0].dh[step, 0, unit]),
        dh_first=float(np.abs(run.grads[0, 0].dh[0, 0]).max()),
        survival=survival,
        twice=twice,
        answers=answers,
    )


@dataclass(frozen=True)
class Checks:
    """What the questions speak of, besides `here`, what is said of the place where the reader stands.

    moved  with rho = 0: the most that any later state moves when the first input does
    apart  how far apart the last states are where the same inputs are read from last to first
    """

    here: Facts
    moved: float
    apart: float
    answers: dict[str, str]


def checks(run: Experiment, here: Facts) -> Checks:
    """The answers to the questions, found by trying."""
    moved = moved_without_loop(run)
    apart = float(np.linalg.norm(run.states(run.reading.x)[-1] - run.states(run.reading.x[::-1])[-1]))
    answers = {"term": here.largest, "zero": "none" if moved == 0 else "all", "order": "yes" if apart < SAME else "no"}
    return Checks(here, moved, apart, answers)


def about(run: Experiment) -> dict[str, Any]:
    """What there is to say of the network and of what it reads."""
    data = inputs.weather()
    return {"input": run.settings.input, "mean": data.mean, "std": data.std, "inputs": run.reading.x.shape[1]}


def program(run: Experiment, here: Facts) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    settings, read, data = run.settings, run.reading, inputs.weather()
    weather = settings.input == WEATHER
    start = FIRST_DAY if settings.day is None else data.dates.index(settings.day)
    return {
        "celsius": data.celsius[start : start + settings.days].tolist() if weather else None,
        "mean": data.mean,
        "std": data.std,
        "alphabet": list(read.alphabet),
        "read": list(read.symbols),
        "other": list(read.other.symbols) if read.other else None,
        "units": settings.units,
        "rho": settings.rho,
        "seed": settings.seed,
        "step": here.step - 1,
        "unit": here.unit - 1,
        "surgery": ", ".join(f"rv.{cut!r}" for cut in run.held[1]),
        "changed": [
            (h.step, h.unit, h.value)
            for h in kept_holds(run.trace.network, len(run.h), settings.holds)
            if h.place == "x"
        ],
    }


def survived(run: Experiment) -> Survival | None:
    """What becomes of the difference of two pasts; None where there is none."""
    if run.norms is None or run.norms[run.reading.changed] == 0:
        return None
    rho, first = run.settings.rho, run.reading.changed
    most = int(np.floor(np.log(GONE) / np.log(rho))) + 1 if 0 < rho < 1 else 1 if rho == 0 else None
    return Survival(
        steps=len(run.norms) - first - 1,
        lasted=steps_until_below(run.norms, GONE),
        share=float(run.norms[-1] / run.norms[first]),
        most=most,
        power=None if most is None else rho**most,
    )


def verdict(survival: Survival) -> str:
    """Which answer is right: "end" where the text ends before the difference is gone."""
    if survival.lasted is None:
        return "end"
    return "few" if survival.lasted <= 5 else "some" if survival.lasted <= 20 else "many"


def returned(run: Experiment) -> Return | None:
    """The first input that comes a second time; None where none does."""
    pair = inputs.return_of_an_input(run.reading.tokens)
    if pair is None or run.reading.other is not None:
        return None
    earlier, later = pair
    read = run.held[0]
    if not np.array_equal(read[earlier - 1], read[later - 1]):
        return None  # one of them is held at another value
    apart = float(np.linalg.norm(run.h[earlier - 1] - run.h[later - 1]))
    return Return(earlier, later, run.reading.tokens[earlier - 1], apart)


def moved_without_loop(run: Experiment) -> float:
    """With rho = 0: the most that any later state moves when the first input does."""
    cut = Experiment(replace(run.settings, rho=0.0), run.reading)
    x = run.reading.x
    other = np.concatenate([1 - x[:1], x[1:]])
    return float(np.abs(cut.states(x)[1:] - cut.states(other)[1:]).max(initial=0.0))


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of, with these settings, at the first step and unit."""
    run = experiment(Settings(**values))
    here = facts(run, 0, 0)
    return checks(run, here) if section == "checks" else here
