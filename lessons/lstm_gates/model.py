"""The gates of an LSTM: what can be set, and every number that the page says of it.

An LSTM reads a made signal, with weights set by hand, or a sentence, with trained weights. A gate can be clamped to a
value, or have its bias shifted, over a span of steps. What is said of one step stands in seen.py, what the story says
in told.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Span, Text
from lessons.common.interventions import HOLDS, read_holds
from lessons.common.trained import readable, spell, trained
from lessons.lstm_gates import told
from lessons.lstm_gates.asked import checks
from lessons.lstm_gates.experiment import VALUE, Experiment, with_letters, with_signal
from lessons.lstm_gates.seen import Seen, see
from rnnviz.surgery import Surgery

RESET, HOLD, TEXT = "reset", "hold", "text"
NONE, CLAMP, SHIFT = "none", "clamp", "shift"
GATES = ("f", "i", "g", "o")
SENTENCE = "and the king said come let us go down to the sea."
MOST_LETTERS = 49
BACK = 3  # steps that the gradient is followed

_CALM: dict[str, Any] = {"bias": 8.0, "intervention": NONE}
PRESETS: dict[str, dict[str, Any]] = {
    "open": {"input": RESET, "bias": 8.0, "intervention": CLAMP, "gate": "f", "held_open": 1.0},
    "closed": {"input": HOLD, "bias": 8.0, "intervention": CLAMP, "gate": "f", "held": 0.0},
    "bias": {"input": HOLD, **_CALM, "bias": 1.0},
    "trained": {"input": TEXT, "more": 0.0, "intervention": NONE},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What can be set: what is read, the forget bias, and the intervention."""
    kind = values.get("input", RESET)
    read: tuple[Control, ...] = {
        RESET: (Range("gap", 1, 8, 1, 3), Seed()),
        HOLD: (Range("hold", 1, 40, 1, 12), Seed()),
        TEXT: (Text("text", SENTENCE),),
    }[kind]
    bias = Range("more", -4.0, 4.0, 0.5, 0.0, 1) if kind == TEXT else Range("bias", -2.0, 8.0, 0.5, 8.0, 1)
    kinds = {"a reset marker": RESET, "a value to hold": HOLD, "a sentence": TEXT}
    was = {"pin a gate": CLAMP, "shift its bias": SHIFT}
    return (
        Choice("input", (RESET, HOLD, TEXT), RESET, was=kinds),
        *read,
        bias,
        Choice("intervention", (NONE, CLAMP, SHIFT), NONE, was=was, was_id="surgery"),
        *(intervention(values) if values.get("intervention", NONE) != NONE else ()),
        HOLDS,
    )


