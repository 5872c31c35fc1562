"""Every public function, every argument, every wrong value: an error of ours that says what is wrong, or a result.

The error is a ValueError or a TypeError that a `raise` of this library's own made; what comes from deeper down, an
AttributeError, NumPy's own words or a warning, is a bug.
"""

import linecache
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import diagnostics as dg
from rnnviz.player import pack

SOURCE = Path(rv.__file__).parent
RNG = np.random.default_rng(0)


def network(cell="lstm", **options):
    return rv.Network.create(cell, 2, 3, rng=np.random.default_rng(0), **options)


NET, ELMAN = network(), network("elman")
TRACE, ELMAN_TRACE = (rv.unroll(net, np.ones((4, 1, 2))) for net in (NET, ELMAN))
GRADS, ELMAN_GRADS = (rv.backpropagate(t.network, t, np.ones((4, 1, 3))) for t in (TRACE, ELMAN_TRACE))
STATE = NET.state_dict()
READ_OUT = network(output_size=2)


class Strange:
    """Something that nothing expects."""

    def __array__(self, *_args, **_kwargs):
        raise RuntimeError("no array")


WRONG = {
    "None": None,
    "a string": "wrong",
    "no string": "",
    "a number": 7,
    "minus one": -1,
    "a half": 0.5,
    "NaN": np.nan,
    "infinity": np.inf,
    "a huge number": 10**400,
    "a complex number": 1j,
    "True": True,
    "a list": [1, 2],
    "a ragged list": [[1], [1, 2]],
    "a list of strings": ["a", "b"],
    "a list of None": [None],
    "an empty list": [],
    "a dictionary": {"a": 1},
    "a dictionary of numbers": {1: 2},
    "a set": {1},
    "bytes": b"wrong",
    "a type": int,
    "a function of nothing": lambda: None,
    "a function of anything": lambda *_: "wrong",
    "an object": object(),
    "no array": Strange(),
    "a 0-d array": np.array(1.0),
    "an empty array": np.zeros((0, 3)),
    "an array of objects": np.array([None, "a"], object),
    "NaN in an array": np.full((4, 1, 3), np.nan),
    "a date": np.datetime64("2020-01-01"),
    "another network": ELMAN,
    "another trace": ELMAN_TRACE,
    "other gradients": ELMAN_GRADS,
    "a NumPy integer": np.int8(1),
    "a range": range(3),
}

