"""Against learning by heart: what is left out at random while training, weights held small, and stopping in time.

    dropout       reads m_t * x_t            m = 0 with probability p, else 1 / (1 - p); new at every step
    variational   reads m * x_t, m^r * h_{t-1}         the same, drawn once for all steps of a sequence
    zoneout       h_t = k_t * h_{t-1} + (1 - k_t) * h'_t     k = 1 with probability p, else 0; likewise c_t
    L2            L + lambda / 2 sum theta^2

A regularization is a record with two methods, both of which give `rnnviz.Masks` for `rnnviz.unroll`:

    draw(rng, network, num_steps, batch_size)    masks for one batch while training, (T, B, width) or (1, B, width)
    expected(network)                            the masks of evaluation: what is drawn, on average

What dropout draws has the average 1 ("inverted"), so that `expected` is empty and evaluation is the plain network,
exactly. Zoneout keeps the share p of each state then. A training loop does, at each update,

    masks = regularization.draw(rng, network, *batch.x.shape[:2])
    trace = rnnviz.unroll(network, batch.x, lengths=batch.lengths, masks=masks)
    grads = rnnviz.backpropagate(network, trace, dy)

and evaluates with `unroll(network, x, masks=regularization.expected(network))`. Rates of 0 draw nothing and change
nothing, to the bit.

Sources: Srivastava et al. (2014), "Dropout", JMLR 15; between the layers of a recurrent network only: Zaremba,
Sutskever & Vinyals (2014), arXiv 1409.2329; Gal & Ghahramani (2016), "A theoretically grounded application of dropout
in recurrent neural networks", NIPS; Krueger et al. (2017), "Zoneout", ICLR.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rnnviz.arrays import Array, generator, number, whole
from rnnviz.masks import Masks
from rnnviz.network import Network


class Regularization(Protocol):
    """What `training.train(..., regularization=...)` takes."""

    def draw(self, rng: np.random.Generator, network: Network, num_steps: int, batch_size: int) -> Masks:
        """Masks for one batch of B sequences of T steps, while training."""
        ...

    def expected(self, network: Network) -> Masks:
        """The masks of evaluation."""
        ...


@dataclass(frozen=True)
class Dropout:
    """Inputs of layers are set to 0 with these probabilities, anew at every step, and the others divided by 1 - p.

    inputs   of the network's x: what the first layer reads
    layers   of what each further layer reads of the one below (`dropout` of torch.nn.LSTM)
    outputs  of what the readout reads of the top layer

    Rates lie in [0, 1), others are a ValueError. Between the layers alone, no memory is touched on its way through time
    (Zaremba et al. 2014).
    """

    inputs: float = 0.0
    layers: float = 0.0
    outputs: float = 0.0

    def __post_init__(self) -> None:
        for name in ("inputs", "layers", "outputs"):
            number(name, getattr(self, name), "[0, 1)")

    def draw(self, rng: np.random.Generator, network: Network, num_steps: int, batch_size: int) -> Masks:
        """A mask (T, B, width) for every layer whose rate is not 0."""
        shape = whole("num_steps", num_steps, 1), whole("batch_size", batch_size, 1)
        return Masks(inputs=_drawn_inputs(rng, network, self, shape))

    def expected(self, network: Network) -> Masks:  # noqa: ARG002 (zoneout needs it)
        """None: what is drawn is 1 on average."""
        return Masks()


def _drawn_inputs(
    rng: np.random.Generator, network: Network, rates: Dropout, shape: tuple[int, int]
) -> dict[int, Array]:
    """{layer: (T, B, width)} for the layers, and the readout, that read something with a rate above 0."""
    L, width = network.num_layers, network.num_directions * network.hidden_size
    reads = {0: (rates.inputs, network.input_size)} | dict.fromkeys(range(1, L), (rates.layers, width))
    if network.readout is not None:
        reads[L] = (rates.outputs, width)
    return {layer: _dropped(rng, p, (*shape, n), network) for layer, (p, n) in reads.items() if p > 0}


def _dropped(rng: np.random.Generator, p: float, shape: tuple[int, int, int], network: Network) -> Array:
    """0 with probability p, else 1 / (1 - p)."""
    kept = generator(rng).random(shape) >= p
    mask: Array = kept.astype(network.dtype) / network.dtype.type(1 - p)
    return mask
