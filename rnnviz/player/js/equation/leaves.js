// The numbers that equations are made of. A leaf is one number with its symbol and where it comes from:
//
//   symbol  as written over the number; "_5" and "_{f,5}" are subscripts
//   look    how its chip is drawn: "gate" (a valve), "signed", "gradient", or "plain"
//   colour  the colour of its gate, if it has one
//   says    its name in words
//   ref     the place that lights up with it: as in core/names.js, with _prev and _next for the steps next to this one
//   leg     the leg of the step that brings it (core/legs.js), where that is not the one that brings the place
//   go      what a click selects: {ref, t, unit, layer, direction}; null where there is nothing (the initial state)

import { ACTIVATIONS, sigmoid, tanhSlope } from "../core/activations.js";
import { place } from "../core/names.js";

// What every explanation starts from: one unit of one level at one step, and the choices of the panel.
export function sceneOf(model, view, options) {
  const level = model.level(view.layer, view.direction), t = view.t;
  return {
    model, level, t, options, j: view.unit, backward: view.backward,
    before: level.before(t), after: level.after(t),
    last: level.after(t) < 0 || level.after(t) >= model.T,
  };
}

const within = (s, t) => t >= 0 && t < s.model.T;
export const stepLabel = (s, t) => (within(s, t) || (t < 0 && !s.level.direction) ? String(s.model.stepName(t)) : "0");
const stepWords = (s, t) => (stepLabel(s, t) === "0" ? "before the first step" : `step ${stepLabel(s, t)}`);
export const lower = name => name.charAt(0).toLowerCase() + name.slice(1);

const near = (s, ref, t) => (t === s.t ? ref : `${ref}${t === s.before ? "_prev" : "_next"}`);
export const goTo = (s, ref, t, more = {}) =>
  within(s, t) ? { ref, t, unit: s.j, layer: s.level.layer, direction: s.level.direction, ...more } : null;

export const plainLeaf = (symbol, value, says, more = {}) => ({ symbol, value, says, look: "plain", ref: null,
  go: null, ...more });

// h_t and c_t of this unit, at any step
export const stateLeaf = (s, ref, t) =>
  plainLeaf(`${ref}_${stepLabel(s, t)}`, s.level[ref](t, s.j), `${place(s.model, ref).name}, ${stepWords(s, t)}`, {
    look: "signed", ref: near(s, ref, t), go: goTo(s, ref, t),
  });

// a gate or candidate of this unit; the Elman cell's one activation is its state h
export function gateLeaf(s, gate, t) {
  const { name, kind, colour } = place(s.model, gate);
  return plainLeaf(`${gate}_${stepLabel(s, t)}`, s.level.gate(gate, t, s.j), `${name}, ${stepWords(s, t)}`, {
    look: kind, colour, ref: near(s, gate, t), go: goTo(s, gate, t),
  });
}

// 1 - z, from the pre-activation: exact where z is all but 1
export function openLeaf(s, gate, t) {
  const { level, j } = s;
  const value = level.pinned(gate, t, j) ? 1 - level.gate(gate, t, j) : sigmoid(-level.a(gate, t, j));
  const leaf = gateLeaf(s, gate, t);
  return { ...leaf, symbol: `(1−${leaf.symbol})`, value, says: `1 − ${leaf.says}` };
}

// d gate / d pre-activation
export function slopeLeaf(s, gate, t) {
  const leaf = gateLeaf(s, gate, t), symbol = leaf.symbol;
  const written = leaf.look === "gate" ? `${symbol}(1−${symbol})`
    : gate === "h" ? ACTIVATIONS[s.model.nonlinearity].written(stepLabel(s, t)) : `(1−${gate}²_${stepLabel(s, t)})`;
  return { ...leaf, symbol: written, look: "plain", value: s.level.slope(gate, t, s.j),
    says: `slope of the ${leaf.says}` };
}

// tanh(c_t) and its slope, of the LSTM
export const squashedLeaf = (s, t) =>
  plainLeaf(`tanh c_${stepLabel(s, t)}`, Math.tanh(s.level.c(t, s.j)), `tanh of the cell state, ${stepWords(s, t)}`, {
    look: "signed", ref: near(s, "squash", t), go: goTo(s, "squash", t),
  });
export const squashSlopeLeaf = (s, t) =>
  plainLeaf(`(1−tanh²c_${stepLabel(s, t)})`, tanhSlope(s.level.c(t, s.j)),
    `slope of tanh at the cell state, ${stepWords(s, t)}`, {
    ref: near(s, "squash", t), go: goTo(s, "c", t),
  });

// what of it goes on to what the state is made of: nothing, where the state is held
export const onLeaf = (s, ref, t) => (within(s, t) && s.level.pinned(ref, t, s.j)
  ? plainLeaf("0", 0, `nothing goes on through the ${place(s.model, ref).name}, which is held, ${stepWords(s, t)}`)
  : gradientLeaf(s, ref, t));

// dL/dh_t, dL/dc_t
export const gradientLeaf = (s, ref, t) =>
  plainLeaf(`∂L/∂${ref}_${stepLabel(s, t)}`, s.level[`d${ref}`](t, s.j),
    `gradient at the ${place(s.model, ref).name}, ${stepWords(s, t)}`, {
    look: "gradient", ref: near(s, ref, t), go: goTo(s, ref, t),
  });

// dL/da_t of a gate; the Elman cell has only one pre-activation, its place is "a"
export const preSymbol = (s, gate, t) => (gate === "h" ? `a_${stepLabel(s, t)}` : `a_{${gate},${stepLabel(s, t)}}`);
export const preRef = gate => (gate === "h" ? "a" : gate);
export function preGradientLeaf(s, gate, t) {
  const ref = preRef(gate), { name, colour } = place(s.model, ref);
  return plainLeaf(`∂L/∂${preSymbol(s, gate, t)}`, s.level.da(gate, t, s.j),
    `gradient at the ${name}, ${stepWords(s, t)}`, {
    look: "gradient", colour, ref: near(s, ref, t), go: goTo(s, ref, t),
  });
}

// any other derivative, worked out here: its value is that of its right-hand side
export const derivedLeaf = (symbol, value, says, ref = null) => plainLeaf(symbol, value, says, { look: "gradient",
  ref });

export const total = rows => rows.reduce((sum, row) => sum + row.value, 0);
export const largest = rows => rows.reduce((best, row) => (Math.abs(row.value) > Math.abs(best.value) ? row : best));

// a share of 1 in words
export function percent(share) {
  if (share > 0 && share < 0.005) return "less than 1 %";
  if (share < 1 && share > 0.995) return "more than 99 %";
  return `${Math.round(100 * share)} %`;
}
