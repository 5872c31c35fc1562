"""What was published, as far as it could be confirmed: numbers only where the text that states them was read.

`adding` and `order` are compared with another implementation of the same settings, not with a paper; `varied` with the
log that Pascanu, Mikolov and Bengio put beside their code (github.com/pascanur/trainingRNNs, test_output.txt), and with
the defaults in its RNN.py. Of the others, the papers are quoted in words alone, in the language file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Published:
    """Of one entry.

    scores    {arm: number}, drawn as lines
    learned   {arm: (how many runs, of how many)}
    log       updates after which the log says that the problem is solved
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    learned: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    log: int | None = None


LOG = 336_000
LOG_FIRST = 0.0044  # the best share of wrong answers before that, in the same log
PUBLISHED: dict[str, Published] = {
    "adding": Published(scores={"lstm": 0.0007, "elman": 0.07}),
    "order": Published(learned={"lstm": (5, 5), "elman": (0, 5)}),
    "varied": Published(log=LOG),
    "copy": Published(),
    "clipping": Published(),
    "orthogonal": Published(),
    "chrono": Published(),
}
