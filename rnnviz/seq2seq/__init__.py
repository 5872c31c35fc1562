"""From one sequence to another of another length: an encoder reads, a decoder speaks, with attention or without.

model = rv.seq2seq.EncoderDecoder.create("gru", input_size=20, output_size=25, hidden_size=64, attention=True)
batch = rv.seq2seq.pairs(sources, answers, 20, 25)             lists of symbols -> padded, with the end symbol
passed = rv.seq2seq.forward(model, batch.x, batch.spoken, batch.lengths)    teacher forcing
grads = rv.seq2seq.backward(passed, batch.loss(passed.y).dy)   exact, of both networks
rv.seq2seq.check_gradients(model, batch.x, dy, batch.spoken).error     against finite differences
rv.training.train(model, sample, ...)                          sample(rng) -> pairs
rv.seq2seq.greedy(model, batch.x, batch.lengths)               free running: it reads what it has said
rv.seq2seq.beam_search(model, batch.x[:, :1], width=4)
"""

from rnnviz.seq2seq.decoding import Beam, Hypothesis, Said, beam_search, greedy
from rnnviz.seq2seq.model import EncoderDecoder
from rnnviz.seq2seq.pairs import END, Pairs, pairs
from rnnviz.seq2seq.passes import Pass, PassGradients, backward, forward
from rnnviz.seq2seq.proof import check_gradients

__all__ = [
    "END",
    "Beam",
    "EncoderDecoder",
    "Hypothesis",
    "Pairs",
    "Pass",
    "PassGradients",
    "Said",
    "backward",
    "beam_search",
    "check_gradients",
    "forward",
    "greedy",
    "pairs",
]
