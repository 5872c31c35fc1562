// The LSTM's circuit: the cell state's conveyor on top, on which f multiplies and i g is added; below it the four gates, and
// to the right the way out, through tanh and past o to h.

import { piece } from "./circuit_parts.js";
import { columnFoot, enteringH, inputRow, nextPort, stateColumn, throughGates, wayUp } from "./circuit_ends.js";
import { handedBack } from "./values.js";
import { tanhSlope } from "./activations.js";

const GATES_LSTM = ["f", "i", "g", "o"];
const BAND = 42, WRITE = 98, PILL = 88, REVEAL = 124, VALVE_TOP = 135, VALVES = 160, HIDDEN = 258, INPUT = 278, HEIGHT_LSTM = 316, COLUMN = 134;

// What each wire carries: the numbers of cells/lstm.py's docstring
function forwardLstm({ level, t, j, before }) {
  const [i, f, g, o] = ["i", "f", "g", "o"].map(gate => level.gate(gate, t, j));
  const c_prev = level.c(before, j), c = level.c(t, j), h = level.h(t, j);
  const a = Object.fromEntries(GATES_LSTM.map(gate => [`a_${gate}`, level.a(gate, t, j)]));
  return { i, f, g, o, ...a, past_c: c_prev, keep: f * c_prev, write: i * g, c, next_c: c, branch: c, squash: Math.tanh(c), h, next_h: h, up: h, past_h: level.h(before, j) };
}

// ... and backwards: the derivative of the loss by what it carries
function backwardLstm(s) {
  const { model, level, t, j, before, after } = s;
  const [i, f, g, o] = ["i", "f", "g", "o"].map(gate => level.gate(gate, t, j));
  const c = level.c(t, j), dc = level.dc(t, j), dh = level.dh(t, j), branch = dh * o * tanhSlope(c);
  const later = after < 0 || after >= model.T || level.cutBefore(after) ? 0 : level.dc(after, j) * level.gate("f", after, j);
  return {
    past_c: s.shut ? 0 : dc * f, keep: dc, write: dc, c: dc, next_c: later, branch, squash: dh * o, ...enteringH(s),
    f: dc * level.c(before, j), i: dc * g, g: dc * i, o: dh * Math.tanh(c),
    ...Object.fromEntries(GATES_LSTM.map(gate => [`a_${gate}`, level.da(gate, t, j)])), ...throughGates(s, GATES_LSTM),
    past_h: model.cut && !s.shut ? undefined : handedBack(model, level, t, j),
  };
}

