// The GRU's circuit: the hidden state's own conveyor on top, on which z keeps what was and 1 - z lets in the candidate n.
// Below, what the candidate sees of the past: r multiplies after the weights U_n, or before them.

import { piece } from "./circuit_parts.js";
import { columnFoot, enteringH, inputRow, nextPort, stateColumn, throughGates, wayUp } from "./circuit_ends.js";
import { backThrough, recurrent } from "./values.js";

const GATES_GRU = ["z", "n", "r"];
const TOP = 42, MIX = 100, GRU_VALVES = 156, OVER = 118, LANE = 238, PAST = 280, NOW = 298, HEIGHT_GRU = 334, SIDE = 132;

// What the candidate's lane carries: reset after, h -> U_n -> see -> r x -> reset -> n; reset before, h = see -> r x -> reset
// -> U_n -> weighted -> n. The formulas are those of cells/gru.py.
function laneForward({ model, level, t, j, before }) {
  const r = level.gate("r", t, j), h_prev = level.h(before, j);
  if (model.cut) return { see: model.resetAfter ? undefined : h_prev, reset: model.resetAfter ? undefined : r * h_prev };
  if (model.resetAfter) {
    const product = recurrent(level, "n", t, j) + level.bh("n", j);
    return { see: product, reset: r * product };
  }
  let weighted = level.bh("n", j);
  for (let m = 0; m < model.H; m++) weighted += level.U("n", j, m) * level.gate("r", t, m) * level.h(before, m);
  return { see: h_prev, reset: r * h_prev, weighted };
}

function laneBackward({ model, level, t, j, before, shut }) {
  const r = level.gate("r", t, j), da = level.da("n", t, j);
  if (model.resetAfter) {
    let via_n = 0;
    for (let m = 0; m < model.H; m++) via_n += level.U("n", m, j) * level.gate("r", t, m) * level.da("n", t, m);
    // a sum over all units is left out where not all are in the payload
    const dr = model.cut ? undefined : da * (recurrent(level, "n", t, j) + level.bh("n", j));
    return { reset: da, see: da * r, via_n: shut ? 0 : model.cut ? undefined : via_n, r: dr };
  }
  if (model.cut) return { weighted: da, ...(shut ? { see: 0, via_n: 0 } : {}) };
  const back = backThrough(level, ["n"], t, j);
  return { weighted: da, reset: back, see: shut ? 0 : r * back, via_n: shut ? 0 : r * back, r: back * level.h(before, j) };
}

function forwardGru(s) {
  const { level, t, j, before } = s, z = level.gate("z", t, j), n = level.gate("n", t, j), r = level.gate("r", t, j);
  const h_prev = level.h(before, j), h = level.h(t, j);
  const a = Object.fromEntries(GATES_GRU.map(gate => [`a_${gate}`, level.a(gate, t, j)]));
  return { z, n, r, ...a, past_h: h_prev, z_keep: z, keep: z * h_prev, z_mix: z, rest: 1 - z, write: (1 - z) * n, h, next_h: h, up: h, ...laneForward(s) };
}

function backwardGru(s) {
  const { level, t, j, before } = s, z = level.gate("z", t, j), n = level.gate("n", t, j), dh = level.dh(t, j), h_prev = level.h(before, j);
  const a = Object.fromEntries(GATES_GRU.map(gate => [`a_${gate}`, level.da(gate, t, j)]));
  return {
    ...a, ...enteringH(s), past_h: s.shut ? 0 : dh * z, keep: dh, write: dh, n: dh * (1 - z),
    z: dh * (h_prev - n), z_keep: dh * h_prev, z_mix: -dh * n, rest: dh * n,
    ...throughGates(s, ["z", "r"]), ...laneBackward(s),
  };
}

