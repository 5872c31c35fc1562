"""rnnviz: recurrent networks whose every number is open to inspection.

net = rnnviz.Network.create("lstm", input_size=3, hidden_size=8)
trace = rnnviz.unroll(net, x)                   x (T, B, I) -> states, gates, outputs at every step
grads = rnnviz.backpropagate(net, trace, dy)    dL/dy -> the gradient that reaches every step
"""

from rnnviz import (
    attention,
    clipping,
    data,
    diagnostics,
    diagrams,
    error_surface,
    evaluation,
    initializers,
    losses,
    metrics,
    optimizers,
    player,
    plots,
    regularization,
    sampling,
    schedules,
    self_attention,
    seq2seq,
    sweep,
    tasks,
    training,
    transformations,
)
from rnnviz.bptt import Gradients, LayerGradients, backpropagate
from rnnviz.cells.compiled import compiled
from rnnviz.errors import NonFiniteError, ShapeError, TableError, UnknownNameError, WeightsError
from rnnviz.gradient_check import GradientCheck, check_gradients
from rnnviz.masks import Masks
from rnnviz.network import Network
from rnnviz.nonfinite import NonFinite
from rnnviz.surgery import Hold, Pin, Shift
from rnnviz.trace import LayerTrace, Trace, unroll
from rnnviz.weights import load, save

__all__ = [
    "GradientCheck",
    "Gradients",
    "Hold",
    "LayerGradients",
    "LayerTrace",
    "Masks",
    "Network",
    "NonFinite",
    "NonFiniteError",
    "Pin",
    "ShapeError",
    "Shift",
    "TableError",
    "Trace",
    "UnknownNameError",
    "WeightsError",
    "attention",
    "backpropagate",
    "check_gradients",
    "clipping",
    "compiled",
    "data",
    "diagnostics",
    "diagrams",
    "error_surface",
    "evaluation",
    "initializers",
    "load",
    "losses",
    "metrics",
    "optimizers",
    "player",
    "plots",
    "regularization",
    "sampling",
    "save",
    "schedules",
    "self_attention",
    "seq2seq",
    "sweep",
    "tasks",
    "training",
    "transformations",
    "unroll",
]