def intervention(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """Which gate, by how much, at which steps, of which units."""
    kind, gate = values.get("input", RESET), values.get("gate", "f")
    opens = opening(kind, gate)
    if values["intervention"] == SHIFT:
        amount = Range("by_up" if opens else "by", -8.0, 8.0, 0.5, 8.0 if opens else -8.0, 1)
    elif gate == "g":
        amount = Range("held_g", -1.0, 1.0, 0.05, 0.0, 2)
    else:
        amount = Range("held_open" if opens else "held", 0.0, 1.0, 0.05, 1.0 if opens else 0.0, 2)
    steps = length(values)
    at = usual(values)
    units = trained("letters_lstm")[0].hidden_size if kind == TEXT else 2
    return (
        Choice("gate", GATES, "f"),
        amount,
        Span("span", 1, steps, (at, at)),
        Range("of_unit", 0, units, 1, 0, was_id="operated_unit"),
    )


def opening(kind: str, gate: str) -> bool:
    """Whether an intervention at first opens this gate; else it closes it."""
    return gate == "i" or (gate == "f" and kind == RESET)


def read_text(typed: str) -> tuple[str, str]:
    """What the network reads of a text, and what of it is lost: "short", "long", "strange" or ""."""
    symbols, lost = readable(typed, MOST_LETTERS, SENTENCE)
    if not lost:
        return symbols, ""
    spelled = spell(typed)
    return symbols, "short" if len(spelled) < 2 else "long" if len(spelled) > MOST_LETTERS else "strange"


def length(values: Mapping[str, Any]) -> int:
    """How many steps are read."""
    kind = values.get("input", RESET)
    if kind == TEXT:
        return len(read_text(values.get("text", SENTENCE))[0]) - 1
    return int(values.get("hold", 12)) + 1 if kind == HOLD else 5 * (int(values.get("gap", 3)) + 1)


def reset_step(gap: int) -> int:
    """The step, from 1, that reads the reset marker: two marks with their distractors come before it."""
    return 2 * (gap + 1) + 1


def usual(values: Mapping[str, Any]) -> int:
    """Where an intervention begins at first, from 1: at the reset, or well within the sequence."""
    if values.get("input", RESET) == RESET:
        return reset_step(int(values.get("gap", 3)))
    return max(1, round(0.7 * length(values)))


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls and the player."""
    return {}


def held(holds: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a valve that is dragged in the story sets: how open it is held; freed, it does what it does by itself."""
    if values.get("intervention") != CLAMP:
        return {}
    at = [one for one in read_holds(holds) if (one.place, one.step) == ("f", told.AT)]
    return {"held_open": at[-1].value if at else told.facts("reset", values)["f"]}


@dataclass(frozen=True)
class Settings:
    """The page's controls; which of them count depends on `input`, `intervention` and `gate`."""

    input: str = RESET
    gap: int = 3
    hold: int = 12
    seed: int = 0
    text: str = SENTENCE
    bias: float = 8.0
    more: float = 0.0
    intervention: str = NONE
    gate: str = "f"
    held: float = 0.0
    held_open: float = 1.0
    held_g: float = 0.0
    by: float = -8.0
    by_up: float = 8.0
    span: tuple[int, int] = (1, 1)
    of_unit: int = 0
    holds: str = ""

    @property
    def surgery(self) -> tuple[Surgery, ...]:
        """The intervention, as the engine takes it."""
        if self.intervention == NONE:
            return ()
        opens = opening(self.input, self.gate)
        first, last = self.span
        place: dict[str, Any] = {
            "first": first - 1,
            "last": last - 1,
            "units": (self.of_unit - 1,) if self.of_unit else None,
        }
        if self.intervention == SHIFT:
            return (rv.Shift(self.gate, self.by_up if opens else self.by, **place),)
        value = self.held_g if self.gate == "g" else self.held_open if opens else self.held
        return (rv.Pin(self.gate, value, **place),)

    @property
    def start(self) -> int:
        """The step, from 0, at which the player opens."""
        return reset_step(self.gap) - 1 if self.input == RESET else min(6, length(vars(self)) - 1)


def experiment(settings: Settings) -> Experiment:
    """What these settings make of an LSTM."""
    if settings.input == TEXT:
        return with_letters(read_text(settings.text)[0], settings.more, settings.surgery, settings.holds)
    steps = settings.hold if settings.input == HOLD else settings.gap
    return with_signal(settings.input, steps, settings.seed, settings.bias, settings.surgery, settings.holds)


@dataclass(frozen=True, eq=False)
class Facts:
    """What the page says where the reader stands, `step` and `unit` from 1; `seen` is what there was to see there."""

    settings: Settings
    run: Experiment
    step: int
    unit: int
    gate: str

    @cached_property
    def seen(self) -> Seen:
        """Which gate, why, and what it did to the gradient."""
        return see(self.run, self.gate, self.step - 1, self.unit - 1, BACK)

    @property
    def input(self) -> str:
        """What is read."""
        return self.settings.input

    @property
    def lost(self) -> str:
        """What of a typed text is not read."""
        return read_text(self.settings.text)[1] if self.input == TEXT else ""

    @property
    def most(self) -> int:
        """How many symbols are read at most."""
        return MOST_LETTERS

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.run.tokens)

    @property
    def closed(self) -> int:
        """Where the forget gate of this unit is lowest, from 1."""
        return int(self.run.changed.gate("f", self.unit - 1).argmin()) + 1

    @property
    def closed_before(self) -> int:
        """As many steps earlier as the gradient is followed."""
        return max(self.closed - BACK, 1)

    # The predictions: all about the network as it is

    @property
    def back(self) -> int:
        """How many steps the gradient is followed."""
        return BACK

    @property
    def reset(self) -> int:
        """The step that reads the reset marker."""
        return reset_step(self.settings.gap)

    @property
    def there(self) -> float:
        """|dL/dc| of unit 1 at the reset."""
        return abs(float(self.run.untouched.dc(0)[self.reset - 1]))

    @property
    def before(self) -> float:
        """And a few steps before it."""
        return abs(float(self.run.untouched.dc(0)[self.reset - 1 - BACK]))

    @property
    def closing(self) -> float:
        """The forget gate of unit 1 at the reset."""
        return float(self.run.untouched.gate("f", 0)[self.reset - 1])

    @property
    def written(self) -> float:
        """What unit 1 writes into its cell at the first step."""
        return float(self.run.untouched.c(0)[0])

    @property
    def left(self) -> float:
        """What it holds at the last."""
        return float(self.run.untouched.c(0)[-1])

    @property
    def later(self) -> int:
        """How many steps come after the first."""
        return self.steps - 1

    @cached_property
    def openness(self) -> tuple[float, float] | None:
        """How open the forget gates are on average at spaces, and elsewhere; None where there are not both."""
        spaces = np.array([token == "␣" for token in self.run.tokens])
        if spaces.all() or not spaces.any():
            return None
        f = np.asarray(self.run.untouched.trace[0, 0].gates["f"][:, 0]).mean(axis=1)
        return float(f[spaces].mean()), float(f[~spaces].mean())

    @property
    def answers(self) -> dict[str, str]:
        """The right answers of the predictions that can be made here."""
        if self.input == RESET:
            share = self.before / self.there
            return {"gradient": "alike" if share > 0.9 else "hundredth" if share < 0.01 else "between"}
        if self.input == HOLD:
            share = self.left / self.written
            return {"left": "most" if share > 0.9 else "little" if share < 0.1 else "some"}
        return {"space": "space" if self.openness[0] > self.openness[1] else "letter"} if self.openness else {}


