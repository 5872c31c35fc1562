"""The player's circuit in Chromium: its wires carry the engine's numbers, and each of its parts can be chosen."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

import rnnviz as rv
from rnnviz.activations import sigmoid
from rnnviz.player.payload import pack
from rnnviz.theme import css_variables
from tests.networks import KINDS, make_example, random_network

PLAYER = Path(rv.__file__).parent / "player"
TOLERANCE = 2e-6  # of the payload's float32 numbers, and sums of them
CELLS = tuple(KINDS)

# The panel alone in a page; `record(view)` draws it and reads it off the screen.
PAGE = """<!doctype html><meta charset="utf-8"><style>body {{ font-size: 16px }} {style}</style>
<div class="rnn-player"><div class="host" style="width:600px"></div></div>
<script type="module">
import {{ decode }} from "./core/model.js";
import {{ number }} from "./core/numbers.js";
import {{ circuitPanel }} from "./circuit/circuit.js";
const host = document.querySelector(".host");
const START = {{ t: 0, unit: 0, layer: 0, direction: 0, backward: false, selected: "h" }};
let view, model, panel;
const act = {{
  select(ref, where = {{}}) {{ window.selected = {{ ref, ...where }}; show({{ selected: ref, ...where }}); }},
}};
window.open_ = text => {{
  model = decode(Uint8Array.from(atob(text), c => c.charCodeAt(0)));
  view = {{ ...START }};
  window.selected = null;
}};
window.number = number;
window.show = change => {{
  Object.assign(view, change);
  panel ??= circuitPanel(host, model, act);
  panel.update(model, view);
}};
window.light = ref => panel.light(ref);
window.record = change => {{
  show(change);
  const carried = {{}}, written = {{}};
  for (const element of host.querySelectorAll("[data-flow]")) {{
    if (element.full) carried[element.dataset.flow] = element.full;
    const text = (element.matches("text") ? element : element.querySelector("text"))?.textContent;
    if (text) written[element.dataset.flow] = text;
  }}
  const formatted = Object.fromEntries(Object.entries(carried).map(
    ([flow, full]) => [flow, [number(Number(full)), number(Number(full), 2)]]));
  return {{ carried, written, formatted }};
}};
window.ready = true;
</script>"""


@pytest.fixture(scope="module")
def circuit(browser: Browser) -> Iterator[Page]:
    """A page with nothing but the circuit, its modules as they are in the folder js."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    style = f".rnn-player{{{css_variables()}}}{(PLAYER / 'player.css').read_text(encoding='utf-8')}"
    page.route(
        "http://player.test/", lambda route: route.fulfill(body=PAGE.format(style=style), content_type="text/html")
    )
    page.route(
        re.compile(r"http://player\.test/\w+/\w+\.js"),
        lambda route: route.fulfill(
            body=(PLAYER / "js" / route.request.url.split("/", 3)[3]).read_text(encoding="utf-8"),
            content_type="text/javascript",
        ),
    )
    page.goto("http://player.test/")
    page.wait_for_function("window.ready")
    yield page
    page.close()
    assert not errors


def show(page: Page, trace: rv.Trace, grads: rv.Gradients | None = None, **more: Any) -> None:
    """Open a recorded pass in the circuit."""
    page.evaluate("open_", base64.b64encode(pack(trace, grads, **more)).decode())
    page.evaluate("show", {})


def resize(page: Page, width: int) -> None:
    """Make the circuit's room `width` px wide, and wait until it has noticed."""
    page.evaluate(
        """async width => {
          document.querySelector(".host").style.width = `${width}px`;
          for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        }""",
        width,
    )


def record(page: Page, *views: dict[str, Any]) -> list[dict[str, float]]:
    """The numbers that the wires carry in each view, having checked that those written are the same, rounded."""
    seen = page.evaluate("views => views.map(record)", views)
    for one in seen:
        assert one["written"], "no number is written"
        for flow, text in one["written"].items():
            whole, brief = one["formatted"][flow]
            assert text == whole or (len(whole) > 10 and text == brief), flow
    return [{flow: float(full) for flow, full in one["carried"].items()} for one in seen]


