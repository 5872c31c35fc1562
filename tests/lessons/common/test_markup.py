"""Markdown to HTML: formulas, terms that explain themselves, links."""

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.common import glossary
from lessons.common.formulas import FormulaError, formula
from lessons.common.markup import MarkupError, fragment, stage_event, to_html

GLOSSARY = glossary.load()


def html(source, firsts=()):
    """With the glossary."""
    return fragment(source, GLOSSARY, frozenset(firsts)).fill()


def bare(latex, display=False):
    """A formula's text, and its tags as they are nested, without the outer one."""
    return re.fullmatch(r'<span class="rnn-formula[^>]*>(.*)</span>', formula(latex, display=display))[1]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("h_t", "<var>h</var><sub><var>t</var></sub>"),
        ("h_{t-1}", "<var>h</var><sub><var>t</var>−1</sub>"),
        (r"\rho = 0.9", "<var>ρ</var> = 0.9"),
        (r"\tanh(-a)", "tanh(−<var>a</var>)"),
        ("a - b", "<var>a</var> − <var>b</var>"),
        ("a < b", "<var>a</var> &lt; <var>b</var>"),
        ("W_x x_t", "<var>W</var><sub><var>x</var></sub>\N{THIN SPACE}<var>x</var><sub><var>t</var></sub>"),
        (r"\phi'(a)", "<var>φ</var>′(<var>a</var>)"),
        (r"f \odot c", "<var>f</var> ⊙ <var>c</var>"),
        (r"\|W^k\|", "‖<var>W</var><sup><var>k</var></sup>‖"),
        (r"10^{-4}", "10<sup>−4</sup>"),
        (r"\mathrm{d} x", "d<var>x</var>"),
        (r"\text{not finite}", "not finite"),
        (r"\hat{y}", "<var>y\u0302</var>"),
        (r"\sqrt{2}", '√<span class="rnn-root">2</span>'),
        ("W_h^k", '<var>W</var><span class="rnn-both"><sup><var>k</var></sup><sub><var>h</var></sub></span>'),
    ],
)
def test_formulas_become_plain_html(latex, expected):
    assert bare(latex) == expected


def test_a_fraction_reads_as_one_without_its_looks():
    assert re.sub("<[^>]*>", "", bare(r"\frac{\partial L}{\partial h_t}")) == "∂L/∂ht"


def test_limits_of_a_sum_stand_below_and_above_where_it_stands_alone():
    assert "rnn-both" in bare(r"\sum_{t=1}^T L_t")
    assert "rnn-large" in bare(r"\sum_{t=1}^T L_t", display=True)


def test_what_plain_html_cannot_show_is_mathml():
    assert formula(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}").startswith("<math>")


@pytest.mark.parametrize("latex", ["", "h_{t", "h}", "h_", "a_b_c", r"\foo", r"\frac{a}", r"\mathrm x"])
def test_a_formula_that_cannot_be_read_is_an_error(latex):
    with pytest.raises(FormulaError):
        formula(latex)


def test_formulas_need_no_space_inside_and_may_be_escaped():
    assert to_html("a $ 5 and 6 $ b") == "<p>a $ 5 and 6 $ b</p>"
    assert to_html(r"\$a\$") == "<p>$a$</p>"
    assert to_html("`$a$`") == "<p><code>$a$</code></p>"


def test_nothing_in_a_formula_is_markdown():
    assert "<em>" not in to_html("$a * b * c_d + e_f$")
    assert to_html("$$\nh\n+ b\n$$") == f"<p>{formula('h + b', display=True)}</p>"


def test_a_term_explains_itself():
    said = html("A [[forget gate]].")
    (tip,) = re.findall(r'aria-describedby="([^"]*)"', said)
    assert f'role="tooltip" id="{tip}"' in said
    assert 'tabindex="0"' in said
    assert "one keeps it, zero erases it" in said


def test_a_term_may_be_shown_in_other_words_and_forms():
    assert ">ρ<" not in html("[[the radius|spectral radius]]")
    assert "the radius<span" in html("[[the radius|spectral radius]]")
    assert 'data-term="gate"' in html("[[Gates]]")


def test_symbols_explain_themselves_at_any_step():
    for symbol in ("$h_t$", "$h_3$", "$h_{t-1}$", "$h_{12}$"):
        assert 'data-term="hidden state"' in html(symbol)
    assert "dfn" not in html("$h_t = 1$")
    assert "<code>weight_hh_l0</code>" in html("$W_h$")


def test_only_the_first_use_is_underlined():
    said = fragment("[[gate]] and [[gate]] and [[norm]]", GLOSSARY, frozenset({"gate"}))
    assert said.html.count("rnn-first") == 1
    assert said.used == {"gate"}


def test_an_unknown_term_is_an_error():
    with pytest.raises(MarkupError, match="'sluice' is not in the glossary"):
        html("[[sluice]]")


def test_what_can_be_clicked_holds_nothing_else_to_focus():
    assert "dfn" not in html("[the gate of $h_t$](stage:f)")
    assert "dfn" in html("[the gate](stage:f) of $h_t$")


@pytest.mark.parametrize(
    ("address", "event"),
    [
        ("stage:f?step=9", {"select": "f", "step": 9}),
        ("stage:?rho=0.5&input=two_pasts", {"rho": 0.5, "input": "two_pasts"}),
        ("stage:f", {"select": "f"}),
        ("stage:?play", {"play": True}),
        ("stage:?text=a%20b", {"text": "a b"}),
    ],
)
def test_links_to_the_stage_say_what_they_set(address, event):
    assert stage_event(address) == event


def test_a_link_to_the_stage_is_a_button():
    said = html("[at step nine](stage:f?step=9)")
    assert said == (
        '<p><a href="#" role="button" class="rnn-stage" data-target="stage" '
        'data-value="{&quot;select&quot;: &quot;f&quot;, &quot;step&quot;: 9}">at step nine</a></p>'
    )


def test_other_sites_open_in_a_new_tab_and_learn_nothing():
    assert 'target="_blank" rel="noopener noreferrer"' in html("[a](https://example.org/a_b)")
    assert html("[a](/lstm_gates)") == '<p><a href="/lstm_gates" target="_self">a</a></p>'


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "ftp://a", "mailto:a"])
def test_no_link_runs_anything(address):
    with suppress(MarkupError):
        assert "<a " not in html(f"[a]({address})")


def test_tables_and_lists_are_there_and_html_and_pictures_are_not():
    assert "<table>" in html("a|b\n-|-\n1|2")
    assert "<li>" in html("- a\n- b")
    assert "<img" not in html("![a](b.png)")
    assert "<b>" not in html("<b>a</b>")


def test_the_same_source_is_rendered_once():
    assert fragment("Once.", GLOSSARY, frozenset()) is fragment("Once.", GLOSSARY, frozenset())


PIECES = (
    r"""[ ] ( ) stage: f?a=1 [[gate]] $ $$ a ** ` | -|- https://a.b/ ``` <b> &amp; ! \frac _ ^ { } \sum \left( \foo"""
)
PIECES_OF_TEXT = [*PIECES.split(), "\n", "\n\n", "- ", "> ", "# ", " ", "\\", "\U000f0000"]


class _Nesting(HTMLParser):
    """Whether each tag that opens is closed in its place."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@given(st.lists(st.sampled_from(PIECES_OF_TEXT), max_size=14).map("".join))
def test_any_text_is_whole_html_or_an_error(source):
    with suppress(MarkupError):
        nesting = _Nesting()
        nesting.feed(fragment(source, GLOSSARY, frozenset()).fill(["<x>"]))
        assert nesting.open == []
