"""The player on a lesson's page: mounted in place over reruns; where the reader stands comes back.

    shown = player(trace, grads, key="hidden_state", tokens=words, step=4)
    send_to("hidden_state", step=8, selected="f")           # from a callback: a link in a text, a button

The browser keeps step, unit, selection and pass, and tells Python on pause, click and release. They are kept in the
page's address too, so that a link opens where its sender stood: `step` and `unit` always, `pass`, `see` (what is
selected), `layer` and `direction` where they are not those that the page starts with. All are counted from 1. The
browser writes them (js/player_host.js); Streamlit's own idea of the address is kept up here.

On each step, while it plays too, the player dispatches `rnn-step` on window: {step, unit, playing}, counted from 0; and
`rnn-drawn` with `dials.serial()` when a new trace is on the screen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import streamlit as st

import rnnviz as rv
from lessons.common import assets, dials
from rnnviz.player import PLACES, Start, kept_holds, pack, write_holds

PASSES = {"forward": False, "backward": True}  # as the address says it
NAMES = ("step", "unit", "pass", "see", "layer", "direction")

_mount = assets.component("rnn_player", "player_host.js", css="rnnviz/player.css")


@dataclass(frozen=True)
class Shown:
    """Where the reader stands: step, unit, layer and direction from 0, the selected place, and which pass."""

    step: int
    unit: int
    layer: int
    direction: int
    selected: str
    backward: bool


def player(
    trace: rv.Trace,
    grads: rv.Gradients | None = None,
    *,
    key: str,
    tokens: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    loss: float | None = None,
    step: int = 0,
    unit: int = 0,
    selected: str = "h",
    backward: bool = False,
    note: str = "",
    view: Mapping[str, Any] | None = None,
    holds: str | None = None,
) -> Shown:
    """Show the first sequence of `trace`, and give where the reader stands.

    key                                  its name, another one on each page
    tokens, inputs, outputs, loss, note, holds  as in `rnnviz.player.pack`
    step, unit, selected                 where it stands when it is first opened; the address may say otherwise
    backward                             whether it opens in the backward pass
    view                                 what is shown of it, as js/player/told.js has it; None: everything
    """
    page = Start(step=step, unit=unit, selected=selected, backward=backward and grads is not None)
    start = _started(key, page, trace, grads)
    payload = pack(
        trace, grads, tokens=tokens, inputs=inputs, outputs=outputs, loss=loss, note=note, start=start, holds=holds
    )
    said = (st.session_state.get(key) or {}).get("shown")
    shown = _clean(said, trace, start)
    head = {
        "serial": dials.serial(),
        "view": view,
        "page": asdict(page),
        "shown": {**asdict(shown), "token": start.token},
        "holds": None if holds is None else write_holds(kept_holds(trace.network, len(trace.y), holds)),
    }
    _mount(key=key, data=_framed(head, payload), on_shown_change=_hear)
    st.session_state[_left(key)] = shown
    dials.note_address(NAMES, _parameters(shown, page))
    if head["holds"] is not None:
        dials.keep("holds", head["holds"])
    return shown


def send_to(key: str, **place: Any) -> None:
    """Send the player of this key somewhere, as in `Start`: the callback of a button or of a link in a text."""
    start = st.session_state.get(_start(key), Start())
    st.session_state[_start(key)] = replace(start, token=start.token + 1, **place)


def place(said: Mapping[str, Any]) -> dict[str, Any]:
    """For `send_to`, what a link in a text asks for: {"select": "f", "step": 9}, counted from 1 as on the screen."""
    found: dict[str, Any] = {}
    for name in ("step", "unit", "layer", "direction"):
        if _count(said.get(name)):
            found[name] = _count(said[name]) - 1
    select = said.get("select", said.get("see"))
    if select in {one for places in PLACES.values() for one in places}:
        found["selected"] = select
    if said.get("pass") in PASSES:
        found["backward"] = PASSES[said["pass"]]
    return found


def _framed(head: Mapping[str, Any], payload: bytes) -> bytes:
    """Both in one: Streamlit sends bytes as they are, and JSON beside them not at all."""
    text = json.dumps(head).encode()
    return len(text).to_bytes(4, "little") + text + payload


def _start(key: str) -> str:
    return f"start of {key}"


def _left(key: str) -> str:
    return f"left {key}"


def _hear() -> None:
    """Streamlit keeps a component's state only where something listens."""


def _started(key: str, page: Start, trace: rv.Trace, grads: rv.Gradients | None) -> Start:
    """Where Python last sent it; on coming back to the page, where the address says, or else where it was left."""
    start: Start | None = st.session_state.get(_start(key))
    left: Shown | None = st.session_state.get(_left(key))
    if start is None:
        start = _linked(page, trace, grads)
    elif left is not None and key not in st.session_state:
        token = start.token
        linked = any(name in st.query_params for name in NAMES)
        start = replace(_linked(page, trace, grads) if linked else Start(**asdict(left)), token=token)
    st.session_state[_start(key)] = start
    return start


def _linked(page: Start, trace: rv.Trace, grads: rv.Gradients | None) -> Start:
    """Where the address says to stand; as `page` does where it says nothing or nonsense."""
    net, see = trace.network, st.query_params.get("see")
    return Start(
        step=_asked("step", len(trace.y), page.step),
        unit=_asked("unit", net.hidden_size, page.unit),
        layer=_asked("layer", net.num_layers, page.layer),
        direction=_asked("direction", net.num_directions, page.direction),
        selected=see if see in PLACES[net.cell] else page.selected,
        backward=grads is not None and PASSES.get(st.query_params.get("pass", ""), page.backward),
    )


def _parameters(shown: Shown, page: Start) -> dict[str, str]:
    """What the address says of a place; the browser writes the same (`parameters` in js/player_address.js)."""
    apart = {
        "pass": ("backward" if shown.backward else "forward", shown.backward != page.backward),
        "see": (shown.selected, shown.selected != page.selected),
        "layer": (str(shown.layer + 1), shown.layer != page.layer),
        "direction": (str(shown.direction + 1), shown.direction != page.direction),
    }
    always = {"step": str(shown.step + 1), "unit": str(shown.unit + 1)}
    return always | {name: said for name, (said, differs) in apart.items() if differs}


def _asked(name: str, count: int, default: int) -> int:
    """What the address says, counted from 0; the default where it says nothing or nonsense."""
    number = _count(st.query_params.get(name, ""))
    return number - 1 if 1 <= number <= count else min(default, count - 1)


def _count(said: Any) -> int:
    """A number counted from 1; 0 where there is none."""
    if isinstance(said, int) and not isinstance(said, bool):
        return max(said, 0)
    return int(said) if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 9 else 0


def _clean(given: Any, trace: rv.Trace, start: Start) -> Shown:
    """What the browser said since it was last sent somewhere, within what this trace has."""
    said: dict[str, Any] = dict(given) if given and given.get("token", 0) == start.token else {}
    net = trace.network

    def within(name: str, count: int, default: int) -> int:
        value = said.get(name, default)
        return min(max(value, 0), count - 1) if isinstance(value, int) else min(default, count - 1)

    return Shown(
        step=within("step", len(trace.y), start.step),
        unit=within("unit", net.hidden_size, start.unit),
        layer=within("layer", net.num_layers, start.layer),
        direction=within("direction", net.num_directions, start.direction),
        selected=str(said.get("selected", start.selected)),
        backward=bool(said.get("backward", start.backward)),
    )
