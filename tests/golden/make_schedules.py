"""Make schedules.npz, the learning rates of torch.optim.lr_scheduler: pip install torch==2.13.0, then run this.

`<schedule>` holds the learning rate of each of 100 updates. `losses` are what ReduceLROnPlateau was told after each.
"""

import warnings
from pathlib import Path

import numpy as np
import torch
from torch.optim import lr_scheduler as torch_schedules

UPDATES = 100
SCHEDULES = {
    "constant": (0.3, lambda o: torch_schedules.ConstantLR(o, factor=1.0, total_iters=0)),
    "step_decay": (0.3, lambda o: torch_schedules.StepLR(o, step_size=7, gamma=0.8)),
    "exponential": (0.3, lambda o: torch_schedules.ExponentialLR(o, gamma=0.97)),
    "linear": (0.3, lambda o: torch_schedules.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=60)),
    "cosine": (0.3, lambda o: torch_schedules.CosineAnnealingLR(o, T_max=100, eta_min=0.02)),
    "warmup_cosine": (
        0.3,
        lambda o: torch_schedules.SequentialLR(
            o,
            [
                torch_schedules.LinearLR(o, start_factor=1 / 20, end_factor=1.0, total_iters=19),
                torch_schedules.CosineAnnealingLR(o, T_max=80),
            ],
            milestones=[20],
        ),
    ),
    "one_cycle": (0.3, lambda o: torch_schedules.OneCycleLR(o, max_lr=0.3, total_steps=UPDATES)),
    "one_cycle_other": (
        0.3,
        lambda o: torch_schedules.OneCycleLR(
            o, max_lr=0.3, total_steps=UPDATES, pct_start=0.45, div_factor=10, final_div_factor=50
        ),
    ),
}
PLATEAUS = {
    "plateau": {"factor": 0.5, "patience": 3},
    "plateau_other": {"factor": 0.3, "patience": 0, "threshold": 0.02, "cooldown": 4, "min_lr": 0.01},
}


def optimizer(learning_rate: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate)


def main() -> None:
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    steps = np.arange(UPDATES)
    arrays = {"losses": 1 / (1 + np.minimum(steps, 40) / 10) + 0.05 * rng.random(UPDATES)}
    for name, (learning_rate, make) in SCHEDULES.items():
        o = optimizer(learning_rate)
        schedule, rates = make(o), []
        for t in steps:
            rates.append(o.param_groups[0]["lr"])
            o.step()
            if t + 1 < UPDATES:
                schedule.step()
        arrays[name] = np.array(rates)
    for name, settings in PLATEAUS.items():
        o = optimizer(0.3)
        schedule, rates = torch_schedules.ReduceLROnPlateau(o, **settings), []
        for loss in arrays["losses"]:
            rates.append(o.param_groups[0]["lr"])
            schedule.step(loss)
        arrays[name] = np.array(rates)
    np.savez_compressed(Path(__file__).with_name("schedules.npz"), **arrays)


if __name__ == "__main__":
    main()
