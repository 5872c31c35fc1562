"""What was read, each part shaded by how much it mattered: a sentence that wraps, a bar under every word."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.diagrams.html import Diagram, require_finite, signed_chip, text
from rnnviz.errors import ShapeError
from rnnviz.numbers import significant


def mattered(tokens: Sequence[str], values: ArrayLike, *, name: str = "") -> Diagram:
    """The tokens with their values (T,), such as those of `diagnostics.saliency`: a shade and a bar for each.

    Orange and up for what is above zero, blue and down for what is below; the largest, sign aside, has the full colour
    and the longest bar. The number itself stands in the tooltip, and for screen readers.

    Raises ShapeError unless there is a value for each token, NonFiniteError for NaN or infinity.
    """
    numbers = np.asarray(values, np.float64)
    if numbers.shape != (len(tokens),) or not len(tokens):
        raise ShapeError(f"mattered: {len(tokens)} tokens need as many values, at least one, got shape {numbers.shape}")
    require_finite("values", numbers)
    most = float(np.abs(numbers).max()) or 1.0
    label = f'<p class="name">{text(name)}</p>' if name else ""
    cells = "".join(_token(token, float(value), float(value) / most) for token, value in zip(tokens, numbers))
    return Diagram(f'<div class="rnn mattered">{label}<div class="tokens">{cells}</div></div>')


def _token(token: str, value: float, share: float) -> str:
    way = "up" if share >= 0 else "down"
    chip = signed_chip(0.75 * share)
    return (
        f'<span title="{significant(value)}"><b style="{chip}">{text(token)}</b>'
        f'<i class="{way}" style="--share:{abs(share):.3f}"></i><s>{significant(value)}</s></span>'
    )
