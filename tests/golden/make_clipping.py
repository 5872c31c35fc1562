"""Make clipping.npz, the gradients that PyTorch's clipping functions give: pip install torch==2.13.0, then run this.

For each case in CASES and each parameter: `<case>/raw/<name>` and `<case>/clipped/<name>`; `<case>/norm` is the
total norm that clip_grad_norm_ returns.
"""

from pathlib import Path

import numpy as np
import torch

SHAPES = {"weight_ih_l0": (6, 2), "weight_hh_l0": (6, 6), "bias_ih_l0": (6,)}
CASES = {"value": 0.5, "global_norm": 1.5, "global_norm_loose": 100.0, "global_norm_huge": 2.0, "norm": 2.0}


def main() -> None:
    rng = np.random.default_rng(0)
    arrays = {}
    for case, threshold in CASES.items():
        scale = 1e150 if case.endswith("huge") else 1.0
        parameters = {
            name: torch.nn.Parameter(torch.zeros(shape, dtype=torch.float64)) for name, shape in SHAPES.items()
        }
        for name, parameter in parameters.items():
            parameter.grad = torch.from_numpy(scale * rng.standard_normal(SHAPES[name]))
            arrays[f"{case}/raw/{name}"] = parameter.grad.numpy().copy()
        if case == "value":
            torch.nn.utils.clip_grad_value_(parameters.values(), threshold)
        elif case == "norm":
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
