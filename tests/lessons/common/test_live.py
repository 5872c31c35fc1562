"""Lanes that learn in step: what is trained again is the same to the bit; nothing is trained that nobody asks for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from threading import Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons.common import lanes as courses
from lessons.common import live
from lessons.common.lanes import Lane, course, train
from lessons.common.live import Held, Live
from lessons.common.together import together
from rnnviz import NonFiniteError

T, LIMIT = 6, 40
advance = partial(live.advance, budget=60)  # seconds: however busy the machine


def sample(rng: np.random.Generator) -> Any:
    return rv.tasks.adding(rng, batch_size=4, num_steps=T)


def lane(name: str = "a", rate: float = 0.01, optimizer: Any = None) -> Lane:
    rule = optimizer or rv.optimizers.adam()

    def start() -> Any:
        net = rv.Network.create("lstm", 2, 4, output_size=1, rng=np.random.default_rng(0))
        return rv.training.start(net, rule, np.random.default_rng(1))

    def go(checkpoint: Any) -> Iterator[Any]:
        loss = rv.losses.mean_squared_error
        return rv.training.train(checkpoint, sample, loss=loss, optimizer=rule, learning_rate=rate)

    return Lane(name, start, go, token=rate, label=name)


record = live.usual


def same(one: Any, other: Any) -> bool:
    """Whether two records, or two networks, are the same to the bit; NaN is NaN."""
    first, second = (x if isinstance(x, dict) else x.network.state_dict() for x in (one, other))
    return first.keys() == second.keys() and all(first[k].tobytes() == second[k].tobytes() for k in first)


@dataclass(frozen=True)
class Count:
    """A checkpoint that is a mere number."""

    update: int


def counting(until: int | None = None, error: type[Exception] | None = None, name: str = "count") -> Lane:
    """A lane of numbers, which ends or fails after `until`."""

    def go(begun: Count) -> Iterator[Count]:
        n = begun.update
        while until is None or n < until:
            n += 1
            yield Count(n)
        if error:
            raise error("it is infinite")

    return Lane(name, lambda: Count(0), go, token=[until, str(error)])


def number(checkpoint: Count) -> dict[str, float]:
    return {"n": float(checkpoint.update)}


def ask(run: Live, want: int, serial: int, have: int | None = None) -> dict[str, Any]:
    """What the browser says when it needs frames."""
    return {"slice": {"run": run.id, "have": run.frames if have is None else have, "want": want, "serial": serial}}


def test_a_lane_trained_again_is_the_same_to_the_bit() -> None:
    one, other = train(lane(), record, LIMIT), train(lane(), record, LIMIT)
    assert len(one.records) == LIMIT + 1
    assert all(same(a, b) for a, b in zip(one.records, other.records))


def test_a_checkpoint_that_was_not_kept_is_trained_again_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    all_kept = train(lane(), record, LIMIT)
    assert len(all_kept.kept) == LIMIT + 1
    monkeypatch.setattr(courses, "MOST", 6)
    few = train(lane(), record, LIMIT)
    assert len(few.kept) <= 6
    for update in (0, 1, 7, 23, LIMIT):
        found = few.checkpoint(update)
        assert found.update == update
        assert same(found, all_kept.checkpoint(update))


def test_a_large_network_keeps_fewer_checkpoints() -> None:
    net = rv.Network.create("lstm", 2, 100, output_size=1, rng=np.random.default_rng(0))
    assert courses.most_kept(rv.training.start(net)) < 10 < courses.most_kept(lane().start())


def test_a_fork_with_nothing_changed_is_its_parent_to_the_bit() -> None:
    parent = train(lane(), record, LIMIT)
    fork = course(lane().forked(lane(), 15, id="b"), record, of=parent).reach(LIMIT)
    assert fork.begins == 15
    assert all(same(fork.at(n), parent.at(n)) for n in range(15, LIMIT + 1))
    other = course(lane(rate=0.1).forked(lane(), 15), record, of=parent).reach(LIMIT)
    assert same(other.at(15), parent.at(15))
    assert not same(other.at(17), parent.at(17))


def test_records_stand_at_every_so_many_updates() -> None:
    found = train(counting(), number, 20, every=5)
    assert [one["n"][0] for one in found.records] == [0, 5, 10, 15, 20]
    assert found.at(7) is None


def test_a_lane_that_diverges_says_at_which_update_and_keeps_all_before_it() -> None:
    found = train(counting(7, NonFiniteError), number, 20)
    assert found.ended == (8, "diverged")
    assert found.reached == 7
    assert found.checkpoint(20).update == 7
    assert train(counting(7), number, 20).ended == (8, "finished")


def test_a_real_run_that_diverges_ends_there() -> None:
    found = train(lane(rate=1e300, optimizer=rv.optimizers.sgd()), record, 20)
    assert found.ended is not None
    assert found.ended[1] == "diverged"
    assert found.reached == found.ended[0] - 1


def test_lanes_trained_together_are_those_trained_alone() -> None:
    rates = [0.01, 0.05, 1e300]
    nets = [
        rv.Network.create("lstm", 2, 4, output_size=1, rng=np.random.default_rng(seed)) for seed in range(len(rates))
    ]
    rule, loss, calls = rv.optimizers.adam(), rv.losses.mean_squared_error, []

    def go(whole: Any) -> Iterator[Any]:
        calls.append(whole.update)
        return rv.sweep.train(whole, sample, loss=loss, optimizer=rule, learning_rate=rates)

    named = {"slow": "0.01", "fast": "0.05", "lost": "1e300"}
    found = together(named, lambda: rv.sweep.start(nets, np.random.default_rng(1)), go, "rates")
    held = Held()
    run = advance(held, tuple(found), record, limit=12, told={})
    run = advance(held, tuple(found), record, limit=12, told=ask(run, 13, 1))
    assert calls == [0]  # one loop serves them all
    assert run.frames == 13
    assert run.courses[2].ended is not None
    for m, rate in enumerate(rates[:2]):
        start = rv.training.start(nets[m], rule, np.random.default_rng(1))
        alone = rv.training.train(start, sample, loss=loss, optimizer=rule, learning_rate=rate)
        expected = [next(alone) for _ in range(12)]
        assert [one["loss"][0] for one in run.courses[m].records[1:]] == pytest.approx([one.loss for one in expected])
        W = run.courses[m].checkpoint(7).network.state_dict()["weight_hh_l0"]
        assert pytest.approx(expected[6].network.state_dict()["weight_hh_l0"], abs=1e-10) == W


def test_nothing_is_trained_that_nobody_has_asked_for() -> None:
    held = Held()
    run = advance(held, (counting(),), number, limit=LIMIT, told={})
    assert run.frames == 1
    asked = ask(run, 5, 1)
    run = advance(held, (counting(),), number, limit=LIMIT, told=asked)
    assert (run.frames, run.asked) == (6, 1)
    assert advance(held, (counting(),), number, limit=LIMIT, told=asked).frames == 6  # it was answered


def test_a_slice_ends_when_its_time_is_up_and_brings_at_least_one_frame() -> None:
    held, clock = Held(), iter(range(1000))
    run = advance(held, (counting(),), number, limit=LIMIT, told={})
    for serial, budget, frames in ((1, 3, 4), (2, 0, 5)):
        asked = ask(run, 100, serial)
        run = advance(held, (counting(),), number, limit=LIMIT, told=asked, budget=budget, now=lambda: next(clock))
        assert run.frames == frames


def test_where_answers_take_long_a_slice_is_longer_within_bounds() -> None:
    for took, frames in ((0, 5), (400, 9), (60_000, 13)):
        held, clock = Held(), iter(range(1000)).__next__
        run = advance(held, (counting(),), number, limit=LIMIT, told={})
        asked = ask(run, 100, 1)
        asked["slice"]["took"] = took
        run = advance(held, (counting(),), number, limit=LIMIT, told=asked, budget=4, now=clock)
        assert run.frames == frames


def test_only_new_records_are_sent() -> None:
    held = Held()
    run = advance(held, (counting(),), number, limit=LIMIT, told={})
    assert (run.stage([])["from"], run.stage([])["frames"]) == (0, 1)
    run = advance(held, (counting(),), number, limit=LIMIT, told=ask(run, 5, 1))
    assert (run.stage([])["from"], run.stage([])["frames"]) == (1, 5)
    run = advance(held, (counting(),), number, limit=LIMIT, told=ask(run, 1, 2, have=0))  # it was mounted anew
    assert (run.stage([])["from"], run.stage([])["frames"]) == (0, 6)


def test_what_is_asked_of_another_run_is_answered_with_nothing() -> None:
    held = Held()
    stale = ask(advance(held, (counting(),), number, limit=LIMIT, told={}), 5, 1)
    run = advance(held, (counting(30),), number, limit=LIMIT, told=stale)
    assert run.id != stale["slice"]["run"]
    assert (run.frames, run.asked) == (1, None)


def test_lanes_reach_the_same_update_in_each_slice_whatever_one_of_them_has_done_before() -> None:
    held, both = Held(), (counting(name="a"), counting(name="b"))
    run = advance(held, both[:1], number, limit=LIMIT, told={})
    run = advance(held, both[:1], number, limit=LIMIT, told=ask(run, 9, 1))
    run = advance(held, both, number, limit=LIMIT, told={})
    assert run.frames == 1
    run = advance(held, both, number, limit=LIMIT, told=ask(run, 4, 2))
    assert run.frames == 5
    assert [one.reached for one in run.courses] == [9, 4]  # what was trained for the run before serves this one


def test_a_lane_that_has_ended_does_not_hold_up_the_others() -> None:
    held, both = Held(), (counting(3, NonFiniteError, "a"), counting(name="b"))
    run = advance(held, both, number, limit=LIMIT, told={})
    run = advance(held, both, number, limit=LIMIT, told=ask(run, 100, 1))
    assert run.frames == LIMIT + 1
    stage = run.stage([])
    assert stage["ended"] == {"a": {"update": 4, "why": "diverged"}}
    json.dumps(stage, allow_nan=False)


def test_no_run_goes_beyond_its_limit() -> None:
    held = Held()
    run = advance(held, (counting(),), number, limit=7, every=2, told={})
    run = advance(held, (counting(),), number, limit=7, every=2, told=ask(run, 100, 1))
    assert run.frames == 4
    assert run.courses[0].reached == 6 or run.courses[0].reached == 8


def test_a_rewind_trains_anew_from_the_same_weights_and_finds_the_same_numbers() -> None:
    held, all_lanes = Held(), (lane(),)
    run = advance(held, all_lanes, record, limit=LIMIT, told={})
    run = advance(held, all_lanes, record, limit=LIMIT, told=ask(run, 20, 1))
    before = run.courses[0]
    rewound = {"rewind": {"run": run.id, "serial": 2}}
    again = advance(held, all_lanes, record, limit=LIMIT, told=rewound)
    assert again.id != run.id
    assert again.frames == 1
    assert advance(held, all_lanes, record, limit=LIMIT, told=rewound).id == again.id  # once
    again = advance(held, all_lanes, record, limit=LIMIT, told=rewound | ask(again, 20, 3))
    assert again.courses[0] is not before
    assert all(same(again.courses[0].at(n), before.at(n)) for n in range(21))


def test_nothing_of_an_answer_is_sent_before_the_reader_has_chosen() -> None:
    held = Held()
    run = advance(held, (counting(),), number, limit=LIMIT, told={})
    run = advance(held, (counting(),), number, limit=LIMIT, told=ask(run, 30, 1))
    assert run.stage([], hide_from=10)["frames"] == 10  # it has one
    assert run.stage([], hide_from=None)["frames"] == 30


def test_where_the_reader_stands_is_told_of_this_run_alone() -> None:
    held = Held()
    run = advance(held, (counting(),), number, limit=LIMIT, told={})
    told = {"at": {"run": run.id, "update": 3}} | ask(run, 9, 1)
    run = advance(held, (counting(),), number, limit=LIMIT, told=told)
    assert run.at == 3
    assert run.checkpoint() == Count(3)
    assert advance(held, (counting(30),), number, limit=LIMIT, told=told).at is None


def test_a_session_keeps_no_more_courses_than_it_needs() -> None:
    held = Held()
    for rate in range(30):
        advance(held, (counting(rate + 1),), number, limit=LIMIT, told={})
    assert len(held.courses) <= live.MOST_COURSES + 1


def test_the_story_s_stage_is_locked_until_the_question_is_answered_and_then_plays() -> None:
    words = SimpleNamespace(questions=lambda beat: ("next",) if beat == "ask" else ())
    moment = SimpleNamespace(beat="ask", attributes={"step": 20, "play_to": 90}, words=words, told=False, epoch=1)
    open_ = live.standing(moment)
    assert (open_["locked"], open_["hide_from"], open_["step"], open_["play_to"]) == (True, 20, 20, None)
    told = live.standing(SimpleNamespace(**{**vars(moment), "told": True}))
    assert (told["locked"], told["hide_from"], told["play_to"]) == (False, None, 90)
    assert told["token"] != open_["token"]


STORED = """
import streamlit as st
from lessons.common import live, stages
from rnnviz.player import learn