def look(settings: Settings, run: Experiment, step: int, unit: int, selected: str) -> Facts:
    """What there is to say where the reader stands, `step` and `unit` counted from 0."""
    return Facts(settings, run, step + 1, unit + 1, selected if selected in GATES else "f")


def about(run: Experiment, settings: Settings) -> dict[str, Any]:
    """What there is to say of the network, and of what it has learned."""
    _, its = trained("letters_lstm")
    learned = {"updates": its.updates, "loss": its.loss, "baseline": its.baseline}
    readout = run.network.readout
    factor = float(readout.weight[0, 0]) if run.by_hand and readout is not None else None
    shown = {"by_hand": run.by_hand, "factor": factor, "more": settings.more, "intervened": bool(run.surgery)}
    return learned | shown


def program(run: Experiment, settings: Settings, step: int, unit: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with; `step` and `unit` from 0."""
    return {
        "input": settings.input,
        "gap": settings.gap,
        "hold": settings.hold,
        "value": VALUE,
        "seed": settings.seed,
        "bias": settings.bias,
        "more": settings.more,
        "symbols": read_text(settings.text)[0],
        "units": run.network.hidden_size,
        "surgery": ", ".join(f"rv.{cut!r}" for cut in run.held[1]),
        "changed": run.changed_inputs,
        "target": int(run.targets[-1]) if run.classes else None,
        "step": step,
        "unit": unit,
    }


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in told.BEATS:
        return told.facts(section, values)
    settings = Settings(**values)
    run = experiment(settings)
    if section == "checks":
        return checks(run, settings.start)
    return about(run, settings) if section == "network" else look(settings, run, settings.start, 0, "f")
