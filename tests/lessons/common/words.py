"""Laws that the words of every lesson keep. `test_words.py` holds all lessons of the catalog to them.

A law takes a `Lesson` and gives its complaints, one line each with file and line; none is good. What it needs of a
model:

    controls(values) -> tuple[Control, ...]     as on the page
    PRESETS                                     {id: {control: value}}
    facts_for(section, values) -> facts         what the section of this id speaks of with these values of the controls;
                                                of beats, `scene(moment)` of the lesson's `stage.py` gives the facts
    PLACES                                      ids that a stage: link may select, where they are not those of a cell

What a file may except is said in its front matter: `digits: [words with a digit]`, `allow: [words]`. So a lesson's own
tests are about its model alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from lessons import catalog
from lessons.common import text
from lessons.common.beats import Place
from lessons.common.controls import Choice, Control, Range, Span, Steps, Text, every_id, settle
from lessons.common.interventions import Holds
from lessons.common.markup import stage_event
from lessons.common.source import Part, headings, place
from lessons.common.story import Moment, Scene, moment_at
from lessons.common.text import Section, TextError, Words
from rnnviz import player

PLACES = frozenset(place for places in player.PLACES.values() for place in places)
STANDING = frozenset(("select", "step", "unit", "pass", "see", "layer", "direction", "play", "beat", "preset"))
NASTY = "<b>*a*</b> [x](stage:f) {{ 1 }} $\\rho$ & \"q\" 'q' `c` ~~s~~ # h"
HEADING, SENTENCES, NUMBERS = 30, 3, 2  # at most: characters of a beat's heading, sentences of it, numbers in one

BANNED = {  # what the design page says not to say: {what: say instead}
    r"conveyors?|belts?": "cell state path",
    r"stretch\w*": "gain, largest singular value",
    r"loudness": "input scale",
    r"surgery|operat(?:e|es|ed) on|pin(?:s|ned)?": "intervention, clamp",
    r"walls?": "cliff",
    r"states? of rest": "fixed point",
    r"no numbers? any more|left the numbers": "not finite",
    r"cuts?|cutting": "truncated",
    r"promis(?:e|es|ed)": "predicted from the bias alone",
    r"memory in steps back": "time constant, half-life",
    r"(?:size|length)s? of (?:the |a |each |this |its )?gradients?|gradient['’]s (?:size|length)": "norm",
}
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{##.*?##\}", re.DOTALL)
APART = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)  # code and formulas
LINK = re.compile(r"\]\(([^)\s]*)\)")
STAGE = re.compile(r"\]\((stage:[^)]*)\)")
NUMBERED = re.compile(r"(?m)^\s*\d+[.)] ")
CHOICE_ID = re.compile(r"(?m)^[-*+] +[\w-]+ *:")
DIGIT = re.compile(r"[0-9₀-₉⁰¹²³⁴-⁹¼½¾]")
ENDS = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)[.!?…]+[”’\")]*(?=\s|$)")
NUMBER = re.compile(r"(?<![\w.])[−+]?\d[\d.,]*(?:×10[⁻⁰¹²³⁴-⁹]+)?")


@dataclass(frozen=True)
class Lesson:
    """A lesson as the laws see it: its folder, one of its languages, its model."""

    folder: Path
    language: str
    model: ModuleType | Any
    scene: Callable[[Moment], Scene] | None = None

    @classmethod
    def open(cls, slug: str, language: str = "en") -> "Lesson":
        """The lesson of this slug."""
        folder = catalog.folder(slug)
        stage = import_module(f"lessons.{slug}.stage") if (folder / "stage.py").exists() else None
        return cls(folder, language, import_module(f"lessons.{slug}.model"), stage and stage.scene)

    @cached_property
    def words(self) -> Words:
        return text.load(self.folder, self.language)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.words.source.parts

    def at(self, line: int, complaint: str) -> str:
        """A complaint, with its place."""
        return f"{place(self.words.source.path)}:{line}: {complaint}"

    def facts(self, part: Part, values: Mapping[str, Any]) -> Any:
        """What a section speaks of with these values; nothing where it asks for nothing."""
        if part.mode == "story" and self.scene:
            return self.scene(moment_at(Place(part.id, {}, {}), self.words, self.model)).facts
        asks = self.words.names(part.id) or part.questions
        return self.model.facts_for(part.id, values) if asks else {}

    def values(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """All controls' values where these are asked for."""
        return settle(self.model.controls, said)[1]


