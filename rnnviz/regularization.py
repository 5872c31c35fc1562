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

Layer normalization (Ba et al. 2016) is not here: it stands inside of every cell's sum, brings parameters that
`torch.nn.LSTM` and its like have no names for, and couples the units of a step: a gate's derivative is no factor per
unit any more, and on that the traces, the Jacobians, the circuit and the equations are built.

Sources: Srivastava et al. (2014), "Dropout", JMLR 15; between the layers of a recurrent network only: Zaremba,
Sutskever & Vinyals (2014), arXiv 1409.2329; Gal & Ghahramani (2016), "A theoretically grounded application of dropout
in recurrent neural networks", NIPS; Krueger et al. (2017), "Zoneout", ICLR.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol, TypeVar

import numpy as np

from rnnviz.arrays import Array, floats_by_name, generator, number, whole
from rnnviz.masks import Masks
from rnnviz.network import Network

Key = TypeVar("Key")


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


@dataclass(frozen=True)
class Variational:
    """Dropout with one mask for all steps of a sequence, on inputs and on the hidden state (Gal & Ghahramani 2016).

    inputs, layers, outputs  as in `Dropout`
    recurrent                of h_{t-1}, in every layer and direction, where it meets W_hh: a unit that is dropped is
                             not read by any gate at any step. f * c_{t-1} and z * h_{t-1} go on as they are.

    All gates read the same masked x and h ("tied weights", their section 4.2). Rates lie in [0, 1), others are a
    ValueError.
    """

    inputs: float = 0.0
    layers: float = 0.0
    outputs: float = 0.0
    recurrent: float = 0.0

    def __post_init__(self) -> None:
        for name in ("inputs", "layers", "outputs", "recurrent"):
            number(name, getattr(self, name), "[0, 1)")

    def draw(self, rng: np.random.Generator, network: Network, num_steps: int, batch_size: int) -> Masks:
        """A mask (1, B, width) for everything whose rate is not 0."""
        whole("num_steps", num_steps, 1)
        B, H = whole("batch_size", batch_size, 1), network.hidden_size
        inputs = _drawn_inputs(rng, network, self, (1, B))
        places = _places(network) if self.recurrent > 0 else []
        return Masks(inputs, {place: _dropped(rng, self.recurrent, (1, B, H), network) for place in places})

    def expected(self, network: Network) -> Masks:  # noqa: ARG002 (zoneout needs it)
        """None: what is drawn is 1 on average."""
        return Masks()


@dataclass(frozen=True)
class Zoneout:
    """Each unit's state stays what it was, with these probabilities, drawn anew at every step (Krueger et al. 2017).

    h  of the hidden state
    c  of an LSTM's cell state; the other cells, which have none, take no notice of it

    Unlike dropout, it lets a memory and its gradient through. In evaluation every state is the average of its old and
    its new value, h_t = p h_{t-1} + (1 - p) h'_t, as in the paper: not the plain network. Rates lie in [0, 1], others
    are a ValueError.
    """

    h: float = 0.0
    c: float = 0.0

    def __post_init__(self) -> None:
        for name in ("h", "c"):
            number(name, getattr(self, name), "[0, 1]")

    def draw(self, rng: np.random.Generator, network: Network, num_steps: int, batch_size: int) -> Masks:
        """A mask (T, B, H) of 0 and 1 for every state whose rate is not 0."""
        shape = whole("num_steps", num_steps, 1), whole("batch_size", batch_size, 1), network.hidden_size
        return Masks(
            kept={key: (generator(rng).random(shape) < p).astype(network.dtype) for key, p in self._rates(network)}
        )

    def expected(self, network: Network) -> Masks:
        """The rates themselves, (1, 1, 1) for every state."""
        return Masks(kept={key: np.full((1, 1, 1), p, network.dtype) for key, p in self._rates(network)})

    def _rates(self, network: Network) -> list[tuple[tuple[str, int, int], float]]:
        rates = {"h": self.h, "c": self.c}
        states = [state for state in network.spec.states if rates[state] > 0]
        return [((state, *place), rates[state]) for place in _places(network) for state in states]