def passes(kind: str, T: int = 5, truncate: int | None = None, **sizes: Any) -> tuple[rv.Trace, rv.Gradients]:
    """One sequence through a random network, with a loss at every step."""
    rng = np.random.default_rng(3)
    example = make_example(rng, random_network(rng, kind, **sizes), T, 1)
    return example.unroll(), example.backpropagate(truncate)


def view(place: tuple[int, ...], **more: Any) -> dict[str, Any]:
    return dict(zip(("t", "unit", "layer", "direction"), place)) | more


def same(seen: dict[str, float], expected: dict[str, float]) -> None:
    scale = max(abs(value) for value in expected.values() if np.isfinite(value))
    for wire, value in expected.items():
        np.testing.assert_allclose(seen[wire], value, rtol=TOLERANCE, atol=TOLERANCE * scale, err_msg=wire)


def neighbours(trace: rv.Trace, t: int, direction: int) -> tuple[int | None, int | None]:
    """The steps read just before and just after step t; None beyond the ends."""
    T, by = len(trace.y), -1 if direction else 1
    before, after = t - by, t + by
    return before if 0 <= before < T else None, after if 0 <= after < T else None


def forward(trace: rv.Trace, t: int, j: int, layer: int, direction: int) -> dict[str, float]:
    """What each wire carries forwards, by the equations in rnnviz/cells."""
    of, cell = trace[layer, direction], trace.network.layers[layer][direction]
    before, _ = neighbours(trace, t, direction)
    h_prev = of.h0[0] if before is None else of.h[before, 0]
    gates = {gate: a[t, 0, j] for gate, a in of.gates.items()}
    a = {f"a_{gate}": a[t, 0, j] for gate, a in of.preactivations.items()}
    h, H = of.h[t, 0, j], len(h_prev)
    out = {"h": h, "next_h": h, "up": h}
    if cell.NAME == "elman":
        single = {"via_h": h_prev[0]} if H == 1 else {}  # of several, a whole vector
        terms = {"now": cell.weight_ih @ of.x[t, 0], "past": cell.weight_hh @ h_prev, "b": cell.bias_ih + cell.bias_hh}
        return out | single | {"a": a["a_h"]} | {name: term[j] for name, term in terms.items()}
    if cell.NAME == "lstm":
        c_prev = (of.c0[0] if before is None else of.c[before, 0])[j]
        c = of.c[t, 0, j]
        kept = {"past_c": c_prev, "keep": gates["f"] * c_prev, "write": gates["i"] * gates["g"], "c": c, "next_c": c}
        return gates | a | out | kept | {"branch": c, "squash": np.tanh(c), "past_h": h_prev[j]}
    z, n, r = gates["z"], gates["n"], of.gates["r"][t, 0]
    W, b = cell.weight_hh[2 * H :], cell.bias_hh[2 * H :]
    mixed = {"past_h": h_prev[j], "z_keep": z, "z_mix": z, "rest": 1 - z, "keep": z * h_prev[j], "write": (1 - z) * n}
    if cell.reset_after:
        product = (W @ h_prev + b)[j]
        return gates | a | out | mixed | {"see": product, "reset": r[j] * product}
    reset = r * h_prev
    return gates | a | out | mixed | {"see": h_prev[j], "reset": reset[j], "weighted": (W @ reset + b)[j]}


