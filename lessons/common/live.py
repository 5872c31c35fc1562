"""The live stage: networks that learn while one looks on, update by update, with a way back.

    def start():                                                # a lane: the checkpoint of update 0, and what follows
        return rv.training.start(network(), optimizer, np.random.default_rng(0))
    def go(checkpoint):
        return rv.training.train(checkpoint, sample, loss=..., optimizer=optimizer, learning_rate=0.01)
    def record(checkpoint):                                     # what the pictures show of each update
        return live.usual(checkpoint) | {"answers": rv.unroll(checkpoint.network, x).y[:, 0, 0]}
    LANE = live.Lane("lstm", start, go, token="adam 0.01", label="LSTM")
    PANELS = [live.sequence("answers", targets, "Answers"), live.loss(1 / 6), live.eigenvalues(), live.norms(1.0)]

    def scene(moment):                                              # in a story: one call
        run = live.run("training", [LANE], record, limit=300, told=moment.touched)
        return Scene(facts(moment), run.stage(PANELS, **live.standing(moment)))

    run = live.show(page, "run", [LANE], record, PANELS, limit=300)     # in Explore: one call
    page.player(rv.unroll(run.checkpoint().network, x))                 # the network as it was where the reader stands

Several lanes learn in step, overlaid. A fork is a lane that begins at another's checkpoint:
`OTHER.forked(LANE, 120, id="fork", label="learning rate 0.1")`; `live.forked` is what the reader's button asks for.
Beats share what was trained: a lane of the same id and token is trained once in a session, for whatever beat shows it,
so all have one `record`. What a story asks about, `live.train(LANE, record, 300).records` knows before (cache it).

Nothing runs by itself: the browser asks for a slice when it needs one, `run` trains for BUDGET seconds, and answers
the new records alone. A browser that has left asks nothing. Another token makes another run, under another id; what is
asked under the old one is answered with nothing. The same start gives the same numbers, to the bit.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from time import perf_counter
from typing import Any

import numpy as np
import streamlit as st

from lessons.common import stages
from lessons.common.lanes import Course, Lane, Record, course, train
from lessons.common.live_panels import eigenvalues, gates, loss, norms, norms_in_time, radius, usual
from lessons.common.shared import shared
from lessons.common.together import together
from rnnviz.arrays import Array
from rnnviz.player import learn
from rnnviz.player.learn import Panel, chart, classes, curve, dots, heat, paths, plane, sequence, shares, steps, text

__all__ = [
    "BUDGET",
    "Fork",
    "Lane",
    "Live",
    "Record",
    "chart",
    "classes",
    "curve",
    "dots",
    "eigenvalues",
    "forked",
    "gates",
    "heat",
    "loss",
    "norms",
    "norms_in_time",
    "paths",
    "plane",
    "radius",
    "run",
    "sequence",
    "shares",
    "show",
    "standing",
    "steps",
    "stored",
    "text",
    "together",
    "train",
    "usual",
]

BUDGET = 0.05  # seconds of training for one slice
QUICK, LONGER = 200, 3  # milliseconds; where answers take longer, slices are as much longer, up to so many times
MOST_FRAMES = 1500  # of one answer
MOST_COURSES = 6  # that a session keeps besides those that are shown
TARGETS = ("slice", "at", "fork", "rewind", "lane")  # what the stage tells, and this file hears


@dataclass
class Held:
    """What a session holds for one key.

    courses  {what tells them apart: course}, the newest last
    id       of the run that is shown; rewound: how often it was
    answered the serial of the last request; heard: those of rewinds and forks
    have     how many frames the browser has
    first    {id of a run: what tells its first lane apart}: where the reader stands in that, he stands in its forks
    lock     two runs of one page may overlap for a moment, see `lanes.py`
    """

    courses: dict[str, Course] = field(default_factory=dict)
    id: str = ""
    rewound: int = 0
    answered: int | None = None
    heard: dict[str, Any] = field(default_factory=dict)
    have: int = 0
    first: dict[str, str] = field(default_factory=dict)
    lock: Any = field(default_factory=RLock, repr=False, compare=False)


@dataclass(frozen=True)
class Live:
    """One run: its lanes in step, as far as they have come.

    at      the update where the reader has come to rest; None: nowhere yet
    """

    id: str
    lanes: tuple[Lane, ...]
    courses: tuple[Course, ...]
    limit: int
    every: int
    have: int
    asked: int | None
    at: int | None

    @property
    def frames(self) -> int:
        """How many frames all lanes have, or would have had they not ended."""
        going = [one.reached for one in self.courses if not one.ended]
        reached = min(going) if going else max((one.reached for one in self.courses), default=-1)
        return min(reached, self.limit) // self.every + 1

    def checkpoint(self, lane: str | None = None, update: int | None = None) -> Any:
        """The checkpoint of a lane, the first one, at an update: where the reader stands, at first update 0."""
        names = [one.id for one in self.lanes]
        found = self.courses[0 if lane is None else names.index(lane)]
        return found.checkpoint((self.at or 0) if update is None else update)

    def values(self, name: str, lane: str | None = None) -> Array:
        """One number of the records so far, by frame from where the lane begins; NaN where there is none."""
        names = [one.id for one in self.lanes]
        found = self.courses[0 if lane is None else names.index(lane)]
        return np.array([float(one[name][0]) if name in one else np.nan for one in found.records])

    def stage(
        self,
        panels: Sequence[Panel] | Sequence[Sequence[Panel]],
        *,
        words: Mapping[str, Any] | None = None,
        **place: Any,
    ) -> dict[str, Any]:
        """The stage of this run, with the records that the browser does not have; `place` as in `rnnviz.player.learn`.

        words  besides those that all such stages share
        """
        hidden = place.get("hide_from")
        until = self.frames if hidden is None else min(self.frames, hidden // self.every + 1)
        first = min(self.have, until)
        until = min(until, first + MOST_FRAMES)
        records = [[one.at(n * self.every) for n in range(first, until)] for one in self.courses]
        lanes = [learn.Lane(one.id, one.label, one.of) for one in self.lanes]
        sent = learn.learn(
            lanes,
            records,
            panels=panels,
            words={**shared().labels("learn", {}), **(words or {})},
            limit=self.limit,
            every=self.every,
            first=first,
            run=self.id,
            asked=self.asked,
            ended=self._ended(until),
        )
        return sent | place

    def _ended(self, frames: int) -> dict[str, Any]:
        ended = {lane.id: one.ended for lane, one in zip(self.lanes, self.courses) if one.ended}
        return {
            name: {"update": update, "why": why}
            for name, (update, why) in ended.items()
            if update <= frames * self.every and update <= self.limit
        }


def run(
    key: str,
    lanes: Sequence[Lane],
    record: Record,
    *,
    limit: int,
    every: int = 1,
    told: Mapping[str, Any] | None = None,
    budget: float = BUDGET,
) -> Live:
    """The run of these lanes, trained one slice further where the browser has asked for one.

    key     its name in this session: beats with the same share what was trained
    record  checkpoint -> {name: number or small array}; the same for all lanes of this key
    limit   the most updates, at least 1; every: how many between two records
    told    what the stage has told: in a story `moment.touched`
    budget  seconds of training for one slice; more, where answers take long for other reasons
    """
    held: Held = st.session_state.setdefault(f"live {key}", Held())
    with held.lock:
        return advance(held, tuple(lanes), record, limit=limit, every=every, told=told or {}, budget=budget)


def advance(
    held: Held,
    lanes: tuple[Lane, ...],
    record: Record,
    *,
    limit: int,
    every: int = 1,
    told: Mapping[str, Any],
    budget: float = BUDGET,
    now: Callable[[], float] = perf_counter,
) -> Live:
    """The same for a session of which `held` is what it holds; `now` is its clock."""
    names = _names(lanes, every)
    _rewind(held, told.get("rewind"), names)
    courses = _courses(held, lanes, names, record, every)
    known = f"{sorted(names.items())} {[lane.id for lane in lanes]} {limit} {held.rewound}"
    now_id = hashlib.sha256(known.encode()).hexdigest()[:12]
    if held.id != now_id:
        held.id, held.have, held.answered = now_id, 0, None
    for one in courses:
        if not one.records:
            one.step()
    asked = told.get("slice")
    if isinstance(asked, Mapping) and asked.get("run") == held.id and asked.get("serial") != held.answered:
        held.answered, held.have = asked["serial"], int(asked["have"])
        budget *= min(max(asked.get("took", 0) / QUICK, 1), LONGER)
        _train(courses, held.have + int(asked["want"]), limit, every, now() + budget, now)
    base = held.first[held.id] = names[lanes[0].id]
    held.first = dict(list(held.first.items())[-50:])
    at = told.get("at")
    reached = max(one.reached for one in courses)  # the first lane may have ended before the others
    here = isinstance(at, Mapping) and held.first.get(at["run"]) == base and at["update"] <= reached
    stands = int(at["update"]) if here and at else None
    return Live(held.id, lanes, tuple(courses), limit, every, held.have, held.answered, stands)


def _train(
    courses: Sequence[Course], frames: int, limit: int, every: int, until: float, now: Callable[[], float]
) -> None:
    """All lanes in step, up to so many frames, or until the time is up: at least one more frame, where there is one."""
    while True:
        going = [one for one in courses if not one.ended]
        reached = min((one.reached for one in going), default=limit)
        if reached >= min(limit, (frames - 1) * every):
            return
        for one in going:
            while not one.ended and one.reached <= reached:
                one.step()
        if now() >= until:
            return


def _names(lanes: Sequence[Lane], every: int) -> dict[str, str]:
    """What tells the lanes' courses apart: that of a fork names that of its parent."""
    names: dict[str, str] = {}
    for lane in lanes:
        parent = None if lane.of is None else (names[lane.of[0]], lane.of[1])
        names[lane.id] = repr((lane.id if parent is None else "fork", lane.token, parent, every))
    return names


