// What is seen at a place.

import assert from "node:assert/strict";
import test from "node:test";
import { places } from "../../../../rnnviz/player/js/core/names.js";
import { handedBack, intoInput, valueAt } from "../../../../rnnviz/player/js/core/values.js";
import { levels, near, passes, steps } from "../../passes.js";

for (const [name, pass] of Object.entries(passes)) {
  const { model } = pass;

  test(`${name}: every place has a number in both passes`, () => {
    for (const [level] of levels(pass)) for (const [t, j] of steps(model)) for (const ref of places(model)) {
      for (const backward of [false, true]) {
        const value = valueAt(model, level, ref, t, j, backward);
        const there = ref === "x" ? j < level.inputs : ref === "y" ? j < model.Q : true;
        assert.equal(Number.isFinite(value), there, `${ref} at ${t}, unit ${j}`);
      }
    }
  });

  test(`${name}: what is kept and what is written make the new state`, () => {
    if (!places(model).includes("keep")) return;
    for (const [level] of levels(pass)) for (const [t, j] of steps(model)) {
      const [keep, write, add] = ["keep", "write", "add"].map(ref => valueAt(model, level, ref, t, j, false));
      assert.ok(near(keep + write, add));
    }
  });

  test(`${name}: below the top layer a gradient is what later steps and the layer above hand back`, () => {
    for (const [level] of levels(pass)) for (const [t, j] of steps(model)) {
      if (level.layer === model.L - 1) continue;
      const after = level.after(t), above = [...Array(model.D).keys()].map(d => model.level(level.layer + 1, d));
      const fromAbove = above.reduce((sum, one) => sum + intoInput(model, one, t, level.direction * model.H + j), 0);
      const fromLater = after < 0 || after >= model.T ? 0 : handedBack(model, level, after, j);
      assert.ok(near(level.dh(t, j), fromAbove + fromLater), `step ${t}, unit ${j}`);
    }
  });
}
