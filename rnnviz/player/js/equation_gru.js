// The GRU's equations, as in cells/gru.py, with both places of the reset gate.

import { derivedLeaf, gateLeaf, goTo, gradientLeaf, openLeaf, percent, plainLeaf, preGradientLeaf, stateLeaf, stepLabel, total } from "./equation_leaves.js";
import { hiddenGradient, throughGate } from "./equation_backward.js";
import { conveyor, gateBackward, gateForward, narrowest } from "./equation_gates.js";
import { additions, groupsOf, inputRows, plainRow, unitRows, waterfall, weightedSum } from "./equation_weighted.js";
import { evaluate } from "./digits.js";

const resets = s => m => s.level.gate("r", s.t, m);

// u_n·h_{t-1} of this unit, without its bias
const product = s => total(unitRows(s, m => s.level.U("n", s.j, m) * s.level.h(s.before, m)));
const productLeaf = s => plainLeaf(`u_n·h_${stepLabel(s, s.before)}`, product(s), "what the hidden state of the step before adds", {
  ref: "h_prev", go: goTo(s, "h", s.before),
});

// The candidate's sum. After the product: w x + b_i + r (u h + b_h); before it: w x + u (r h) + b.
function candidateSum(s) {
  const { model, level, t, j } = s, r = resets(s);
  if (!model.resetAfter)
    return weightedSum(s, "n", { recurrent: m => level.U("n", j, m) * r(m) * level.h(s.before, m), state: `(r_${stepLabel(s, t)}h_${stepLabel(s, s.before)})` });
  const inputs = inputRows(s, k => level.W("n", j, k) * level.x(t, k)), open = r(j), more = additions(s, "n");
  const units = unitRows(s, m => open * level.U("n", j, m) * level.h(s.before, m)).map(row => ({ ...row, label: `r·${row.label}` }));
  const bi = level.bi("n", j), bh = level.bh("n", j);
  const x = plainLeaf(`w_n·x_${stepLabel(s, t)}`, total(inputs), "what the input adds", { ref: "x", go: goTo(s, "x", t, { unit: 0 }) });
  return {
    tree: { add: [x, plainLeaf("b_n", bi, "input's bias"), { times: [gateLeaf(s, "r", t), { add: [productLeaf(s), plainLeaf("b_{hn}", bh, "recurrent bias")] }] }, ...more.leaves] },
    rows: [...inputs, ...units],
    groups: [...groupsOf(inputs, units), { rows: [plainRow("bias", bi), plainRow("r·bias", open * bh, "r"), ...more.rows] }],
  };
}

const named = (s, word, right, says, ref) => plainLeaf(`${word}_${stepLabel(s, s.t)}`, evaluate(right), says, { look: "signed", ref });

// A sum over all units, where only some of them are drawn
const notSent = title => ({ title, lines: [], falls: [], note: () => "This is a sum over all units, of which only some are drawn: its value is not known here." });

export function gruForward(s) {
  const { model, level, t, j, before } = s;
  const z = gateLeaf(s, "z", t), r = gateLeaf(s, "r", t), n = gateLeaf(s, "n", t), open = openLeaf(s, "z", t);
  const h = stateLeaf(s, "h", t), old = stateLeaf(s, "h", before);
  const keep = { times: [z, old] }, write = { times: [open, n] }, kept = evaluate(keep), written = evaluate(write);
  const mixes = say => `The update gate keeps ${percent(z.value)} of h = ${say(old.value)} and takes ${percent(open.value)} of the candidate ${say(n.value)}.`;
  const hidden = title => ({
    title,
    lines: [{ result: h, right: { add: [write, keep] } }],
    falls: [{
      title: "",
      rows: [{ label: "written", value: written, says: "written", ref: "write", go: null }, { label: "kept", value: kept, says: "kept", ref: "keep", go: null }],
      sum: { label: h.symbol, value: h.value, look: "signed" },
    }],
    note: mixes,
  });
  const seen = model.resetAfter
    ? { times: [r, { add: [productLeaf(s), plainLeaf("b_{hn}", level.bh("n", j), "recurrent bias")] }] }
    : { times: [r, old] };
  const simple = (title, word, right, ref, note) => ({ title, lines: [{ result: named(s, word, right, title, ref), right }], falls: [], note });
  return {
    r: () => gateForward(s, "r", () => `The reset gate lets the candidate see ${percent(r.value)} of ${model.resetAfter ? "what the past says" : "this unit's past"}.`),
    z: () => gateForward(s, "z", mixes),
    n: () => gateForward(s, "n", say => `The candidate is ${say(n.value)}; the update gate takes ${percent(open.value)} of it.`, candidateSum(s)),
    h: () => hidden("Hidden state"),
    add: () => hidden("The sum, the new hidden state"),
    keep: () => simple("What is kept", "kept", keep, "keep", say => `The update gate keeps ${percent(z.value)} of h = ${say(old.value)}.`),
    write: () => simple("What is written", "written", write, "write", say => `The update gate takes ${percent(open.value)} of the candidate ${say(n.value)}.`),
    reset: () => (model.cut && model.resetAfter ? notSent("What the candidate sees of the past") : simple("What the candidate sees of the past", "seen", seen, "reset",
      () => (model.resetAfter ? `The reset gate stands after the product: it scales what all units together say, here to ${percent(r.value)}.`
        : `The reset gate stands before the product: it scales this unit's state, here to ${percent(r.value)}, before the units are mixed.`))),

  };
}

