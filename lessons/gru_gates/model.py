"""What a GRU gives up, and what it saves: all numbers of the page, from a GRU and an LSTM that read the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Text
from lessons.common.interventions import HOLDS, kept_holds
from lessons.common.trained import readable, spell, trained
from lessons.gru_gates import experiment as pair
from lessons.gru_gates import told
from lessons.gru_gates.experiment import Experiment, Times
from rnnviz.activations import sigmoid
from rnnviz.cells import GRU, LSTM
from rnnviz.diagrams.arithmetic import digits_for

HOLD, RESET, TEXT = "hold", "reset", "text"
AFTER, BEFORE = "after", "before"
SIZES = {"units": "letters_gru", "parameters": "letters_gru_same_parameters"}
MOVED, SIMILAR = 0.01, 0.05  # what counts as a change of an output, and as a loss about the same
OPEN = 8.0  # a bias that opens a gate
SENTENCE = "and the king said unto his servants come let us see the river."
MOST_LETTERS = 64
LETTERS = 28  # inputs of the networks whose price is shown
PRESETS: dict[str, dict[str, Any]] = {
    "mixing": {"input": HOLD, "keep": 4.0, "reset_bias": -8.0},
    "piling": {"input": HOLD, "hold": 20, "keep": 1.0, "reset_bias": 8.0},
    "letters": {"input": TEXT},
}
OPENING = PRESETS["mixing"]  # where nothing is asked for: the point of the lesson, to be seen at once


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is read, and the two networks that read it."""
    kind = values.get("input", HOLD)
    what = Choice(
        "input", (HOLD, RESET, TEXT), HOLD, was={"hold a value": HOLD, "add, then reset": RESET, "a sentence": TEXT}
    )
    place = Choice("reset_place", (AFTER, BEFORE), AFTER, was={"after W h": AFTER, "before W h": BEFORE})
    if kind == TEXT:
        sizes = Choice(
            "size", tuple(SIZES), "units", was={"as many units": "units", "as many parameters": "parameters"}
        )
        return (what, Text("text", SENTENCE), sizes, place, HOLDS)
    length = Range("hold", 1, 40, 1, 12) if kind == HOLD else Range("gap", 1, 8, 1, 3)
    keep = Range("keep", -2.0, 8.0, 0.5, 2.0, digits=1)
    return (what, length, Seed(), keep, Range("reset_bias", -8.0, 8.0, 1.0, 8.0, digits=1), place, HOLDS)


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """What stands beside the sentence: that nothing of it can be read, or not all."""
    if values["input"] != TEXT:
        return {}
    typed = str(values["text"])
    spelled = spell(typed)
    if not spelled:
        return {"text": ("nothing", {})}
    if len(spelled) > MOST_LETTERS:
        return {"text": ("long", {})}
    return {"text": ("respelled", {"read": spelled})} if spelled != typed.strip() else {}


def price_controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The size of the networks whose price is measured."""
    return (Range("price_units", 2, 256, 1, 24),)


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by its controls."""
    return {}


@dataclass(frozen=True)
class Settings:
    """The page's controls; which of them count depends on `input`. `keep` is the bias of z, and of the LSTM's f."""

    input: str = HOLD
    hold: int = 12
    gap: int = 3
    seed: int = 0
    keep: float = 2.0
    reset_bias: float = 8.0
    reset_place: str = AFTER
    text: str = SENTENCE
    size: str = "units"
    holds: str = ""

    @property
    def letters(self) -> tuple[str, str]:
        """What of the text can be read, and what there is to say of that."""
        return partial(readable, most=MOST_LETTERS, instead=SENTENCE)(self.text)

    def with_keep(self, keep: float) -> Experiment:
        """The same signal, another bias of what keeps."""
        signal = (HOLD, self.hold) if self.input == HOLD else (RESET, self.gap)
        return pair.with_signal(*signal, self.seed, keep, self.reset_bias, self.reset_place == AFTER)


def experiment(settings: Settings) -> Experiment:
    """Both networks, and what they read."""
    if settings.input == TEXT:
        found = pair.with_letters(settings.letters[0], SIZES[settings.size], settings.reset_place == AFTER)
    else:
        found = settings.with_keep(settings.keep)
    return replace(found, holds=settings.holds) if settings.holds else found


