"""From gradients to the next parameters: one paper, one function.

    theta  parameters     g  gradient     eta  learning rate     t  number of the update, from 1

    sgd        u <- momentum u + g                          theta <- theta - eta u
    nesterov   u <- momentum u + g                          theta <- theta - eta (g + momentum u)
    adagrad    s <- s + g^2                                 theta <- theta - eta g / (sqrt(s) + epsilon)
    rmsprop    v <- alpha v + (1 - alpha) g^2               theta <- theta - eta g / (sqrt(v) + epsilon)
    adam       m <- beta_1 m + (1 - beta_1) g               theta <- theta - eta m' / (sqrt(v') + epsilon)
               v <- beta_2 v + (1 - beta_2) g^2             m' = m / (1 - beta_1^t), v' = v / (1 - beta_2^t)
    adamw      as adam, after                               theta <- theta - eta weight_decay theta

Operations are entry by entry. Rules and defaults are those of torch.optim, so that results can be compared. Each
function takes the hyperparameters and gives an `Optimizer`:

    optimizer = adam(beta_1=0.8)
    state = optimizer.init(params)
    params, state = optimizer.update(grads, state, params, learning_rate)

`params` and `grads` are {name: array} with the same names and shapes, as in `Network.state_dict()` and
`Gradients.params`; the new ones are new arrays. The learning rate is an argument of each update, so that a schedule
can set it. A state holds what the rule remembers under the letters above. Hyperparameters out of range are a
ValueError.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from rnnviz.arrays import Array, floats_by_name, number, real_array
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError


@dataclass(frozen=True)
class State:
    """What an optimizer remembers between updates.

    t        number of updates done
    moments  {letter: {parameter name: array of its shape}}, such as {"m": ..., "v": ...} for Adam
    """

    t: int
    moments: Mapping[str, Mapping[str, Array]]


@dataclass(frozen=True)
class Optimizer:
    """A rule for one parameter, and the two methods that run it on all of them.

    letters  names of what the rule remembers for each parameter, starting at 0
    rule     (t, eta, theta, g, *moments) -> (theta, *moments), moments in the order of `letters`
    """

    letters: tuple[str, ...]
    rule: Callable[..., tuple[Array, ...]]

    def init(self, params: Mapping[str, Array]) -> State:
        """The state before the first update: zeros for every parameter {name: array} under every letter."""
        params = floats_by_name("parameters", params)
        zeros = {letter: {name: np.zeros_like(theta) for name, theta in params.items()} for letter in self.letters}
        return State(t=0, moments=zeros)

    def update(
        self, grads: Mapping[str, Array], state: State, params: Mapping[str, Array], learning_rate: float
    ) -> tuple[dict[str, Array], State]:
        """Do one update: (parameters, state) after it, as new arrays of the same shapes and data types.

        grads, params: {name: array}, alike in names and shapes; what is computed has the data type of the
        parameters. learning_rate: finite, at least 0, a number: of a schedule, pass schedule(t).
        Raises UnknownNameError where the names of parameters, gradients and state differ, ShapeError where their
        shapes do, ValueError for a learning rate out of range, and NonFiniteError where a gradient holds NaN or
        infinity, or the update leaves the finite range; the parameters given are then still there to go back to.
        """
        params, grads = floats_by_name("parameters", params), floats_by_name("gradients", grads)
        _check("gradients", grads, params)
        for letter in self.letters:
            _check(f"state {letter!r}", state.moments.get(letter, {}), params)
        if callable(learning_rate):
            raise ValueError("learning_rate must be a number, got a function: of a schedule, pass schedule(t)")
        eta = number("learning_rate", learning_rate, "[0, inf)")
        t = state.t + 1
        new_params: dict[str, Array] = {}
        moments: dict[str, dict[str, Array]] = {letter: {} for letter in self.letters}
        for name, theta in params.items():
            g = real_array(name, grads[name], theta.dtype)
            remembered = [real_array(name, state.moments[letter][name], theta.dtype) for letter in self.letters]
            if not np.isfinite(g).all():
                raise NonFiniteError(f"NaN or infinity in the gradient of {name} at update {t}: nothing was updated")
            with np.errstate(over="ignore", invalid="ignore"):
                results = self.rule(t, eta, theta, g, *remembered)
            if not all(np.isfinite(result).all() for result in results):
                raise NonFiniteError(
                    f"update {t} takes {name} beyond the range of {theta.dtype}: the step is too large"
                )
            new_params[name] = np.asarray(results[0])
            for letter, moment in zip(self.letters, results[1:]):
                moments[letter][name] = np.asarray(moment)
        return new_params, State(t=t, moments=moments)


def sgd(momentum: float = 0.0) -> Optimizer:
    """Gradient descent, with a heavy ball for momentum > 0 (Polyak 1964); torch.optim.SGD.

    momentum: in [0, 1); 0 is plain gradient descent.
    """
    momentum = number("momentum", momentum, "[0, 1)")

    def rule(_t: int, eta: float, theta: Array, g: Array, u: Array) -> tuple[Array, ...]:
        u = momentum * u + g
        return theta - eta * u, u

    return Optimizer(("u",), rule)


def nesterov(momentum: float = 0.9) -> Optimizer:
    """Gradient descent that looks ahead (Nesterov 1983; Sutskever et al. 2013); torch.optim.SGD(nesterov=True).

    momentum: in [0, 1).
    """
    momentum = number("momentum", momentum, "[0, 1)")

    def rule(_t: int, eta: float, theta: Array, g: Array, u: Array) -> tuple[Array, ...]:
        u = momentum * u + g
        return theta - eta * (g + momentum * u), u

    return Optimizer(("u",), rule)


def adagrad(epsilon: float = 1e-10) -> Optimizer:
    """Steps divided by the root of the sum of all squared gradients so far (Duchi et al. 2011); torch.optim.Adagrad.

    epsilon: positive.
    """
    epsilon = number("epsilon", epsilon, "(0, inf)")

    def rule(_t: int, eta: float, theta: Array, g: Array, s: Array) -> tuple[Array, ...]:
        s = s + g**2
        return theta - eta * g / (np.sqrt(s) + epsilon), s

    return Optimizer(("s",), rule)


def rmsprop(alpha: float = 0.99, epsilon: float = 1e-8) -> Optimizer:
    """Steps divided by a running root mean square of the gradient (Tieleman & Hinton 2012); torch.optim.RMSprop.

    alpha: in [0, 1), the share of the mean square that each update keeps. epsilon: positive.
    """
    alpha = number("alpha", alpha, "[0, 1)")
    epsilon = number("epsilon", epsilon, "(0, inf)")

    def rule(_t: int, eta: float, theta: Array, g: Array, v: Array) -> tuple[Array, ...]:
        v = alpha * v + (1.0 - alpha) * g**2
        return theta - eta * g / (np.sqrt(v) + epsilon), v

    return Optimizer(("v",), rule)


def adam(beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    """A running mean over a running root mean square of the gradient, both corrected for their start at 0.

    Kingma & Ba (2015), algorithm 1; torch.optim.Adam. beta_1, beta_2: in [0, 1). epsilon: positive.
    """
    return adamw(beta_1, beta_2, epsilon, weight_decay=0.0)


def adamw(beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8, weight_decay: float = 0.01) -> Optimizer:
    """Adam with a weight decay that the division does not touch (Loshchilov & Hutter 2019, algorithm 2).

    torch.optim.AdamW: biases decay like weights. beta_1, beta_2: in [0, 1). epsilon: positive. weight_decay: at
    least 0.
    """
    beta_1 = number("beta_1", beta_1, "[0, 1)")
    beta_2 = number("beta_2", beta_2, "[0, 1)")
    epsilon = number("epsilon", epsilon, "(0, inf)")
    weight_decay = number("weight_decay", weight_decay, "[0, inf)")

    def rule(t: int, eta: float, theta: Array, g: Array, m: Array, v: Array) -> tuple[Array, ...]:
        m = beta_1 * m + (1.0 - beta_1) * g
        v = beta_2 * v + (1.0 - beta_2) * g**2
        root = np.sqrt(v) / sqrt(1.0 - beta_2**t) + epsilon
        return (1.0 - eta * weight_decay) * theta - eta / (1.0 - beta_1**t) * m / root, m, v

    return Optimizer(("m", "v"), rule)


def _check(what: str, given: Mapping[str, Array], params: Mapping[str, Array]) -> None:
    """Raise unless the arrays given have the names and shapes of the parameters."""
    if given.keys() != params.keys():
        different = ", ".join(sorted(given.keys() ^ params.keys()))
        raise UnknownNameError(f"{what} and parameters must have the same names; these are in only one: {different}")
    for name, theta in params.items():
        if given[name].shape != theta.shape:
            raise ShapeError(f"{what}: {name} must have the parameter's shape {theta.shape}, got {given[name].shape}")
