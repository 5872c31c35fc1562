"""Where a click leads on the page about the start: what each card and each linked sentence sets its widgets to."""

from typing import Any

from lessons._initialization.experiment import ADDING, LONGEST, NOISE, SCHEMES, SMALL

SANE = "PyTorch’s default"
LABELS = {scheme.label: name for name, scheme in SCHEMES.items()}
ONE, CHRONO = "one for all", "chrono"
DEFAULTS: dict[str, Any] = {"cell": "plain", "signal": NOISE, "steps": 50, "units": 32, "seed": 0}
STARTS: dict[str, dict[str, Any]] = {
    SANE: {"scheme": "uniform", "activation": "tanh"},
    "He uniform": {"scheme": "He uniform", "activation": "tanh"},
    "orthogonal, small inputs": {"scheme": "orthogonal", "gain": 1.0, "activation": "tanh", "signal": SMALL},
    "identity with relu": {"scheme": "identity", "gain": 1.0, "activation": "relu", "signal": ADDING},
    "the same on noise": {"scheme": "identity", "gain": 1.0, "activation": "relu", "seed": 1},
    "standard deviation 10": {"scheme": "normal", "std": 10.0, "activation": "linear", "steps": 200},
    "LSTM, bias 0": {"cell": "LSTM", "start_bias": ONE, "bias": 0.0},
    "LSTM, chrono": {"cell": "LSTM", "start_bias": CHRONO, "longest": LONGEST},
    "GRU, bias 4": {"cell": "GRU", "start_bias": ONE, "bias": 4.0},
}


def widgets(picked: str) -> dict[str, Any]:
    """{widget's key: value} for what was picked: "scheme: zeros", "bias: 1", "chrono: 50", "start: LSTM, chrono"."""
    kind, _, name = picked.partition(": ")
    if kind == "scheme":
        scheme = SCHEMES[LABELS[name]]
        return {"scheme": name} | ({scheme.setting: scheme.default} if scheme.setting else {})
    if kind == "bias":
        return {"start_bias": ONE, "bias": float(name)}
    if kind == "chrono":
        return {"start_bias": CHRONO, "longest": int(name)}
    if kind == "start":
        return DEFAULTS | STARTS[name]
    return {"compare": True}
