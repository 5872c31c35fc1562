"""The first page's stage: the player on the trained network, at three times: one unit, all units, and the way back."""

from typing import Any

import streamlit as st

from lessons.common import stages
from lessons.common.trained import trained
from lessons.welcome.model import ALL, BACK, NETWORK, ONE, UNIT, Reading, visible

HEIGHT = {ONE: 410, ALL: 430, BACK: 430}  # pixels
FAST, FASTER = 2, 4  # speeds; with more than MANY letters the faster one
MANY = 16
SHOWN = {  # of the player: a number and the valve on its path; the whole cell; what comes back to both states
    ONE: "bar tape stage c f x",
    ALL: "bar tape stage c f i g o h y x",
    BACK: "bar tape stage c h y x",
}


def of(now: Reading, act: str, start: tuple[str, int]) -> dict[str, Any]:
    """What the player shows of a reading; `start`: the token, and the step from which on it plays by itself."""
    _, about = trained(NETWORK)
    token, step = start
    last = len(now.read) - 1
    view = {
        "show": SHOWN[act].split(),
        "select": "c",
        "pass": "backward" if act == BACK else "forward",
        "unit": UNIT,
        "one_unit": act == ONE,
        "folded": False,
        "speed": FASTER if last > MANY else FAST,
        "locked": False,
        "step": last if act == BACK else step,
        "play_to": None if last == 0 else 0 if act == BACK else last,
        "token": token,
    }
    names = {"inputs": visible(about.inputs), "outputs": visible(about.alphabet)}
    return stages.player(now.trace, now.grads, view=view, tokens=now.tokens, loss=now.loss, **names)


def begin(now: Reading, act: str) -> tuple[str, int]:
    """Where it begins to play: at the first letter; where only letters were added, at the last one that was there."""
    start: tuple[str, int]
    read, shown, start = st.session_state.get("first reading", ("", "", ("", 0)))
    if (read, shown) != (now.read, act):
        added = shown == act and read and now.read.startswith(read)
        start = (f"{act} {now.read}", len(read) - 1 if added else 0)
        st.session_state["first reading"] = now.read, act, start
    return start
