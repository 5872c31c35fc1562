"""Every lesson's page in Explore, at all that a reader can set: it draws, says what is set, proves what it shows."""

import re
from collections.abc import Sequence
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from itertools import chain
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.catalog import folder
from lessons.common import dials
from lessons.common.controls import Text, every_id, from_address, settle, to_address
from lessons.common.interventions import Holds
from lessons.common.page import PLACE
from lessons.common.player import NAMES
from tests.lessons.common.visits import (
    LESSONS,
    SECTIONS,
    Tag,
    charts,
    click,
    components,
    html,
    move,
    parts,
    say,
    sent,
    settings,
    settled,
    tags,
    visit,
)
from tests.lessons.common.words import Lesson, spoken
from tests.lessons.record.payloads import arrays_in
from tests.lessons.record.seen import seen
from tests.test_house import ROOT

every_lesson = pytest.mark.parametrize("slug", LESSONS)
NONSENSE = (
    *("inf", "nan", "-1", "1e400", "x" * 10_000),
    *("<img src=x onerror=alert(1)>", "\N{WOMAN}\u200d\N{GIRL}\u202e\u0000", "**b** $x$ {{ 1 }}"),
)
NO_FACT = re.compile(r"\b(nan|inf|None|Undefined|array\(|np\.float)\b|\{\{|\{%")
ALIEN = {"img", "script", "iframe", "style", "link", "object", "embed", "form"}
LAST = {"step": 999, "unit": 999, "layer": 0, "direction": 0}  # where the player stands: it is held within the network


@cache
def model(slug: str) -> Any:
    return Lesson.open(slug).model


def values(at: AppTest, key: str = "dials") -> dict[str, Any]:
    """What the dials on the screen show."""
    return {dial["id"]: dial["value"] for dial in sent(at, key)["dials"]}


def address(at: AppTest, slug: str) -> dict[str, str]:
    """What the address says of the controls."""
    return {name: said for name, said in at.query_params.items() if name in every_id(model(slug).controls) - set(PLACE)}


def whole_holds(there: dict[str, str], controls: Sequence[Any], written: dict[str, str]) -> dict[str, str]:
    """`there` with all that is held: of that, the address says no more than what the network at hand has."""
    for control in controls:
        said = written.get(control.id, "")
        if isinstance(control, Holds) and set(there.get(control.id, "").split("__")) <= {"", *said.split("__")}:
            rest = {name: one for name, one in there.items() if name != control.id}
            there = rest | ({control.id: said} if said else {})
    return there


def typed(slug: str, wanted: dict[str, Any]) -> set[str]:
    """The names of the fields for text."""
    return {control.id for control in settle(model(slug).controls, wanted)[0] if isinstance(control, Text)}


# What is set is what is shown


@every_lesson
def test_each_setting_draws_is_shown_by_the_dials_and_said_by_the_address(slug: str) -> None:
    at = visit(slug, mode="explore")
    if slug in components(at):
        say(at, slug, shown=LAST)
    for said, wanted in settings(slug):
        controls, whole = settle(model(slug).controls, wanted)
        move(at, **whole)
        there = values(at)
        assert there == {c.id: dials._plain(whole[c.id]) for c in controls if c.id in there}, said
        written = {name: said for name, said in to_address(controls, whole).items() if name not in PLACE}
        assert whole_holds(address(at, slug), controls, written) == written, said
        assert from_address(model(slug).controls, written) == whole, said
        wrong = NO_FACT.search(spoken(html(at)))
        assert not wrong or wrong[0] in str(wanted), f"{said}: {wrong}"


@every_lesson
def test_an_address_opens_what_its_sender_saw(slug: str) -> None:
    several = [("the defaults", {}), *((name, preset) for name, preset in model(slug).PRESETS.items())]
    sender = visit(slug, mode="explore")
    for said, wanted in several[:4]:
        move(sender, **settled(slug, wanted))
        other = visit(slug, **dict(sender.query_params) or {"mode": "explore"})
        assert values(other) == values(sender), said
        assert shown(other) == shown(sender), said


def shown(at: AppTest) -> list[Any]:
    """All texts, diagrams and charts but for times, which are another each time."""
    return [part for key, part in parts(at) if key != "priced"]


