// The LSTM's circuit: the cell state path on top, on which f multiplies and i g is added; below it the four gates, and
// to the right the way out, through tanh and past o to h.

import {
  columnFoot, enteringH, gateLoads, inputGradient, inputLoad, inputRow, nextPort, stateColumn, stateLoad, throughGates,
    wayUp, where,
} from "./ends.js";
import { handedBack } from "../core/values.js";
import { tanhSlope } from "../core/activations.js";

const GATES_LSTM = ["f", "i", "g", "o"];
const BAND = 42, WRITE = 98, PILL = 88, REVEAL = 124, VALVE_TOP = 135, VALVES = 160, HIDDEN = 258, INPUT = 278,
  HEIGHT_LSTM = 316, COLUMN = 134, DEEPER = 72, CURVE = 240;

// What each wire carries: the numbers of cells/lstm.py's docstring
function forwardLstm({ level, t, j, before }) {
  const [i, f, g, o] = ["i", "f", "g", "o"].map(gate => level.gate(gate, t, j));
  const c_prev = level.c(before, j), c = level.c(t, j), h = level.h(t, j);
  const a = Object.fromEntries(GATES_LSTM.map(gate => [`a_${gate}`, level.a(gate, t, j)]));
  return { i, f, g, o, ...a, past_c: c_prev, keep: f * c_prev, write: i * g, c, next_c: c, branch: c,
    squash: Math.tanh(c), h, next_h: h, up: h, past_h: level.h(before, j) };
}

// ... and backwards: the derivative of the loss by what it carries
function backwardLstm(s) {
  const { model, level, t, j, before, after } = s;
  const [i, f, g, o] = ["i", "f", "g", "o"].map(gate => level.gate(gate, t, j));
  const c = level.c(t, j), dc = level.dcOn(t, j), dh = level.dhOn(t, j), branch = dh * o * tanhSlope(c);
  const later = after < 0 || after >= model.T || level.cutBefore(after) ? 0
    : level.dcOn(after, j) * level.gate("f", after, j);
  return {
    past_c: s.shut ? 0 : dc * f, keep: dc, write: dc, c: level.dc(t, j), next_c: later, branch, squash: dh * o,
      ...enteringH(s),
    f: dc * level.c(before, j), i: dc * g, g: dc * i, o: dh * Math.tanh(c),
    ...Object.fromEntries(GATES_LSTM.map(gate => [`a_${gate}`, level.da(gate, t, j)])),
      ...throughGates(s, GATES_LSTM),
    past_h: model.cut && !s.shut ? undefined : handedBack(model, level, t, j),
  };
}

const HUES = { f: "forget", i: "input", o: "output" };

// what would go on to the step before, where the backward pass was cut
const stoppedLstm = ({ shut, level, t, j, flow }) => (shut
  ? { past_c: { value: level.dcOn(t, j) * level.gate("f", t, j), stops: true }, past_h: null }
  // whole when all gates have added to it
  : flow.past_h === undefined ? {} : { past_h: { value: flow.past_h, from: 0.7 } });

// what rides along a wire where it is not the number of its flow
const loadsLstm = s => (s.backward ? { x: inputGradient(s), ...stoppedLstm(s) }
  : { x: inputLoad(s), past_h: stateLoad(s), ...gateLoads(s, GATES_LSTM, HUES) });

// ... and what a gradient is multiplied with where its leg begins
function factorsLstm({ level, t, j, before, shut }) {
  const by = (value, hue) => ({ value, before: "× ", hue });
  const [f, i, g, o] = GATES_LSTM.map(name => by(level.gate(name, t, j), HUES[name]));
  const minor = factor => ({ ...factor, minor: true }); // left out where there is little room
  return { ...(!shut && { past_c: f }), f: minor(by(level.c(before, j))), i: minor(g), g: minor(i), squash: o,
    o: minor(by(Math.tanh(level.c(t, j)))) };
}

// how far down the drawing reaches: below the gates only where something comes in there
const deeper = ({ sum }) => (sum ? DEEPER : 0); // with a curve between each gate's sum and its valve
const heightLstm = shown => (shown.any("x h y") ? HEIGHT_LSTM + deeper(shown) : VALVES + 50);

// where everything stands, whether it is shown or not
function placesLstm({ W, narrow, H, shown }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide));
  const X = { f: at(0.16, 0.18), i: at(0.355, 0.335), g: at(0.525, 0.49), o: at(0.685, 0.65) },
    gates = GATES_LSTM.filter(shown.has);
  return {
    X, out: at(0.82, 0.775), end: X[gates.at(-1)], wide: !narrow,
      foot: columnFoot({ H, top: COLUMN, lowest: HIDDEN - 12 }), low: deeper(shown),
    reads: gates.length > 0 && shown.has("x"), leaves: shown.has("h") && shown.any("o tanh"),
  };
}

