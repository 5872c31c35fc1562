"""The numbers and colours that the player shows are the engine's: what it decodes, says, lists and paints.

That no page logs an error or asks for anything is checked by `opened` itself.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import rnnviz as rv
from rnnviz import cells
from rnnviz.numbers import significant
from rnnviz.player import PLACES, pack
from rnnviz.theme import DARK, LIGHT, signed_rgb
from tests.browser.player_page import CELLS, DESK, Opened, Pass, box_of, exploding, numbers, opened, spelled
from tests.networks import KINDS, make_example, random_network

DECODED = """payload => {
    const model = $core_model.decode(Uint8Array.from(atob(payload), character => character.charCodeAt(0)));
    const grid = (rows, columns, at) =>
        Array.from({ length: rows }, (_, t) => Array.from({ length: columns }, (_, j) => at(t, j)));
    const { T, H } = model, found = { x: grid(T, model.I, model.x), y: grid(T, model.Q, model.y) };
    if (model.dy) found.dy = grid(T, model.Q, model.dy);
    for (const level of model.levels.flat()) {
        const name = `${level.layer}.${level.direction}.`;
        for (const state of ["h", "c", "dh", "dc"].filter(state => level[state])) {
            found[name + state] = grid(T, H, level[state]);
            found[name + state + "0"] = grid(1, H, (_, j) => level[state](-1, j));
        }
        model.gates.forEach((gate, k) => {
            found[name + gate] = grid(T, H, (t, j) => level.gate(gate, t, j));
            found[`${name}a.${gate}`] = grid(T, H, (t, j) => level.a(gate, t, j));
            if (level.da) found[`${name}da.${gate}`] = grid(T, H, (t, j) => level.da(gate, t, j));
            found[`${name}W.${gate}`] = grid(H, level.inputs, (j, k) => level.W(gate, j, k));
            found[`${name}U.${gate}`] = grid(H, H, (j, k) => level.U(gate, j, k));
            found[`${name}b.${gate}`] = [Array.from({ length: H }, (_, j) => level.bi(gate, j)),
                Array.from({ length: H }, (_, j) => level.bh(gate, j))];
        });
    }
    return found;
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Opened]:
    with opened(browser) as shown:
        yield shown


