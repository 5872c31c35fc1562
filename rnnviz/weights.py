"""Networks as files: `load(path) -> Network`, `save(network, path)`, for `.safetensors` and `.npz`.

A file holds one array per parameter under PyTorch's name (`weight_ih_l0`, ...): a model trained in PyTorch opens here,
whatever its prefix and the name of its linear layer, and the recurrent part of a file saved here opens there. The
readout is written as `readout.weight` and `readout.bias`. Files are read as plain numbers: nothing is unpickled.

Two settings are not to be seen in names and shapes: the Elman cell's nonlinearity and the place of the GRU's reset
gate. Where they differ from PyTorch's defaults, `save` writes them as JSON under the name "rnnviz", in the metadata of
a .safetensors file or as one string entry of an .npz. With the defaults, a file holds the parameters alone.
"""

import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.errors import NonFiniteError, UnknownNameError, WeightsError
from rnnviz.network import Network

OPTIONS_NAME = "rnnviz"
DEFAULTS = {"nonlinearity": "tanh", "reset_after": True}

Options: TypeAlias = dict[str, Any]
Named: TypeAlias = dict[str, NDArray[Any]]


def load(
    path: str | os.PathLike[str],
    *,
    nonlinearity: str | None = None,
    reset_after: bool | None = None,
    nonfinite: str = "refuse",
) -> Network:
    """The network in a file; what it is made of is read off names and shapes, as in `Network.from_state_dict`.

    path          `.safetensors` or `.npz`. float16 and bfloat16 are widened to float32.
    nonlinearity  "tanh", "relu", "sigmoid" or "linear", for a file made elsewhere; None: the file, otherwise "tanh"
    reset_after   whether a GRU's reset gate stands after the product, likewise; None: the file, otherwise True

    nonfinite     "refuse" NaN and infinity among the weights, or "keep" them

    Raises FileNotFoundError; ModuleNotFoundError for a .safetensors file without the library safetensors; WeightsError,
    which names the file and what is missing or wrong, also where caller and file contradict each other;
    UnknownNameError for a nonlinearity that does not exist; NonFiniteError, which names the entry.
    """
    path = Path(path)
    read, _ = _format_of(path)
    state, written = read(path)
    options = _checked_options(path, written)
    for name, said in {"nonlinearity": nonlinearity, "reset_after": reset_after}.items():
        if said is not None and options.setdefault(name, said) != said:
            raise WeightsError(f"{path} says {name} = {options[name]!r}; load was told {said!r}")
    try:
        return Network.from_state_dict(state, **options, nonfinite=nonfinite)
    except (WeightsError, UnknownNameError, NonFiniteError) as error:
        raise type(error)(f"{path}: {error}") from error


