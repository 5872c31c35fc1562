"""How a language file is written: front matter, modes, sections, attributes. It is read here, not yet rendered.

    ---
    title: Hidden state                     YAML
    ---
    # Story                                 a mode: Story or Explore
    ## A heading {#loop units=1 folded}     a section: its id, and attributes
    Text.
    ### A question? {predict=again}         or {check=term}, {do}, {answer}: see lessons/common/text.py

Every part knows the line of the file that it begins at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MODES = ("story", "explore")
PARTS = ("do", "answer", "predict", "check")
NAME = re.compile(r"[A-Za-z][\w-]*")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))?[ \t]*$")
ATTRIBUTES = re.compile(r'[ \t]*\{(?!%)((?:"[^"]*"|\{\{.*?\}\}|[^{}"])+)\}$')
ATTRIBUTE = re.compile(
    r'\s*(?:#(?P<id>[\w-]+)|(?P<name>[A-Za-z][\w-]*)(?:=(?:"(?P<quoted>[^"]*)"|(?P<bare>(?:\{\{.*?\}\}|[^\s"])+)))?)(?=\s|$)'
)
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
CHOICE = re.compile(r"[-*+] +(?P<id>(?:\{\{.*?\}\}|[^\s:{])+) *: +(?P<text>\S.*)$")


class TextError(Exception):
    """What is wrong in a language file, and where."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{place(path)}:{line}: {message}")
        self.path, self.line, self.message = Path(path), line, message


def place(path: Path | str) -> str:
    """The path as one says it: from `lessons` on."""
    parts = Path(path).parts
    return "/".join(parts[parts.index("lessons") :] if "lessons" in parts else parts[-2:])


@dataclass(frozen=True)
class Part:
    """A section as it stands in the file.

    id          its identity: in addresses, in links, in every language
    mode        "story" or "explore"
    line        of its heading
    title       the heading, without attributes
    attributes  {name: value}; a bare name is True
    body        what stands below the heading, from the next line on
    questions   the ids of its questions, in their order
    """

    id: str
    mode: str
    line: int
    title: str
    attributes: Mapping[str, Any]
    body: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A language file, read.

    front  the front matter, as plain dicts and lists
    lines  {path in the front matter: line}, as "labels.pictures.norms"
    parts  the sections in their order
    """

    path: Path
    text: str
    front: Mapping[str, Any]
    lines: Mapping[str, int]
    parts: tuple[Part, ...] = field(default=())

    def part(self, name: str) -> Part:
        """The section of this id."""
        for part in self.parts:
            if part.id == name:
                return part
        known = ", ".join(part.id for part in self.parts)
        raise TextError(self.path, 1, f"there is no section {{#{name}}}; there are {known or 'none'}")


def read(path: Path) -> Source:
    """Read a language file; `TextError` where it is not written as it should be."""
    text = path.read_text(encoding="utf-8")
    front, lines, first = _front_matter(path, text)
    return Source(path, text, front, lines, tuple(_parts(path, text.splitlines(), first)))


def headings(lines: list[str], first: int = 1) -> Iterator[tuple[int, int, str]]:
    """(line, level, text) of each heading, those in fenced code left out."""
    fence = ""
    for number, line in enumerate(lines, first):
        bar = FENCE.match(line)
        if bar and (not fence or bar[1].startswith(fence)):
            fence = "" if fence else bar[1]
        elif not fence and (found := HEADING.match(line)):
            yield number, len(found[1]), found[2] or ""


def split_attributes(text: str) -> tuple[str, dict[str, Any]]:
    """A heading's words and its attributes; the id is the attribute "id". `ValueError` where they cannot be read."""
    found = ATTRIBUTES.search(text)
    if not found:
        return text.strip(), {}
    attributes: dict[str, Any] = {}
    at, inner = 0, found[1].strip()
    while at < len(inner):
        one = ATTRIBUTE.match(inner, at)
        if not one:
            raise ValueError(f"cannot read the attributes {{{inner}}} from {inner[at:].strip()!r} on")
        name = "id" if one["id"] else one["name"]
        if name in attributes:
            raise ValueError(f"{name!r} stands twice in {{{inner}}}")
        attributes[name] = one["id"] or _value(one)
        at = one.end()
    return text[: found.start()].strip(), attributes


def number_or_text(text: str) -> int | float | bool | str:
    """A value as it is written: 9, 0.5, true, f."""
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d*\.\d+(e-?\d+)?", text):
        return float(text)
    return text


def _value(one: re.Match[str]) -> Any:
    if one["quoted"] is not None:
        return one["quoted"]
    return True if one["bare"] is None else number_or_text(one["bare"])


