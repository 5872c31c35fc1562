"""The tape: what was read, one short text per step, from left to right, the current step marked."""

import json
from collections.abc import Sequence

from rnnviz.diagrams.html import Diagram, attribute, text
from rnnviz.errors import ShapeError


def tape(
    tokens: Sequence[str], step: int | None = None, *, name: str = "", other: Sequence[str] = (), target: str = ""
) -> Diagram:
    """The tokens of steps 1, 2, ..., side by side; all of them or, where they do not fit, columns without text.

    step    the current one, marked
    name    what stands before the tape
    other   another tape: where the two differ, that is marked
    target  where given, a click on a step is an event with this target and the step as its value

    Raises ShapeError for a step out of range, or tapes of different lengths.
    """
    T = len(tokens)
    if not T or (step is not None and not 1 <= step <= T) or (other and len(other) != T):
        raise ShapeError(f"tape: tokens, a step in 1..{T} and as many others are needed, got {step} and {len(other)}")
    need = max(len(token) for token in tokens) * 9  # px
    kind = "button" if target else "b"

    def cell(t: int, token: str) -> str:
        classes = " ".join(["now"] * (t == step) + ["differs"] * bool(other and other[t - 1] != token))
        marked = f' class="{classes}"' if classes else ""
        clicks = f' type="button" data-target="{attribute(target)}" data-value="{json.dumps(t)}"' if target else ""
        now = ' aria-current="step"' if t == step else ""
        return f"<{kind}{marked}{clicks}{now}>{text(token)}</{kind}>"

    cells = "".join(cell(t, token) for t, token in enumerate(tokens, 1))
    label = f'<span class="name">{text(name)}</span>' if name else ""
    return Diagram(
        f'<div class="rnn tape" style="--T:{T};--need:{need}px">{label}<div class="tokens">{cells}</div></div>'
    )
