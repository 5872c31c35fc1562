"""Make jacobians.npz: pip install torch==2.13.0 mpmath==1.3.0, then run this. Nothing of rnnviz is imported.

For each cell in CELLS, `<cell>/<parameter>`, x (T, B, I), h0 and c0 (B, H), and by torch.autograd.functional.jacobian
    steps  (T, B, S, S)      d s_t / d s_{t-1}, the state s = h, for the LSTM (h, c)
    total  (T + 1, B, H, H)  dh_T/dh_k, for the LSTM dc_T/dc_k with h_k = o_k tanh(c_k) and o_k constant; h_0 constant

For each case in PRODUCTS, `<case>/J` (T, S, S), numbers in float64, and by mpmath with DIGITS digits
    log10  (3, S)  of the singular values of J[T-1] ... J[k], k = 0, T // 2, T - 1, descending
"""

from functools import partial
from pathlib import Path

import mpmath
import numpy as np
import torch
from torch import Tensor
from torch.autograd.functional import jacobian

T, B, I, H = 5, 2, 2, 3
CELLS = {"tanh": 1, "relu": 1, "sigmoid": 1, "linear": 1, "lstm": 4, "gru": 3, "gru_before": 3}
LONG, S, DIGITS = 30, 5, 900


def step(cell: str, w: dict[str, Tensor], x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """h, c and the output gate after one step of one sequence; the latter two are 0 where the cell has none."""
    from_x, from_h = w["weight_ih_l0"] @ x + w["bias_ih_l0"], w["weight_hh_l0"] @ h + w["bias_hh_l0"]
    zero = torch.zeros(H)
    if cell == "lstm":
        a_i, a_f, a_g, a_o = (from_x + from_h).chunk(4)
        c = torch.sigmoid(a_f) * c + torch.sigmoid(a_i) * torch.tanh(a_g)
        return torch.sigmoid(a_o) * torch.tanh(c), c, torch.sigmoid(a_o)
    if cell in ("gru", "gru_before"):
        (x_r, x_z, x_n), (h_r, h_z, h_n) = from_x.chunk(3), from_h.chunk(3)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        before = w["weight_hh_l0"][2 * H :] @ (r * h) + w["bias_hh_l0"][2 * H :]
        inside = before if cell == "gru_before" else r * h_n
        return (1 - z) * torch.tanh(x_n + inside) + z * h, zero, zero
    a = from_x + from_h
    return (a if cell == "linear" else getattr(torch, cell)(a)), zero, zero


def state_after(before: Tensor, cell: str, w: dict[str, Tensor], x: Tensor) -> Tensor:
    """s_t from s_{t-1}, for the LSTM (h, c)."""
    h, c, _ = step(cell, w, x, before[:H], before[H:])
    return torch.cat([h, c]) if cell == "lstm" else h


def state_at_the_end(before: Tensor, cell: str, w: dict[str, Tensor], x: Tensor, h: Tensor, o: Tensor | None) -> Tensor:
    """h_T from h_k; for the LSTM c_T from c_k, with h_k = o_k tanh(c_k), or `h` where there is no o."""
    c = before
    h = before if cell != "lstm" else h if o is None else o * torch.tanh(c)
    for x_t in x:
        h, c, _ = step(cell, w, x_t, h, c)
    return c if cell == "lstm" else h


def cell_case(cell: str) -> dict[str, np.ndarray]:
    """Parameters, inputs, and the Jacobians that autograd finds."""
    rows = CELLS[cell] * H
    shapes = {"weight_ih_l0": (rows, I), "weight_hh_l0": (rows, H), "bias_ih_l0": (rows,), "bias_hh_l0": (rows,)}
    w = {name: 0.8 * torch.randn(shape) for name, shape in shapes.items()}
    x, h0, c0 = torch.randn(T, B, I), torch.randn(B, H), torch.randn(B, H)
    is_lstm = cell == "lstm"
    width = 2 * H if is_lstm else H
    steps, total = np.zeros((T, B, width, width)), np.zeros((T + 1, B, H, H))
    for b in range(B):
        h, c, o = h0[b], c0[b], None
        for k in range(T + 1):
            to_the_end = partial(state_at_the_end, cell=cell, w=w, x=x[k:, b], h=h, o=o)
            total[k, b] = jacobian(to_the_end, c if is_lstm else h)
            if k < T:
                one_step = partial(state_after, cell=cell, w=w, x=x[k, b])
                steps[k, b] = jacobian(one_step, torch.cat([h, c])[:width])
                h, c, o = step(cell, w, x[k, b], h, c)
    found = {name: a.numpy() for name, a in (w | {"x": x, "h0": h0, "c0": c0}).items()}
    return found | {"steps": steps, "total": total}


def product_cases(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Sequences of matrices whose products have singular values far apart, (LONG, S, S) each."""
    normal, orthogonal = rng.standard_normal, np.linalg.qr(rng.standard_normal((S, S)))[0]
    saturated = np.cosh(4 * normal((LONG, S, 1))) ** -2 * (3 * normal((S, S)))
    up, down = np.diag(10.0 ** np.arange(-4, 1)), np.diag(10.0 ** np.arange(-4, 1)[::-1])
    half = np.arange(LONG)[:, None, None] < LONG // 2
    circulant = sum(c * np.roll(np.eye(S), i, 0) for i, c in enumerate([1, 0.5, 0.2, 0.1, 0.3]))
    return {
        "random": normal((LONG, S, S)),
        "saturated": saturated,
        "rows from 1 to 1e-20": 10 ** rng.uniform(-20, 0, (LONG, S, 1)) * orthogonal,
        "columns from 1 to 1e-20": 10 ** rng.uniform(-20, 0, (LONG, 1, S)) * orthogonal,
        "diagonal, there and back": np.where(half, up, down),
        "diagonal, from 1.1 to 1e-12": np.broadcast_to(np.diag([1e-7, 1.1, 1e-12, 1, 1e-3]), (LONG, S, S)),
        "not normal": np.broadcast_to(0.8 * np.eye(S) + 3 * np.eye(S, k=1), (LONG, S, S)),
        "circulant": np.broadcast_to(circulant, (LONG, S, S)),
    }


def log10_singular_values(J: np.ndarray) -> np.ndarray:
    """Those of the product of J, multiplied out with DIGITS digits."""
    product = mpmath.eye(S)
    for factor in J:
        product = mpmath.matrix(factor.tolist()) * product
    return np.array([float(mpmath.log10(value)) for value in mpmath.svd_r(product, compute_uv=False)])


def main() -> None:
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    mpmath.mp.dps = DIGITS
    arrays = {f"{cell}/{name}": a for cell in CELLS for name, a in cell_case(cell).items()}
    for case, J in product_cases(np.random.default_rng(0)).items():
        arrays[f"{case}/J"] = J
        arrays[f"{case}/log10"] = np.stack([log10_singular_values(J[k:]) for k in (0, LONG // 2, LONG - 1)])
    np.savez_compressed(Path(__file__).with_name("jacobians.npz"), **arrays)


if __name__ == "__main__":
    main()
