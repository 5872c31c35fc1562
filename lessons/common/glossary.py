"""The glossary: what a term or a symbol means, for hover and focus.

    ## spectral radius {also="spectral radii" symbol="\\rho"}
    The largest absolute value among the eigenvalues of a matrix.

A term has a name, perhaps other forms of it (`also`, separated by commas), symbols (`symbol`, formulas separated by
semicolons), and PyTorch's name (`pytorch`). `lessons/common/glossary/<language>.md` is one for all lessons.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lessons.common.source import TextError, headings, split_attributes

FOLDER = Path(__file__).parent / "glossary"
STEP = re.compile(r"_(?:\{(?:[tkT]|[0-9]+|[\U000f0000-\U000ffffd]|[tkT][-+][0-9]+)\}|[kT0-9\U000f0000-\U000ffffd])")


@dataclass(frozen=True)
class Term:
    """One term: its name, its other forms, its symbols as formulas, PyTorch's names, and what it means (Markdown)."""

    name: str
    also: tuple[str, ...]
    symbols: tuple[str, ...]
    pytorch: tuple[str, ...]
    meaning: str
    line: int


@dataclass(frozen=True, eq=False)
class Glossary:
    """All terms of a language, found by name, other form or symbol."""

    path: Path
    terms: tuple[Term, ...]
    by_name: Mapping[str, Term] = field(default_factory=dict)
    by_symbol: Mapping[str, Term] = field(default_factory=dict)

    def find(self, name: str) -> Term | None:
        """The term of this name or form, whatever its capitals."""
        return self.by_name.get(" ".join(name.lower().split()))

    def find_symbol(self, latex: str) -> Term | None:
        """The term of a symbol: h_3 and h_{t-1} are h_t."""
        plain = latex.replace(" ", "")
        return self.by_symbol.get(plain) or self.by_symbol.get(STEP.sub("_t", plain))


@lru_cache(maxsize=32)
def _load(path: Path, changed: float) -> Glossary:  # noqa: ARG001
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [(n, words) for n, level, words in headings(lines) if level == 2]
    terms = []
    for (line, words), end in zip(marks, [n for n, _ in marks[1:]] + [len(lines) + 1]):
        try:
            name, attributes = split_attributes(words)
        except ValueError as reason:
            raise TextError(path, line, str(reason)) from None
        if unknown := attributes.keys() - {"also", "symbol", "pytorch"}:
            raise TextError(path, line, f"a term has also, symbol and pytorch, not {', '.join(sorted(unknown))}")
        meaning = "\n".join(lines[line : end - 1]).strip()
        if not meaning:
            raise TextError(path, line, f"{name!r} has no meaning")
        also, symbols = _split(attributes.get("also"), ","), _split(attributes.get("symbol"), ";")
        terms.append(Term(name, also, symbols, _split(attributes.get("pytorch"), ","), meaning, line))
    return Glossary(path, tuple(terms), _by(path, terms, "names"), _by(path, terms, "symbols"))


def load(language: str = "en", folder: Path = FOLDER) -> Glossary:
    """The glossary of this language; read again when its file has changed."""
    path = folder / f"{language}.md"
    return _load(path, path.stat().st_mtime)


def _split(value: object, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(value or "").split(mark) if part.strip())


def _by(path: Path, terms: list[Term], kind: str) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in terms:
        keys = term.symbols if kind == "symbols" else (term.name, *term.also)
        for key in keys:
            key = key.replace(" ", "") if kind == "symbols" else key.lower()
            if key in found:
                raise TextError(path, term.line, f"{key!r} is {found[key].name!r} already")
            found[key] = term
    return found
