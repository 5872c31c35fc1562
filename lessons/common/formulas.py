"""Formulas in LaTeX to HTML.

Letters, Greek, indices, named functions, fractions and sums become plain HTML with <var> and <sub>. It looks the same
in every browser, whether it has a font for mathematics or not, and is read aloud as it stands. What else there is in
LaTeX (matrices, cases) becomes MathML. A character of `SLOTS` stands for a value that is filled in later, and is one
token: `h_{{ step }}` needs no braces.
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
WITH_SPACE = {"=": " = ", "+": " + ", "<": " &lt; ", ">": " &gt; ", "*": " ∗ ", ",": ", ", "'": "′"}
LARGE = {"sum": "∑", "prod": "∏"}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}  # combining
TOKEN = re.compile(rf"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|[{SLOTS}]|\s+|.", re.DOTALL)
FAILURES = tuple(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception))


class FormulaError(ValueError):
    """A formula that cannot be read."""


class _NeedsMathML(Exception):
    """The formula holds what plain HTML cannot show."""


@lru_cache(maxsize=1024)
def formula(latex: str, *, display: bool = False) -> str:
    """The HTML of a formula; `FormulaError` where it cannot be read."""
    latex = latex.strip()
    if not latex:
        raise FormulaError("the formula is empty")
    _balanced(latex)
    try:
        html = re.sub(r"(</su[bp]>)(?=<var>)", "\\1\N{THIN SPACE}", "".join(_Reader(latex, display).all()).strip())
    except _NeedsMathML:
        return _mathml(latex, display)
    return f'<span class="rnn-formula{" rnn-display" if display else ""}" role="math">{html}</span>'


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, latex: str, display: bool):
        self.tokens = TOKEN.findall(latex)
        self.at = 0
        self.display = display

    def all(self, closing: str = "") -> list[str]:
        """The HTML of all that stands before `closing`."""
        parts: list[str] = []
        while self._skip_space() not in ("", closing):
            token = self._peek()
            if token in ("_", "^"):
                parts.append(self._indices())
            elif token == "-":
                parts.append(self._minus(parts))
            else:
                parts.append(self._atom())
        return parts

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        if self.at == len(self.tokens):
            raise FormulaError("the formula ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _skip_space(self) -> str:
        """The next token that is no space."""
        while self._peek().isspace():
            self.at += 1
        return self._peek()

    def _argument(self) -> str:
        """What belongs to the command or mark before: one atom, or what stands in braces."""
        if self._skip_space() in ("", "}"):
            raise FormulaError("something is missing after _, ^ or a command")
        return self._atom()

    def _minus(self, before: list[str]) -> str:
        """A minus between two things has space around it, a sign has none."""
        self.at += 1
        alone = not "".join(before).strip() or "".join(before).endswith((" ", "(", "["))
        return "−" if alone else " − "

    def _raised(self) -> dict[str, str]:
        """What stands below and above: {"_": html, "^": html}, of what there is."""
        found: dict[str, str] = {}
        while self._peek() in ("_", "^"):
            mark = self._next()
            if mark in found:
                raise FormulaError(f"there are two {mark} in a row")
            found[mark] = re.sub(r" ([−+=·]) ", r"\1", self._argument()).strip()
        return found

    def _indices(self) -> str:
        found = self._raised()
        low = f"<sub>{found['_']}</sub>" if "_" in found else ""
        high = f"<sup>{found['^']}</sup>" if "^" in found else ""
        return f'<span class="rnn-both">{high}{low}</span>' if low and high else low + high

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
        return WITH_SPACE.get(token) or str(escape(token))

    def _command(self, name: str) -> str:
        if name in GREEK:
            return f"<var>{GREEK[name]}</var>" if name[0].islower() else GREEK[name]
        if name in MARKS:
            return MARKS[name]
        if name in NAMED:
            return name
        if name in LARGE:
            return self._large(LARGE[name])
        if name in ACCENTS:
            return self._argument().replace("</var>", f"{ACCENTS[name]}</var>")
        if name == "frac":
            over, under = self._argument(), self._argument()
            return f'<span class="rnn-frac"><span>{over}</span><i>/</i><span>{under}</span></span>'
        if name == "sqrt" and self._peek() == "{":
            return f'√<span class="rnn-root">{self._argument()}</span>'
        if name in ("mathrm", "text", "operatorname"):
            return self._upright()
        raise _NeedsMathML

    def _large(self, sign: str) -> str:
        """A sum or a product; in a formula that stands alone its limits stand below and above."""
        self._skip_space()
        found = self._raised()
        low, high = found.get("_", ""), found.get("^", "")
        if not self.display:
            return f'{sign}<span class="rnn-both"><sup>{high}</sup><sub>{low}</sub></span> '
        return f'<span class="rnn-large"><small>{high}</small><b>{sign}</b><small>{low}</small></span>'

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
