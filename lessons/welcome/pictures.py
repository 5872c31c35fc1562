"""A small picture for each lesson's card, from what the engine computes of small networks; no words."""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import inputs
from lessons.common.trained import FOLDER, trained
from lessons.welcome.model import SENTENCE
from rnnviz.arrays import Array
from rnnviz.diagnostics import hidden_gradient_norms, step_jacobians
from rnnviz.diagrams import small
from rnnviz.diagrams.html import Diagram
from rnnviz.tasks import SequenceBatch

FIRST, DAYS, MILD, DEGREES = 113, 8, 16.0, 4.0  # the days of the stories: distances from a mild day, in steps
SHORT = 16  # letters
STEPS = 24
RATES, UPDATES = (0.02, 0.06, 0.2), 24  # of the network that learns
WEEK, LEARNT = 7, 12  # days; weeks that a network learns by heart
READ, AHEAD, FUTURES = 33, 11, 4  # years, years, networks


@cache
def picture(slug: str) -> Diagram:
    """The picture of a lesson; an empty one for a lesson that has none."""
    return PICTURES[slug]() if slug in PICTURES else Diagram("")


def one_unit() -> rv.Trace:
    """One unit reads eight days: h_t = tanh(0.8 x_t + 0.6 h_{t-1} + 0.1)."""
    weights = {"weight_ih_l0": [[0.8]], "weight_hh_l0": [[0.6]], "bias_ih_l0": [0.1], "bias_hh_l0": [0.0]}
    network = rv.Network.from_state_dict({name: np.array(w) for name, w in weights.items()}, "elman")
    celsius = np.array(inputs.weather().celsius[FIRST : FIRST + DAYS])
    return rv.unroll(network, np.round((celsius[:, None, None] - MILD) / DEGREES, 1))


def at_the_end(trace: rv.Trace) -> rv.Gradients:
    """The gradient of the sum of the last state."""
    dy = np.zeros_like(trace.y)
    dy[-1] = 1.0
    return rv.backpropagate(trace.network, trace, dy)


def letters(name: str) -> rv.Trace:
    """A trained network reads the beginning of a sentence."""
    network, about = trained(name)
    return rv.unroll(network, about.one_hot(SENTENCE[:SHORT]))


def untrained(rho: float, units: int, steps: int, seed: int = 0) -> rv.Trace:
    """W_h is rho times a random orthogonal matrix; small inputs."""
    rng = np.random.default_rng(seed)
    network = rv.Network.create(
        "elman",
        1,
        units,
        recurrent_init=lambda shape, rng: rv.initializers.orthogonal(shape, rng, gain=rho),
        rng=rng,
    )
    return rv.unroll(network, 0.3 * rng.standard_normal((steps, 1, 1)))


def hidden_state() -> Diagram:
    """One unit's state over the days."""
    return small.chain(one_unit()[0, 0].h[:, 0, 0])


def lstm_gates() -> Diagram:
    """A trained unit's cell state, and the forget gate on its path."""
    layer = letters("letters_lstm")[0, 0]
    f = layer.gates["f"][:, 0]
    unit = int(np.ptp(f, axis=0).argmax())
    return small.band(np.asarray(layer.c)[:, 0, unit], f[:, unit])


def gru_gates() -> Diagram:
    """A trained unit's state, and its update gate."""
    layer = letters("letters_gru")[0, 0]
    z = layer.gates["z"][:, 0]
    unit = int(np.ptp(z, axis=0).argmax())
    return small.band(layer.h[:, 0, unit], z[:, unit], hue="forget")


def bidirectional_and_stacked() -> Diagram:
    """Three units of each direction of a trained network; the second row is drawn to the left."""
    trace = letters("blanks_bidirectional")
    rows = [trace[0, direction].h[:, 0, :3].T for direction in (0, 1)]
    return small.stack(small.strip(rows[0]), small.strip(rows[1], backward=True))


def backprop_through_time() -> Diagram:
    """How much the last day's state still depends on each day's."""
    return small.bars(np.abs(at_the_end(one_unit())[0, 0].dh[:, 0, 0]))


def vanishing_and_exploding() -> Diagram:
    """A circle of gradients on its way back."""
    trace = untrained(0.86, 2, 8, seed=3)
    jacobians = step_jacobians(trace.network, trace)[0, 0][:, 0]
    found = [np.eye(2)]
    for jacobian in jacobians[:0:-1]:
        found.append(jacobian.T @ found[-1])
    return small.ellipses(found[::-1])


def initialization() -> Diagram:
    """The norm of the gradient on its way back, for a weak, a fitting and a strong start."""
    norms = [hidden_gradient_norms(at_the_end(untrained(rho, 16, STEPS)))[0, 0][:, 0] for rho in (0.85, 1.02, 1.25)]
    return small.lines(norms)


def clipping() -> Diagram:
    """A gradient and its clipped one."""
    gradient = {"w": np.array([3.2, 1.0])}
    return small.arrow(gradient["w"], rv.clipping.clip_by_global_norm(gradient, 1.0).grads["w"], 1.0)