// what comes in: h and x, past the gates, and up into each
function inLstm({ H, inputs, token, narrow, shown, piece }, { X, end, wide, foot, reads, low: deep }) {
  // where the whole vectors below have become one number, the pre-activation
  const [hidden, input] = [HIDDEN + deep, INPUT + deep], meet = hidden - 20;
  const low = shown.has("x") ? input : hidden, riser = gate => (reads && shown.has(gate) ? 1 : null);
  const rows = [["h", hidden], ["x", input]].filter(([place]) => shown.has(place)).map(([, y]) => y);
  const dots = GATES_LSTM.filter(shown.has).flatMap(gate => rows.map(y => [X[gate], y]));
  return [
    reads && shown.has("h") && piece.bus({ flow: "past_h", points: [[9, foot], [9, hidden], [end, hidden]] }),
    reads && shown.has("x") && piece.bus({ name: "x", points: [[9, input + 10], [9, input], [end, input]] }),
    ...GATES_LSTM.flatMap(gate => [
      riser(gate) && piece.wire({
        ...(shown.has("h") ? { flow: `via_${gate}`, ref: "h_prev" } : { ref: "x" }), bridge: true, quiet: true,
          points: [[X[gate], low], [X[gate], meet]],
        label: wide && shown.has("h") && [X[gate] + 9, hidden - 9, "start"],
      }),
      riser(gate) && piece.wire({ flow: `a_${gate}`, ref: gate, points: [[X[gate], meet], [X[gate], VALVES + 25]],
        label: deep > 0 && [X[gate] + 10, CURVE + 45, "start"] }),
      riser(gate) && piece.term({ name: `wx_${gate}`, points: [[X[gate], input], [X[gate], meet]] }),
      riser(gate) && shown.has("h") && piece.term({ name: `wh_${gate}`, points: [[X[gate], hidden], [X[gate], meet]] }),
      riser(gate) && piece.term({ name: `b_${gate}`, points: [[X[gate] + (narrow ? 26 : 52), meet], [X[gate], meet]] }),
      riser(gate) && deep > 0 && piece.squeeze({ ref: gate, x: X[gate], y: CURVE, width: narrow ? 60 : 84,
        height: 50 }),
      riser(gate) && deep > 0 && piece.node({ ref: gate, x: X[gate], y: meet - 2, sign: "+" }),
    ]),
    reads && piece.bus({ points: [], dots }),
    ...where(shown.has("h") && (reads || shown.all || shown.any("y")), [
      ...stateColumn({ piece, H, top: COLUMN, bottom: foot }),
      wide && piece.label({ x: 26, y: hidden - 26, text: s => (s.shut ? "truncated" : s.backward
        && s.written("past_h") ? "adds" : "") }),
      wide && piece.label({ x: 17, y: hidden - 9, kind: "number", flow: "past_h", text: s => s.written("past_h") }),
    ]),
    ...where(shown.has("x"), inputRow({ piece, inputs, token, narrow, y: input + 10 })),
  ];
}

// the cell state path, and what f, i and g do to it
function pathLstm({ W, piece, shown: { has, any } }, { X, out, wide }) {
  const adds = any("i g"), c = has("c"), keeps = has("f c");
  return [
    keeps && piece.wire({
      flow: "f", ref: "f", hue: "forget", quiet: true, points: [[X.f, VALVE_TOP], [X.f, BAND]], label: wide
        && [X.f - 9, 84, "end"],
    }),
    has("i") && piece.wire({
      flow: "i", ref: "i", hue: "input", quiet: true, side: -1,
      points: [[X.i, VALVE_TOP], [X.i, WRITE]], label: wide
        && [X.i - 9, 130, "end"],
    }),
    has("g") && piece.wire({
      flow: "g", ref: "g", points: [[X.g, VALVE_TOP], [X.g, WRITE], [X.i, WRITE]], label: wide
        && [X.g + 9, 122, "start"], quiet: true,
    }),
    adds && piece.wire({ flow: "write", ref: "write", points: [[X.i, WRITE], [X.i, BAND]],
      label: [X.i + 9, 78, "start"] }),
    // what comes in, where it is not shown yet what that is made of
    c && !adds && piece.wire({ flow: "write", ref: "c", points: [[X.i, WRITE - 8], [X.i, BAND]], hushed: true,
      label: [X.i + 9, 78, "start"] }),
    c && piece.band({ flow: "past_c", ref: "c_prev", from: 0, to: keeps ? X.f : X.i, y: BAND, inset: [0, 14] }),
    keeps && piece.band({ flow: "keep", ref: "keep", from: X.f, to: X.i, y: BAND, inset: [14, 14] }),
    c && piece.band({ flow: "c", ref: "c", from: X.i, to: out, y: BAND, inset: [40, 8] }),
    c && piece.band({ flow: "next_c", ref: "c_next", from: out, to: W, y: BAND, quiet: true }),
    c && piece.arrow({ x: X.i + 28, y: BAND }),
    keeps && piece.node({ ref: "keep", x: X.f, y: BAND, sign: "×" }),
    c && piece.node({ ref: adds && "add", x: X.i, y: BAND, sign: "+" }),
    adds && piece.node({ ref: "write", x: X.i, y: WRITE, sign: "×" }),
  ];
}

