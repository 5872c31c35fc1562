"""Many networks at once: the same cell with M different sets of weights, unrolled and differentiated in one pass.

    models = sweep.scaled(network, np.geomspace(0.1, 10, 400))    or sweep.stack([network, network, ...])
    traces = sweep.unroll(models, x)                  x (T, I) for all of them, or (T, M, I)
    grads  = sweep.backpropagate(models, traces, dh)  dh (T, M, H) = dL/dh_t from outside
    found  = sweep.both_ways(networks, x)             networks of several kinds: states, what is left of a gradient

Each model is one layer in one direction without a readout, and reads one sequence. Numbers are those of
`rnnviz.unroll` and `rnnviz.backpropagate`, model by model; what is done once for one network is here done once for all.

What is read has shape (T, M, H). In memory the models come last, (T, rows, M), so that a gate of all models is one
contiguous block. Numbers that leave the finite range stay as they are, in silence; `nonfinite_step` says where that
began. Sizes: T steps, M models, I inputs, H units, G gates.
"""

from rnnviz.sweep.both_ways import BothWays, and_back, both_ways, there_and_back
from rnnviz.sweep.models import Models, scaled, stack
from rnnviz.sweep.passes import ModelGradients, ModelTraces, backpropagate, unroll

__all__ = [
    "BothWays",
    "ModelGradients",
    "ModelTraces",
    "Models",
    "and_back",
    "backpropagate",
    "both_ways",
    "scaled",
    "stack",
    "there_and_back",
    "unroll",
]
