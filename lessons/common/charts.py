"""All charts, diagrams and texts of a page, in one element: a browser is spared what each further element would cost.

    charts.show(text, prepare.lines(...), charts.Row(map, cards, widths=(2, 1)), on_event=hear)

A part is HTML (`markupsafe.Markup`: texts, diagrams), a chart (`rnnviz.plots.Prepared`), or a `Row` of parts. A chart's
spec is fetched by the browser as a file, once; what travels with each run is its datasets, and Vega gets those that
have changed. Charts out of sight wait until they come near.

Clicks: an element with `data-target` and `data-value` (JSON or text), a picked mark of a chart that has a `pick`, and a
link `stage:f?step=9` come as `{"target": ..., "value": ...}` to `on_event`, a callback that runs before the page does.

Steps: charts with a dataset `step` follow the player's `rnn-step` in the browser, without a run. When what came with a
serial (`dials.serial()`) is on the screen, the browser hears `rnn-drawn` with it.

In a story, `payload(...)` is what a stage of kind "charts" shows.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

import streamlit as st
from markupsafe import Markup

from lessons.common import assets, dials
from lessons.common.shared import common
from rnnviz.plots.prepared import Prepared

_texts: dict[int, tuple[dict[str, Any], str, str]] = {}  # of specs, which are the same objects each time
_mount = assets.component(
    "rnn_charts", "charts.js", css=("words.css", "rnnviz/diagrams.css", "charts.css"), soon=("vendor/vega.js",)
)


@dataclass(frozen=True, init=False, eq=False)
class Row:
    """Parts side by side, below each other on a narrow page; `widths` are their shares."""

    parts: "tuple[Part, ...]"
    widths: tuple[float, ...]

    def __init__(self, *parts: "Part", widths: Sequence[float] = ()) -> None:
        if widths and len(widths) != len(parts):
            raise ValueError(f"a row of {len(parts)} parts needs as many widths, got {len(widths)}")
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "widths", tuple(widths) or (1.0,) * len(parts))


Part: TypeAlias = Markup | Prepared | Row


def show(
    *parts: Part, key: str = "charts", on_event: Callable[[dict[str, Any]], None] | None = None, follow: bool = True
) -> None:
    """Put parts on the page, one below the other.

    key       the element's name, another one on each page
    on_event  called with what was clicked, before the page runs again
    follow    whether charts that mark a step follow the player
    """

    def hear() -> None:
        for event in _unheard(key, st.session_state[key].get("event")):
            if on_event is not None:
                on_event(event)

    def wanted() -> None:
        """Streamlit keeps a component's state only where something listens."""

    # Where a spec cannot be fetched, the browser asks for it.
    asked = (st.session_state.get(key) or {}).get("wanted") or ()
    heard = st.session_state.get(f"{key} heard")
    data = payload(*parts, wanted=asked) | {"follow": follow, "serial": dials.serial(), "heard": heard}
    data["words"] = _words()
    _mount(key=key, data=data, on_event_change=hear, on_wanted_change=wanted)


def _unheard(key: str, message: Any) -> list[dict[str, Any]]:
    """The events of a message that have not come before: each message repeats those that may have been lost."""
    if not message or "events" not in message:  # none, or a test's
        return [dict(message)] if message else []
    before = st.session_state.get(f"{key} heard") or {"mount": None}
    last = before["serial"] if before["mount"] == message["mount"] else 0
    told = [event for event in message["events"] if event["serial"] > last]
    if told:
        st.session_state[f"{key} heard"] = {"mount": message["mount"], "serial": told[-1]["serial"]}
    return [{"target": event["target"], "value": event["value"]} for event in told]


def _words() -> dict[str, str]:
    """What stands in the menu of a chart."""
    picture, data = common("picture"), common("data")
    return {"menu": common("download"), "png": f"{picture} (PNG)", "svg": f"{picture} (SVG)", "csv": f"{data} (CSV)"}


def payload(*parts: Part, wanted: Iterable[str] = ()) -> dict[str, Any]:
    """What charts.js shows, as JSON.

    wanted  ids of specs that are to be sent along
    """
    return {"parts": [_part(part, frozenset(wanted)) for part in parts if part]}


def _part(part: Part, wanted: frozenset[str]) -> str | dict[str, Any]:
    """A part as text, which the browser compares with the last one: its kind, a space, and what it shows. Or a row."""
    if isinstance(part, Row):
        return {"row": [_part(one, wanted) for one in part.parts], "widths": part.widths}
    if hasattr(part, "__html__"):
        return f"html {part.__html__()}"
    if not hasattr(part, "datasets"):
        raise TypeError(f"a part is Markup, a chart made by rnnviz.plots.prepare, or a Row; got {type(part).__name__}")
    name, address = _published(part)
    chart = {"id": name, "spec": part.spec() if address is None or name in wanted else address}
    chart |= {"title": part.title, "description": part.description, "pick": part.pick, "height": _height(part.spec())}
    chart |= {"datasets": part.datasets, "log": _logs(part.shape)}
    return f"chart-{name} {_json(chart)}"


def _published(part: Prepared) -> tuple[str, str | None]:
    """A spec's id, and the address of its file."""
    spec = part.spec()
    held = _texts.get(id(spec))
    if held is None or held[0] is not spec:
        text = json.dumps(spec, separators=(",", ":"), sort_keys=True)
        held = _texts[id(spec)] = spec, text, hashlib.sha256(text.encode()).hexdigest()[:12]
    return held[2], assets.publish(f"{held[2]}.json", held[1])


def _logs(shape: Iterable[Any]) -> list[str]:
    """The prefixes of the datasets whose numbers are log10 of what they mean."""
    return [one.prefix for one in shape if getattr(one, "log", False) or getattr(one, "means", "") == "log10"]


def _height(spec: Mapping[str, Any]) -> float:
    """About how high a chart will be, so that what is below it does not move when it is drawn."""
    panels = spec.get("vconcat", [spec])
    return sum(height + 70 for panel in panels if isinstance(height := panel.get("height", 200), int | float)) + 40


def _json(chart: Mapping[str, Any]) -> str:
    try:
        return json.dumps(chart, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a browser has no word for NaN and infinity
        return json.dumps(_finite(chart), separators=(",", ":"))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
