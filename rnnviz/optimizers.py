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
`Gradients.params`, or with a leading axis of models, which are then all updated at once; the new ones are new arrays.
The learning rate is an argument of each update, so that a schedule can set it. A state holds what the rule remembers
under the letters above: plain arrays, which `state_arrays` names and `state_from_arrays` reads again. Hyperparameters
out of range are a ValueError.

What comes before the rule, clipping, L2 or noise, is chained to it, and the chain is an optimizer like the others:

    optimizer = chain(transformations.clip_by_global_norm(1.0), adam())
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnnviz.arrays import Array, as_array, floats_by_name, number
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError
from rnnviz.one_vector import all_finite, join, split
from rnnviz.transformations import Transformation


@dataclass(frozen=True)
class State:
    """What an optimizer remembers between updates: one number, and plain arrays.

    t        number of updates done
    moments  {letter: {parameter name: array of its shape}}, such as {"m": ..., "v": ...} for Adam; and what the k-th
             transformation of a chain remembers under {"k.letter": {name: array}}

    `state_arrays` and `state_from_arrays` turn it into {name: array} and back, to be saved.
    """

    t: int
    moments: Mapping[str, Mapping[str, NDArray[Any]]]


@dataclass(frozen=True)
class Optimizer:
    """A rule, entry by entry, and the two methods that run it on all parameters.

    letters  names of what the rule remembers for each parameter, starting at 0
    rule     (t, eta, theta, g, *moments) -> (theta, *moments) of vectors, moments in the order of `letters`: new ones,
             those given stay as they are
    before   what is done to the gradients first, see `chain`
    """

    letters: tuple[str, ...]
    rule: Callable[..., tuple[Array, ...]]
    before: tuple[Transformation, ...] = ()

    def init(self, params: Mapping[str, Array]) -> State:
        """The state before the first update: zeros for every parameter {name: array} under every letter."""
        params = floats_by_name("parameters", params)
        moments: dict[str, Mapping[str, NDArray[Any]]] = {
            letter: {name: np.zeros_like(theta) for name, theta in params.items()} for letter in self.letters
        }
        for letters, transformation in zip(self._letters_before, self.before):
            moments |= zip(letters, transformation.start(params), strict=True)
        return State(t=0, moments=moments)

    def fits(self, state: State) -> bool:
        """Whether a state is of this optimizer's form, so that it can go on from it."""
        return state.moments.keys() == {*self.letters, *(letter for k in self._letters_before for letter in k)}

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
        grads, remembered = self._transformed(t, grads, params, state)
        new_params: dict[str, Array] = {}
        moments: dict[str, dict[str, Array]] = {letter: {} for letter in self.letters}
        for theta in _by_type(params):
            results = self._ruled(t, eta, theta, grads, state)
            new_params |= split(results[0], theta)
            for letter, moment in zip(self.letters, results[1:]):
                moments[letter] |= split(moment, theta)
        return {name: new_params[name] for name in params}, State(t=t, moments=moments | remembered)

    def transformed(self, grads: Mapping[str, Array], state: State, params: Mapping[str, Array]) -> Mapping[str, Array]:
        """The gradients as the next update's rule will get them, after all that stands before it in the chain."""
        return self._transformed(state.t + 1, grads, params, state)[0]

    @property
    def _letters_before(self) -> list[list[str]]:
        """Under which letters the state holds what each transformation remembers."""
        return [[f"{k}.{letter}" for letter in step.letters] for k, step in enumerate(self.before)]

    def _transformed(
        self, t: int, grads: Mapping[str, Array], params: Mapping[str, Array], state: State
    ) -> tuple[Mapping[str, Array], dict[str, Any]]:
        """The gradients after all that stands before the rule, and what that remembers."""
        remembered: dict[str, Any] = {}
        for letters, transformation in zip(self._letters_before, self.before):
            missing = [letter for letter in letters if letter not in state.moments]
            if missing:
                raise UnknownNameError(f"the state is of another chain: it holds no {missing[0]!r}")
            grads, *after = transformation.rule(t, grads, params, *(state.moments[letter] for letter in letters))
            remembered |= zip(letters, after, strict=True)
        return grads, remembered

    def _ruled(
        self, t: int, eta: float, params: Mapping[str, Array], grads: Mapping[str, Array], state: State
    ) -> tuple[Array, ...]:
        """The rule's results for parameters of one data type, as one vector each."""
        dtype = next(iter(params.values())).dtype

        def vector(named: Mapping[str, Array]) -> Array:
            return join((named[name] for name in params), dtype)

        with np.errstate(over="ignore", invalid="ignore"):
            g = vector(grads)
            if not all_finite(g):
                name = _first_nonfinite(g, params)
                raise NonFiniteError(f"NaN or infinity in the gradient of {name} at update {t}: nothing was updated")
            results = self.rule(t, eta, vector(params), g, *(vector(state.moments[letter]) for letter in self.letters))
            for result in results:
                if not all_finite(result):
                    name = _first_nonfinite(result, params)
                    raise NonFiniteError(f"update {t} takes {name} beyond the range of {dtype}: the step is too large")
        return results


def chain(*steps: Transformation | Optimizer) -> Optimizer:
    """Transformations of the gradient, in the order in which they are done, and an optimizer as the last.

    The chain is an optimizer. Raises ValueError for anything but transformations and one optimizer, at the end.
    """
    if not steps or not isinstance(steps[-1], Optimizer):
        raise ValueError(f"a chain must end with an optimizer, such as adam(); got {steps[-1:]!r}")
    before = []
    for step in steps[:-1]:
        if not isinstance(step, Transformation):
            raise ValueError(f"before the optimizer stand transformations of rnnviz.transformations, got {step!r}")
        before.append(step)
    return replace(steps[-1], before=(*before, *steps[-1].before))


