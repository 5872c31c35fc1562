// What is held: the text, which is that of rnnviz/player/holds.py, and where something can be held.

import assert from "node:assert/strict";
import test from "node:test";
import { isGate } from "../../../../rnnviz/player/js/core/cell.js";
import {
  draggedTo, holdable, readHolds, samePlace, valueOf, writeHolds,
} from "../../../../rnnviz/player/js/core/holds.js";
import { places } from "../../../../rnnviz/player/js/core/names.js";
import { passes } from "../../passes.js";

const TEXT = "f_9_1_0.35__x_3_2_-1__h2r_4_1_0.5";

test("what is read is written again, and nonsense is left out", () => {
  assert.equal(writeHolds(readHolds(TEXT)), TEXT);
  assert.deepEqual(readHolds(TEXT)[2], { place: "h", layer: 1, direction: 1, step: 3, unit: 0, value: 0.5 });
  assert.equal(writeHolds(readHolds(`${TEXT}__nonsense__f_1`)), TEXT);
  assert.deepEqual([readHolds(""), readHolds(null)], [[], []]);
});

test("no number has an exponent or more than four digits behind the point", () => {
  const at = { place: "c", layer: 0, direction: 0, step: 0, unit: 0 };
  const write = value => writeHolds([{ ...at, value }]).split("_").at(-1);
  assert.deepEqual([1, -0, 1e-7, 0.123456, -12.5].map(write), ["1", "0", "0", "0.1235", "-12.5"]);
});

for (const [name, { model }] of Object.entries(passes)) {
  const there = { t: 1, unit: 0, layer: 0, direction: 0 }, open = { ...model, holds: "" };

  test(`${name}: nothing can be held where the page lets nothing be held`, () => {
    for (const ref of places(model)) assert.equal(holdable({ ...model, holds: null }, ref, there), null, ref);
  });

  test(`${name}: gates, states and inputs can be held, at the value that they have`, () => {
    for (const ref of places(model)) {
      const target = holdable(open, ref, there);
      const held = isGate(model, ref) || ref === "x" || model.spec.states.includes(ref);
      if (held) assert.ok(target && Number.isFinite(valueOf(model, target)), ref);
      if (held) assert.ok(samePlace(target, { ...target, value: 1 }), ref);
      if (ref === "y") assert.equal(target, null);
    }
    assert.equal(holdable(open, "x", { ...there, t: -1 }), null);
    assert.equal(holdable(open, "h", { ...there, unit: model.H }), null);
  });

  test(`${name}: a drag ends where the gate's activation does`, () => {
    for (const ref of places(model).filter(ref => isGate(model, ref))) {
      const low = model.spec.gate[ref].activation === "tanh" ? -1 : 0;
      assert.deepEqual([draggedTo(model, ref, -9), draggedTo(model, ref, 9)], [low, 1], ref);
    }
    assert.equal(draggedTo(model, "x", 0.12345), 0.12);
  });
}
