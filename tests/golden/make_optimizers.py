"""Make optimizers.npz, the paths that torch.optim takes: pip install torch==2.13.0, then run this.

`theta0/<name>`, `grads/<name>` and `learning_rates` are the same for all; `<optimizer>/<name>` holds the parameters
after each update, time first. The gradients do not depend on the parameters, and grow for a while, so that clipping
clips some of them.
"""

from pathlib import Path

import numpy as np
import torch

SHAPES = {"weight": (2, 3), "bias": (2,)}
UPDATES = 100
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.8, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-6}),
    "adam": (torch.optim.Adam, {}),
    "adam_other": (torch.optim.Adam, {"betas": (0.5, 0.9), "eps": 1e-3}),
    "adamw": (torch.optim.AdamW, {"weight_decay": 0.3}),
    "sgd_l2": (torch.optim.SGD, {"weight_decay": 0.3}),
    "momentum_l2": (torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.3}),
    "rmsprop_l2": (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-6, "weight_decay": 0.3}),
    "adam_l2": (torch.optim.Adam, {"weight_decay": 0.3}),
    "clipped_adam": (torch.optim.Adam, {}),
    "clipped_by_value_adam_l2": (torch.optim.Adam, {"weight_decay": 0.3}),
}
CLIPS = {
    "clipped_adam": lambda parameters: torch.nn.utils.clip_grad_norm_(parameters, 2.0),
    "clipped_by_value_adam_l2": lambda parameters: torch.nn.utils.clip_grad_value_(parameters, 0.5),
}


def main() -> None:
    rng = np.random.default_rng(0)
    arrays = {f"theta0/{name}": rng.standard_normal(shape) for name, shape in SHAPES.items()}
    sizes = 1 + np.sin(np.arange(UPDATES) / 7) ** 2
    for name, shape in SHAPES.items():
        arrays[f"grads/{name}"] = rng.standard_normal((UPDATES, *shape)) * sizes.reshape(-1, *(1 for _ in shape))
    arrays["learning_rates"] = np.linspace(0.1, 0.02, UPDATES)
    for optimizer_name, (make, hyperparameters) in OPTIMIZERS.items():
        parameters = {name: torch.nn.Parameter(torch.tensor(arrays[f"theta0/{name}"])) for name in SHAPES}
        optimizer = make(parameters.values(), lr=0.0, **hyperparameters)
        path = {name: [] for name in SHAPES}
        for t, learning_rate in enumerate(arrays["learning_rates"]):
            optimizer.param_groups[0]["lr"] = float(learning_rate)
            for name, parameter in parameters.items():
                parameter.grad = torch.tensor(arrays[f"grads/{name}"][t])
            if optimizer_name in CLIPS:
                CLIPS[optimizer_name](parameters.values())
            optimizer.step()
            for name, parameter in parameters.items():
                path[name].append(parameter.detach().numpy().copy())
        arrays |= {f"{optimizer_name}/{name}": np.stack(steps) for name, steps in path.items()}
    np.savez_compressed(Path(__file__).with_name("optimizers.npz"), **arrays)


if __name__ == "__main__":
    main()
