// The weighted sums: what a pre-activation is made of,
//
//   a_t = w_x x_t + w_h h_{t-1} + b        and, where there are any, the shift of a bias and the units not drawn,
//
// as leaves for the line and as rows {label, value, says, ref, go} for the waterfall. The readout's sum is made of
// the same.

import { goTo, largest, plainLeaf, stepLabel, total } from "./leaves.js";

const arrow = (model, direction) => (model.D > 1 ? (direction ? " ←" : " →") : "");
const layerArrow = (model, l, d) => `layer ${model.layerName(l)}${arrow(model, d)}`;

// the unit that column k of a layer's input is, where it is no feature of x: below layer l
export function unitBelow(s, k, t, l = s.level.layer) {
  const { model } = s, layer = l - 1, direction = Math.floor(k / model.H), unit = k % model.H;
  const label = `${layerArrow(model, layer, direction)} unit ${model.unitName(unit)}`;
  return { label, says: `hidden state, ${label}`, ref: "x", go: goTo(s, "h", t, { layer, direction, unit }) };
}

// the only input that is not 0, where there is just one: its number; else -1
export function onlyInput(s, t) {
  const { level } = s;
  let found = -1;
  for (let k = 0; k < level.inputs; k++) {
    if (level.x(t, k) === 0) continue;
    if (found >= 0) return -1;
    found = k;
  }
  return level.layer === 0 && level.inputs > 1 ? found : -1;
}

export function inputName(s, k) {
  const { model, level } = s;
  return level.layer ? unitBelow(s, k, s.t).label : model.inputs ? model.inputs[k] : `input ${k + 1}`;
}

// one row per input feature, the value given by value(k); of a one-hot input the one that is on, under its token
export function inputRows(s, value) {
  const { model, level, t } = s, only = onlyInput(s, t);
  if (only >= 0) {
    const token = model.token(t);
    const label = token ? `“${token}”` : inputName(s, only);
    return [{ label, says: `input ${label}`, value: value(only), ref: "x", go: goTo(s, "x", t, { unit: only }) }];
  }
  const feature = k => ({ label: inputName(s, k), says: inputName(s, k), ref: "x", go: goTo(s, "x", t, { unit: k }) });
  return Array.from({ length: level.inputs }, (_, k) => ({ ...(level.layer ? unitBelow(s, k, t) : feature(k)),
    value: value(k) }));
}

// one row per unit of the step before, the value given by value(m)
export const unitRows = (s, value) =>
  Array.from({ length: s.model.H }, (_, m) => ({
    label: `h unit ${s.model.unitName(m)}`,
    says: `hidden state of unit ${s.model.unitName(m)}, one step before`,
    value: value(m), ref: "h_prev", go: goTo(s, "h", s.before, { unit: m }),
  }));

export const plainRow = (label, value, ref = null) => ({ label, says: label, value, ref, go: null });

// A waterfall that is short enough to see whole: of many rows of a kind the largest, and the others as one row.
// `groups` are lists of rows; each may keep as many as `most` says. sum: {label, value, look, colour}.
export function waterfall(s, title, groups, sum) {
  const rows = groups.flatMap(({ rows, most = Infinity, others = "" }) => shortened(rows, s.options.all ? Infinity
    : most, others));
  const hidden = groups.some(({ rows, most = Infinity }) => rows.length > most + 1);
  return { title, rows, sum, expands: hidden };
}

function shortened(rows, most, others) {
  if (rows.length <= most + 1) return rows;
  const size = row => (Number.isNaN(row.value) ? Infinity : Math.abs(row.value));
  const bySize = rows.toSorted((one, other) => size(other) - size(one) || 0);
  const rest = bySize.slice(most);
  return [...bySize.slice(0, most), plainRow(`${rest.length} ${others}`, total(rest), rest[0].ref)];
}

// how many rows of inputs and of units there is room for
const ROOM = 5;
export function groupsOf(inputs, units) {
  const most = inputs.length <= 2 ? inputs.length : units.length <= 2 ? 3 : 2;
  return [
    { rows: inputs, most, others: "other inputs" },
    { rows: units, most: ROOM - Math.min(most, inputs.length), others: "other units" },
  ];
}

// what surgery adds and what is not drawn, as leaves and rows; most often nothing
export function additions(s, gate) {
  const { level, t, j } = s, leaves = [];
  const shift = level.shift(gate, t, j), others = level.others(gate, t, j);
  if (shift !== 0) leaves.push(plainLeaf("shift", shift, "shift of the bias"));
  if (others !== 0) leaves.push(plainLeaf("not drawn", others, "units and inputs that are not drawn"));
  return { leaves, rows: leaves.map(leaf => plainRow(leaf.symbol, leaf.value)) };
}

// w_h, or of a gate w_{hf}
export const recurrentWeight = of => (of ? `w_{h${of}}` : "w_h");

export const inputLeaf = (s, of, rows) =>
  plainLeaf(`w_${of ? `{x${of}}` : "x"}·x_${stepLabel(s, s.t)}`, total(rows), "what the input adds",
    { ref: "x", leg: of ? `wx_${of}` : "now", go: goTo(s, "x", s.t, { unit: 0 }) });

// w_x·x_t, w_h·h_{t-1} and b of one gate: {leaves, groups}. `recurrent(m)` is unit m's term, U h unless given.
export function weightedSum(s, gate, { recurrent = m => s.level.U(gate, s.j, m) * s.level.h(s.before, m),
  state = null } = {}) {
  const { level, t, j, before } = s, of = gate === "h" ? "" : gate;
  const inputs = inputRows(s, k => level.W(gate, j, k) * level.x(t, k)), units = unitRows(s, recurrent);
  const bias = level.bi(gate, j) + level.bh(gate, j), more = additions(s, gate);
  const leaves = [
    inputLeaf(s, of, inputs),
    plainLeaf(`${recurrentWeight(of)}·${state || `h_${stepLabel(s, before)}`}`, total(units),
      "what the hidden state of the step before adds", {
      ref: "h_prev", leg: of ? `wh_${of}` : "past", go: goTo(s, "h", before),
    }),
    plainLeaf(of ? `b_${of}` : "b", bias, "bias", { leg: of ? `b_${of}` : "b" }),
    ...more.leaves,
  ];
  return { leaves, rows: [...inputs, ...units], groups: [...groupsOf(inputs, units), { rows: [plainRow("bias", bias),
    ...more.rows] }] };
}

// "The largest term, −1.26, is that of “i”."
export const largestTerm = (rows, say) => {
  const row = largest(rows);
  if (row.value === 0) return "What is read and what is remembered add nothing here: the bias alone decides.";
  return `The largest term, ${say(row.value)}, is that of ${row.label}.`;
};
