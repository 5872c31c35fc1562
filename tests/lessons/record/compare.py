"""What a lesson's new page has lost of the numbers that its old one showed.

    python -m tests.lessons.record.compare lstm_gates                 # a selection of addresses, as the test takes
    python -m tests.lessons.record.compare lstm_gates --all           # every recorded one
    python -m tests.lessons.record.compare lstm_gates 'gap=1&seed=7'  # this one
    python -m tests.lessons.record.compare lstm_gates --pictures      # what charts and diagrams said, too
    python -m tests.lessons.record.compare lstm_gates --old 'gap=1'   # print what was recorded there

For whoever moves a lesson: run it once `lessons/<slug>/page.py` can be opened. The new page is visited by the *old*
address, where that was recorded with all sections open and each question answered, and everything on it is read,
whatever shows it. Reported is, for each address,

    missing   old numbers of prose, verdicts, "verify" and "checks" that stand nowhere in the new page's texts; a number
              counts once, however often it was said, and 0.90 is as good as 0.9, but 0.981 is not there where 0.98 is
    player    how what the player or the error surface is sent differs from then
    program   numbers that the old program printed and the new one does not
    pictures  with --pictures: numbers of the old charts and diagrams that are neither among the new page's texts nor,
              to the digits that were printed, among its data (or 10 to that power). They may be drawn otherwise now

A number that is meant to be gone is entered, by whoever moves the lesson, in `<slug>.changed.json` beside this file,
with the reason; then neither this command nor the test speaks of it:

    [{"numbers": ["1.35e-11"], "why": "singular values of long products were wrong, now they are exact"},
     {"numbers": ["12"], "at": "input=a+sentence", "why": "..."},
     {"player": ["start at step", "note"], "why": "..."},
     {"program": true, "at": "...", "why": "..."}]

`at`: only at addresses that contain this text; without it at all addresses. `"always": true` instead of `numbers` takes
all those that stood on every old page alike (explanations and sources), `"all": true` every number of prose at `at`.
"""

import argparse
import contextlib
import gzip
import html
import io
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.lessons.record import payloads, said
from tests.lessons.record.seen import SECTIONS, Seen, seen, visit

HERE = Path(__file__).parent
LESSONS = HERE.parents[2] / "lessons"
SAID = ("always", "prose", "question", "verdict", "verify", "checks")
DRAWN = ("pictures", "hits")
ANSWER = re.compile(r'data-target="answer" data-value="([^"]*)"')


@dataclass(frozen=True)
class Lost:
    """What one address no longer shows; all empty where it shows what it showed."""

    missing: tuple[str, ...] = ()
    player: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.player or self.program or self.pictures)

    def __str__(self) -> str:
        return "\n".join(f"  {name:9}{', '.join(lost)}" for name, lost in vars(self).items() if lost)


@cache
def load(slug: str) -> dict[str, Any]:
    """The record of one lesson; see make_record.py."""
    return json.loads(gzip.decompress((HERE / f"{slug}.json.gz").read_bytes()))  # type: ignore[no-any-return]


@cache
def changes(slug: str) -> list[dict[str, Any]]:
    """What is meant to differ, with reasons."""
    path = HERE / f"{slug}.changed.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def recorded() -> tuple[str, ...]:
    """The lessons that were recorded."""
    return tuple(sorted(path.name.removesuffix(".json.gz") for path in HERE.glob("*.json.gz")))


def moved() -> tuple[str, ...]:
    """Those of them that have a new page."""
    return tuple(slug for slug in recorded() if (LESSONS / slug / "page.py").exists())


def selection(slug: str, every: int = 4) -> tuple[str, ...]:
    """The addresses that the test takes: the first page, all presets, and each fourth of the others."""
    visits = load(slug)["visits"]
    others = [each["address"] for each in visits if each["why"] not in ("default", "preset")]
    return (*(each["address"] for each in visits if each["why"] in ("default", "preset")), *others[::every])


def compare(slug: str, address: str, pictures: bool = False) -> Lost:
    """Visit the new page at an old address, and say what it no longer shows."""
    old = next(each for each in load(slug)["visits"] if each["address"] == address)
    old = old | {"always": load(slug)["always"]}
    new = new_page(slug, address, opened=bool({"checks", "verify", "verdict", "output"} & old.keys()))
    texts = {said.value(number) for number in new.numbers()}
    lost = Lost(
        missing=tuple(n for n in _once(old, SAID) if said.value(n) not in texts),
        player=tuple(_players(old.get("players", []), new.players)),
        program=tuple(_program(old, new)),
        pictures=tuple(_drawn(old, texts, new)) if pictures else (),
    )
    return without_the_meant(slug, address, lost, old)


def new_page(slug: str, address: str, opened: bool = True) -> Seen:
    """What the new page shows in Explore; where that was recorded with all sections open and each question answered."""
    page, asked = LESSONS / slug / "page.py", "&".join(filter(None, [address, "mode=explore"]))
    first = seen(visit(page, asked, SECTIONS if opened else ()))
    answers: dict[str, str] = {}
    for _, text in first.texts if opened else ():
        for found in ANSWER.findall(text):
            given = json.loads(html.unescape(found))
            answers.setdefault(given["question"], given["choice"])
    return seen(visit(page, asked, SECTIONS, {f"answers of {slug}": answers})) if answers else first


