"""A network that reads windows of a series and says a value some weeks ahead, prepared in good ways and in bad ones.

The series is split in time order: the first 70 % train, the next 10 % are the *validation* part, the last 20 % the
*test* part. Gaps are filled, numbers are scaled, windows are cut. An *error* is the root mean square of the difference,
in the unit of the series. Windows whose target was never measured do not count. The naive answer: all stays as it is.

Three ways to be wrong, each of which lends the future to training: windows are cut first and the parts drawn at random;
the scale is fitted on all values; gaps are filled by a line to the value after them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.preprocessing.raw import Series, carbon
from rnnviz.arrays import Array
from rnnviz.data import (
    Scaler,
    Split,
    at_random,
    fill_forward,
    fill_mean,
    in_time,
    interpolate,
    is_missing,
    min_max,
    standardize,
    windows,
    with_mask,
)
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

TRAIN, VALIDATION = 0.7, 0.1
LIMIT, LONG = 300, 600  # updates of the story, and of Explore
BATCH, RATE, CLIP = 32, 0.01, 1.0
LEAST, FEWEST = 160, 5  # steps of a series of one's own; windows of each part
FILLS = ("forward", "mean", "line", "drop")
SCALES = ("standardize", "min_max", "none")
OPTIMIZER = rv.optimizers.adam()


@dataclass(frozen=True)
class Settings:
    """How raw numbers become what the network reads, and the network.

    fill     what gaps get, one of FILLS; mask: whether it is told where they were
    scale    one of SCALES, fitted on the "train" part or on "all"
    split    "time": split, then cut windows; "random": cut windows, then draw the parts
    answer   "level": the value itself; "change": how far it is from the last value read
    length   of a window; horizon: the target lies so many steps after it
    """

    fill: str = "forward"
    mask: str = "off"
    scale: str = "standardize"
    fitted: str = "train"
    split: str = "time"
    answer: str = "level"
    length: int = 26
    horizon: int = 4
    cell: str = "gru"
    units: int = 16
    seed: int = 0

    @property
    def leaks(self) -> tuple[str, ...]:
        """Which ways to be wrong this is."""
        found = {"split": self.split == "random", "fitted": self.fitted == "all" and self.scale != "none"}
        return tuple(name for name, there in (found | {"fill": self.fill == "line"}).items() if there)

    @property
    def honest(self) -> "Settings":
        """The same without them."""
        return replace(self, split="time", fitted="train", fill="forward" if self.fill == "line" else self.fill)


@dataclass(frozen=True, eq=False)
class Part:
    """Windows of one part: the batch, what each answer is added to, and the true values (B,), in the series' unit."""

    batch: SequenceBatch
    base: Array
    true: Array
    unit: float

    def said(self, network: rv.Network, some: slice | NDArray[np.intp] = slice(None)) -> Array:
        """(B,) what the network says of some windows, in the series' unit."""
        return np.asarray(self.base[some] + self.unit * rv.unroll(network, self.batch.x[:, some]).y[-1, :, 0])

    def error(self, network: rv.Network) -> float:
        """The root mean square of the difference."""
        return float(np.sqrt(np.mean(np.square(self.said(network) - self.true))))


@dataclass(frozen=True, eq=False)
class Prepared:
    """A series as a network reads it: parts, the scaler, the naive errors, the steps at which test answers are due."""

    parts: Split[Part]
    scaler: Scaler
    naive: Split[float]
    due: Split[Array]


@dataclass(frozen=True)
class Raw:
    """A series by its numbers alone, so that what is made of it is kept."""

    values: bytes

    @property
    def mark(self) -> str:
        """What tells it from others."""
        return hashlib.sha256(self.values).hexdigest()[:12]

    def array(self) -> Array:
        """(N, 1)."""
        return np.frombuffer(self.values)[:, None]


def raw(given: Series) -> Raw:
    """Of this series."""
    return Raw(np.ascontiguousarray(given.values, np.float64).tobytes())


@lru_cache(maxsize=32)
def prepare(given: Raw, chosen: Settings) -> Prepared:
    """All steps from the raw series to the batches. Raises ValueError where a part is too short for any window."""
    values = given.array()
    times = in_time(len(values), TRAIN, VALIDATION)
    filled, missing = fill(values, times.train, chosen.fill)
    scaler = fitted(values if chosen.fitted == "all" else values[times.train], chosen.scale)
    if chosen.split == "time":
        pieces = [np.arange(len(filled))[_within(part, len(values), len(filled))] for part in times]
        cut = [part[: max(0, len(part) - chosen.length - chosen.horizon + 1)] for part in pieces]
    else:
        count = len(filled) - chosen.length - chosen.horizon + 1
        cut = list(at_random(count, TRAIN, VALIDATION, np.random.default_rng(chosen.seed + 100)))
    measured = ~missing[:, 0]
    due = [begins + chosen.length + chosen.horizon - 1 for begins in cut]
    kept = [begins[measured[at]] for begins, at in zip(cut, due, strict=True)]
    if not all(map(len, kept)):
        raise ValueError(f"{len(values)} steps: a part has no window of {chosen.length} with a measured target")
    made = [_part(filled, missing, begins, scaler, chosen) for begins in kept]
    naive = [float(np.sqrt(np.mean((filled[b + chosen.length - 1, 0] - p.true) ** 2))) for b, p in zip(kept, made)]
    return Prepared(Split(*made), scaler, Split(*naive), Split(*(b + chosen.length + chosen.horizon - 1 for b in kept)))


