"""Markdown to HTML, as all lessons' texts are shown.

    $h_t = \\tanh(a_t)$            a formula; $$ on lines of their own around one that stands alone
    $h_t$                          a symbol of the glossary explains itself on hover and focus
    [[spectral radius]]            a term does; [[rho|spectral radius]] shows other words
    [at step 9](stage:f?step=9)    sets the stage: an event {"select": "f", "step": 9} with the target "stage"
    [a page](https://...)          opens in a new tab

HTML in the source is text like any other. What `source` holds in place of values, slots, is filled in afterwards
(`Fragment.fill`): text is escaped, `Markup` passes. So no value can become Markdown, a link, a formula or HTML.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

from lessons.common.formulas import SLOTS, FormulaError, formula
from lessons.common.glossary import Glossary, Term
from lessons.common.source import number_or_text

STYLE = Path(__file__).with_name("markup.css")
FIRST_SLOT = ord(SLOTS[0])
IN_JSON, IN_URL = "\U0010fff0", "\U0010fff1"  # before a slot: where it stands
SLOT = re.compile(f"[{SLOTS}]")
FILLED = re.compile(
    f"<p>(?P<alone>[{SLOTS}])</p>|&quot;{IN_JSON}(?P<json>[{SLOTS}])&quot;|{IN_JSON}(?P<part>[{SLOTS}])"
    f"|{IN_URL}(?P<url>[{SLOTS}])|(?P<text>[{SLOTS}])"
)
BLOCK = re.compile(r"\s*<(?:div|p|ul|ol|table|pre|section|figure|h[1-6]|blockquote|svg|dl)\b")
BEFORE_SLOT = re.compile(r"https?://[^/?#]+[/?#]|stage:|[?#]")  # a value may be part of an address, never its beginning
STAGE = re.compile(r"stage:(?P<place>[^?]*)(?:\?(?P<settings>.*))?$")


class MarkupError(ValueError):
    """What is wrong in a text, and the words of it that are wrong."""

    def __init__(self, message: str, where: str):
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class Fragment:
    """HTML with slots, and the terms that it marks as seen for the first time."""

    html: str
    used: frozenset[str]

    def fill(self, values: Sequence[Any] = ()) -> Markup:
        """The HTML with these values: `Markup` as it is, text escaped."""
        if not values:
            return Markup(self.html)
        return Markup(FILLED.sub(lambda found: _filled(found, values), self.html))


def fill_text(source: str, values: Sequence[Any]) -> str:
    """Plain text with these values, for what is no HTML."""

    def said(found: re.Match[str]) -> str:
        value = _value(found[0], values)
        return value.unescape() if isinstance(value, Markup) else str(value)

    return SLOT.sub(said, source)


def to_html(source: str, glossary: Glossary | None = None) -> Markup:
    """The HTML of Markdown without values; a glossary explains its terms."""
    return fragment(source, glossary, frozenset()).fill()


@lru_cache(maxsize=2048)
def fragment(source: str, glossary: Glossary | None, firsts: frozenset[str], inline: bool = False) -> Fragment:
    """The HTML of `source`, of one line where `inline`; `firsts` are the terms that have not been seen before."""
    left = set(firsts)
    digest = blake2s(source.encode(), digest_size=4).hexdigest()
    env: dict[str, Any] = {"glossary": glossary, "firsts": left, "id": digest, "tips": 0}
    html = MARKDOWN.renderInline(source.strip(), env) if inline else MARKDOWN.render(source, env)
    return Fragment(html.strip(), firsts - left)


def stage_event(address: str) -> dict[str, Any]:
    """What a link `stage:f?step=9` says: {"select": "f", "step": 9}; `ValueError` where it says nothing."""
    found = STAGE.match(address)
    if not found:
        raise ValueError(f"{address!r} is no stage: link")
    event: dict[str, Any] = {"select": number_or_text(found["place"])} if found["place"] else {}
    for name, value in parse_qsl(found["settings"] or "", keep_blank_values=True):
        if name in event:
            raise ValueError(f"{name!r} stands twice in {address!r}")
        event[name] = number_or_text(value) if value else True
    if not event:
        raise ValueError(f"{address!r} sets nothing")
    return event


# Filling in


def _value(slot: str, values: Sequence[Any]) -> Any:
    return values[ord(slot) - FIRST_SLOT]


def _filled(found: re.Match[str], values: Sequence[Any]) -> str:
    kind = str(found.lastgroup)
    value = _value(found[kind], values)
    if kind == "alone":
        is_block = isinstance(value, Markup) and BLOCK.match(value)
        return str(value) if is_block else f"<p>{escape(value)}</p>"
    if kind == "json":
        return str(escape(json.dumps(_exact(value))))
    if kind == "part":
        return str(escape(json.dumps(str(value))[1:-1]))
    return quote(str(value), safe="") if kind == "url" else str(escape(value))


def _exact(value: Any) -> Any:
    """A value as it goes into a link: a number as itself, not as it is shown."""
    number = getattr(value, "value", None)
    if number is None:
        return str(value)
    return int(number) if float(number).is_integer() and not isinstance(number, float) else float(number)


# Rules of reading


def _read_formula(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    mark = "$$" if source.startswith("$$", start) else "$"
    end = source.find(mark, start + len(mark))
    latex = source[start + len(mark) : end]
    if end < 0 or not latex.strip() or (mark == "$" and (latex[0].isspace() or latex[-1].isspace())):
        return False
    if not silent:
        _push(state.push("formula", "", 0), latex, mark == "$$")
    state.pos = end + len(mark)
    return True


def _push(token: Token, content: str, display: bool) -> None:
    token.content, token.meta = content, {"display": display}


def _read_formula_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()

    if line(first) != "$$":
        return False
    end = next((number for number in range(first + 1, last) if line(number) == "$$"), None)
    if end is None:
        return False
    if not silent:
        token = state.push("formula_block", "", 0)
        _push(token, " ".join(line(number) for number in range(first + 1, end)), True)
        token.block = True
        state.line = end + 1
    return True


def _read_term(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith("[[", start):
        return False
    end = state.src.find("]]", start)
    if end < 0:
        return False
    if not silent:
        _push(state.push("term", "", 0), state.src[start + 2 : end], False)
    state.pos = end + 2
    return True


# Rules of writing


def _write_formula(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    html = _formula(token.content, token.meta["display"])
    glossary: Glossary | None = env.get("glossary")
    term = glossary.find_symbol(token.content.strip()) if glossary and not env.get("linked") else None
    return _explained(html, term, f"${term.name}", env) if term else html


def _write_formula_block(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f"<p>{_formula(tokens[index].content, True)}</p>\n"


def _formula(latex: str, display: bool) -> str:
    try:
        return formula(latex, display=display)
    except FormulaError as reason:
        raise MarkupError(str(reason), latex.strip()) from None


def _write_term(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    token = tokens[index]
    shown, name = split_term(token.content)
    html = MARKDOWN.renderInline(shown, {})
    glossary: Glossary | None = env.get("glossary")
    if glossary is None or env.get("linked"):
        return html
    term = glossary.find(name)
    if term is None:
        raise MarkupError(f"{name!r} is not in the glossary", token.content)
    return _explained(html, term, term.name, env)


def split_term(inside: str) -> tuple[str, str]:
    """What [[shown|name]] shows, and the term's name."""
    shown, bar, name = inside.rpartition("|")
    return (shown.strip(), name.strip()) if bar else (name.strip(), name.strip())


