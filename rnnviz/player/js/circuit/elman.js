// The Elman cell's circuit: the state before and the input, each through its weights into one sum, the activation's
// curve, and the new state.

import {
  enteringH, inputGradient, inputLoad, inputRow, nextPort, stateColumn, stateLoad, termsOf, throughGates, wayUp, where,
} from "./ends.js";

const MAIN = 112, BOX = 66, WEIGHTS = 184, BIAS = 52, INPUTS = 226, LOW = 268, HEIGHT_ELMAN = 278;

// of the units and inputs that are not drawn, w_x x_t carries what they add
function forwardElman(s) {
  const { model, level, t, j, before } = s, a = level.a("h", t, j), h = level.h(t, j);
  if (model.cut) return { a, h, next_h: h, up: h };
  const via_h = level.units === 1 ? { via_h: level.h(before, j) } : {}; // of a single unit: one number, no vector
  const { wx, wh, b } = termsOf(s, "h");
  return { ...via_h, now: wx + level.others("h", t, j), past: wh, b, a, h, next_h: h, up: h };
}

// A sum hands its gradient on unchanged, to all sides
function backwardElman(s) {
  const da = s.level.da("h", s.t, s.j);
  return { a: da, now: da, past: da, b: da, ...enteringH(s), ...throughGates(s, ["h"]) };
}

// what rides along a wire where it is not the number of its flow; and what a gradient is multiplied with where its
// leg begins
const loadsElman = s => (s.backward ? { x: inputGradient(s), ...(s.shut && { via_h: null }) } : {
  ...(s.level.pinned("h", s.t, s.j) && { a: null }), x: inputLoad(s), via_h: stateLoad(s),
  loop: { value: s.flow.h } });
const factorsElman = () => ({});

function layElman({ W, narrow, H, inputs, token, top, shown, piece }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide)), mid = (from, to) => (from + to) / 2;
  const weights = at(0.17, 0.165), sum = at(0.34, 0.36), box = at(0.56, 0.6), up = at(0.8, 0.8), width = narrow ? 54
    : 92;
  const over = MAIN - 12, head = MAIN - 7 * Math.min(H, 11), foot = 2 * MAIN - head, end = box + width / 2;
  // below the state before; of a single unit on a phone the weight stands there, too
  const first = narrow && H === 1 ? [2, MAIN + 50] : [20, MAIN + 25], side = [first[0], first[1] + 17, "start"];
  const x = shown.has("x"), h = shown.has("h"), leaves = shown.has("h y");
  const incoming = [
    x && piece.bus({ name: "x", points: [[39, INPUTS + 4], [39, INPUTS - 12], [sum, INPUTS - 12], [sum, WEIGHTS]] }),
    h && piece.wire({ flow: "via_h", ref: "h_prev", quiet: H > 1, points: [[16, MAIN], [weights, MAIN]],
      label: side }),
    h && piece.wire({ flow: "past", ref: "a", points: [[weights, MAIN], [sum, MAIN]],
      label: [mid(weights + 17, sum - 14), over - (narrow ? 22 : 0)] }),
    h && piece.wire({ flow: "b", ref: "a", points: [[sum, BIAS], [sum, MAIN]], label: [sum + 12, BIAS + 16, "start"] }),
    // always there, so that what is written at the sum adds up; where x is not shown, only a stub leads to it
    !x && piece.bus({ name: "x", points: [[sum, INPUTS - 8], [sum, WEIGHTS]] }),
    !x && piece.label({ x: sum, y: INPUTS + 6, anchor: "mid", kind: "symbol", text: () => "x" }),
    (h || x) && piece.wire({ flow: "now", ref: "a", points: [[sum, WEIGHTS], [sum, MAIN]],
      label: [sum + 10, WEIGHTS - 20, "start"] }),
  ];
  const across = [
    piece.wire({
      flow: "a", ref: "a", points: [[sum, MAIN], [box, MAIN]], trim: [0, width / 2],
        label: [mid(sum + 14, box - width / 2) - (narrow ? 6 : 0), over - (narrow ? 5 : 0)],
    }),
    piece.wire({
      flow: "h", ref: "h", points: [[box, MAIN], [up, MAIN]], trim: [width / 2, 0], label: narrow ? [end + 6,
        MAIN + 42, "start strong"]
        : [mid(end, up), over, "mid strong"],
    }),
    piece.wire({ flow: "next_h", ref: "h_next", quiet: true, points: [[up, MAIN], [W, MAIN]],
      label: [W, over, "end"] }),
    leaves && piece.wire({ flow: "up", ref: "up", points: [[up, MAIN], [up, 40]] }),
    piece.loop({ points: [[W - 8, MAIN], [W - 8, LOW], [9, LOW], [9, foot + 5]], at: [mid(0, W), LOW - 7],
      label: "read at the next step", name: "loop" }),
    piece.arrow({ x: W - 8, y: MAIN }),
    leaves && piece.arrow({ x: up, y: 46, to: -90 }),
    piece.matrix({ x: weights, y: MAIN, letter: H === 1 ? "w" : "W", index: "h", name: "past",
      told: [weights, MAIN + 31, "mid"],
      ...(H === 1 && { weight: s => s.level.U("h", s.j, 0) }) }),
    piece.matrix({ x: sum, y: WEIGHTS, letter: H === 1 && inputs === 1 ? "w" : "W", index: "x",
      name: "now", told: [sum + 24, WEIGHTS + 6,
      "start"],
      ...(H === 1 && inputs === 1 && { weight: s => s.level.W("h", s.j, 0) }) }),
    piece.node({ ref: "a", x: sum, y: MAIN, sign: "+" }),
    piece.label({ x: sum, y: BIAS - 6, anchor: "mid", kind: "symbol", text: () => "b" }),
    piece.curve({ ref: "squash", x: box, y: MAIN, width, height: BOX }),
    piece.label({ x: box, y: MAIN - BOX / 2 - 8, anchor: "mid", text: s => s.model.nonlinearity }),
    ...stateColumn({ piece, H, top: head, bottom: foot, name: "via_h",
      y: narrow ? Math.min(head - 9, MAIN - 27) : head - 9 }),
  ];
  return {
    height: HEIGHT_ELMAN,
    pieces: [
      ...incoming,
      ...where(h, across),
      ...where(x, inputRow({ piece, inputs, token, narrow, y: INPUTS, x: 30 })),
      ...where(leaves, wayUp({ piece, top, x: up, y: 32, flip: narrow })),
      ...where(h, [
        piece.label({ x: first[0], y: first[1], text: s => (s.shut ? "truncated" : s.backward && s.written("via_h")
          ? "adds" : "") }),
        piece.port({
          ref: "h", symbol: "h", at: s => s.t, ...(narrow ? { x: end + 6, y: MAIN + 24 }
            : { x: mid(end, up), y: over - 20, anchor: "mid" }),
        }),
        piece.wall({ x: 22, y: MAIN, name: "via_h", when: s => s.shut }),
        piece.wall({ x: W - 18, y: MAIN, name: "next_h", when: s => s.level.cutAfter(s.t) }),
        piece.label({ x: W, y: MAIN + 38, anchor: "end",
          text: s => (s.backward && s.level.cutAfter(s.t) ? "truncated" : "") }),
        nextPort({ piece, symbol: "h", x: W, y: over - 20, narrow }),
      ]),
    ],
  };
}

export const elmanCircuit = { lay: layElman, height: () => HEIGHT_ELMAN, forward: forwardElman,
  backward: backwardElman, loads: loadsElman, factors: factorsElman, sum: "h" };
