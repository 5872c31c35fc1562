// What enters a cell and what leaves it: the state before as a column, the input as a row, and the way up to the output or
// to the layer above; and the gradients that come and go there.

import { piece } from "./parts.js";
import { backThrough, handedBack, intoInput } from "../core/values.js";

// `pieces` where they are shown, else as many blanks: each keeps its number in the drawing
export const where = (shown, pieces) => pieces.map(one => shown && one);

const CHIPS = 2;          // as many inputs are written out as numbers
const CHIP_WIDTH = 64;

// h_{t-1}, all units, from `top` to columnFoot; its symbol stands above it
export const columnFoot = ({ H, top, lowest }) => Math.min(lowest, top + 14 * Math.min(H, 16));
export function stateColumn({ H, top, bottom, x = 2, y = top - 9 }) {
  return [
    piece.vector({ ref: "h_prev", x, y: bottom, count: H, room: bottom - top, value: (s, k) => (s.backward ? s.level.dh : s.level.h)(s.before, k), chosen: (s, k) => k === s.j }),
    ...(H > 16 ? [piece.label({ x: x + 24, y: top + 12, text: () => "⋮" })] : []),
    piece.port({ ref: "h_prev", symbol: "h", x: 0, y, at: s => s.before }),
  ];
}

// In the backward pass: which later gradient a wire brings its part of
export const nextPort = ({ symbol, x, y, narrow }) => piece.port({
  ref: `${symbol}_next`, symbol, x, y, anchor: "end", at: s => (s.backward && !s.last ? s.after : null),
  part: s => (s.level.cutAfter(s.t) ? (narrow ? "cut:" : "cut, 0 from") : narrow ? "" : "from"), plain: s => (s.backward && !narrow ? "no later step" : ""),
});

// x_t from the left edge, 26 px high: its token, one or two numbers, or an entry for each of the first few inputs
export function inputRow({ inputs, token, y, x = 2, narrow }) {
  const value = (s, k) => (!s.backward ? s.level.x(s.t, k) : s.model.cut ? undefined : intoInput(s.model, s.level, s.t, k));
  const chosen = (s, k) => s.selected === "x" && s.view.unit === k;
  const width = token ? Math.min(96, Math.max(30, 10 * token + 12)) : inputs <= CHIPS ? CHIP_WIDTH : Math.min(14 * Math.min(inputs, 16), narrow ? 100 : 224);
  const row = token ? [piece.chip({ ref: "x", x, y, width, text: s => s.model.token(s.t) })]
    : inputs <= CHIPS ? Array.from({ length: inputs }, (_, k) => piece.chip({ ref: "x", x: x + k * (width + 4), y, width, entry: k, value: s => value(s, k) }))
    : [piece.vector({ ref: "x", x, y: y + 6, count: inputs, across: true, room: width, value, chosen })];
  const end = x + (token || inputs > CHIPS ? width : inputs * (width + 4)), more = !token && inputs > 16;
  return [
    ...row,
    ...(more ? [piece.label({ x: end + 3, y: y + 17, text: () => "…" })] : []),
    piece.port({ ref: "x", symbol: "x", x: end + (more ? 24 : 8), y: y + 19, at: s => s.t }),
  ];
}

// Where the wire "up" leads: to the output or the layer above; in the backward pass, with the gradient that it brings.
// flip: the words to the left of it, where there is more room, and the number to the right
export function wayUp({ top, x, y, flip }) {
  const words = s => `${s.backward ? "from" : "to"} ${top ? "y" : `layer ${s.model.layerName(s.level.layer + 1)}`}`;
  const [left, right] = [{ x: x - 9, y, anchor: "end" }, { x: x + 9, y }];
  return [
    piece.port({ ref: "up", at: () => null, plain: words, ...(flip ? left : right) }),
    piece.label({ kind: "number", flow: "up", text: s => (s.backward ? s.written("up") : ""), ...(flip ? right : left) }),
  ];
}

// What reaches h_t of unit j from outside its own level: from the output, or from the layer above; undefined where the payload
// does not hold all of it
function fromAbove({ model, level, t, j }) {
  const k = level.direction * model.H + j;
  if (model.cut) return undefined;
  if (level.layer < model.L - 1) return model.levels[level.layer + 1].reduce((sum, above) => sum + intoInput(model, above, t, k), 0);
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
  return Object.fromEntries(gates.map(gate => [`via_${gate}`, level.cutBefore(t) ? 0 : model.cut ? undefined : backThrough(level, [gate], t, j)]));
}
