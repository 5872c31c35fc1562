// What enters a cell and what leaves it: the state before as a column, the input as a row, and the way up to the
// output or to the layer above; and the gradients that come and go there.

import { backThrough, handedBack, intoInput, recurrent } from "../core/values.js";

// `pieces` where they are shown, else as many blanks: each keeps its number in the drawing
export const where = (shown, pieces) => pieces.map(one => shown && one);

const CHIPS = 2;          // as many inputs are written out as numbers
const CHIP_WIDTH = 64;

// h_{t-1}, all units, from `top` to columnFoot; its symbol stands above it
export const columnFoot = ({ H, top, lowest }) => Math.min(lowest, top + 14 * Math.min(H, 16));
export function stateColumn({ piece, H, top, bottom, x = 2, y = top - 9, name = "past_h" }) {
  return [
    piece.vector({
      ref: "h_prev", name, x, y: bottom, count: H, room: bottom - top, chosen: (s, k) => k === s.j,
      value: (s, k) => (s.backward ? s.level.dh : s.level.h)(s.before, k),
    }),
    ...(H > 16 ? [piece.label({ x: x + 24, y: top + 12, text: () => "⋮" })] : []),
    piece.port({ ref: "h_prev", symbol: "h", x: 0, y, at: s => s.before }),
  ];
}

// In the backward pass: which later gradient a wire brings its part of
// stopped: what is said where it brings nothing
export const nextPort = ({ piece, symbol, x, y, narrow, stopped = "0 from" }) => piece.port({
  ref: `${symbol}_next`, symbol, x, y, anchor: "end", at: s => (s.backward && !s.last ? s.after : null),
  part: s => (s.level.cutAfter(s.t) ? (narrow ? "0 from" : stopped) : narrow ? "" : "from"),
    plain: s => (s.backward && !narrow ? "no later step" : ""),
});

// x_t from the left edge, 26 px high: its token, one or two numbers, or an entry for each of the first few inputs
export function inputRow({ piece, inputs, token, y, x = 2, narrow }) {
  const value = (s, k) => (!s.backward ? s.level.x(s.t, k) : s.model.cut ? undefined : intoInput(s.model, s.level, s.t,
    k));
  const chosen = (s, k) => s.selected === "x" && s.view.unit === k;
  const width = token ? Math.min(96, Math.max(30, 10 * token + 12)) : inputs <= CHIPS ? CHIP_WIDTH
    : Math.min(14 * Math.min(inputs, 16), narrow ? 100 : 224);
  const chip = k => piece.chip({
    ref: "x", name: "x", x: x + k * (width + 4), y, width, entry: k, value: s => value(s, k),
  });
  const row = token ? [piece.chip({ ref: "x", x, y, width, text: s => s.model.token(s.t) })]
    : inputs <= CHIPS ? Array.from({ length: inputs }, (_, k) => chip(k))
    : [piece.vector({ ref: "x", name: "x", x, y: y + 6, count: inputs, across: true, room: width, value, chosen })];
  const end = x + (token || inputs > CHIPS ? width : inputs * (width + 4)), more = !token && inputs > 16;
  return [
    ...row,
    ...(more ? [piece.label({ x: end + 3, y: y + 17, text: () => "…" })] : []),
    piece.port({ ref: "x", symbol: "x", x: end + (more ? 24 : 8), y: y + 19, at: s => s.t }),
  ];
}

// Where the wire "up" leads: to the output or the layer above; in the backward pass, with the gradient that it brings.
// flip: the words to the left of it, where there is more room, and the number to the right
export function wayUp({ piece, top, x, y, flip }) {
  const words = s => `${s.backward ? "from" : "to"} ${top ? "y" : `layer ${s.model.layerName(s.level.layer + 1)}`}`;
  const [left, right] = [{ x: x - 9, y, anchor: "end" }, { x: x + 9, y }];
  return [
    piece.port({ ref: "up", at: () => null, plain: words, ...(flip ? left : right) }),
    piece.label({ kind: "number", flow: "up", text: s => (s.backward ? s.written("up") : ""),
      ...(flip ? right : left) }),
  ];
}

