"""Make the record of what the old lessons' pages show: run once, against the state before the lessons moved.

    git worktree add ../before 0a1b2c3        # the last commit with lessons/hidden_state.py
    PYTHONPATH=../before:. python tests/lessons/record/make_record.py [slug ...]

writes tests/lessons/record/<slug>.json.gz. Each visit to a page holds

    address, why     as a shared link says it; see addresses.py
    players          fingerprints of the payloads (payloads.py)
    prose            numbers of all texts but the following, as they are printed; those on each visit's page alone once,
                     under "always"
    question         of the question to predict, and after the first answer is given ("verdict": what that adds)
    pictures         of the texts in pictures, but for the ticks of axes
    hits, map        what a chart's read-out says for each point; decimal logarithms of a heat map's cells, a sample
    verify, checks   with these sections open, each question of "checks" answered; "verify" without rounding errors
    program, output  "The same in Python", and the numbers that it prints, to six digits

Not recorded: pixels of heat maps and shapes of curves (they show what the charts' read-outs, the payload and the
program say), widgets' labels, and the times measured on the page of gru_gates.
"""

import base64
import gzip
import importlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

import lessons
from tests.lessons.record import said
from tests.lessons.record.addresses import Address, Values, addresses
from tests.lessons.record.seen import SECTIONS, elements, is_html, leaves, numbers_of, seen, visit

OLD = Path(lessons.__file__).parent
HERE = Path(__file__).parent
SLUGS = ("hidden_state", "lstm_gates", "gru_gates", "bidirectional_and_stacked", "backprop_through_time",
         "vanishing_and_exploding", "initialization", "clipping")  # fmt: skip
TICKS = {"plot", "up", "across", "ticks", "said"}
FIXED = 77.7  # microseconds: every time that gru_gates would measure
CELLS = 60  # of a heat map
RUN = "import sys; exec(compile(sys.stdin.read(), 'program', 'exec'), {'__name__': '__main__'})"


def presets(slug: str) -> Mapping[str, Values]:
    """The addresses to which the page's presets lead."""

    def of(module: str) -> Any:
        return importlib.import_module(f"lessons.{module}")

    match slug:
        case "vanishing_and_exploding":
            module = of("_vanishing_and_exploding.words")
            found = {name: asdict(preset.settings) | {"lag": preset.lag} for name, preset in module.PRESETS.items()}
        case "clipping":
            found = {name: asdict(settings) for name, settings in of("_clipping.experiment").PRESETS.items()}
        case "backprop_through_time":
            found = dict(of("_backprop_through_time.words").PRESETS)
        case "initialization":
            module = of("_initialization.presets")
            found = {name: module.widgets(f"start: {name}") for name in module.STARTS}
        case "hidden_state":
            found = {
                f"{rho}": {"input": "two pasts", "rho": rho} for rho in (0.5, 0.9, 1.3)
            }  # those that the text names
        case _:
            found = {}
    return {name: {key: str(value) for key, value in values.items()} for name, values in found.items()}


def record(slug: str) -> dict[str, Any]:
    """Every visit to one lesson."""
    page = OLD / f"{slug}.py"
    visits = [note(page, address) for address in addresses(slug, presets(slug), lambda text: open_page(page, text))]
    always = Counter(visits[0]["prose"])
    for each in visits:
        always &= Counter(each["prose"])
    for each in visits:
        each["prose"] = list((Counter(each["prose"]) - always).elements())
    return {"lesson": slug, "always": sorted(always.elements()), "visits": visits}


def note(page: Path, address: Address) -> dict[str, Any]:
    """One visit; presets and the first page with all sections open, options with their program."""
    at = open_page(page, address.text)
    noted = {"address": address.text, "why": address.why, "players": seen(at).players} | groups(at)
    if address.why not in ("default", "preset", "option"):
        return filled(noted)
    opened = open_page(page, address.text, True)
    noted["verify"], noted["checks"] = groups(opened).get("verify"), answered(opened)
    noted["verdict"] = verdict(page, address.text, noted)
    if address.why != "option" or not presets(page.stem):
        noted["program"] = seen(opened).programs[0]
        noted["output"] = printed(noted["program"])
    return filled(noted)


def filled(noted: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: found for name, found in noted.items() if found or name == "address"}


