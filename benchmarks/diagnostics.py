"""What a lesson asks for at every move of a slider: the diagnostics of one network, and maps of many networks.

    make bench                        with the other measurements
    python -m benchmarks.diagnostics  by itself; needs NumPy alone

Diagnostics: one sequence of T = 100 steps through H = 32 units, forward and backward pass done, every diagnostic asked
for and read once; the budget is 30 ms for all of them. Spectra that are right however small are beyond it and stand
below.

Map: M = 400 networks (T = 50, H = 16), forward, backward and the gradient of every parameter, as one sweep against a
loop over `rv.unroll` and `rv.backpropagate`. `stack` is of networks that have nothing in common, `scaled` of multiples
of one. Both sides are checked to agree before they are timed, and take turns; the figure is the ratio of medians,
loop / sweep, at least 8. Surface: the one-unit model of `rv.error_surface` on a grid of 101 x 101.

Times are the processor's, so that a busy machine says nearly the same. Set OPENBLAS_NUM_THREADS=1, as `make` does.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz import diagnostics as dg
from rnnviz import error_surface, sweep

CELLS = ("elman", "lstm", "gru")
BUDGET_MS, AT_LEAST = 30.0, 8.0
Run = Callable[[], Any]


def medians(runs: dict[str, Run], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, the runs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 1):
        for name, run in runs.items():
            start = time.process_time()
            run()
            times[name].append(1e3 * (time.process_time() - start))
    return {name: statistics.median(measured[1:]) for name, measured in times.items()}


def diagnostics_of(cell: str) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds of each diagnostic that the budget is for, and of the spectra."""
    rng = np.random.default_rng(0)
    net = rv.Network.create(cell, 4, 32, rng=rng)
    trace = rv.unroll(net, rng.normal(size=(100, 1, 4)))
    grads = rv.backpropagate(net, trace, rng.normal(size=trace.y.shape))

    def norms_and_horizon() -> tuple[np.ndarray, np.ndarray]:
        products = dg.jacobian_products(net, trace)
        return products[0, 0].log10_norm, dg.memory_horizon(net, trace, products)[0, 0].half

    runs: dict[str, Run] = {
        "norms of the gradient": lambda: dg.log10_hidden_gradient_norms(grads)[0, 0],
        "weight_gradient_by_step": lambda: dg.weight_gradient_by_step(trace, grads)[0, 0],
        "saturation": lambda: (dg.gate_saturation(trace)[0, 0], dg.tanh_saturation(trace)[0, 0]),
        "jacobian_products' norms, memory_horizon": norms_and_horizon,
        "gradient_paths": lambda: dg.gradient_paths(net, trace)[0, 0].total,
    }
    beyond: dict[str, Run] = {
        "the spectrum of one product": lambda: dg.jacobian_products(net, trace)[0, 0].spectrum(50),
        "spectra of all steps": lambda: dg.jacobian_products(net, trace)[0, 0].step_log10_singular_values,
        "spectra of all products": lambda: dg.jacobian_products(net, trace)[0, 0].log10_singular_values,
    }
    return medians(runs, 15), medians(beyond, 3)


def show_diagnostics() -> None:
    """A line per diagnostic, a column per cell."""
    times, beyond = zip(*map(diagnostics_of, CELLS))
    print("Diagnostics, T = 100, H = 32: median milliseconds" + "".join(f"{cell:>10}" for cell in CELLS))
    total = [{f"all of them (budget {BUDGET_MS:.0f})": sum(column.values())} for column in times]
    for columns in (times, total, beyond):
        for name in columns[0]:
            print(f"{name:49}" + "".join(f"{column[name]:10.2f}" for column in columns))


def swept(models: sweep.Models, x: np.ndarray, dh: np.ndarray) -> dict[str, np.ndarray]:
    """All models in one pass: states, their gradients, and the parameters'."""
    traces = sweep.unroll(models, x)
    grads = sweep.backpropagate(models, traces, dh)
    return {"h": traces.h, "dh": grads.dh, **grads.params}


def looped(networks: list[rv.Network], x: np.ndarray, dh: np.ndarray) -> dict[str, np.ndarray]:
    """The same, network by network."""
    found: dict[str, list[np.ndarray]] = {}
    for m, net in enumerate(networks):
        trace = rv.unroll(net, x[:, None])
        grads = rv.backpropagate(net, trace, dh[:, m : m + 1])
        for name, a in {"h": trace.y[:, 0], "dh": grads[0, 0].dh[:, 0], **grads.params}.items():
            found.setdefault(name, []).append(a)
    return {name: np.stack(a, axis=1 if name in ("h", "dh") else 0) for name, a in found.items()}


def map_of(cell: str, M: int, T: int, I: int, H: int) -> dict[str, float]:
    """Milliseconds of the loop and of the sweeps."""
    rng = np.random.default_rng(0)
    x, dh = rng.normal(size=(T, I)), np.zeros((T, M, H))
    dh[-1] = rng.normal(size=(M, H))
    alike = sweep.scaled(rv.Network.create(cell, I, H, rng=rng), np.linspace(0.1, 2, M))
    networks = [alike.network(m) for m in range(M)]
    stacked = sweep.stack(networks)
    for models in (stacked, alike):
        require_agreement(swept(models, x, dh), looped(networks, x, dh))
    runs: dict[str, Run] = {
        "loop": lambda: looped(networks, x, dh),
        "stack": lambda: swept(stacked, x, dh),
        "scaled": lambda: swept(alike, x, dh),
        "scaled, dh alone": lambda: sweep.backpropagate(alike, sweep.unroll(alike, x), dh).dh,
    }
    return medians(runs, 5)


def show_map() -> None:
    """A line per cell: the loop, the sweeps, and how many times faster they are."""
    M, T, I, H = 400, 50, 4, 16
    print(f"\nMap, M = {M}, T = {T}, H = {H}: median milliseconds (loop / sweep, at least {AT_LEAST:.0f})")
    for cell in CELLS:
        times = map_of(cell, M, T, I, H)
        shown = (f"{name} {ms:.1f} ({times['loop'] / ms:.1f}x)" for name, ms in times.items())
        print(f"{cell:8}" + ", ".join(shown))


def require_agreement(mine: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> None:
    """Stop where the sweep computes something else than the loop: its time would mean nothing."""
    for name, a in theirs.items():
        error = np.abs(mine[name] - a).max() / np.abs(a).max()
        if not error < 1e-10:
            raise SystemExit(f"sweep: {name} differs by {error:.1e}")


def show_surface() -> None:
    """All of the one-unit networks in one sweep."""
    w, b = np.meshgrid(np.linspace(3, 7, 101), np.linspace(-4, -1, 101))
    ms = medians({"surface": lambda: error_surface.surface(w, b)}, 15)["surface"]
    print(f"\nError surface, 101 x 101: {ms:.1f} ms")


def main() -> None:
    show_diagnostics()
    show_map()
    show_surface()


if __name__ == "__main__":
    main()
