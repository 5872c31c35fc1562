"""Lanes: what is trained, update by update, and kept so that one can go back: records of all updates, some checkpoints.

A *checkpoint* is whatever a training yields, an object with the number `update`; all else is between the lane and its
record. From one checkpoint the same numbers follow, to the bit, whenever it is gone on from: so checkpoints are kept at
every so many updates only, and those between are trained again.

Where a reader asks for something else while a page is being made, Streamlit begins anew before it has given up the
first run: for a moment two of them ask for the next update of one course. One waits for the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any

from rnnviz.arrays import Array
from rnnviz.errors import NonFiniteError
from rnnviz.player.learn import compact

MOST_BYTES = 1_500_000  # of the checkpoints that one lane keeps, and how many these are
FEWEST, MOST = 6, 128
Record = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Lane:
    """One network that learns.

    id     its name, another one in each lane; label: what is written
    start  the checkpoint of update 0
    go     trains: from a checkpoint, the checkpoints after it; it may end, and raises NonFiniteError where it diverges
    token  all that makes this training another one than that of a lane of the same id: plain values
    of     whose fork it is, and after which update; its `start` is not asked
    """

    id: str
    start: Callable[[], Any]
    go: Callable[[Any], Iterator[Any]]
    token: Any = None
    label: str = ""
    of: tuple[str, int] | None = None

    def forked(self, of: "Lane", update: int, **named: str) -> "Lane":
        """The same training, as a fork of another lane after this update; `named` it anew, by id and label."""
        return replace(self, of=(of.id, update), **named)


@dataclass
class Course:
    """What became of one lane so far.

    begins   the update of its first record: 0, or where it was forked
    records  of `begins`, `begins + every`, ...; numbers and small arrays by name
    kept     {update: checkpoint} at multiples of `spacing`, and of its beginning
    last     the newest checkpoint; found: the last one that was trained again
    ended    (update, why): the first update that could not be done, and "diverged" or "finished"; None: none yet
    """

    lane: Lane
    record: Record
    every: int
    start: Callable[[], Any]
    begins: int = 0
    records: list[dict[str, Array]] = field(default_factory=list)
    kept: dict[int, Any] = field(default_factory=dict)
    spacing: int = 1
    last: Any = None
    found: Any = None
    ended: tuple[int, str] | None = None
    training: Iterator[Any] | None = None
    lock: Any = field(default_factory=RLock, repr=False, compare=False)

    @property
    def reached(self) -> int:
        """The update of the newest record; -1: there is none."""
        return self.begins + self.every * (len(self.records) - 1) if self.records else -1

    def step(self) -> bool:
        """Train up to the next record; whether there is one."""
        with self.lock:
            return self._step()

    def _step(self) -> bool:
        if self.ended:
            return False
        if self.training is None:
            self._begin()
            return True
        for _ in range(self.every):
            try:
                self.last = next(self.training)
            except (NonFiniteError, StopIteration) as end:
                why = "diverged" if isinstance(end, NonFiniteError) else "finished"
                self.ended = self.last.update + 1, why
                return False
            self._keep(self.last)
        self.records.append(compact(self.record(self.last)))
        return True

    def reach(self, update: int) -> "Course":
        """Train up to this update, or to its end."""
        while self.reached < update and self.step():
            pass
        return self

    def at(self, update: int) -> dict[str, Array] | None:
        """The record of an update; None where there is none."""
        k, rest = divmod(update - self.begins, self.every)
        return self.records[k] if rest == 0 and 0 <= k < len(self.records) else None

    def checkpoint(self, update: int) -> Any:
        """The checkpoint of an update that was done, the same to the bit as it was; the newest, of one beyond."""
        with self.lock:
            return self._checkpoint(update)

    def _checkpoint(self, update: int) -> Any:
        if self.training is None:
            self._begin()
        update = min(max(update, self.begins), self.last.update)
        if update == self.last.update:
            return self.last
        near = [*self.kept.values(), self.found] if self.found else self.kept.values()
        nearest = max((one for one in near if one.update <= update), key=lambda one: one.update)
        if nearest.update < update:
            self.found = next(one for one in self.lane.go(nearest) if one.update == update)
            return self.found
        return nearest

    def _begin(self) -> None:
        self.last = self.start()
        self.begins = self.last.update
        self.kept = {self.begins: self.last}
        self.training = self.lane.go(self.last)
        self.records.append(compact(self.record(self.last)))

    def _keep(self, checkpoint: Any) -> None:
        if checkpoint.update % self.spacing:
            return
        self.kept[checkpoint.update] = checkpoint
        while len(self.kept) > most_kept(checkpoint):
            self.spacing *= 2
            self.kept = {n: one for n, one in self.kept.items() if n % self.spacing == 0 or n == self.begins}


def most_kept(checkpoint: Any) -> int:
    """How many checkpoints like this one a lane keeps."""
    owner = checkpoint if hasattr(checkpoint, "parameter_count") else getattr(checkpoint, "network", None)
    count = getattr(owner, "parameter_count", 0)
    return min(max(MOST_BYTES // max(1, 3 * 8 * count), FEWEST), MOST)  # parameters, and two moments of each


def course(lane: Lane, record: Record, every: int = 1, of: Course | None = None) -> Course:
    """The course of a lane at its beginning; of a fork, of the one that it was forked of."""
    if lane.of is None:
        return Course(lane, record, every, lane.start)
    if of is None:
        raise ValueError(f"lane {lane.id!r} is a fork of {lane.of[0]!r}, which is not there")
    update = lane.of[1]
    return Course(lane, record, every, lambda: of.reach(update).checkpoint(update), begins=update)


def train(lane: Lane, record: Record, update: int, every: int = 1) -> Course:
    """A lane trained up to an update, where no browser asks: for facts, tests and stored records."""
    return course(lane, record, every).reach(update)
