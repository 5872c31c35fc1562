// The clock of a step: its legs, in order and without a gap, whatever is shown.

import assert from "node:assert/strict";
import test from "node:test";
import { doneOf, legsOf, phasesOf, stageShare, travelling, workOf } from "../../../../rnnviz/player/js/core/phases.js";
import { shownOf } from "../../../../rnnviz/player/js/core/shown.js";
import { passes } from "../../passes.js";

const models = Object.values(passes).map(({ model }) => model);
const of = cell => models.find(model => model.cell === cell);
const view = (shown = null, backward = false) => ({ backward, shown: shownOf(shown) });
const SPOTS = { keep: 0.2, add: 0.42 };
const underWay = (legs, u) => legs.some(([from, to]) => from <= u + 1e-9 && u <= to + 1e-9);
const shares = Array.from({ length: 101 }, (_, k) => k / 100);

test("a step begins and ends with something on its way, in both passes of every cell", () => {
  for (const model of models) for (const backward of [false, true]) {
    const legs = Object.values(legsOf(model, view(null, backward)));
    assert.equal(Math.min(...legs.map(([from]) => from)), 0);
    assert.ok(Math.abs(Math.max(...legs.map(([, to]) => to)) - 1) < 1e-9);
    for (const u of shares) assert.ok(underWay(legs, u), `${model.cell} ${u}`);
  }
});

test("where only some places are shown, they take all of the step", () => {
  const legs = legsOf(of("lstm"), view(["c", "f"]));
  assert.deepEqual(Object.keys(legs).sort(), ["c", "f", "keep", "next_c", "open_f", "past_c", "write"]);
  for (const u of shares) assert.ok(underWay(Object.values(legs), u), `${u}`);
});

test("nothing leaves an operation before what goes into it has come", () => {
  const [elman, lstm, gru] = ["elman", "lstm", "gru"].map(cell => legsOf(of(cell), view()));
  const before = (legs, ...pairs) => {
    for (const [first, then] of pairs) assert.ok(legs[first][1] <= legs[then][0] + 1e-9, `${first} ${then}`);
  };
  before(elman, ["now", "a"], ["past", "a"], ["b", "a"], ["a", "squash"], ["squash", "h"], ["h", "next_h"]);
  for (const gate of "figo") before(lstm, [`wx_${gate}`, `a_${gate}`], [`a_${gate}`, `open_${gate}`]);
  before(lstm, ["open_f", "f"], ["f", "keep"], ["past_c", "keep"], ["i", "write"], ["g", "write"], ["keep", "c"],
    ["write", "c"], ["branch", "tanh"], ["tanh", "squash"], ["squash", "h"], ["o", "h"]);
  before(gru, ["r", "reset"], ["see", "reset"], ["reset", "a_n"], ["a_n", "open_n"], ["open_n", "n"], ["n", "write"],
    ["rest", "write"], ["keep", "h"], ["write", "h"]);
});

test("a leg is done by as much of it as has passed", () => {
  const legs = { f: [0.2, 0.6] };
  assert.deepEqual([0, 0.2, 0.4, 0.6, 1].map(u => Number(doneOf(legs, "f", u).toFixed(6))), [0, 0, 0.5, 1, 1]);
  assert.equal(doneOf(legs, "f", null), 1);
  assert.equal(doneOf(legs, "g", 0), 1);
});

test("a step travels from the step before it, in the direction of the pass", () => {
  const at = (t, more = {}) => ({ t, gliding: false, playing: false, speed: 1, ...more });
  assert.deepEqual(travelling(at(4), 3.25, 1), { t: 4, u: 0.25 });
  assert.deepEqual(travelling(at(4), 4.25, -1), { t: 4, u: 0.75 });
  assert.deepEqual(travelling(at(0), -1, 1), { t: 0, u: 0 });
  for (const position of [4, 2.5, 4.5]) assert.equal(travelling(at(4), position, 1), null);
  assert.equal(travelling(at(4, { gliding: true }), 3.5, 1), null);
  assert.equal(travelling(at(4, { playing: true, speed: 8 }), 3.5, 1), null);
});

test("the stage never goes back, and is at an operation when the circuit is", () => {
  for (const model of models) for (const backward of [false, true]) {
    const seen = shares.map(u => stageShare(model, view(null, backward), u, SPOTS));
    assert.deepEqual([seen[0], seen[100]], [0, 1]);
    for (let k = 1; k < seen.length; k++) assert.ok(seen[k] >= seen[k - 1]);
  }
  const lstm = view();
  const [, multiplied] = legsOf(of("lstm"), lstm).past_c;
  assert.ok(Math.abs(stageShare(of("lstm"), lstm, multiplied, SPOTS) - SPOTS.keep) < 1e-9);
});

test("the phases are in order, each with a word of its own", () => {
  for (const model of models) for (const backward of [false, true]) {
    const phases = phasesOf(model, view(null, backward)), starts = phases.map(({ from }) => from);
    assert.equal(starts[0], 0);
    assert.deepEqual(starts, starts.toSorted((a, b) => a - b));
    assert.equal(new Set(phases.map(({ word }) => word)).size, phases.length);
  }
});

test("a term is lit from when its number moves, and known when it has one", () => {
  const model = of("lstm"), legs = legsOf(model, view());
  const f = workOf(model, legs, "f", false);
  assert.deepEqual([f.from, f.known, f.to], [legs.open_f[0], legs.open_f[1], legs.f[1]]);
  assert.equal(workOf(model, legs, "c_prev", false).known, legs.past_c[0]);
  assert.equal(workOf(model, legs, "wx_f", false).known, legs.wx_f[0]);
});
