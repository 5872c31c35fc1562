"""Make the golden vectors of this folder with PyTorch: `python make_golden.py`, with torch==2.13.0, safetensors==0.8.0.

Nothing here is imported by the tests, and nothing of rnnviz is imported here: PyTorch's autograd is the judge.
Every given number (parameters, x, h0, c0, dy) is a multiple of 2^-10, hence exact in float32 as well.
The loss is sum(dy * y), so that dL/dy = dy.

modules.npz   nn.RNN (tanh, relu), nn.LSTM, nn.GRU with PyTorch's own fused kernels and packed sequences
steps.npz     the same cells, and the GRU with its reset before the product, as a loop in plain torch operations that
              retains the gradient of every state, gate and pre-activation; whole and truncated
stacked.npz   that loop for two layers and both directions: what truncation leaves of all other gradients
encoder.*     a model as people save it, nn.LSTM under a prefix beside an nn.Linear, and its output
"""

import itertools
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FOLDER = Path(__file__).parent
VERSION, SEED = "2.13.0", 2013
T, B, I, H, Q = 6, 4, 2, 3, 5
LENGTHS = {"full": [6, 6, 6, 6], "ragged": [4, 6, 1, 3]}
MODULES = {
    "tanh": lambda **sizes: nn.RNN(nonlinearity="tanh", **sizes),
    "relu": lambda **sizes: nn.RNN(nonlinearity="relu", **sizes),
    "lstm": nn.LSTM,
    "gru": nn.GRU,
}


def draw(*shape: int) -> Tensor:
    """Standard normal numbers, rounded to multiples of 2^-10."""
    return (torch.randn(*shape) * 1024).round() / 1024


def make_network(kind: str, layers: int, directions: int, readout: bool) -> tuple[nn.Module, nn.Linear | None]:
    """A recurrent module and a readout whose every parameter is drawn anew, large enough to make gates work."""
    rnn = MODULES[kind](input_size=I, hidden_size=H, num_layers=layers, bidirectional=directions == 2)
    linear = nn.Linear(directions * H, Q) if readout else None
    for p in itertools.chain(rnn.parameters(), linear.parameters() if linear else ()):
        p.data = (0.6 * draw(*p.shape) * 1024).round() / 1024
    return rnn, linear


def record(fields: dict[str, Tensor | None]) -> np.ndarray:
    """One structured scalar: a case in one entry of the .npz, each field with its name and shape."""
    arrays = {name: np.asarray(value.detach()) for name, value in fields.items() if value is not None}
    row = np.zeros((), dtype=[(name, a.dtype, a.shape) for name, a in arrays.items()])
    for name, a in arrays.items():
        row[name] = a
    return row


def named(rnn: nn.Module, linear: nn.Linear | None) -> dict[str, nn.Parameter]:
    parameters = dict(rnn.named_parameters())
    return parameters | ({f"readout.{k}": p for k, p in linear.named_parameters()} if linear else {})


def parameters_and_gradients(rnn: nn.Module, linear: nn.Linear | None) -> dict[str, Tensor]:
    parameters = named(rnn, linear)
    return {f"param {k}": p for k, p in parameters.items()} | {f"grad {k}": p.grad for k, p in parameters.items()}


def clear(rnn: nn.Module, linear: nn.Linear | None, *inputs: Tensor | None) -> None:
    for tensor in (*named(rnn, linear).values(), *inputs):
        if tensor is not None:
            tensor.grad = None


# PyTorch's own modules ------------------------------------------------------------------------------------------------


def run_module(kind: str, layers: int, directions: int, lengths: list[int], readout: bool) -> np.ndarray:
    rnn, linear = make_network(kind, layers, directions, readout)
    x = draw(T, B, I).requires_grad_()
    h0 = draw(layers * directions, B, H).requires_grad_()
    c0 = draw(layers * directions, B, H).requires_grad_() if kind == "lstm" else None
    dy = draw(T, B, Q if readout else directions * H)

    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    out, final = rnn(packed, h0 if c0 is None else (h0, c0))
    y, _ = pad_packed_sequence(out, total_length=T)
    h_n, c_n = final if kind == "lstm" else (final, None)
    if linear is not None:
        inside = torch.arange(T)[:, None] < torch.tensor(lengths)
        y = linear(y) * inside[:, :, None]
    (y * dy).sum().backward()
    return record(
        {"lengths": torch.tensor(lengths), "x": x, "h0": h0, "c0": c0, "dy": dy, "y": y, "h_n": h_n, "c_n": c_n}
        | {"dx": x.grad, "dh0": h0.grad, "dc0": None if c0 is None else c0.grad}
        | parameters_and_gradients(rnn, linear)
    )