def backward(trace: rv.Trace, grads: rv.Gradients, t: int, j: int, layer: int, direction: int) -> dict[str, float]:
    """What each wire carries backwards, by the equations in rnnviz/cells and the engine's dh, dc, dgates, da."""
    of, cell, back = trace[layer, direction], trace.network.layers[layer][direction], grads[layer, direction]
    da = {gate: a[t, 0] for gate, a in back.dpreactivations.items()}
    H, dh = len(of.h0[0]), back.dh[t, 0, j]
    block = {gate: cell.weight_hh[k * H : (k + 1) * H] for k, gate in enumerate(cell.GATES)}
    reaches = {f"a_{gate}": a[j] for gate, a in da.items()} | {"h": dh}
    if cell.NAME == "elman":
        return {"h": dh, "via_h": (block["h"].T @ da["h"])[j]} | dict.fromkeys(("a", "now", "past", "b"), da["h"][j])
    reaches |= {gate: a[t, 0, j] for gate, a in back.dgates.items()}
    gates = {gate: a[t, 0] for gate, a in of.gates.items()}
    if cell.NAME == "lstm":
        c, dc = of.c[t, 0, j], back.dc[t, 0, j]
        via = {f"via_{gate}": (block[gate].T @ da[gate])[j] for gate in cell.GATES}
        along = {"past_c": dc * gates["f"][j], "keep": dc, "write": dc, "c": dc, "squash": dh * gates["o"][j]}
        branch = dh * gates["o"][j] * (1 - np.tanh(c) ** 2)
        later = dc - branch  # what does not come through tanh comes from the next step
        return reaches | via | along | {"branch": branch, "next_c": later, "past_h": sum(via.values())}
    before, _ = neighbours(trace, t, direction)
    h_prev = (of.h0[0] if before is None else of.h[before, 0])[j]
    z, n, r = gates["z"][j], gates["n"][j], gates["r"]
    via = {f"via_{gate}": (block[gate].T @ da[gate])[j] for gate in "zr"}
    mixed = {"past_h": dh * z, "keep": dh, "write": dh, "z_keep": dh * h_prev, "rest": dh * n, "z_mix": -dh * n}
    if cell.reset_after:
        lane = {"reset": da["n"][j], "see": (r * da["n"])[j], "via_n": (block["n"].T @ (r * da["n"]))[j]}
    else:
        into = (block["n"].T @ da["n"])[j]
        lane = {"weighted": da["n"][j], "reset": into, "see": r[j] * into}
    return reaches | via | mixed | lane


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize(("T", "H", "D"), [(5, 4, 2), (1, 1, 1)])
def test_wires_carry_the_engines_numbers_forwards(circuit: Page, kind: str, T: int, H: int, D: int) -> None:
    trace, grads = passes(kind, T, hidden_size=H, num_layers=2, bidirectional=D == 2)
    show(circuit, trace, grads)
    places = list(np.ndindex(T, H, 2, D))
    for place, seen in zip(places, record(circuit, *map(view, places))):
        expected = forward(trace, *place)
        assert seen.keys() == expected.keys()
        same(seen, expected)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize(("T", "H", "D"), [(5, 4, 2), (1, 1, 1)])
def test_wires_carry_the_engines_gradients_backwards(circuit: Page, kind: str, T: int, H: int, D: int) -> None:
    trace, grads = passes(kind, T, hidden_size=H, num_layers=2, bidirectional=D == 2)
    show(circuit, trace, grads)
    places = list(np.ndindex(T, H, 2, D))
    for place, seen in zip(places, record(circuit, *(view(place, backward=True) for place in places))):
        expected = backward(trace, grads, *place)
        assert seen.keys() == expected.keys() | {"up", "next_h"}
        same(seen, expected)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("truncate", [None, 2])
