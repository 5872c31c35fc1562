"""Why a gate stands as it stands: its pre-activation, term by term.

    a_t[j] = sum_i W_i[j,i] x_t[i]  +  sum_k W_h[j,k] h_{t-1}[k]  +  b_i[j] + b_h[j]  +  shift,    k_t[j] = phi(a_t[j])

for every gate whose terms are a plain sum: all of an LSTM's, r and z of a GRU, the Elman cell's "h". The GRU's
candidate is none of these, because its reset gate stands inside. `shift` is what surgery added, 0 without it.
"""

from dataclasses import dataclass

from rnnviz.arrays import Array, require, whole_number
from rnnviz.errors import ShapeError, one_of
from rnnviz.surgery import Shift
from rnnviz.trace import Trace


@dataclass(frozen=True)
class GateStep:
    """The terms of one unit's gate at one step.

    gate, step, unit  the gate's letter, and where: counted from 0, as everywhere in the library
    input             (I,) W_i[j,i] x_t[i], one term for each input
    recurrent         sum_k W_h[j,k] h_{t-1}[k]
    bias              b_i[j] + b_h[j]
    shift             what surgery added
    sum               the pre-activation that the engine recorded
    value             the gate's value, likewise
    pinned            whether surgery held the value, whatever the sum
    """

    gate: str
    step: int
    unit: int
    input: Array
    recurrent: float
    bias: float
    shift: float
    sum: float
    value: float
    pinned: bool


def gate_step(trace: Trace, gate: str, step: int, unit: int) -> GateStep:
    """The terms of `gate` of `unit` at `step`, both from 0, in the first layer, direction and sequence of the batch.

    Raises UnknownNameError for a gate that is no plain sum, ShapeError for a step (up to the sequence's length) or a
    unit out of range.
    """
    require("trace", trace, Trace)
    layer, cell = trace[0, 0], trace.network.layers[0][0]
    roles = {one.letter: one.role for one in cell.SPEC.gates}
    resets = "reset" in roles.values()  # a reset gate stands inside of the candidate
    sums = [letter for letter, role in roles.items() if not (resets and role == "candidate")]
    one_of(f"the gate of a {cell.NAME} as a sum of terms", gate, sums)
    steps = len(layer.h) if trace.lengths is None else int(trace.lengths[0])
    H = trace.network.hidden_size
    t, j = whole_number(step), whole_number(unit)
    if t is None or j is None or not (0 <= t < steps and 0 <= j < H):
        raise ShapeError(
            f"gate_step: step 0..{steps - 1} and unit 0..{H - 1} are needed, got step {step!r} and unit {unit!r}"
        )
    row = cell.GATES.index(gate) * H + j
    before = layer.h[t - 1, 0] if t else layer.h0[0]
    shifts = [
        cut.by
        for cut in trace.surgery
        if isinstance(cut, Shift)
        and (cut.gate, cut.layer, cut.direction) == (gate, 0, 0)
        and cut.first <= t <= cut.last
        and (cut.units is None or j in cut.units)
    ]
    return GateStep(
        gate=gate,
        step=t,
        unit=j,
        input=cell.weight_ih[row] * layer.x[t, 0],
        recurrent=float(cell.weight_hh[row] @ before),
        bias=float(cell.bias_ih[row] + cell.bias_hh[row]),
        shift=float(sum(shifts)),
        sum=float(layer.preactivations[gate][t, 0, j]),
        value=float(layer.gates[gate][t, 0, j]),
        pinned=gate in layer.pinned and bool(layer.pinned[gate][t, 0, j]),
    )
