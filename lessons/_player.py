"""The player on a lesson's page: mounted in place over reruns; where the reader stands comes back.

The browser keeps step, unit, selection and pass, and tells Python on pause, click and release. Step and unit are kept
in the page's address too (`step` and `unit`, counted from 1), so that a link opens where its sender stood.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

import rnnviz as rv
from rnnviz.player import SCRIPT, STYLE, Start, pack


@dataclass(frozen=True)
class Shown:
    """Where the reader stands: step, unit, layer and direction from 0, the selected place, and which pass."""

    step: int
    unit: int
    layer: int
    direction: int
    selected: str
    backward: bool


# Streamlit sends a component's code again with each new payload; a message that it has sent before, unchanged, it sends
# as a mere reference. So the code, ten times as long as a payload, is a component of its own; the player waits for it.
_PROMISE = """const code = globalThis.rnnvizPlayer ??= {};
code.ready ??= new Promise(resolve => { code.resolve = resolve; });
"""
_CODE = f"""{_PROMISE}{SCRIPT}
const sheet = new CSSStyleSheet();
sheet.replaceSync({json.dumps(STYLE)});
code.resolve(given => {{
  const root = given.parentElement.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return $main.mount(given);
}});
export default () => {{}};
"""
_PLAYER = f"""{_PROMISE}
export default given => {{
  let leave = null, left = false;
  code.ready.then(mount => {{ if (!left) leave = mount(given); }});
  return () => {{ left = true; leave?.(); }};
}};
"""
_code = st.components.v2.component("rnn_player_code", html="", js=_CODE)
_mount = st.components.v2.component("rnn_player", html="", js=_PLAYER)


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
    note: str = "",
) -> Shown:
    """Show the first sequence of `trace`, and give where the reader stands.

    key                                  its name, another one on each page
    tokens, inputs, outputs, loss, note  as in `rnnviz.player.pack`
    step, unit, selected                 where it stands when it is first opened; the address may say otherwise
    """
    T, H = len(trace.y), trace.network.hidden_size
    first = Start(step=_asked("step", T, step), unit=_asked("unit", H, unit), selected=selected)
    start = st.session_state.setdefault(_start(key), first)
    payload = pack(trace, grads, tokens=tokens, inputs=inputs, outputs=outputs, loss=loss, note=note, start=start)
    result = _mount(key=key, data=payload, on_shown_change=_hear)
    _code(key=f"code-of-{key}")
    shown = _clean(result.get("shown"), trace, start)
    place = {"step": str(shown.step + 1), "unit": str(shown.unit + 1)}
    if place.items() - st.query_params.to_dict().items():  # writing sends the whole address: only when it changes
        st.query_params.update(place)
    return shown


def send_to(key: str, **place: Any) -> None:
    """Send the player of this key somewhere, as in `Start`: the callback of a button in a lesson's text."""
    start = st.session_state.get(_start(key), Start())
    st.session_state[_start(key)] = replace(start, token=start.token + 1, **place)


def _start(key: str) -> str:
    return f"start of {key}"


def _hear() -> None:
    """Streamlit keeps a component's state only where something listens."""


def _asked(name: str, count: int, default: int) -> int:
    """What the address says, counted from 0; the default where it says nothing or nonsense."""
    given = st.query_params.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    return number - 1 if 1 <= number <= count else min(default, count - 1)


def _clean(given: Any, trace: rv.Trace, start: Start) -> Shown:
    """What the browser said, within what this trace has."""
    said: dict[str, Any] = dict(given) if given else {}
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