@dataclass(frozen=True)
class Facts:
    """What the page says of a place; steps and units are counted from 1.

    z, other, f, i    of a made signal: what GRU and LSTM keep and let in there; `digits`: with which z and 1 - z agree
    ended, best       last outputs {"gru", "lstm", "target"}, with these settings and with a bias that opens the gates
    moves             by how much the last outputs change where the distractors' signs are turned
    came, given       of letters: what comes next, and the probability that each network gives it
    loss              nats per letter over the sentence, and `moved` with the reset gate in the other place
    unlike, shown, kept, reset  means over units and steps: |i - (1 - f)| and o of the LSTM, z and r of the GRU
    """

    by_hand: bool
    held: bool
    after: bool
    step: int
    unit: int
    read: str
    keep: float
    z: float
    other: float
    digits: int
    f: float
    i: float
    keeps: float
    ended: dict[str, float]
    best: dict[str, float]
    moves: dict[str, float]
    apart: float
    came: str
    given: dict[str, float]
    loss: dict[str, float]
    moved: float
    unlike: float
    shown: float
    kept: float
    reset: float
    note: str
    answers: dict[str, str]


def facts(settings: Settings, run: Experiment, step: int, unit: int) -> Facts:
    """What there is to say where the reader stands, `step` and `unit` from 0."""
    gru, lstm = (trace[0, 0].gates for trace in run.passes.values())
    other = run.moved_gate()
    z = float(run.gates("gru", unit)["z"][step])
    f, i = (float(run.gates("lstm", unit)[gate][step]) for gate in "fi")
    loss = {} if run.by_hand else {cell: run.loss(trace).value for cell, trace in run.passes.items()}
    moves = run.moves() if run.by_hand else {}
    return Facts(
        by_hand=run.by_hand,
        held=run.operated,
        after=run.gru.reset_after,
        step=step + 1,
        unit=unit + 1,
        read=run.tokens[step],
        keep=settings.keep,
        z=z,
        other=1 - z,
        digits=digits_for([z], 1 - z, lambda v: 1 - v[0]),
        f=f,
        i=i,
        keeps=float(sigmoid(np.float64(settings.keep))),
        ended=ends(run) if run.by_hand else {},
        best=ends(settings.with_keep(OPEN)) if run.by_hand else {},
        moves=moves,
        apart=float(np.abs(other.y - run.passes["gru"].y).max()),
        came="" if run.by_hand else run.classes[int(run.targets[step])],
        given={} if run.by_hand else {cell: float(np.exp(-run.outcome(cell)[step])) for cell in run.passes},
        loss=loss,
        moved=0.0 if run.by_hand else run.loss(other).value,
        unlike=float(np.abs(lstm["i"] - (1 - lstm["f"])).mean()),
        shown=float(lstm["o"].mean()),
        kept=float(gru["z"].mean()),
        reset=float(gru["r"].mean()),
        note=settings.letters[1] if settings.input == TEXT else "",
        answers={"moved": who_moved(moves)} if run.by_hand else {"loss": compared()},
    )


def ends(run: Experiment) -> dict[str, float]:
    """The last outputs of both networks, and what they should be."""
    return {"target": float(run.targets[-1])} | {cell: float(run.outcome(cell)[-1]) for cell in run.passes}


def who_moved(moves: Mapping[str, float]) -> str:
    """Whose output the distractors change."""
    names = {(False, False): "neither", (True, False): "gru", (False, True): "lstm", (True, True): "both"}
    return names[moves["gru"] > MOVED, moves["lstm"] > MOVED]


def compared() -> str:
    """Whether the trained GRU of as many units loses less than the LSTM on unseen text, as much, or more."""
    gru, lstm = (trained(name)[1].loss for name in ("letters_gru", "letters_lstm"))
    return "alike" if abs(gru / lstm - 1) <= SIMILAR else "lower" if gru < lstm else "higher"


@dataclass(frozen=True)
class About:
    """What the two networks are: {"gru", "lstm"} units and parameters, and losses on unseen text in nats per letter."""

    by_hand: bool
    held: bool
    after: bool
    units: dict[str, int]
    parameters: dict[str, int]
    lost: dict[str, float]
    lead: float


