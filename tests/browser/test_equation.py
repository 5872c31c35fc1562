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
from rnnviz.player.payload import pack
from rnnviz.theme import css_variables
from tests.networks import KINDS, examples, make_example, random_network

PLAYER = Path(rv.__file__).parent / "player"
TOLERANCE = 1e-6  # of the payload's float32 numbers, and sums of them

# The panel alone in a page; `record(view)` draws it and reads it off the screen.
PAGE = """<!doctype html><meta charset="utf-8"><style>{style}</style>
<div class="rnn-player"><div class="equation" style="width:560px"></div></div>
<script type="module">
import {{ decode }} from "./core/model.js";
import {{ places }} from "./core/names.js";
import {{ evaluate }} from "./core/digits.js";
import {{ explain }} from "./equation/equation.js";
import {{ equationPanel }} from "./equation/panel.js";
const view = {{ t: 0, unit: 0, layer: 0, direction: 0, backward: false, selected: "h" }};
let model, panel;
const act = {{
  select(ref, where = {{}}) {{ window.selected = {{ ref, ...where }}; show({{ selected: ref, ...where }}); }},
}};
window.open_ = text => {{ model = decode(Uint8Array.from(atob(text), c => c.charCodeAt(0))); return places(model); }};
window.show = change => {{
  Object.assign(view, change);
  panel ??= equationPanel(document.querySelector(".equation"), model, act);
  panel.update(model, view);
}};
const words = element =>
  [...element.querySelectorAll("[data-value], [data-sign]")].map(e => e.dataset.sign ?? {{ value: e.dataset.value }});
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
    chain: [...document.querySelectorAll(".chain")].map(chain => ({{
      relation: chain.dataset.relation, words: words(chain),
    }})),
    falls: found.falls.filter(fall => fall.sum).map(fall => [
      fall.rows.filter(row => !row.inner).map(row => String(row.value)), String(fall.sum.value),
    ]),
  }};
}};
window.light = ref => panel.light(ref);
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


# The places whose first line has a result that the engine records: forwards, and backwards as dL/dh, dL/dc, dL/da.
STATES = {
    "lstm": {"h": "h", "reveal": "h", "c": "c", "add": "c"},
    "gru": {"h": "h", "add": "h"},
    "elman": {"h": "h", "squash": "h"},
}


def engine(trace: rv.Trace, grads: rv.Gradients, view: dict[str, Any]) -> float | None:
    """What the engine recorded for the result of a view's first line; None for what it does not record."""
    ref, backward, at = view["selected"], view["backward"], (view["t"], 0, view["unit"])
    layer, reached = trace[view["layer"], view["direction"]], grads[view["layer"], view["direction"]]
    cell = trace.network.cell
    if ref == "a":
        return float((reached.dpreactivations if backward else layer.preactivations)["h"][at])
    if ref in layer.gates and cell != "elman":
        return float((reached.dpreactivations if backward else layer.gates)[ref][at])
    state = STATES[cell].get(ref)
    if state is None or (backward and ref == "reveal"):
        return None
    return float(getattr(reached, f"d{state}")[at] if backward else getattr(layer, state)[at])


