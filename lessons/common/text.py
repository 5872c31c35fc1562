"""The words of a lesson: its file `<language>.md`, and what is shown of it with the numbers of the moment.

    words = text.load(Path("lessons/hidden_state"))
    section = words.section("again", facts)         # facts: a mapping, or any object with fields and properties
    section.title, section.body, section.do         # HTML, safe to show
    section.questions[0].choices                    # {id: HTML}
    words.label("pictures.norms.title", facts)      # plain text, of the front matter

A section of the file may hold, below its text, something to do and questions:

    ### Drag it. What happens? {do}
    ### Which is larger? {check=larger}             or {predict=larger}
    - past: the past                                a choice: its id, its words
    - input: the input
    ### {answer}
    What is told after the reader has chosen.

How the file is written: lessons/common/source.py; what may stand in {{ }} and {% %}: templates.py and filters.py; what
Markdown there is: markup.py. Whatever is wrong is a `TextError` with file and line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lessons.common import glossary as glossaries
from lessons.common import source as sources
from lessons.common.glossary import Glossary
from lessons.common.markup import MarkupError, fill_text, fragment, split_term
from lessons.common.shape import Question, Section, shape
from lessons.common.source import Part, Source, TextError
from lessons.common.templates import Compiled, Joined, compile_text, fact, names

__all__ = ["Question", "Section", "TextError", "Words", "fact", "languages", "load", "names"]

COMMON = Path(__file__).parent
TERM = re.compile(r"\[\[(.+?)\]\]")
SYMBOL = re.compile(r"(?<![\\$])\$([^$\n]+)\$(?!\$)")
SLOT_OF_JINJA = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, eq=False)
class Words:
    """All words of a lesson in one language; what it does not have itself is that of all lessons."""

    source: Source
    language: str
    glossary: Glossary
    common: "Words | None" = None
    _compiled: dict[str, Compiled] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """The lesson's name."""
        return self.label("title", {})

    @property
    def question(self) -> str:
        """What the reader can answer afterwards."""
        return self.label("question", {})

    @property
    def minutes(self) -> int:
        """How long it takes to read and try."""
        return int(self.source.front.get("minutes", 0))

    @cached_property
    def controls(self) -> dict[str, dict[str, Any]]:
        """{id: {"label": words, "choices": {id: words}}} of the controls; further words as the file has them."""
        shared = self.common.controls if self.common else {}
        given = {**shared, **(self.source.front.get("controls") or {})}
        return {name: value if isinstance(value, dict) else {"label": value} for name, value in given.items()}

    @property
    def presets(self) -> dict[str, Any]:
        """The presets' words as the file has them; `preset` gives them with numbers."""
        return dict(self.source.front.get("presets") or {})

    @property
    def beats(self) -> tuple[str, ...]:
        """The ids of the story's sections, in their order."""
        return tuple(part.id for part in self.source.parts if part.mode == "story")

    @property
    def explore(self) -> tuple[str, ...]:
        """The ids of the sections to explore, in their order."""
        return tuple(part.id for part in self.source.parts if part.mode == "explore")

    def attributes(self, name: str) -> Mapping[str, Any]:
        """A section's attributes; they need no facts."""
        return self.source.part(name).attributes

    def section(self, name: str, facts: Any = None, **more: Any) -> Section:
        """A section with these facts; `more` adds some, such as what the reader has chosen."""
        part = self.source.part(name)
        facts = _joined(facts, more)
        head = self._template(f"## {name}", part.line, part.title).render(facts)
        text = self._template(name, part.line + 1, part.body).render(facts)
        try:
            title = fragment(head.text, None, frozenset(), inline=True).fill(head.values)
            body, do, questions = shape(text.text, self.glossary, self._firsts[name]).fill(text.values)
        except MarkupError as reason:
            raise TextError(self.source.path, _line_of(part, reason.where), str(reason)) from None
        return Section(part.id, title, part.attributes, body, do, questions)

    def label(self, path: str, facts: Any = None, **more: Any) -> str:
        """Words of the front matter, as plain text: `path` is looked for below `labels`, then anywhere."""
        found, where, owner = self._find(path)
        if isinstance(found, Mapping) and "label" in found:
            found, where = found["label"], f"{where}.label"
        if isinstance(found, (Mapping, list)):
            raise TextError(owner.source.path, owner.source.lines[where], f"{path!r} is no words, but a list of them")
        return owner._fill(found, where, _joined(facts, more))

    def labels(self, path: str, facts: Any = None, **more: Any) -> Any:
        """All words of the front matter below `path`, in the same dicts and lists, as plain text."""
        found, where, owner = self._find(path)
        return owner._tree(found, where, _joined(facts, more))

    def rich(self, path: str, facts: Any = None, **more: Any) -> Markup:
        """Words of the front matter as HTML of one line: Markdown, formulas."""
        found, where, owner = self._find(path)
        if isinstance(found, Mapping) and "label" in found:
            found, where = found["label"], f"{where}.label"
        line = owner.source.lines[where]
        done = owner._template(f"front {where}", line, str(found)).render(_joined(facts, more))
        try:
            return fragment(done.text, None, frozenset(), inline=True).fill(done.values)
        except MarkupError as reason:
            raise TextError(owner.source.path, line, str(reason)) from None

    def preset(self, name: str, facts: Any = None, **more: Any) -> Markup:
        """A preset's words, as HTML of one line."""
        return self.rich(f"presets.{name}", facts, **more)

    def heading(self, name: str) -> str:
        """A section's heading as plain text, without facts: for lists of sections."""
        return SLOT_OF_JINJA.sub("…", self.source.part(name).title)

    def questions(self, name: str) -> tuple[str, ...]:
        """The ids of a section's questions that are in the file; those of loops have none there."""
        return self.source.part(name).questions

    def names(self, name: str) -> frozenset[str]:
        """The facts that a section asks for."""
        part = self.source.part(name)
        head, text = self._template(f"## {name}", part.line, part.title), self._template(name, part.line + 1, part.body)
        return frozenset(head.names) | frozenset(text.names)

    def _template(self, key: str, line: int, source: str) -> Compiled:
        if key not in self._compiled:
            self._compiled[key] = compile_text(self.source.path, line, source, self.language)
        return self._compiled[key]

    def _find(self, path: str) -> tuple[Any, str, "Words"]:
        for start in ("labels.", ""):
            found: Any = self.source.front
            for name in (start + path).split("."):
                found = found.get(name) if isinstance(found, Mapping) else None
            if found is not None:
                return found, start + path, self
        if self.common:
            return self.common._find(path)
        raise TextError(self.source.path, 1, f"there are no words for {path!r} in the front matter")

    def _fill(self, words: Any, where: str, facts: Any) -> str:
        if not isinstance(words, str) or "{" not in words:
            return str(words)
        done = self._template(f"front {where}", self.source.lines[where], words).render(facts)
        return fill_text(done.text, done.values).strip()

    def _tree(self, found: Any, where: str, facts: Any) -> Any:
        if isinstance(found, Mapping):
            return {name: self._tree(value, f"{where}.{name}", facts) for name, value in found.items()}
        if isinstance(found, list):
            return [self._tree(value, f"{where}.{i}", facts) for i, value in enumerate(found)]
        return self._fill(found, where, facts)

    @cached_property
    def _firsts(self) -> dict[str, frozenset[str]]:
        """For each section the terms and symbols that no section before it, in the same mode, has shown."""
        seen: dict[str, set[str]] = {mode: set() for mode in sources.MODES}
        firsts = {}
        for part in self.source.parts:
            new = _terms(part, self.glossary) - seen[part.mode]
            firsts[part.id] = frozenset(new)
            seen[part.mode] |= new
        return firsts


