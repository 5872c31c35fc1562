"""What each beat says of the story's runs: known from the stored ones, of which the stage trains the same once more."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from lessons.long_memory.experiment import CELLS, INITS, LEARNED, UNITS, Settings, held_out
from lessons.long_memory.stored import KEPT, LENGTHS, LONG, SEEDS, SHORT, STORY, UPDATES, Race, races, the_map

Facts = dict[str, Any]
UNTIL = 300  # updates of a beat
FAR = 0.1  # of the gradient, what is left at the first step: more has arrived


def of(length: int, cell: str, init: str = "orthogonal") -> Race:
    """One of the story's runs, as far as it is shown."""
    return races()[Settings("adding", length, cell, init, seed=STORY)].until(UNTIL)


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    common = {"long": LONG, "short": SHORT, "limit": UNTIL, "units": UNITS, "baseline": 1 / 6}
    return common | BEATS[beat]()


def wait() -> Facts:
    """A network that has learned it."""
    return {"left": of(LONG, "gru").left}


def race() -> Facts:
    """Who leaves the baseline first, where the wait is short."""
    left = {cell: of(SHORT, cell).left for cell in CELLS}
    return {"left": left, "answers": {"first": _first(left)}}


def price() -> Facts:
    """What is answered on the plateau."""
    found = of(LONG, "lstm")
    spread = float(found.spread[-1])
    same = found.left is None and spread < 0.1
    return {
        "spread": spread,
        "numbers": float(held_out("adding", LONG).targets[-1].std()),
        "variance": 1 / 12,
        "error": float(found.error[-1]),
        "answers": {"price": "same" if same else "other"},
    }


def longer() -> Facts:
    """Who leaves it where the wait is long."""
    left = {cell: of(LONG, cell).left for cell in CELLS}
    done = {cell for cell in CELLS if left[cell] is not None}
    names = {frozenset(CELLS): "all", frozenset(("lstm", "gru")): "gated", frozenset(("gru",)): "gru"}
    return {"left": left, "answers": {"longer": names.get(frozenset(done), "other" if done else "none")}}


def bridge() -> Facts:
    """Whose gradient reaches the first step, before and after."""
    before = {cell: float(of(LONG, cell).reach[0]) for cell in CELLS}
    after = {cell: float(of(LONG, cell).reach[-1]) for cell in CELLS}
    far = [cell for cell in CELLS if after[cell] > FAR]
    answer = far[0] if len(far) == 1 else "several" if far else "none"
    return {
        "before": before,
        "after": after,
        "first": max(CELLS, key=before.__getitem__),
        "answers": {"bridge": answer},
    }


def gates() -> Facts:
    """An LSTM whose gates are open from the beginning."""
    plain, chrono = of(LONG, "lstm"), of(LONG, "lstm", "chrono")
    sooner = chrono.left is not None and (plain.left is None or chrono.left < plain.left)
    return {
        "half": plain.left,
        "open": chrono.left,
        "before": float(plain.reach[0]),
        "reach": float(chrono.reach[0]),
        "answers": {"gates": "sooner" if sooner else "never" if chrono.left is None else "same"},
    }


def success() -> Facts:
    """How many networks learned."""
    found = the_map().shares(KEPT)
    hits = {(init, cell): found.hits[i, c, -1] for i, init in enumerate(INITS) for c, cell in enumerate(CELLS)}
    others = [int(hits[init, "lstm"]) for init in INITS if init != "chrono"]
    return {
        "seeds": SEEDS,
        "updates": UPDATES,
        "share": LEARNED,
        "longest": LENGTHS[-1],
        "chrono": int(hits["chrono", "lstm"]),
        "others": sum(others),
        "of": SEEDS * len(others),
        "gru": all(hits[init, "gru"] == SEEDS for init in INITS),
        "elman": sum(int(hits[init, "elman"]) for init in INITS),
    }


def memory() -> Facts:
    """All that was seen."""
    return {}


def _first(left: Mapping[str, int | None]) -> str:
    done = {cell: update for cell, update in left.items() if update is not None}
    best = min(done.values(), default=None)
    first = [cell for cell, update in done.items() if update == best]
    return first[0] if len(first) == 1 else "several"


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (wait, race, price, longer, bridge, gates, success, memory)
}