@dataclass(frozen=True)
class Together:
    """Several regularizations at once, such as Together(Dropout(layers=0.5), Zoneout(h=0.1)).

    They draw in the order given. Factors of the same place are multiplied; of two shares that are kept, what neither
    keeps is new: 1 - (1 - k_1) (1 - k_2).
    """

    parts: tuple[Regularization, ...]

    def __init__(self, *parts: Regularization) -> None:
        object.__setattr__(self, "parts", parts)

    def draw(self, rng: np.random.Generator, network: Network, num_steps: int, batch_size: int) -> Masks:
        """The masks of all parts as one."""
        return reduce(_both, (part.draw(rng, network, num_steps, batch_size) for part in self.parts), Masks())

    def expected(self, network: Network) -> Masks:
        """The masks of evaluation, of all parts as one."""
        return reduce(_both, (part.expected(network) for part in self.parts), Masks())


@dataclass(frozen=True)
class Penalty:
    """What L2 adds: value to the loss, grads {name: array} to its gradient."""

    value: float
    grads: dict[str, Array]


def l2(params: Mapping[str, Array], strength: float) -> Penalty:
    """strength / 2 * sum of all squared parameters, and its gradient, strength * theta.

    params: {name: array}. strength: at least 0. While training, `transformations.weight_decay` adds the same gradient,
    and there it is told how this differs from AdamW's weight decay.
    """
    params, strength = floats_by_name("parameters", params), number("strength", strength, "[0, inf)")
    squares = sum(float(np.square(theta, dtype=np.float64).sum()) for theta in params.values())
    return Penalty(strength / 2 * squares, {name: strength * theta for name, theta in params.items()})


@dataclass(frozen=True, eq=False)
class Stopping:
    """Where early stopping stands.

    best     the lowest validation loss so far, inf before the first
    at       the number, from 0, of the look that saw it; -1 before the first
    looks    how often it has looked
    kept     what was given with the best loss: a checkpoint, a network, parameters
    stopped  whether `patience` looks in a row have seen nothing better
    """

    best: float = math.inf
    at: int = -1
    looks: int = 0
    kept: Any = None
    stopped: bool = False


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the loss on a validation set has not fallen for a while, and go back to where it was lowest.

    patience   looks in a row without a better loss before it stops, at least 1
    least      by how much a loss must be lower to count as better, at least 0

        stopping = EarlyStopping(patience=10); seen = stopping.init()
        for checkpoint in training.train(...):
            if checkpoint.update % 20 == 0:
                seen = stopping.update(seen, validation_loss(checkpoint.network), checkpoint)
                if seen.stopped: break
        best = seen.kept

    Prechelt (1998), "Early stopping - but when?", Neural Networks: Tricks of the Trade: there by generalization loss or
    after k strips without progress; this is the latter, as in Goodfellow et al. (2016), Deep Learning, algorithm 7.1.
    """

    patience: int
    least: float = 0.0

    def __post_init__(self) -> None:
        whole("patience", self.patience, 1)
        number("least", self.least, "[0, inf)")

    def init(self) -> Stopping:
        """Before the first look."""
        return Stopping()

    def update(self, state: Stopping, loss: float, kept: Any = None) -> Stopping:
        """After one look at the validation loss; a loss that is NaN is no better than any.

        kept: whatever is wanted back if this was the best; `state.kept` then holds it. Nothing is copied: networks and
        checkpoints do not change.
        """
        if loss < state.best - self.least or (state.at < 0 and loss == loss):
            return Stopping(float(loss), state.looks, state.looks + 1, kept, stopped=False)
        looks = state.looks + 1
        return replace(state, looks=looks, stopped=looks - 1 - state.at >= self.patience)


def _places(network: Network) -> list[tuple[int, int]]:
    """Every (layer, direction)."""
    return [(layer, direction) for layer in range(network.num_layers) for direction in range(network.num_directions)]


def _both(one: Masks, other: Masks) -> Masks:
    """Two sets of masks as one."""

    def merged(
        a: Mapping[Key, Array], b: Mapping[Key, Array], mix: Callable[[Array, Array], Array]
    ) -> dict[Key, Array]:
        return {**a, **b, **{key: mix(a[key], b[key]) for key in a.keys() & b.keys()}}

    return Masks(
        merged(one.inputs, other.inputs, np.multiply),
        merged(one.recurrent, other.recurrent, np.multiply),
        merged(one.kept, other.kept, lambda k, l: 1 - (1 - k) * (1 - l)),
    )


def _drawn_inputs(
    rng: np.random.Generator, network: Network, rates: Dropout | Variational, shape: tuple[int, int]
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
