"""Laws of regularization: rate 0, expectation, evaluation, exact gradients, what each mask may touch; L2; stopping."""

import math

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.errors import ShapeError, UnknownNameError
from rnnviz.regularization import Dropout, EarlyStopping, Together, Variational, Zoneout, l2
from tests.networks import KINDS, random_network

T, B = 6, 3
RULES = {
    "dropout": Dropout(inputs=0.3, layers=0.4, outputs=0.5),
    "variational": Variational(inputs=0.3, layers=0.4, outputs=0.5, recurrent=0.5),
    "zoneout": Zoneout(h=0.4, c=0.3),
    "together": Together(Dropout(inputs=0.2), Variational(recurrent=0.4), Zoneout(h=0.3, c=0.3)),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def make(kind, *, seed=0, **sizes):
    """A network of two layers in both directions with a readout, and a batch for it."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, kind, **{"num_layers": 2, "bidirectional": True, "output_size": 2} | sizes)
    return network, rng.standard_normal((T, B, network.input_size)), rng


def everything(trace):
    """Every number of a trace, by name."""
    found = {"y": trace.y}
    for layer, directions in enumerate(trace.layers):
        for direction, seen in enumerate(directions):
            found |= {f"h{layer}{direction}": seen.h, f"x{layer}{direction}": seen.x}
            found |= {f"{gate}{layer}{direction}": a for gate, a in seen.gates.items()}
            found |= {} if seen.c is None else {f"c{layer}{direction}": seen.c}
    return found


def gradients(grads):
    """Every number of a backward pass, by name."""
    found = dict(grads.params) | {"dx": grads.dx}
    for layer, directions in enumerate(grads.layers):
        for direction, back in enumerate(directions):
            found |= {f"dh{layer}{direction}": back.dh, f"dh0{layer}{direction}": back.dh0}
            found |= {f"d{gate}{layer}{direction}": a for gate, a in back.dgates.items()}
            if back.dc is not None:
                found |= {f"dc{layer}{direction}": back.dc, f"dc0{layer}{direction}": back.dc0}
    return found


@every_kind
@every_rule
@pytest.mark.parametrize("lengths", [None, [6, 2, 4]], ids=["full", "padded"])
def test_gradients_are_those_of_finite_differences(kind, rule, lengths):
    network, x, rng = make(kind)
    masks = rule.draw(rng, network, T, B)
    dy = rng.standard_normal((T, B, 2))
    check = rv.check_gradients(network, x, dy, lengths, masks=masks, entries=1)
    assert check.error < 1e-6


@every_kind
def test_gradients_of_evaluation_with_zoneout_are_those_of_finite_differences(kind):
    network, x, rng = make(kind)
    masks = Zoneout(h=0.3, c=0.6).expected(network)
    assert rv.check_gradients(network, x, rng.standard_normal((T, B, 2)), masks=masks, entries=1).error < 1e-6


@every_kind
@pytest.mark.parametrize("state", ["h", "c"])
def test_masks_and_held_states_go_together(kind, state):
    network, x, rng = make(kind)
    if state not in network.spec.states:
        return
    masks = RULES["together"].draw(rng, network, T, B)
    surgery = [rv.Hold(state, 0.3, first=2, last=3, units=(1,), layer=1, direction=1)]
    trace = rv.unroll(network, x, surgery=surgery, masks=masks)
    held = trace[1, 1].h if state == "h" else trace[1, 1].c
    np.testing.assert_array_equal(held[2:4, :, 1], 0.3)
    dy = rng.standard_normal((T, B, 2))
    assert rv.check_gradients(network, x, dy, surgery=surgery, masks=masks, entries=1).error < 1e-6


@every_kind
@pytest.mark.parametrize("rule", [Dropout(), Variational(), Zoneout(), Together(), Together(Dropout(), Zoneout())])
def test_rates_of_zero_are_the_plain_network_and_draw_nothing(kind, rule):
    network, x, rng = make(kind)
    before = rng.bit_generator.state
    masks = rule.draw(rng, network, T, B)
    assert rng.bit_generator.state == before
    plain, masked = rv.unroll(network, x), rv.unroll(network, x, masks=masks)
    for name, a in everything(plain).items():
        np.testing.assert_array_equal(everything(masked)[name], a)


@every_kind
def test_factors_of_one_and_shares_of_zero_are_the_plain_network(kind):
    """By the way that masks take through the engine, to the bit, gradients included."""
    network, x, rng = make(kind)
    H, places = network.hidden_size, [(layer, direction) for layer in range(2) for direction in range(2)]
    masks = rv.Masks(
        inputs=dict.fromkeys(range(3), np.ones((T, 1, 1))),
        recurrent={place: np.ones((1, 1, H)) for place in places},
        kept={(state, *place): np.zeros((T, B, H)) for place in places for state in network.spec.states},
    )
    plain, masked = rv.unroll(network, x), rv.unroll(network, x, masks=masks)
    dy = rng.standard_normal((T, B, 2))
    for truncate in (None, 2):
        one, other = (gradients(rv.backpropagate(network, trace, dy, truncate)) for trace in (plain, masked))
        for name, a in (everything(plain) | one).items():
            np.testing.assert_array_equal((everything(masked) | other)[name], a, err_msg=name)


@pytest.mark.parametrize("rule", [RULES["dropout"], RULES["variational"]])
def test_evaluation_with_dropout_is_the_plain_network(rule):
    network, x, _ = make("lstm")
    np.testing.assert_array_equal(rv.unroll(network, x, masks=rule.expected(network)).y, rv.unroll(network, x).y)


@every_rule
def test_what_is_drawn_is_on_average_what_evaluation_takes(rule):
    network, _, rng = make("lstm")
    drawn, expected = rule.draw(rng, network, 400, 30), rule.expected(network)
    for masks, neutral, others in (
        (drawn.inputs, 1.0, expected.inputs),
        (drawn.recurrent, 1.0, expected.recurrent),
        (drawn.kept, 0.0, expected.kept),
    ):
        for key, mask in masks.items():
            assert mask.mean() == pytest.approx(
                float(np.mean(others.get(key, neutral))), abs=0.2 if len(mask) == 1 else 0.02
            )


def test_the_average_over_masks_is_evaluation_where_the_network_is_linear():
    network, x, rng = make("linear", bidirectional=False)
    rule, total = Dropout(inputs=0.2, layers=0.2, outputs=0.2), 0.0
    draws = [rv.unroll(network, x, masks=rule.draw(rng, network, T, B)).y for _ in range(800)]
    total, spread = np.mean(draws, axis=0), np.std(draws, axis=0) / math.sqrt(800)
    assert (np.abs(total - rv.unroll(network, x).y) < 5 * spread + 1e-12).all()


def test_zoneout_of_a_linear_network_is_on_average_its_evaluation():
    network, x, rng = make("linear", num_layers=1, bidirectional=False)
    rule = Zoneout(h=0.3)
    draws = [rv.unroll(network, x, masks=rule.draw(rng, network, T, B)).y for _ in range(800)]
    evaluated = rv.unroll(network, x, masks=rule.expected(network)).y
    assert (np.abs(np.mean(draws, axis=0) - evaluated) < 5 * np.std(draws, axis=0) / math.sqrt(800) + 1e-12).all()
    assert np.abs(evaluated - rv.unroll(network, x).y).max() > 0.01


def test_dropout_masks_are_zero_or_one_over_the_rest_and_new_at_every_step():
    network, _, rng = make("gru")
    masks = Dropout(inputs=0.2, layers=0.5, outputs=0.75).draw(rng, network, 50, B)
    for layer, p in ((0, 0.2), (1, 0.5), (2, 0.75)):
        np.testing.assert_allclose(np.unique(masks.inputs[layer]), [0.0, 1 / (1 - p)])
        assert masks.inputs[layer].shape == (50, B, 2 if layer == 0 else 6)
        assert (masks.inputs[layer][1:] != masks.inputs[layer][:-1]).any()
    assert not masks.recurrent
    assert not masks.kept


def test_variational_masks_are_the_same_at_every_step_and_differ_between_sequences():
    network, _, rng = make("lstm", hidden_size=20)
    masks = Variational(recurrent=0.5).draw(rng, network, T, B)
    assert set(masks.recurrent) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    mask = masks.recurrent[0, 0]
    assert mask.shape == (1, B, 20)
    assert (mask[:, 0] != mask[:, 1]).any()


def test_a_dropped_unit_is_read_by_no_gate_and_its_own_memory_goes_on():
    for kind in ("lstm", "gru", "gru_before"):
        network, x, _ = make(kind, num_layers=1, bidirectional=False)
        mask = np.ones((1, 1, 3))
        mask[..., 1] = 0
        trace = rv.unroll(network, x, masks=rv.Masks(recurrent={(0, 0): mask}))
        state = dict(network.state_dict())
        state["weight_hh_l0"] = state["weight_hh_l0"] * mask[0]  # the columns by which unit 1 is read
        np.testing.assert_allclose(trace.y, rv.unroll(network.with_parameters(state), x).y, rtol=0, atol=1e-14)


@every_kind
def test_a_state_that_is_kept_throughout_is_where_it_began(kind):
    network, x, rng = make(kind, num_layers=1, bidirectional=False)
    h0 = rng.standard_normal((B, 3))
    c0 = {"c0": rng.standard_normal((B, 3))} if kind == "lstm" else {}
    masks = Zoneout(h=1.0, c=1.0).draw(rng, network, T, B)
    trace = rv.unroll(network, x, h0=h0, **c0, masks=masks)
    np.testing.assert_array_equal(trace[0, 0].h, np.broadcast_to(h0, (T, B, 3)))
    dy = rng.standard_normal(trace.y.shape)
    back = rv.backpropagate(network, trace, dy)[0, 0]
    np.testing.assert_allclose(back.dh0, (dy @ network.readout.weight).sum(axis=0), atol=1e-14)
    if c0:
        np.testing.assert_array_equal(trace[0, 0].c, np.broadcast_to(c0["c0"], (T, B, 3)))


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_one_step_of_zoneout_mixes_the_old_state_with_what_the_cell_makes(kind):
    network, x, rng = make(kind, num_layers=1, bidirectional=False)
    h0 = rng.standard_normal((B, 3))
    c0 = {"c0": rng.standard_normal((B, 3))} if kind == "lstm" else {}
    mixed = rv.unroll(network, x[:1], h0=h0, **c0, masks=Zoneout(h=0.25, c=0.75).expected(network))[0, 0]
    plain = rv.unroll(network, x[:1], h0=h0, **c0)[0, 0]
    np.testing.assert_allclose(mixed.h[0], 0.25 * h0 + 0.75 * plain.h[0], atol=1e-15)
    if c0:
        np.testing.assert_allclose(mixed.c[0], 0.75 * c0["c0"] + 0.25 * plain.c[0], atol=1e-15)


@every_kind
def test_truncated_gradients_are_those_of_windows_whose_states_are_carried(kind):
    network, x, rng = make(kind, num_layers=1, bidirectional=False)
    masks, dy = RULES["together"].draw(rng, network, T, B), rng.standard_normal((T, B, 2))
    whole = rv.backpropagate(network, rv.unroll(network, x, masks=masks), dy, truncate=2).params
    total, state = dict.fromkeys(whole, 0.0), {}
    for first in range(0, T, 2):
        span = slice(first, first + 2)
        part = rv.Masks(*({k: m if len(m) == 1 else m[span] for k, m in kind.items()} for kind in
                          (masks.inputs, masks.recurrent, masks.kept)))  # fmt: skip
        trace = rv.unroll(network, x[span], **state, masks=part)
        for name, gradient in rv.backpropagate(network, trace, dy[span]).params.items():
            total[name] = total[name] + gradient
        state = {"h0": trace[0, 0].h[-1]} | ({} if trace[0, 0].c is None else {"c0": trace[0, 0].c[-1]})
    for name, gradient in whole.items():
        np.testing.assert_allclose(total[name], gradient, rtol=0, atol=1e-12)


def test_two_rules_together_multiply_and_keep_what_either_keeps():
    network, _, rng = make("gru")
    one = Together(Dropout(inputs=0.5), Dropout(inputs=0.5)).draw(rng, network, 50, B)
    np.testing.assert_array_equal(np.unique(one.inputs[0]), [0.0, 4.0])
    kept = Together(Zoneout(h=0.5), Zoneout(h=0.2)).expected(network).kept["h", 0, 0]
    np.testing.assert_allclose(kept, 1 - 0.5 * 0.8)


@every_rule
def test_the_same_generator_draws_the_same(rule):
    network, x, _ = make("lstm")
    one, other = (rv.unroll(network, x, masks=rule.draw(np.random.default_rng(3), network, T, B)).y for _ in range(2))
    np.testing.assert_array_equal(one, other)


@every_rule
def test_float32_stays_float32(rule):
    network, x, rng = make("lstm", dtype=np.float32)
    trace = rv.unroll(network, x, masks=rule.draw(rng, network, T, B))
    assert trace.y.dtype == trace[0, 1].h.dtype == np.float32
    assert all(g.dtype == np.float32 for g in rv.backpropagate(network, trace, trace.y).params.values())


def test_masks_that_do_not_fit_are_named():
    network, x, _ = make("gru")
    for masks, error, message in (
        (rv.Masks(inputs={3: np.ones((1, 1, 1))}), UnknownNameError, r"masks.inputs has an entry for 3"),
        (rv.Masks(kept={("c", 0, 0): np.ones((1, 1, 1))}), UnknownNameError, r"masks.kept has an entry for \('c', 0"),
        (rv.Masks(recurrent={(0, 0): np.ones((2, B, 3))}), ShapeError, r"\(6, 3, 3\), or 1 .*got \(2, 3, 3\)"),
        (rv.Masks(inputs={0: np.full((1, 1, 1), np.nan)}), ValueError, "must be finite"),
        (rv.Masks(kept={("h", 0, 0): np.full((1, 1, 1), 1.5)}), ValueError, "shares from 0 to 1"),
        ({0: np.ones((1, 1, 1))}, TypeError, "masks must be a Masks"),
    ):
        with pytest.raises(error, match=message):
            rv.unroll(network, x, masks=masks)


@pytest.mark.parametrize("bad", [-0.1, 1.0, math.nan, "0.5", None])
def test_rates_out_of_range_are_rejected_by_name(bad):
    for rule, name in ((Dropout, "inputs"), (Dropout, "layers"), (Variational, "recurrent"), (Variational, "outputs")):
        with pytest.raises(ValueError, match=f"{name} must be a number in"):
            rule(**{name: bad})
    if bad != 1.0:
        with pytest.raises(ValueError, match="c must be a number in"):
            Zoneout(c=bad)


def test_the_gradient_of_l2_is_that_of_its_value():
    params = {"W": np.array([[1.0, -2.0]]), "b": np.array([3.0])}
    penalty = l2(params, 0.5)
    assert penalty.value == 0.25 * (1 + 4 + 9)
    for name, k in (("W", (0, 1)), ("b", (0,))):
        moved = {key: a.copy() for key, a in params.items()}
        moved[name][k] += 1e-6
        assert (l2(moved, 0.5).value - penalty.value) / 1e-6 == pytest.approx(penalty.grads[name][k], rel=1e-5)


def test_early_stopping_keeps_the_best_and_stops_after_patience_looks():
    rule = EarlyStopping(patience=2)
    state, states = rule.init(), []
    for k, loss in enumerate([3.0, 2.0, 2.5, 1.5, 1.6, math.nan, 1.0]):
        state = rule.update(state, loss, f"network {k}")
        states.append(state)
    assert [s.stopped for s in states[:6]] == [False, False, False, False, False, True]
    assert (states[5].best, states[5].at, states[5].kept) == (1.5, 3, "network 3")
    assert not state.stopped  # a better loss takes it up again


def test_a_loss_counts_as_better_only_by_more_than_the_least():
    rule = EarlyStopping(patience=1, least=0.5)
    state = rule.update(rule.init(), 2.0, "first")
    state = rule.update(state, 1.6, "second")
    assert (state.kept, state.stopped) == ("first", True)
    with pytest.raises(ValueError, match="patience"):
        EarlyStopping(patience=0)


def test_what_rests_on_the_cell_s_own_equations_refuses_a_pass_with_masks_inside_of_it():
    network, x, rng = make("lstm")
    inside, outside = (rule.draw(rng, network, T, B) for rule in (Zoneout(h=0.5), Dropout(layers=0.5)))
    trace = rv.unroll(network, x, masks=inside)
    for look in (lambda: rv.diagnostics.step_jacobians(network, trace), lambda: rv.player.pack(trace)):
        with pytest.raises(ValueError, match="zoneout"):
            look()
    rv.diagnostics.step_jacobians(network, rv.unroll(network, x, masks=outside))
