"""The glossary: plain, complete, and without contradictions."""

import re

import pytest

from lessons.common import glossary
from lessons.common.formulas import formula
from lessons.common.markup import meaning
from lessons.common.source import TextError
from tests.lessons.common.words import BANNED, split_sentences, spoken

GLOSSARY = glossary.load()
SYMBOLS = (
    *("x_t", "h_t", "c_t", "y_t", "a_t", "W_x", "W_h", "b", r"\sigma", "s_1", r"\rho", r"\phi'", "L"),
    *("f_t", "i_t", "o_t", "g_t", "z_t", "r_t", "n_t"),
)
TERMS = """
hidden state, gate, forget gate, input gate, output gate, candidate, update gate, reset gate, cell state path, constant
error carousel, gradient, norm, gain, largest singular value, spectral radius, saturated, truncated, clipping, plateau,
cliff, input scale, initialization, intervention, preset, time constant, half-life, not finite, one-hot, logits, loss
"""


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_each_symbol_of_the_notation_is_explained(symbol):
    assert GLOSSARY.find_symbol(symbol)


def test_each_term_of_the_design_is_explained():
    assert [term for term in TERMS.split(",") if not GLOSSARY.find(term)] == []


@pytest.mark.parametrize("term", GLOSSARY.terms, ids=lambda term: term.name)
def test_a_meaning_is_one_to_three_short_sentences(term):
    sentences = list(split_sentences(spoken(meaning(term).partition('<span class="rnn-pytorch"')[0])))
    assert 1 <= len(sentences) <= 3
    assert max(len(sentence.split()) for sentence in sentences) <= 32
    assert not any(re.search(rf"\b(?:{banned})\b", term.meaning) for banned in BANNED)
    assert all(formula(symbol) for symbol in term.symbols)


def test_parameters_have_pytorchs_names():
    assert GLOSSARY.find_symbol("W_x").pytorch == ("weight_ih_l0",)
    assert GLOSSARY.find_symbol("W_h").pytorch == ("weight_hh_l0",)


def test_a_symbol_that_is_not_known_is_none():
    assert GLOSSARY.find_symbol("q_t") is None
    assert GLOSSARY.find_symbol("h_{t-1} + 1") is None


@pytest.mark.parametrize(
    ("body", "line", "complaint"),
    [
        ("## a\nA.\n## b {also=A}\nB.\n", 3, "'a' is 'a' already"),
        ("## a\n## b\nB.\n", 1, "'a' has no meaning"),
        ("## a {sign=x}\nA.\n", 1, "not sign"),
        ("## a {also=}\nA.\n", 1, "cannot read"),
    ],
)
def test_a_glossary_that_is_not_written_as_it_should_be_is_refused(tmp_path, body, line, complaint):
    (tmp_path / "en.md").write_text(body, encoding="utf-8")
    with pytest.raises(TextError, match=f"en.md:{line}: .*{complaint}"):
        glossary.load("en", tmp_path)
