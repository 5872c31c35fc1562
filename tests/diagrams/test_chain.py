"""The way back as a product: what is printed multiplies out, and nothing passes a cut."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnviz import NonFiniteError, ShapeError
from rnnviz.diagrams.arithmetic import MOST
from rnnviz.diagrams.chain import Numbers, Sizes, Words, chain_digits, product_of_numbers, product_of_sizes
from rnnviz.diagrams.html import symbol
from rnnviz.numbers import significant

POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = r"−?\d[\d.]*(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
STATES = st.lists(st.floats(-0.99, 0.99), min_size=1, max_size=13)
WEIGHTS = st.floats(-2, 2).map(lambda w: round(w, 2))
CHAIN = Numbers(w=0.9, h=[0.5, -0.2, 0.7, 0.1], start=-0.3, first=2)  # steps 3 ... 6 back to step 2


def read(printed: str) -> float:
    mantissa, _, power = printed.replace("−", "-").partition("×10")
    return float(f"{mantissa}e{power.translate(POWERS) or 0}")


def chips(body: str) -> list[str]:
    """The numbers in chips, from left to right: result, factors, start."""
    return re.findall(r'class="chip">([^<]*)<', body)


def products(body: str) -> list[str]:
    """What is left after each factor, from left to right."""
    return re.findall(r"<small>.*? = ([^<]*)</small>", body)


def between_roundings(w: float, h: list[float], start: float) -> bool:
    """Whether a product lies exactly between two printed numbers, so that no number of digits tells which is nearer."""
    return chain_digits([w * (1 - state**2) for state in h], start) == MOST


@given(WEIGHTS, STATES, st.floats(0.001, 10))
def test_the_printed_factors_multiply_to_every_printed_product(w: float, h: list[float], start: float) -> None:
    assume(not between_roundings(w, h, start))
    body = product_of_numbers(Numbers(w, h, start, 1))
    result, *factors, first = chips(body)
    running = read(first)
    for factor, printed in zip(reversed(factors), reversed(products(body)), strict=True):
        running *= read(factor)
        assert significant(running) == printed
    assert result == printed
    exact = start * math.prod(w * (1 - state**2) for state in h)
    assert result == significant(exact)


@given(WEIGHTS, STATES)
def test_the_printed_state_and_weight_give_the_printed_factor(w: float, h: list[float]) -> None:
    assume(not between_roundings(w, h, 0.5))
    body = product_of_numbers(Numbers(w, h, 0.5, 1))
    weight = read(re.search(rf"</span> = ({NUMBER})", body)[1])
    states = [
        read(found)
        for found in re.findall(
            rf"<span>{re.escape(significant(w))} ·<br>\(1 − \(?({NUMBER})\)?<sup>2</sup>\)</span>", body
        )
    ]
    factors = chips(body)[1:-1]
    assert weight == w
    assert len(states) == len(factors) == len(h)
    for state, factor in zip(states, factors, strict=True):
        exact = w * (1 - state**2)
        assert read(factor) == pytest.approx(exact, rel=0.5 * 10.0 ** (1 - digits(factor)), abs=1e-300)


def test_a_product_between_two_roundings_is_printed_all_the_same() -> None:
    assert between_roundings(0.38, [0.5], 0.5)  # 0.5 * 0.285 = 0.1425
    assert chips(product_of_numbers(Numbers(0.38, [0.5], 0.5, 1)))[0] == significant(0.5 * 0.38 * 0.75)


def digits(printed: str) -> int:
    """How many significant digits it has."""
    return max(len(re.sub(r"×.*|[−.]", "", printed).lstrip("0")), 1)


def test_steps_are_named_from_the_one_that_it_leads_back_to() -> None:
    body = product_of_numbers(CHAIN)
    assert re.findall(r"<sub>(\d+)</sub></span><sup>2</sup>\)</b>", body) == ["3", "4", "5", "6"]
    assert re.findall(r"<small>∂.*?<sub>(\d+)</sub></span> = ", body) == ["2", "3", "4", "5"]


def test_nothing_passes_a_cut() -> None:
    whole, cut = (product_of_numbers(CHAIN, cuts, Words(uncut="never truncated:")) for cuts in ([], [4]))
    assert chips(cut)[0] == "0"
    assert f"never truncated: {chips(whole)[0]}" in cut
    assert products(cut) == ["0", "0", "0", *products(whole)[3:]]  # the cut is after step 4: only step 5 is reached
    assert cut.count('class="term gone"') == 3
    assert cut.count('class="snip"') == 1
    assert cut.index('class="snip"') < cut.index(f"{products(whole)[3]}</small>")


def test_all_cuts_on_the_way_are_drawn_and_the_last_one_counts() -> None:
    body = product_of_numbers(CHAIN, [1, 2, 4, 5, 6])
    assert body.count('class="snip"') == 3
    assert products(body) == ["0", "0", "0", "0"]


def test_a_cut_elsewhere_changes_nothing() -> None:
    assert product_of_numbers(CHAIN, [1, 6]) == product_of_numbers(CHAIN)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 10**6))
def test_growth_factors_multiply_to_the_sizes(n: int, H: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes, singular = np.exp(rng.normal(size=n + 1)), np.sort(np.exp(rng.normal(size=(n, H))))[:, ::-1]
    body = product_of_sizes(Sizes(sizes, singular, 1))
    result, *factors, start = chips(body)
    running = read(start)
    for factor, printed, size in zip(reversed(factors), reversed(products(body)), sizes[-2::-1], strict=True):
        running *= read(factor)
        assert significant(running) == printed == significant(float(size))
    assert result == significant(float(sizes[0]))
    ends = re.findall(rf"<span>({NUMBER}) … ({NUMBER})<s", body)
    assert ends == [(significant(float(row[-1])), significant(float(row[0]))) for row in singular]


def test_where_nothing_is_left_there_is_no_growth() -> None:
    body = product_of_sizes(Sizes([0.0, 0.0, 0.5], [[1.0], [0.0]], 1))
    assert chips(body) == ["0", "–", "0", "0.500"]


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(NonFiniteError):
        product_of_numbers(Numbers(0.9, [np.nan], 1.0, 1))
    with pytest.raises(NonFiniteError):
        product_of_sizes(Sizes([1.0, np.inf], [[1.0]], 1))
    with pytest.raises(ShapeError):
        product_of_sizes(Sizes([1.0, 1.0], [[1.0], [1.0]], 1))


def test_its_words_come_from_outside_and_are_text_unless_they_say_otherwise() -> None:
    body = product_of_numbers(CHAIN, [4], Words("<cut>", "without", "from <L>", symbol("W", "h")))
    assert "&lt;cut&gt;" in body
    assert "from &lt;L&gt;" in body
    assert f"<p>{symbol('W', 'h')}</p>" in body