def load(folder: Path, language: str = "en") -> Words:
    """The words of the lesson in this folder; read again when a file has changed."""
    path = folder / f"{language}.md"
    if not path.is_file():
        raise TextError(path, 1, f"there is no such file; languages: {', '.join(languages(folder)) or 'none'}")
    common = None if folder == COMMON else _common(language)
    return _load(path, path.stat().st_mtime_ns, language, common, _glossary(language))


def languages(folder: Path) -> tuple[str, ...]:
    """The languages that this lesson is written in."""
    return tuple(sorted(path.stem for path in folder.glob("*.md")))


@lru_cache(maxsize=128)
def _load(path: Path, changed: int, language: str, common: Words | None, glossary: Glossary) -> Words:  # noqa: ARG001
    words = Words(sources.read(path), language, glossary, common)
    _check_terms(words)
    return words


def _common(language: str) -> Words | None:
    for name in (language, "en"):
        if (COMMON / f"{name}.md").is_file():
            return load(COMMON, name)
    return None


def _glossary(language: str) -> Glossary:
    return glossaries.load(language if (glossaries.FOLDER / f"{language}.md").is_file() else "en")


def _joined(facts: Any, more: Mapping[str, Any]) -> Any:
    if facts is None:
        return more
    if not more:
        return facts
    return Joined(facts, more)


def _line_of(part: Part, words: str) -> int:
    """The line of a section's source that holds these words, or of its heading."""
    lines = part.body.split("\n")
    return next((n for n, line in enumerate(lines, part.line + 1) if words in line), part.line)


def _terms(part: Part, glossary: Glossary) -> set[str]:
    body = SLOT_OF_JINJA.sub("\U000f0000", part.body)
    named = {glossary.find(split_term(inside)[1]) for inside in TERM.findall(body)}
    signs = {glossary.find_symbol(latex.strip()) for latex in SYMBOL.findall(body)}
    return {term.name for term in named if term} | {f"${term.name}" for term in signs if term}


def _check_terms(words: Words) -> None:
    for part in words.source.parts:
        for number, line in enumerate(part.body.split("\n"), part.line + 1):
            for inside in TERM.findall(SLOT_OF_JINJA.sub("", line)):
                if not words.glossary.find(split_term(inside)[1]):
                    raise TextError(words.source.path, number, f"{split_term(inside)[1]!r} is not in the glossary")