function layGru({ W, narrow, H, inputs, token, top, resetAfter }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide));
  const X = { z: at(0.135, 0.19), n: at(0.455, 0.47), r: at(0.85, 0.91) }, sum = at(0.305, 0.35), one = Math.round((X.z + sum) / 2);
  const near = at(0.585, 0.615), far = at(0.7, 0.755), past = at(0.77, 0.845), up = at(0.82, 0.8);
  const [times, weights] = resetAfter ? [near, far] : [far, near], wide = !narrow, width = narrow ? 36 : 46;
  const lane = resetAfter ? ["via_n", "see", "reset"] : ["see", "reset", "weighted"];  // from h_{t-1} to n
  const foot = columnFoot({ H, top: SIDE, lowest: PAST - 12 }), meet = GRU_VALVES + 68;
  return {
    height: HEIGHT_GRU,
    pieces: [
      piece.bus({ points: [[9, foot], [9, PAST], [X.r, PAST]] }),
      piece.bus({ points: [[9, NOW + 10], [9, NOW], [X.r, NOW]] }),
      ...["z", "r"].flatMap(gate => [
        piece.wire({ flow: `via_${gate}`, ref: "h_prev", bridge: true, quiet: true, points: [[X[gate], NOW], [X[gate], meet]], label: wide && [X[gate] + 9, PAST - 8, "start"] }),
        piece.wire({ flow: `a_${gate}`, ref: gate, points: [[X[gate], meet], [X[gate], GRU_VALVES + 25]] }),
      ]),
      piece.wire({ ref: "x", bridge: true, points: [[X.n, NOW], [X.n, LANE]] }),
      piece.wire({ flow: lane[0], ref: "h_prev", quiet: true, points: [[past, PAST], [past, LANE], [far, LANE]], label: wide && [past - 9, PAST - 8, "end"] }),
      piece.wire({ flow: lane[1], ref: resetAfter ? "n" : "reset", points: [[far, LANE], [near, LANE]], label: wide && [(far + near) / 2, LANE - 20] }),
      piece.wire({ flow: lane[2], ref: resetAfter ? "reset" : "n", points: [[near, LANE], [X.n, LANE]], label: [(near - 17 + X.n) / 2, LANE + 25] }),
      piece.wire({ flow: "a_n", ref: "n", points: [[X.n, LANE], [X.n, GRU_VALVES + 25]] }),
      piece.bus({ points: [], dots: [...["z", "r"].flatMap(gate => [[X[gate], PAST], [X[gate], NOW]]), [past, PAST], [X.n, NOW], [X.n, LANE]] }),
      piece.wire({ flow: "r", ref: "r", hue: "output", quiet: true, points: [[X.r, GRU_VALVES - 25], [X.r, OVER], [times, OVER], [times, LANE]], label: wide && (resetAfter ? [times + 9, 140, "start"] : [times - 9, 140, "end"]) }),
      piece.wire({ flow: "z", ref: "z", hue: "forget", quiet: true, points: [[X.z, GRU_VALVES - 25], [X.z, MIX]], label: wide && [X.z + 9, MIX + 25, "start"] }),
      piece.wire({ flow: "z_keep", ref: "z", hue: "forget", quiet: true, points: [[X.z, MIX], [X.z, TOP]], label: wide && [X.z - 9, 82, "end"] }),
      piece.wire({ flow: "z_mix", ref: "z", hue: "forget", quiet: true, points: [[X.z, MIX], [one, MIX]] }),
      piece.wire({ flow: "rest", ref: "z", hue: "forget", quiet: true, points: [[one, MIX], [sum, MIX]], label: wide && [one + 4, MIX - 18] }),
      piece.wire({ flow: "n", ref: "n", quiet: true, points: [[X.n, GRU_VALVES - 25], [X.n, MIX], [sum, MIX]], label: wide && [X.n - 9, MIX + 20, "end"] }),
      piece.wire({ flow: "write", ref: "write", points: [[sum, MIX], [sum, TOP]], label: [sum + 10, 80, "start"] }),
      piece.wire({ flow: "up", ref: "up", points: [[up, TOP], [up, TOP + 42]] }),
      piece.band({ flow: "past_h", ref: "h_prev", from: 0, to: X.z, y: TOP, inset: [0, 14] }),
      piece.band({ flow: "keep", ref: "keep", from: X.z, to: sum, y: TOP, inset: [14, 14] }),
      piece.band({ flow: "h", ref: "h", from: sum, to: up, y: TOP, inset: [40, 8] }),
      piece.band({ flow: "next_h", ref: "h_next", from: up, to: W, y: TOP, quiet: true }),
      piece.arrow({ x: sum + 28, y: TOP }),
      piece.arrow({ x: up, y: TOP + 36, to: 90 }),
      piece.node({ ref: "keep", x: X.z, y: TOP, sign: "×" }),
      piece.node({ ref: "add", x: sum, y: TOP, sign: "+" }),
      piece.node({ x: one, y: MIX, sign: "1−", width: 28, height: 22 }),
      piece.node({ ref: "write", x: sum, y: MIX, sign: "×" }),
      piece.node({ ref: "reset", x: times, y: LANE, sign: "×" }),
      piece.matrix({ x: weights, y: LANE, letter: "U", index: "n" }),
      ...GATES_GRU.map(gate => piece.valve({ ref: gate, x: X[gate], y: GRU_VALVES, width, room: narrow ? 60 : Infinity })),
      ...stateColumn({ H, top: SIDE, bottom: foot }),
      ...inputRow({ inputs, token, narrow, y: NOW + 8 }),
      ...wayUp({ top, x: up, y: TOP + 58, flip: narrow }),
      piece.port({ symbol: "h", x: 0, y: 14, at: s => s.before, part: s => (s.shut ? "cut, 0 to" : "to") }),
      piece.port({ ref: "h", symbol: "h", x: (sum + up) / 2, y: 14, anchor: "mid", at: s => s.t }),
      nextPort({ symbol: "h", x: W, y: 14, narrow }),
    ],
  };
}

export const gruCircuit = { lay: layGru, forward: forwardGru, backward: backwardGru };