def _explained(html: str, term: Term, key: str, env: Any) -> str:
    """Words with their meaning, which is seen on hover and focus."""
    first = " rnn-first" if key in env["firsts"] else ""
    env["firsts"].discard(key)
    env["tips"] += 1
    tip = f"tip-{env['id']}-{env['tips']}"
    return (
        f'<dfn class="rnn-term{first}" tabindex="0" data-term="{escape(term.name)}" aria-describedby="{tip}">{html}'
        f'<span class="rnn-tip" role="tooltip" id="{tip}">{meaning(term)}</span></dfn>'
    )


@lru_cache(maxsize=512)
def meaning(term: Term) -> str:
    """What a term means, as HTML of one line, with PyTorch's names for it."""
    html = MARKDOWN.renderInline(" ".join(term.meaning.split()), {})
    names = ", ".join(f"<code>{escape(name)}</code>" for name in term.pytorch)
    return f'{html} <span class="rnn-pytorch">PyTorch: {names}</span>' if names else html


def _write_link(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    env["linked"] = True  # in a link nothing else can be focused
    address = str(tokens[index].attrs.get("href", ""))
    slot = SLOT.search(address)
    if slot and not BEFORE_SLOT.match(address[: slot.start()]):
        raise MarkupError("an address may hold a value, but not begin with one", "](")
    if address.startswith("stage:"):
        return f'<a href="#" role="button" class="rnn-stage" data-target="stage" data-value="{_stage(address)}">'
    scheme = re.match(r"[A-Za-z][\w+.-]*:", address)
    href = escape(SLOT.sub(lambda found: IN_URL + found[0], "".join(map(_normal, re.split(f"([{SLOTS}])", address)))))
    if scheme is None:
        return f'<a href="{href}" target="_self">'
    if scheme[0].lower() not in ("http:", "https:"):
        raise MarkupError(f"a link leads to https://, stage: or a page of ours, not to {address!r}", address)
    return f'<a href="{href}" target="_blank" rel="noopener noreferrer">'


def _write_link_end(_self: RendererHTML, _tokens: Sequence[Token], _index: int, _options: Any, env: Any) -> str:
    env["linked"] = False
    return "</a>"


def _normal(piece: str) -> str:
    return piece if SLOT.fullmatch(piece) else normalizeLink(piece)


def _stage(address: str) -> str:
    try:
        said = json.dumps(stage_event(address), ensure_ascii=False)
    except ValueError as reason:
        raise MarkupError(str(reason), address) from None
    return str(escape(SLOT.sub(lambda found: IN_JSON + found[0], said))).replace("&#34;", "&quot;")


def _write_code(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f"<pre><code>{escape(tokens[index].content)}</code></pre>\n"


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.disable(["code", "lheading", "reference", "image", "html_block", "html_inline"])
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]  # by `_write_link`, around the slots
    made.inline.ruler.before("escape", "formula", _read_formula)
    made.inline.ruler.before("link", "term", _read_term)
    made.block.ruler.before("fence", "formula_block", _read_formula_block, {"alt": ["paragraph", "list"]})
    for name, rule in (
        ("formula", _write_formula),
        ("formula_block", _write_formula_block),
        ("term", _write_term),
        ("link_open", _write_link),
        ("link_close", _write_link_end),
        ("fence", _write_code),
    ):
        made.add_render_rule(name, rule)
    return made


MARKDOWN = _markdown()
