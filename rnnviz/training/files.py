"""A checkpoint as a file: `checkpoint.save("run.npz")`, `training.load("run.npz")`.

An .npz file, a zip of plain arrays, none of them pickled:

    rnnviz.checkpoint            JSON: the form's VERSION, the network's settings, where the random generator stands
    loss, seconds, ...           the numbers of the last update
    step_norms                   (T,)
    gate_means/f, ...            likewise
    network/weight_ih_l0, ...    the parameters; of an encoder-decoder network/encoder.weight_ih_l0, ...
    plateau/best, ...            what a learning rate that looks at the losses has seen, if it does
    carried/h, carried/c         the states carried to the next window, if any
    optimizer/t, optimizer/m/weight_ih_l0, ...    what the optimizer remembers
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import read_only, whole
from rnnviz.errors import WeightsError
from rnnviz.optimizers import state_arrays, state_from_arrays
from rnnviz.schedules import Plateau
from rnnviz.training.checkpoint import Checkpoint
from rnnviz.training.models import rebuilt, settings
from rnnviz.training.randomness import BIT_GENERATORS, Randomness
from rnnviz.weights import read_npz, replacing

VERSION = 1
ABOUT = "rnnviz.checkpoint"
NUMBERS = ("loss", "gradient_norm", "clipped_norm", "learning_rate", "seconds")


def write(checkpoint: Checkpoint[Any], path: str | os.PathLike[str]) -> None:
    """Write `checkpoint`, as `Checkpoint.save`; a file that is there is replaced once the new one is complete."""
    path = _path(path)
    if path.suffix.lower() != ".npz":
        raise WeightsError(f"{path}: checkpoints are .npz files, not {path.suffix!r}")
    with replacing(path) as complete, complete.open("wb") as file:
        np.savez(file, **_entries(checkpoint))


def load(path: str | os.PathLike[str]) -> Checkpoint[Any]:
    """The checkpoint in a file that `Checkpoint.save` wrote: a run goes on from it with the same numbers to the bit.

    Nothing is unpickled. Raises FileNotFoundError; WeightsError, which names the file, where it is something else,
    damaged, or of another version.
    """
    path = _path(path)
    entries, _ = read_npz(path)
    try:
        return _checkpoint(entries)
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}") from error
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WeightsError(f"{path} is a damaged checkpoint: {type(error).__name__}: {error}") from error


def _path(given: str | os.PathLike[str]) -> Path:
    if not isinstance(given, str | os.PathLike):
        raise TypeError(f"path must be the path of a file, got {given!r:.80}")
    return Path(given)


def _entries(checkpoint: Checkpoint[Any]) -> dict[str, Any]:
    """Everything as {name: array}."""
    about = {
        "version": VERSION,
        "update": checkpoint.update,
        "network": settings(checkpoint.network),
        "rng": {"state": _plain(checkpoint.rng.state), "seed": _plain(checkpoint.rng.seed)},
    }
    entries: dict[str, Any] = {ABOUT: np.array(json.dumps(about)), "step_norms": checkpoint.step_norms}
    entries |= {name: np.array(getattr(checkpoint, name), np.float64) for name in NUMBERS}
    entries |= {f"gate_means/{gate}": np.array(mean) for gate, mean in checkpoint.gate_means.items()}
    entries |= {f"network/{name}": a for name, a in checkpoint.network.state_dict().items()}
    if checkpoint.plateau is not None:
        entries |= {f"plateau/{name}": np.array(number) for name, number in asdict(checkpoint.plateau).items()}
    entries |= {f"carried/{name}": a for name, a in checkpoint.carried.items()}
    state = checkpoint.optimizer_state
    if state is not None:
        entries |= {f"optimizer/{name}": a for name, a in state_arrays(state).items()}
    return entries


def _checkpoint(entries: Mapping[str, NDArray[Any]]) -> Checkpoint[Any]:
    if ABOUT not in entries:
        raise WeightsError(f"no checkpoint (rnnviz.load opens a network alone); its entries are {list(entries)[:8]}")
    about = json.loads(str(entries[ABOUT]))
    if about["version"] != VERSION:
        raise WeightsError(f"a checkpoint of version {about['version']!r}; this library reads version {VERSION}")
    remembered, plateau = _under(entries, "optimizer"), _under(entries, "plateau")
    return Checkpoint(
        update=whole("update", about["update"], 0),
        network=rebuilt(_under(entries, "network"), about["network"]),
        **{name: float(entries[name]) for name in NUMBERS},
        step_norms=read_only(entries["step_norms"]),
        gate_means={gate: float(mean) for gate, mean in _under(entries, "gate_means").items()},
        optimizer_state=state_from_arrays(remembered) if remembered else None,
        plateau=Plateau(**{name: number.item() for name, number in plateau.items()}) if plateau else None,
        carried=_under(entries, "carried"),
        rng=_randomness(about["rng"]),
    )


def _under(entries: Mapping[str, NDArray[Any]], folder: str) -> dict[str, NDArray[Any]]:
    """{rest of the name: array} of the entries whose names begin with `folder/`."""
    return {name.removeprefix(f"{folder}/"): a for name, a in entries.items() if name.startswith(f"{folder}/")}


def _randomness(about: Mapping[str, Any]) -> Randomness:
    rng = Randomness(_unplain(about["state"]), _unplain(about["seed"]))
    if rng.state["bit_generator"] not in BIT_GENERATORS:
        raise WeightsError(f"its random numbers are those of {rng.state['bit_generator']!r}, unknown here")
    rng.generator()  # refuses what is no state
    return rng


def _plain(value: Any) -> Any:
    """Numbers, texts, and nested mappings of them, as JSON knows them; an array is {"array": its entries, "dtype"}."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.str}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _unplain(value: Any) -> Any:
    """What `_plain` was given."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {"array", "dtype"}:
        return np.array(value["array"], value["dtype"])
    return {name: _unplain(one) for name, one in value.items()}
