// The two ends of the network: what it reads, x, and what it says, y.

import { derivedLeaf, goTo, largest, plainLeaf, stepLabel, total } from "./equation_leaves.js";
import { throughInput, waterfallOfParts, withRest } from "./equation_backward.js";
import { inputName, inputRows, onlyInput, plainRow, unitBelow, waterfall } from "./equation_weighted.js";

const MOST_READ = 7;
const list = (s, title, rows, others, looks) => ({ ...waterfall(s, title, [{ rows, most: MOST_READ, others }], null), list: true, looks });

export function inputForward(s) {
  const { model, level, t } = s, only = onlyInput(s, t), rows = inputRows(s, k => level.x(t, k));
  const token = model.token(t), reads = token ? `This step reads “${token}”` : "This step reads these numbers";
  return {
    title: level.layer ? "Input, the layer below" : "Input",
    lines: [],
    falls: [list(s, "", rows, "other inputs", "signed")],
    note: say => (level.layer ? "This layer reads the hidden states of the layer below." : only >= 0
      ? `${reads}: ${inputName(s, only)} of ${level.inputs} is ${say(level.x(t, only))}, all others are 0.` : `${reads}.`),
  };
}

// dL/dx of one feature, through this level
export function inputBackward(s) {
  const { model, level, t, j } = s, k = Math.min(j, level.inputs - 1), parts = throughInput(s, level, k);
  const name = level.layer ? unitBelow(s, k, t).label : inputName(s, k);
  const sum = parts.reduce((sum, part) => sum + part.leaf.value, 0);
  const result = derivedLeaf(`∂L/∂x_{${stepLabel(s, t)},${k + 1}}`, sum, `gradient at ${name}`, "x");
  const through = model.D > 1 ? " Through this direction alone." : "";
  return {
    title: "Gradient at the input",
    subject: name,
    lines: [{ result, right: { add: parts.map(part => part.leaf) } }],
    falls: [waterfallOfParts(s, "", parts, { label: "∂L/∂x", value: sum, look: "gradient", colour: "backward" })],
    note: say => `Where ${name} grows a little, the loss changes ${say(sum)} times as much.${through}${model.cut ? " Through the units drawn alone." : ""}`,
  };
}

// the probabilities of the classes, from the logits y_t
function softmax(s) {
  const { model, t } = s, y = Array.from({ length: model.Q }, (_, q) => model.y(t, q)), most = Math.max(...y);
  const sizes = y.map(value => Math.exp(value - most)), sum = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map(size => size / sum);
}

export const outputName = (model, q) => (model.outputs ? `“${model.outputs[q]}”` : `output ${q + 1}`);

export function outputForward(s) {
  const { model, t, j } = s, q = Math.min(j, model.Q - 1), step = stepLabel(s, t);
  const result = plainLeaf(`y_{${step},${q + 1}}`, model.y(t, q), `output ${q + 1}`, { look: "signed", ref: "y" });
  const base = { title: "Output", subject: outputName(model, q) };
  if (!model.V) {
    const rows = Array.from({ length: model.Q }, (_, k) => ({ label: outputName(model, k), says: outputName(model, k), value: model.y(t, k), ref: "y", go: goTo(s, "y", t, { unit: k }) }));
    return { ...base, lines: [], falls: [list(s, "", rows, "other outputs", "signed")], note: () => "There is no readout: the output is the top layer's hidden state." };
  }
  const units = Array.from({ length: model.D * model.H }, (_, k) => {
    const direction = Math.floor(k / model.H), unit = k % model.H, arrow = model.D > 1 ? (direction ? "← " : "→ ") : "";
    return {
      label: `${arrow}h unit ${model.unitName(unit)}`, says: `hidden state of unit ${model.unitName(unit)}`, ref: "h",
      value: model.V(q, k) * model.level(model.L - 1, direction).h(t, unit), go: goTo(s, "h", t, { layer: model.L - 1, direction, unit }),
    };
  });
  const product = plainLeaf(`v·h_${step}`, total(units), "what the hidden state adds", { ref: "h", go: goTo(s, "h", t, { unit: 0, layer: model.L - 1 }) });
  const bias = plainLeaf("b", model.v(q), "bias"), falls = [waterfall(s, "", [{ rows: units, most: model.outputs ? 4 : 6, others: "other units" }, { rows: [plainRow("bias", bias.value)] }], { label: result.symbol, value: result.value, look: "signed" })];
  const likely = model.outputs ? softmax(s) : null;
  if (likely) {
    const rows = likely.map((value, k) => ({ label: outputName(model, k), says: outputName(model, k), value, ref: "y", go: goTo(s, "y", t, { unit: k }) }));
    rows.sort((one, other) => other.value - one.value);
    falls.push(list({ ...s, options: { ...s.options, all: false } }, "softmax of all outputs: the probabilities", rows.slice(0, 3), "", "share"));
  }
  return {
    ...base,
    lines: [{ result, right: withRest(s, result, { add: [product, bias] }) }],
    falls,
    note: say => (likely ? `Softmax makes ${outputName(model, q)} ${(100 * likely[q]).toPrecision(3)} % likely. ` : "") + `The largest term is that of ${largest(units).label}, ${say(largest(units).value)}.`,
  };
}

export function outputBackward(s) {
  const { model, t, j } = s, q = Math.min(j, model.Q - 1);
  const rows = Array.from({ length: model.Q }, (_, k) => ({ label: outputName(model, k), says: `gradient at ${outputName(model, k)}`, value: model.dy(t, k), ref: "y", go: goTo(s, "y", t, { unit: k }) }));
  return {
    title: "Gradient at the output",
    subject: outputName(model, q),
    lines: [],
    falls: [list(s, "", rows, "other outputs", "gradient")],
    note: say => (rows.every(row => row.value === 0) ? "No loss enters at this step." : `The loss enters here. Of all outputs, ${largest(rows).label} would change it most: ${say(largest(rows).value)}.`),
  };
}
