"""Formulas in LaTeX to HTML.

What stands on one line (letters, Greek, indices, named functions, products) becomes plain HTML with <var> and <sub>,
which every font has and every screen reader reads; what needs two dimensions (fractions, roots, sums with limits) is
MathML. A character of `SLOTS` stands for a value that is filled in later, and is one token: `h_{{ step }}` needs no
braces.
"""

import re
from functools import lru_cache

from latex2mathml import exceptions
from latex2mathml.converter import convert
from markupsafe import escape

SLOTS = "\U000f0000-\U000ffffd"
GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
varepsilon varphi Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
"""
GREEK = dict(zip(GREEK_NAMES.split(), "αβγδεζηθικλμνξπρστυφχψωεφΓΔΘΛΞΠΣΦΨΩ"))
NAMED = {"tanh", "sin", "cos", "exp", "log", "ln", "max", "min", "det", "softmax", "relu", "diag"}
MARKS = {
    "cdot": " · ", "times": " × ", "odot": " ⊙ ", "le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ", "geq": " ≥ ", "ne": " ≠ ",
    "neq": " ≠ ", "approx": " ≈ ", "to": " → ", "in": " ∈ ", "pm": " ± ", "partial": "∂", "infty": "∞", "dots": "…",
    "ldots": "…", "cdots": "⋯", "|": "‖", "prime": "′", ",": " ", ";": " ", "quad": "  ", "lVert": "‖", "rVert": "‖",
    "ll": " ≪ ", "gg": " ≫ ", "propto": " ∝ ", "%": "%", "{": "{", "}": "}", "_": "_", "$": "$", "!": "", " ": " ",
    "left": "", "right": "", "top": "⊤",
}  # fmt: skip
SPACED = {"=": " = ", "+": " + ", "<": " &lt; ", ">": " &gt; ", "*": " ∗ "}
TOKEN = re.compile(rf"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|[{SLOTS}]|\s+|.", re.DOTALL)
FAILURES = tuple(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception))


class FormulaError(ValueError):
    """A formula that cannot be read."""


class _TwoDimensional(Exception):
    """The formula needs MathML."""


@lru_cache(maxsize=1024)
def formula(latex: str, *, display: bool = False) -> str:
    """The HTML of a formula; `FormulaError` where it cannot be read."""
    latex = latex.strip()
    if not latex:
        raise FormulaError("the formula is empty")
    _balanced(latex)
    try:
        html = re.sub(r"(</su[bp]>)(?=<var>)", "\\1\N{THIN SPACE}", "".join(_Reader(latex).all()).strip())
    except _TwoDimensional:
        return _mathml(latex, display)
    return f'<span class="rnn-formula{" rnn-display" if display else ""}" role="math">{html}</span>'


class _Reader:
    """Reads a formula from left to right; an atom is what an index can hang on."""

    def __init__(self, latex: str):
        self.tokens = TOKEN.findall(latex)
        self.at = 0

    def all(self, closing: str = "") -> list[str]:
        """The HTML of all atoms up to `closing`."""
        parts: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token == closing:
                return parts
            if token in "_^":
                parts.append(self._index(token))
            elif token == "-":
                parts.append(self._minus(parts))
            else:
                parts.append(self._atom())
        return parts

    def _next(self) -> str:
        if self.at == len(self.tokens):
            raise FormulaError("the formula ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _minus(self, before: list[str]) -> str:
        """A minus between two things has space around it, a sign has none."""
        self.at += 1
        alone = not "".join(before).strip() or "".join(before).endswith((" ", "("))
        return "−" if alone else " − "

    def _index(self, token: str) -> str:
        self.at += 1
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        inner = self._atom().replace(" − ", "−").replace(" + ", "+").replace(" = ", "=")
        if self.at < len(self.tokens) and self.tokens[self.at] in "_^" and self.tokens[self.at] != token:
            raise _TwoDimensional  # both indices stand above each other
        name = "sub" if token == "_" else "sup"
        return f"<{name}>{inner.strip()}</{name}>"

    def _atom(self) -> str:
        token = self._next()
        if token == "{":
            inner = "".join(self.all("}"))
            self._next()
            return inner
        if token.startswith("\\"):
            return self._command(token[1:])
        if token.isalpha() and token.isascii():
            return f"<var>{token}</var>"
        if token.isspace():
            return ""
        if token == "'":
            return "′"
        return SPACED.get(token) or (", " if token == "," else str(escape(token)))

    def _command(self, name: str) -> str:
        if name in GREEK:
            return f"<var>{GREEK[name]}</var>" if name[0].islower() else GREEK[name]
        if name in NAMED:
            return name
        if name in MARKS:
            return MARKS[name]
        if name in ("mathrm", "text", "operatorname"):
            return self._upright()
        raise _TwoDimensional

    def _upright(self) -> str:
        if self._next() != "{":
            raise FormulaError("after \\mathrm, \\text and \\operatorname stands a brace")
        start = self.at
        while self._next() != "}":
            pass
        return str(escape("".join(self.tokens[start : self.at - 1])))


def _balanced(latex: str) -> None:
    depth = 0
    for token in TOKEN.findall(latex):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            break
    if depth:
        raise FormulaError(f"its braces do not match: {latex}")


def _mathml(latex: str, display: bool) -> str:
    try:
        made = convert(latex, display="block" if display else "inline")
    except FAILURES as reason:
        raise FormulaError(f"{latex}: {reason or type(reason).__name__}") from None
    unknown = re.search(r"<mi>\\(\w+)</mi>", made)
    if unknown:
        raise FormulaError(f"\\{unknown[1]} is not known here: {latex}")
    made = made.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "").replace(' display="inline"', "")
    return re.sub(rf"<mi>([{SLOTS}])</mi>", r"<mn>\1</mn>", made)
