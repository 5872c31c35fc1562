"""The player's equation in Chromium: its printed lines multiply out, and its numbers are the engine's."""

import base64
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

import rnnviz as rv
from rnnviz.figures.theme import css_variables
from rnnviz.player.payload import pack
from tests.networks import KINDS, examples, make_example, random_network

PLAYER = Path(rv.__file__).parent / "player"
TOLERANCE = 1e-6  # of the payload's float32 numbers, and sums of them

# The panel alone in a page; `record(view)` draws it and reads it off the screen.
PAGE = """<!doctype html><meta charset="utf-8"><style>{style}</style>
<div class="rnn-player"><div class="equation" style="width:560px"></div></div>
<script type="module">
import {{ decode }} from "./model.js";
import {{ places }} from "./names.js";
import {{ evaluate }} from "./digits.js";
import {{ explain }} from "./equation.js";
import {{ equationPanel }} from "./equation_panel.js";
const view = {{ t: 0, unit: 0, layer: 0, direction: 0, backward: false, selected: "h" }};
let model, panel;
const act = {{ select(ref, where = {{}}) {{ window.selected = {{ ref, ...where }}; show({{ selected: ref, ...where }}); }} }};
window.open_ = text => {{ model = decode(Uint8Array.from(atob(text), c => c.charCodeAt(0))); return places(model); }};
window.show = change => {{
  Object.assign(view, change);
  panel ??= equationPanel(document.querySelector(".equation"), model, act);
  panel.update(model, view);
}};
const words = element => [...element.querySelectorAll("[data-value], [data-sign]")].map(e => e.dataset.sign ?? {{ value: e.dataset.value }});
window.record = change => {{
  show(change);
  const found = explain(model, view);
  return {{
    title: document.querySelector("h3").textContent,
    note: document.querySelector(".words").textContent,
    lines: [...document.querySelectorAll(".line")].map((line, k) => ({{
      relation: line.dataset.relation, words: words(line), continued: line.classList.contains("continued"),
      result: String(found.lines[k].result.value), right: String(evaluate(found.lines[k].right)),
    }})),
    chain: [...document.querySelectorAll(".chain")].map(chain => ({{ relation: chain.dataset.relation, words: words(chain) }})),
    falls: found.falls.filter(fall => fall.sum).map(fall => [fall.rows.filter(row => !row.inner).map(row => String(row.value)), String(fall.sum.value)]),
  }};
}};
window.recordAll = views => views.map(record);
window.ready = true;
</script>"""