def _courses(held: Held, lanes: Sequence[Lane], names: Mapping[str, str], record: Record, every: int) -> list[Course]:
    """The lanes' courses: those that are there already, else new ones; the oldest of all others go."""
    found: dict[str, Course] = {}
    for lane in lanes:
        name = names[lane.id]
        kept = held.courses.pop(name, None)
        parent = None if lane.of is None else found[lane.of[0]]
        found[lane.id] = kept or course(lane, record, every, parent)
        held.courses[name] = found[lane.id]
    while len(held.courses) > MOST_COURSES + len(lanes):
        held.courses.pop(next(iter(held.courses)))
    return list(found.values())


def _rewind(held: Held, asked: Any, names: Mapping[str, str]) -> None:
    """Back to the initial weights: what was trained is thrown away, and is trained again."""
    if not isinstance(asked, Mapping) or asked.get("run") != held.id or asked.get("serial") == held.heard.get("rewind"):
        return
    held.heard["rewind"] = asked.get("serial")
    held.rewound += 1
    for name in names.values():
        held.courses.pop(name, None)


# On a page


def standing(moment: Any, **place: Any) -> dict[str, Any]:
    """Where a beat's attributes put its stage; `place` adds to that.

    step=n opens it at update n; plays=n plays up to n by itself; play_to=n, where the beat asks, does so once the
    question is answered, and until then nothing after `step` is shown.
    """
    said = moment.attributes
    asks = bool(moment.words.questions(moment.beat))
    waits = asks and not moment.told
    return {
        "step": int(said.get("step", 0)),
        "locked": waits,
        "hide_from": int(said.get("step", 0)) if waits else None,
        "play_to": said.get("plays") if not asks else said.get("play_to") if moment.told else None,
        "speed": said.get("speed"),
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
        **place,
    }


