"""What the page on gradient clipping says and draws, as numbers; those of the recorded runs are in `runs.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from lessons.clipping import experiment as clipping
from lessons.clipping import tale
from lessons.clipping.experiment import (
    AS_GOOD,
    NAMES,
    NEGLIGIBLE,
    NORM,
    RATES,
    THRESHOLDS,
    UNCLIPPED,
    UPDATES,
    VALUE,
    B,
    Settings,
    W,
    Work,
)
from lessons.clipping.runs import FACTORS, compared, run, run_controls, run_facts
from lessons.common.controls import Control, Range, Steps
from rnnviz import error_surface
from rnnviz.error_surface import H0, SLOPE, STEPS, TARGET, WALL_FROM, Descent

__all__ = ["compared", "run", "run_controls", "run_facts"]  # besides what is here
SEVERAL, NEITHER, BOTH = "several", "neither", "both"
TURNED = 0.05  # degrees: what is less is no turn
NUDGE, NEAR = 1e-9, 0.001
ON_CLIFF = (5.0, 5.5, 6.0)  # w at which the gradient on the cliff is told
PRESETS: dict[str, dict[str, float]] = {
    "cliff": asdict(Settings(5.6, -2.7, rate=0.2)),
    "nothing": asdict(Settings(4.2, -1.7)),
    "value_harms": asdict(Settings(4.4, -2.0, threshold=0.5)),
    "small": asdict(Settings(3.8, -2.7, threshold=0.01)),
    "plateau": asdict(Settings(6.0, -1.7)),
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """Where the descents start, the learning rate, and the threshold of both clippings."""
    first = Settings()
    return (
        Range("w", *W, 0.01, first.w, digits=2),
        Range("b", *B, 0.01, first.b, digits=2),
        Steps("rate", RATES, first.rate),
        Steps("threshold", THRESHOLDS, first.threshold),
    )


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A click on the map is where the descents start; one on a column of the outcomes, that factor."""
    if target == "factor":
        return {"factor": tuple(FACTORS)[min(max(int(value["x"]), 1), len(FACTORS)) - 1]}
    ends = {"w": W, "b": B}
    return {name: round(min(max(float(value[name]), low), high), 2) for name, (low, high) in ends.items()}


@dataclass(frozen=True)
class Course:
    """What became of one descent; updates are counted from 1.

    stopped          the update at which it was not finite any more; None: all were done
    out              the first update after which it was off the map for good
    w, b, error      where it ended, and E there
    next_step        the norm of what would be its next step
    end              "stopped", on the "map", off it in the "valley", off it "still", "slow" or on its "way"
    typical, lowest  the median and the smallest E on its path
    off, off_lowest  the square roots of both: by how much the output misses its target
    compared         its typical miss beside that of the unclipped one: "better", "worse" or "alike"
    turned           whether clipping turned a gradient
    aside            towards which w its clipped steps went, projected on the cliff: "larger", "smaller"
    """

    stopped: int | None
    out: int | None
    w: float
    b: float
    error: float
    next_step: float
    end: str
    typical: float
    lowest: float
    off: float
    off_lowest: float
    compared: str
    work: Work
    first_step: float
    largest_step: float
    turned: bool
    aside: str
    along: float


@dataclass(frozen=True)
class Facts:
    """What there is to say of the three descents."""

    updates: int
    rate: float
    threshold: float
    unclipped: Course
    value: Course
    norm: Course
    lost: bool
    answers: dict[str, str]


def facts(settings: Settings, found: Mapping[str, Descent]) -> Facts:
    """Of these descents."""
    courses = {name: course(name, settings, found) for name in NAMES}
    bare = courses[UNCLIPPED]
    return Facts(
        updates=UPDATES,
        rate=settings.rate,
        threshold=settings.threshold,
        unclipped=bare,
        value=courses[VALUE],
        norm=courses[NORM],
        lost=bare.end in ("stopped", "still", "slow", "way"),
        answers={"best": best(courses)},
    )


def course(name: str, settings: Settings, found: Mapping[str, Descent]) -> Course:
    """What became of one of them."""
    descent, done = found[name], clipping.last(found[name])
    typical, lowest = clipping.typical_error(descent), clipping.lowest_error(descent)
    change = clipping.miss(typical) - clipping.miss(clipping.typical_error(found[UNCLIPPED]))
    work = clipping.work(name, descent, settings)
    step = settings.rate * float(descent.norm_after[done])
    return Course(
        stopped=done + 1 if done < UPDATES else None,
        out=clipping.left_at(descent),
        w=float(descent.w[done]),
        b=float(descent.b[done]),
        error=clipping.final_error(descent),
        next_step=step,
        end=ending(descent, step),
        typical=typical,
        lowest=lowest,
        off=clipping.miss(typical),
        off_lowest=clipping.miss(lowest),
        compared="alike" if not abs(change) > AS_GOOD else "worse" if change > 0 else "better",
        work=work,
        first_step=settings.rate * float(descent.norm_after[0]),
        largest_step=settings.rate * work.largest,
        turned=work.turned > TURNED,
        aside="larger" if work.along > 0 else "smaller",
        along=abs(work.along),
    )