def about(run: Experiment) -> About:
    """Of both networks."""
    networks = {"gru": run.gru, "lstm": run.lstm}
    names = {"units": "letters_gru", "parameters": "letters_gru_same_parameters", "lstm": "letters_lstm"}
    lost = {name: trained(file)[1].loss for name, file in names.items()}
    return About(
        by_hand=run.by_hand,
        held=run.operated,
        after=run.gru.reset_after,
        units={name: network.hidden_size for name, network in networks.items()},
        parameters={name: pair.cell_parameters(network) for name, network in networks.items()},
        lost=lost,
        lead=abs(lost["units"] / lost["lstm"] - 1),
    )


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: the most that h moved, that z differed; parameters and sizes."""

    steps: int
    moved: float
    off: float
    gru: int
    lstm: int
    units: int
    inputs: int
    answers: dict[str, str]


def checks(run: Experiment) -> Checks:
    """The answers to the questions, found by trying."""
    network = run.gru
    I, H = network.input_size, network.hidden_size
    state = {name: a.copy() for name, a in network.state_dict().items()}
    state["bias_ih_l0"][H : 2 * H] += 1000.0
    start = np.full((1, H), 0.5)
    h = rv.unroll(network.with_parameters(state), run.x, h0=start)[0, 0].h
    moved = float(np.abs(h - start).max())
    layer = run.free.passes["gru"][0, 0]
    a, z = layer.preactivations["z"].astype(float), layer.gates["z"].astype(float)
    off = float(np.abs((1 - sigmoid(-a)) - z).max())
    gru, lstm = GRU.parameter_count(I, H), LSTM.parameter_count(I, H)
    shares = {"two_thirds": 2 / 3, "three_quarters": 3 / 4, "four_fifths": 4 / 5}
    answers = {
        "keeps": "stays" if moved < MOVED else "candidate",
        "sign": "sign" if off < 1e-6 else "nothing",
        "share": min(shares, key=lambda share: abs(shares[share] - gru / lstm)),
    }
    return Checks(len(h), moved, off, gru, lstm, H, I, answers)


@dataclass(frozen=True)
class Price:
    """What the third gate costs: of LSTM, GRU with as many units, GRU with as many parameters, in this order."""

    letters: int
    units: list[int]
    parameters: list[int]
    multiply_adds: list[int]
    low: list[float]
    median: list[float]
    high: list[float]
    share: float
    products: float
    took: float
    overlap: bool
    repeats: int = pair.REPEATS
    steps: int = pair.TIMED_STEPS


def cells(units: int) -> tuple[tuple[type[LSTM] | type[GRU], int], ...]:
    """The three layers that are compared, and their numbers of units."""
    return (LSTM, units), (GRU, units), (GRU, pair.as_many_parameters(LETTERS, units))


def measure(units: int) -> list[Times]:
    """How long a step takes, in seconds: quartiles of each layer."""
    return pair.seconds_per_step([rv.Network.create(cell.NAME, LETTERS, H) for cell, H in cells(units)])


def price(units: int, times: list[Times]) -> Price:
    """Counted, and as measured."""
    compared = cells(units)
    low, median, high = ([1e6 * time[k] for time in times] for k in range(3))
    return Price(
        letters=LETTERS,
        units=[H for _, H in compared],
        parameters=[cell.parameter_count(LETTERS, H) for cell, H in compared],
        multiply_adds=[cell.multiply_adds(LETTERS, H) for cell, H in compared],
        low=low,
        median=median,
        high=high,
        share=GRU.parameter_count(LETTERS, units) / LSTM.parameter_count(LETTERS, units),
        products=GRU.multiply_adds(LETTERS, units) / LSTM.multiply_adds(LETTERS, units),
        took=median[1] / median[0],
        overlap=high[1] >= low[0] and high[0] >= low[1],
    )


def program(settings: Settings, run: Experiment, step: int, unit: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return {
        "by_hand": run.by_hand,
        "held": settings.input == HOLD,
        "length": settings.hold if settings.input == HOLD else settings.gap,
        "value": pair.VALUE,
        "seed": settings.seed,
        "keep": settings.keep,
        "reset_bias": settings.reset_bias,
        "after": run.gru.reset_after,
        "name": SIZES[settings.size],
        "read": settings.letters[0][:-1] if settings.input == TEXT else "",
        "surgery": ", ".join(f"rv.{cut!r}" for cut in run.held[1]),
        "changed": [(h.step, h.unit, h.value) for h in kept_holds(run.gru, len(run.x), run.holds) if h.place == "x"],
        "step": step,
        "unit": unit,
    }


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of, with these settings, at the first step and unit."""
    if section in told.BEATS:
        return told.facts(section, values)
    settings = Settings(**{name: value for name, value in values.items() if name != "price_units"})
    run = experiment(settings)
    if section == "price":
        return price(24, [(1e-6, 2e-6, 3e-6)] * 3)
    return {"network": about, "checks": checks}.get(section, lambda run: facts(settings, run, 0, 0))(run)
