// The two ends of the network: what it reads, x, and what it says, y.

import { derivedLeaf, goTo, largest, plainLeaf, stepLabel, total } from "./leaves.js";
import { throughInput, waterfallOfParts, withRest } from "./backward.js";
import { gradientSum } from "./parts.js";
import { inputName, inputRows, onlyInput, plainRow, unitBelow, waterfall } from "./weighted.js";

// numbers side by side: the largest, and the others as one
const MOST_LISTED = 7;
const listed = (s, rows, others, looks) => ({ ...waterfall(s, "", [{ rows, most: MOST_LISTED, others }], null),
  list: true, looks });

export function inputForward(s) {
  const { model, level, t } = s, only = onlyInput(s, t), token = model.token(t);
  const reads = token ? `This step reads “${token}”` : "This step reads these numbers";
  const rest = say => (only < 0 ? "."
    : `: ${inputName(s, only)} of ${level.inputs} is ${say(level.x(t, only))}, all others are 0.`);
  return {
    title: level.layer ? "Input, the layer below" : "Input",
    lines: [],
    falls: [listed(s, inputRows(s, k => level.x(t, k)), "other inputs", "signed")],
    note: say => (level.layer ? "This layer reads the hidden states of the layer below." : reads + rest(say)),
  };
}

// dL/dx of one feature, through this direction of this layer
export function inputBackward(s) {
  const { model, level, t } = s, k = Math.min(s.j, level.inputs - 1), parts = throughInput(s, level, k);
  const name = level.layer ? unitBelow(s, k, t).label : inputName(s, k), sum = total(parts.map(part => part.leaf));
  const result = derivedLeaf(`∂L/∂x_{${stepLabel(s, t)},${k + 1}}`, sum, `gradient at ${name}`, "x");
  const alone = [model.D > 1 ? "this direction" : "", model.cut ? "the units drawn" : ""].filter(Boolean).join(" and ");
  return {
    title: "Gradient at the input",
    subject: name,
    lines: [{ result, right: { add: parts.map(part => part.leaf) } }],
    falls: [waterfallOfParts(s, "", parts, gradientSum("∂L/∂x", sum))],
    note: say =>
      `Where ${name} grows a little, L changes ${say(sum)} times as much.${alone && ` Through ${alone} alone.`}`,
  };
}

const outputName = (model, q) => (model.outputs ? `“${model.outputs[q]}”` : `output ${q + 1}`);
const outputRows = (s, value) => Array.from({ length: s.model.Q }, (_, q) => ({
  label: outputName(s.model, q), says: outputName(s.model, q), value: value(q), ref: "y", go: goTo(s, "y", s.t,
    { unit: q }),
}));

// y_t = V h_t + v, and for classes its softmax
export function outputForward(s) {
  const { model, t } = s, q = Math.min(s.j, model.Q - 1), top = model.L - 1, step = stepLabel(s, t),
    y = k => model.y(t, k);
  const head = { title: "Output", subject: outputName(model, q) };
  if (!model.V) {
    const falls = [listed(s, outputRows(s, y), "other outputs", "signed")];
    return { ...head, lines: [], falls,
      note: () => "There is no readout: the output is the top layer's hidden state." };
  }
  const units = Array.from({ length: model.D * model.H }, (_, k) => {
    const direction = Math.floor(k / model.H), unit = k % model.H, label = `h unit ${model.unitName(unit)}`;
    return {
      label: model.D > 1 ? `${direction ? "←" : "→"} ${label}` : label,
        says: `hidden state of unit ${model.unitName(unit)}`, ref: "h",
      value: model.V(q, k) * model.level(top, direction).h(t, unit), go: goTo(s, "h", t, { layer: top, direction,
        unit }),
    };
  });
  const result = plainLeaf(`y_{${step},${q + 1}}`, y(q), outputName(model, q), { look: "signed", ref: "y" });
  const product = plainLeaf(`v·h_${step}`, total(units), "what the hidden state adds", { ref: "h", go: goTo(s, "h", t,
    { unit: 0, layer: top }) });
  const bias = plainLeaf("b", model.v(q), "bias"), right = withRest(s, result, { add: [product, bias] });
  const rest = right.add.slice(1).flatMap(leaf => (leaf.symbol === "not drawn" ? plainRow("not drawn", leaf.value)
    : []));
  const groups = [{ rows: units, most: model.outputs ? 4 : 6, others: "other units" },
    { rows: [plainRow("bias", bias.value), ...rest] }];
  const likely = model.outputs ? softmax(model, y) : null;
  const says = likely ? `Softmax makes ${outputName(model, q)} ${(100 * likely[q]).toPrecision(3)} % likely. ` : "";
  return {
    ...head,
    lines: [{ result, right }],
    falls: [waterfall(s, "", groups, { label: result.symbol, value: result.value, look: "signed" }),
      ...(likely ? [likeliest(s, likely)] : [])],
    note: say => `${says}The largest term is that of ${largest(units).label}, ${say(largest(units).value)}.`,
  };
}

// the probabilities of the classes, from their logits
function softmax(model, y) {
  const logits = Array.from({ length: model.Q }, (_, q) => y(q)), most = Math.max(...logits);
  const sizes = logits.map(logit => Math.exp(logit - most)), sum = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map(size => size / sum);
}
function likeliest(s, likely) {
  const rows = outputRows(s, q => likely[q]).sort((one, other) => other.value - one.value).slice(0, 3);
  return { title: "softmax of all outputs: the probabilities", rows, sum: null, list: true, looks: "share" };
}

export function outputBackward(s) {
  const { model, t } = s, rows = outputRows(s, q => model.dy(t, q)), most = largest(rows);
  return {
    title: "Gradient at the output",
    subject: outputName(model, Math.min(s.j, model.Q - 1)),
    lines: [],
    falls: [listed(s, rows, "other outputs", "gradient")],
    note: say => (most.value === 0 ? "L does not depend on this step's output."
      : `L depends on this step's output. Of all outputs, ${most.label} would change it most: ${say(most.value)}.`),
  };
}
