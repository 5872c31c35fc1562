"""The player as one file: it needs nothing else, and what it is given stays text."""

import base64
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.player import Player, pack, stage_to_html, to_html
from tests.networks import make_example, random_network


@pytest.fixture
def trace() -> rv.Trace:
    rng = np.random.default_rng(0)
    return make_example(rng, random_network(rng, "lstm", output_size=2), T=4, B=1).unroll()


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and its title."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "title" and not self.title:
            self.title = data


def test_the_page_needs_nothing_else(trace: rv.Trace) -> None:
    elements = Elements(to_html(trace)).found
    assert not [element for element in elements if {"src", "href", "srcset", "action", "data"} & element[1].keys()]
    assert not {"link", "iframe", "img", "object", "embed", "base"} & {tag for tag, _ in elements}
    assert [tag for tag, _ in elements if tag in ("script", "style")] == ["style", "script"]


def test_the_page_holds_the_payload(trace: rv.Trace) -> None:
    arguments = {"tokens": "abcd", "outputs": ["</script>", "&"], "note": "</script><script>alert(1)</script>"}
    found = re.search(r'"payload":"([A-Za-z0-9+/=]*)"', to_html(trace, **arguments))
    assert found is not None
    assert base64.b64decode(found[1]) == pack(trace, **arguments)


@pytest.mark.parametrize("as_path", [Path, str])
def test_the_page_is_written_and_returned(trace: rv.Trace, tmp_path: Path, as_path: type) -> None:
    path = tmp_path / "player.html"
    page = to_html(trace, path=as_path(path), tokens="größ")
    assert path.read_text(encoding="utf-8") == page
    assert page.startswith("<!doctype html>")


def test_a_title_is_text(trace: rv.Trace) -> None:
    title = "</title><script>alert(1)</script> {payload} \"&'"
    page = Elements(to_html(trace, title=title))
    assert page.title == title
    assert [tag for tag, _ in page.found].count("script") == 1


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(trace: rv.Trace) -> None:
    player = Player(pack(trace), title='"><script>alert(1)</script>', height=500)
    ((tag, attributes),) = Elements(player._repr_html_()).found
    assert tag == "iframe"
    assert attributes["srcdoc"] == player.html()
    assert attributes["title"] == player.title
    assert "height:500px" in (attributes["style"] or "")
    assert html.escape(player.title) in player.html()


def test_a_stage_of_any_kind_is_a_page_whose_data_stays_data(tmp_path: Path) -> None:
    """What closes a script in HTML does not in JSON, and comes back as it was."""
    given = {"kind": "loop", "words": {"title": "</script><script>alert(1)</script><!--"}, "view": "takeaway"}
    page = stage_to_html(given, tmp_path / "loop.html", title="<b>")
    assert (tmp_path / "loop.html").read_text(encoding="utf-8") == page
    elements = Elements(page)
    assert elements.title == "<b>"
    assert [tag for tag, _ in elements.found].count("script") == 1
    found = re.search(r"const data = (\{.*\});", page)
    assert found is not None
    assert json.loads(found[1]) == given
