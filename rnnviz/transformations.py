"""What may be done to a gradient before an optimizer gets it: clip it, add weight decay or noise; and in which order.

    g  gradient     theta  parameters     t  number of the update, from 1

    clip_by_value          g_i <- min(max(g_i, -limit), limit)
    clip_by_norm           g <- g min(1, max_norm / ||g||), each parameter by itself
    clip_by_global_norm    the same with all parameters as one long vector
    clip_by_average_norm   the same with max_norm = factor * mean of the norms so far
    weight_decay           g <- g + lambda theta, the gradient of L + lambda / 2 ||theta||^2 (L2)
    add_noise              g <- g + N(0, sigma_t^2),  sigma_t^2 = eta / t^gamma

Each function gives a `Transformation`. `rnnviz.optimizers.chain` puts any number of them before an optimizer, and the
chain is an optimizer again, to be used wherever one is:

    optimizer = chain(clip_by_global_norm(1.0), add_noise(0.01, rng=rng), adam())

The first in the chain is done first. To clip what the noise has made, clip after it.

**Weight decay comes in two kinds.** Here it is coupled: the decay is a part of the gradient (L2), so that momentum adds
it up and Adam divides it by the root of its mean square: weights with large gradients then decay less. In
`optimizers.adamw` it is decoupled, theta <- (1 - eta lambda) theta, the same for all. For plain gradient descent both
are the same, and for no other rule (Loshchilov & Hutter 2019, "Decoupled weight decay regularization", ICLR).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz import clipping
from rnnviz.arrays import Array, generator, number
from rnnviz.one_vector import split

Named: TypeAlias = Mapping[str, Array]
Remembered: TypeAlias = Mapping[str, NDArray[Any]]
Rule: TypeAlias = Callable[..., tuple[Named, *tuple[Remembered, ...]]]


def _nothing(_params: Named) -> tuple[Remembered, ...]:
    return ()


@dataclass(frozen=True)
class Transformation:
    """A rule from gradients to gradients, and what it remembers between updates.

    rule     (t, grads, params, *remembered) -> (grads, *remembered), grads and params {name: array} of the same names
             and shapes; it makes new arrays, or hands on those it was given
    letters  names of what the rule remembers, in its order; none for most
    start    params -> (*remembered) before the first update, each {name: array}
    """

    rule: Rule
    letters: tuple[str, ...] = ()
    start: Callable[[Named], tuple[Remembered, ...]] = _nothing


def clip_by_value(limit: float) -> Transformation:
    """Every entry within [-limit, limit], as `clipping.clip_by_value`; limit: positive."""
    limit = number("limit", limit, "(0, inf]")
    return Transformation(lambda _t, grads, _params: (clipping.clip_by_value(grads, limit).grads,))


def clip_by_norm(max_norm: float) -> Transformation:
    """Each gradient scaled by itself to a norm of at most max_norm, as `clipping.clip_by_norm`; max_norm: positive."""
    max_norm = number("max_norm", max_norm, "(0, inf]")
    return Transformation(lambda _t, grads, _params: (clipping.clip_by_norm(grads, max_norm).grads,))


def clip_by_global_norm(max_norm: float) -> Transformation:
    """All gradients scaled together to a joint norm of at most max_norm, as `clipping.clip_by_global_norm`.

    Pascanu, Mikolov & Bengio (2013), algorithm 1. max_norm: positive.
    """
    max_norm = number("max_norm", max_norm, "(0, inf]")
    return Transformation(lambda _t, grads, _params: (clipping.clip_by_global_norm(grads, max_norm).grads,))


def clip_by_average_norm(factor: float) -> Transformation:
    """As `clip_by_global_norm`, at `factor` times the mean of the joint norms of all updates before, as they came in.

    Pascanu, Mikolov & Bengio (2013), section 3.2, look at that average to choose a threshold, and write that from half
    to ten times of it can work. The first update, which has none before, is clipped at factor times its own norm.
    factor: positive, infinity clips nothing.
    """
    factor = number("factor", factor, "(0, inf]")

    def rule(t: int, grads: Named, _params: Named, so_far: Remembered) -> tuple[Named, Remembered]:
        norm, total = clipping.global_norm(grads), float(so_far["total"])
        average = total / (t - 1) if t > 1 else norm
        clipped = clipping.clip_by_global_norm(grads, factor * average).grads if average > 0 else grads
        return clipped, {"total": np.array(total + norm)}

    return Transformation(rule, ("norms",), lambda _params: ({"total": np.zeros(())},))


def weight_decay(strength: float) -> Transformation:
    """Coupled weight decay, which is L2: strength * theta is added to the gradient; `weight_decay` of torch.optim.SGD.

    Biases decay like weights. strength: at least 0; see above for what it is not.
    """
    strength = number("strength", strength, "[0, inf)")
    return Transformation(lambda _t, grads, params: ({name: g + strength * params[name] for name, g in grads.items()},))


def add_noise(eta: float, gamma: float = 0.55, *, rng: np.random.Generator) -> Transformation:
    """Gaussian noise of variance eta / t^gamma in every entry, less and less of it.

    Neelakantan et al. (2015), "Adding gradient noise improves learning for very deep networks", arXiv 1511.06807, where
    eta is 0.01, 0.3 or 1. eta, gamma: at least 0.

    rng is asked once, here, for a key. The noise of update t depends on the key and t alone, and the key is a part of
    the optimizer's state: a run that goes on from a checkpoint meets the noise that it would have met.
    """
    eta, gamma = number("eta", eta, "[0, inf)"), number("gamma", gamma, "[0, inf)")
    key = generator(rng).integers(2**63, size=2)

    def rule(t: int, grads: Named, _params: Named, noise: Remembered) -> tuple[Named, Remembered]:
        draws = np.random.default_rng([*noise["key"].tolist(), t])
        vector = draws.standard_normal(sum(g.size for g in grads.values()))
        vector *= np.sqrt(eta) * t ** (-gamma / 2)
        return {
            name: g + n.astype(g.dtype) for (name, g), n in zip(grads.items(), split(vector, grads).values())
        }, noise

    return Transformation(rule, ("noise",), lambda _params: ({"key": key},))