PIN = {"gate": "f", "value": 0.5, "first": 0, "last": 1, "units": (0,), "layer": 0, "direction": 0}
CALLS = {
    "Network.create": (
        rv.Network.create,
        {
            "cell": "lstm",
            "input_size": 2,
            "hidden_size": 3,
            "num_layers": 1,
            "bidirectional": False,
            "output_size": 2,
            "init": "he_uniform",
            "recurrent_init": "orthogonal",
            "forget_bias": 1.0,
            "reset_after": True,
            "dtype": np.float64,
            "rng": np.random.default_rng(0),
            "gate_biases": {"i": 1.0},
            "nonlinearity": "tanh",
        },
    ),
    "Network.from_state_dict": (
        rv.Network.from_state_dict,
        {"state": STATE, "cell": "lstm", "reset_after": True, "nonlinearity": "tanh"},
    ),
    "with_parameters": (NET.with_parameters, {"state": STATE}),
    "unroll": (
        rv.unroll,
        {
            "network": NET,
            "x": np.ones((4, 1, 2)),
            "lengths": [4],
            "h0": np.zeros((1, 3)),
            "c0": np.zeros((1, 3)),
            "surgery": (),
        },
    ),
    "Pin": (lambda **pin: rv.unroll(NET, np.ones((4, 1, 2)), surgery=[rv.Pin(**pin)]), PIN),
    "Hold": (
        lambda **hold: rv.unroll(NET, np.ones((4, 1, 2)), surgery=[rv.Hold(**hold)]),
        {name: value for name, value in PIN.items() if name != "gate"} | {"state": "h"},
    ),
    "Shift": (
        lambda **shift: rv.unroll(NET, np.ones((4, 1, 2)), surgery=[rv.Shift(**shift)]),
        {name: value for name, value in PIN.items() if name != "value"} | {"by": 1.0},
    ),
    "backpropagate": (
        rv.backpropagate,
        {"network": NET, "trace": TRACE, "dy": np.ones((4, 1, 3)), "truncate": 2},
    ),
    "check_gradients": (
        partial(rv.check_gradients, entries=1),
        {"network": NET, "x": np.ones((2, 1, 2)), "dy": np.ones((2, 1, 3)), "lengths": [2], "surgery": ()},
    ),
    "player.pack": (
        pack,
        {
            "trace": TRACE,
            "grads": GRADS,
            "sequence": 0,
            "loss": 1.0,
            "tokens": ("a", "b", "c", "d"),
            "inputs": ("x", "y"),
            "outputs": ("p", "q", "r"),
            "note": "a note",
            "start": rv.player.Start(),
            "holds": "f_1_1_0.5",
        },
    ),
    "diagnostics.state_difference": (
        dg.state_difference,
        {"h": np.ones((4, 1, 3)), "h_other": np.zeros((4, 1, 3))},
    ),
    "diagnostics.steps_until_below": (dg.steps_until_below, {"norms": np.ones(4), "fraction": 0.5}),
    "diagnostics.gate_step": (dg.gate_step, {"trace": TRACE, "gate": "f", "step": 1, "unit": 2}),
    "diagnostics.measured_retention": (dg.measured_retention, {"trace": TRACE, "unit": 1}),
    "diagnostics.promised_retention": (dg.promised_retention, {"forget_bias": 1.0, "steps": 3}),
    "diagnostics.weight_gradient_by_step": (dg.weight_gradient_by_step, {"trace": TRACE, "grads": GRADS}),
    "diagnostics.saliency": (dg.saliency, {"trace": TRACE, "grads": GRADS}),
    "losses.mean_squared_error": (
        rv.losses.mean_squared_error,
        {"y": np.ones((4, 1, 3)), "targets": np.ones((4, 1, 3)), "mask": np.ones((4, 1), bool)},
    ),
    "losses.softmax_cross_entropy": (
        rv.losses.softmax_cross_entropy,
        {"y": np.ones((4, 1, 3)), "targets": np.ones((4, 1), int), "mask": np.ones((4, 1), bool)},
    ),
    "losses.binary_cross_entropy": (
        rv.losses.binary_cross_entropy,
        {"y": np.ones((4, 1, 3)), "targets": np.ones((4, 1, 3)), "mask": np.ones((4, 1), bool)},
    ),
    "losses.length_mask": (rv.losses.length_mask, {"lengths": [1, 2], "num_steps": 4}),
    "clipping.clip_by_value": (rv.clipping.clip_by_value, {"grads": STATE, "limit": 1.0}),
    "clipping.clip_by_norm": (rv.clipping.clip_by_norm, {"grads": STATE, "max_norm": 1.0}),
    "clipping.clip_by_global_norm": (rv.clipping.clip_by_global_norm, {"grads": STATE, "max_norm": 1.0}),
    "clipping.global_norm": (rv.clipping.global_norm, {"grads": STATE}),
    "clipping.angle": (rv.clipping.angle, {"grads": STATE, "others": STATE}),
    "initializers.chrono": (
        rv.initializers.chrono,
        {"cell": "lstm", "hidden_size": 3, "t_max": 10.0, "rng": np.random.default_rng(0)},
    ),
}
for name in ("zeros", "normal", "uniform", "xavier_uniform", "he_normal", "orthogonal", "identity", "echo_state"):
    CALLS[f"initializers.{name}"] = (
        getattr(rv.initializers, name),
        {"shape": (3, 3), "rng": np.random.default_rng(0)},
    )
for name in ("jacobian_products", "gradient_paths", "step_jacobians", "cell_jacobians", "memory_horizon"):
    CALLS[f"diagnostics.{name}"] = (getattr(dg, name), {"network": NET, "trace": TRACE})
for name in ("gate_saturation", "tanh_saturation", "gate_slopes", "tanh_slopes"):
    CALLS[f"diagnostics.{name}"] = (getattr(dg, name), {"trace": TRACE})
for name in ("hidden_gradient_norms", "cell_gradient_norms", "log10_hidden_gradient_norms"):
    CALLS[f"diagnostics.{name}"] = (getattr(dg, name), {"grads": GRADS})
for name in ("accuracy", "perplexity", "bits_per_character"):
    CALLS[f"metrics.{name}"] = (
        getattr(rv.metrics, name),
        {"y": np.ones((4, 1, 3)), "targets": np.ones((4, 1), int), "mask": np.ones((4, 1), bool), "naive": 1.0},
    )
for name in ("root_mean_squared_error", "mean_absolute_error"):
    CALLS[f"metrics.{name}"] = (
        getattr(rv.metrics, name),
        {"y": np.ones((4, 1, 3)), "targets": np.ones((4, 1, 3)), "mask": np.ones((4, 1), bool), "naive": 1.0},
    )
