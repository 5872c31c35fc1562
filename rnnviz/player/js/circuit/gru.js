// The GRU's circuit: the path of the hidden state on top, on which z keeps what was and 1 - z lets in the candidate n.
// Below, what the candidate sees of the past: r multiplies after the weights W_hn, or before them.

import {
  columnFoot, enteringH, gateLoads, inputGradient, inputLoad, inputRow, nextPort, stateColumn, stateLoad, throughGates,
    wayUp, where,
} from "./ends.js";
import { backThrough, recurrent } from "../core/values.js";

const GATES_GRU = ["z", "n", "r"];
const TOP = 42, MIX = 100, GRU_VALVES = 156, OVER = 118, LANE = 238, PAST = 280, NOW = 298, HEIGHT_GRU = 334,
  SIDE = 132;

// What the candidate's lane carries: reset after, h -> W_hn -> see -> r x -> reset -> n; reset before, h = see -> r
// x -> reset -> W_hn -> weighted -> n. The formulas are those of cells/gru.py.
function laneForward({ model, level, t, j, before }) {
  const r = level.gate("r", t, j), h_prev = level.h(before, j);
  if (model.cut) return { see: model.resetAfter ? undefined : h_prev, reset: model.resetAfter ? undefined
    : r * h_prev };
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
  return { weighted: da, reset: back, see: shut ? 0 : r * back, via_n: shut ? 0 : r * back,
    r: back * level.h(before, j) };
}

function forwardGru(s) {
  const { level, t, j, before } = s, z = level.gate("z", t, j), n = level.gate("n", t, j), r = level.gate("r", t, j);
  const h_prev = level.h(before, j), h = level.h(t, j);
  const a = Object.fromEntries(GATES_GRU.map(gate => [`a_${gate}`, level.a(gate, t, j)]));
  return { z, n, r, ...a, past_h: h_prev, z_keep: z, keep: z * h_prev, z_mix: z, rest: 1 - z, write: (1 - z) * n, h,
    next_h: h, up: h, ...laneForward(s) };
}

function backwardGru(s) {
  const { level, t, j, before } = s, z = level.gate("z", t, j), n = level.gate("n", t, j), dh = level.dhOn(t, j),
    h_prev = level.h(before, j);
  const a = Object.fromEntries(GATES_GRU.map(gate => [`a_${gate}`, level.da(gate, t, j)]));
  return {
    ...a, ...enteringH(s), past_h: s.shut ? 0 : dh * z, keep: dh, write: dh, n: dh * (1 - z),
    z: dh * (h_prev - n), z_keep: dh * h_prev, z_mix: -dh * n, rest: dh * n,
    ...throughGates(s, ["z", "r"]), ...laneBackward(s),
  };
}

const HUES = { z: "forget", r: "output" };

// what rides along a wire where it is not the number of its flow; the candidate's recurrent bias is in its lane
function loadsGru(s) {
  if (s.backward) {
    const stopped = { value: s.level.dhOn(s.t, s.j) * s.level.gate("z", s.t, s.j), stops: true };
    return { x: inputGradient(s), ...(s.shut && { past_h: stopped }) };
  }
  const b_n = { value: s.level.bi("n", s.j) + s.level.shift("n", s.t, s.j), before: "b " };
  const loads = { x: inputLoad(s), past_column: stateLoad(s), via_n: stateLoad(s), ...gateLoads(s, GATES_GRU, HUES) };
  return { ...loads, ...(loads.b_n && { b_n }) };
}

// ... and what a gradient is multiplied with where its leg begins
function factorsGru({ model, level, t, j, before, shut }) {
  const [z, n, r] = GATES_GRU.map(gate => level.gate(gate, t, j)), by = (value, hue) => ({ value, before: "× ", hue });
  const minor = value => ({ ...by(value), minor: true }); // left out where there is little room
  return { ...(!shut && { past_h: by(z, "forget") }), z_keep: minor(level.h(before, j)), n: minor(1 - z),
    rest: minor(n), z_mix: minor(-1),
    ...((model.resetAfter || !shut) && { see: by(r, "output") }) };
}

// where everything stands, whether it is shown or not
function placesGru({ W, narrow, H, resetAfter }) {
  const at = (wide, tight) => Math.round(W * (narrow ? tight : wide));
  const X = { z: at(0.135, 0.19), n: at(0.455, 0.47), r: at(0.85, 0.91) }, sum = at(0.305, 0.35);
  const near = at(0.585, 0.615), far = at(0.7, 0.755), [times, weights] = resetAfter ? [near, far] : [far, near];
  return {
    X, sum, near, far, times, weights, one: Math.round((X.z + sum) / 2), past: at(0.77, 0.845), up: at(0.82, 0.8),
      wide: !narrow,
    foot: columnFoot({ H, top: SIDE, lowest: PAST - 12 }), meet: GRU_VALVES + 68,
  };
}