def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write the parameters, under PyTorch's names, to a `.safetensors` or `.npz` file.

    A file that is there already is replaced as a whole once the new one is complete, never left half written.
    Raises WeightsError for another suffix, ModuleNotFoundError as `load` does, OSError where it cannot write.
    """
    path = Path(path)
    _, write = _format_of(path)
    state = {name: np.ascontiguousarray(a) for name, a in network.state_dict().items()}
    options = {name: getattr(network, name) for name in DEFAULTS if getattr(network, name) != DEFAULTS[name]}
    with replacing(path) as complete:
        write(complete, state, json.dumps(options) if options else None)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write a new file to, which takes the place of the one at `path` once it is complete.

    Raises FileNotFoundError where there is no such folder.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent} is no folder to save {path.name} in")
    with TemporaryDirectory(prefix=".saving-", dir=path.parent) as folder:
        complete = Path(folder) / path.name
        yield complete
        complete.replace(path)


def _checked_options(path: Path, written: str | None) -> Options:
    """The settings that a file holds as JSON; none where it holds none."""
    try:
        options = {} if written is None else json.loads(written)
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{path}: its entry {OPTIONS_NAME!r} is not JSON: {error}") from error
    if not isinstance(options, dict) or not options.keys() <= DEFAULTS.keys():
        raise WeightsError(f"{path}: its entry {OPTIONS_NAME!r} may say {sorted(DEFAULTS)}; it is {written}")
    for name, value in options.items():
        if type(value) is not type(DEFAULTS[name]):
            raise WeightsError(f"{path}: its entry {OPTIONS_NAME!r} says {name} = {value!r}")
    return options


# .npz -----------------------------------------------------------------------------------------------------------------


def read_npz(path: Path) -> tuple[Named, str | None]:
    """The arrays of a zip of .npy files, and the settings that it may hold; nothing is unpickled."""
    content = io.BytesIO(path.read_bytes())
    try:
        with zipfile.ZipFile(content) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{path} is not an .npz file, or a damaged one: {error}") from error
    state = {entry.removesuffix(".npy"): _read_npy(path, entry, npy) for entry, npy in entries.items()}
    written = state.pop(OPTIONS_NAME, None)
    return state, None if written is None else str(written)


def _read_npy(path: Path, entry: str, content: bytes) -> NDArray[Any]:
    """One array. Object arrays are pickles: they are refused, unread."""
    if not content.startswith(np.lib.format.MAGIC_PREFIX):
        raise WeightsError(f"{path} is not an .npz file: its entry {entry!r} is not a NumPy array")
    try:
        array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, MemoryError) as error:
        raise WeightsError(f"{path}: its entry {entry!r} is not an array of numbers: {error}") from error
    return array


def _write_npz(path: Path, state: Mapping[str, Array], options: str | None) -> None:
    entries: dict[str, Any] = {**state} if options is None else {**state, OPTIONS_NAME: np.array(options)}
    with path.open("wb") as file:
        np.savez(file, **entries)


# .safetensors ---------------------------------------------------------------------------------------------------------

_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
    "BOOL": "?",
}  # fmt: skip


def _read_safetensors(path: Path) -> tuple[Named, str | None]:
    """The tensors of the file, and the settings in its metadata."""
    _require_safetensors(path)
    import safetensors

    deserialize: Callable[[bytes], list[tuple[str, Any]]] = safetensors.deserialize  # reads bfloat16 as well
    content = path.read_bytes()
    try:
        tensors = deserialize(content)
        with safetensors.safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
    except safetensors.SafetensorError as error:
        raise WeightsError(f"{path} is not a .safetensors file, or a damaged one: {error}") from error
    return {name: _read_tensor(path, name, **tensor) for name, tensor in tensors}, metadata.get(OPTIONS_NAME)


def _read_tensor(path: Path, name: str, dtype: str, shape: list[int], data: bytes) -> NDArray[Any]:
    if dtype == "BF16":  # the upper half of a float32
        return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if dtype not in _DTYPES:
        raise WeightsError(f"{path}: {name} has dtype {dtype}; this library reads {', '.join((*_DTYPES, 'BF16'))}")
    return np.frombuffer(data, _DTYPES[dtype]).reshape(shape)


def _write_safetensors(path: Path, state: Mapping[str, Array], options: str | None) -> None:
    _require_safetensors(path)
    from safetensors.numpy import save_file

    save_file(dict(state), path, None if options is None else {OPTIONS_NAME: options})


def _require_safetensors(path: Path) -> None:
    try:
        import safetensors  # noqa: F401
    except ModuleNotFoundError as error:
        message = f"{path.name}: .safetensors files need the package safetensors (pip install safetensors)"
        raise ModuleNotFoundError(message, name="safetensors") from error


# Which is which -------------------------------------------------------------------------------------------------------

_Read: TypeAlias = Callable[[Path], tuple[Named, str | None]]
_Write: TypeAlias = Callable[[Path, Mapping[str, Array], str | None], None]

_FORMATS: dict[str, tuple[_Read, _Write]] = {
    ".npz": (read_npz, _write_npz),
    ".safetensors": (_read_safetensors, _write_safetensors),
}


def _format_of(path: Path) -> tuple[_Read, _Write]:
    """How to read and write files of this suffix."""
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        why = ""
        if path.suffix.lower() in (".pt", ".pth", ".bin", ".ckpt", ".pkl"):
            why = (
                "; a pickle can run any program and is never opened here: "
                "in PyTorch, save with safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
            )
        raise WeightsError(f"{path}: weights are .safetensors or .npz files, not {path.suffix!r}{why}") from None