CALLS["metrics.persistence"] = (
    rv.metrics.persistence,
    {"targets": np.ones((4, 1, 3)), "mask": np.ones((4, 1), bool)},
)
for name, given in {
    "a_n_b_n": {"longest": 5, "shortest": 2},
    "adding": {"num_steps": 5},
    "adding_1997": {"num_steps": 30},
    "copy_memory": {"delay": 3, "num_recall": 2, "num_symbols": 3},
    "delayed_echo": {"num_steps": 5, "delay": 2},
    "embedded_reber": {},
    "noise_free_long_lag": {"num_steps": 5},
    "noisy_long_lag": {"num_steps": 5},
    "parity": {"num_steps": 5, "shortest": 3, "noise": 0.2},
    "sine_mixture": {"num_steps": 9, "frequencies": (0.2, 0.3)},
    "temporal_order": {"num_steps": 20, "num_relevant": 3},
    "temporal_order_fixed": {"num_steps": 20, "num_relevant": 3},
    "very_long_lag": {"num_steps": 5, "num_symbols": 3},
}.items():
    CALLS[f"tasks.{name}"] = (
        getattr(rv.tasks, name),
        {"rng": np.random.default_rng(0), "batch_size": 2} | given,
    )
BATCH = rv.tasks.embedded_reber(np.random.default_rng(0), 2)
for name in ("right", "accuracy", "solved"):
    CALLS[f"SequenceBatch.{name}"] = (getattr(BATCH, name), {"y": np.ones((*BATCH.mask.shape, 7)), "tolerance": 0.1})

EACH = [(name, argument) for name, (_, given) in CALLS.items() for argument in given]


def complaint(call):
    """None where the call gives a result or an error of ours; otherwise what is wrong with its error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            call()
    except Exception as error:  # noqa: BLE001 (all of them are to be looked at)
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        file = trace.tb_frame.f_code.co_filename
        line = linecache.getline(file, trace.tb_lineno).strip()
        ours = SOURCE in Path(file).parents and line.startswith("raise")
        if not (isinstance(error, ValueError | TypeError) and ours and str(error)):
            return f"{type(error).__name__}: {str(error)[:120]} ({Path(file).name}:{trace.tb_lineno})"
    return None


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_a_wrong_argument_meets_an_error_of_ours(name, argument):
    function, given = CALLS[name]
    found = {what: complaint(lambda v=value: function(**given | {argument: v})) for what, value in WRONG.items()}
    assert not {what: said for what, said in found.items() if said}


def test_the_calls_are_right_as_they_stand():
    """Otherwise the errors would be about something else."""
    for function, given in CALLS.values():
        function(**given)


@pytest.mark.parametrize(("name", "units"), [("Pin", 5), ("Pin", "ab"), ("Shift", np.array(1)), ("Shift", [0.5])])
def test_units_that_are_no_unit_numbers_are_named(name, units):
    function, given = CALLS[name]
    with pytest.raises(ValueError, match="units"):
        function(**given | {"units": units})


def test_a_label_may_be_a_number_of_numpy():
    assert b'"tokens":' in pack(TRACE, tokens=np.arange(4)).replace(b" ", b"")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_refused_by_name_and_kept_where_that_is_asked_for(bad, tmp_path):
    state = {name: a.copy() for name, a in STATE.items()}
    state["weight_hh_l0"][3, 1] = bad
    with pytest.raises(rv.NonFiniteError, match=r"weight_hh_l0\[3, 1\]"):
        rv.Network.from_state_dict(state)
    network = rv.Network.from_state_dict(state, nonfinite="keep")
    assert not np.isfinite(network.state_dict()["weight_hh_l0"][3, 1])
    np.savez(tmp_path / "model.npz", **state)
    with pytest.raises(rv.NonFiniteError, match=r"model\.npz.*weight_hh_l0\[3, 1\]"):
        rv.load(tmp_path / "model.npz")
    assert rv.load(tmp_path / "model.npz", nonfinite="keep").cell == "lstm"


def test_a_layer_number_of_5000_digits_is_an_error_of_ours():
    with pytest.raises(rv.WeightsError):
        rv.Network.from_state_dict(STATE | {f"weight_ih_l{'9' * 5000}": np.ones((12, 2))})


@pytest.mark.parametrize("state", [None, 5, [("a", 1)], {1: np.ones((2, 2))}])
def test_what_is_no_mapping_of_names_is_no_state(state):
    with pytest.raises(rv.WeightsError, match=r"mapping|strings"):
        rv.Network.from_state_dict(state)
