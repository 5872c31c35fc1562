"""What the page says at random settings, recomputed by other means: step by step, with the exponents kept apart."""

import numpy as np
import pytest

from lessons.common.controls import Choice, Range, settle
from lessons.vanishing_and_exploding import model
from lessons.vanishing_and_exploding.experiment import ELMAN, ORTHOGONAL, TRIANGULAR, UNITS, Study
from lessons.vanishing_and_exploding.model import Facts, facts
from rnnviz.cells.elman import NONLINEARITIES

EXAMPLES = 150


def drawn(number: int) -> tuple[Study, int]:
    """Some settings, with a liking for their ends."""
    rng = np.random.default_rng([7, number])
    said = {}
    for control in model.controls({}):
        if isinstance(control, Choice):
            said[control.id] = rng.choice(control.options)
        elif isinstance(control, Range):
            steps = round((control.high - control.low) / control.step)
            at = rng.choice([0, 1, steps, *rng.integers(0, steps + 1, 5)])
            said[control.id] = control.low + control.step * int(at)
        else:
            said[control.id] = int(rng.integers(0, 100))
    return model.experiment(settle(model.controls, {name: str(value) for name, value in said.items()})[1])


def scaled(vector: np.ndarray, exponent: float) -> tuple[np.ndarray, float]:
    """The same vector, its norm near 1, and log10 of what that took."""
    size = float(np.linalg.norm(vector))
    return (vector / size, exponent + float(np.log10(size))) if size else (vector, -np.inf)


def walk(start: np.ndarray, steps: list[np.ndarray]) -> float:
    """log10 of the norm of start times these matrices, one after the other; nothing underflows."""
    vector, exponent = scaled(start, 0.0)
    for J in steps:
        vector, exponent = scaled(vector @ J, exponent)
    return exponent


def jacobians(seen: Study, lag: int) -> list[np.ndarray]:
    """diag(phi') W_h of the last steps, the last one first."""
    _, derivative = NONLINEARITIES[seen.settings.activation]
    h = seen.shown.trace[0, 0].h[:, 0].astype(np.float64)
    return [derivative(h[t])[:, None] * seen.W for t in range(len(h) - 1, len(h) - 1 - lag, -1)]


START = np.full(UNITS, 1 / np.sqrt(UNITS))


@pytest.mark.parametrize("number", range(EXAMPLES))
def test_every_computed_sentence_is_so(number: int) -> None:
    seen, lag = drawn(number)
    said = facts(seen, lag)
    check_losses(seen, said)
    assert said.comparable == (not {"nan", "inf"} & {str(said.silent), str(said.heard)})
    if said.kind != "elman":
        check_gates(seen, lag, said)
    elif seen.shown.exploded is None:
        check_factors(seen, lag, said)


def check_losses(seen: Study, said: Facts) -> None:
    told = {one.network: one for one in said.lost}
    for kind, passed in seen.passes.items():
        h = np.asarray(passed.trace[0, 0].h[:, 0])
        states = np.isfinite(h).all(axis=1)
        dh = np.isfinite(np.asarray(passed.grads[0, 0].dh[:, 0])).all(axis=1)
        if not states.all():
            assert told[kind].state
            assert told[kind].step == int(np.flatnonzero(~states)[0]) + 1
        elif not dh.all():
            assert not told[kind].state
            assert told[kind].step == int(np.flatnonzero(~dh)[-1]) + 1
        else:
            assert kind not in told


def check_factors(seen: Study, lag: int, said: Facts) -> None:
    f, steps, W = said.factors, jacobians(seen, lag), seen.W
    assert f is not None
    exact, alone = walk(START, steps), walk(START, [W] * lag)
    known = abs(exact) < 36 if said.numbers == "float32" else abs(exact) < 300
    if known:
        assert said.elman == pytest.approx(exact, abs=1e-3 if said.numbers == "float32" else 1e-8)
    assert f.without_log10 == pytest.approx(alone, abs=1e-5)
    power = max(walk(row, [W] * lag) for row in np.eye(UNITS))
    assert power - 1e-6 <= f.power_log10 <= power + np.log10(UNITS) / 2 + 1e-6
    assert f.root**lag == pytest.approx(10**f.power_log10, rel=1e-6)
    assert f.rho == pytest.approx(np.abs(np.linalg.eigvals(W)).max(), rel=1e-2)
    assert f.s1 == pytest.approx(np.linalg.norm(W, 2))
    assert f.normal == (said.matrix == ORTHOGONAL)
    assert not f.at_rest or not seen.shown.trace[0, 0].h.any()
    assert f.norm_log10 is None or f.norm_log10 <= f.bound_log10 + 1e-4
    gains = [np.linalg.norm(J, 2) for J in steps]
    assert max(gains) <= f.gamma_s1 * (1 + 1e-6)
    if f.certain == "vanishes":
        assert f.gamma_s1 < 1
    elif f.certain == "bounded":
        assert f.gamma_s1 == pytest.approx(1)
    check_surprise(seen, said, steps, exact, alone)