// the way out, through tanh and past o to h
function outLstm({ W, narrow, top, piece, shown: { has } }, { X, out, wide, leaves }) {
  const squashes = has("tanh c"), up = leaves && has("y");
  return [
    has("o") && piece.wire({
      flow: "o", ref: "o", hue: "output", quiet: true, points: [[X.o, VALVE_TOP], [X.o, REVEAL], [out, REVEAL]],
      label: wide && [out - 18, REVEAL - 9, "end"],
    }),
    squashes && piece.wire({
      flow: "branch", ref: "c", points: [[out, BAND], [out, PILL]], quiet: true,
      label: narrow ? [out + 9, PILL - 14, "start"] : [out + 27, PILL - 5, "start"],
    }),
    squashes && piece.wire({
      flow: "squash", ref: "squash", points: [[out, PILL], [out, REVEAL]],
        label: [out + (narrow ? 17 : 27), PILL + (narrow ? 25 : 17), "start"],
    }),
    leaves && piece.wire({ flow: "h", ref: "h", points: [[out, REVEAL], [out, HIDDEN]],
      label: [out + 10, REVEAL + 66, "start strong"] }),
    leaves && piece.wire({ flow: "next_h", ref: "h_next", points: [[out, HIDDEN], [W, HIDDEN]],
      label: [W, HIDDEN + 20, "end"], quiet: true }),
    up && piece.wire({ flow: "up", ref: "up", points: [[out, HIDDEN], [out, HIDDEN + 32]] }),
    leaves && piece.arrow({ x: W - 10, y: HIDDEN }),
    up && piece.arrow({ x: out, y: HIDDEN + 26, to: 90 }),
    squashes && piece.tanh({ ref: "squash", x: out, y: PILL, card: [out + (narrow ? 0 : 50), PILL],
      value: s => s.level.c(s.t, s.j) }),
    has("o") && piece.node({ ref: "reveal", x: out, y: REVEAL, sign: "×" }),
    ...where(up, wayUp({ piece, top, x: out, y: HIDDEN + 46, flip: narrow })),
    leaves && piece.port({ ref: "h", symbol: "h", x: out + 10, y: REVEAL + 46, at: s => s.t }),
    leaves && nextPort({ piece, symbol: "h", x: W, y: HIDDEN - 14, narrow }),
  ];
}

function layLstm(plan) {
  const { W, narrow, shown, piece } = plan, at = placesLstm(plan), c = shown.has("c");
  const drop = gate => (narrow && (gate === "i" || gate === "o") ? 17 : 0), width = narrow ? 36 : 46;
  const room = narrow ? 50 : Infinity;
  return {
    height: heightLstm(shown),
    pieces: [
      ...inLstm(plan, at),
      ...outLstm(plan, at),  // below the band from which it branches
      ...pathLstm(plan, at),
      ...GATES_LSTM.map(gate => shown.has(gate)
        && piece.valve({ ref: gate, x: at.X[gate], y: VALVES, width, drop: drop(gate), room,
          reads: at.reads && !shown.sum })),
      c && piece.port({ ref: "c_prev", symbol: "c", x: 0, y: 14, at: s => s.before,
        part: s => (s.shut ? "truncated, 0 to" : "to") }),
      c && piece.port({ ref: "c", symbol: "c", x: (at.X.i + at.out) / 2, y: 14, anchor: "mid", at: s => s.t }),
      c && piece.wall({ x: 5, y: BAND, name: "past_c", when: s => s.shut }),
      c && piece.wall({ x: W - 5, y: BAND, name: "next_c", when: s => s.level.cutAfter(s.t) }),
      at.leaves && piece.wall({ x: W - 5, y: HIDDEN, height: 26, name: "next_h", when: s => s.level.cutAfter(s.t) }),
      at.reads && shown.has("h") && piece.wall({ x: 9, y: HIDDEN + at.low - 34, height: 6, name: "past_h",
        when: s => s.shut }),
      c && nextPort({ piece, symbol: "c", x: W, y: 14, narrow, stopped: "truncated, 0 from" }),
    ],
  };
}

export const lstmCircuit = { lay: layLstm, height: heightLstm, forward: forwardLstm, backward: backwardLstm,
  loads: loadsLstm, factors: factorsLstm, sum: "c" };