@pytest.mark.parametrize("output_size", [None, 2])
def test_what_enters_from_above_and_from_the_next_step_is_all_of_dh(
    circuit: Page, kind: str, truncate: int | None, output_size: int | None
) -> None:
    trace, grads = passes(kind, 5, truncate, hidden_size=3, num_layers=2, bidirectional=True, output_size=output_size)
    show(circuit, trace, grads)
    places = list(np.ndindex(5, 3, 2, 2))
    for (t, j, *which), seen in zip(places, record(circuit, *(view(place, backward=True) for place in places))):
        above, later = seen["up"], seen["next_h"]  # which may all but cancel
        bound = TOLERANCE * max(abs(above), abs(later))
        np.testing.assert_allclose(above + later, grads[*which].dh[t, 0, j], rtol=TOLERANCE, atol=bound)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("truncate", [None, 1, 3])
def test_what_a_step_hands_back_is_what_the_step_before_gets_from_it(
    circuit: Page, kind: str, truncate: int | None
) -> None:
    T = 5
    trace, grads = passes(kind, T, truncate, hidden_size=3, bidirectional=True)
    show(circuit, trace, grads)
    for t, j, direction in np.ndindex(T - 1, 3, 2):
        order = (t + 1, t) if direction else (t, t + 1)
        earlier, later = record(circuit, *(view((step, j, 0, direction), backward=True) for step in order))
        parts = [later[f"via_{gate}"] for gate in trace.network.layers[0][0].GATES if f"via_{gate}" in later]
        if kind.startswith("gru"):
            parts += [later["past_h"]] + ([later["see"]] if kind == "gru_before" else [])
            assert len(parts) == 4
        elif kind == "lstm":
            same({"part": earlier["next_c"]}, {"part": later["past_c"]})
        same({"part": earlier["next_h"]}, {"part": sum(parts)})
        read = T - 1 - t if direction else t + 1  # so many steps were read before the later one
        cut = truncate is not None and read % truncate == 0
        assert all((part == 0) == cut for part in (earlier["next_h"], *parts))


@pytest.mark.parametrize("kind", CELLS)
def test_where_it_was_cut_the_circuit_says_so(circuit: Page, kind: str) -> None:
    trace, grads = passes(kind, 5, 2)
    show(circuit, trace, grads)
    for t in range(5):
        record(circuit, view((t, 0, 0, 0), backward=True))
        ports = " ".join(circuit.locator(".circuit text").all_text_contents())
        assert ("0 from" in ports) == (t in (1, 3))
        assert "truncated" in ports or t == 0
        assert ("truncated, 0 to" in ports) == (t in (2, 4) and trace.network.cell != "elman")


def test_windows_are_counted_from_the_first_step_drawn_or_not(circuit: Page) -> None:
    trace, grads = passes("tanh", 205, 50)
    show(circuit, trace, grads)
    shut = [t for t in range(200) if record(circuit, view((t, 0, 0, 0), backward=True))[0]["via_h"] == 0]
    assert shut == [45, 95, 145, 195]


def test_a_pinned_gate_stands_at_its_value_and_passes_nothing_back(circuit: Page) -> None:
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, "lstm"), 4, 1)
    surgery = (rv.Pin("f", 0.25, 1, 2),)
    show(circuit, example.unroll(surgery=surgery), example.backpropagate(surgery=surgery))
    assert record(circuit, {"t": 1})[0]["f"] == 0.25
    assert circuit.locator(".valve[data-ref=f] text").all_text_contents() == ["f", "0.250", "clamped"]
    assert record(circuit, {"backward": True})[0]["a_f"] == 0


def test_what_is_not_finite_is_struck_and_named_not_coloured(circuit: Page) -> None:
    network = random_network(np.random.default_rng(0), "relu", hidden_size=3, scale=4.0)
    with np.errstate(all="ignore"):
        trace = rv.unroll(network, np.full((30, 1, 2), 1e300))
    show(circuit, trace)
    for t, j in np.ndindex(30, 3):
        h = trace[0, 0].h[t, 0, j]
        written = circuit.evaluate("record", {"t": t, "unit": j})["written"]["h"]
        state, colour = circuit.locator(".wire[data-flow=h]").evaluate(
            "g => [g.dataset.state, g.querySelector('.core').style.getPropertyValue('--value')]"
        )
        if np.isfinite(h):
            assert (state, colour != "") == ("", True)
        else:
            assert (state, colour) == ("broken", "")
            assert written == ("NaN" if np.isnan(h) else "∞")
    assert not np.isfinite(trace[0, 0].h).all(), "the example is to leave the finite range"


