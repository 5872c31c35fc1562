// The payload, opened: every number by name. Steps, units and inputs count from 0; step -1 is what came before the
// first.

import { ACTIVATIONS } from "./activations.js";
import { cellOf } from "./cell.js";

// bytes (payload.py) -> {header, arrays: {name: {rows, cols, at(row, col)}}}
function open(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const bytesOf = ([, rows, cols, bits]) => (rows * cols * bits) / 8;
  let number = 4 + length, exponent = number + header.arrays.reduce((sum, array) => sum + bytesOf(array), 0);
  const arrays = {};
  for (const [name, rows, cols, bits] of header.arrays) {
    const next = bits === 64 ? () => view.getFloat64(number, true) : () => view.getFloat32(number, true);
    const values = new Float64Array(rows * cols);
    for (let row = 0; row < rows; row++, exponent += 2) {
      const power = view.getInt16(exponent, true);
      // in two factors: 2^-1070 and the like are no double, though the product is
      const half = 2 ** Math.trunc(power / 2), rest = 2 ** (power - Math.trunc(power / 2));
      for (let col = 0; col < cols; col++, number += bits / 8) values[row * cols + col] = next() * half * rest;
    }
    arrays[name] = table(values, rows, cols);
  }
  return { header, arrays };
}

const table = (values, rows, cols) => ({
  rows, cols, values, at: (row, col) => values[row * cols + col],
  set(row, col, value) { values[row * cols + col] = value; },
});
const blank = (rows, cols) => table(new Float64Array(rows * cols).fill(NaN), rows, cols);

const VERSION = 2; // of the payload's form, as payload.py says it

export class PayloadError extends Error {}

/** The payload's numbers. Throws a PayloadError where another version of the library has made it. */
export function decode(bytes) {
  const { header, arrays } = open(bytes);
  if (header.version !== VERSION) throw new PayloadError(`This player opens payloads of version ${VERSION}; this one `
    + `is of version ${header.version ?? 1}. Make it again with the rnnviz that the player is from.`);
  const T = header.steps, L = header.layers, D = header.directions, H = header.units.length;
  const model = {
    cell: header.cell,
    spec: cellOf(header.spec),
    resetAfter: header.reset_after,
    nonlinearity: header.nonlinearity,
    gates: header.gates,
    T, L, D, H,
    I: arrays.x.cols,
    Q: arrays.y ? arrays.y.cols : header.y ? D * H : 0,
    readout: header.readout,
    backward: header.backward,
    truncate: header.truncate ?? null,
    loss: header.loss === null ? null : Number(header.loss),
    note: header.note,
    holds: header.holds ?? null,             // what the reader holds, as text (holds.js); null: nothing can be held
    features: header.features ?? null,       // the drawn inputs, as the network counts them
    start: header.start,
    outputs: header.outputs,
    inputs: header.inputs,
    cut: header.all_units > H || header.first_layer > 0,
    unitName: j => header.units[j] + 1,       // as people count: from 1
    stepName: t => header.first_step + t + 1,
    layerName: l => header.first_layer + l + 1,
    steps: header.first_step + T,
    x: arrays.x.at,
    setX: arrays.x.set,
    // without a readout: the top layer's states, both directions side by side
    y: arrays.y ? arrays.y.at : header.y ? (t, q) => model.level(L - 1, Math.floor(q / H)).h(t, q % H) : undefined,
    dy: arrays.dy && arrays.dy.at,
    V: arrays.V && arrays.V.at,               // V(q, k): readout weight, k = direction * H + unit
    v: arrays.v && (q => arrays.v.at(0, q)),
  };
  const activations = Object.fromEntries(model.spec.gates.map(gate => [gate.letter, gate.activation]));
  model.activation = gate => ACTIVATIONS[activations[gate] || model.nonlinearity];
  model.levels = Array.from({ length: L }, (_, l) => Array.from({ length: D }, (_, d) => level(model, arrays, l, d)));
  model.level = (l, d) => model.levels[l][d];
  model.token = t => (header.tokens ? header.tokens[t] : null);
  return model;
}

