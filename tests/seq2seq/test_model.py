"""An encoder-decoder as arrays and files, and in training: resumed and forked to the bit."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError, WeightsError
from rnnviz.network import Network
from rnnviz.readout import Readout
from rnnviz.seq2seq import EncoderDecoder, pairs
from tests.seq2seq.models import KINDS, I, Q, model, three
from tests.training.runs import clipped, numbers

RULES = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.02, "clip": clipped}


def sample(rng):
    """Each answer is its source from back to front."""
    read = [rng.integers(I, size=rng.integers(1, 5)) for _ in range(8)]
    return pairs(read, [one[::-1] + 1 for one in read], I, Q)


def run(start, count):
    return list(islice(rv.training.train(start, sample, **RULES), count))


@pytest.mark.parametrize(("cell", "attention", "bidirectional"), KINDS)
def test_a_file_holds_all_of_it(tmp_path, cell, attention, bidirectional):
    net, batch = model(cell, attention, bidirectional), three()
    net.save(tmp_path / "model.npz")
    again = EncoderDecoder.load(tmp_path / "model.npz")
    assert again.attention == attention
    assert again.encoder.bidirectional == bidirectional
    for one, other in zip(net.state_dict().items(), again.state_dict().items(), strict=True):
        assert one[0] == other[0]
        np.testing.assert_array_equal(one[1], other[1])
    passes = [rv.seq2seq.forward(each, batch.x, batch.spoken, batch.lengths).y for each in (net, again)]
    np.testing.assert_array_equal(*passes)


@pytest.mark.parametrize("attention", [False, True])
def test_training_goes_on_from_a_saved_checkpoint_to_the_bit(tmp_path, attention):
    through = run(model("lstm", attention), 6)
    through[2].save(tmp_path / "run.npz")
    resumed = run(rv.training.load(tmp_path / "run.npz"), 3)
    for one, other in zip(through[3:], resumed, strict=True):
        mine, its = numbers(one), numbers(other)
        assert mine.keys() == its.keys()
        for name in mine:
            np.testing.assert_array_equal(mine[name], its[name], err_msg=name)


def test_it_learns():
    losses = [one.loss for one in run(model(seed=1), 60)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert rv.training.evaluate(model(), three()).loss == pytest.approx(np.log(Q), rel=0.2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"truncate": 3}, "truncate"),
        ({"regularization": rv.regularization.Dropout(inputs=0.1)}, "regularization"),
        ({"feeding": rv.training.Feeding(0.5)}, "feeding"),
    ],
)
def test_it_is_trained_without_what_it_has_no_use_for(given, says):
    with pytest.raises(ValueError, match=says):
        rv.training.train(model(), sample, **RULES, **given)


def test_a_batch_without_what_is_spoken_is_refused():
    task = rv.tasks.adding
    with pytest.raises(TypeError, match="spoken"):
        next(rv.training.train(model(), lambda rng: task(rng, 2, 5), **RULES))


def test_parts_that_do_not_fit_are_refused():
    encoder, decoder = Network.create("gru", I, 3, bidirectional=True), Network.create("gru", Q, 6)
    readout = Readout(np.zeros((Q, 6)), np.zeros(Q))
    assert EncoderDecoder(encoder, decoder, readout).hidden_size == 6
    with pytest.raises(ShapeError, match="a decoder of one direction"):
        EncoderDecoder(Network.create("gru", I, 4, bidirectional=True), decoder, readout)
    with pytest.raises(ShapeError, match=r"readout\.weight"):
        EncoderDecoder(encoder, decoder, Readout(np.zeros((Q, 5)), np.zeros(Q)))
    with pytest.raises(ShapeError, match="even"):
        EncoderDecoder.create("gru", I, Q, 5)


def test_arrays_that_are_no_encoder_decoder_are_refused(tmp_path):
    state = model().state_dict()
    with pytest.raises(WeightsError, match="readout"):
        EncoderDecoder.from_state_dict({name: a for name, a in state.items() if name != "readout.bias"})
    with pytest.raises(WeightsError, match="extra"):
        EncoderDecoder.from_state_dict(state | {"extra.weight": np.zeros((2, 2))})
    with pytest.raises(WeightsError, match="not the parameters"):
        model().with_parameters(model(attention=False).state_dict())
    with pytest.raises(WeightsError, match=r"\.npz"):
        model().save(tmp_path / "model.pt")