function layLstm({ W, narrow, H, inputs, token, top }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide));
  const X = { f: at(0.16, 0.18), i: at(0.355, 0.335), g: at(0.525, 0.49), o: at(0.685, 0.65) }, out = at(0.82, 0.775), wide = !narrow;
  const drop = gate => (narrow && (gate === "i" || gate === "o") ? 17 : 0), width = narrow ? 36 : 46;
  const foot = columnFoot({ H, top: COLUMN, lowest: HIDDEN - 12 }), meet = HIDDEN - 20;  // where the whole vectors below have become one number, the pre-activation
  const risers = GATES_LSTM.flatMap(gate => [
    piece.wire({ flow: `via_${gate}`, ref: "h_prev", bridge: true, quiet: true, points: [[X[gate], INPUT], [X[gate], meet]], label: wide && [X[gate] + 9, HIDDEN - 9, "start"] }),
    piece.wire({ flow: `a_${gate}`, ref: gate, points: [[X[gate], meet], [X[gate], VALVES + 25]] }),
  ]);
  return {
    height: HEIGHT_LSTM,
    pieces: [
      piece.bus({ flow: "past_h", points: [[9, foot], [9, HIDDEN], [X.o, HIDDEN]] }),
      piece.bus({ points: [[9, INPUT + 10], [9, INPUT], [X.o, INPUT]] }),
      ...risers,
      piece.bus({ points: [], dots: GATES_LSTM.flatMap(gate => [[X[gate], HIDDEN], [X[gate], INPUT]]) }),
      piece.wire({ flow: "f", ref: "f", hue: "forget", quiet: true, points: [[X.f, VALVE_TOP], [X.f, BAND]], label: wide && [X.f - 9, 84, "end"] }),
      piece.wire({ flow: "i", ref: "i", hue: "input", quiet: true, points: [[X.i, VALVE_TOP], [X.i, WRITE]], label: wide && [X.i - 9, 130, "end"] }),
      piece.wire({ flow: "g", ref: "g", points: [[X.g, VALVE_TOP], [X.g, WRITE], [X.i, WRITE]], label: wide && [X.g + 9, 122, "start"], quiet: true }),
      piece.wire({ flow: "write", ref: "write", points: [[X.i, WRITE], [X.i, BAND]], label: [X.i + 9, 78, "start"] }),
      piece.wire({ flow: "o", ref: "o", hue: "output", quiet: true, points: [[X.o, VALVE_TOP], [X.o, REVEAL], [out, REVEAL]], label: wide && [out - 18, REVEAL - 9, "end"] }),
      piece.wire({ flow: "branch", ref: "c", points: [[out, BAND], [out, PILL]], label: narrow ? [out + 9, PILL - 14, "start"] : [out + 27, PILL - 5, "start"], quiet: true }),
      piece.wire({ flow: "squash", ref: "squash", points: [[out, PILL], [out, REVEAL]], label: [out + (narrow ? 17 : 27), PILL + (narrow ? 25 : 17), "start"] }),
      piece.wire({ flow: "h", ref: "h", points: [[out, REVEAL], [out, HIDDEN]], label: [out + 10, REVEAL + 66, "start strong"] }),
      piece.wire({ flow: "next_h", ref: "h_next", points: [[out, HIDDEN], [W, HIDDEN]], label: [W, HIDDEN + 20, "end"], quiet: true }),
      piece.wire({ flow: "up", ref: "up", points: [[out, HIDDEN], [out, HIDDEN + 32]] }),
      piece.band({ flow: "past_c", ref: "c_prev", from: 0, to: X.f, y: BAND, inset: [0, 14] }),
      piece.band({ flow: "keep", ref: "keep", from: X.f, to: X.i, y: BAND, inset: [14, 14] }),
      piece.band({ flow: "c", ref: "c", from: X.i, to: out, y: BAND, inset: [40, 8] }),
      piece.band({ flow: "next_c", ref: "c_next", from: out, to: W, y: BAND, quiet: true }),
      piece.arrow({ x: X.i + 28, y: BAND }),
      piece.arrow({ x: W - 10, y: HIDDEN }),
      piece.arrow({ x: out, y: HIDDEN + 26, to: 90 }),
      piece.node({ ref: "keep", x: X.f, y: BAND, sign: "×" }),
      piece.node({ ref: "add", x: X.i, y: BAND, sign: "+" }),
      piece.node({ ref: "write", x: X.i, y: WRITE, sign: "×" }),
      piece.node({ ref: "squash", x: out, y: PILL, sign: "tanh", width: 44, height: 22 }),
      piece.node({ ref: "reveal", x: out, y: REVEAL, sign: "×" }),
      ...GATES_LSTM.map(gate => piece.valve({ ref: gate, x: X[gate], y: VALVES, width, drop: drop(gate), room: narrow ? 50 : Infinity })),
      ...stateColumn({ H, top: COLUMN, bottom: foot }),
      ...(narrow ? [] : [piece.label({ x: 26, y: HIDDEN - 26, text: s => (s.shut ? "cut here" : s.backward && s.written("past_h") ? "adds" : "") })]),
      ...(narrow ? [] : [piece.label({ x: 26, y: HIDDEN - 9, kind: "number", flow: "past_h", text: s => s.written("past_h") })]),
      ...inputRow({ inputs, token, narrow, y: INPUT + 10 }),
      ...wayUp({ top, x: out, y: HIDDEN + 46, flip: narrow }),
      piece.port({ ref: "c_prev", symbol: "c", x: 0, y: 14, at: s => s.before, part: s => (s.shut ? "cut, 0 to" : "to") }),
      piece.port({ ref: "c", symbol: "c", x: (X.i + out) / 2, y: 14, anchor: "mid", at: s => s.t }),
      nextPort({ symbol: "c", x: W, y: 14, narrow }),
      piece.port({ ref: "h", symbol: "h", x: out + 10, y: REVEAL + 46, at: s => s.t }),
      nextPort({ symbol: "h", x: W, y: HIDDEN - 14, narrow }),
    ],
  };
}

export const lstmCircuit = { lay: layLstm, forward: forwardLstm, backward: backwardLstm };