@pytest.fixture(scope="module")
def panel(browser: Browser) -> Iterator[Page]:
    """A page with nothing but the equation's panel, its modules as they are in the folder js."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    style = f".rnn-player{{{css_variables()}}}{(PLAYER / 'player.css').read_text(encoding='utf-8')}"
    page.route("http://player.test/", lambda route: route.fulfill(body=PAGE.format(style=style), content_type="text/html"))
    page.route(
        re.compile(r"http://player\.test/\w+\.js"),
        lambda route: route.fulfill(
            body=(PLAYER / "js" / route.request.url.rsplit("/", 1)[1]).read_text(encoding="utf-8"),
            content_type="text/javascript",
        ),
    )
    page.goto("http://player.test/")
    page.wait_for_function("window.ready")
    yield page
    page.close()
    assert not errors


def show(page: Page, trace: rv.Trace, grads: rv.Gradients | None = None, **more: Any) -> list[str]:
    """Open a recorded pass in the panel; every place there is to select."""
    places: list[str] = page.evaluate("open_", base64.b64encode(pack(trace, grads, **more)).decode())
    return places


def read(text: str) -> float:
    """The number that a printed text stands for."""
    text = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return float(text.replace("×10", "e").replace("∞", "inf"))


def half_a_unit(text: str) -> float:
    """Half a unit of the last digit that is printed."""
    digits, _, power = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")).partition("×10")
    return 0.5 * 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


def sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a)) if a > -700 else 0.0


def work_out(words: list[Any]) -> float:
    """The value of a printed right-hand side."""
    signs = {"×": "*", "−": "-", "σ(": "sigmoid("}
    text = " ".join(signs.get(word, word) if isinstance(word, str) else f"({read(word['value'])!r})" for word in words)
    functions = {"sigmoid": sigmoid, "tanh": math.tanh, "relu": lambda a: max(a, 0.0)}
    return float(eval(text, {"__builtins__": {}}, functions))


def holds(result: str, words: list[Any]) -> bool:
    """Whether the right-hand side, worked out as it is printed, rounds to the printed result."""
    return abs(work_out(words) - read(result)) <= half_a_unit(result) * (1 + 1e-6) + 1e-300


def sides(record: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, list[Any]]]:
    """Each line of a record with its printed result and the words of its right-hand side."""
    result = ""
    for line in record["lines"]:
        words = line["words"] if line["continued"] else line["words"][1:]
        result = result if line["continued"] else line["words"][0]["value"]
        assert words[0] == line["relation"]
        yield line, result, words[1:]


def every_view(trace: rv.Trace, places: list[str], backward: bool = True, units: int = 1) -> list[dict[str, Any]]:
    net = trace.network
    T = len(trace.y) if trace.lengths is None else int(trace.lengths[0])
    return [
        {"t": t, "unit": unit, "layer": layer, "direction": direction, "backward": back, "selected": ref}
        for t in range(T)
        for unit in range(units)
        for layer in range(net.num_layers)
        for direction in range(net.num_directions)
        for back in ([False, True] if backward else [False])
        for ref in places
    ]


def engine(trace: rv.Trace, grads: rv.Gradients, view: dict[str, Any]) -> float | None:
    """What the engine recorded for the result of a view's first line; None for what it does not record."""
    ref, t, j = view["selected"], view["t"], view["unit"]
    layer, reached = trace[view["layer"], view["direction"]], grads[view["layer"], view["direction"]]
    at = (t, 0, j)
    gates = trace.network.layers[0][0].GATES
    if view["backward"]:
        if ref == "h" or (ref in ("add", "squash") and trace.network.cell in ("gru", "elman")):
            return float(reached.dh[at]) if ref != "squash" or trace.network.cell == "elman" else None
        if ref in ("c", "add") and reached.dc is not None:
            return float(reached.dc[at])
        if ref in gates:
            return float(reached.dpreactivations[ref][at])
        return float(reached.dpreactivations["h"][at]) if ref == "a" else None
    if ref in ("h", "reveal") or (ref in ("add", "squash") and trace.network.cell in ("gru", "elman")):
        return float(layer.h[at])
    if ref in ("c", "add") and layer.c is not None:
        return float(layer.c[at])
    if ref in gates:
        return float(layer.gates[ref][at])
    return float(layer.preactivations["h"][at]) if ref == "a" else None


def records(page: Page, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("recordAll", views)
    return found


def settle(example: Any) -> tuple[rv.Trace, rv.Gradients]:
    return example.unroll(), example.backpropagate()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(example=examples(), scale=st.sampled_from([1.0, 1e-3, 30.0]))
def test_every_printed_line_multiplies_out_to_the_engine_s_number(panel: Page, example: Any, scale: float) -> None:
    """Both passes, every place, step, layer and direction; also with tiny gradients and saturated gates."""
    network = example.network
    if scale > 1:
        network = network.with_parameters({name: 3 * a for name, a in network.state_dict().items()})
    trace = example.unroll(network=network)
    grads = example.backpropagate(network=network, dy=example.dy * scale)
    views = every_view(trace, show(panel, trace, grads))
    inexact = count = 0
    for view, record in zip(views, records(panel, views)):
        recorded = engine(trace, grads, view)
        for k, (line, result, words) in enumerate(sides(record)):
            count += 1
            inexact += line["relation"] != "="
            assert line["relation"] != "=" or holds(result, words), (view, result, words)
            if recorded is not None and k == 0:
                assert abs(read(result) - recorded) <= half_a_unit(result) * 1.001 + TOLERANCE * abs(recorded), view
                assert math.isclose(float(line["result"]), recorded, rel_tol=TOLERANCE, abs_tol=1e-300), view
        for chain in record["chain"]:
            *factors, product = chain["words"]
            assert chain["relation"] != "=" or holds(product["value"], factors), (view, factors, product)
    assert inexact <= 0.02 * count
