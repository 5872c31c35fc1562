"""What one Elman unit adds up at one step, term by term.

    a_t[j] = sum_i W_ih[j,i] x_t[i]  +  sum_k W_hh[j,k] h_{t-1}[k]  +  b_ih[j] + b_hh[j],    h_t[j] = tanh(a_t[j])

Source: Elman (1990), "Finding structure in time", Cognitive Science 14; in the notation of `torch.nn.RNN`.
"""

from dataclasses import dataclass

from rnnviz.arrays import Array, whole_number
from rnnviz.errors import ShapeError
from rnnviz.trace import Trace


@dataclass(frozen=True)
class UnitStep:
    """The terms of one Elman unit at one step.

    step, unit  counted from 1
    input       sum_i W_ih[j,i] x_t[i]
    recurrent   (H,) W_hh[j,k] h_{t-1}[k], one term for each unit k
    bias        b_ih[j] + b_hh[j]
    sum         the pre-activation that the engine recorded
    h           tanh of it, likewise
    """

    step: int
    unit: int
    input: float
    recurrent: Array
    bias: float
    sum: float
    h: float


def unit_step(trace: Trace, step: int, unit: int) -> UnitStep:
    """The terms of `unit` at `step`, both counted from 1, in the first layer and the first sequence of the batch.

    Raises ShapeError where the network is not an Elman network with tanh, or the step (up to the sequence's length) or
    the unit is out of range.
    """
    layer, weights = trace[0, 0], trace.network.state_dict()
    units, network = trace.network.hidden_size, trace.network
    steps = len(layer.h) if trace.lengths is None else int(trace.lengths[0])
    t, j = (whole_number(step) or 0) - 1, (whole_number(unit) or 0) - 1
    kind = network.cell if network.nonlinearity == "tanh" else f"{network.cell} with {network.nonlinearity}"
    if kind != "elman" or not (0 <= t < steps and 0 <= j < units):
        raise ShapeError(
            f"unit_step: an Elman network with tanh, step 1..{steps} and unit 1..{units} are needed, "
            f"got {kind}, step {step} and unit {unit}"
        )
    before = layer.h[t - 1, 0] if t else layer.h0[0]
    return UnitStep(
        step=t + 1,
        unit=j + 1,
        input=float(weights["weight_ih_l0"][j] @ layer.x[t, 0]),
        recurrent=weights["weight_hh_l0"][j] * before,
        bias=float(weights["bias_ih_l0"][j] + weights["bias_hh_l0"][j]),
        sum=float(layer.preactivations["h"][t, 0, j]),
        h=float(layer.h[t, 0, j]),
    )
