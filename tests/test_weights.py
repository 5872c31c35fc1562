"""Files of weights: what is saved is what is loaded, PyTorch's files open, and nothing else does."""

import io
import json
import pickle
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file

import rnnviz
from rnnviz import weights
from rnnviz.errors import UnknownNameError, WeightsError

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = [".npz", ".safetensors"]
KINDS = {
    "tanh": {"cell": "elman"},
    "relu": {"cell": "elman", "nonlinearity": "relu"},
    "sigmoid": {"cell": "elman", "nonlinearity": "sigmoid"},
    "linear": {"cell": "elman", "nonlinearity": "linear"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru reset before": {"cell": "gru", "reset_after": False},
}
by_suffix = pytest.mark.parametrize("suffix", SUFFIXES)


def network(kind="lstm", **settings):
    rng = np.random.default_rng(0)
    return rnnviz.Network.create(
        **{"input_size": 2, "hidden_size": 3, "output_size": 2, "rng": rng} | KINDS[kind] | settings
    )


def write(path, arrays, metadata=None):
    """A file as someone else would make it."""
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    else:
        save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, path, metadata)
    return path


def same(one, other):
    assert one.cell == other.cell
    assert getattr(one.layers[0][0], "nonlinearity", None) == getattr(other.layers[0][0], "nonlinearity", None)
    assert getattr(one.layers[0][0], "reset_after", None) == getattr(other.layers[0][0], "reset_after", None)
    assert list(one.state_dict()) == list(other.state_dict())
    for name, a in one.state_dict().items():
        assert a.dtype == other.state_dict()[name].dtype
        np.testing.assert_array_equal(a, other.state_dict()[name])


def tensors_of(path):
    """Names in the file, and its metadata."""
    if path.suffix == ".npz":
        return set(np.load(path)), None
    with safe_open(path, framework="np") as file:
        return set(file.keys()), file.metadata()


@by_suffix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [{}, {"num_layers": 2, "bidirectional": True, "output_size": None}])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_saved_is_what_is_loaded(tmp_path, suffix, kind, shape, dtype):
    saved = network(kind, dtype=dtype, **shape)
    weights.save(saved, tmp_path / f"model{suffix}")
    same(weights.load(tmp_path / f"model{suffix}"), saved)
    same(weights.load(str(tmp_path / f"model{suffix}")), saved)


@by_suffix
def test_column_major_weights_survive(tmp_path, suffix):
    state = {name: np.asfortranarray(a) for name, a in network().state_dict().items()}
    saved = rnnviz.Network.from_state_dict(state)
    weights.save(saved, tmp_path / f"model{suffix}")
    same(weights.load(tmp_path / f"model{suffix}"), saved)


def test_pytorchs_file_gives_pytorchs_output():
    """nn.LSTM of two layers and directions under "encoder.rnn", nn.Linear as "decoder", float32, by PyTorch 2.13.0."""
    model, golden = weights.load(GOLDEN / "encoder.safetensors"), np.load(GOLDEN / "encoder.npz")
    assert (model.cell, model.num_layers, model.bidirectional, model.output_size) == ("lstm", 2, True, 5)
    y = rnnviz.unroll(model, golden["x"]).y
    assert y.dtype == np.float32
    assert np.abs(y - golden["y"]).max() < 5e-7 * np.abs(golden["y"]).max()


@by_suffix
@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_defaults_leave_pytorchs_names_alone_in_the_file(tmp_path, suffix, kind):
    weights.save(network(kind), tmp_path / f"model{suffix}")
    names, metadata = tensors_of(tmp_path / f"model{suffix}")
    assert names == set(network(kind).state_dict())
    assert metadata is None


@by_suffix
@pytest.mark.parametrize(
    ("kind", "option"), [("relu", {"nonlinearity": "relu"}), ("gru reset before", {"reset_after": False})]
)
def test_caller_tells_what_a_file_made_elsewhere_does_not(tmp_path, suffix, kind, option):
    path = write(tmp_path / f"model{suffix}", network(kind).state_dict())
    same(weights.load(path, **option), network(kind))


