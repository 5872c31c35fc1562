// The GRU's equations, as in cells/gru.py, with both places of the reset gate.

import { evaluate } from "../core/digits.js";
import { gateLeaf, goTo, onLeaf, openLeaf, percent, plainLeaf, preGradientLeaf, stateLeaf, stepLabel,
  total } from "./leaves.js";
import { cutNote, hiddenGradient, passedOn, throughGate } from "./backward.js";
import { conveyor, gateBackward, gateForward, narrowest } from "./gates.js";
import { ADDITION, derivative, gradientSum, keptAndWritten, operation, PRODUCT } from "./parts.js";
import { additions, groupsOf, inputLeaf, inputRows, plainRow, unitRows, waterfall, weightedSum } from "./weighted.js";

// w_hn·h_{t-1} + b_hn of this unit, which the reset gate scales where it stands after the product
function past(s) {
  const { level, j, before } = s, sum = total(unitRows(s, m => level.U("n", j, m) * level.h(before, m)));
  const leaf = plainLeaf(`w_{hn}·h_${stepLabel(s, before)}`, sum, "what the hidden state of the step before adds",
    { ref: "h_prev", go: goTo(s, "h", before) });
  return { add: [leaf, plainLeaf("b_{hn}", level.bh("n", j), "recurrent bias")] };
}

// The candidate's sum. After the product: w x + b_i + r (u h + b_h); before it: w x + u (r h) + b.
function candidateSum(s) {
  const { model, level, t, j, before } = s, r = gateLeaf(s, "r", t);
  if (!model.resetAfter) {
    const state = `(r_${stepLabel(s, t)}h_${stepLabel(s, before)})`;
    return weightedSum(s, "n", { recurrent: m => level.U("n", j, m) * level.gate("r", t, m) * level.h(before, m),
      state });
  }
  const inputs = inputRows(s, k => level.W("n", j, k) * level.x(t, k)), more = additions(s, "n");
  const units = unitRows(s, m => r.value * level.U("n", j, m) * level.h(before, m)).map(row =>
    ({ ...row, label: `r·${row.label}` }));
  const bias = plainLeaf("b_n", level.bi("n", j), "bias");
  const biases = [plainRow("bias", bias.value), plainRow("r·bias", r.value * level.bh("n", j), "r")];
  return {
    tree: { add: [inputLeaf(s, "n", inputs), bias, { times: [r, past(s)] }, ...more.leaves] },
    rows: [...inputs, ...units],
    groups: [...groupsOf(inputs, units), { rows: [...biases, ...more.rows] }],
  };
}

const SEEN = "hat the candidate sees of the past";
// a sum over all units, of which only some are drawn
const notSent = title => ({
  title,
  lines: [],
  note: () => "This is a sum over all units, of which only some are drawn: its value is not known here.",
});

export function gruForward(s) {
  const { model, t, before } = s;
  const [z, r, n] = ["z", "r", "n"].map(gate => gateLeaf(s, gate, t)), open = openLeaf(s, "z", t);
  const h = stateLeaf(s, "h", t), old = stateLeaf(s, "h", before);
  const keep = { times: [z, old] }, write = { times: [open, n] }, seen = { times: [r, model.resetAfter ? past(s)
    : old] };
  const keeps = say => `The update gate keeps ${percent(z.value)} of h = ${say(old.value)}`;
  const takes = say => `takes ${percent(open.value)} of the candidate ${say(n.value)}`;
  const mixes = say => `${keeps(say)} and ${takes(say)}.`;
  const scales = model.resetAfter
    ? `The reset gate stands after the product: it scales what all units together say to ${percent(r.value)}.`
    : "The reset gate stands before the product: it scales this unit's state to "
      + `${percent(r.value)} before the units are mixed.`;
  const hidden = title => ({
    title,
    lines: [{ result: h, right: { add: [write, keep] } }],
    falls: [keptAndWritten(keep, write, h)],
    note: mixes,
  });
  return {
    r: () => gateForward(s, "r", () => scales),
    z: () => gateForward(s, "z", mixes),
    n: () => gateForward(s, "n", say => `The update gate ${takes(say)}.`, candidateSum(s)),
    h: () => hidden("Hidden state"),
    add: () => hidden("The sum, the new hidden state"),
    keep: () => ({ title: "What is kept", lines: [operation(s, "kept", keep, "what is kept", "keep")], note: say =>
      `${keeps(say)}.` }),
    write: () => ({ title: "What is written", lines: [operation(s, "written", write, "what is written", "write")],
      note: say => `The update gate ${takes(say)}.` }),
    reset: () => (model.cut && model.resetAfter ? notSent(`W${SEEN}`)
      : { title: `W${SEEN}`, lines: [operation(s, "seen", seen, `w${SEEN}`, "reset")], note: () => scales }),
  };
}

