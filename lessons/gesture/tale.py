"""What each beat says, of the networks that are stored."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.gesture.experiment import exercises, predicted
from lessons.gesture.recordings import EXERCISES, KNOWN, LENGTH, PEOPLE, RATE, STRIDE, parts, recordings
from lessons.gesture.stored import KEPT, network, scores
from lessons.gesture.watching import Watched, watch
from rnnviz.evaluation import confusion, over_seeds

Facts = dict[str, Any]
NEW, WINDOWS = KEPT[:2]
RECORDINGS = {"arm": 38, "shared": 38, "wrong": 84}  # all of people whom the network does not know
STEPS = {"shared": 90}  # of a recording's beginning, where less than all of it is shown


@cache
def watched(beat: str) -> Watched:
    """What the network that does not know this person sees in the beat's recording."""
    return watch(network(NEW), recordings().signals[RECORDINGS[beat]][: STEPS.get(beat)], NEW)


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    common = {"seconds": LENGTH / RATE, "apart": STRIDE / RATE, "rate": RATE, "people": PEOPLE, "exercises": EXERCISES}
    return common | {"new": PEOPLE - KNOWN} | BEATS[beat]()


def arm() -> Facts:
    """One recording, window by window."""
    found, exercise = watched("arm"), recordings().exercise[RECORDINGS["arm"]]
    return {"windows": len(found.p), "right": int((found.said == exercise).sum()), "length": len(found.signals) / RATE}


def shared() -> Facts:
    """How much of a window its neighbour has, too."""
    share = (LENGTH - STRIDE) / LENGTH
    answer = {0.0: "none", 0.25: "quarter", 0.5: "half", 0.75: "most"}.get(share, "other")
    return {"share": share, "answers": {"shared": answer}}


def claimed() -> Facts:
    """What is right of held-out windows of people whom it knows, and of people whom it does not know."""
    known, new = scores().end(WINDOWS), scores().end(NEW)
    answer = "same" if new > known - 0.03 else "some" if new > 0.75 else "half" if new > 0.45 else "few"
    return {"known": known, "score": new, "answers": {"claimed": answer}}


def confused() -> Facts:
    """Which exercise is taken for which other most often, of new people."""
    table = confusion(exercises(NEW.split, 0), predicted(network(NEW), NEW), EXERCISES)
    wrong = table - np.diag(np.diag(table))
    y, x = (int(place) for place in np.unravel_index(wrong.argmax(), wrong.shape))
    return {"done": y, "seen": x, "share": float(wrong[y, x] / table[y].sum()), "back": int(table[x, y])}


def wrong() -> Facts:
    """A recording that is mistaken from end to end, or how much of it."""
    found, exercise = watched("wrong"), int(recordings().exercise[RECORDINGS["wrong"]])
    said = np.bincount(found.said, minlength=EXERCISES)
    share = float((found.said == exercise).mean())
    answer = "never" if share == 0 else "sometimes" if share < 0.9 else "always"
    return {
        "exercise": exercise,
        "said": int(said.argmax()),
        "windows": len(found.p),
        "right": int((found.said == exercise).sum()),
        "sure": float(found.p.max(axis=1).mean()),
        "answers": {"wrong": answer},
    }


def everyone() -> Facts:
    """Each person held out in turn."""
    found = scores().people
    mean = over_seeds(found)
    return {
        "least": min(found),
        "most": max(found),
        "mean": mean.mean,
        "low": float(mean.low),
        "high": float(min(mean.high, 1.0)),
        "claimed": scores().end(WINDOWS),
        "outside": bool(scores().end(WINDOWS) > mean.high),
    }


def takeaway() -> Facts:
    """All that was seen."""
    learned, held = parts("people")
    return {"known": scores().end(WINDOWS), "score": scores().end(NEW), "windows": len(learned) + len(held)}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (arm, shared, claimed, confused, wrong, everyone, takeaway)
}