@by_suffix
@pytest.mark.parametrize(
    ("kind", "option"), [("relu", {"nonlinearity": "tanh"}), ("gru reset before", {"reset_after": True})]
)
def test_caller_who_contradicts_the_file_is_told_so(tmp_path, suffix, kind, option):
    weights.save(network(kind), tmp_path / f"model{suffix}")
    with pytest.raises(WeightsError, match=rf"model{suffix} says \w+ = .*; load was told"):
        weights.load(tmp_path / f"model{suffix}", **option)


def test_unknown_nonlinearity_is_told_so(tmp_path):
    weights.save(network("tanh"), tmp_path / "model.npz")
    with pytest.raises(UnknownNameError, match=r"model\.npz.*'sin'"):
        weights.load(tmp_path / "model.npz", nonlinearity="sin")


@by_suffix
@pytest.mark.parametrize("written", ["relu", "[]", '{"reset_after": "no"}', '{"peepholes": true}', "[" * 100_000])
def test_settings_that_are_not_ours_are_refused(tmp_path, suffix, written):
    path, state = tmp_path / f"model{suffix}", network("gru").state_dict()
    if suffix == ".npz":
        write(path, state | {weights.OPTIONS_NAME: np.array(written)})
    else:
        write(path, state, {weights.OPTIONS_NAME: written})
    with pytest.raises(WeightsError, match=f"model{suffix}: its entry 'rnnviz'"):
        weights.load(path)


@by_suffix
def test_float16_is_widened_to_float32(tmp_path, suffix):
    state = {name: a.astype(np.float16) for name, a in network().state_dict().items()}
    loaded = weights.load(write(tmp_path / f"model{suffix}", state))
    same(loaded, rnnviz.Network.from_state_dict({name: a.astype(np.float32) for name, a in state.items()}))


def safetensors_bytes(dtype, arrays):
    """The format by hand: the header's length, the header as JSON, the numbers."""
    header, data = {}, b""
    for name, a in arrays.items():
        header[name] = {"dtype": dtype, "shape": a.shape, "data_offsets": [len(data), len(data) + a.nbytes]}
        data += a.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def test_bfloat16_is_widened_to_float32(tmp_path):
    """bfloat16 is the upper half of a float32."""
    whole = {name: a.astype(np.float32).view(np.uint32) for name, a in network().state_dict().items()}
    halves = {name: (bits >> 16).astype("<u2") for name, bits in whole.items()}
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors_bytes("BF16", halves))
    expected = {name: (bits & 0xFFFF0000).view(np.float32) for name, bits in whole.items()}
    same(weights.load(path), rnnviz.Network.from_state_dict(expected))


def test_eight_bit_floats_are_refused_by_name(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors_bytes("F8_E4M3", {"weight_ih_l0": np.zeros((4, 1), np.uint8)}))
    with pytest.raises(
        WeightsError, match=r"model.safetensors: weight_ih_l0 has dtype F8_E4M3; this library reads F64"
    ):
        weights.load(path)


def without(name):
    state = network().state_dict()
    del state[name]
    return state


@by_suffix
@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "weight_ih_l0 is missing"),
        ({"conv.weight": np.zeros((3, 3))}, "weight_ih_l0 is missing; there is conv.weight"),
        (without("weight_hh_l0"), "weight_hh_l0 is missing"),
        (without("bias_hh_l0"), r"bias_hh_l0 of shape \(12,\) is missing"),
        (network().state_dict() | {"norm.scale": np.ones(3)}, "norm.scale"),
        (
            {n: a.astype(int) for n, a in network().state_dict().items()},
            "must hold floating-point numbers, got .*int64",
        ),
    ],
)
def test_what_is_missing_or_left_over_is_named_with_the_file(tmp_path, suffix, arrays, message):
    path = write(tmp_path / f"model{suffix}", arrays)
    with pytest.raises(WeightsError, match=rf"model{suffix}: .*{message}"):
        weights.load(path)


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def npy(array):
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