def records(page: Page, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("recordAll", views)
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
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
    assert inexact <= max(4, 0.02 * count)  # a few, also of few lines: a payload's numbers have seven digits


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(example=examples())
def test_the_terms_of_every_sum_add_up_to_the_engine_s_number(panel: Page, example: Any) -> None:
    """Lines and waterfalls, in full precision: no term is missing, none is there twice."""
    trace, grads = example.unroll(), example.backpropagate()
    views = every_view(trace, show(panel, trace, grads))
    for view, record in zip(views, records(panel, views)):
        # a term may itself be a sum of larger ones that all but cancel: those of the loss's derivative are of size 1
        terms = [np.array(rows, float) for rows, _ in record["falls"]]
        size = max([1.0, *(np.abs(each).sum() for each in terms)])
        for each, (_, total) in zip(terms, record["falls"]):
            assert abs(each.sum() - float(total)) <= TOLERANCE * size, (view, each, total)
        recorded = engine(trace, grads, view)
        if recorded is not None:
            right = float(record["lines"][0]["right"])
            assert abs(right - recorded) <= TOLERANCE * max(size, abs(recorded)), (view, right, recorded)


@pytest.fixture
def lstm() -> tuple[rv.Trace, rv.Gradients]:
    """Six steps of letters through four units, the loss at the end alone."""
    rng = np.random.default_rng(4)
    network = random_network(rng, "lstm", input_size=4, hidden_size=4, output_size=4)
    trace = rv.unroll(network, np.eye(4)[rng.integers(0, 4, 6)][:, None])
    dy = np.zeros_like(trace.y)
    dy[-1] = rng.standard_normal(dy[-1].shape)
    return trace, rv.backpropagate(network, trace, dy)


def at(t: int, ref: str, backward: bool = False, unit: int = 1, layer: int = 0, direction: int = 0) -> dict[str, Any]:
    return {"t": t, "unit": unit, "layer": layer, "direction": direction, "backward": backward, "selected": ref}


def test_a_term_is_followed_by_click_and_by_keyboard(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    show(panel, *lstm)
    panel.evaluate("show", at(3, "c"))
    panel.locator(".term[data-ref=c_prev]").click()
    assert panel.evaluate("selected") == {"ref": "c", "t": 2, "unit": 1, "layer": 0, "direction": 0}
    panel.locator(".term[data-ref=f]").press("Enter")
    assert panel.evaluate("selected.ref") == "f"
    assert panel.locator("h3").inner_text() == "Forget gate unit 2, step 3"
    panel.locator(".entry", has_text="h unit 4").press("Space")
    assert panel.evaluate("selected") == {"ref": "h", "t": 1, "unit": 3, "layer": 0, "direction": 0}
    panel.evaluate("show", at(3, "h", backward=True))
    panel.locator(".term[data-ref=f_next]").click()
    assert panel.evaluate("selected") == {"ref": "f", "t": 4, "unit": 1, "layer": 0, "direction": 0}


def test_what_came_before_the_first_step_cannot_be_followed(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    show(panel, *lstm)
    panel.evaluate("show", at(0, "c"))
    first = panel.locator(".term[data-ref=c_prev]")
    assert first.get_attribute("tabindex") is None
    assert first.get_attribute("aria-label") == "cell state, before the first step, 0"


def test_the_focus_stays_where_it_is_while_steps_go_by(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    show(panel, *lstm)
    panel.evaluate("show", at(2, "f"))
    panel.locator(".term[data-ref=h_prev]").focus()
    panel.evaluate("window.held = document.activeElement")
    for t in (3, 4, 1):
        panel.evaluate("show", at(t, "f"))
        assert panel.evaluate("document.activeElement === held")
    assert panel.evaluate("held.getAttribute('aria-label')").startswith(
        "what the hidden state of the step before adds, "
    )
    panel.evaluate("show", at(1, "squash"))
    assert panel.evaluate("document.querySelector('.equation-panel').contains(document.activeElement)")


def test_light_fades_all_but_the_terms_of_one_place(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    show(panel, *lstm)
    panel.evaluate("show", at(3, "c"))
    panel.evaluate("light", "f")
    lit = "[...document.querySelectorAll('.equation-panel [data-ref]')].filter(e => e.matches('.lit :not(.on)'))"
    assert panel.locator(".lit [data-ref=f].on").count() == 1
    assert panel.evaluate(f"{lit}.length") == panel.locator("[data-ref]").count() - 1
    panel.evaluate("show", at(4, "c"))
    assert panel.locator(".lit [data-ref=f].on").count() == 1
    panel.evaluate("light", "z")  # a place that is not in this equation fades nothing
    assert panel.locator(".lit").count() == 0
    panel.evaluate("light", None)


def test_a_step_changes_no_height(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    heights = set()
    places = show(panel, *lstm)
    for view in every_view(lstm[0], places):
        panel.evaluate("show", view)
        heights.add(panel.locator(".equation-panel").bounding_box()["height"])
    assert len(heights) == 1


def test_no_text_is_smaller_than_14_pixels(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    for view in every_view(lstm[0], show(panel, *lstm)):
        panel.evaluate("show", view)
        smallest = panel.evaluate(
            """Math.min(...[...document.querySelectorAll(".equation-panel *")]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3))
            .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
        )
        assert smallest >= 14


def test_a_sum_of_the_backward_pass_opens_into_its_terms(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    trace, grads = lstm
    show(panel, trace, grads)
    panel.evaluate("show", at(2, "h", backward=True))
    panel.get_by_role("button", name="the terms of via f 4").click()
    printed = panel.locator(".row.inner [data-value]").evaluate_all("all => all.map(one => one.title)")
    U_f = np.split(trace.network.state_dict()["weight_hh_l0"], 4)[1]
    expected = U_f[:, 1] * grads[0, 0].dpreactivations["f"][3, 0]
    np.testing.assert_allclose(np.array(printed, float), expected, rtol=TOLERANCE)


def test_many_terms_are_shown_largest_first_and_all_on_demand(panel: Page) -> None:
    rng = np.random.default_rng(0)
    trace = rv.unroll(random_network(rng, "gru", hidden_size=20), rng.standard_normal((3, 1, 2)))
    show(panel, trace)
    panel.evaluate("show", at(1, "z"))
    sizes = panel.locator(".entry[data-ref=h_prev] [data-value]").evaluate_all(
        "all => all.map(one => Math.abs(one.title))"
    )
    assert len(sizes) < 8
    assert sizes[:-1] == sorted(sizes[:-1], reverse=True)
    panel.get_by_role("button", name="show all terms").click()
    assert panel.locator(".entry[data-ref=h_prev]").count() == 20
    panel.get_by_role("button", name="show the largest terms").click()


def test_without_gradients_there_is_only_the_forward_pass(panel: Page, lstm: tuple[rv.Trace, rv.Gradients]) -> None:
    show(panel, lstm[0])
    panel.evaluate("show", at(3, "h", backward=True))
    assert panel.locator("h3").inner_text().startswith("Hidden state")


def test_a_held_gate_says_so_and_stops_the_gradient(panel: Page) -> None:
    rng = np.random.default_rng(2)
    network = random_network(rng, "lstm")
    trace = rv.unroll(
        network, rng.standard_normal((4, 1, 2)), surgery=[rv.Pin("f", 0.25, 1, 1), rv.Shift("i", 2.0, 1, 2)]
    )
    show(panel, trace, rv.backpropagate(network, trace, rng.standard_normal(trace.y.shape)))
    held = panel.evaluate("record", at(1, "f"))
    assert [words for _, _, words in sides(held)] == [[{"value": "0.250"}]]
    assert held["note"].startswith("Clamped at 0.250")
    stopped = panel.evaluate("record", at(1, "f", backward=True))
    assert stopped["note"] == "The gate is clamped at a constant: the gradient stops here."
    assert panel.locator(".term .none").first.inner_text() == "0"
    for line, result, words in sides(panel.evaluate("record", at(1, "i"))):
        assert line["relation"] == "="
        assert holds(result, words)
    assert panel.locator(".entry", has_text="shift").locator("[data-value]").inner_text() == "2.00"


def test_where_the_backward_pass_was_truncated_nothing_is_said_to_come_back(panel: Page) -> None:
    rng = np.random.default_rng(3)
    for kind in KINDS:
        network = random_network(rng, kind)
        trace = rv.unroll(network, rng.standard_normal((6, 1, 2)))
        grads = rv.backpropagate(network, trace, rng.standard_normal(trace.y.shape), truncate=2)
        show(panel, trace, grads)
        for t in range(6):
            record = panel.evaluate("record", at(t, "h", backward=True))
            assert ("truncated between" in record["note"]) == (t in (1, 3)), (kind, t)
            ((line, result, words),) = sides(record)
            assert line["relation"] == "="
            assert holds(result, words)
            if network.cell != "elman":
                kept = panel.evaluate("record", at(t, "keep", backward=True))
                assert ("truncated between" in kept["note"]) == (t in (2, 4)), (kind, t)
                assert (kept["lines"][0]["result"] == "0") == (t in (2, 4)), (kind, t)


def test_of_a_network_too_large_to_draw_the_lines_still_hold(panel: Page) -> None:
    rng = np.random.default_rng(5)
    for kind in ("lstm", "gru", "gru_before"):
        network = random_network(rng, kind, hidden_size=70, num_layers=2, bidirectional=True, output_size=3, scale=0.1)
        trace = rv.unroll(network, rng.standard_normal((3, 1, 2)))
        grads = rv.backpropagate(network, trace, rng.standard_normal(trace.y.shape))
        views = every_view(trace, show(panel, trace, grads))
        found = records(panel, views)
        equal = [line["relation"] == "=" for record in found for line in record["lines"]]
        assert np.mean(equal) > 0.98
        for view, record in zip(views, found):
            for line, result, words in sides(record):
                assert line["relation"] != "=" or holds(result, words), (view, result, words)


def test_what_is_not_finite_is_struck_through_and_said(panel: Page) -> None:
    network = rv.Network.create("elman", nonlinearity="relu", input_size=1, hidden_size=1, rng=np.random.default_rng(0))
    network = network.with_parameters({name: np.full_like(a, 1e200) for name, a in network.state_dict().items()})
    with np.errstate(all="ignore"):
        trace = rv.unroll(network, np.ones((3, 1, 1)))
        grads = rv.backpropagate(network, trace, np.ones(trace.y.shape))
    show(panel, trace, grads)
    for backward in (False, True):
        record = panel.evaluate("record", at(1 - backward, "h", backward=backward, unit=0))
        assert "∞" in str(record["lines"])
        assert "finite" in record["note"]
        assert panel.locator(".term .chip.broken").first.inner_text() == "∞"


def test_the_smallest_network_has_its_equations_too(panel: Page) -> None:
    rng = np.random.default_rng(6)
    for kind in KINDS:
        example = make_example(rng, random_network(rng, kind, input_size=1, hidden_size=1), 1, 1)
        views = every_view(example.unroll(), show(panel, example.unroll(), example.backpropagate()))
        for record in records(panel, views):
            assert record["title"]
            assert record["note"]
            assert "undefined" not in str(record)


@pytest.mark.parametrize(
    ("kind", "call", "slope", "steepest"),
    [
        ("tanh", ["tanh("], "(1−h²", "at most 1."),
        ("sigmoid", ["σ("], "h2(1−h2)", "at most 0.25."),
        ("relu", ["relu("], "[a2>0]", "at most 1."),
        ("linear", [], "1", "at most 1."),
    ],
)
def test_each_activation_is_written_as_what_it_is(
    panel: Page, kind: str, call: list[str], slope: str, steepest: str
) -> None:
    """The function in the forward pass; its slope and the largest that can be in the backward pass."""
    example = make_example(np.random.default_rng(1), random_network(np.random.default_rng(1), kind), 3, 1)
    trace = example.unroll()
    unit = int(trace[0, 0].h[1, 0].argmax())  # a relu that is on
    show(panel, trace, example.backpropagate())
    forward = panel.evaluate("record", at(1, "h", unit=unit))
    for line in forward["lines"]:
        assert [word for word in line["words"] if isinstance(word, str) and word.endswith("(")] == call
    backward = panel.evaluate("record", at(1, "a", backward=True, unit=unit))
    assert backward["note"].endswith(steepest)
    assert any(text.startswith(slope) for text in panel.locator(".line .term").all_inner_texts())
