"""Whole training steps beside PyTorch's, as ratios measured in one process; how they grow, and what they keep.

    make bench                                installs the peer, prints everything: some minutes
    python -m benchmarks.training --quick     the first table with fewer rounds, and nothing else

A step is all that `rnnviz.training.train` does for one checkpoint, with the norms and gate means that it records: draw
a batch, forward pass, loss, backward pass, Adam. The peer draws the same batch by the same function and does the same
with `torch.nn.RNN`, `LSTM` or `GRU`, `torch.nn.Linear` and `torch.optim.Adam(fused=True)`, its fastest; it records
nothing. Both start from the same weights, in float32 as one trains, and are checked to agree before they are timed.
Rounds alternate between the sides, the figure is the ratio of medians, peer time / ours: above 1 we are the faster. One
thread everywhere; times are the process's own, so that a busy machine disturbs them less.

    characters   40 symbols, one-hot, the next is asked for at every step: T = 32, B = 16, H = 64
    adding       the adding problem, asked for at the last step: T = 100, B = 32, H = 32
    language     the network of the lesson on language models, 66 symbols, states carried: T = 64, B = 32, H = 64
    digits       that of the lesson on speech, 13 features of clips of 20 to 60 steps, asked for after each step of the
                 second half: B = 32, padded to the longest, H = 48
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits

import rnnviz as rv
from benchmarks.kernels import kernels
from lessons.language_model.experiment import Settings, read
from lessons.speech import experiment as speech
from rnnviz.cells.compiled import compiled
from rnnviz.training import Stream, loop

MODULES = {"elman": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
SYMBOLS, TOGETHER, RATE = 40, 64, 1e-3
Step = Callable[[], float]  # one update; the loss of its batch


@dataclass(frozen=True)
class Problem:
    """What is learned: its sizes, how a batch of it is drawn, or a stream, and with which cells."""

    name: str
    inputs: int
    hidden: int
    outputs: int
    sample: Callable[[np.random.Generator], rv.tasks.SequenceBatch] | Stream
    cells: Sequence[str] = tuple(MODULES)

    def network(self, cell: str, seed: int = 0) -> rv.Network:
        """A network to train on it."""
        rng = np.random.default_rng(seed)
        return rv.Network.create(cell, self.inputs, self.hidden, output_size=self.outputs, dtype=np.float32, rng=rng)


def characters(T: int = 32, B: int = 16, H: int = 64) -> Problem:
    """Symbols that follow one another by a table of odds, as letters do."""
    rng = np.random.default_rng(1)
    odds = np.cumsum(rng.dirichlet(np.full(SYMBOLS, 0.1), SYMBOLS), axis=1)
    text = np.zeros(100_000, np.int64)
    for n, u in enumerate(rng.random(len(text) - 1)):
        text[n + 1] = min(int(odds[text[n]].searchsorted(u)), SYMBOLS - 1)
    one_hot, mask, lengths = np.eye(SYMBOLS, dtype=np.float32), np.ones((T, B), np.bool_), np.full(B, T)

    def sample(rng: np.random.Generator) -> rv.tasks.SequenceBatch:
        window = text[rng.integers(0, len(text) - T, B) + np.arange(T + 1)[:, None]]
        return rv.tasks.SequenceBatch(one_hot[window[:-1]], window[1:], mask, lengths, SYMBOLS, np.log(SYMBOLS))

    return Problem("characters", SYMBOLS, H, SYMBOLS, sample)


def adding(T: int = 100, B: int = 32, H: int = 32) -> Problem:
    """The adding problem."""
    return Problem("adding", 2, H, 1, lambda rng: rv.tasks.adding(rng, B, T))


def language() -> Problem:
    """The lesson's."""
    stream = read()
    symbols = stream.x.shape[2]
    return Problem("language", symbols, Settings().units, symbols, stream, ("lstm",))


def digits() -> Problem:
    """The lesson's."""
    run = speech.Settings()
    sizes = speech.FEATURES, speech.UNITS, speech.DIGITS
    return Problem("digits", *sizes, lambda rng: speech.sample(rng, run), (run.cell,))


def ours(problem: Problem, cell: str) -> Step:
    """The next checkpoint."""
    run = checkpoints(problem, problem.network(cell))
    return lambda: next(run).loss


def checkpoints(problem: Problem, network: rv.Network, seed: int = 2) -> Iterator[rv.training.Checkpoint]:
    """A run of `rnnviz.training.train`."""
    rng = np.random.default_rng(seed)
    loss = rv.losses.softmax_cross_entropy if isinstance(problem.sample, Stream) else None
    rule = rv.optimizers.adam()
    return rv.training.train(network, problem.sample, loss=loss, optimizer=rule, learning_rate=RATE, rng=rng)


