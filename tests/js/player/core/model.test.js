// The payload, opened: it holds what the engine computed.

import assert from "node:assert/strict";
import test from "node:test";
import { decode } from "../../../../rnnviz/player/js/core/model.js";
import { levels, near, passes, steps } from "../../passes.js";

for (const [name, pass] of Object.entries(passes)) {
  const { model, engine } = pass;

  test(`${name}: states, gates, pre-activations and gradients are the engine's`, () => {
    for (const [level, computed] of levels(pass)) for (const [t, j] of steps(model)) {
      assert.ok(near(level.h(t, j), computed.h[t][j]));
      assert.ok(near(level.dh(t, j), computed.dh[t][j]));
      if (computed.c) {
        assert.ok(near(level.c(t, j), computed.c[t][j]));
        assert.ok(near(level.dc(t, j), computed.dc[t][j]));
      }
      for (const gate of Object.keys(computed.gates)) {
        assert.ok(near(level.gate(gate, t, j), computed.gates[gate][t][j]), `${gate} at ${t}`);
        assert.ok(near(level.a(gate, t, j), computed.a[gate][t][j]));
        assert.ok(near(level.da(gate, t, j), computed.da[gate][t][j]));
      }
    }
  });

  test(`${name}: outputs are the engine's`, () => {
    for (let t = 0; t < model.T; t++) engine.y[t].forEach((y, q) => assert.ok(near(model.y(t, q), y)));
  });

  test(`${name}: a pre-activation is the sum of what its weights make of input and state`, () => {
    for (const [level] of levels(pass)) for (const [t, j] of steps(model)) for (const gate of model.gates) {
      if (gate === "n") continue; // its state goes through the reset gate
      let sum = level.bi(gate, j) + level.bh(gate, j);
      for (let k = 0; k < level.inputs; k++) sum += level.W(gate, j, k) * level.x(t, k);
      for (let m = 0; m < level.units; m++) sum += level.U(gate, j, m) * level.h(level.before(t), m);
      assert.ok(near(level.a(gate, t, j), sum));
    }
  });

  test(`${name}: a slope is the derivative of its activation`, () => {
    const h = 1e-5;
    for (const [level] of levels(pass)) for (const [t, j] of steps(model)) for (const gate of model.gates) {
      const a = level.a(gate, t, j), of = model.activation(gate).of;
      assert.ok(near(level.slope(gate, t, j), (of(a + h) - of(a - h)) / (2 * h), 1e-4), `${gate} at ${t}`);
    }
  });
}

test("steps follow each other in reading order, and the reverse direction reads from the right", () => {
  const { model } = passes["deep lstm"], [there, back] = [0, 1].map(d => model.level(0, d));
  assert.deepEqual([there.before(0), there.after(0), back.before(0), back.after(0)], [-1, 1, 1, model.T]);
  assert.equal(back.before(model.T - 1), -1);
});

test("a payload of another version says what to do", () => {
  const bytes = Uint8Array.from(Buffer.from(passes.lstm.engine.payload, "base64"));
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  bytes.set(new TextEncoder().encode(text.replace('"version":2', '"version":1')), 4);
  assert.throws(() => decode(bytes), /version 2.*version 1.*[Mm]ake it again/s);
});
