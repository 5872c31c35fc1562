"""The player on a lesson's page: mounted once per run, in place over reruns; where the reader stands comes back.

The browser keeps step, unit, selection and pass; it tells Python on pause, click and release. Step and unit are also kept
in the page's address (`step` and `unit`, counted from 1), so that a link opens where its sender stood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

import rnnviz as rv
from rnnviz.player import MODULE, STYLE, Start, pack


@dataclass(frozen=True)
class Shown:
    """Where the reader stands: step, unit, layer and direction from 0, the selected place, and which pass."""

    step: int
    unit: int
    layer: int
    direction: int
    selected: str
    backward: bool


_mount = st.components.v2.component("rnn_player", html="", css=STYLE, js=MODULE, isolate_styles=True)


def player(
    trace: rv.Trace,
    grads: rv.Gradients | None = None,
    *,
    key: str = "player",
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

    tokens, inputs, outputs, loss and note as in `rnnviz.player.pack`; step, unit and selected: where it is first opened.
    """
    T, H = len(trace.y), trace.network.hidden_size
    begin = Start(_asked("step", T, step), _asked("unit", H, unit), selected)
    payload = pack(
        trace, grads, tokens=tokens, inputs=inputs, outputs=outputs, loss=loss, note=note, start=begin
    )
    result = _mount(key=key, data=payload, on_shown_change=lambda: None)
    shown = _clean(getattr(result, "shown", None), trace, begin)
    st.query_params.update({"step": shown.step + 1, "unit": shown.unit + 1})
    return shown


def _asked(name: str, count: int, default: int) -> int:
    """What the address says, counted from 0; the default where it says nothing or nonsense."""
    given = st.query_params.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    return number - 1 if 1 <= number <= count else min(default, count - 1)


def _clean(given: Any, trace: rv.Trace, begin: Start) -> Shown:
    """What the browser said, within what this trace has."""
    said: dict[str, Any] = dict(given) if given else {}
    net = trace.network

    def within(name: str, count: int, default: int) -> int:
        value = said.get(name, default)
        return min(max(value, 0), count - 1) if isinstance(value, int) else default

    return Shown(
        step=within("step", len(trace.y), begin.step),
        unit=within("unit", net.hidden_size, begin.unit),
        layer=within("layer", net.num_layers, 0),
        direction=within("direction", net.num_directions, 0),
        selected=str(said.get("selected", begin.selected)),
        backward=bool(said.get("backward", False)),
    )
