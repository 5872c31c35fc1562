"""Which numbers a text says: of HTML with MathML, of Markdown, or plain; one spelling for each number.

A number keeps its digits as printed ("0.90", not 0.9); only its signs are made alike: a true minus is "-", a power of
ten "1.2e-9" whether it was printed with small raised digits, in <sup> or as a formula, and "1,234" is "1234". Digits in
a subscript are numbers, too. What is not seen is not read: attributes, styles, the TeX inside a formula, addresses.
"""

import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LOWERED = str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")
UNSEEN = ("style", "script", "annotation", "annotation-xml", "title")
VOID = ("br", "hr", "img", "input", "meta", "link", "wbr", "col")
NUMBER = re.compile(r"(?:(?<![\w)\]}])-)?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?:(?<![\w)\]}])-)?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def numbers(text: str) -> list[str]:
    """The numbers of a plain text in reading order, in one spelling."""
    text = text.replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"(?<=\d)[\u2009\u202f](?=\d{3})", "", text)
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found[0].translate(RAISED), text)
    text = re.sub("[₋₀₁₂₃₄₅₆₇₈₉]+", lambda found: " " + found[0].translate(LOWERED), text)
    text = re.sub(r"\^\s*\{\s*([^{}]*)\}", r"^\1 ", text)
    text = re.sub(r"(\d)\s*(?:[×·⋅]|\\cdot|\\times)\s*10\s*\^\s*(-?\d+)", r"\1e\2 ", text)
    text = re.sub(r"(?<![\d.])10\s*\^\s*(-?\d+)", r"1e\1 ", text)
    return [found.replace(",", "") for found in NUMBER.findall(text.replace("^", " "))]


def value(number: str) -> Decimal:
    """What a number is worth: "0.90" and "0.9" are the same."""
    return Decimal(number).normalize() + 0


def of_markdown(text: str) -> list[str]:
    """The numbers of a Markdown text; where its links lead is no text."""
    return numbers(unescape(re.sub(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)", "] ", re.sub(r"</?\w[^>]*>", " ", text))))


def of_html(markup: str) -> list[str]:
    """The numbers of all that is seen of a piece of HTML."""
    return numbers(" ".join(text for _, text in pieces(markup)))


def pieces(markup: str) -> list[tuple[tuple[str, ...], str]]:
    """The texts of a piece of HTML in their order, each with the classes around it; a row of `data-hits` is skipped."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.joined()


class _Reader(HTMLParser):
    """Collects what is seen. Formulas: a sign stays with its number, an exponent is marked by ^."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []  # tag and classes
        self.children: list[int] = []
        self.found: list[tuple[tuple[str, ...], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self.open[-1][0] if self.open else ""
        if self.children:
            self.children[-1] += 1
            if inside in ("msup", "msubsup") and self.children[-1] == (2 if inside == "msup" else 3):
                self._put("^")
        self._put("^" if tag == "sup" else "" if tag in ("mo", "mn", "mrow") else " ")
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("class") or ""))
            self.children.append(0)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._put(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _ in self.open]:
            while self.open and self.open[-1][0] != tag:
                self._leave()
            self._leave()
        self._put("" if tag in ("mo", "mi", "mrow") else " ")

    def handle_data(self, data: str) -> None:
        if not any(tag in UNSEEN for tag, _ in self.open):
            inside = self.open[-1][0] if self.open else ""
            self._put(data.strip() if inside in ("mo", "mi", "mn") else data)

    def _leave(self) -> None:
        self.open.pop()
        self.children.pop()

    def _put(self, text: str) -> None:
        self.found.append((tuple(name for _, names in self.open for name in names.split()), text))

    def joined(self) -> list[tuple[tuple[str, ...], str]]:
        """Neighbours of the same classes as one piece."""
        out: list[tuple[tuple[str, ...], str]] = []
        for classes, text in self.found:
            if out and (out[-1][0] == classes or not text.strip()):
                out[-1] = (out[-1][0], out[-1][1] + text)
            else:
                out.append((classes, text))
        return out
