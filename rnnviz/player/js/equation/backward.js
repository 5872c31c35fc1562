// The backward sums: what dL/dh_t is made of,
//
//   dL/dh_t = what the output or the layer above sends + what step t + 1 sends back through each of its gates
//
// A part is one term of such a sum: {leaf, label, rows}, its rows being the terms it is itself a sum of.

import { evaluate } from "../core/digits.js";
import { derivedLeaf, goTo, gradientLeaf, percent, plainLeaf, preRef, preSymbol, stepLabel, total } from "./leaves.js";
import { gradientSum } from "./parts.js";
import { recurrentWeight, waterfall } from "./weighted.js";
import { place } from "../core/names.js";

const partOf = (label, symbol, says, rows, more) => ({
  label, rows, leaf: plainLeaf(symbol, total(rows), says, { look: "gradient", ...more }),
});

// through the gate of the step after: sum over units m of U[m, j] * dL/da[m], or of whatever value(m) gives
export function throughGate(s, gate, { value = m => s.level.U(gate, m, s.j) * s.level.da(gate, s.after, m),
  symbol = null } = {}) {
  const { model, after } = s, { name, colour } = place(model, preRef(gate));
  const rows = Array.from({ length: model.H }, (_, m) => ({
    label: `unit ${model.unitName(m)}`, says: `through the ${name} of unit ${model.unitName(m)}, one step later`,
    value: value(m), ref: `${preRef(gate)}_next`, go: goTo(s, preRef(gate), after, { unit: m }),
  }));
  const symbols = symbol || `${recurrentWeight(gate === "h" ? "" : gate)}·∂L/∂${preSymbol(s, gate, after)}`;
  return partOf(`via ${gate === "h" ? "a" : gate}_${stepLabel(s, after)}`, symbols,
    `back through the ${name} of the next step read`, rows, {
    colour, ref: `${preRef(gate)}_next`, go: goTo(s, preRef(gate), after),
  });
}

// dL/d(input k) of a level at step t: sum over gates and units of W * dL/da, one part per gate
export function throughInput(s, level, k) {
  const { model, t } = s;
  return model.gates.map(gate => {
    const { name, colour } = place(model, preRef(gate)), of = gate === "h" ? "x" : `{x${gate}}`;
    const rows = Array.from({ length: model.H }, (_, m) => ({
      label: `unit ${model.unitName(m)}`, says: `through the ${name} of unit ${model.unitName(m)}`, ref: preRef(gate),
      value: level.W(gate, m, k) * level.da(gate, t, m),
      go: goTo(s, preRef(gate), t, { unit: m, layer: level.layer, direction: level.direction }),
    }));
    return partOf(`via ${gate === "h" ? "a" : gate}`, `w_${of}·∂L/∂${preSymbol(s, gate, t)}`, `through the ${name}`,
      rows, {
      colour, ref: preRef(gate), go: goTo(s, preRef(gate), t, { unit: 0, layer: level.layer,
        direction: level.direction }),
    });
  });
}

// What reaches h_t from outside its own level: the output, or the layer above with all its directions. null: not drawn.
export function fromOutside(s) {
  const { model, level, t, j } = s, k = level.direction * model.H + j;
  if (level.layer < model.L - 1) {
    const rows = model.levels[level.layer + 1].flatMap(above => throughInput(s, above, k).map(({ leaf, label }) => ({
      label: model.D > 1 ? `${label} ${above.direction ? "←" : "→"}` : label, says: leaf.says, value: leaf.value,
        ref: "y", go: leaf.go,
    })));
    const above = model.layerName(level.layer + 1);
    return partOf(`layer ${above}`, `from layer ${above}`, `from layer ${above}`, rows, { ref: "y", go: rows[0].go });
  }
  if (!model.dy) return null;
  const step = stepLabel(s, t), to = q => goTo(s, "y", t, { unit: q });
  if (model.V) {
    const rows = Array.from({ length: model.Q }, (_, q) => ({
      label: model.outputs ? `“${model.outputs[q]}”` : `output ${q + 1}`, says: `from output ${q + 1}`,
      value: model.V(q, k) * model.dy(t, q), ref: "y", go: to(q),
    }));
    const says = "from the output of this step, through v, the readout’s weight on this unit";
    return partOf("output", `v·∂L/∂y_${step}`, says, rows, { ref: "y", go: to(0) });
  }
  const q = level.direction * (model.Q / model.D) + model.unitName(j) - 1;
  const entered = { label: "output", says: "output", value: model.dy(t, q), ref: "y", go: to(q) };
  return partOf("output", `∂L/∂y_${step}`, "from the output of this step", [entered], { ref: "y", go: to(q) });
}

