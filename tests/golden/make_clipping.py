"""Make clipping.npz, the gradients that PyTorch's clipping functions give: pip install torch==2.13.0, then run this.

For each case in CASES and each parameter: `<case>/raw/<name>` and `<case>/clipped/<name>`; `<case>/norm` is the
total norm that clip_grad_norm_ returns.
"""

from pathlib import Path

import numpy as np
import torch

SHAPES = {"weight_ih_l0": (6, 2), "weight_hh_l0": (6, 6), "bias_ih_l0": (6,)}
CASES = {  # threshold, size of the gradients, data type
    "value": (0.5, 1.0, torch.float64),
    "global_norm": (1.5, 1.0, torch.float64),
    "global_norm_loose": (100.0, 1.0, torch.float64),
    "global_norm_huge": (2.0, 1e150, torch.float64),
    "norm": (2.0, 1.0, torch.float64),
    "global_norm_tiny": (1e-160, 1e-140, torch.float64),
    "global_norm_infinite": (float("inf"), 1.0, torch.float64),
    "value_float32": (0.1, 1.0, torch.float32),
    "global_norm_float32": (1.5, 1e10, torch.float32),
    "norm_float32": (2e-6, 1e-6, torch.float32),
}


def main() -> None:
    rng = np.random.default_rng(0)
    arrays = {}
    for case, (threshold, scale, dtype) in CASES.items():
        parameters = {name: torch.nn.Parameter(torch.zeros(shape, dtype=dtype)) for name, shape in SHAPES.items()}
        for name, parameter in parameters.items():
            parameter.grad = torch.from_numpy(scale * rng.standard_normal(SHAPES[name])).to(dtype)
            arrays[f"{case}/raw/{name}"] = parameter.grad.numpy().copy()
        if case.startswith("value"):
            torch.nn.utils.clip_grad_value_(parameters.values(), threshold)
        elif case.startswith("norm"):
            for parameter in parameters.values():
                torch.nn.utils.clip_grad_norm_([parameter], threshold)
        else:
            norm = torch.nn.utils.clip_grad_norm_(parameters.values(), threshold)
            arrays[f"{case}/norm"] = norm.numpy()
        for name, parameter in parameters.items():
            arrays[f"{case}/clipped/{name}"] = parameter.grad.numpy()
    np.savez_compressed(Path(__file__).with_name("clipping.npz"), **arrays)


if __name__ == "__main__":
    main()