def ending(descent: Descent, step: float) -> str:
    """Where it ended; off the map also whether in the valley, on a plateau, or on its way with a next step `step`."""
    if clipping.last(descent) < UPDATES:
        return "stopped"
    if clipping.left_at(descent) is None:
        return "map"
    if clipping.final_error(descent) <= AS_GOOD**2:
        return "valley"
    return "still" if step == 0 else "slow" if step < NEGLIGIBLE else "way"


def best(courses: Mapping[str, Course]) -> str:
    """The descent with the smallest typical miss; "several" where another is as good."""
    first, second, _ = sorted(courses, key=lambda name: courses[name].off)
    return first if courses[second].off - courses[first].off > AS_GOOD else SEVERAL


# Explanation, questions


@dataclass(frozen=True)
class Cliff:
    """What the explanation says: of fixed points at the first of `w`, and the gradient on the cliff at each of them."""

    steps: int
    first: float
    target: float
    w: tuple[float, ...]
    low: float
    high: float
    h0: float
    slope: float
    begins: float
    norms: tuple[float, ...]
    steep: float
    turned: float


def about() -> Cliff:
    """Of the surface."""
    low, high = (float(b) for b in error_surface.saddle_nodes(ON_CLIFF[0]))
    steep = float(np.degrees(np.arctan2(1.0, H0)))
    norms = tuple(error_surface.gradient_norm_on_wall(np.array(ON_CLIFF)).tolist())
    return Cliff(
        STEPS, error_surface.START, TARGET, ON_CLIFF, low, high, H0, SLOPE, WALL_FROM, norms, steep, steep - 45
    )


def nudged(settings: Settings, found: Mapping[str, Descent]) -> dict[str, float]:
    """How far apart each descent ends from the one that starts a little higher."""
    others = clipping.descents(replace(settings, b=settings.b + NUDGE))
    return {name: _apart(found[name], others[name]) for name in NAMES}


def _apart(one: Descent, other: Descent) -> float:
    far = np.hypot(one.w[UPDATES] - other.w[UPDATES], one.b[UPDATES] - other.b[UPDATES])
    return float(np.nan_to_num(far, nan=np.inf))


@dataclass(frozen=True)
class Checks:
    """What the questions speak of; `apart`, in the order of NAMES."""

    updates: int
    rate: float
    threshold: float
    first: float
    step: float
    by_gradient: float
    by_threshold: float
    value: float
    norm: float
    apart: tuple[float, ...]
    answers: dict[str, str]


def checks(settings: Settings, found: Mapping[str, Descent]) -> Checks:
    """The engine knows the answers."""
    seen, apart = facts(settings, found), nudged(settings, found)
    first = float(found[NORM].norm_before[0])
    who = {(False, False): NEITHER, (True, False): VALUE, (False, True): NORM, (True, True): BOTH}
    return Checks(
        updates=UPDATES,
        rate=settings.rate,
        threshold=settings.threshold,
        first=first,
        step=seen.norm.first_step,
        by_gradient=settings.rate * first,
        by_threshold=settings.rate * settings.threshold,
        value=seen.value.work.turned,
        norm=seen.norm.work.turned,
        apart=tuple(apart[name] for name in NAMES),
        answers={
            "step": "threshold" if first > settings.threshold else "gradient",
            "turn": who[seen.value.turned, seen.norm.turned],
            "nudge": "near" if apart[UNCLIPPED] <= NEAR else "far",
        },
    )


# Verify, the program, the laws


def verified(found: Mapping[str, Descent]) -> dict[str, Any]:
    """What "Verify" compares: the network where the descent clipped by norm met its largest gradient."""
    at = checked(found)
    net, x = error_surface.network(at["w"], at["b"]), np.zeros((STEPS, 1, 1))
    h0, dy = np.full((1, 1, 1), H0), np.zeros((STEPS, 1, 1))
    dy[-1] = 2 * (at["y"] - TARGET)
    return {"network": net, "x": x, "dy": dy, "h0": h0}


def checked(found: Mapping[str, Descent]) -> dict[str, Any]:
    """Where that is: the update, w and b; and the output there."""
    descent = found[NORM]
    k = int(descent.norm_before[:UPDATES].argmax())
    w, b, h = float(descent.w[k]), float(descent.b[k]), H0
    for _ in range(STEPS):
        h = 0.5 + 0.5 * float(np.tanh(0.5 * (w * h + b)))
    return {"at": k + 1, "w": w, "b": b, "y": h}


def program(settings: Settings) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return asdict(settings) | {"updates": UPDATES}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section, values)
    if section == "about":
        return about()
    if section == "run":
        return run_facts(*run({"factor": "none", "run_rate": 0.03} | dict(values)))
    if section == "compared":
        return compared()
    settings = Settings(**{name: values[name] for name in Settings.__dataclass_fields__})
    found = clipping.descents(settings)
    if section == "checked":
        return checked(found)
    return checks(settings, found) if section == "checks" else facts(settings, found)
