"""A network that writes (js/writing): how likely each next letter is, which one is drawn, how it is read in its turn.

    found = rnnviz.sampling.sample(network, prompt, 200, temperature=0.7, rng=rng)
    stage = writing(found, alphabet, words=words)

It plays letter by letter. The reader can drag the temperature: what stands there changes at once, for the same logits
and the same u, by the formulas of `rnnviz.sampling`; what follows is drawn anew by whoever hears "heat", and made
another stage with the same token. The stage {"kind": "writing", ...} holds

    symbols       the alphabet; text: all letters that are read or drawn, as numbers; prompt: how many are the reader's
    logits        (N, Q) in base64 float32: what was said before each draw
    chances       (N,) u; temperatures (N,); both None where a text is followed, not drawn
    shades        {kind: "signed" | "amount", width, values in base64 float32} or None: how letters are shaded. Of width
                  1, each letter's own value (P + N, 1); else (N + 1, width), how much each of the last letters mattered
                  for the next one, the last one first, after each draw
    marks         [[from, to], ...]: stretches of the text that are underlined
    show_heat     whether the temperature can be seen and dragged
    step          how many letters are drawn at first; play_to: up to how many it plays by itself
    hide_from     from this letter on nothing is seen; locked, speed, token
    words         all that is written, see `WORDS`; {...} is filled by the stage

It tells {target, value}: "step" where it has come to rest, "played" once for each `play_to`, and "heat", the
temperatures as runs [[from, tau], ...], when the reader has let go of them.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import ShapeError
from rnnviz.sampling import Sampled

WORDS = (
    *("title", "play", "pause", "before", "after", "speed", "place", "step", "heat", "others"),
    *("after_letter", "what_next", "likeliest"),
)


@dataclass(frozen=True, eq=False)
class Shades:
    """How letters are shaded: values (P + N,), each letter's own; or (N + 1, width), see above.

    kind  "signed", in [-1, 1]; "amount", in [0, 1]
    """

    values: ArrayLike
    kind: Literal["signed", "amount"] = "signed"


@dataclass(frozen=True, eq=False)
class Followed:
    """A text that stands in a book: symbols (P + N,), and what a network says before each of the last N, (N, Q)."""

    symbols: NDArray[np.int64]
    logits: NDArray[Any]


def writing(
    found: Sampled | Followed,
    symbols: Sequence[str],
    *,
    words: Mapping[str, Any],
    shades: Shades | None = None,
    marks: Sequence[tuple[int, int]] = (),
    **place: Any,
) -> dict[str, Any]:
    """The stage of what was written, or is read; `place`: where it stands, see above.

    Raises ShapeError where the alphabet or the shades do not fit.
    """
    N, Q = found.logits.shape
    drawn = found if isinstance(found, Sampled) else None
    if len(symbols) != Q:
        raise ShapeError(f"{Q} logits need as many symbols, got {len(symbols)}")
    return {
        "kind": "writing",
        "symbols": list(symbols),
        "text": [int(code) for code in found.symbols],
        "prompt": len(found.symbols) - N,
        "logits": _floats(found.logits),
        "chances": drawn.chances.tolist() if drawn else None,
        "temperatures": drawn.temperatures.tolist() if drawn else None,
        "show_heat": drawn is not None,
        "shades": None if shades is None else _shades(shades, len(found.symbols), N),
        "marks": [[int(first), int(end)] for first, end in marks],
        "step": 0,
        "words": dict(words),
        "token": None,
        **place,
    }


def _shades(shades: Shades, letters: int, draws: int) -> dict[str, Any]:
    values = np.asarray(shades.values, np.float64)
    if values.shape != (letters,) and not (values.ndim == 2 and len(values) == draws + 1):
        raise ShapeError(f"shades need shape ({letters},) or ({draws + 1}, width), got {values.shape}")
    width = 1 if values.ndim == 1 else values.shape[1]
    return {"kind": shades.kind, "width": width, "values": _floats(values)}


def _floats(values: ArrayLike) -> str:
    return b64encode(np.asarray(values).astype("<f4").tobytes()).decode()
