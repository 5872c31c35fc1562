// The Elman cell's circuit: the state before and the input, each through its weights into one sum, the activation's curve,
// and the new state.

import { piece } from "./parts.js";
import { enteringH, inputRow, nextPort, stateColumn, throughGates, wayUp, where } from "./ends.js";
import { recurrent } from "../core/values.js";

const MAIN = 112, BOX = 66, WEIGHTS = 184, INPUTS = 226, LOW = 268, HEIGHT_ELMAN = 278;

function forwardElman({ model, level, t, j, before }) {
  const a = level.a("h", t, j), h = level.h(t, j);
  if (model.cut) return { a, h, next_h: h, up: h };
  // `others`: of the inputs that are not drawn; all units are
  const via_h = level.units === 1 ? { via_h: level.h(before, j) } : {}; // of a single unit: one number, no vector
  let now = level.bi("h", j) + level.others("h", t, j) + level.shift("h", t, j);
  for (let k = 0; k < level.inputs; k++) now += level.W("h", j, k) * level.x(t, k);
  return { ...via_h, now, past: recurrent(level, "h", t, j) + level.bh("h", j), a, h, next_h: h, up: h };
}

// A sum hands its gradient on unchanged, to both sides
function backwardElman(s) {
  const da = s.level.da("h", s.t, s.j);
  return { a: da, now: da, past: da, ...enteringH(s), ...throughGates(s, ["h"]) };
}

function layElman({ W, narrow, H, inputs, token, top, shown }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide)), mid = (from, to) => (from + to) / 2;
  const weights = at(0.17, 0.165), sum = at(0.36, 0.36), box = at(0.59, 0.6), up = at(0.8, 0.8), width = narrow ? 54
    : 92;
  const over = MAIN - 12, head = MAIN - 7 * Math.min(H, 11), foot = 2 * MAIN - head, end = box + width / 2;
  const x = shown.has("x"), h = shown.has("h"), leaves = shown.has("h y");
  const incoming = [
    x && piece.bus({ points: [[39, INPUTS + 4], [39, INPUTS - 12], [sum, INPUTS - 12], [sum, WEIGHTS]] }),
    h && piece.wire({ flow: "via_h", ref: "h_prev", quiet: H > 1, points: [[16, MAIN], [weights, MAIN]],
      label: H > 1 ? [20, MAIN + 42, "start"] : [36, over, "start"] }),
    h && piece.wire({ flow: "past", ref: "a", points: [[weights, MAIN], [sum, MAIN]],
      label: [mid(weights + 17, sum - 14), over - (narrow ? 22 : 0)] }),
    x && piece.wire({ flow: "now", ref: "a", points: [[sum, WEIGHTS], [sum, MAIN]],
      label: [sum + 10, WEIGHTS - 20, "start"] }),
  ];
  const across = [
    piece.wire({
      flow: "a", ref: "a", points: [[sum, MAIN], [box, MAIN]],
        label: [mid(sum + 14, box - width / 2) - (narrow ? 6 : 0), over - (narrow ? 5 : 0)],
    }),
    piece.wire({
      flow: "h", ref: "h", points: [[box, MAIN], [up, MAIN]], label: narrow ? [end + 6, MAIN + 42, "start strong"]
        : [mid(end, up), over, "mid strong"],
    }),
    piece.wire({ flow: "next_h", ref: "h_next", quiet: true, points: [[up, MAIN], [W, MAIN]],
      label: [W, over, "end"] }),
    leaves && piece.wire({ flow: "up", ref: "up", points: [[up, MAIN], [up, 40]] }),
    piece.loop({ points: [[W - 8, MAIN + 8], [W - 8, LOW], [9, LOW], [9, foot + 5]], at: [mid(0, W), LOW - 7],
      label: "read at the next step" }),
    piece.arrow({ x: W - 8, y: MAIN }),
    leaves && piece.arrow({ x: up, y: 46, to: -90 }),
    piece.matrix({ x: weights, y: MAIN, letter: "W", index: "h", told: [weights, MAIN + 31, "mid"],
      ...(H === 1 && { weight: s => s.level.U("h", s.j, 0) }) }),
    x && piece.matrix({ x: sum, y: WEIGHTS, letter: "W", index: "x", told: [sum + 24, WEIGHTS + 6, "start"],
      ...(H === 1 && inputs === 1 && { weight: s => s.level.W("h", s.j, 0) }) }),
    piece.node({ ref: "a", x: sum, y: MAIN, sign: "+" }),
    piece.curve({ ref: "squash", x: box, y: MAIN, width, height: BOX }),
    piece.label({ x: box, y: MAIN - BOX / 2 - 8, anchor: "mid", text: s => s.model.nonlinearity }),
    ...stateColumn({ H, top: head, bottom: foot, y: narrow ? Math.min(head - 9, MAIN - 27) : head - 9 }),
  ];
  return {
    height: HEIGHT_ELMAN,
    pieces: [
      ...incoming,
      ...where(h, across),
      ...where(x, inputRow({ inputs, token, narrow, y: INPUTS, x: 30 })),
      ...where(leaves, wayUp({ top, x: up, y: 32, flip: narrow })),
      ...where(h, [
        piece.label({ x: 20, y: MAIN + 25, text: s => (s.shut ? "cut here" : s.backward && s.written("via_h")
          ? "adds" : "") }),
        piece.port({
          ref: "h", symbol: "h", at: s => s.t, ...(narrow ? { x: end + 6, y: MAIN + 24 }
            : { x: mid(end, up), y: over - 20, anchor: "mid" }),
        }),
        nextPort({ symbol: "h", x: W, y: over - 20, narrow }),
      ]),
    ],
  };
}

export const elmanCircuit = { lay: layElman, height: () => HEIGHT_ELMAN, forward: forwardElman,
  backward: backwardElman };