// What reaches h_t of unit j from outside its own level: from the output, or from the layer above; undefined where
// the payload does not hold all of it
function fromAbove({ model, level, t, j }) {
  const k = level.direction * model.H + j;
  if (model.cut) return undefined;
  if (level.layer < model.L - 1) return model.levels[level.layer + 1].reduce((sum, above) => sum + intoInput(model,
    above, t, k), 0);
  if (!model.dy) return undefined;
  if (!model.V) return model.dy(t, k);
  let sum = 0;
  for (let q = 0; q < model.Q; q++) sum += model.V(q, k) * model.dy(t, q);
  return sum;
}

// dL/dh_t of unit j where it enters: in full, from above, and from the next step
export function enteringH(s) {
  const { model, level, t, j, after } = s, h = level.dh(t, j), up = fromAbove(s);
  if (up === undefined) return { h };
  return { h, up, next_h: after < 0 || after >= model.T ? 0 : handedBack(model, level, after, j) };
}

// What the step hands to h_{t-1} of unit j through the weights of each gate: U_k^T da^k, or nothing where it was cut
export function throughGates({ model, level, t, j }, gates) {
  return Object.fromEntries(gates.map(gate => [`via_${gate}`, level.cutBefore(t) ? 0 : model.cut ? undefined
    : backThrough(level, [gate], t, j)]));
}

const MOST_CARRIED = 8;

// what rides out of the input: its token, its number, or its entries; and the state before, a number or entries
export function inputLoad({ model, level, t }) {
  const token = level.layer === 0 ? model.token(t) : null;
  if (token !== null) return { text: token };
  if (level.inputs === 1) return { value: level.x(t, 0) };
  return { vector: Array.from({ length: Math.min(level.inputs, MOST_CARRIED) }, (_, k) => level.x(t, k)) };
}
/** Backwards: what the input gets. */
export const inputGradient = ({ model, level, t }) => (model.cut ? null
  : { vector: Array.from({ length: Math.min(level.inputs, MOST_CARRIED) }, (_, k) => intoInput(model, level, t, k)) });
export function stateLoad({ level, before, j }) {
  if (level.units === 1) return { value: level.h(before, j) };
  const first = Math.min(Math.max(0, j - 4), Math.max(0, level.units - MOST_CARRIED));
  return { vector: Array.from({ length: Math.min(level.units, MOST_CARRIED) }, (_, k) => level.h(before, first + k)) };
}

/** The terms of a gate's sum: {wx, wh, b}, of the drawn units and inputs. */
export function termsOf(s, gate) {
  const { level, t, j } = s;
  let wx = 0;
  for (let k = 0; k < level.inputs; k++) wx += level.W(gate, j, k) * level.x(t, k);
  return { wx, wh: recurrent(level, gate, t, j), b: level.bi(gate, j) + level.bh(gate, j) + level.shift(gate, t, j) };
}

/** Loads for the legs wx_f, wh_f, b_f, a_f of each of `gates`; of a network that is drawn in part only
 * what is whole; a gate that is held takes nothing from its sum. */
export function gateLoads(s, gates, hues) {
  return Object.assign({}, ...gates.map(gate => {
    if (s.level.pinned(gate, s.t, s.j)) return { [`a_${gate}`]: null };
    const { wx, wh, b } = termsOf(s, gate), whole = value => (s.model.cut ? null : { value });
    return {
      [`wx_${gate}`]: whole(wx), [`wh_${gate}`]: whole(wh), [`b_${gate}`]: { value: b, before: "b " },
      ...(hues?.[gate] && { [gate]: { value: s.level.gate(gate, s.t, s.j), hue: hues[gate] } }),
    };
  }));
}