export function gruBackward(s) {
  const { model, t, before } = s, step = stepLabel(s, t), earlier = stepLabel(s, before);
  const [z, r, n] = ["z", "r", "n"].map(gate => gateLeaf(s, gate, t)), open = openLeaf(s, "z", t);
  const dh = onLeaf(s, "h", t), dn = preGradientLeaf(s, "n", t), old = stateLeaf(s, "h", before), row = conveyor(s,
    "z", "h");
  const hidden = () => {
    const explanation = hiddenGradient(s, s.last ? [] : [along(s), throughGate(s, "r"), throughGate(s, "z"),
      throughCandidate(s)]);
    if (explanation.truncated) return explanation;
    return { ...explanation, chain: row, note: say => `${explanation.note(say)} ${narrowest(row)}` };
  };
  const reset = () => {
    if (model.resetAfter) return gateBackward(s, "r", [dn, past(s)]);
    const { leaf, rows } = intoReset(s);
    const fall = waterfall(s, "", [{ rows, most: 6, others: "other units" }], gradientSum("w_{hn}·∂L/∂a_n",
      leaf.value));
    return gateBackward(s, "r", [old, leaf], { falls: [fall] });
  };
  const toReset = right => derivative(`∂L/∂r_${step}`, "gradient at the reset gate", right, "r");
  const seen = () => (model.resetAfter
    ? [toReset({ times: [dn, past(s)] }), derivative("∂L/∂(w_{hn}·h+b)", "gradient at the product", { times: [dn, r] },
      "h_prev")]
    : [
        toReset({ times: [intoReset(s).leaf, old] }),
        derivative(`part of ∂L/∂h_${earlier}`, "what goes on to the step before",
          passedOn(s, { times: [intoReset(s).leaf, r] }), "h_prev"),
      ]);
  return {
    z: () => gateBackward(s, "z", [dh, { minus: [old, n] }], { chain: row }),
    n: () => gateBackward(s, "n", [dh, open]),
    r: reset,
    h: hidden,
    add: () => ({ ...hidden(), title: "Gradient at the sum", note: () => ADDITION }),
    keep: () => ({
      title: "Gradient at what is kept",
      lines: [derivative(`part of ∂L/∂h_${earlier}`, "what goes on to the step before",
        passedOn(s, { times: [dh, z] }), "h_prev")],
      chain: row,
      note: () =>
        cutNote(s, `The update gate lets ${percent(z.value)} of the gradient pass straight to the step before.`),
    }),
    write: () => ({
      title: "Gradient at what is written",
      lines: [derivative(`∂L/∂n_${step}`, "gradient at the candidate", { times: [dh, open] }, "n")],
      note: () => `${percent(open.value)} of the gradient goes into the candidate.`,
    }),
    reset: () => (model.cut ? notSent(`Gradient at w${SEEN}`) : { title: `Gradient at w${SEEN}`, lines: seen(),
      note: () => (model.resetAfter ? PRODUCT : cutNote(s, PRODUCT)) }),
  };
}

// straight from the next step, along its update gate
function along(s) {
  const { after } = s, later = stepLabel(s, after);
  const right = { times: [onLeaf(s, "h", after), gateLeaf(s, "z", after)] };
  const more = { look: "gradient", colour: "forget", ref: "h_next", go: goTo(s, "h", after) };
  return { label: `along z_${later}`, rows: [], right, leaf: plainLeaf(`z_${later}∂L/∂h_${later}`, evaluate(right),
    "straight along the update gate", more) };
}

// back through the candidate of the next step, whose reset gate stands after or before the product
function throughCandidate(s) {
  const { model, level, j, after } = s, later = stepLabel(s, after), r = m => level.gate("r", after, m);
  const value = m => r(model.resetAfter ? m : j) * level.U("n", m, j) * level.da("n", after, m);
  const symbol = model.resetAfter ? `w_{hn}·(r_${later}∂L/∂a_{n,${later}})` : `r_${later}w_{hn}·∂L/∂a_{n,${later}}`;
  return throughGate(s, "n", { value, symbol });
}

// What comes back to r h at this very step, where the reset gate stands before the product: sum over units of W_hn^T
// dL/da_n
function intoReset(s) {
  const { leaf, rows } = throughGate({ ...s, after: s.t }, "n");
  return { leaf: { ...leaf, ref: "n", says: "back through the candidate" },
    rows: rows.map(row => ({ ...row, ref: "n" })) };
}
