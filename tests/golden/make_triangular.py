"""Make triangular.npz: pip install mpmath==1.3.0, then run this. Nothing of rnnviz is imported.

Tanh units behind a triangular matrix far from normal, h_t = tanh(W h_{t-1} + a_t), W = rho (I + U), where U has
Gaussian entries of deviation 2 / sqrt(S) above the diagonal and a_t has deviation 3. For each case `<rho>, <seed>`
    <case>/W       (S, S)
    <case>/slopes  (T, S)             1 - h_t^2, so that the Jacobian of step t is J_t = slopes_t[:, None] W
    <case>/log10   (len(STARTS), S)   log10 of the singular values of J_T ... J_{k+1}, k in STARTS; -inf for 0
"""

from pathlib import Path

import mpmath
import numpy as np

S, T, STARTS, DIGITS = 16, 100, (1, 40, 90), 2600
CASES = ((3.0, 0), (3.0, 1), (1.5, 2), (0.7, 3))


def slopes_of(W: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1 - h_t^2 along T steps."""
    h, slopes = np.zeros(S), np.empty((T, S))
    for t in range(T):
        h = np.tanh(W @ h + 3 * rng.standard_normal(S))
        slopes[t] = 1 - h**2
    return slopes


def log10_singular_values(J: np.ndarray) -> list[float]:
    """Those of the product of J, multiplied out."""
    product = mpmath.eye(S)
    for factor in J:
        product = mpmath.matrix(factor.tolist()) * product
    found = sorted(mpmath.svd_r(product, compute_uv=False), reverse=True)
    rounding = found[0] * mpmath.mpf(10) ** (200 - DIGITS)  # what is below is 0: units whose slope is exactly 0
    return [float(mpmath.log10(value)) if value > rounding else -np.inf for value in found]


def main() -> None:
    mpmath.mp.dps = DIGITS
    arrays = {}
    for rho, seed in CASES:
        rng = np.random.default_rng(seed)
        W = rho * (np.eye(S) + np.triu(2 / np.sqrt(S) * rng.standard_normal((S, S)), 1))
        slopes = slopes_of(W, rng)
        J, case = slopes[:, :, None] * W, f"{rho}, {seed}"
        arrays[f"{case}/W"], arrays[f"{case}/slopes"] = W, slopes
        arrays[f"{case}/log10"] = np.array([log10_singular_values(J[k:]) for k in STARTS])
    np.savez_compressed(Path(__file__).with_name("triangular.npz"), **arrays)


if __name__ == "__main__":
    main()