# The exposed loop -----------------------------------------------------------------------------------------------------


def cell_step(kind: str, x: Tensor, h: Tensor, c: Tensor | None, weights: list[Tensor]) -> dict[str, Tensor]:
    """One step in plain torch operations; every value by name, "a x" being the pre-activation of gate x."""
    W_ih, W_hh, b_ih, b_hh = weights
    from_x, from_h = x @ W_ih.T + b_ih, h @ W_hh.T + b_hh
    if kind in ("tanh", "relu"):
        a = from_x + from_h
        return {"a h": a, "h": torch.tanh(a) if kind == "tanh" else torch.relu(a)}
    if kind == "lstm":
        a_i, a_f, a_g, a_o = (from_x + from_h).chunk(4, dim=1)
        i, f, g, o = torch.sigmoid(a_i), torch.sigmoid(a_f), torch.tanh(a_g), torch.sigmoid(a_o)
        c = f * c + i * g
        values = {"a i": a_i, "a f": a_f, "a g": a_g, "a o": a_o, "i": i, "f": f, "g": g, "o": o}
        return values | {"c": c, "h": o * torch.tanh(c)}
    x_r, x_z, x_n = from_x.chunk(3, dim=1)
    h_r, h_z, h_n = from_h.chunk(3, dim=1)
    a_r, a_z = x_r + h_r, x_z + h_z
    r, z = torch.sigmoid(a_r), torch.sigmoid(a_z)
    a_n = x_n + (r * h_n if kind == "gru" else (r * h) @ W_hh[2 * H :].T + b_hh[2 * H :])
    n = torch.tanh(a_n)
    return {"a r": a_r, "a z": a_z, "a n": a_n, "r": r, "z": z, "n": n, "h": (1 - z) * n + z * h}


def run_loop(kind, rnn, linear, x, lengths, h0, c0, truncate):
    """Each sequence by itself, step by step, the state detached before every `truncate`-th step that a direction reads.

    Returns y and seen[layer, direction][name][b][t], tensors that retain their gradients, t the position in the input.
    """
    layers, directions = rnn.num_layers, 2 if rnn.bidirectional else 1
    seen = {key: {} for key in itertools.product(range(layers), range(directions))}
    ys = []
    for b, length in enumerate(lengths):
        level = [x[t, b : b + 1] for t in range(length)]
        for layer in range(layers):
            columns = []
            for direction in range(directions):
                index = layer * directions + direction
                weights = [getattr(rnn, name) for name in rnn._all_weights[index]]
                h, c = h0[index, b : b + 1], None if c0 is None else c0[index, b : b + 1]
                order = range(length) if direction == 0 else reversed(range(length))
                steps = {}
                for k, t in enumerate(order):
                    if truncate is not None and k > 0 and k % truncate == 0:
                        h, c = h.detach(), None if c is None else c.detach()
                    values = cell_step(kind, level[t], h, c, weights)
                    for name, value in values.items():
                        value.retain_grad()
                        steps.setdefault(name, {})[t] = value
                    h, c = values["h"], values.get("c")
                for name, by_time in steps.items():
                    seen[layer, direction].setdefault(name, {})[b] = by_time
                columns.append([steps["h"][t] for t in range(length)])
            level = [torch.cat(hs, dim=1) for hs in zip(*columns)]
        y = torch.cat(level) if linear is None else linear(torch.cat(level))
        ys.append(torch.cat([y, torch.zeros(T - length, y.shape[1])]))
    return torch.stack(ys, dim=1), seen


def dense(by_sequence: dict, gradient: bool) -> Tensor:
    """seen[...][name] as one array (T, B, H), zero in the padding."""
    out = torch.zeros(T, B, H)
    for b, by_time in by_sequence.items():
        for t, value in by_time.items():
            if not gradient:
                out[t, b] = value[0].detach()
            elif value.grad is not None:
                out[t, b] = value.grad[0]
    return out