def fill(values: Array, train: slice, how: str) -> tuple[Array, Array]:
    """The series (N, 1) with its gaps filled, and where they were; with "drop" it is shorter, and has none."""
    if how == "drop":
        kept = values[~is_missing(values)[:, 0]]
        return kept, is_missing(kept)
    known = values[train]
    made = {"forward": fill_forward, "mean": fill_mean}
    return (interpolate(values) if how == "line" else made[how](values, known)), is_missing(values)


def fitted(values: Array, how: str) -> Scaler:
    """The scaler of these values."""
    if how == "none":
        return Scaler(np.zeros(1), np.ones(1))
    return min_max(values) if how == "min_max" else standardize(values)


def _within(part: slice, before: int, now: int) -> slice:
    """The same part of a series that has lost some steps."""
    return slice(round(part.start * now / before), round(part.stop * now / before))


def _part(filled: Array, missing: Array, begins: Array, scaler: Scaler, chosen: Settings) -> Part:
    """The windows that begin there, (T, B, I)."""
    cut = windows(scaler.transform(filled), chosen.length, chosen.horizon)
    gaps = windows(missing.astype(float), chosen.length, 0).x[:, begins, 0]
    x, target = cut.x[:, begins], cut.targets[-1, begins, 0]
    base = x[-1, :, 0] if chosen.answer == "change" else np.zeros(len(begins))
    if chosen.answer == "change":
        x = x - base[None, :, None]
    if chosen.mask == "on":
        x = np.stack([with_mask(x[:, b], gaps[:, b, None] > 0) for b in range(len(begins))], axis=1)
    T, B = x.shape[:2]
    spread = float(np.abs(scaler.scale[0]))
    targets, mask = np.zeros((T, B, 1)), np.zeros((T, B), np.bool_)
    targets[-1, :, 0], mask[-1] = target - base, True
    batch = SequenceBatch(x, targets, mask, np.full(B, T), 1, baseline=1.0)
    level = scaler.inverse(base[:, None])[:, 0] if chosen.answer == "change" else np.full(B, scaler.shift[0])
    return Part(batch, level, scaler.inverse(target[:, None])[:, 0], spread)


# The network, and its training


@dataclass(frozen=True, eq=False)
class Trained(Checkpoint):
    """A checkpoint of the library, the settings, and the series."""

    settings: Settings = Settings()
    given: Raw = Raw(b"")

    @classmethod
    def of(cls, given: Raw, chosen: Settings, now: Checkpoint) -> "Trained":
        """This checkpoint."""
        return cls(**{one.name: getattr(now, one.name) for one in fields(Checkpoint)}, settings=chosen, given=given)

    @classmethod
    def begin(cls, given: Raw, chosen: Settings) -> "Trained":
        """The checkpoint of update 0."""
        inputs = 2 if chosen.mask == "on" else 1
        rng = np.random.default_rng(chosen.seed)
        network = rv.Network.create(chosen.cell, inputs, chosen.units, output_size=1, rng=rng)
        return cls.of(given, chosen, rv.training.start(network, OPTIMIZER, np.random.default_rng(chosen.seed)))

    @property
    def prepared(self) -> Prepared:
        """What it learns from, and is judged by."""
        return prepare(self.given, self.settings)

    @cached_property
    def valid(self) -> float:
        """The error on the validation part."""
        return self.prepared.parts.validation.error(self.network)

    @cached_property
    def test(self) -> float:
        """The error on the test part."""
        return self.prepared.parts.test.error(self.network)


def go(begun: Trained) -> Iterator[Trained]:
    """Trained on: each update reads windows of the training part, drawn at random."""
    whole = prepare(begun.given, begun.settings).parts.train.batch

    def sample(rng: np.random.Generator) -> SequenceBatch:
        k = rng.integers(0, whole.x.shape[1], min(BATCH, whole.x.shape[1]))
        return SequenceBatch(whole.x[:, k], whole.targets[:, k], whole.mask[:, k], whole.lengths[k], 1, 1.0)

    def clip(grads: dict[str, Array]) -> dict[str, Array]:
        return dict(rv.clipping.clip_by_global_norm(grads, CLIP).grads)

    run = rv.training.train(begun, sample, optimizer=OPTIMIZER, learning_rate=RATE, clip=clip)
    for now in run:
        yield Trained.of(begun.given, begun.settings, now)


@lru_cache(maxsize=16)
def trained(given: Raw, chosen: Settings, updates: int = LIMIT) -> Trained:
    """The same after so many updates."""
    return next(now for now in go(Trained.begin(given, chosen)) if now.update == updates)


def story() -> Raw:
    """The series of the story."""
    return raw(carbon())


def usable(given: Raw, chosen: Settings) -> bool:
    """Whether each part of this series has windows enough, each with a target that was measured."""
    try:
        return min(part.batch.x.shape[1] for part in prepare(given, chosen).parts) >= FEWEST
    except ValueError:
        return False