def without_the_meant(slug: str, address: str, lost: Lost, old: Mapping[str, Any]) -> Lost:
    """Without what `<slug>.changed.json` says is meant."""
    missing, player, program, drawn = (list(part) for part in vars(lost).values())
    for change in changes(slug):
        if change.get("at", "") not in address:
            continue
        meant = {said.value(n) for n in change.get("numbers", ())}
        if change.get("always"):
            meant |= {said.value(n) for n in old["always"]}
        missing = [] if change.get("all") else [n for n in missing if said.value(n) not in meant]
        drawn = [n for n in drawn if said.value(n) not in meant]
        player = [what for what in player if not what.startswith(tuple(change.get("player", ())))]
        program = [] if change.get("program") else program
    return Lost(tuple(missing), tuple(player), tuple(program), tuple(drawn))


def _once(old: Mapping[str, Any], groups: Sequence[str]) -> list[str]:
    """Each number of some groups once, in order of size."""
    every = {str(number) for group in groups for number in old.get(group, ())}
    return sorted(every, key=lambda number: (abs(said.value(number)), number))


def _players(old: Sequence[payloads.Fingerprint], new: Sequence[payloads.Fingerprint]) -> Iterator[str]:
    for each in old:
        best = min((payloads.differences(each, other) for other in new), key=len, default=["no payload"])
        yield from best


def _program(old: Mapping[str, Any], new: Seen) -> Iterator[str]:
    """Old numbers that no program of the new page prints."""
    if "output" not in old:
        return
    told: set[str] = set()
    for program in new.programs:
        told |= {number.lstrip("-") for number in run(program)}
    yield from (number for number in dict.fromkeys(old["output"]) if number.lstrip("-") not in told)


def run(program: str) -> list[str]:
    """The numbers that a program prints, to six digits. It stands where programs of readers stand: beside `lessons`."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.chdir(LESSONS.parent):
        exec(compile(program, "the program on the page", "exec"), {"__name__": "__main__"})
    return [f"{float(number):.6g}" for number in said.numbers(out.getvalue())]


def _drawn(old: Mapping[str, Any], texts: set[Any], new: Seen) -> Iterator[str]:
    """Numbers that are neither said nor, to their printed digits, among the data or the powers of ten of these."""
    given = np.asarray(new.data, float)
    texts = texts | {said.value(number) for label in new.labels for number in said.numbers(label)}
    with np.errstate(all="ignore"):
        powers, logs = 10.0**given, np.log10(np.abs(given))
    every, every_log = (
        np.sort(a[np.isfinite(a)]).tolist() for a in (np.append(np.abs(given), powers), np.append(logs, given))
    )
    for number in _once(old, DRAWN):
        known = said.value(number) in texts
        if not known and not _near(every, abs(float(number)), 0.51 * 10.0 ** _last_place(number)):
            yield number
    yield from (f"10^{log}" for log in dict.fromkeys(old.get("map", ())) if not _near(every_log, log, 0.0015))


def _near(ordered: Sequence[float], number: float, half: float) -> bool:
    """Whether one of some ordered numbers is at most `half` away."""
    at = bisect_left(ordered, number - half)
    return at < len(ordered) and ordered[at] <= number + half


def _last_place(number: str) -> int:
    """The power of ten of the last digit that is printed."""
    mantissa, _, exponent = number.partition("e")
    return int(exponent or 0) - len(mantissa.partition(".")[2])


def main() -> None:
    """The command; see the top of this file."""
    parser = argparse.ArgumentParser(description="What a lesson's new page has lost of its old numbers.")
    parser.add_argument("slug", choices=recorded())
    parser.add_argument("address", nargs="?")
    parser.add_argument("--all", action="store_true", help="every recorded address")
    parser.add_argument("--pictures", action="store_true", help="numbers of charts and diagrams, too")
    parser.add_argument("--old", action="store_true", help="print what was recorded at the address")
    given = parser.parse_args()
    every = [each["address"] for each in load(given.slug)["visits"]]
    if given.old:
        print(json.dumps(load(given.slug)["visits"][every.index(given.address or "")], ensure_ascii=False, indent=1))  # noqa: T201
        return
    chosen = [given.address] if given.address is not None else every if given.all else selection(given.slug)
    worse = 0
    for address in chosen:
        try:
            lost: object = compare(given.slug, address, given.pictures)
        except AssertionError as broken:
            lost = f"  broken   {broken}"
        worse += bool(lost)
        print(f"?{address}: {'as it was' if not lost else ''}\n{lost}".rstrip(), flush=True)  # noqa: T201
    print(f"{len(chosen) - worse} of {len(chosen)} addresses show all that they showed")  # noqa: T201


if __name__ == "__main__":
    main()