// One direction of one layer. before(t) and after(t): the step read just before and just after step t, in this
// direction's order; -1 before the first, T after the last. Arguments are (gate, step, unit).
function level(model, arrays, layer, direction) {
  const { T, H } = model;
  const own = name => arrays[`${layer}.${direction}.${name}`];
  const { spec } = model, hasCell = spec.states.includes("c");
  const index = Object.fromEntries(model.gates.map((gate, k) => [gate, k]));
  const phi = Object.fromEntries(model.gates.map(gate => [gate, model.activation(gate)]));
  // found once, not at each of the millions of looks
  const byGate = name => Object.fromEntries(model.gates.map(gate => [gate, own(`${name}.${gate}`)]));
  const pre = byGate("a"), held = { ...byGate("held"), h: own("held.h"), c: own("held.c") };
  const others = { ...byGate("others"), reset: own("others.reset") }, shift = byGate("shift"), da = byGate("da");
  const W = own("W"), U = own("U"), b = own("b");
  const from = (name, start) => {
    const after = own(name), before = own(start);
    return (t, j) => (t < 0 || t >= T ? before.at(0, j) : after.at(t, j));
  };
  const self = {
    layer, direction, hasCell,
    units: H,
    inputs: W.cols,
    before: t => (direction ? (t + 1 < T ? t + 1 : -1) : t - 1),
    after: t => (direction ? (t === 0 ? T : t - 1) : t + 1),
    // whether the backward pass was cut (truncated) between step t and the one read just before or just after it:
    // windows are counted in reading order, from the very first step, drawn or not
    cutBefore: t => {
      const place = direction ? T - 1 - t : model.stepName(t) - 1;
      return model.truncate !== null && place > 0 && place % model.truncate === 0;
    },
    cutAfter: t => { const after = self.after(t); return after >= 0 && after < T && self.cutBefore(after); },
    x: (t, k) => (layer === 0 ? model.x(t, k) : model.level(layer - 1, Math.floor(k / H)).h(t, k % H)),
    h: from("h", "h0"),
    c: hasCell ? from("c", "c0") : null,
    a: (gate, t, j) => pre[gate].at(t, j),
    // held by surgery: at this value, whatever its pre-activation; a gate, or the state h or c
    pinned: (gate, t, j) => held[gate] !== undefined && !Number.isNaN(held[gate].at(t, j)),
    gate: (gate, t, j) => {
      if (self.pinned(gate, t, j)) return held[gate].at(t, j);
      const a = self.a(gate, t, j);
      return spec.gate[gate] ? phi[gate].of(a) : self.h(t, j);
    },
    // d gate / d pre-activation, from the pre-activation: exact where the gate is all but 0 or 1
    slope: (gate, t, j) => {
      if (self.pinned(gate, t, j)) return 0;
      return phi[gate].slope(self.a(gate, t, j));
    },
    W: (gate, j, k) => W.at(index[gate] * H + j, k),
    U: (gate, j, k) => U.at(index[gate] * H + j, k),
    bi: (gate, j) => b.at(0, index[gate] * H + j),
    bh: (gate, j) => b.at(1, index[gate] * H + j),
    // what the units and inputs that are not drawn add to the pre-activation
    // ("reset": what those units add to what the GRU's reset gate gives)
    others: (gate, t, j) => (others[gate] ? others[gate].at(t, j) : 0),
    // what step t hands back to h of the step before it, through all units, where some are not drawn
    handed: own("handed") && own("handed").at,
    shift: (gate, t, j) => (shift[gate] ? shift[gate].at(t, j) : 0),
    // until the numbers of a pass in which it is held are here: the value alone, at once
    hold(place, t, j, value) {
      if (place === "h" || place === "c") own(place).set(t, j, value);
      (held[place] ??= blank(T, H)).set(t, j, value);
    },
    dh: model.backward ? from("dh", "dh0") : null,
    dc: model.backward && hasCell ? from("dc", "dc0") : null,
    da: model.backward ? (gate, t, j) => da[gate].at(t, j) : null,
    // what of it goes on to what the state is made of: nothing, where the state is held
    dhOn: model.backward ? (t, j) => (self.pinned("h", t, j) ? 0 : self.dh(t, j)) : null,
    dcOn: model.backward && hasCell ? (t, j) => (self.pinned("c", t, j) ? 0 : self.dc(t, j)) : null,
  };
  return self;
}