# Laws


def renders(lesson: Lesson) -> list[str]:
    """Each section is whole at the defaults, at each preset, and with each control at either end."""
    found: list[str] = []
    if not hasattr(lesson.model, "facts_for"):
        return [lesson.at(1, "its model has no facts_for(section, values), which these laws need")]
    for part in lesson.parts:
        for said, values in situations(lesson, part):
            try:
                section = lesson.words.section(part.id, lesson.facts(part, values))
            except TextError as reason:
                found.append(f"{reason} [with {said}]")
                continue
            found += [lesson.at(part.line, f"{one} [with {said}]") for one in _unfit(lesson, part, section, values)]
    return _few(found)


def loads(lesson: Lesson) -> list[str]:
    """The file can be read: modes, ids, attributes, questions, and terms that the glossary has."""
    try:
        lesson.words.title, lesson.words.question  # noqa: B018
        for part in lesson.parts:
            lesson.words.names(part.id)
    except TextError as reason:
        return [str(reason)]
    return []


def languages_agree(lesson: Lesson) -> list[str]:
    """What is no word is the same in all languages: sections, attributes, names of facts, questions, labels."""
    english = text.load(lesson.folder, "en")
    return [
        f"{place(lesson.words.source.path)}: {what} differs from English: {there!r}, not {here!r}"
        for (what, here), (_, there) in zip(_bones(english), _bones(lesson.words))
        if here != there
    ]


def no_digits(lesson: Lesson) -> list[str]:
    """Each number in the text is a fact, but for formulas, code, citations (the section "sources") and headings."""
    found = []
    allowed = [str(one) for one in lesson.words.source.front.get("digits", ())]
    for line, said in _prose(lesson):
        bare = said
        for one in allowed:
            bare = bare.replace(one, "")
        if DIGIT.search(bare):
            found.append(lesson.at(line, f"a number that comes from no fact: {said.strip()!r}"))
    return found


def stage_links(lesson: Lesson) -> list[str]:
    """Links to the stage name places, controls and steps that exist; links to other pages, lessons that exist."""
    places = frozenset(getattr(lesson.model, "PLACES", PLACES))
    settings = STANDING | every_id(lesson.model.controls)
    found = []
    for line, source in _lines(lesson):
        for address in STAGE.findall(source):
            event = stage_event(JINJA.sub("0", address))
            unknown = [name for name in event if name not in settings]
            if "select" in event and "{{" not in address.partition("?")[0] and event["select"] not in places:
                unknown.append(str(event["select"]))
            found += [lesson.at(line, f"{address} names {name!r}, which is not there") for name in unknown]
        for address in LINK.findall(source):
            page = re.split(r"[?#]", address)[0].strip("/")
            if ":" not in address and page and page not in catalog.SLUGS:
                found.append(lesson.at(line, f"there is no lesson {page!r}"))
    return found


def controls_have_words(lesson: Lesson) -> list[str]:
    """Each control, each of its choices and each preset is called something; what is called so exists."""
    words = lesson.words.controls
    controls = {control.id: control for _, values in situations(lesson) for control in lesson.model.controls(values)}
    found = [f"the control {name!r} has no words" for name in controls if name not in words]
    for name, control in controls.items():
        if isinstance(control, Choice) and name in words:
            given = set(map(str, words[name].get("choices", ())))
            found += [f"the choice {one!r} of {name!r} has no words" for one in control.options if one not in given]
            found += [f"{name!r} has no choice {one!r}" for one in sorted(given - set(control.options))]
    presets = set(lesson.model.PRESETS)
    found += [f"the preset {name!r} has no words" for name in sorted(presets - set(lesson.words.presets))]
    found += [f"there is no preset {name!r}" for name in sorted(set(lesson.words.presets) - presets)]
    return [lesson.at(1, one) for one in found]


