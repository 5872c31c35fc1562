"""What there is to learn: each task is a function `task(rng, ...) -> SequenceBatch`.

    one answer at the end      adding, adding_1997, parity, temporal_order, temporal_order_fixed, very_long_lag
    an answer at every step    copy_memory, delayed_echo, sine_mixture
    which symbol comes next    a_n_b_n, embedded_reber, noise_free_long_lag, noisy_long_lag

Each file says what was published where, and from what its baseline follows.
"""

from rnnviz.tasks.a_n_b_n import a_n_b_n
from rnnviz.tasks.adding import adding, adding_1997
from rnnviz.tasks.batch import SequenceBatch
from rnnviz.tasks.copy_memory import copy_memory
from rnnviz.tasks.delayed_echo import delayed_echo
from rnnviz.tasks.embedded_reber import embedded_reber
from rnnviz.tasks.long_lag import noise_free_long_lag, noisy_long_lag, very_long_lag
from rnnviz.tasks.parity import parity
from rnnviz.tasks.sine_mixture import sine_mixture
from rnnviz.tasks.temporal_order import temporal_order, temporal_order_fixed

__all__ = [
    "SequenceBatch",
    "a_n_b_n",
    "adding",
    "adding_1997",
    "copy_memory",
    "delayed_echo",
    "embedded_reber",
    "noise_free_long_lag",
    "noisy_long_lag",
    "parity",
    "sine_mixture",
    "temporal_order",
    "temporal_order_fixed",
    "very_long_lag",
]