@pytest.mark.parametrize(("value", "state"), [(0.0, "nothing"), (1e-30, "")])
def test_only_an_exact_zero_gradient_is_hollow(circuit: Page, value: float, state: str) -> None:
    network = random_network(np.random.default_rng(0), "lstm")
    trace = rv.unroll(network, np.ones((3, 1, 2)))
    show(circuit, trace, rv.backpropagate(network, trace, np.full_like(trace.y, value)))
    circuit.evaluate("show", {"t": 1, "backward": True})
    assert circuit.locator(".vector[data-ref=h_prev] .cell").first.get_attribute("data-state") == state


PLACES = {
    "tanh": ["x", "h", "a", "squash"],
    "lstm": ["x", "h", "c", "f", "i", "g", "o", "keep", "write", "add", "squash", "reveal"],
    "gru": ["x", "h", "r", "z", "n", "reset", "keep", "write", "add"],
    "gru_before": ["x", "h", "r", "z", "n", "reset", "keep", "write", "add"],
}


@pytest.mark.parametrize("width", [358, 600])
@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("how", ["click", "Enter", "Space"])
def test_every_place_is_chosen_by_pointer_and_by_keyboard(circuit: Page, kind: str, how: str, width: int) -> None:
    resize(circuit, width)
    show(circuit, *passes(kind, input_size=4, hidden_size=4))
    for ref in PLACES[kind]:
        place = circuit.locator(f"[role=button][data-ref={ref}]")
        if how == "click":
            place.click()
        else:
            place.focus()
            circuit.keyboard.press(how)
        assert circuit.evaluate("selected.ref") == ref
        assert place.get_attribute("aria-pressed") == "true"
        assert circuit.locator("[aria-pressed=true]").count() == 1


@pytest.mark.parametrize(("kind", "state"), [("tanh", "h"), ("gru", "h"), ("lstm", "h"), ("lstm", "c")])
def test_the_state_before_leads_a_step_back_but_not_before_the_first(circuit: Page, kind: str, state: str) -> None:
    show(circuit, *passes(kind))
    circuit.evaluate("show", {"t": 2, "unit": 1})
    place = circuit.locator(f"[role=button][data-ref={state}_prev]")
    place.click()
    assert circuit.evaluate("selected") == {"ref": state, "t": 1, "unit": 1}
    place.click()
    assert circuit.evaluate("selected.t") == 0
    circuit.evaluate("() => { selected = null; }")
    assert place.get_attribute("aria-disabled") == "true"
    assert place.text_content() == f"{state}0"
    place.click(force=True)
    assert circuit.evaluate("selected") is None


def test_an_entry_of_the_state_before_chooses_its_unit(circuit: Page) -> None:
    show(circuit, *passes("lstm", hidden_size=4))
    circuit.evaluate("show", {"t": 3})
    circuit.locator(".vector[data-ref=h_prev] .cell").nth(2).click()
    assert circuit.evaluate("selected") == {"ref": "h", "t": 2, "unit": 2}


def test_the_way_up_leads_to_the_next_layer_and_at_the_top_to_the_output(circuit: Page) -> None:
    show(circuit, *passes("gru", num_layers=2, output_size=2))
    up = circuit.locator("[role=button][data-ref=up]")
    assert up.text_content() == "to layer 2"
    up.click()
    assert circuit.evaluate("selected") == {"ref": "h", "layer": 1, "unit": 0}
    assert up.text_content() == "to y"
    up.click()
    assert circuit.evaluate("selected.ref") == "y"


