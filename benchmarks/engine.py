"""The engine's speed beside PyTorch, as ratios measured in one process.

    make bench                              installs the peers, prints the whole table: some minutes
    python -m benchmarks.engine --quick     the three smallest sizes, fewer rounds

Forward and backward with everything recorded: states, gates, pre-activations, and the gradients by states and
pre-activations, of which those by the gates' values are worked out when they are read. Against
    fused    torch.nn.RNN, LSTM, GRU in training mode: fast, exposes the top layer's h alone
    exposed  the same network as a loop in PyTorch, one product for all gates a step, with `retain_grad` on every
             step's states: what one writes to see dL/dh_t and dL/dc_t
    jax      a jitted `lax.scan` of the same network with its gradient: compiled, exposes the h alone
All sides read the same x, start from the same weights and send the same dL/dh back; all are checked to agree before
they are timed. Rounds alternate between the sides, the figure is the ratio of medians, peer time / ours: above 1 we
are the faster. One BLAS thread everywhere.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import jax
import numpy as np
import torch
from threadpoolctl import threadpool_limits

import rnnviz as rv
from benchmarks.kernels import kernels

SIZES = [(20, 1, 8, 8), (50, 1, 8, 16), (50, 16, 8, 32), (100, 32, 16, 64), (200, 32, 32, 128)]
MODULES = {"elman": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
Side = Callable[[], dict[str, np.ndarray]]


def ours(net: rv.Network, x: np.ndarray, dy: np.ndarray) -> Side:
    """Our forward and backward pass; all steps are recorded, whether they are read or not."""

    def run() -> dict[str, np.ndarray]:
        trace = rv.unroll(net, x)
        grads = rv.backpropagate(net, trace, dy)
        return {"y": trace.y, "dx": grads.dx, "dW": grads.params["weight_hh_l0"]}

    return run


def fused(net: rv.Network, x: np.ndarray, dy: np.ndarray) -> Side:
    """The fused PyTorch module."""
    module = MODULES[net.cell](net.input_size, net.hidden_size, dtype=torch.from_numpy(x).dtype)
    module.load_state_dict({name: torch.from_numpy(a.copy()) for name, a in net.state_dict().items()})
    x_, dy_ = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)

    def run() -> dict[str, np.ndarray]:
        module.zero_grad()
        x_.grad = None
        y, _ = module(x_)
        y.backward(dy_)
        return {"y": y.detach().numpy(), "dx": x_.grad.numpy(), "dW": module.weight_hh_l0.grad.numpy()}

    return run


def exposed(net: rv.Network, x: np.ndarray, dy: np.ndarray) -> Side:
    """A loop over steps in PyTorch that keeps the gradient of every step's state."""
    W = {name: torch.from_numpy(a.copy()).requires_grad_() for name, a in net.state_dict().items()}
    x_, dy_ = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)
    (T, B, _), H = x.shape, net.hidden_size

    def step(from_x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        from_h = torch.addmm(W["bias_hh_l0"], h, W["weight_hh_l0"].T)
        if net.cell == "elman":
            return torch.tanh(from_x + from_h), c
        if net.cell == "gru":
            x_rz, x_n = from_x.split((2 * H, H), 1)
            h_rz, h_n = from_h.split((2 * H, H), 1)
            r, z = torch.sigmoid(x_rz + h_rz).chunk(2, 1)
            n = torch.tanh(x_n + r * h_n)
            return n + z * (h - n), c
        i, f, g, o = (from_x + from_h).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def run() -> dict[str, np.ndarray]:
        for a in W.values():
            a.grad = None
        x_.grad = None
        projected = torch.nn.functional.linear(x_, W["weight_ih_l0"], W["bias_ih_l0"])
        h = c = torch.zeros(B, H, dtype=x_.dtype)
        states = []
        for t in range(T):
            h, c = step(projected[t], h, c)
            h.retain_grad()
            if net.cell == "lstm":
                c.retain_grad()
            states.append(h)
        y = torch.stack(states)
        y.backward(dy_)
        return {"y": y.detach().numpy(), "dx": x_.grad.numpy(), "dW": W["weight_hh_l0"].grad.numpy()}

    return run


def jitted(net: rv.Network, x: np.ndarray, dy: np.ndarray) -> Side:
    """A compiled scan in JAX with its gradient."""
    import jax.numpy as jnp

    H, state = net.hidden_size, {name: jnp.asarray(a) for name, a in net.state_dict().items()}
    zeros = jnp.zeros((x.shape[1], H), x.dtype)

    def states(W: dict[str, jax.Array], x: jax.Array) -> jax.Array:
        projected = x @ W["weight_ih_l0"].T + W["bias_ih_l0"]

        def step(
            carry: tuple[jax.Array, jax.Array], from_x: jax.Array
        ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            h, c = carry
            from_h = h @ W["weight_hh_l0"].T + W["bias_hh_l0"]
            if net.cell == "elman":
                h = jnp.tanh(from_x + from_h)
            elif net.cell == "gru":
                r, z = jnp.split(jax.nn.sigmoid(from_x[:, : 2 * H] + from_h[:, : 2 * H]), 2, axis=1)
                n = jnp.tanh(from_x[:, 2 * H :] + r * from_h[:, 2 * H :])
                h = n + z * (h - n)
            else:
                i, f, g, o = jnp.split(from_x + from_h, 4, axis=1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        return jax.lax.scan(step, (zeros, zeros), projected)[1]

    def both(W: dict[str, jax.Array], x: jax.Array, dy: jax.Array) -> tuple[jax.Array, dict[str, jax.Array], jax.Array]:
        y, back = jax.vjp(states, W, x)
        return y, *back(dy)

    compiled = jax.jit(both)

    def run() -> dict[str, np.ndarray]:
        y, dW, dx = compiled(state, x, dy)
        return {"y": np.asarray(y), "dx": np.asarray(dx), "dW": np.asarray(dW["weight_hh_l0"])}

    return run


PEERS = {"fused": fused, "exposed": exposed, "jax": jitted}


def require_agreement(mine: dict[str, np.ndarray], theirs: dict[str, np.ndarray], dtype: type, what: str) -> None:
    """Stop where a peer computes something else than we do: its time would mean nothing."""
    bound = 1e-10 if dtype is np.float64 else 2e-3
    for name, a in theirs.items():
        error = np.abs(mine[name] - a).max() / np.abs(a).max()
        if not error < bound:
            raise SystemExit(f"{what}: {name} differs by {error:.1e}")


def medians(sides: dict[str, Side], rounds: int) -> dict[str, float]:
    """The median seconds of one run of each side, the sides taking turns."""
    once = {}
    for name, run in sides.items():
        run()
        start = time.process_time()
        run()
        once[name] = max(1, int(0.01 / max(time.process_time() - start, 1e-6)))
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            start = time.process_time()
            for _ in range(once[name]):
                run()
            times[name].append((time.process_time() - start) / once[name])
    return {name: statistics.median(t) for name, t in times.items()}


def compare(cell: str, size: tuple[int, int, int, int], dtype: type, rounds: int) -> dict[str, float]:
    """Medians of ours and of each peer at one size."""
    (T, B, I, H), rng = size, np.random.default_rng(0)
    net = rv.Network.create(cell, I, H, dtype=dtype, rng=rng)
    x, dy = rng.normal(size=(T, B, I)).astype(dtype), rng.normal(size=(T, B, H)).astype(dtype) / (T * B)
    sides = {"ours": ours(net, x, dy)} | {name: make(net, x, dy) for name, make in PEERS.items()}
    mine = sides["ours"]()
    for name in PEERS:
        require_agreement(mine, sides[name](), dtype, f"{name} {cell} {size} {np.dtype(dtype)}")
    return medians(sides, rounds)


def growth_in_T(rounds: int) -> None:
    """Time and memory per step must not grow with T."""
    print("\nLinear in T (B=1, I=8, H=16, float64): microseconds a step and bytes per T*B*H recorded")
    print(f"{'cell':8}" + "".join(f"{f'T={T}':>16}" for T in (50, 200, 800, 3200)))
    for cell in MODULES:
        shown, rng = [], np.random.default_rng(0)
        for T in (50, 200, 800, 3200):
            net = rv.Network.create(cell, 8, 16, rng=rng)
            x, dy = rng.normal(size=(T, 1, 8)), rng.normal(size=(T, 1, 16))
            seconds = medians({"ours": ours(net, x, dy)}, rounds)["ours"]
            shown.append(f"{1e6 * seconds / T:8.2f} us {rv.unroll(net, x).nbytes / (T * 16):4.0f}")
        print(f"{cell:8}" + "".join(f"{s:>16}" for s in shown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the three smallest sizes, fewer rounds")
    parser.add_argument("--cell", choices=sorted(MODULES), help="this cell alone")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    jax.config.update("jax_enable_x64", True)
    threadpool_limits(1)
    rounds, sizes = (7, SIZES[:3]) if arguments.quick else (15, SIZES)

    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}, one thread; peer time / ours")
    print(kernels())
    print(f"{'cell':6} {'dtype':8} {'(T, B, I, H)':18} {'ours':>10} " + " ".join(f"{p:>8}" for p in PEERS))
    for cell in [arguments.cell] if arguments.cell else list(MODULES):
        for dtype in (np.float64, np.float32):
            for size in sizes:
                median = compare(cell, size, dtype, rounds)
                ratios = " ".join(f"{median[peer] / median['ours']:7.1f}x" for peer in PEERS)
                print(f"{cell:6} {np.dtype(dtype)!s:8} {size!s:18} {1e3 * median['ours']:7.2f} ms {ratios}", flush=True)
    growth_in_T(rounds)


if __name__ == "__main__":
    main()