def show(
    page: Any,
    key: str,
    lanes: Sequence[Lane],
    record: Record,
    panels: Sequence[Panel] | Sequence[Sequence[Panel]],
    /,  # `place` may say what the lanes look like
    *,
    limit: int,
    every: int = 1,
    height: int | None = stages.HEIGHT,
    follow: bool = True,
    **place: Any,
) -> Live:
    """The live stage in Explore, and its run: `run.checkpoint()` is where the reader stands.

    key     its name on this page
    follow  whether the page runs again when the reader has come to rest somewhere else; slices run this stage alone
    place   as in `rnnviz.player.learn`; what the stage tells of anything else comes to the page's `hear`
    """
    name = f"{page.slug}_{key}"
    told: dict[str, Any] = st.session_state.setdefault(f"told of live {name}", {})

    def hear(event: dict[str, Any]) -> None:
        if event["target"] not in TARGETS:
            page.hear(event)
            return
        told[event["target"]] = event["value"]
        if event["target"] in ("fork", "rewind", "lane") or (event["target"] == "at" and follow):
            told["moved"] = True

    @st.fragment
    def part() -> Live:
        if told.pop("moved", False) and told.get("inside"):
            told["inside"] = False
            st.rerun()
        found = run(name, lanes, record, limit=limit, every=every, told=told)
        stages.show(found.stage(panels, **place), key=name, on_event=hear, height=height)
        told["inside"] = True
        return found

    told["inside"] = False
    return part()