def training() -> Diagram:
    """The loss of one network at three learning rates, as it learns what comes next in a mixture of sines."""
    net = rv.Network.create("elman", 1, 6, output_size=1, rng=np.random.default_rng(0))
    rules: dict[str, Any] = {"optimizer": rv.optimizers.sgd(), "rng": np.random.default_rng(1)}
    runs = [rv.training.train(net, partial(sines, num_steps=STEPS), **rules, learning_rate=eta) for eta in RATES]
    return small.lines([[next(run).loss for _ in range(UPDATES)] for run in runs], backward=False)


def reproduce_the_papers() -> Diagram:
    """The loss of networks that differ in their seed alone."""
    nets = [rv.Network.create("elman", 1, 6, output_size=1, rng=np.random.default_rng(seed)) for seed in range(5)]
    task, rules = partial(sines, num_steps=STEPS), dict[str, Any](optimizer=rv.optimizers.sgd(), learning_rate=RATES[1])
    runs = [rv.training.train(net, task, **rules, rng=np.random.default_rng(seed)) for seed, net in enumerate(nets)]
    return small.lines([[next(run).loss for _ in range(UPDATES)] for run in runs], backward=False)


def sines(rng: np.random.Generator, num_steps: int) -> SequenceBatch:
    """What is learned there."""
    return rv.tasks.sine_mixture(rng, 8, num_steps)


def optimizers_and_schedules() -> Diagram:
    """The way of both weights, with momentum and without: one unit learns to give what another one gives."""
    rng = np.random.default_rng(0)
    x = 0.5 * rng.standard_normal((1, 8, 1)) + 0.2 * rng.standard_normal((12, 8, 1))
    begin, goal = (unit(*weights) for weights in ((0.0, 1.0), (0.8, 0.2)))
    y, all_of = rv.unroll(goal, x).y, np.ones((12, 8), np.bool_)
    batch = SequenceBatch(x, y, all_of, np.full(8, 12), output_size=1, baseline=float((y**2).mean()))
    paths = []
    for momentum in (0.9, 0.0):
        optimizer = rv.optimizers.sgd(momentum)
        run = rv.training.train(begin, lambda _: batch, optimizer=optimizer, learning_rate=0.2)
        networks = [begin, *(next(run).network for _ in range(2 * UPDATES))]
        paths.append([[one.layers[0][0].weight_hh.item(), one.layers[0][0].weight_ih.item()] for one in networks])
    return small.walks(paths)


def long_memory() -> Diagram:
    """The adding problem: the numbers that are read, and which two of them are marked."""
    return small.strip(rv.tasks.adding(np.random.default_rng(1), 1, STEPS).x[:, 0].T)


def unit(w_h: float, w_x: float) -> rv.Network:
    """One unit without biases."""
    weights = {"weight_ih_l0": [[w_x]], "weight_hh_l0": [[w_h]], "bias_ih_l0": [0.0], "bias_hh_l0": [0.0]}
    return rv.Network.from_state_dict({name: np.array(w) for name, w in weights.items()}, "elman")


def regularization() -> Diagram:
    """The error of a network on the weeks of weather that it learns, and on others: one falls, the other turns up."""
    weather = inputs.weather()
    weeks = ((weather.celsius[: 60 * WEEK] - weather.mean) / weather.std).reshape(60, WEEK).T[:, :, None]
    learnt, new = weeks[:, :LEARNT], weeks[:, LEARNT:]
    net = rv.Network.create("elman", 1, 16, output_size=1, rng=np.random.default_rng(0))
    rules: dict[str, Any] = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.01}
    run = rv.training.train(net, lambda _rng: a_week_on(learnt), **rules)
    found = [next(run).network for _ in range(3 * UPDATES)]
    errors = [[rv.training.evaluate(one, a_week_on(days)).loss for one in found] for days in (learnt, new)]
    return small.lines(np.sqrt(errors), backward=False)


def a_week_on(weeks: Array) -> SequenceBatch:
    """The last day of each week is what the others should tell."""
    x, targets = weeks[:-1], np.zeros_like(weeks[:-1])
    targets[-1] = weeks[-1]
    mask = np.zeros(x.shape[:2], bool)
    mask[-1] = True
    return SequenceBatch(x, targets, mask, np.full(x.shape[1], len(x)), output_size=1, baseline=1.0)


def gru_or_lstm() -> Diagram:
    """The errors of an LSTM and a GRU that race, as they were stored."""
    with np.load(FOLDER / "gru_or_lstm.npz") as saved:
        return small.lines([saved[f"adding_{cell}_error"][::6] for cell in ("lstm", "gru")], backward=False)


def tuning() -> Diagram:
    """The final error of each of nine learning rates, as it was stored for one seed: the higher, the better."""
    with np.load(FOLDER / "tuning.npz") as saved:
        return small.bars(1 / saved["seeds"][0, :, 0], backward=False)


def sentiment() -> Diagram:
    """The score of a review after each word, as it was stored: blue for complaint, orange for praise."""
    found = json.loads((FOLDER / "sentiment.json").read_text(encoding="utf-8"))["needle"]
    return small.chain(2 * np.array(found) - 1)


