// What there is to select.

import assert from "node:assert/strict";
import test from "node:test";
import { isGate } from "../../../../rnnviz/player/js/core/cell.js";
import { mapOf, maps, place, places } from "../../../../rnnviz/player/js/core/names.js";
import { passes } from "../../passes.js";

for (const [name, { model, engine }] of Object.entries(passes)) {
  test(`${name}: the places are those that Python knows, each with a symbol and a name`, () => {
    assert.deepEqual([...places(model)].sort(), engine.places.filter(ref => ref !== "y" || model.y).sort());
    for (const ref of places(model)) {
      const { symbol, name: said, kind } = place(model, ref);
      assert.ok(symbol && said && ["gate", "signed"].includes(kind), ref);
    }
  });

  test(`${name}: every place has a heat map that there is`, () => {
    for (const ref of places(model)) assert.ok(maps(model).includes(mapOf(model, ref)), ref);
  });

  test(`${name}: gates have a colour and a line style, states have none`, () => {
    for (const ref of places(model)) assert.equal(isGate(model, ref), place(model, ref).colour !== undefined, ref);
  });
}
