// What all cells have in common: a gate in the forward pass, its pre-activation in the backward pass, and the row of
// valves that a gradient passes on its way back along the cell state path.

import { ACTIVATIONS } from "../core/activations.js";
import { gateLeaf, percent, plainLeaf, preGradientLeaf, preRef, preSymbol, slopeLeaf, stateLeaf,
  stepLabel } from "./leaves.js";
import { heldGradient, withRest } from "./backward.js";
import { largestTerm, waterfall, weightedSum } from "./weighted.js";
import { place } from "../core/names.js";

export const capital = name => name.charAt(0).toUpperCase() + name.slice(1);

export function preLeaf(s, gate) {
  const { name } = place(s.model, preRef(gate)), says = gate === "h" ? name : `pre-activation of the ${name}`;
  return plainLeaf(preSymbol(s, gate, s.t), s.level.a(gate, s.t, s.j), says, {
    ref: preRef(gate), leg: gate === "h" ? "a" : `a_${gate}`,
  });
}

// a state that is held is what it is, whatever the gates say
export function stateHeld(s, ref) {
  const result = stateLeaf(s, ref, s.t), { name } = place(s.model, ref);
  return {
    title: capital(name),
    lines: [{ result, right: plainLeaf("clamped", result.value, "clamped") }],
    note: say => `Clamped at ${say(result.value)}, whatever comes in: all that follows reads this value.`,
  };
}

// the activation of a gate: the Elman cell's own choice, of the other cells σ, and tanh of their candidates
export const activationOf = (model, gate) =>
  ACTIVATIONS[gate === "h" ? model.nonlinearity : place(model, gate).kind === "gate" ? "sigmoid" : "tanh"];

// the activation of what is inside, as a tree
export const applied = ({ sign }, of) => (sign ? { call: sign, of } : of);

/**
 * k_t = sigma(w x_t + u h_{t-1} + b), and the sum as a waterfall.
 * @param {any} [inside] the sum, where it is not the plain one
 */
export function gateForward(s, gate, sentence, inside = weightedSum(s, gate)) {
  const { model, level, t, j } = s, result = gateLeaf(s, gate, t), { name, colour } = place(model, gate);
  if (level.pinned(gate, t, j))
    return {
      title: capital(name),
      lines: [{ result, right: plainLeaf("clamped", result.value, "clamped") }],
      note: say => `Clamped at ${say(result.value)}, whatever comes in. ${sentence(say)}`,
    };
  const phi = activationOf(model, gate), pre = preLeaf(s, gate);
  return {
    title: capital(name),
    lines: [
      { result, right: applied(phi, inside.tree || { add: inside.leaves }) },
      { result, right: applied(phi, pre), continued: true },
    ],
    falls: [waterfall(s, "", inside.groups, { label: pre.symbol, value: pre.value, look: "plain", colour })],
    note: say => `${sentence(say)} ${largestTerm(inside.rows, say)}`,
  };
}

// dL/da_t = product of `factors`, slope of the gate included
export function gateBackward(s, gate, factors, extra = {}) {
  const { name } = place(s.model, preRef(gate)), result = preGradientLeaf(s, gate, s.t),
    title = `Gradient at the ${name}`;
  if (s.level.pinned(gate, s.t, s.j)) return heldGradient(title, result);
  return {
    title,
    lines: [{ result, right: withRest(s, result, { times: [...factors, slopeLeaf(s, gate, s.t)] }) }],
    note: say => gateNote(s, gate, result, say),
    ...extra,
  };
}

function gateNote(s, gate, result, say) {
  const { name, kind } = place(s.model, preRef(gate)), slope = s.level.slope(gate, s.t, s.j),
    { steepest } = activationOf(s.model, gate);
  if (result.value === 0) return `Nothing that the ${name} does here changes L.`;
  const way = result.value < 0 ? "lower" : "raise";
  const push = kind === "gate" ? `Opening the ${name} a little` : `A slightly larger ${name}`;
  return `${push} would ${way} L. Its slope is ${say(slope)} of at most ${steepest}.`;
}

// The valves of `gate` from the last step read, or from where the pass was cut, back to this one, and their product.
// It is what the direct path alone leaves of a gradient; the nearest few are drawn, and the product is of all.
const DRAWN = 8;
export function conveyor(s, gate, state) {
  const steps = [];
  for (let t = s.after; t >= 0 && t < s.model.T && !s.level.cutBefore(t); t = s.level.after(t)) steps.push(t);
  if (!steps.length) return null;
  const passes = t => (s.level.pinned(state, t, s.j) ? plainLeaf(`${state}_${stepLabel(s, t)} clamped`, 0, "clamped")
    : gateLeaf(s, gate, t));
  const leaves = steps.map(passes), far = stepLabel(s, steps.at(-1)), here = stepLabel(s, s.t);
  const product = leaves.reduce((product, leaf) => product * leaf.value, 1);
  const decades = leaves.reduce((sum, leaf) => sum + Math.log10(leaf.value), 0);
  const path = `${gate === "z" ? "the direct path" : "the cell state path"} alone, from step ${far} back to ${here}`;
  return {
    title: `What is left after ${steps.length} ${steps.length === 1 ? "step" : "steps"} along ${path}`,
    leaves: leaves.slice(0, DRAWN),
    more: Math.max(0, leaves.length - DRAWN),
    result: plainLeaf(`∂${state}_${far}/∂${state}_${here}`, product,
      `what is left of ∂L/∂${state} of step ${far} at step ${here}`),
    underflow: product === 0 && Number.isFinite(decades) ? Math.round(decades) : null,
    narrowest: leaves.reduce((least, leaf) => (leaf.value < least.value ? leaf : least)),
  };
}

// where along the row most is lost
export function narrowest(row) {
  if (!row) return "";
  const { symbol, value } = row.narrowest;
  return `The narrowest valve on the way, ${symbol.replace("_", " of step ")}, lets ${percent(value)} through.`;
}