@every_lesson
def test_nonsense_in_the_address_is_as_if_it_were_not_there(slug: str) -> None:
    texts = {
        c.id for _, wanted in settings(slug) for c in settle(model(slug).controls, wanted)[0] if isinstance(c, Text)
    }
    names = {*every_id(model(slug).controls), *NAMES, "beat", "lang", "choice", "what"} - texts
    usual = visit(slug, mode="explore")
    for nonsense in NONSENSE:
        at = visit(slug, mode="explore", **dict.fromkeys(names, nonsense))
        if nonsense == "-1":  # which may be a number of that range
            continue
        kept = {name for name in values(at) if values(at)[name] == dials._plain(settled(slug, {}).get(name))}
        assert kept == set(values(at)), nonsense
        assert set(components(at)) == set(components(usual))


@every_lesson
def test_what_is_typed_is_never_markup_and_breaks_nothing(slug: str) -> None:
    at = visit(slug, (*SECTIONS,), mode="explore")
    own = {tag.name for tag in tags(at)}
    assert not own & ALIEN
    for said, wanted in settings(slug):
        typed = [c.id for c in settle(model(slug).controls, wanted)[0] if isinstance(c, Text)]
        if not typed or ("text" not in said and "becomes" not in said):
            continue
        for nonsense in ("", *NONSENSE):
            move(at, **settled(slug, {**wanted, **dict.fromkeys(typed, nonsense)}))
            for tag in tags(at):
                assert tag.name not in ALIEN, f"{nonsense[:40]!r} has become {tag}"
                assert not any(name.startswith("on") for name in tag.attributes), tag
            assert not any("onerror" in markdown.value for markdown in at.markdown)
        break


@every_lesson
def test_nonsense_that_a_browser_says_breaks_nothing(slug: str) -> None:
    at = visit(slug, mode="explore")
    names = every_id(model(slug).controls)
    for nonsense in (None, [], {}, True, 1e300, -1e300, "", "9" * 5000, [1, 2, 3], {"a": 1}):
        move(at, **dict.fromkeys(names, nonsense))
        if slug in components(at):
            say(at, slug, shown=dict.fromkeys((*LAST, "selected", "backward", "token"), nonsense))


# What is clicked is done


@every_lesson
def test_each_preset_sets_what_it_names(slug: str) -> None:
    at = visit(slug, mode="explore")
    buttons = [tag for tag in tags(at) if tag.attributes.get("data-target") == "preset"]
    assert {tag.event["value"] for tag in buttons if tag.event} == set(model(slug).PRESETS)
    for tag in buttons:
        assert tag.event
        name = tag.event["value"]
        click(at, tag.key, "preset", name)
        wanted = settled(slug, {**settled(slug, {}), **model(slug).PRESETS[name]})
        there = values(at)
        named = there.keys() & model(slug).PRESETS[name].keys()
        assert {n: there[n] for n in named} == {n: dials._plain(wanted[n]) for n in named}


@every_lesson
def test_each_link_and_each_mark_that_can_be_picked_does_something(slug: str) -> None:
    at = visit(slug, mode="explore")
    for tag in [tag for tag in tags(at) if tag.event and tag.event["target"] not in ("preset", "answer")]:
        event = tag.event or {}
        before = standing(at, slug)
        click(at, tag.key, event["target"], event["value"])
        assert standing(at, slug) != before, f"{event} did nothing"
    for key, chart in charts(at):
        for place in picked(chart):
            click(at, key, chart["pick"], place)
        if chart["pick"]:
            one, other = picked(chart)
            click(at, key, chart["pick"], one)
            before = standing(at, slug)
            click(at, key, chart["pick"], other)
            assert standing(at, slug) != before, f"{chart['title']}: a click on {other} did nothing"


def standing(at: AppTest, slug: str) -> Any:
    """All dials, and where the player was sent."""
    start = f"start of {slug}"
    keys = [key for key, proto in components(at).items() if proto.component_name.endswith("rnn_dials")]
    return [values(at, key) for key in keys], at.session_state[start] if start in at.session_state else None  # noqa: SIM401


