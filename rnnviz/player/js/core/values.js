// What is seen at a place: the number that a ref of names.js stands for, at (level, step, unit), in either pass.

import { isGate } from "./cell.js";

export function valueAt(model, level, ref, t, j, backward) {
  return backward ? gradientAt(model, level, ref, t, j) : forwardAt(model, level, ref, t, j);
}

function forwardAt(model, level, ref, t, j) {
  if (isGate(model, ref)) return level.gate(ref, t, j);
  const before = level.before(t), { path, roles } = model.spec;
  switch (ref) {
    case "h": case "reveal": return level.h(t, j);
    case "c": return level.c(t, j);
    case "a": return level.a("h", t, j);
    case "add": return level[path](t, j);
    case "keep": return level.gate(roles.keep, t, j) * level[path](before, j);
    case "write": return writeGate(level, roles, t, j) * level.gate(roles.candidate, t, j);
    case "squash": return path === "c" ? Math.tanh(level.c(t, j)) : level.h(t, j);
    case "reset": {
      const seen = model.resetAfter ? recurrent(level, "n", t, j) + level.bh("n", j) : level.h(before, j);
      return level.gate("r", t, j) * seen + level.others("reset", t, j);
    }
    case "x": return j < level.inputs ? level.x(t, j) : NaN;
    case "y": return j < model.Q ? model.y(t, j) : NaN;
  }
  throw new Error(`no such place: ${ref}`);
}

// what is not kept is written, where no gate of its own writes
const writeGate = (level, { keep, write }, t, j) => (write ? level.gate(write, t, j) : 1 - level.gate(keep, t, j));

// dL/d(value), and for gates dL/d(pre-activation)
function gradientAt(model, level, ref, t, j) {
  if (isGate(model, ref)) return level.da(ref, t, j);
  const { path, roles } = model.spec;
  switch (ref) {
    case "h": case "reveal": return level.dh(t, j);
    case "c": return level.dc(t, j);
    case "a": return level.da("h", t, j);
    // a sum hands its gradient on unchanged
    case "add": case "keep": case "write": return level[`d${path}On`](t, j);
    case "squash": return path === "c" ? level.dhOn(t, j) * level.gate(roles.output, t, j) : level.dh(t, j);
    case "reset": return model.resetAfter ? level.da("n", t, j) : backThrough(level, ["n"], t, j);
    case "x": return j < level.inputs ? intoInput(model, level, t, j) : NaN;
    case "y": return j < model.Q ? model.dy(t, j) : NaN;
  }
  throw new Error(`no such place: ${ref}`);
}

// W-side and U-side products, over all units
export function recurrent(level, gate, t, j) {
  const before = level.before(t);
  let sum = 0;
  for (let m = 0; m < level.units; m++) sum += level.U(gate, j, m) * level.h(before, m);
  return sum;
}

// sum over units m of U[gate][m][j] * da[gate][m], for all gates named: what step t hands back to unit j of the step
// before, but for the GRU's candidate with the reset gate, see `handedBack`
export function backThrough(level, gates, t, j) {
  let sum = 0;
  for (const gate of gates) for (let m = 0; m < level.units; m++) sum += level.U(gate, m, j) * level.da(gate, t, m);
  return sum;
}

// What step t hands back to h of the step before it, for unit j: through every gate, and for the GRU along z; nothing
// past a cut
export function handedBack(model, level, t, j) {
  if (level.cutBefore(t)) return 0;
  if (level.handed) return level.handed(t, j);
  if (model.cell !== "gru") return backThrough(level, model.gates, t, j);
  let sum = level.dhOn(t, j) * level.gate("z", t, j) + backThrough(level, ["r", "z"], t, j);
  if (model.resetAfter) {
    for (let m = 0; m < level.units; m++) sum += level.U("n", m, j) * level.gate("r", t, m) * level.da("n", t, m);
  } else sum += level.gate("r", t, j) * backThrough(level, ["n"], t, j);
  return sum;
}

// dL/dx_k at step t through this level alone: sum over gates and units of W * da
export function intoInput(model, level, t, k) {
  let sum = 0;
  for (const gate of model.gates) {
    for (let m = 0; m < level.units; m++) sum += level.W(gate, m, k) * level.da(gate, t, m);
  }
  return sum;
}