def state_arrays(state: State) -> dict[str, NDArray[Any]]:
    """A state as {name: array}, none of them an object: "t", and "m/weight_ih_l0" for letter m of weight_ih_l0."""
    arrays: dict[str, NDArray[Any]] = {"t": np.array(state.t)}
    for letter, named in state.moments.items():
        arrays |= {f"{letter}/{name}": np.asarray(a) for name, a in named.items()}
    return arrays


def state_from_arrays(arrays: Mapping[str, ArrayLike]) -> State:
    """The state that `state_arrays` wrote down. Raises UnknownNameError where "t" or a letter is missing."""
    moments: dict[str, dict[str, NDArray[Any]]] = {}
    for key, a in arrays.items():
        letter, slash, name = key.partition("/")
        if slash:
            moments.setdefault(letter, {})[name] = as_array(key, a)
        elif key != "t":
            raise UnknownNameError(f"the arrays of a state are 't' and 'letter/name', got {key!r}")
    if "t" not in arrays:
        raise UnknownNameError(f"'t', the number of updates, is missing; there are {sorted(arrays)}")
    return State(int(as_array("t", arrays["t"])), moments)


def sgd(momentum: float = 0.0) -> Optimizer:
    """Gradient descent, with a heavy ball for momentum > 0 (Polyak 1964); torch.optim.SGD.

    momentum: in [0, 1); 0 is plain gradient descent.
    """
    momentum = number("momentum", momentum, "[0, 1)")

    def rule(_t: int, eta: float, theta: Array, g: Array, u: Array) -> tuple[Array, ...]:
        u = momentum * u
        u += g
        step = eta * u
        return np.subtract(theta, step, out=step), u

    return Optimizer(("u",), rule)


def nesterov(momentum: float = 0.9) -> Optimizer:
    """Gradient descent that looks ahead (Nesterov 1983; Sutskever et al. 2013); torch.optim.SGD(nesterov=True).

    momentum: in [0, 1).
    """
    momentum = number("momentum", momentum, "[0, 1)")

    def rule(_t: int, eta: float, theta: Array, g: Array, u: Array) -> tuple[Array, ...]:
        u = momentum * u
        u += g
        step = momentum * u
        step += g
        step *= eta
        return np.subtract(theta, step, out=step), u

    return Optimizer(("u",), rule)


def adagrad(epsilon: float = 1e-10) -> Optimizer:
    """Steps divided by the root of the sum of all squared gradients so far (Duchi et al. 2011); torch.optim.Adagrad.

    epsilon: positive.
    """
    epsilon = number("epsilon", epsilon, "(0, inf)")

    def rule(_t: int, eta: float, theta: Array, g: Array, s: Array) -> tuple[Array, ...]:
        s = s + g**2
        return _divided_step(theta, eta, g, np.sqrt(s), epsilon), s

    return Optimizer(("s",), rule)


def rmsprop(alpha: float = 0.99, epsilon: float = 1e-8) -> Optimizer:
    """Steps divided by a running root mean square of the gradient (Tieleman & Hinton 2012); torch.optim.RMSprop.

    alpha: in [0, 1), the share of the mean square that each update keeps. epsilon: positive.
    """
    alpha = number("alpha", alpha, "[0, 1)")
    epsilon = number("epsilon", epsilon, "(0, inf)")

    def rule(_t: int, eta: float, theta: Array, g: Array, v: Array) -> tuple[Array, ...]:
        v = _mean(alpha, v, g**2)
        return _divided_step(theta, eta, g, np.sqrt(v), epsilon), v

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
        m, v = _mean(beta_1, m, g.copy()), _mean(beta_2, v, g**2)
        root = np.sqrt(v)
        root /= sqrt(1.0 - beta_2**t)
        theta = (1.0 - eta * weight_decay) * theta if weight_decay else theta
        return _divided_step(theta, eta / (1.0 - beta_1**t), m, root, epsilon), m, v

    return Optimizer(("m", "v"), rule)


def _mean(keep: float, mean: Array, new: Array) -> Array:
    """keep mean + (1 - keep) new; `new` may be overwritten. Fresh arrays cost more than the arithmetic on them."""
    new *= 1.0 - keep
    mean = keep * mean
    mean += new
    return mean


def _divided_step(theta: Array, eta: float, direction: Array, root: Array, epsilon: float) -> Array:
    """theta - eta direction / (root + epsilon); `root` may be overwritten."""
    root += epsilon
    step = eta * direction
    step /= root
    np.subtract(theta, step, out=step)
    return step


def _by_type(params: Mapping[str, Array]) -> list[dict[str, Array]]:
    """The parameters, those of one data type together; as a rule there is one."""
    types: dict[DTypeLike, dict[str, Array]] = {}
    for name, theta in params.items():
        types.setdefault(theta.dtype, {})[name] = theta
    return list(types.values())


def _first_nonfinite(vector: Array, like: Mapping[str, Array]) -> str:
    """The name of the first array whose part of the vector holds NaN or infinity."""
    return next(name for name, part in split(vector, like).items() if not np.isfinite(part).all())


def _check(what: str, given: Mapping[str, Array], params: Mapping[str, Array]) -> None:
    """Raise unless the arrays given have the names and shapes of the parameters."""
    if given.keys() != params.keys():
        different = ", ".join(sorted(given.keys() ^ params.keys()))
        raise UnknownNameError(f"{what} and parameters must have the same names; these are in only one: {different}")
    for name, theta in params.items():
        if given[name].shape != theta.shape:
            raise ShapeError(f"{what}: {name} must have the parameter's shape {theta.shape}, got {given[name].shape}")