def beats_are_small(lesson: Lesson) -> list[str]:
    """A beat has a short heading, at most three sentences with two numbers each, and one thing to do or to predict."""
    found = []
    for part in lesson.parts:
        if part.mode != "story":
            continue
        section = lesson.words.section(part.id, lesson.facts(part, lesson.values(part.attributes)))
        if len(spoken(section.title)) > HEADING:
            found.append(lesson.at(part.line, f"the heading is longer than {HEADING} characters"))
        sentences = list(split_sentences(spoken(section.body)))
        if len(sentences) > SENTENCES:
            found.append(lesson.at(part.line, f"the beat has {len(sentences)} sentences, more than {SENTENCES}"))
        full = [sentence for sentence in sentences if len(NUMBER.findall(sentence)) > NUMBERS]
        found += [lesson.at(part.line, f"more than {NUMBERS} numbers: {sentence!r}") for sentence in full]
        tasks = (section.do is not None) + len(section.questions)
        if tasks != 1 and part.id != lesson.words.beats[-1]:
            found.append(lesson.at(part.line, f"the beat has {tasks} things to do or to predict, not one"))
    return found


def standard_terms(lesson: Lesson) -> list[str]:
    """A lesson with a story speaks the field's language, as the design page has it."""
    if not lesson.words.beats:
        return []
    allowed = {str(one).lower() for one in lesson.words.source.front.get("allow", ())}
    found = []
    for line, source in _lines(lesson):
        bare = JINJA.sub(" ", APART.sub(" ", LINK.sub("]", source)))
        for banned, instead in BANNED.items():
            said = re.findall(rf"\b(?:{banned})\b", bare, re.IGNORECASE)
            found += [lesson.at(line, f"{one!r}: say {instead}") for one in said if one.lower() not in allowed]
    return found


LAWS = (
    loads,
    renders,
    languages_agree,
    no_digits,
    stage_links,
    controls_have_words,
    beats_are_small,
    standard_terms,
)


# What the laws go through


def situations(lesson: Lesson, part: Part | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what was set, all values): the defaults, each preset, each choice, and with each choice each control's ends."""
    if part is not None and part.mode == "story":
        yield f"the beat {part.id}", lesson.values(part.attributes)
        return
    yield "the defaults", lesson.values({})
    for name, preset in lesson.model.PRESETS.items():
        yield f"the preset {name}", lesson.values(preset)
    controls, _ = settle(lesson.model.controls, {})
    chosen: list[dict[str, Any]] = [{}]
    chosen += [{one.id: option} for one in controls if isinstance(one, Choice) for option in one.options]
    seen: list[dict[str, Any]] = []
    for choice in chosen:
        for control in settle(lesson.model.controls, choice)[0]:
            for end in ends(control):
                values = lesson.values({**choice, control.id: end})
                if values not in seen:
                    seen.append(values)
                    yield f"{choice or ''} {control.id} = {end!r}", values


def ends(control: Control) -> Iterable[Any]:
    """The values of a control that are most likely to break a sentence."""
    if isinstance(control, Range | Span):
        both = (control.low, control.high)
        return both if isinstance(control, Range) else ((control.low, control.low), both, (control.high, control.high))
    if isinstance(control, Steps):
        return (control.values[0], control.values[-1])
    if isinstance(control, Choice):
        return control.options
    if isinstance(control, Text):
        return ("", NASTY, "a" * control.most)
    if isinstance(control, Holds):
        return ("h_1_1_0.5", "x_2_1_-1__f_2_1_0__z_2_1_1", "c_9999_1_1")
    return (getattr(control, "first", None) or control.low, getattr(control, "last", None) or control.high)