export function gruBackward(s) {
  const { model, level, t, after, before, j } = s, step = stepLabel(s, t);
  const dh = gradientLeaf(s, "h", t), dn = preGradientLeaf(s, "n", t), old = stateLeaf(s, "h", before), n = gateLeaf(s, "n", t);
  const z = gateLeaf(s, "z", t), r = gateLeaf(s, "r", t), open = openLeaf(s, "z", t);
  const line = (symbol, says, right, ref) => ({ result: derivedLeaf(symbol, evaluate(right), says, ref), right });
  const past = { add: [productLeaf(s), plainLeaf("b_{hn}", level.bh("n", j), "recurrent bias")] };
  // sum over units of U_n^T dL/da_n at this very step: what comes back to r h, where the reset stands before the product
  const back = () => {
    const { leaf, label, rows } = throughGate({ ...s, after: t }, "n");
    return { leaf: { ...leaf, ref: "n", says: "back through the candidate" }, label, rows: rows.map(row => ({ ...row, ref: "n" })) };
  };

  const hidden = () => {
    const next = s.last ? [] : [along(), throughGate(s, "r"), throughGate(s, "z"), candidate()];
    const explanation = hiddenGradient(s, next), row = conveyor(s, "z", "h");
    return { ...explanation, chain: row, note: say => `${explanation.note(say)} ${narrowest(row, percent)}` };
  };
  // along z, straight from the next step
  const along = () => {
    const right = { times: [gradientLeaf(s, "h", after), gateLeaf(s, "z", after)] };
    return { label: `via z_${stepLabel(s, after)} directly`, rows: [], right, leaf: plainLeaf(`z·∂L/∂h_${stepLabel(s, after)}`, evaluate(right), "straight along the update gate", { look: "gradient", colour: "forget", ref: "h_next", go: goTo(s, "h", after) }) };
  };
  const candidate = () => {
    const opens = m => level.gate("r", after, m), later = stepLabel(s, after);
    return model.resetAfter
      ? throughGate(s, "n", { value: m => level.U("n", m, j) * opens(m) * level.da("n", after, m), symbol: `u_n·(r_${later}∂L/∂a_{n,${later}})` })
      : throughGate(s, "n", { value: m => opens(j) * level.U("n", m, j) * level.da("n", after, m), symbol: `r_${later}u_n·∂L/∂a_{n,${later}}` });
  };
  const reset = () => {
    if (model.resetAfter) return gateBackward(s, "r", [dn, past]);
    const part = back();
    const fall = waterfall(s, "", [{ rows: part.rows, most: 6, others: "other units" }], { label: "u_n·∂L/∂a_n", value: part.leaf.value, look: "gradient", colour: "backward" });
    return gateBackward(s, "r", [old, part.leaf], { falls: [fall] });
  };
  const split = note => ({ falls: [], note });
  return {
    z: () => gateBackward(s, "z", [dh, { minus: [old, n] }], { chain: conveyor(s, "z", "h") }),
    n: () => gateBackward(s, "n", [dh, open]),
    r: reset,
    h: hidden,
    add: () => ({ ...hidden(), title: "Gradient at the sum", note: () => "A sum hands its gradient on unchanged, to what was kept and to what was written." }),
    keep: () => ({
      title: "Gradient at what is kept",
      lines: [line(`part of ∂L/∂h_${stepLabel(s, before)}`, "what goes on to the step before", { times: [dh, z] }, "h_prev")],
      chain: conveyor(s, "z", "h"),
      ...split(() => `The update gate lets ${percent(z.value)} of the gradient pass straight to the step before.`),
    }),
    write: () => ({
      title: "Gradient at what is written",
      lines: [line(`∂L/∂n_${step}`, "gradient at the candidate", { times: [dh, open] }, "n")],
      ...split(() => `${percent(open.value)} of the gradient goes into the candidate.`),
    }),
    reset: () => (model.cut ? notSent("Gradient at what the candidate sees of the past") : {
      title: "Gradient at what the candidate sees of the past",
      lines: model.resetAfter
        ? [line(`∂L/∂r_${step}`, "gradient at the reset gate", { times: [dn, past] }, "r"), line(`∂L/∂(u_n·h+b)`, "gradient at the product", { times: [dn, r] }, "h_prev")]
        : [line(`∂L/∂r_${step}`, "gradient at the reset gate", { times: [back().leaf, old] }, "r"), line(`part of ∂L/∂h_${stepLabel(s, before)}`, "what goes on to the step before", { times: [back().leaf, r] }, "h_prev")],
      ...split(() => "A product gives each factor the gradient times the other."),
    }),
  };
}
