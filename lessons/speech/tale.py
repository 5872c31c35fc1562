"""What each beat says, of the networks that are stored: clips that are heard, and scores on clips held out."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

import rnnviz as rv
from lessons.speech.clips import CLEAR, DIGITS, SPAN, TAKES, VOICES, clips, parts
from lessons.speech.experiment import Settings, digits, held_out, predicted
from lessons.speech.listening import SURE, Listening, listen
from lessons.speech.stored import KEPT, network, scores
from rnnviz.evaluation import confusion

Facts = dict[str, Any]
KNOWN, CENTRED, NEW, NEW_CENTRED = KEPT
PADDING = 40  # frames that a short clip is padded to


class Clip(NamedTuple):
    """One of the held-out clips, and which network hears it."""

    digit: int
    voice: int
    take: int
    run: Settings


HEARD = {
    "word": Clip(6, 3, 15, KNOWN),
    "sure": Clip(7, 1, 17, KNOWN),
    "moments": Clip(7, 1, 17, KNOWN),
    "padding": Clip(4, 4, 17, KNOWN),
    "wrong": Clip(8, 0, 3, NEW_CENTRED),
}


@cache
def heard(beat: str, silence: bool = False) -> Listening:
    """What the network of a beat hears in its clip; `silence`: and in the padding after it."""
    clip, known = HEARD[beat], clips()
    (n,) = np.flatnonzero((known.digit == clip.digit) & (known.voice == clip.voice) & (known.take == clip.take))
    features = known.features[n]
    return listen(network(clip.run), features, clip.run, PADDING - len(features) if silence else 0)


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    common = {"clips": len(clips().digit), "voices": VOICES, "span": SPAN * 1000, "digits": DIGITS}
    return common | BEATS[beat]()


def third(place: float) -> str:
    """In which third of a word something happens; `place` from 0 to 1."""
    return "early" if place <= 1 / 3 else "middle" if place <= 2 / 3 else "late"


def word() -> Facts:
    """One clip, heard to its end."""
    found = heard("word")
    return {"seconds": len(found.p) * SPAN, "said": found.said, "right": found.said == HEARD["word"].digit}


def sure() -> Facts:
    """When it is sure, here and in the middle of all held-out clips that it hears right."""
    found = heard("sure")
    answer = "never" if found.sure is None else third(found.sure / len(found.p))
    return {
        "said": found.said,
        "after": None if found.sure is None else found.sure * SPAN,
        "of": len(found.p) * SPAN,
        "least": SURE,
        "median": median_sure(),
        "answers": {"sure": answer},
    }


@cache
def median_sure() -> float:
    """The share of a word after which it is sure, in the middle of all held-out clips; of one that never is, all."""
    each = [listen(network(KNOWN), clips().features[n], KNOWN) for n in parts("clips")[1]]
    return float(np.median([1.0 if one.sure is None else one.sure / len(one.p) for one in each]))


def moments() -> Facts:
    """Which moment mattered most for what it says."""
    found = heard("moments")
    most = int(found.mattered.argmax())
    return {
        "said": found.said,
        "at": (most + 1) * SPAN,
        "sure": None if found.sure is None else found.sure * SPAN,
        "again": bool(most + 2 < len(found.p) and found.mattered[-1] > found.mattered[most] / 2),
        "near": found.sure is not None and abs(most + 1 - found.sure) <= 1,
        "answers": {"moments": third((most + 1) / len(found.p))},
    }


def padding() -> Facts:
    """The shortest and the longest clip, and what becomes of the answers where padding counts."""
    batch = held_out("clips", 0, "plain")
    all_of_it = rv.unroll(network(KNOWN), batch.x).y[-1].argmax(axis=1)
    wrong = float((all_of_it == digits("clips", 0)).mean())
    right = scores().end("clips", "plain")
    lengths = [len(one) for one in clips().features]
    answer = "same" if wrong > right - 0.03 else "some" if wrong > 0.7 else "half" if wrong > 0.3 else "none"
    short, long = heard("padding"), heard("padding", silence=True)
    return {
        "shortest": min(lengths),
        "longest": max(lengths),
        "held": len(batch.lengths),
        "right": right,
        "padded": wrong,
        "said": short.said,
        "turned": long.said,
        "answers": {"padding": answer},
    }


def voices() -> Facts:
    """What is right of clips by voices that it knows, and of a voice that it does not."""
    known, new = scores().end("clips", "plain"), scores().end("voice", "plain")
    answer = "same" if new > 0.95 else "most" if new > 0.75 else "half" if new > 0.45 else "few"
    return {"known": known, "new": new, "others": VOICES - 1, "answers": {"voices": answer}}


def centred() -> Facts:
    """What comparing each clip with its own mean does for a new voice."""
    before, after = scores().end("voice", "plain"), scores().end("voice", "centred")
    answer = "worse" if after < before else "same" if after < before + 0.05 else "better" if after < 0.95 else "mended"
    return {"before": before, "after": after, "answers": {"centred": answer}}


def confused() -> Facts:
    """Which digit is taken for which other most often, of the new voice."""
    table = confusion(digits("voice", 0), predicted(network(NEW_CENTRED), NEW_CENTRED), DIGITS)
    np.fill_diagonal(table, 0)
    y, x = np.unravel_index(table.argmax(), table.shape)
    return {
        "each": TAKES,
        "said": int(y),
        "heard": int(x),
        "times": int(table[y, x]),
    }


def wrong() -> Facts:
    """A mistake, heard to its end."""
    found, clip = heard("wrong"), HEARD["wrong"]
    leads = found.p.argmax(axis=1)
    turns = int((np.diff(leads) != 0).sum())
    return {
        "right": clip.digit,
        "said": found.said,
        "least": float(found.p[-1].max()),
        "leads": leads.tolist(),
        "turned": bool((leads == clip.digit).any()) and found.said != clip.digit,
        "turns": turns,
        "answers": {"wrong": f"d{found.said}"},
    }


def takeaway() -> Facts:
    """How many of the clear voices it helps to take the mean away."""
    plain, own = ([scores().end("voice", kind, v) for v in range(CLEAR)] for kind in ("plain", "centred"))
    return {"clear": CLEAR, "helped": sum(after > before for before, after in zip(plain, own))}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (word, sure, moments, padding, voices, centred, confused, wrong, takeaway)
}