NOT_WEIGHTS = {
    "nothing": b"",
    "garbage": b"\x93garbage" * 40,
    "text": b'{"weight_ih_l0": [[1.0]]}',
    "a pickle": pickle.dumps({"weight_ih_l0": [1.0]}),
    "a .npy": npy(np.zeros(3)),
    "a zip of something else": zipped(readme=b"hello"),
    "a .pt": zipped(archive__data__pkl=pickle.dumps({}), archive__version=b"3"),
    "an array of another zip": zipped(weight=npy(np.zeros(3))[:-8]),
    "a header that promises too much": zipped(weight=npy(np.zeros(3)).replace(b"(3,), ", b"(9" + b"0" * 15 + b",),")),
}


@by_suffix
@pytest.mark.parametrize("content", NOT_WEIGHTS.values(), ids=NOT_WEIGHTS)
def test_a_file_of_another_kind_is_refused_by_name(tmp_path, suffix, content):
    path = tmp_path / f"model{suffix}"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=f"model{suffix}"):
        weights.load(path)


@by_suffix
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_file_loads_whole_or_is_refused(tmp_path_factory, suffix, data):
    path = tmp_path_factory.mktemp("damaged") / f"model{suffix}"
    weights.save(network("relu"), path)
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans(), label="truncated"):
        path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
        with pytest.raises(WeightsError, match=f"model{suffix}"):
            weights.load(path)
    else:
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        with suppress(WeightsError, UnknownNameError):
            weights.load(path)


class Trap:
    """An object whose unpickling leaves a trace on disk."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_nothing_is_ever_unpickled(tmp_path):
    sprung, path = tmp_path / "sprung", tmp_path / "model.npz"
    trapped = np.array([Trap(sprung)], dtype=object)
    for content in (
        pickle.dumps(Trap(sprung)),
        zipped(weight_ih_l0=npy(trapped)),
        zipped(data=pickle.dumps(Trap(sprung))),
    ):
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=r"model\.npz"):
            weights.load(path)
    assert not sprung.exists()
    np.load(io.BytesIO(npy(trapped)), allow_pickle=True)
    assert sprung.exists(), "the trap works"


@pytest.mark.parametrize("name", ["model", "model.txt", "model.npy", "model.safetensors.gz"])
def test_another_suffix_is_refused_before_anything_is_read_or_written(tmp_path, name):
    with pytest.raises(WeightsError, match=r"\.safetensors or \.npz files, not"):
        weights.load(tmp_path / name)
    with pytest.raises(WeightsError, match=r"\.safetensors or \.npz files, not"):
        weights.save(network(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_pt_file_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(WeightsError, match=r"safetensors\.torch\.save_file"):
        weights.load(tmp_path / "model.pt")


@by_suffix
def test_a_missing_file_is_a_missing_file(tmp_path, suffix):
    with pytest.raises(FileNotFoundError, match=f"none{suffix}"):
        weights.load(tmp_path / f"none{suffix}")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        weights.save(network(), tmp_path / "nowhere" / f"model{suffix}")


@by_suffix
def test_a_save_that_fails_leaves_the_old_file(tmp_path, suffix, monkeypatch):
    path = tmp_path / f"model{suffix}"
    weights.save(network(), path)
    before = path.read_bytes()

    def half(part, *_):
        part.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setitem(weights._FORMATS, suffix, (None, half))
    with pytest.raises(OSError, match="disk full"):
        weights.save(network("gru"), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@by_suffix
def test_saving_replaces_the_old_file_and_leaves_nothing_beside_it(tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    weights.save(network("lstm"), path)
    old = path.stat().st_ino
    weights.save(network("gru"), path)
    same(weights.load(path), network("gru"))
    assert path.stat().st_ino != old, "a file of its own took the old one's place"
    assert list(tmp_path.iterdir()) == [path]


def test_without_the_library_safetensors_the_package_is_named_and_npz_works(tmp_path, monkeypatch):
    weights.save(network(), tmp_path / "model.safetensors")
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for call in (lambda path: weights.load(path), lambda path: weights.save(network(), path)):
        with pytest.raises(ModuleNotFoundError, match="pip install safetensors"):
            call(tmp_path / "model.safetensors")
    weights.save(network(), tmp_path / "model.npz")
    same(weights.load(tmp_path / "model.npz"), network())