// h and x, past the gates, and up into z and r; and the candidate's lane, from h_{t-1} to n
function inGru({ piece, resetAfter, shown: { has, any } }, { X, near, far, times, past, wide, foot, meet }) {
  const lane = resetAfter ? ["via_n", "see", "reset"] : ["see", "reset", "weighted"], h = has("h"), x = has("x");
  const end = Math.max(...[["z", X.z], ["n h r", past], ["r", X.r]].filter(([gates]) => has(gates)).map(([, at]) =>
    at)),
    loop = h && (x || has("r")); // where neither is spoken of, what a gate reads is left out
  return [
    loop && any("z r") && piece.bus({ name: "past_column", points: [[9, foot], [9, PAST], [end, PAST]] }),
    x && any("z n r") && piece.bus({ points: [[9, NOW + 10], [9, NOW], [has("r") ? X.r : has("n") ? X.n : X.z, NOW]] }),
    ...["z", "r"].flatMap(gate => where(has(gate) && (loop || x), [
      piece.wire({
        ...(h ? { flow: `via_${gate}`, ref: "h_prev" } : { ref: "x" }), bridge: true, quiet: true,
          points: [[X[gate], x ? NOW : PAST], [X[gate], meet]],
        label: wide && h && [X[gate] + 9, PAST - 8, "start"],
      }),
      piece.wire({ flow: `a_${gate}`, ref: gate, points: [[X[gate], meet], [X[gate], GRU_VALVES + 25]] }),
      x && piece.term({ name: `wx_${gate}`, points: [[X[gate], NOW], [X[gate], meet]] }),
      x && h && piece.term({ name: `wh_${gate}`, points: [[X[gate], PAST], [X[gate], meet]] }),
      x && piece.term({ name: `b_${gate}`, points: [[X[gate] + (gate === "r" ? -1 : 1) * (wide ? 52 : 26), meet],
        [X[gate], meet]] }),
    ])),
    x && has("n") && piece.wire({ ref: "x", bridge: true, points: [[X.n, NOW], [X.n, LANE]] }),
    ...where(has("n h r"), [
      piece.wire({
        flow: lane[0], ref: "h_prev", quiet: true, points: [[past, PAST], [past, LANE], [far, LANE]], label: wide
          && [past - 9, PAST - 8, "end"],
      }),
      piece.wire({
        flow: lane[1], ref: resetAfter ? "n" : "reset", points: [[far, LANE], [near, LANE]], label: wide
          && [(far + near) / 2, LANE - 20],
      }),
      piece.wire({
        flow: lane[2], ref: resetAfter ? "reset" : "n", points: [[near, LANE], [X.n, LANE]],
          label: [(near - 17 + X.n) / 2, LANE + 25],
      }),
    ]),
    x && has("n") && piece.term({ name: "wx_n", points: [[X.n, NOW], [X.n, LANE]] }),
    x && has("n") && piece.term({ name: "b_n", points: [[X.n - (wide ? 52 : 26), LANE], [X.n, LANE]] }),
    has("n") && (x || loop) && piece.wire({ flow: "a_n", ref: "n", points: [[X.n, LANE], [X.n, GRU_VALVES + 25]] }),
    piece.bus({
      points: [], dots: [
        ...["z", "r"].filter(has).flatMap(gate => [loop && [X[gate], PAST], x && [X[gate], NOW]]), has("n h r")
          && [past, PAST],
        x && has("n") && [X.n, NOW], has("n h r") && [X.n, LANE],
      ].filter(Boolean),
    }),
    has("r n") && piece.wire({
      flow: "r", ref: "r", hue: "output", quiet: true,
        points: [[X.r, GRU_VALVES - 25], [X.r, OVER], [times, OVER], [times, LANE]],
      label: wide && (resetAfter ? [times + 9, 140, "start"] : [times - 9, 140, "end"]),
    }),
  ];
}