def translation() -> Diagram:
    """Where a decoder looks, letter by letter of its answer, as it was stored."""
    found = json.loads((FOLDER / "translation.json").read_text(encoding="utf-8"))["looks"]
    return small.strip(np.array(found))


def language_model() -> Diagram:
    """How likely the stored network holds the next letter to be, after some that it has drawn: the likeliest ones."""
    with np.load(FOLDER / "language_model.npz") as saved:
        network = rv.Network.from_state_dict({name: saved[name].astype(np.float32) for name in saved.files})
    logits = rv.sampling.sample(network, [0], SHORT, 0.5, np.random.default_rng(0)).logits[-1]
    return small.bars(np.sort(rv.sampling.tempered(logits, 1.0))[::-1][:SHORT], backward=False)


def beyond_recurrence() -> Diagram:
    """Self-attention under a causal mask: a row for each of twelve positions, and how much it looks at the others."""
    queries, keys, values = np.random.default_rng(0).normal(size=(3, 12, 1, 4))
    weights = rv.attention.attend(queries, keys, values, mask=rv.attention.causal_mask(12)).weights[:, 0]
    return small.strip(weights)


def preprocessing() -> Diagram:
    """Windows that slide over the days, each scaled: a row shares all its days but one with the row above."""
    celsius = inputs.weather().celsius[FIRST : FIRST + STEPS, None]
    scaled = rv.data.standardize(celsius).transform(celsius) / 2
    return small.strip(np.clip(rv.data.windows(scaled, STEPS - WEEK, 0).x[:, :WEEK, 0].T, -1, 1))


def forecasting() -> Diagram:
    """Sunspots, and how four of the stored networks go on from there, each out of its own forecasts."""
    spots = np.genfromtxt(FOLDER.parent / "data" / "sunspots_yearly.csv", delimiter=",", skip_header=1)[:, 1]
    z = (spots - spots.mean()) / spots.std()
    with np.load(FOLDER / "forecasting.npz") as saved:
        rows = saved["sunspots feedback"][:FUTURES].astype(float)
    paths = []
    for row in rows:
        like = rv.Network.create("gru", 1, 16, output_size=1, rng=np.random.default_rng(0))
        parts = np.split(row, np.cumsum([array.size for array in like.state_dict().values()])[:-1])
        named = {name: part.reshape(array.shape) for (name, array), part in zip(like.state_dict().items(), parts)}
        said = rv.training.free_run(like.with_parameters(named), z[-READ:, None, None], AHEAD)[:, 0, 0]
        paths.append(np.stack([np.arange(READ + AHEAD), said], axis=1))
    return small.walks(np.array(paths))


def sequence_labelling() -> Diagram:
    """F1 of people, companies and towns, of a network from the left, then both ways, as they were stored."""
    found = json.loads((FOLDER / "sequence_labelling.json").read_text(encoding="utf-8"))["f1"]
    return small.bars(np.concatenate([found[way][0][1:] for way in ("left", "both")]), backward=False)


def speech() -> Diagram:
    """The features of a spoken six, as they were stored: the larger waves of its spectrum, the slowest at the foot."""
    with np.load(FOLDER.parent / "data" / "spoken_digits.npz", allow_pickle=False) as saved:
        first = int(np.flatnonzero(saved["digit"] == 6)[0])
        end = np.cumsum(saved["lengths"].astype(int))
        q = saved["q"][end[first - 1] : end[first], :8].astype(float)
    return small.strip(np.clip((q - q.mean(axis=0)) / (2 * q.std(axis=0)), -1, 1).T[::-1])


def gesture() -> Diagram:
    """Twelve seconds of a watch's acceleration: an arm that swings."""
    with np.load(FOLDER.parent / "data" / "gestures.npz", allow_pickle=False) as saved:
        q = saved["q"][100:220, :3].astype(float)
    return small.walks(np.stack([np.stack([np.arange(len(q)), column], axis=1) for column in q.T]))


PICTURES: dict[str, Callable[[], Diagram]] = {
    "hidden_state": hidden_state,
    "lstm_gates": lstm_gates,
    "gru_gates": gru_gates,
    "bidirectional_and_stacked": bidirectional_and_stacked,
    "backprop_through_time": backprop_through_time,
    "vanishing_and_exploding": vanishing_and_exploding,
    "initialization": initialization,
    "clipping": clipping,
    "training": training,
    "reproduce_the_papers": reproduce_the_papers,
    "regularization": regularization,
    "optimizers_and_schedules": optimizers_and_schedules,
    "long_memory": long_memory,
    "gru_or_lstm": gru_or_lstm,
    "tuning": tuning,
    "preprocessing": preprocessing,
    "translation": translation,
    "language_model": language_model,
    "sentiment": sentiment,
    "sequence_labelling": sequence_labelling,
    "beyond_recurrence": beyond_recurrence,
    "forecasting": forecasting,
    "speech": speech,
    "gesture": gesture,
}
