"""What is recorded of each update, and the pictures of it; and those of masks and memories."""

from collections.abc import Mapping, Sequence
from typing import Any

from lessons.common import live
from lessons.common.text import Words
from lessons.regularization.experiment import Settings, Trained, after, like_today, validation_set
from lessons.regularization.memory import STEPS, UNITS, records

COLDEST, WARMEST = -2.0, 38.0  # degrees: the axes of the clouds
MOST, LOW, HIGH = 10.0, 2.5, 5.0  # degrees: the axes of both errors, and of that on new fortnights alone
HUES = {"each_step": "backward", "variational": "output", "zoneout": "forward"}
PACE = 2.0  # steps a second


def record(found: Trained) -> dict[str, Any]:
    """Errors and answers in degrees, and the norm of all parameters."""
    return {
        "train": found.train,
        "valid": found.valid,
        "weights": found.weights,
        "said": found.answers(found.settings.learnt),
        "said_new": found.answers(validation_set()),
    }


def lane(name: str, settings: Settings, label: str) -> live.Lane:
    """A lane in which these settings are trained."""
    return live.Lane(name, settings.start, settings.go, token=settings.token, label=label)


def panels(names: Sequence[str], words: Words, settings: Settings) -> list[live.Panel]:
    """Panels by name, in this order."""
    return [PANELS[name](words.labels("panels", {"count": settings.count}), settings) for name in names]


def explored(settings: Settings, words: Words) -> list[list[live.Panel]]:
    """All panels of Explore, in rows."""
    rows = [panels(row, words, settings) for row in (["train", "valid"], ["cloud", "cloud_new", "weights"])]
    for panel in rows[0]:
        panel |= {"low": 0.0, "high": None}
    return rows


def _cloud(of: str, batch: Any, title: str, said: Mapping[str, str]) -> live.Panel:
    return live.dots(of, after(batch), title, low=COLDEST, high=WARMEST, axes=(said["axis"], said["axis_said"]))


def _errors(said: Mapping[str, str], _: Settings) -> live.Panel:
    names = [said["learnt"], said["never"]]
    line = {said["like"]: like_today(validation_set())}
    how: dict[str, Any] = {"low": 0.0, "high": MOST, "lines": line, "hues": ["forward", "backward"], "names": names}
    return live.curve(["train", "valid"], said["errors"], **how)


def _valid(said: Mapping[str, str], _: Settings) -> live.Panel:
    return live.curve("valid", said["valid"], low=LOW, high=HIGH, lines={said["like"]: like_today(validation_set())})


def with_kept(panel: live.Panel, kept: float, words: Words) -> live.Panel:
    """The same with a line at the error of the network that early stopping keeps."""
    line = {"label": words.label("panels.kept", {}), "value": kept}
    return {**panel, "lines": [*panel["lines"], line]}


PANELS: dict[str, Any] = {
    "errors": _errors,
    "train": lambda said, _: live.curve("train", said["train"], low=0.0, high=MOST),
    "valid": _valid,
    "cloud": lambda said, settings: _cloud("said", settings.learnt, said["cloud"], said),
    "cloud_new": lambda said, _: _cloud("said_new", validation_set(), said["cloud_new"], said),
    "weights": lambda said, _: live.curve("weights", said["weights"], low=0.0),
}


def masks(kinds: Sequence[str], words: Words, p: float, **place: Any) -> dict[str, Any]:
    """The stage of bits under these kinds of masks, step by step."""
    said = words.labels("masks", {"p": p})
    of = [*kinds, "expected"] if kinds == ("each_step",) else list(kinds)
    hues, names = [HUES.get(kind, "muted") for kind in of], [said[kind] for kind in of]
    curve = live.curve(of, said["shares"], low=0.0, high=1.0, hues=hues, names=names)
    shape = UNITS, STEPS + 1
    heats = [live.heat(f"states_{kind}", said[kind], shape, struck=f"struck_{kind}", square=False) for kind in kinds]
    heats[0]["weight"] = 1.15 if len(kinds) == 1 else 0.75  # of its row
    shown = [heats, [curve]]
    lanes = [live.Lane("memory", dict, iter, label=said["lane"])]
    return live.stored(lanes, records(p), shown, limit=STEPS, words=words.labels("step_words", {}), pace=PACE, **place)