def picked(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The first place of a chart that can be picked, and one in its middle."""
    if not chart["pick"]:
        return []
    rows = next(rows for name, rows in chart["datasets"].items() if name.endswith(("cells", "read")))
    names = [name for name in ("x", "y") if name in rows]
    return [{name: rows[name][at] for name in names} for at in (0, len(rows["x"]) // 2)]


# Questions


@every_lesson
def test_each_question_tells_nothing_before_it_is_answered_and_all_after(slug: str) -> None:
    at = visit(slug, ("checks",), mode="explore")
    asked = questions(at)
    assert asked
    assert not answers(at)
    for name, choices in asked.items():
        key, event = choices[0]
        click(at, key, **event)
        told = [tag for tag in tags(at) if "choice" in tag.attributes.get("class", "").split()]
        mine = [tag for tag in told if tag.event and tag.event["value"]["question"] == name]
        assert len(mine) == len(choices)
        assert all("disabled" in tag.attributes for tag in mine)
        assert [tag for tag in mine if "right" in tag.attributes["class"].split()], f"no answer of {name} is right"
    assert len(answers(at)) == len(asked)


def questions(at: AppTest) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """{name: (component's key, event) of each choice} of all questions that are not answered."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for tag in tags(at):
        if tag.event and tag.event["target"] == "answer" and "disabled" not in tag.attributes:
            found.setdefault(tag.event["value"]["question"], []).append((tag.key, tag.event))
    return found


def answers(at: AppTest) -> list[Tag]:
    """What is told of answers."""
    return [tag for tag in tags(at) if tag.attributes.get("class") == "answer" and "aria-live" in tag.attributes]


@every_lesson
def test_an_answer_stays_when_a_control_moves_and_only_the_first_counts(slug: str) -> None:
    at = visit(slug, ("checks",), mode="explore")
    name, choices = next((name, choices) for name, choices in reversed(questions(at).items()))
    for key, event in choices:
        click(at, key, **event)
    given = at.session_state[f"answers of {slug}"][name]
    assert given == choices[0][1]["value"]["choice"]
    move(at, **settled(slug, next(iter(model(slug).PRESETS.values()))))
    assert at.session_state[f"answers of {slug}"][name] == given


# Verify and program


PROVES = re.compile(r"page\.(verify|prove)\(")


@pytest.mark.parametrize("slug", [one for one in LESSONS if PROVES.search((folder(one) / "page.py").read_text())])
def test_the_page_proves_its_gradients_at_every_preset(slug: str) -> None:
    at = visit(slug, ("verify",), mode="explore")
    proved = []
    for name, preset in model(slug).PRESETS.items():
        move(at, **settled(slug, preset))
        said = str(sent(at, "verified")["parts"])
        proved.append("check_gradients" in said)
        assert proved[-1] or "NaN or infinite" in said, name
    assert any(proved)


@every_lesson
def test_the_program_runs_and_prints_numbers_that_stand_on_the_page(slug: str) -> None:
    at = visit(slug, ("code",), mode="explore")
    if slug in components(at):
        say(at, slug, shown={"step": 3, "unit": 0, "layer": 0, "direction": 0})
    for said, wanted in handful(slug):
        move(at, **settled(slug, wanted))
        (program,) = (code.value for code in at.code)
        out = StringIO()
        with redirect_stdout(out), chdir(ROOT):
            exec(program, {})
        printed = numbers_of(out.getvalue())
        assert printed, said
        missing = [number for number in printed if not stands(number, at)]
        # of several networks the page may show one at a time
        assert len(missing) <= len(printed) // 3, f"{said}: {missing} not on the page\n{out.getvalue()}"


def handful(slug: str) -> list[tuple[str, dict[str, Any]]]:
    """The defaults, each preset, and each other option."""
    found = [(said, wanted) for said, wanted in settings(slug) if said.startswith("the ")]
    options = [(said, wanted) for said, wanted in settings(slug) if any(isinstance(v, str) for v in wanted.values())]
    return [*found, *(one for one in options if "text" not in one[0] and "becomes" not in one[0])][:9]


def numbers_of(printed: str) -> list[float]:
    """The numbers that a program prints, but for counts."""
    return [float(found) for found in re.findall(r"-?\d+\.\d+(?:e[-+]\d+)?", printed)]


def stands(number: float, at: AppTest) -> bool:
    """Whether this number stands on the page: in a chart (perhaps by its logarithm), in the player, or in a text."""
    page = seen(at)
    data = np.array([*page.data, *chain.from_iterable(numbers_in_player(at))])
    size = abs(number)
    with np.errstate(all="ignore"):
        near = np.abs(data - number) <= max(1e-6 * size, 1e-12)
        logs = np.abs(data - np.log10(size)) <= 1e-4 if size else np.array([False])
    return bool(near.any() or logs.any()) or any(_rounds_to(number, text) for text in page.numbers())


def numbers_in_player(at: AppTest) -> list[list[float]]:
    """All numbers of all players."""
    payloads = [proto.bytes for proto in components(at).values() if proto.WhichOneof("data") == "bytes"]
    return [a.ravel().tolist() for payload in payloads for a in arrays_in(payload).values()]


def _rounds_to(number: float, text: str) -> bool:
    """Whether a number that is printed in a text is this one, to its last digit."""
    mantissa, _, power = text.partition("e")
    if abs(int(power or 0)) > 300:  # no number, but part of a file's name
        return False
    unit = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    return any(abs(value - float(text)) <= 0.500001 * unit for value in (number, 100 * number, abs(number)))