def pytorch(problem: Problem, cell: str) -> Step:
    """The same update in PyTorch."""
    state = {name: torch.from_numpy(a.copy()) for name, a in problem.network(cell).state_dict().items()}
    module = MODULES[cell](problem.inputs, problem.hidden)
    readout = torch.nn.Linear(problem.hidden, problem.outputs)
    readout.load_state_dict({name: state.pop(f"readout.{name}") for name in ("weight", "bias")})
    module.load_state_dict(state)
    optimizer = torch.optim.Adam([*module.parameters(), *readout.parameters()], lr=RATE, fused=True)
    batches = drawn(problem)
    carried: Any = None

    def step() -> float:
        nonlocal carried
        batch, goes_on = next(batches)
        h, carried = module(torch.from_numpy(batch.x).float(), carried if goes_on else None)
        carried = tuple(each.detach() for each in carried) if isinstance(carried, tuple) else carried.detach()
        targets = torch.from_numpy(batch.targets)
        if targets.is_floating_point():
            loss = torch.nn.functional.mse_loss(readout(h[-1]), targets[-1].float())
        else:
            if batch.mask is not None:
                targets = targets.masked_fill(~torch.from_numpy(batch.mask), -100)  # does not count
            loss = torch.nn.functional.cross_entropy(readout(h).flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def drawn(problem: Problem) -> Iterator[tuple[Any, bool]]:
    """Batch after batch, and whether it goes on where the one before ended."""
    if isinstance(problem.sample, Stream):
        for update in count():
            yield problem.sample.window(update), not problem.sample.begins(update)
        return
    rng = np.random.default_rng(2)
    while True:
        yield problem.sample(rng), False


def require_agreement(problem: Problem, cell: str) -> None:
    """Stop where the two sides do not learn the same: their times would mean nothing."""
    mine, its = ours(problem, cell), pytorch(problem, cell)
    for update in range(20):
        one, other = mine(), its()
        if not abs(one - other) < 1e-3 * abs(other):
            raise SystemExit(f"{problem.name}, {cell}, update {update + 1}: our loss is {one}, PyTorch's {other}")


def medians(sides: dict[str, Callable[[], Any]], rounds: int, once: int) -> dict[str, float]:
    """The median seconds of one call of each side, the sides taking turns of `once` calls."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, run in sides.items():
            start = time.process_time()
            for _ in range(once):
                run()
            if turn:  # the first is to warm up
                times[name].append((time.process_time() - start) / once)
    return {name: statistics.median(t) for name, t in times.items()}


def looping(step: Step, loops: Any) -> Step:
    """The same step with these loops over the steps of an LSTM: the compiled ones, or None for NumPy's."""

    def run() -> float:
        loop.compiled = lambda: loops
        return step()

    return run


def beside_pytorch(rounds: int) -> None:
    """Steps a second, and the ratio; for the LSTM also with the compiled loops of `rnnviz[fast]`, where installed."""
    print(f"{'problem':12} {'cell':6} {'ours':>18} {'PyTorch':>15} {'ratio':>7}")
    for problem in (characters(), adding(), language(), digits()):
        for cell in problem.cells:
            require_agreement(problem, cell)
            sides = {"NumPy": looping(ours(problem, cell), None), "peer": pytorch(problem, cell)}
            if cell == "lstm" and compiled():
                sides["numba"] = looping(ours(problem, cell), compiled())
                sides["numba"]()
                threadpool_limits(1)  # again: the products that numba takes from SciPy have come with this step
            median = medians(sides, rounds, once=10)
            for side in sorted(sides.keys() - {"peer"}):
                shown = f"{1 / median[side]:7.0f}/s {side:9} {1 / median['peer']:7.0f}/s       "
                print(f"{problem.name:12} {cell:6} {shown} {median['peer'] / median[side]:6.2f}x", flush=True)


def growth(rounds: int) -> None:
    """Time per step of a sequence must not grow with T, B or the number of updates done."""
    print("\nLinear (adding, lstm): microseconds per step of a sequence")
    for name, sizes in {"T": (50, 100, 200, 400), "B": (32, 64, 128, 256)}.items():
        shown = []
        for size in sizes:
            problem = adding(**{name: size})
            T, B = problem.sample(np.random.default_rng(0)).x.shape[:2]
            seconds = medians({"ours": ours(problem, "lstm")}, rounds, once=3)["ours"]
            shown.append(f"{name}={size}: {1e6 * seconds / (T * B):.3f}")
        print("  " + "   ".join(shown), flush=True)


def long_run(updates: int) -> None:
    """Neither the time of an update nor the memory may grow while a run goes on."""
    print("\nA long run (adding, lstm): milliseconds an update, and the process's memory")
    run = checkpoints(adding(), adding().network("lstm"))
    for end in range(updates // 4, updates + 1, updates // 4):
        start, count = time.process_time(), sum(1 for _ in islice(run, updates // 4))
        seconds = (time.process_time() - start) / count
        print(f"  after {end:5} updates: {1e3 * seconds:.2f} ms, {resident():.1f} MB", flush=True)


def resident() -> float:
    """Megabytes of this process in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def together(rounds: int) -> None:
    """Many small networks along one leading axis, beside one after the other."""
    print(f"\n{TOGETHER} networks (adding, T=50, B=4, H=8), each with its own batches: one update of all")
    for cell in MODULES:
        problem = adding(50, 4, 8)
        networks = [problem.network(cell, seed) for seed in range(TOGETHER)]
        alone = [checkpoints(problem, network, seed) for seed, network in enumerate(networks)]
        rule, rngs = rv.optimizers.adam(), [np.random.default_rng(seed) for seed in range(TOGETHER)]
        loss = rv.losses.mean_squared_error
        all_of_them = rv.sweep.train(networks, problem.sample, loss=loss, optimizer=rule, learning_rate=RATE, rngs=rngs)
        sides = {"together": lambda run=all_of_them: next(run), "alone": lambda runs=alone: [next(run) for run in runs]}
        median = medians(sides, rounds, once=1)
        shown = " ".join(f"{1e3 * median[side]:8.2f} ms {side}" for side in ("together", "alone"))
        print(f"  {cell:6} {shown}: {median['alone'] / median['together']:.1f}x", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the first table alone, fewer rounds")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    threadpool_limits(1)
    versions = (
        f"NumPy {np.__version__}, PyTorch {torch.__version__}, {'with' if compiled() else 'without'} rnnviz[fast]"
    )
    print(f"{versions}, one thread, float32; training steps, peer time / ours")
    print(kernels())
    beside_pytorch(7 if arguments.quick else 25)
    if not arguments.quick:
        growth(15)
        long_run(2000)
        together(15)


if __name__ == "__main__":
    main()
