"""What there is to say about an LSTM's gates at one step, in plain words, with the numbers that the engine recorded."""

from math import fsum, prod

import numpy as np

import rnnviz as rv
from lessons._lstm_gates.experiment import Experiment
from lessons._player import Shown
from lessons.common.trained import trained
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import GateStep, gate_step, measured_retention, promised_retention
from rnnviz.figures import Picture, prose
from rnnviz.figures.arithmetic import digits_for
from rnnviz.figures.numbers import significant

NAMES = {"f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate"}
BACK = 3  # steps that the story follows the gradient
ROUNDING = 1e-12  # below it a measured share cannot be told from rounding


def story(experiment: Experiment, shown: Shown, judged: str) -> Picture:
    """Which gate, why, and what it did to the gradient, with the numbers of the selected step."""
    gate = shown.selected if shown.selected in NAMES else "f"
    terms = gate_step(experiment.operated.trace, gate, shown.step, shown.unit)
    return prose(
        "What you saw",
        say_gate(experiment, terms),
        say_gradient(experiment, shown),
        say_memory(experiment, shown),
        say_surgery(experiment, shown),
        judged,
    )


def say_gate(experiment: Experiment, terms: GateStep) -> str:
    """How open the gate is, and why."""
    letter, reads = terms.gate, experiment.tokens[terms.step]
    values = experiment.operated.gate(letter, terms.unit)
    how = (
        "" if letter == "g" else ", closed" if terms.value < 0.1 else ", open" if terms.value > 0.9 else ", partly open"
    )
    said = (
        f"At step {terms.step + 1}, which reads “{reads}”, the {NAMES[letter]} of unit {terms.unit + 1} is {letter} = "
        f"{significant(terms.value)}{how}."
    )
    parts = {"its bias": terms.bias} | {name: float(v) for name, v in zip(experiment.inputs, terms.input) if v != 0}
    parts |= {"the state before": terms.recurrent} if terms.recurrent != 0 else {}
    parts |= {"surgery": terms.shift} if terms.shift != 0 else {}
    phi = "tanh" if letter == "g" else "σ"
    digits = 3 if terms.pinned else digits_for([terms.sum], terms.value, lambda a: _activation(letter, a[0]))
    more = digits_for(list(parts.values()), terms.sum, fsum, digits, least=digits)
    added = ", ".join(f"{name} {significant(value, more)}" for name, value in parts.items())
    sum_ = significant(terms.sum, digits)
    total = f"Its pre-activation adds up {added}: {sum_}"
    why = (
        f"{total}. But surgery holds the gate, and no pre-activation changes that."
        if terms.pinned
        else f"{total}, and {phi}({sum_}) = {significant(terms.value)}."
    )
    lowest = int(values.argmin())
    if values.min() == values.max():
        least = f"At every step of the sequence {letter} of this unit is the same."
    elif significant(float(values.min())) == significant(float(values.max())):
        apart = float(np.abs(values - terms.value).max())
        least = f"At the other steps {letter} of this unit differs from that by at most {significant(apart)}."
    else:
        least = (
            f"Over the whole sequence, {letter} of this unit is lowest at step {lowest + 1}, "
            f"“{experiment.tokens[lowest]}”: {significant(float(values[lowest]))}."
        )
    return f"{said} {why} {least}"


def _activation(gate: str, a: float) -> float:
    return float(np.tanh(a) if gate == "g" else sigmoid(np.float64(a)))


def say_gradient(experiment: Experiment, shown: Shown) -> str:
    """What the forget gates did to the gradient on its way a few steps back."""
    t, u, run = shown.step, shown.unit, experiment.operated
    back = min(BACK, t)
    if back == 0:
        return "Step 1 is the first. Stand at a later step to follow the gradient back from there."
    dc, f = run.dc(u), run.gate("f", u)
    passed = f[t - back + 1 : t + 1][::-1]
    along = float(dc[t] * passed.prod())
    other = float(dc[t - back] - along)
    comes = abs(other) > 1e-9 * abs(float(dc[t - back]))
    digits = digits_for([along, other], float(dc[t - back]), fsum) if comes else 3
    more = digits_for([float(dc[t]), *passed.tolist()], along, prod, digits)
    factors = " × ".join(significant(float(value), more) for value in passed)
    steps = "one step" if back == 1 else f"{back} steps"
    said = (
        f"Backwards, unit {u + 1} has ∂L/∂c = {significant(float(dc[t]), more)} after step {t + 1}. On its way {steps} "
        f"back, along the conveyor, it is multiplied by f at each step, {factors}, which leaves "
        f"{significant(along, digits)}."
    )
    if not comes:
        return f"{said} That is all of ∂L/∂c there."
    return (
        f"{said} Another {significant(other, digits)} comes in through h: together {significant(float(dc[t - back]))}."
    )