def check_surprise(seen: Study, said: Facts, steps: list[np.ndarray], exact: float, alone: float) -> None:
    f = said.factors
    assert f is not None
    zero = said.elman == -np.inf
    assert (f.surprise == "zero") == zero
    if zero and f.cause == "underflow":
        assert (
            -np.inf < exact < np.log10(said.least) + 3
        )  # what rounds to 0 in one of its units rounds there step by step
    elif zero:
        assert exact == -np.inf
        assert f.cause == ("off" if said.cell == "relu" else "flat")
        assert said.cell in ("relu", "tanh", "sigmoid")
    elif f.surprise == "vanishes":
        assert said.rho > 1
        assert said.elman < -1
        assert (f.cause == "slopes") == (alone >= -1)
        if f.cause == "slopes":
            assert said.cell != "linear"
            assert f.slope is not None
            assert f.slope < 1
    elif f.surprise == "grows":
        assert np.abs(np.linalg.eigvals(seen.W)).max() < 1 + 1e-2
        assert np.linalg.norm(seen.W @ seen.W.T - seen.W.T @ seen.W) > 1e-3  # not normal
        assert f.norm_log10 is not None
        assert f.norm_log10 > 0
        assert (f.cause == "dies") == (said.cell == "linear" or said.matrix == TRIANGULAR)
    elif f.surprise == "isometry":
        for J in steps:
            np.testing.assert_allclose(np.linalg.svd(J, compute_uv=False), 1, atol=1e-5)


def check_gates(seen: Study, lag: int, said: Facts) -> None:
    g, at = said.gates, said.step - 1
    assert g is not None
    norms = {
        "state": g.state,
        **{one.gate: one.norm for one in g.through},
        **({} if g.last is None else {"last": g.last}),
    }
    vectors = {name: np.linalg.norm(seen.paths[name][at]) for name in norms}
    for name, size in vectors.items():
        assert size < 1e-290 or norms[name] == pytest.approx(np.log10(size), abs=1e-9)
    assert norms[g.most] == max(norms.values())
    layer = seen.shown.grads[0, 0]
    whole = np.asarray(layer.dh if layer.dc is None else layer.dc, np.float64)[at, 0]
    rest = sum(seen.paths[name][at] for name in norms)
    near = 1e-3 if said.numbers == "float32" else 1e-8
    if np.linalg.norm(whole) > 1e-30:
        np.testing.assert_allclose(rest, whole, atol=near * np.linalg.norm(whole))
    kept = seen.shown.trace[0, 0].gates["f" if said.kind == "lstm" else "z"][-lag:, 0].astype(np.float64)
    assert g.gain_state == pytest.approx(np.log10(kept).sum(axis=0).max(), abs=1e-6)
    assert g.alone == pytest.approx(-lag * np.log10(1 + np.exp(-said.keep)))
    assert (g.last is None) == (said.kind == "gru")


@pytest.mark.parametrize("cell", ELMAN)
def test_the_horizon_is_where_the_gain_falls_for_good(cell: str) -> None:
    seen, said = study_of(cell)
    assert said.horizon is not None
    gains = seen.products.log10_norm[:, 0][::-1]  # by lag, from 0
    for share, lag in ((0.5, said.horizon.half), (0.01, said.horizon.hundredth)):
        above = np.flatnonzero(gains > np.log10(share) + 1e-9)
        after = int(above[-1]) + 1
        assert lag == (after if after < len(gains) else None)


def study_of(cell: str) -> tuple[Study, Facts]:
    seen, lag = model.experiment(settle(model.controls, {"cell": cell, "rho": 0.9, "matrix": "gaussian"})[1])
    return seen, facts(seen, lag)