// the path of h: what z keeps of it, and what 1 - z lets in
function pathGru({ W, piece, shown: { has, any } }, { X, sum, one, up, wide }) {
  const h = has("h"), z = has("z"), keeps = has("z h"), adds = any("z n"), leaves = has("h y");
  return [
    keeps && piece.wire({
      flow: "z", ref: "z", hue: "forget", quiet: true, points: [[X.z, GRU_VALVES - 25], [X.z, MIX]], label: wide
        && [X.z + 9, MIX + 25, "start"],
    }),
    keeps && piece.wire({
      flow: "z_keep", ref: "z", hue: "forget", quiet: true, points: [[X.z, MIX], [X.z, TOP]], label: wide
        && [X.z - 9, 82, "end"],
    }),
    z && piece.wire({ flow: "z_mix", ref: "z", hue: "forget", quiet: true, points: [[X.z, MIX], [one, MIX]] }),
    z && piece.wire({
      flow: "rest", ref: "z", hue: "forget", quiet: true, points: [[one, MIX], [sum, MIX]], label: wide
        && [one + 4, MIX - 18],
    }),
    has("n") && piece.wire({
      flow: "n", ref: "n", quiet: true, points: [[X.n, GRU_VALVES - 25], [X.n, MIX], [sum, MIX]], label: wide
        && [X.n - 9, MIX + 20, "end"],
    }),
    adds && piece.wire({ flow: "write", ref: "write", points: [[sum, MIX], [sum, TOP]],
      label: [sum + 10, 80, "start"] }),
    leaves && piece.wire({ flow: "up", ref: "up", points: [[up, TOP], [up, TOP + 42]] }),
    h && piece.band({ flow: "past_h", ref: "h_prev", from: 0, to: keeps ? X.z : sum, y: TOP, inset: [0, 14] }),
    keeps && piece.band({ flow: "keep", ref: "keep", from: X.z, to: sum, y: TOP, inset: [14, 14] }),
    h && piece.band({ flow: "h", ref: "h", from: sum, to: up, y: TOP, inset: [40, 8] }),
    h && piece.band({ flow: "next_h", ref: "h_next", from: up, to: W, y: TOP, quiet: true }),
    h && piece.arrow({ x: sum + 28, y: TOP }),
    leaves && piece.arrow({ x: up, y: TOP + 36, to: 90 }),
    keeps && piece.node({ ref: "keep", x: X.z, y: TOP, sign: "×" }),
    h && piece.node({ ref: adds && "add", x: sum, y: TOP, sign: "+", pale: !adds }),
    z && piece.node({ x: one, y: MIX, sign: "1−", width: 28, height: 22 }),
    adds && piece.node({ ref: "write", x: sum, y: MIX, sign: "×" }),
  ];
}

function layGru(plan) {
  const { W, narrow, H, inputs, token, top, shown, piece, resetAfter } = plan, at = placesGru(plan), { has } = shown,
    h = has("h"),
    n = has("n h r"); // the candidate's lane: what r lets it see of the past
  const width = narrow ? 36 : 46, room = narrow ? 60 : Infinity;
  return {
    height: HEIGHT_GRU,
    pieces: [
      ...inGru(plan, at),
      ...pathGru(plan, at),
      n && piece.node({ ref: "reset", x: at.times, y: LANE, sign: "×" }),
      n && piece.matrix({ x: at.weights, y: LANE, letter: "W", index: "hn", width: 40,
        name: resetAfter ? "see" : "weighted" }),
      ...GATES_GRU.map(gate => has(gate)
        && piece.valve({ ref: gate, x: at.X[gate], y: GRU_VALVES, width, room, reads: has("x") })),
      ...where(h && (has("x") || has("r")), stateColumn({ piece, H, top: SIDE, bottom: at.foot, name: "past_column" })),
      ...where(has("x"), inputRow({ piece, inputs, token, narrow, y: NOW + 8 })),
      ...where(has("h y"), wayUp({ piece, top, x: at.up, y: TOP + 58, flip: narrow })),
      h && piece.port({ symbol: "h", x: 0, y: 14, at: s => s.before, part: s => (s.shut ? "truncated, 0 to" : "to") }),
      h && piece.port({ ref: "h", symbol: "h", x: (at.sum + at.up) / 2, y: 14, anchor: "mid", at: s => s.t }),
      h && piece.wall({ x: 5, y: TOP, name: "past_h", when: s => s.shut }),
      h && piece.wall({ x: W - 5, y: TOP, name: "next_h", when: s => s.level.cutAfter(s.t) }),
      h && nextPort({ piece, symbol: "h", x: W, y: 14, narrow, stopped: "truncated, 0 from" }),
    ],
  };
}

export const gruCircuit = { lay: layGru, height: () => HEIGHT_GRU, forward: forwardGru, backward: backwardGru,
  loads: loadsGru, factors: factorsGru, sum: "h" };
