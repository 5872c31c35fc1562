"""Jinja in a language file: names of facts, branches on them, loops over them, filters for numbers; nothing else.

What is rendered is not yet the text: each inserted value stands in it as one character of a private range, a slot. So
neither Markdown nor Jinja nor a formula ever sees a value, whatever a reader has typed, and the Markdown of a section
is the same for all numbers. `lessons/common/markup.py` makes HTML of it and fills in the values, escaped by their type.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.runtime import Context
from jinja2.utils import pass_context

from lessons.common.filters import filters, plain
from lessons.common.source import TextError

FIRST_SLOT, SLOTS = 0xF0000, 0xFFFD
HIDDEN = "values inserted so far"
TAGS_ONLY = re.compile(r"\s*(\{%.*?%\}\s*)+$")
COMPUTES = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Call)
TOO_MUCH = (
    nodes.AssignBlock, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.Include, nodes.Import, nodes.FromImport,
    nodes.Extends, nodes.Block,
)  # fmt: skip


@dataclass(frozen=True)
class Rendered:
    """A text with slots, and the values that belong into them: `values[ord(slot) - FIRST_SLOT]`."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Compiled:
    """A template, compiled; `names` are those of the facts that it asks for, each with its first line."""

    path: Path
    line: int
    template: Template
    names: Mapping[str, int]

    def render(self, facts: Any) -> Rendered:
        """The text with these facts; `TextError` says what a fact lacks, and on which line."""
        there = facts if isinstance(facts, Mapping) else names(facts)
        for name, line in self.names.items():
            if name not in there:
                known = ", ".join(sorted(names(facts))) or "none"
                raise TextError(self.path, line, f"{name!r} is not a fact here; facts: {known}")
        values: list[Any] = []
        found: dict[str, Any] = {name: _look_up(facts, name) for name in self.names}
        context = self.template.new_context({**found, HIDDEN: values}, shared=True)
        try:
            text = "".join(self.template.root_render_func(context))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as reason:
            line = _line(reason, self.template) or self.line
            raise TextError(self.path, line, _say(reason)) from reason
        return Rendered(text, tuple(values))


def compile_text(path: Path, line: int, source: str, language: str) -> Compiled:
    """Compile `source`, which begins on this line of the file."""
    env = environment(language)
    padded = "\n" * (line - 1) + "\n".join(map(_keep_line_end, source.split("\n")))
    try:
        tree = env.parse(padded)
        asked = _names(tree)
        _only_words(path, tree)
        code: CodeType = env.compile(tree, str(path), str(path))
    except TemplateSyntaxError as reason:
        raise TextError(path, reason.lineno, str(reason.message)) from None
    return Compiled(path, line, Template.from_code(env, code, {}), asked)


@cache
def environment(language: str) -> Environment:
    """Jinja for texts in this language."""
    env = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # values never reach the text: see `_insert`
        finalize=_insert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="{##",
        comment_end_string="##}",
        auto_reload=False,
    )
    env.globals.clear()
    env.filters = {**filters(language), "length": len}
    return env


@dataclass(frozen=True, eq=False)
class Joined(Mapping[str, Any]):
    """Facts, and more of them by name; none is computed before it is asked for."""

    facts: Any
    more: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.more[name] if name in self.more else fact(self.facts, name)

    def __iter__(self) -> Iterator[str]:
        yield from names(self.facts) | set(self.more)

    def __len__(self) -> int:
        return len(names(self.facts) | set(self.more))

    def __contains__(self, name: object) -> bool:
        return name in self.more or name in names(self.facts)


def names(facts: Any) -> set[str]:
    """The names that there are: of a mapping its keys, of any other object its attributes, fields and properties."""
    if isinstance(facts, Mapping):
        return set(facts)
    return {name for name in dir(facts) if not name.startswith("_")}


def fact(facts: Any, name: str) -> Any:
    """The fact of this name."""
    return facts[name] if isinstance(facts, Mapping) else getattr(facts, name)


def _look_up(facts: Any, name: str) -> Any:
    """A fact; one that cannot be computed here, with these settings, fails where the text uses it, not before."""
    try:
        return fact(facts, name)
    except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, AssertionError) as reason:
        return StrictUndefined(hint=f"{name!r} cannot be computed here: {type(reason).__name__}: {reason}")


@pass_context
def _insert(context: Context, value: Any) -> str:
    """Keep a value, and put a slot into the text in its place."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises UndefinedError, with the name
    values: list[Any] = context.parent[HIDDEN]
    if len(values) == SLOTS:
        raise ValueError("this text holds too many values")
    values.append(plain(value))
    return chr(FIRST_SLOT + len(values) - 1)


def _keep_line_end(line: str) -> str:
    """A line of tags alone vanishes; a tag that ends a line of text does not take the line's end with it."""
    if line.endswith("%}") and not line.endswith(("-%}", "+%}")) and not TAGS_ONLY.match(line):
        return line[:-2] + "+%}"
    return line


def _names(tree: nodes.Template) -> dict[str, int]:
    asked = meta.find_undeclared_variables(tree)
    lines: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in asked:
            lines.setdefault(name.name, name.lineno)
    return lines


def _only_words(path: Path, tree: nodes.Template) -> None:
    """A text computes nothing, and is made of nothing but itself."""
    for node in _walk(tree):
        if isinstance(node, COMPUTES) and not _is_sign(node):
            raise TextError(path, node.lineno, "a text computes nothing: let the lesson's model give this as a fact")
        if isinstance(node, TOO_MUCH):
            raise TextError(path, node.lineno, "a text has if, for and set, and no other tags of Jinja")


def _is_sign(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    children: Iterable[nodes.Node] = node.iter_child_nodes()
    for child in children:
        yield from _walk(child)


def _line(reason: BaseException, template: Template) -> int | None:
    """The line of the text that was being rendered when this was raised."""
    found, trace = None, reason.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == template.filename:
            found = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _say(reason: BaseException) -> str:
    says_it = isinstance(reason, (UndefinedError, TypeError, ValueError))
    return str(reason) if says_it else f"{type(reason).__name__}: {reason}"