@pytest.fixture(scope="module")
def opener(desk: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose decoder is used for every payload."""
    path = tmp_path_factory.mktemp("player") / "player.html"
    desk.show(spelled("elman"), path)
    return path


@pytest.mark.usefixtures("opener")
def test_every_place_of_the_player_can_be_asked_for_by_its_name(desk: Opened) -> None:
    for cell, places in PLACES.items():
        spec = cells.CELLS[cell].SPEC.as_json()
        assert desk.page.evaluate("spec => $core_names.places({ spec, y: true })", spec) == list(places)


@pytest.mark.usefixtures("opener")
def test_numbers_are_written_as_in_the_figures(desk: Opened) -> None:
    """Of every size, near 1, half way between two roundings, and not finite."""
    rng = np.random.default_rng(0)
    sizes = rng.normal(size=300) * 10.0 ** rng.integers(-12, 12, 300)
    values = [*sizes, *(1 - 10.0 ** -rng.uniform(0, 17, 100)), *(np.arange(-200, 200) / 64), 5e-324, 1e300, 0.0, -0.0]
    for digits in (2, 3, 4, 7, 9):
        written = desk.page.evaluate(
            "([values, digits]) => values.map(v => $core_numbers.number(v, digits))", [values, digits]
        )
        assert written == [significant(value, digits) for value in values]
    for value, text in (("NaN", "NaN"), ("1 / 0", "∞"), ("-1 / 0", "−∞")):
        assert (
            desk.page.evaluate(f"$core_numbers.number({value})")
            == text
            == significant(float(text.replace("−", "-").replace("∞", "inf")))
        )


def computed(trace: rv.Trace, grads: rv.Gradients, b: int) -> dict[str, np.ndarray]:
    """What DECODED should give, from the engine."""
    net = trace.network
    T, H = len(trace.y) if trace.lengths is None else trace.lengths[b], net.hidden_size
    found = {"x": trace[0, 0].x[:T, b], "y": trace.y[:T, b], "dy": grads.dy[:T, b]}
    for l, d in np.ndindex(net.num_layers, net.num_directions):
        layer, reached, cell, own = trace[l, d], grads[l, d], net.layers[l][d], {}
        own |= {"h": layer.h[:T, b], "h0": layer.h0[b][None], "dh": reached.dh[:T, b], "dh0": reached.dh0[b][None]}
        if layer.c is not None:
            own |= {"c": layer.c[:T, b], "c0": layer.c0[b][None], "dc": reached.dc[:T, b], "dc0": reached.dc0[b][None]}
        for k, gate in enumerate(cell.GATES):
            rows = slice(k * H, (k + 1) * H)
            passed = layer.preactivations[gate][:T, b], reached.dpreactivations[gate][:T, b]
            weights = cell.weight_ih[rows], cell.weight_hh[rows], np.stack([cell.bias_ih, cell.bias_hh])[:, rows]
            values = (layer.gates[gate][:T, b], *passed, *weights)
            own |= dict(zip((gate, *(f"{name}.{gate}" for name in ("a", "da", "W", "U", "b"))), values, strict=True))
        found |= {f"{l}.{d}.{name}": a for name, a in own.items()}
    return found


def assert_decoded(desk: Opened, trace: rv.Trace, grads: rv.Gradients, b: int = 0) -> None:
    payload = base64.b64encode(pack(trace, grads, sequence=b)).decode()
    found, expected = desk.page.evaluate(DECODED, payload), computed(trace, grads, b)
    assert set(found) == set(expected)
    for name, a in expected.items():
        # a gate is its activation of the pre-activation that was sent, which an engine in float32 rounds too
        rtol = 1e-6 if trace.y.dtype == float else 1e-5
        np.testing.assert_allclose(np.array(found[name], float), a, rtol=rtol, atol=0, err_msg=name)


@pytest.mark.usefixtures("opener")
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_browser_reads_is_what_the_engine_computed(desk: Opened, kind: str) -> None:
    """Stacked, both directions, sequences of several lengths, gates held and shifted, with a readout and without."""
    rng = np.random.default_rng(0)
    for sizes in ({"output_size": 3}, {"num_layers": 2, "bidirectional": True}, {"dtype": np.float32}):
        net = random_network(rng, kind, hidden_size=4, input_size=3, **sizes)
        example = make_example(rng, net, T=6, B=2, lengths=np.array([6, 4]))
        gate = net.layers[0][0].GATES[0]
        surgery = (rv.Pin(gate, 0.25, first=1, last=2, units=[0]), rv.Shift(gate, 0.5, first=2, last=4))
        trace, grads = example.unroll(surgery=surgery), example.backpropagate(surgery=surgery)
        for b in (0, 1):
            assert_decoded(desk, trace, grads, b)


@pytest.mark.usefixtures("opener")
@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200])
def test_the_browser_reads_gradients_of_any_size(desk: Opened, size: float) -> None:
    example = make_example(np.random.default_rng(0), random_network(np.random.default_rng(1), "lstm"), T=5, B=1)
    assert_decoded(desk, example.unroll(), example.backpropagate(dy=example.dy * size))
    assert_decoded(desk, example.unroll(), example.backpropagate(dy=example.dy * [size, 1, -size]))


@pytest.mark.usefixtures("opener")
def test_the_browser_reads_nan_and_infinity_as_such(desk: Opened) -> None:
    shown = exploding()
    assert shown.grads is not None
    assert np.isinf(shown.trace[0, 0].h).any()
    assert np.isnan(shown.trace.y).any()
    assert_decoded(desk, shown.trace, shown.grads)


def quantities(shown: Pass, backward: bool) -> dict[str, np.ndarray]:
    """{ref: (T, H)} of the states and gates; in the backward pass their gradients."""
    layer, grads = shown.trace[0, 0], shown.grads
    if not backward:
        states = {"h": layer.h} | ({} if layer.c is None else {"c": layer.c})
        gates = {"a": layer.preactivations["h"]} if "h" in layer.gates else layer.gates
        return {name: a[:, 0] for name, a in (states | gates).items()}
    assert grads is not None
    reached = grads[0, 0]
    states = {"h": reached.dh} | ({} if reached.dc is None else {"c": reached.dc})
    gates = {"a" if gate == "h" else gate: a for gate, a in reached.dpreactivations.items()}
    return {name: a[:, 0] for name, a in (states | gates).items()}


def words(value: float, digits: int = 3) -> str:
    return "0" if value == 0 else significant(value, digits)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backward", [False, True])
def test_the_value_in_words_is_the_engine_s(desk: Opened, tmp_path: Path, cell: str, backward: bool) -> None:
    shown = spelled(cell)
    desk.show(shown, tmp_path / "player.html")
    desk.press("b" if backward else "f")
    for ref, values in quantities(shown, backward).items():
        desk.root.locator(f".chips [data-ref={ref}]").click()
        for key, t, j in (("Home", 0, 0), ("End", 9, 0), ("ArrowDown", 9, 1), ("ArrowUp", 9, 0)):
            desk.press(key)
            desk.has(step=t, selection=f"{ref}/{j}")
            desk.says(f"unit {j + 1} = {words(values[t, j])}")


@pytest.mark.parametrize("cell", CELLS)
def test_the_table_lists_every_number_of_the_step(desk: Opened, tmp_path: Path, cell: str) -> None:
    shown = spelled(cell)
    desk.show(shown, tmp_path / "player.html")
    desk.root.locator("summary").click()
    for key, t, backward in (("Home", 0, False), ("ArrowRight", 1, False), ("b", 1, True), ("End", 9, True)):
        desk.press(key)
        desk.has(step=t, **{"pass": "backward" if backward else "forward"})
        expected = {(ref, j): a[t, j] for ref, a in quantities(shown, backward).items() for j in range(a.shape[1])}
        found = desk.root.locator("td").evaluate_all(
            "cells => cells.map(td => [td.dataset.ref, Number(td.dataset.unit), td.textContent, td.title])"
        )
        assert {(ref, j): text for ref, j, text, _ in found} == {at: words(a, 4) for at, a in expected.items()}
        for ref, j, _, full in found:
            assert float(full) == pytest.approx(expected[ref, j], rel=1e-6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_heat_map_s_colours_are_the_values_and_0_is_the_page(browser: Browser, tmp_path: Path, theme: str) -> None:
    palette = {"light": LIGHT, "dark": DARK}[theme]
    with opened(browser, color_scheme=theme) as shown:
        passed = spelled("gru")
        shown.show(passed, tmp_path / "player.html")
        shown.press("End")
        shown.still()
        h = passed.trace[0, 0].h[:, 0]
        box = box_of(shown.tape)
        for t, j in ((0, 0), (3, 2), (9, 3)):
            corner = box["x"] + box["width"] * t / len(h) + 6, shown.heat(j, 4) - 6
            expected = signed_rgb(0.95 * float(np.clip(h[t, j], -1, 1)), palette)
            np.testing.assert_allclose(shown.pixels(*corner)[0], expected, atol=2)
        # the loss stands at the first step alone: no gradient reaches the later ones
        dy = np.zeros_like(passed.trace.y)
        dy[0] = 1
        grads = rv.backpropagate(passed.trace.network, passed.trace, dy)
        shown.send(Pass(passed.trace, grads, passed.shown).payload())
        shown.press("b", "Home")
        shown.still()
        background = tuple(bytes.fromhex(palette.background[1:]))
        assert tuple(shown.pixels(shown.column(5) + 40, shown.heat(2, 4) - 6)[0]) == background
        assert tuple(shown.pixels(shown.column(0) + 40, shown.heat(2, 4) - 6)[0]) != background


def test_the_heat_map_follows_the_reader_s_theme(desk: Opened, tmp_path: Path) -> None:
    shown = numbers("elman", 5)
    desk.show(shown, tmp_path / "player.html")
    desk.still()
    spot = desk.column(0) - 40, desk.heat(0, 4) - 6
    for scheme, palette in (("light", LIGHT), ("dark", DARK)):
        desk.page.emulate_media(color_scheme=scheme)
        desk.still()
        expected = signed_rgb(0.95 * float(np.clip(shown.trace[0, 0].h[0, 0, 0], -1, 1)), palette)
        np.testing.assert_allclose(desk.pixels(*spot)[0], expected, atol=2)
    desk.page.emulate_media(color_scheme="light")


def test_what_is_not_finite_is_said_and_hatched(desk: Opened, tmp_path: Path) -> None:
    shown = exploding()
    h = shown.trace[0, 0].h[:, 0]
    places = {"∞": np.argwhere(np.isposinf(h)), "NaN": np.argwhere(np.isnan(h))}
    desk.show(shown, tmp_path / "player.html")
    desk.root.locator("summary").click()
    for said, found in places.items():
        t, j = (int(k) for k in found[0])
        desk.press("Home", *["ArrowRight"] * t)
        desk.has(step=t)
        desk.root.locator(f"td[data-ref=h][data-unit='{j}']").click()
        desk.has(selection=f"h/{j}")
        desk.says(f"= {said}")
        expect(desk.root.locator(f"td[data-ref=h][data-unit='{j}']")).to_have_text(said)
        desk.still()
        ink = bytes.fromhex(LIGHT.ink[1:])
        box = box_of(desk.tape)
        top = box["y"] + 32 + 6 + j * (70 - 17) / 4
        rows = np.concatenate([desk.pixels(box["x"], top + down, int(box["width"])) for down in (1, 3, 5)])
        assert (np.abs(rows - np.array(list(ink))).max(axis=1) < 60).sum() > 5, "hatched in ink"
    desk.press("b", "Home", "u", "End", "f", "u")
    for ref in ("a", "h"):
        desk.root.locator(f".chips [data-ref={ref}]").click()
    assert not desk.trouble


def test_a_class_is_named_only_where_there_is_one(desk: Opened, tmp_path: Path) -> None:
    """The softmax of NaN names no letter."""
    huge = {"nonlinearity": "relu", "recurrent_init": lambda shape, rng: 1e60 * rng.normal(size=shape)}
    with np.errstate(all="ignore"):
        passed = spelled("elman", **huge)
    assert np.isnan(passed.trace.y[-1]).all()
    desk.page.add_init_script(
        """{
            const draw = CanvasRenderingContext2D.prototype.fillText;
            window.drawn = [];
            CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
                drawn.push(words);
                draw.call(this, words, ...rest);
            };
        }"""
    )
    desk.show(passed, tmp_path / "player.html")
    desk.press("End")
    desk.still()
    drawn = desk.page.evaluate("drawn")
    assert "100%" in drawn
    assert "NaN%" not in drawn


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_too_large_to_draw_says_so_and_draws(desk: Opened, tmp_path: Path, cell: str) -> None:
    large = numbers(cell, 300, hidden_size=100, input_size=300, num_layers=6)
    desk.show(large, tmp_path / "player.html")
    expect(desk.root.locator(".note")).to_contain_text(
        "Too large to draw whole. Shown: the last 200 of 300 steps, the top 4 of 6 layers, the 64 of 100 units"
    )
    desk.has(step=100, steps=300, layer=2)
    desk.press("End", "ArrowDown", "b", "u", "Home", "u")
    desk.has(step=100)
    unit = int((desk.said("selection") or "").split("/")[1])
    dh = large.grads and large.grads[2, 0].dh[100, 0, unit]
    desk.says(f"unit {unit + 1} = {words(float(dh or 0))}")
    slider = desk.tape
    expect(slider).to_have_attribute("aria-valuemin", "101")
    expect(slider).to_have_attribute("aria-valuenow", "101")
    assert desk.page.viewport_size == DESK["viewport"]
