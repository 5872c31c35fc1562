"""What there is to see of one gate at one step: why it stands as it stands, and what it did to the gradient."""

from dataclasses import dataclass
from math import fsum, prod

import numpy as np

from lessons.lstm_gates.experiment import Experiment, Floats
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import GateStep, gate_step, measured_retention, promised_retention
from rnnviz.diagrams.arithmetic import digits_for
from rnnviz.numbers import significant
from rnnviz.surgery import Pin

ROUNDING = 1e-12  # below it a measured share cannot be told from rounding


@dataclass(frozen=True)
class Gate:
    """A gate, and the terms of its pre-activation.

    how         "closed", "open" or "partly"; "" for the candidate, which is no gate
    terms       (kind, name, value): "bias", "input" with its name, "past", "shift"
    digits      of the sum, `more` of its terms: enough for the printed sum to come out right
    spread      "same" at all steps, "near" (by at most `apart`), else it is "lowest" at the step `lowest`
    """

    letter: str
    value: float
    how: str
    terms: tuple[tuple[str, str, float], ...]
    sum: float
    digits: int
    more: int
    clamped: bool
    spread: str
    apart: float
    lowest: int
    token: str
    least: float


@dataclass(frozen=True)
class Back:
    """What became of the gradient of the cell state on its way back.

    steps    how many steps it is followed
    here     dL/dc at this step, `factors` the forget gates that it meets, `along` what is left on the cell state path
    other    what has come in through h; None where nothing did
    before   both together: dL/dc that many steps earlier
    """

    steps: int
    here: float
    factors: tuple[float, ...]
    along: float
    other: float | None
    before: float
    digits: int
    more: int


@dataclass(frozen=True)
class Memory:
    """What is left of what was in the cell before step 1.

    kept, predicted  of one step, and of all, if the forget gate listened to nothing but its bias
    arrived          measured; None where it cannot be told from rounding; `untouched` without the intervention
    why              "intervention", "gone", "bias" (it decides), "near", or who else made the difference: "gates", "h"
    """

    bias: float
    kept: float
    digits: int
    predicted: float
    arrived: float | None
    untouched: float | None
    why: str


@dataclass(frozen=True)
class Change:
    """What an intervention did.

    amount, kind        clamped to it, or shifted by it
    first, last, unit   where, from 1; unit 0: all of them
    end, was            the last output with it and without
    through, without    dL/dc of the unit looked at just before it, at the step `before`; None where it begins at step 1
    """

    gate: str
    kind: str
    amount: float
    first: int
    last: int
    unit: int
    end: float
    was: float
    before: int
    through: float | None
    without: float | None


@dataclass(frozen=True)
class Seen:
    """All that is said of one step; steps and units from 1."""

    step: int
    unit: int
    reads: str
    by_hand: bool
    has_reset: bool
    gate: Gate
    back: Back | None
    memory: Memory
    change: Change | None


def see(run: Experiment, gate: str, step: int, unit: int, back: int) -> Seen:
    """What there is to see where the reader stands, `step` and `unit` from 0."""
    return Seen(
        step=step + 1,
        unit=unit + 1,
        reads=run.tokens[step],
        by_hand=run.by_hand,
        has_reset="reset" in run.tokens,
        gate=gate_at(run, gate_step(run.changed.trace, gate, step, unit)),
        back=followed(run, step, unit, min(back, step)) if step else None,
        memory=remembered(run, step + 1, unit),
        change=intervened(run, unit),
    )


def gate_at(run: Experiment, found: GateStep) -> Gate:
    """How open the gate is, and why."""
    values = run.changed.gate(found.gate, found.unit)
    terms = [("bias", "", found.bias)]
    terms += [("input", name, float(v)) for name, v in zip(run.inputs, found.input) if v != 0]
    terms += [("past", "", found.recurrent)] if found.recurrent != 0 else []
    terms += [("shift", "", found.shift)] if found.shift != 0 else []
    digits = 3 if found.pinned else digits_for([found.sum], found.value, lambda a: _activation(found.gate, a[0]))
    lowest = int(values.argmin())
    return Gate(
        letter=found.gate,
        value=found.value,
        how="" if found.gate == "g" else "closed" if found.value < 0.1 else "open" if found.value > 0.9 else "partly",
        terms=tuple(terms),
        sum=found.sum,
        digits=digits,
        more=digits_for([value for *_, value in terms], found.sum, fsum, digits, least=digits),
        clamped=found.pinned,
        spread=spread(values),
        apart=float(np.abs(values - found.value).max()),
        lowest=lowest + 1,
        token=run.tokens[lowest],
        least=float(values[lowest]),
    )


def spread(values: Floats) -> str:
    """Whether a gate is the "same" at all steps, "near" it as far as three digits show, or "lowest" somewhere."""
    least, most = float(values.min()), float(values.max())
    return "same" if least == most else "near" if significant(least) == significant(most) else "lowest"


def _activation(gate: str, a: float) -> float:
    return float(np.tanh(a) if gate == "g" else sigmoid(np.float64(a)))


def followed(run: Experiment, t: int, unit: int, steps: int) -> Back:
    """What the forget gates did to the gradient on its way some steps back."""
    dc, f = run.changed.dc(unit), run.changed.gate("f", unit)
    passed = f[t - steps + 1 : t + 1][::-1]
    here, before = float(dc[t]), float(dc[t - steps])
    along = float(here * passed.prod())
    other = before - along
    comes = abs(other) > 1e-9 * abs(before)
    digits = digits_for([along, other], before, fsum) if comes else 3
    more = digits_for([here, *passed.tolist()], along, prod, digits)
    return Back(steps, here, tuple(passed.tolist()), along, other if comes else None, before, digits, more)


def remembered(run: Experiment, t: int, unit: int) -> Memory:
    """What the bias alone predicts, and what is measured."""
    bias = float(run.bias[unit])
    kept, predicted = (float(promised_retention(bias, n)[n]) for n in (1, t))
    measured = float(measured_retention(run.changed.trace, unit)[t])
    untouched = None
    alone = np.abs(run.changed.gate("f", unit)[:t] - kept).max() <= 0.01 * kept
    if run.first_change is not None and run.first_change < t:
        why, untouched = "intervention", float(measured_retention(run.untouched.trace, unit)[t])
    elif abs(measured) < ROUNDING:
        why = "gone"
    elif abs(measured - predicted) <= 0.01 * abs(predicted):
        why = "bias" if alone else "near"
    else:
        why = "gates" if run.by_hand else "h"
    digits = digits_for([kept], predicted, lambda v: v[0] ** t)
    return Memory(bias, kept, digits, predicted, _told(measured), None if untouched is None else _told(untouched), why)


def _told(measured: float) -> float | None:
    return measured if abs(measured) >= ROUNDING else None


def intervened(run: Experiment, unit: int) -> Change | None:
    """What the intervention did to the output and to the gradient."""
    if not run.surgery:
        return None
    (cut,) = run.surgery
    one, two = run.untouched, run.changed
    clamped = isinstance(cut, Pin)
    reached = [float(each.dc(unit)[cut.first - 1]) if cut.first else None for each in (two, one)]
    return Change(
        gate=cut.gate,
        kind="clamp" if clamped else "shift",
        amount=float(cut.value if clamped else cut.by),
        first=cut.first + 1,
        last=cut.last + 1,
        unit=0 if cut.units is None else cut.units[0] + 1,
        end=float(two.outcome[-1]),
        was=float(one.outcome[-1]),
        before=cut.first,
        through=reached[0],
        without=reached[1],
    )
