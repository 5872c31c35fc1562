"""Checkpoints as files: what is written is what is read, and nothing else is."""

import io
import json
import pickle
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.training.files import ABOUT, VERSION
from tests.training.runs import adding, first, network, rules, same


@pytest.fixture
def checkpoint():
    return first(2, network("gru", reset_after=False), **rules())[-1]


def rewrite(path, **changes):
    """The same file with some entries changed, or left out where None."""
    with np.load(path) as saved:
        entries = {name: saved[name] for name in saved.files} | changes
    np.savez(path, **{name: a for name, a in entries.items() if a is not None})


def about(path, **changes):
    with np.load(path) as saved:
        said = json.loads(str(saved[ABOUT])) | changes
    rewrite(path, **{ABOUT: np.array(json.dumps(said))})


def test_the_network_s_settings_and_the_seconds_come_back(checkpoint, tmp_path):
    checkpoint.save(tmp_path / "run.npz")
    opened = rv.training.load(tmp_path / "run.npz")
    assert same(opened, checkpoint)
    assert opened.network.reset_after is False
    assert opened.seconds == checkpoint.seconds
    relu = rv.training.start(network("elman", nonlinearity="relu"))
    relu.save(tmp_path / "run.npz")
    assert rv.training.load(tmp_path / "run.npz").network.nonlinearity == "relu"


def test_update_0_is_saved_too_and_its_numbers_are_not_known(tmp_path):
    rv.training.start(network(), rng=np.random.default_rng(7)).save(tmp_path / "run.npz")
    opened = rv.training.load(tmp_path / "run.npz")
    assert np.isnan([opened.loss, opened.gradient_norm, opened.clipped_norm, opened.learning_rate]).all()
    assert opened.update == 0
    assert opened.optimizer_state is None
    assert same(first(1, opened, **rules())[0], first(1, network(), seed=7, **rules())[0])


def test_a_chain_and_its_noise_go_on_from_a_file(tmp_path):
    noise = rv.transformations.add_noise(0.1, rng=np.random.default_rng(3))
    optimizer = rv.optimizers.chain(noise, rv.transformations.clip_by_global_norm(0.5), rv.optimizers.adam())
    given = rules(optimizer=optimizer, clip=None)
    whole = first(6, network(), **given)
    whole[2].save(tmp_path / "run.npz")
    assert same(first(3, rv.training.load(tmp_path / "run.npz"), **given)[-1], whole[-1])


def test_a_file_of_before_stays_whole_where_writing_fails(checkpoint, tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    checkpoint.save(path)

    def failing(file, **_entries):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", failing)
    with pytest.raises(OSError, match="disk full"):
        checkpoint.save(path)
    assert same(rv.training.load(path), checkpoint)
    assert [one.name for one in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.parametrize("name", ["run", "run.pt", "run.safetensors"])
def test_another_suffix_is_refused(checkpoint, tmp_path, name):
    with pytest.raises(rv.WeightsError, match=r"\.npz"):
        checkpoint.save(tmp_path / name)


def test_a_folder_or_file_that_is_not_there_is_named(checkpoint, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        checkpoint.save(tmp_path / "nowhere" / "run.npz")
    with pytest.raises(FileNotFoundError):
        rv.training.load(tmp_path / "run.npz")


def test_weights_are_no_checkpoint_and_a_checkpoint_no_weights(checkpoint, tmp_path):
    path = tmp_path / "model.npz"
    rv.save(checkpoint.network, path)
    with pytest.raises(rv.WeightsError, match=r"model\.npz: no checkpoint \(rnnviz\.load"):
        rv.training.load(path)
    checkpoint.save(path)
    with pytest.raises(rv.WeightsError, match=r"model\.npz"):
        rv.load(path)


def test_another_version_is_named(checkpoint, tmp_path):
    path = tmp_path / "run.npz"
    checkpoint.save(path)
    about(path, version=VERSION + 1)
    with pytest.raises(rv.WeightsError, match=rf"run\.npz: .*version {VERSION + 1}; .*version {VERSION}"):
        rv.training.load(path)


def test_nothing_is_unpickled(checkpoint, tmp_path):
    path = tmp_path / "run.npz"
    checkpoint.save(path)
    with zipfile.ZipFile(path) as archive:
        assert b"O" not in {np.load(io.BytesIO(archive.read(name))).dtype.kind.encode() for name in archive.namelist()}
    ran = []
    trap = np.empty(1, object)
    trap[0] = type("Trap", (), {"__reduce__": lambda _self: (ran.append, (1,))})
    np.savez(path, **{ABOUT: np.array([pickle])[:0].astype(object)}, allow_pickle=True)
    with pytest.raises(rv.WeightsError, match="run"):
        rv.training.load(path)
    assert not ran


BROKEN = {
    "no loss": {"loss": None},
    "a loss of two": {"loss": np.zeros(2)},
    "no weights": {"network/weight_hh_l0": None},
    "weights of another shape": {"network/weight_hh_l0": np.zeros((3, 3))},
    "weights that are not finite": {"network/readout.bias": np.array([np.nan])},
    "about no JSON": {ABOUT: np.array("{")},
    "about no mapping": {ABOUT: np.array("[1]")},
    "about nothing": {ABOUT: np.array("{}")},
    "optimizer without t": {"optimizer/t": None},
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_a_file_in_which_something_is_wrong_is_refused_by_name(checkpoint, tmp_path, changes):
    path = tmp_path / "run.npz"
    checkpoint.save(path)
    rewrite(path, **changes)
    with pytest.raises(rv.WeightsError, match=r"run\.npz"):
        rv.training.load(path)


@pytest.mark.parametrize(
    "rng",
    [
        {},
        {"state": {"bit_generator": "os.system"}, "seed": {}},
        {"state": {"bit_generator": "PCG64", "state": 3}, "seed": {}},
        {"state": {"bit_generator": "SFC64", "state": {"state": {"array": [1], "dtype": "O"}}}, "seed": {}},
    ],
)
def test_a_state_of_no_generator_is_refused(checkpoint, tmp_path, rng):
    path = tmp_path / "run.npz"
    checkpoint.save(path)
    about(path, rng=rng)
    with pytest.raises(rv.WeightsError, match=r"run\.npz"):
        rv.training.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 99, pickle.dumps({"update": 3})], ids=["nothing", "text", "pickle"]
)
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(rv.WeightsError, match=r"run\.npz"):
        rv.training.load(path)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_loads_whole_or_is_refused(checkpoint, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / "run.npz"
    checkpoint.save(path)
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans(), label="truncated"):
        path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
        with pytest.raises(rv.WeightsError, match=r"run\.npz"):
            rv.training.load(path)
    else:
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        with suppress(rv.WeightsError):
            rv.training.load(path)


def test_a_checkpoint_is_about_as_large_as_its_network_and_what_the_optimizer_remembers(tmp_path):
    run = first(1, network("lstm", hidden_size=40), **rules(sample=lambda rng: adding(rng, num_steps=60)))
    run[0].save(tmp_path / "run.npz")
    assert (tmp_path / "run.npz").stat().st_size < 3 * run[0].network.parameter_count * 8 + 20_000
