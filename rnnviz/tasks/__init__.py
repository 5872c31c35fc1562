"""What there is to learn: each task is a function `task(rng, ...) -> SequenceBatch`."""

from rnnviz.tasks.adding import adding
from rnnviz.tasks.batch import SequenceBatch
from rnnviz.tasks.copy_memory import copy_memory
from rnnviz.tasks.temporal_order import temporal_order

__all__ = ["SequenceBatch", "adding", "copy_memory", "temporal_order"]
