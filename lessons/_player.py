"""The player on a lesson's page: mounted in place over reruns; where the reader stands comes back.

The browser keeps step, unit, selection and pass, and tells Python on pause, click and release. They are kept in the
page's address too, so that a link opens where its sender stood: `step` and `unit` always, `pass`, `see` (what is
selected), `layer` and `direction` where they are not those that the page starts with. All are counted from 1.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

import rnnviz as rv
from rnnviz.player import PLACES, SCRIPT, STYLE, Start, pack

PASSES = {"forward": False, "backward": True}  # as the address says it


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
    backward: bool = False,
    note: str = "",
) -> Shown:
    """Show the first sequence of `trace`, and give where the reader stands.

    key                                  its name, another one on each page
    tokens, inputs, outputs, loss, note  as in `rnnviz.player.pack`
    step, unit, selected                 where it stands when it is first opened; the address may say otherwise
    backward                             whether it opens in the backward pass
    """
    page = Start(step=step, unit=unit, selected=selected, backward=backward and grads is not None)
    start = st.session_state.setdefault(_start(key), _linked(page, trace, grads))
    payload = pack(trace, grads, tokens=tokens, inputs=inputs, outputs=outputs, loss=loss, note=note, start=start)
    result = _mount(key=key, data=payload, on_shown_change=_hear)
    _code(key=f"code-of-{key}")
    shown = _clean(result.get("shown"), trace, start)
    _keep(shown, page)
    return shown


def send_to(key: str, **place: Any) -> None:
    """Send the player of this key somewhere, as in `Start`: the callback of a button in a lesson's text."""
    start = st.session_state.get(_start(key), Start())
    st.session_state[_start(key)] = replace(start, token=start.token + 1, **place)


def _start(key: str) -> str:
    return f"start of {key}"


def _hear() -> None:
    """Streamlit keeps a component's state only where something listens."""


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


def _keep(shown: Shown, page: Start) -> None:
    """Write where the reader stands into the address. Each write sends the whole address: only what changes."""
    apart = {
        "pass": ("backward" if shown.backward else "forward", shown.backward != page.backward),
        "see": (shown.selected, shown.selected != page.selected),
        "layer": (str(shown.layer + 1), shown.layer != page.layer),
        "direction": (str(shown.direction + 1), shown.direction != page.direction),
    }
    place = {"step": str(shown.step + 1), "unit": str(shown.unit + 1)}
    place |= {name: said for name, (said, differs) in apart.items() if differs}
    for name in (apart.keys() - place.keys()) & st.query_params.to_dict().keys():
        del st.query_params[name]
    if place.items() - st.query_params.to_dict().items():
        st.query_params.update(place)


def _asked(name: str, count: int, default: int) -> int:
    """What the address says, counted from 0; the default where it says nothing or nonsense."""
    given = st.query_params.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    return number - 1 if 1 <= number <= count else min(default, count - 1)


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