def _parts(path: Path, lines: list[str], first: int) -> Iterator[Part]:
    marks = [(n, level, words) for n, level, words in headings(lines[first - 1 :], first) if level < 3]
    mode, seen = "", set[str]()
    ends = [n for n, _, _ in marks[1:]] + [len(lines) + 1]
    _blank(path, lines, first, marks[0][0] if marks else len(lines) + 1)
    for (line, level, words), end in zip(marks, ends):
        title, attributes = _read_attributes(path, line, words)
        name = attributes.pop("id", "")
        if level == 1:
            mode = name or title.lower()
            if mode not in MODES:
                raise TextError(path, line, f"# {title} is no mode; there are # Story and # Explore")
            _blank(path, lines, line + 1, end)
            continue
        if not mode:
            raise TextError(path, line, "before the first section stands # Story or # Explore")
        if not name:
            raise TextError(path, line, f"the section {title!r} has no id: ## {title} {{#id}}")
        if name in seen:
            raise TextError(path, line, f"there are two sections {{#{name}}}")
        seen.add(name)
        body = lines[line : end - 1]
        questions = _questions(path, body, line + 1)
        yield Part(name, mode, line, title, attributes, "\n".join(body), questions)


def _blank(path: Path, lines: list[str], start: int, end: int) -> None:
    for number in range(start, end):
        if lines[number - 1].strip():
            raise TextError(path, number, "this text belongs to no section: a section begins with ## and has an {#id}")


def _read_attributes(path: Path, line: int, words: str) -> tuple[str, dict[str, Any]]:
    try:
        return split_attributes(words)
    except ValueError as reason:
        raise TextError(path, line, str(reason)) from None


def _questions(path: Path, lines: list[str], first: int) -> tuple[str, ...]:
    """The questions' ids. Each question has an answer, and choices with ids; each answer has a question."""
    ids: list[str] = []
    marks = [(n, words) for n, level, words in headings(lines, first) if level == 3]
    open_question = 0
    for (line, words), end in zip(marks, [n for n, _ in marks[1:]] + [first + len(lines)]):
        _, attributes = _read_attributes(path, line, words)
        kind = next((name for name in PARTS if name in attributes), None)
        if attributes and not kind:
            raise TextError(path, line, f"### has one of {', '.join(PARTS)}, not {', '.join(attributes)}")
        if kind == "answer" and not open_question:
            raise TextError(path, line, "this answer has no question before it")
        if open_question and kind != "answer":
            raise TextError(path, open_question, "this question has no ### {answer}")
        open_question = line if kind in ("predict", "check") else 0
        if open_question and not isinstance(attributes[str(kind)], str):
            raise TextError(path, line, f"a question has an id: {{{kind}=id}}")
        if open_question:
            _check_choices(path, lines[line + 1 - first : end - first], line + 1)
            ids.append(attributes[str(kind)])
    if open_question:
        raise TextError(path, open_question, "this question has no ### {answer}")
    if len(set(ids)) < len(ids):
        raise TextError(path, first - 1, f"two questions of this section have the same id: {', '.join(ids)}")
    return tuple(name for name in ids if NAME.fullmatch(name))


def _check_choices(path: Path, lines: list[str], first: int) -> None:
    for number, line in enumerate(lines, first):
        if line.strip() and not line.strip().startswith(("{%", "{##")) and not CHOICE.match(line):
            raise TextError(path, number, f"a choice is written - id: words, not {line.strip()!r}")
        if (found := CHOICE.match(line)) and "{" not in found["id"] and not NAME.fullmatch(found["id"]):
            raise TextError(path, number, f"{found['id']!r} is no id for a choice: letters, digits, _ and -")
    if not any(CHOICE.match(line) or "{%" in line for line in lines):
        raise TextError(path, first - 1, "this question has no choices: - id: words")


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], dict[str, int], int]:
    """The front matter, the lines of its values, and the first line after it."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        return {}, {}, 1
    end = next((n for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), None)
    if end is None:
        raise TextError(path, 1, "the front matter does not end: a line --- is missing")
    places: dict[str, int] = {}
    try:
        node = yaml.compose("\n".join(lines[1 : end - 1]), yaml.SafeLoader)
    except yaml.MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        raise TextError(path, (mark.line if mark else 0) + 2, f"{reason.problem or reason.context}") from None
    if node is None:
        return {}, {}, end + 1
    front = _plain(path, node, "", places)
    if not isinstance(front, dict):
        raise TextError(path, 2, "the front matter is written name: value")
    return front, places, end + 1


def _plain(path: Path, node: yaml.Node, at: str, places: dict[str, int]) -> Any:
    """Plain Python of a YAML node; each value's line goes to `places`."""
    places[at] = node.start_mark.line + 2 + (getattr(node, "style", "") in ("|", ">"))
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in made:
                raise TextError(path, key.start_mark.line + 2, f"{name!r} stands twice")
            made[name] = _plain(path, value, f"{at}.{name}" if at else name, places)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, value, f"{at}.{i}", places) for i, value in enumerate(node.value)]
    if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
        return number_or_text(node.value)
    return "" if node.tag == "tag:yaml.org,2002:null" else node.value