@dataclass(frozen=True)
class Fork:
    """A fork that the reader has made: after which update, and the controls' values at that time."""

    update: int
    values: Mapping[str, Any]


def forked(page: Any, key: str, values: Mapping[str, Any], knobs: Sequence[str]) -> Fork | None:
    """The reader's fork of the stage `show(page, key, ...)`; None: there is none.

    values  of the controls now: the fork follows them from its update on, its parent keeps `Fork.values`
    knobs   those that may change at a fork; where any other is changed, the fork goes
    """
    name = f"{page.slug}_{key}"
    told = st.session_state.get(f"told of live {name}", {})
    held = st.session_state.setdefault(f"fork of live {name}", {"heard": None, "fork": None})
    asked = told.get("fork")
    if isinstance(asked, Mapping) and asked.get("serial") != held["heard"]:
        held["heard"] = asked.get("serial")
        held["fork"] = None if asked.get("update") is None else Fork(int(asked["update"]), dict(values))
    fork: Fork | None = held["fork"]
    if fork and any(fork.values[one] != values[one] for one in values if one not in knobs):
        held["fork"] = fork = None
    return fork


def stored(
    lanes: Sequence[Lane] | Sequence[learn.Lane],
    records: Any,
    panels: Sequence[Panel] | Sequence[Sequence[Panel]],
    *,
    limit: int,
    every: int = 1,
    words: Mapping[str, Any] | None = None,
    **place: Any,
) -> dict[str, Any]:
    """The stage of records that are all there: of nothing new is asked. They travel as a file, once.

    records  as in `rnnviz.player.learn.learn`, the same object each time (cached, a constant)
    """
    names = [one if isinstance(one, learn.Lane) else learn.Lane(one.id, one.label, one.of) for one in lanes]
    sent = learn.learn(names, (), panels=panels, words={}, limit=limit, every=every)
    packed = _packed.get(id(records))
    if packed is None or packed[0] is not records:
        packed = _packed[id(records)] = records, learn.packed(records)
    sent |= {"records": stages.constant(packed[1]), "frames": len(records[0])}
    sent["words"] = {**shared().labels("learn", {}), **(words or {})}
    return sent | place


_packed: dict[int, tuple[Any, dict[str, Any]]] = {}  # of records, which are the same objects each time