RECORDS = st.session_state.setdefault("records", [[{"loss": 0.5}, {"loss": 0.25}]])
lanes = [learn.Lane("a", "A")]
stages.show(live.stored(lanes, RECORDS, [live.loss()], limit=1, step=1), key="here")
"""


def test_stored_records_are_all_there_and_nothing_is_asked() -> None:
    at = AppTest.from_string(STORED, default_timeout=60).run()
    assert not at.exception
    (one,) = [c.proto for c in at.get("bidi_component") if c.proto.component_name.endswith("rnn_stage")]
    stage = json.loads(one.json)["stage"]
    assert (stage["run"], stage["from"], stage["frames"], stage["step"]) == (None, 0, 2, 1)
    assert stage["records"]["file"].endswith(".json")


PAGE = """
from tests.lessons.common.test_live import counting, number
from lessons.common import live

class Page:
    slug = "page"
    hear = staticmethod(lambda event: None)

values = {"rate": st.session_state.get("rate", 1), "units": st.session_state.get("units", 4)}
fork = live.forked(Page, "run", values, ("rate",))
lanes = [counting(name="a")]
if fork:
    lanes.append(counting(99, name="x").forked(lanes[0], fork.update, id="b"))
run = live.show(Page, "run", lanes, number, [live.curve("n", "n")], limit=40)
st.session_state["run"] = run
st.session_state["fork"] = fork
"""


def say(page: AppTest, **events: Any) -> AppTest:
    """What the browser says, as the callback hears it; then the page runs."""
    for target, value in events.items():
        page.session_state["told of live page_run"][target] = value
    return page.run()


def test_in_explore_the_reader_forks_changes_a_knob_and_comes_back() -> None:
    at = AppTest.from_string(f"import streamlit as st\n{PAGE}", default_timeout=60).run()
    assert not at.exception
    run = at.session_state["run"]
    say(at, **ask(run, 9, 1))
    assert at.session_state["run"].frames == 10
    say(at, fork={"run": run.id, "update": 6, "serial": 2}, at={"run": run.id, "update": 6})
    assert at.session_state["fork"].update == 6
    assert at.session_state["fork"].values == {"rate": 1, "units": 4}
    run = at.session_state["run"]
    assert [one.id for one in run.lanes] == ["a", "b"]
    assert run.frames == 7
    assert run.at == 6  # where the reader stood before the fork
    at.session_state["rate"] = 3
    at.run()
    assert at.session_state["fork"].values["rate"] == 1
    at.session_state["units"] = 5
    assert at.run().session_state["fork"] is None
    assert not at.exception


def test_two_runs_of_a_page_that_overlap_share_a_course_without_harm():
    """As where a reader answers while a slice is trained: each update is done once, with the numbers of one alone."""
    both, failed = course(lane(), record), []

    def run() -> None:
        try:
            both.reach(LIMIT)
            both.checkpoint(LIMIT // 2)
        except ValueError as error:  # a generator that runs already
            failed.append(error)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    for one, other in zip(course(lane(), record).reach(LIMIT).records, both.records):
        assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)
