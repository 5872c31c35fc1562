// Each printed line gives the number that it states, at every place, step and unit, in both passes.

import assert from "node:assert/strict";
import test from "node:test";
import { evaluate, leavesOf } from "../../../../rnnviz/player/js/core/digits.js";
import { places } from "../../../../rnnviz/player/js/core/names.js";
import { explain } from "../../../../rnnviz/player/js/equation/equation.js";
import { near, passes } from "../../passes.js";

/** Every explanation of a pass, with what it is of. @returns {Generator<[string, any]>} */
function* explained({ model }) {
  for (let layer = 0; layer < model.L; layer++) for (let direction = 0; direction < model.D; direction++) {
    for (let t = 0; t < model.T; t++) for (const selected of places(model)) for (const backward of [false, true]) {
      const view = { t, unit: 1, layer, direction, backward, selected };
      yield [JSON.stringify(view), explain(model, view)];
    }
  }
}

for (const [name, pass] of Object.entries(passes)) {
  const all = [...explained(pass)];

  test(`${name}: the right-hand side of each line is its result`, () => {
    for (const [of, { lines }] of all) {
      for (const { result, right } of lines) assert.ok(near(evaluate(right), result.value), of);
    }
  });

  test(`${name}: the parts of a sum add up to it`, () => {
    for (const [of, { falls }] of all) for (const { rows, sum, list } of falls) {
      if (list || !sum) continue;
      assert.ok(near(rows.reduce((total, { value }) => total + value, 0), sum.value), of);
    }
  });

  test(`${name}: every number has a symbol and says what it is`, () => {
    for (const [of, { title, where, lines }] of all) {
      assert.ok(title && where, of);
      const leaves = lines.flatMap(({ result, right }) => [result, ...leavesOf(right)]);
      for (const leaf of leaves) assert.ok(leaf.symbol !== undefined && leaf.says !== undefined, of);
    }
  });

  test(`${name}: the same place gives the same explanation`, () => {
    for (const [of, { note, lines }] of all.slice(0, 40)) {
      const again = explain(pass.model, JSON.parse(of));
      assert.deepEqual([again.note, again.lines.length], [note, lines.length], of);
    }
  });
}