def say_memory(experiment: Experiment, shown: Shown) -> str:
    """The promise of the forget bias, and the measurement."""
    t, u, bias = shown.step + 1, shown.unit, float(experiment.bias[shown.unit])
    kept, promised = (float(promised_retention(bias, n)[n]) for n in (1, t))
    digits = digits_for([kept], promised, lambda v: v[0] ** t)
    measured = float(measured_retention(experiment.operated.trace, u + 1)[t])
    said = (
        f"A forget gate that heard nothing but its bias b_f = {significant(bias)} would keep σ(b_f) = "
        f"{significant(kept, digits)} at each step, and after {t} steps that to the power {t}: "
        f"{significant(promised)}. Measured, by moving c before step 1 up and down by 0.001 and letting the "
        f"network read again, {_arrived(measured)} of it arrives"
    )
    if any(cut.first < t for cut in experiment.surgery):
        untouched = float(measured_retention(experiment.untouched.trace, u + 1)[t])
        return f"{said} under surgery, and {_arrived(untouched)} without."
    if abs(measured) < ROUNDING:
        return f"{said}."
    alone = np.abs(experiment.operated.gate("f", u)[:t] - kept).max() <= 0.01 * kept
    near = abs(measured - promised) <= 0.01 * abs(promised)
    if near:
        return f"{said}: the bias decides." if alone else f"{said}."
    through_h = "" if experiment.by_hand else ", and by the way through h"
    return f"{said}. The difference is made by everything else that moves the gate{through_h}."


def _arrived(measured: float) -> str:
    return significant(measured) if abs(measured) >= ROUNDING else "less than 10⁻¹²"


def say_surgery(experiment: Experiment, shown: Shown) -> str:
    """What the operation did to the output and to the gradient; without one, what to try."""
    if not experiment.surgery:
        return (
            "Now operate: pin f at 1 over the reset, and the network never forgets; pin it at 0 anywhere, and it "
            "forgets where nothing told it to."
            if "reset" in experiment.tokens
            else "Now operate: pin f at 0 for a single step, and see what is left of the past."
        )
    (cut,), u = experiment.surgery, shown.unit
    one, two = experiment.untouched, experiment.operated
    done = (
        f"holds {cut.gate} at {cut.value:g}"
        if isinstance(cut, rv.Pin)
        else f"shifts the bias of {cut.gate} by {cut.by:g}"
    )
    whose = "all units" if cut.units is None else f"unit {cut.units[0] + 1}"
    when = f"at step {cut.first + 1}" if cut.first == cut.last else f"from step {cut.first + 1} to {cut.last + 1}"
    end = "The last output" if experiment.by_hand else "The probability of the last letter"
    said = (
        f"Surgery {done} of {whose} {when}. {end} is {significant(float(two.outcome[-1]))}, untouched "
        f"{significant(float(one.outcome[-1]))}."
    )
    if cut.first == 0:
        return said
    return (
        f"{said} The gradient that comes back through it, to step {cut.first}, is ∂L/∂c = "
        f"{significant(float(two.dc(u)[cut.first - 1]))} for unit {u + 1}, untouched "
        f"{significant(float(one.dc(u)[cut.first - 1]))}."
    )


def about(experiment: Experiment) -> str:
    """What this network is."""
    start = "The backward pass starts from the last output"
    if experiment.by_hand:
        return (
            "All weights are **set by hand**, nothing is trained: unit 1, the memory, adds up what is marked ← (write) "
            f"and is cleared at “reset”; unit 2 holds only what is being read. {start}: L is that output."
        )
    _, its = trained("letters_lstm")
    return (
        f"The weights are **trained** to guess the next letter, in {its.updates:,} updates; on text that it has never "
        f"seen it loses {its.loss:.3f} nats a letter, against {its.baseline:.3f} for guessing by frequency alone. It "
        f"runs in float64 here. {start}: L = −log p of the letter that really comes last, in nats."
    )
