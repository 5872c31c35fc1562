"""The networks of the story: one number at a time, with weights set by hand so that a reader can follow in the head.

What is read is one of a few symbols, each with an input of its own. "↓ 0.8" says: add 0.8. A number without an arrow is
chatter. "reset" says: forget. "?" asks what is remembered, "·" is silence.

    g = tanh(atanh(v)) = v for the number v of a symbol        i, f, o: sigma of LARGE or -LARGE, so 1 or 0 exactly
    i opens at an arrow, o at a question, f closes at a reset

The plain unit reads the numbers themselves: h_t = tanh(x_t + h_{t-1} / 2). L is what is shown at the last step, h_T.
"""

from functools import lru_cache

import numpy as np

import rnnviz as rv
from lessons.common.one_unit import Reading, read_by
from rnnviz.cells import LSTM
from rnnviz.surgery import Pin

LARGE = 40.0  # (1 + tanh(20)) / 2 is 1, and (1 + tanh(-20)) / 2 is 0, to the last digit of a float64
ARROW, RESET, ASK, SILENCE = "↓", "reset", "?", "·"
HALF = 0.5  # the weight on the plain unit's state
KEPT = ("↓ 0.8", *(SILENCE,) * 5)
CHATTER = ("↓ 0.3", "0.6", SILENCE, "↓ 0.2", "0.7", SILENCE)
ASKED = ("↓ 0.3", "0.6", "↓ 0.2", "0.7", ASK)
WHOLE = ("↓ 0.3", "↓ 0.2", "0.7", RESET, "↓ 0.4", "0.6", ASK)
SYMBOLS = ("↓ 0.8", "↓ 0.3", "↓ 0.2", "↓ 0.4", "0.6", "0.7", SILENCE, RESET, ASK)


def number(symbol: str) -> float:
    """The number that a symbol names; 0 where it names none."""
    bare = symbol.removeprefix(ARROW).strip().replace("−", "-")
    return 0.0 if bare in (RESET, ASK, SILENCE) else float(bare)


def lstm(forget_bias: float = LARGE) -> rv.Network:
    """One unit; each symbol sets its gates."""
    opens = np.array([[2 * LARGE * symbol.startswith(ARROW) for symbol in SYMBOLS]])
    rows = {
        "i": (opens, -LARGE),
        "f": (np.array([[-2 * LARGE * (symbol == RESET) for symbol in SYMBOLS]]), forget_bias),
        "g": (np.arctanh([[number(symbol) for symbol in SYMBOLS]]), 0.0),
        "o": (np.array([[2 * LARGE * (symbol == ASK) for symbol in SYMBOLS]]), -LARGE),
    }
    return rv.Network.from_state_dict(
        {
            "weight_ih_l0": np.concatenate([rows[gate][0] for gate in LSTM.GATES]),
            "weight_hh_l0": np.zeros((4, 1)),
            "bias_ih_l0": np.array([rows[gate][1] for gate in LSTM.GATES]),
            "bias_hh_l0": np.zeros(4),
        },
        "lstm",
    )


def plain() -> rv.Network:
    """One Elman unit, whose loop passes on half of what it holds."""
    weights = {"weight_ih_l0": [[1.0]], "weight_hh_l0": [[HALF]], "bias_ih_l0": [0.0], "bias_hh_l0": [0.0]}
    return rv.Network.from_state_dict({name: np.array(a) for name, a in weights.items()}, "elman")


@lru_cache(maxsize=64)
def read(tokens: tuple[str, ...], forget_bias: float = LARGE, held: tuple[int, float] | None = None) -> Reading:
    """The LSTM reads; `held` = (step from 0, value) clamps its forget gate there."""
    x = np.eye(len(SYMBOLS))[[SYMBOLS.index(token) for token in tokens]]
    surgery = () if held is None else (Pin("f", held[1], held[0], held[0]),)
    return read_by(lstm(forget_bias), x[:, None, :], tokens, surgery=surgery)


@lru_cache(maxsize=4)
def read_plainly(tokens: tuple[str, ...]) -> Reading:
    """The plain unit reads the numbers alone."""
    return read_by(plain(), np.array([[[number(token)]] for token in tokens]), tokens)