def test_the_focus_survives_steps_passes_and_another_network(circuit: Page) -> None:
    show(circuit, *passes("lstm"))
    circuit.locator("[role=button][data-ref=f]").focus()
    focused = "document.activeElement.dataset.ref"
    for view in ({"t": 3}, {"backward": True}, {"unit": 2}, {"selected": "c"}):
        circuit.evaluate("show", view)
        assert circuit.evaluate(focused) == "f"
    show(circuit, *passes("lstm", hidden_size=7))
    assert circuit.evaluate(focused) == "f"


@pytest.mark.parametrize("kind", CELLS)
def test_a_step_that_changes_nothing_writes_nothing(circuit: Page, kind: str) -> None:
    show(circuit, *passes(kind))
    written = circuit.evaluate(
        """() => {
          const watch = new MutationObserver(() => {});
          const all = { subtree: true, childList: true, attributes: true, characterData: true };
          watch.observe(document.querySelector("svg"), all);
          show({});
          return watch.takeRecords().length;
        }"""
    )
    assert written == 0


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("width", [340, 358, 460, 519, 520, 600, 700])
def test_the_drawing_keeps_its_height_its_letters_their_size_and_its_edges(
    circuit: Page, kind: str, width: int
) -> None:
    resize(circuit, width)
    show(circuit, *passes(kind, T=3, input_size=9, hidden_size=20, num_layers=2))
    heights = set()
    for backward_, t, layer in np.ndindex(2, 3, 2):
        circuit.evaluate("show", {"backward": bool(backward_), "t": t, "layer": layer})
        height, smallest, left, right = circuit.evaluate(
            """() => {
              const drawing = document.querySelector("svg"), frame = drawing.getBoundingClientRect();
              const texts = [...drawing.querySelectorAll("text")].filter(text => text.textContent);
              const boxes = texts.map(text => text.getBoundingClientRect());
              const scale = frame.width / drawing.viewBox.baseVal.width;
              const size = text => parseFloat(getComputedStyle(text).fontSize) * scale;
              const sizes = [...drawing.querySelectorAll("text, tspan")].map(size);
              return [frame.height, Math.min(...sizes), Math.min(...boxes.map(b => b.left)) - frame.left,
                frame.right - Math.max(...boxes.map(b => b.right))];
            }"""
        )
        heights.add(round(height, 1))
        assert smallest >= 13.99
        assert left >= -4
        assert right >= -16, "a number may reach into the margin, not over the edge of the page"
    assert len(heights) == 1
    if width == 600:
        assert max(heights) <= 336


def test_light_fades_all_but_the_place(circuit: Page) -> None:
    show(circuit, *passes("lstm"))
    circuit.evaluate("light", "f")
    assert circuit.locator(".host.lit").count() == 1
    lit = circuit.evaluate("[...new Set([...document.querySelectorAll('.on')].map(element => element.dataset.ref))]")
    assert lit == ["f"]
    circuit.evaluate("light", None)
    assert circuit.locator(".host.lit, .on").count() == 0
    circuit.evaluate("light", "nowhere")
    assert circuit.locator(".host.lit").count() == 0


def test_what_is_read_aloud_is_name_and_value(circuit: Page) -> None:
    trace, grads = passes("lstm")
    show(circuit, trace, grads)
    circuit.evaluate("show", {"t": 2, "unit": 1})
    f, preactivation = trace[0, 0].gates["f"][2, 0, 1], trace[0, 0].preactivations["f"][2, 0, 1]
    assert f == pytest.approx(sigmoid(preactivation))
    place = circuit.locator("[role=button][data-ref=f]")
    assert place.get_attribute("aria-label") == f"forget gate, {f:.3g}"
    circuit.evaluate("show", {"backward": True})
    value = circuit.evaluate("number", float(grads[0, 0].dpreactivations["f"][2, 0, 1]))
    assert place.get_attribute("aria-label") == f"gradient at the forget gate, {value}"