class _Listener(HTMLParser):
    """What a reader hears of HTML: without definitions that are not asked for; a formula is one word."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("class") or ""
        if self.depth:
            self.depth += 1
        elif "rnn-tip" in name or "rnn-formula" in name or tag == "math":
            self.depth = 1
            self.said.append("" if "rnn-tip" in name else "ƒ")
        elif tag in ("p", "li", "div", "td", "h3", "h4"):
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        if self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.said.append(data)


def spoken(html: str) -> str:
    """HTML as it is read: without definitions; each formula is "ƒ"."""
    listener = _Listener()
    listener.feed(html)
    listener.close()
    return "".join(listener.said).strip()


def split_sentences(said: str) -> Iterator[str]:
    """The sentences of a text; a paragraph without a full stop is one."""
    for paragraph in said.split("\n\n"):
        start = 0
        flat = " ".join(paragraph.split())
        for end in ENDS.finditer(flat):
            yield flat[start : end.end()].strip()
            start = end.end()
        if flat[start:].strip():
            yield flat[start:].strip()


def _unfit(lesson: Lesson, part: Part, section: Section, values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a section that could be rendered."""
    left_over = re.search(r"\{\{|\{%|\]\(|\[\[|\$", " ".join(map(spoken, _all_of(section))))
    if left_over and NASTY not in values.values():
        yield f"{left_over[0]!r} stands in the text: is it whole?"
    for question in section.questions:
        right = text.fact(lesson.facts(part, values), "answers")[question.id]
        if right not in question.choices:
            yield f"the right answer of {question.id!r}, {right!r}, is not among its choices"
        if len(set(question.choices.values())) < len(question.choices):
            yield f"two choices of {question.id!r} say the same"


def _all_of(section: Section) -> list[str]:
    parts = [section.title, section.body, section.do or ""]
    for question in section.questions:
        parts += [question.ask, *question.choices.values(), question.answer]
    return parts


def _bones(words: Words) -> list[tuple[str, Any]]:
    """What all languages have in common."""
    parts = words.source.parts
    bones: list[tuple[str, Any]] = [("the list of sections", [(part.mode, part.id) for part in parts])]
    for part in parts:
        bones.append((f"what {part.id!r} asks for", sorted(words.names(part.id))))
        bones.append((f"the attributes of {part.id!r}", dict(part.attributes)))
        bones.append((f"the list of questions of {part.id!r}", part.questions))
        bones.append((f"the list of choices of {part.id!r}", CHOICE_ID.findall(part.body)))
        bones.append((f"the links to the stage in {part.id!r}", sorted(STAGE.findall(part.body))))
    bones.append(("the front matter", sorted(words.source.lines)))
    return bones


def _lines(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """(line, source) of all that is words: labels of the front matter, headings, text."""
    for path, line in lesson.words.source.lines.items():
        value: Any = lesson.words.source.front
        for name in path.split(".") if path else ():
            value = value[int(name)] if isinstance(value, list) else value[name]
        if isinstance(value, str) and not path.startswith(("digits", "allow")):
            yield line, value
    for part in lesson.parts:
        yield part.line, part.title
        if part.id != "sources":
            yield from enumerate(part.body.split("\n"), part.line + 1)


def _prose(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """(line, words) of the text without what may hold digits; formulas and code may go over several lines."""
    for line, source in _lines(lesson):
        if line < (lesson.parts[0].line if lesson.parts else 0):
            path = next(path for path, at in lesson.words.source.lines.items() if at == line)
            if path.startswith("labels"):
                yield line, JINJA.sub("", APART.sub("", source))
    for part in lesson.parts:
        if part.id == "sources":
            continue
        bare = part.body
        for away in (APART, JINJA, LINK, NUMBERED, CHOICE_ID):
            bare = away.sub(lambda found: "\n" * found[0].count("\n"), bare)
        bare = re.sub(r"(?m)\{[^{}]*\}$", "", bare)
        asides = {number for number, level, _ in headings(bare.split("\n")) if level > 3}
        for number, words in enumerate(bare.split("\n"), 1):
            if number not in asides:
                yield part.line + number, words


def _few(complaints: list[str], most: int = 20) -> list[str]:
    """The first ones; a wrong name in a text is wrong in every situation."""
    once = list({one.partition(" [with ")[0]: one for one in reversed(complaints)}.values())[::-1]
    return once[:most]
