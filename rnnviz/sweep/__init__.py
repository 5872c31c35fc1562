"""Many networks at once, in one pass or one training run; and grids of runs over settings and seeds.

    models = sweep.scaled(network, np.geomspace(0.1, 10, 400))    or sweep.stack([network, network, ...])
    traces = sweep.unroll(models, x)                  x (T, I) for all of them, (T, M, I), or (T, M, B, I)
    grads  = sweep.backpropagate(models, traces, dh)  dh (T, M, H) = dL/dh_t from outside, or (T, M, B, H)
    found  = sweep.both_ways(networks, x)             networks of several kinds: states, what is left of a gradient

    for now in sweep.train(networks, sample, loss=..., optimizer=..., learning_rate=..., clip=1.0, rngs=...):
        now.losses, now.diverged, now.network(0)      M networks trained together, as `training.train` does one

    records = sweep.grid(function, {"cell": ["elman", "lstm"], "num_steps": [10, 50]}, seeds=5, jobs=4, file="g.jsonl")
    sweep.shares(records, "solved", by=("cell", "num_steps")).share        how many of the seeds, (2, 2)
    for rung in sweep.halving(candidates, budget=1000): rung.kept          the better ones get more of the training

Each model is one layer in one direction; those that are trained may have a readout. Numbers are those of
`rnnviz.unroll`, `rnnviz.backpropagate` and `rnnviz.training.train`, model by model; what is done once for one network
is here done once for all.

What is read has shape (T, M, H). In memory the models come last, (T, rows, M), so that a gate of all models is one
contiguous block. Numbers that leave the finite range stay as they are, in silence; `nonfinite_step` says where that
began. Sizes: T steps, M models, B sequences of each, I inputs, H units, G gates.
"""

from rnnviz.sweep.both_ways import BothWays, and_back, both_ways, there_and_back
from rnnviz.sweep.grid import columns, grid, points, runs
from rnnviz.sweep.models import Models, scaled, stack
from rnnviz.sweep.passes import ModelGradients, ModelTraces, backpropagate, unroll
from rnnviz.sweep.search import Rung, halving, log_uniform, random_points, uniform
from rnnviz.sweep.success import Shares, Spread, shares, spread
from rnnviz.sweep.together import Together, start
from rnnviz.sweep.updates import train

__all__ = [
    "BothWays",
    "ModelGradients",
    "ModelTraces",
    "Models",
    "Rung",
    "Shares",
    "Spread",
    "Together",
    "and_back",
    "backpropagate",
    "both_ways",
    "columns",
    "grid",
    "halving",
    "log_uniform",
    "points",
    "random_points",
    "runs",
    "scaled",
    "shares",
    "spread",
    "stack",
    "start",
    "there_and_back",
    "train",
    "uniform",
    "unroll",
]