// whether something that belongs to this step's sum is not drawn
const incomplete = s => s.model.cut || (s.last && s.level.direction === 1 && s.model.stepName(0) > 1);

// The parts that the recorded total is the sum of; those of the next step are left out where the backward pass was
// cut. Where something is not drawn, the rest is a part of its own.
export function account(s, recorded, first, next) {
  const truncated = s.level.cutAfter(s.t), inside = truncated ? first : [...first, ...next];
  if (!incomplete(s) && inside.length) return { parts: inside, truncated };
  const rest = recorded - inside.reduce((sum, part) => sum + part.leaf.value, 0);
  const size = inside.reduce((most, part) => Math.max(most, Math.abs(part.leaf.value)), Math.abs(recorded));
  if (inside.length && Math.abs(rest) <= 1e-6 * size) return { parts: inside, truncated };
  const missing = partOf("not drawn", "not drawn", "what is not drawn", [{ label: "not drawn", value: rest }]);
  return { parts: [...inside, missing], truncated };
}

// What goes on to the step before: the product `right`, or nothing where the backward pass was cut.
export const passedOn = (s, right) => (s.level.cutBefore(s.t) ? plainLeaf("truncated", 0, "truncated",
  { look: "gradient" }) : right);
export const cutNote = (s, words) =>
  (s.level.cutBefore(s.t)
    ? `The backward pass was truncated between this step and step ${stepLabel(s, s.before)}: nothing goes on to there.`
    : words);

// Where units are not drawn, the parts of a product need not be all of it: the rest is added, so that the line holds.
export function withRest(s, result, right) {
  const rest = result.value - evaluate(right);
  if (!s.model.cut || !(Math.abs(rest) > 1e-5 * Math.abs(result.value))) return right;
  return { add: [right, plainLeaf("not drawn", rest, "what is not drawn", { look: "gradient" })] };
}

// the waterfall of parts; the one that is open shows its rows below it
export function waterfallOfParts(s, title, parts, sum) {
  const rows = parts.flatMap(({ leaf, label, rows }) => {
    const opens = rows.length > 1 ? leaf.ref || label : null, open = opens !== null && s.options.open === opens;
    const row = { label, says: leaf.says, value: leaf.value, ref: leaf.ref, go: leaf.go, formula: true, opens, open };
    return open ? [row, ...rows.map(inner => ({ ...inner, inner: true }))] : [row];
  });
  return waterfall(s, title, [{ rows }], sum);
}

// dL/dh_t in full, the same for every cell but for the parts that come back from the next step
export function hiddenGradient(s, next) {
  const result = gradientLeaf(s, "h", s.t), outside = fromOutside(s);
  const { parts, truncated } = account(s, result.value, outside ? [outside] : [], s.last ? [] : next);
  return {
    title: "Gradient at the hidden state",
    truncated,
    lines: [{ result, right: { add: parts.map(part => part.leaf) } }],
    falls: [waterfallOfParts(s, "", parts, gradientSum("∂L/∂h", result.value))],
    note: say => (truncated ? truncatedNote(s) : whereFrom(s, parts, say)),
  };
}

export const truncatedNote = s =>
  `The backward pass was truncated between this step and step ${stepLabel(s, s.after)}: nothing comes back from there.`;

function whereFrom(s, parts, say) {
  const sizes = parts.map(part => Math.abs(part.leaf.value)), all = sizes.reduce((sum, size) => sum + size, 0);
  if (all === 0) return "Nothing that this unit does at this step reaches L.";
  const most = sizes.indexOf(Math.max(...sizes)), value = say(parts[most].leaf.value);
  const only = s.last ? " No later step sends anything back." : "";
  if (sizes.length === 1) return `All of it comes ${wayOf(parts[most])}.${only}`;
  return `The largest part, ${value}, comes ${wayOf(parts[most])}: ${percent(sizes[most] / all)} of all parts by size.`;
}
const WAYS = { output: "from the output of this step", "not drawn": "from what is not drawn" };
const wayOf = ({ label }) => WAYS[label] || (label.startsWith("layer") ? `from ${label}`
  : `back ${label.replace("_", " of step ")}`);

// Clamped: a constant, behind which no gradient gets.
export const heldGradient = (title, result) => ({
  title,
  lines: [{ result, right: derivedLeaf("clamped", 0, "clamped") }],
  note: () => "The gate is clamped at a constant: the gradient stops here.",
});