def open_page(page: Path, address: str, opened: bool = False, **session: Any) -> AppTest:
    """The page, its measured times held at one value."""
    if page.stem == "gru_gates":
        units = int(dict(part.split("=") for part in address.split("&") if part).get("price_units", 24))
        session["measured"] = (units, [(FIXED / 1e6,) * 3] * 3)
    return visit(page, address, SECTIONS if opened else (), session)


def groups(at: AppTest) -> dict[str, list[Any]]:
    """The numbers on a page by where they stand."""
    found: dict[str, list[Any]] = {name: [] for name in ("prose", "question", "pictures", "hits", "map", "verify")}
    for keys, kind, proto in elements(at._tree):
        inside = next((key for key in keys if key in ("prediction", *SECTIONS)), "")
        if kind == "bidi_component":
            for leaf in leaves(proto) if not proto.component_name.endswith("_code") else ():
                if isinstance(leaf, str) and is_html(leaf):
                    _pictures(found, leaf)
        elif kind == "html":
            _pictures(found, re.sub(r"<style>.*?</style>", "", proto.body, flags=re.DOTALL))
        elif isinstance(text := getattr(proto, "body", None), str) and inside not in ("checks", "code"):
            text = text.partition("They disagree")[0] if inside == "verify" else text
            found[{"verify": "verify", "prediction": "question"}.get(inside, "prose")] += numbers_of(text)
    for name in ("prose", "question", "pictures"):
        found[name] = sorted(number for number in found[name] if number != str(FIXED))
    found["hits"] = sorted(set(found["hits"]), key=said.value)
    return found


def _pictures(found: dict[str, list[Any]], markup: str) -> None:
    for classes, text in said.pieces(markup):
        if not TICKS & set(classes):
            found["prose" if {"prose", "tries"} & set(classes) else "pictures"] += said.numbers(text)
    for told in re.findall(r'data-hits="([^"]*)"', markup):
        cells = json.loads(unescape(told))
        for point in cells.get("says", ()):
            found["hits"] += numbers_of(point)
        if "log10" in cells:
            values = np.frombuffer(base64.b64decode(cells["log10"]), "<f4")
            finite = values[np.isfinite(values)]
            found["map"] += [round(float(v), 3) for v in finite[:: max(1, len(finite) // CELLS)]]


def answered(at: AppTest) -> list[str]:
    """The numbers of the section "checks" once each of its questions is answered."""
    for radio in at.radio:
        if str(radio.key).startswith("check"):
            radio.set_value(radio.options[0])
    at.run()
    assert not at.exception, at.exception[0].message
    texts = [text for keys, text in seen(at).texts if "checks" in keys]
    return sorted(number for text in texts for number in numbers_of(text))


def verdict(page: Path, address: str, before: Mapping[str, Any]) -> list[str]:
    """The numbers that come with an answer to the question to predict."""
    at = open_page(page, address)
    asked = [group for group in at.get("button_group") if str(group.key).startswith("predict")]
    given = {group.key: group.proto.options[0].content for group in asked}
    if not given:
        return []
    after = groups(open_page(page, address, **given))
    more: Counter[str] = Counter()
    for name in ("question", "prose", "pictures"):
        more |= Counter(after[name]) - Counter(before[name])
    return sorted(more.elements())


def printed(program: str) -> list[str]:
    """The numbers that a program prints, to six digits."""
    how: dict[str, Any] = {"cwd": OLD.parent, "env": {**os.environ, "PYTHONPATH": str(OLD.parent)}, "timeout": 300}
    done = subprocess.run([sys.executable, "-c", RUN], input=program, capture_output=True, text=True, check=True, **how)
    return [f"{float(number):.6g}" for number in said.numbers(done.stdout)]


def write(slug: str) -> None:
    """Record one lesson, and say what there is."""
    made = record(slug)
    packed = gzip.compress(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (HERE / f"{slug}.json.gz").write_bytes(packed)
    counts: Counter[str] = Counter()
    for each in made["visits"]:
        counts += Counter({name: len(found) for name, found in each.items() if isinstance(found, list)})
    visits = dict(Counter(each["why"] for each in made["visits"]))
    print(slug, len(packed), "bytes,", visits, "always", len(made["always"]), dict(counts), flush=True)  # noqa: T201


if __name__ == "__main__":
    assert (OLD / "hidden_state.py").exists(), "the lessons have moved here: put the state before on PYTHONPATH first"
    for slug in sys.argv[1:] or SLUGS:
        write(slug)