def run_steps(kind: str, layers: int, directions: int, lengths: list[int], truncate: int, everything: bool):
    """Whole and truncated (fields ending in "| truncated") backward passes of one network."""
    rnn, linear = make_network("gru" if kind == "gru_before" else kind, layers, directions, True)
    x = draw(T, B, I).requires_grad_()
    h0 = draw(layers * directions, B, H).requires_grad_()
    c0 = draw(layers * directions, B, H).requires_grad_() if kind == "lstm" else None
    dy = draw(T, B, Q)
    fields = {"lengths": torch.tensor(lengths), "truncate": torch.tensor(truncate)}
    fields |= {"x": x, "h0": h0, "c0": c0, "dy": dy} | {f"param {k}": p for k, p in named(rnn, linear).items()}
    for suffix, k in (("", None), (" | truncated", truncate)):
        clear(rnn, linear, x, h0, c0)
        y, seen = run_loop(kind, rnn, linear, x, lengths, h0, c0, k)
        (y * dy).sum().backward()
        if k is None:
            fields["y"] = y
            if kind != "gru_before":
                require_same_as_module(rnn, linear, x, lengths, h0, c0, y)
        fields |= {f"dx{suffix}": x.grad, f"dh0{suffix}": h0.grad, f"dc0{suffix}": None if c0 is None else c0.grad}
        fields |= {f"grad {name}{suffix}": p.grad for name, p in named(rnn, linear).items()}
        for (layer, direction), values in seen.items() if everything else ():
            for name, steps in values.items():
                if k is None:
                    fields[f"{layer},{direction} {name}"] = dense(steps, gradient=False)
                fields[f"{layer},{direction} d{name}{suffix}"] = dense(steps, gradient=True)
    return record(fields)


def require_same_as_module(rnn, linear, x, lengths, h0, c0, y) -> None:
    """The loop says what PyTorch's own module says."""
    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    out, _ = pad_packed_sequence(rnn(packed, h0 if c0 is None else (h0, c0))[0], total_length=T)
    inside = torch.arange(T)[:, None] < torch.tensor(lengths)
    torch.testing.assert_close(y, linear(out) * inside[:, :, None], rtol=1e-13, atol=1e-13)


# A model as people save it --------------------------------------------------------------------------------------------


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleDict({"rnn": nn.LSTM(I, H, num_layers=2, bidirectional=True)})
        self.decoder = nn.Linear(2 * H, Q)

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder["rnn"](x)[0])


def save_model() -> None:
    torch.manual_seed(SEED)
    model, x = Model().float(), draw(T, B, I).float()
    save_file(model.state_dict(), FOLDER / "encoder.safetensors")
    np.savez_compressed(FOLDER / "encoder.npz", x=x.numpy(), y=model(x).detach().numpy())


def main() -> None:
    assert torch.__version__.split("+")[0] == VERSION, torch.__version__
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    cases = {
        f"{kind} L{layers} D{directions} {ragged} {'readout' if readout else 'bare'}":
            run_module(kind, layers, directions, LENGTHS[ragged], readout)
        for kind, layers, directions, ragged, readout in itertools.product(
            MODULES, (1, 2, 3), (1, 2), LENGTHS, (False, True)
        )
    }  # fmt: skip
    np.savez_compressed(FOLDER / "modules.npz", **cases)
    kinds = (*MODULES, "gru_before")
    single = {
        f"{kind} D{directions} {ragged}": run_steps(kind, 1, directions, LENGTHS[ragged], 2, everything=True)
        for kind in kinds
        for directions, ragged in ((1, "full"), (2, "ragged"))
    }
    np.savez_compressed(FOLDER / "steps.npz", **single)
    stacked = {kind: run_steps(kind, 2, 2, LENGTHS["ragged"], 2, everything=False) for kind in kinds}
    np.savez_compressed(FOLDER / "stacked.npz", **stacked)
    save_model()
    for path in sorted(FOLDER.glob("*.*")):
        print(f"{path.stat().st_size:8d} {path.name}")


if __name__ == "__main__":
    main()
