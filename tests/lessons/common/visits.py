"""A visit to a lesson's page without a browser: what the page was sent, and what its reader does there.

at = visit("hidden_state", mode="explore", rho="1.2")      # by an address
move(at, rho=0.5, units=3)                                 # as the dials say it
say(at, "charts", event={"target": "stage", "value": {"step": 9}})    # as any component says it: its callback runs
sent(at, "charts")["parts"]; html(at); charts(at)          # what the browser is sent
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lessons import catalog
from lessons.common.controls import Choice, settle
from tests.lessons.common.words import Lesson, ends

LESSONS = tuple(slug for slug in catalog.SLUGS if (catalog.folder(slug) / "page.py").exists())
STORIES = tuple(slug for slug in LESSONS if Lesson.open(slug).words.beats)
SECTIONS = ("verify", "checks", "code")


def visit(slug: str, opened: tuple[str, ...] = (), /, **address: Any) -> AppTest:
    """The page at this address, with sections opened."""
    at = AppTest.from_file(catalog.folder(slug) / "page.py", default_timeout=120)
    at.query_params.update(address)
    for section in opened:
        at.session_state[section] = True
    return run(at)


def run(at: AppTest) -> AppTest:
    """Once more, without an exception."""
    return sound(at.run())


def sound(at: AppTest) -> AppTest:
    assert not at.exception, f"?{dict(at.query_params)}: {at.exception[0].message}"
    return at


def move(at: AppTest, /, **values: Any) -> AppTest:
    """Set the dials, as the browser does."""
    at.session_state["dials"] = {"values": values}
    return run(at)


def say(at: AppTest, key: str, /, **state: Any) -> AppTest:
    """What the component of this key tells Python: its callbacks run before the page does."""
    states = at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=components(at)[key].id, json_value=json.dumps(state)))
    return sound(at._run(states))


def click(at: AppTest, key: str, target: str, value: Any) -> AppTest:
    """A click in a text or a picture of the component of this key."""
    return say(at, key, event={"target": target, "value": value})


def tell(at: AppTest, target: str, value: Any = None) -> AppTest:
    """What the reader of a story does: its browser says so with the next serial."""
    serial = sent(at, "story")["heard"] + 1
    return say(at, "story", said={"serial": serial, "events": [{"target": target, "value": value}]})


# What the browser is sent


def components(at: AppTest) -> dict[str, Any]:
    """{key: proto} of all components on the page."""
    return {element.proto.id.split("-", 2)[2]: element.proto for element in at.get("bidi_component")}


def sent(at: AppTest, key: str) -> Any:
    """What a component is sent: JSON in which there is no NaN; or the bytes of a player."""
    return _data(components(at)[key])


def _data(proto: Any) -> Any:
    assert proto.WhichOneof("data") in ("json", "bytes")
    return proto.bytes or json.loads(proto.json, parse_constant=_no_number)


def _no_number(said: str) -> Any:
    raise AssertionError(f"{said} is sent to a browser, whose JSON has no word for it")


def parts(at: AppTest) -> Iterator[tuple[str, str | dict[str, Any]]]:
    """(key of its component, text of HTML or a chart) of all parts on the page."""
    for key, proto in components(at).items():
        if proto.component_name.endswith("rnn_charts"):
            for part in _data(proto)["parts"]:
                for one in _flat(part):
                    kind, _, rest = one.partition(" ")
                    yield key, rest if kind == "html" else json.loads(rest, parse_constant=_no_number)


def _flat(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        for one in part["row"]:
            yield from _flat(one)


def html(at: AppTest) -> str:
    """All texts and diagrams."""
    return "\n".join(part for _, part in parts(at) if isinstance(part, str))


def charts(at: AppTest) -> list[tuple[str, dict[str, Any]]]:
    """(key of its component, chart) of all charts."""
    return [(key, part) for key, part in parts(at) if not isinstance(part, str)]


@dataclass(frozen=True)
class Tag:
    """A tag of the page's HTML, with its attributes."""

    key: str
    name: str
    attributes: dict[str, str]

    @property
    def event(self) -> dict[str, Any] | None:
        """What a click on it says, if anything."""
        if "data-target" not in self.attributes:
            return None
        value = unescape(self.attributes.get("data-value", ""))
        with suppress(ValueError):
            value = json.loads(value)
        return {"target": self.attributes["data-target"], "value": value}


def tags(at: AppTest) -> list[Tag]:
    """All tags of the page's texts and diagrams."""
    found: list[Tag] = []

    for key, part in parts(at):
        if isinstance(part, str):
            reader = _Tags(key, found)
            reader.feed(part)
            reader.close()
    return found


class _Tags(HTMLParser):
    def __init__(self, key: str, found: list[Tag]) -> None:
        super().__init__()
        self.key, self.found = key, found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Tag(self.key, tag, {name: value or "" for name, value in attrs}))


# What a reader can set


def settings(slug: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what is set, {control: value}): the defaults, presets, options, each control's ends, one at a time.

    Where an option brings other controls, also their ends with it.
    """
    model = Lesson.open(slug).model
    yield "the defaults", {}
    for name, preset in model.PRESETS.items():
        yield f"the preset {name}", preset
    met: set[str] = set()
    waiting: list[dict[str, Any]] = [{}]
    while waiting:
        chosen = waiting.pop(0)
        controls = settle(model.controls, chosen)[0]
        fresh = [control for control in controls if control.id not in met]
        met |= {control.id for control in fresh}
        for control in fresh:
            for end in ends(control):
                said = {**chosen, control.id: end}
                yield ", ".join(f"{name} = {str(value)[:20]}" for name, value in said.items()), said
                if isinstance(control, Choice) and end != control.default:
                    waiting.append(said)


def settled(slug: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """All controls' values where these are asked for."""
    return settle(Lesson.open(slug).model.controls, said)[1]
