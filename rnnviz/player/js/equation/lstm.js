// The LSTM's equations, as in cells/lstm.py.

import { evaluate } from "../core/digits.js";
import { gateLeaf, goTo, gradientLeaf, onLeaf, percent, plainLeaf, squashedLeaf, squashSlopeLeaf, stateLeaf,
  stepLabel } from "./leaves.js";
import { account, cutNote, hiddenGradient, passedOn, throughGate, truncatedNote,
  waterfallOfParts } from "./backward.js";
import { conveyor, gateBackward, gateForward, narrowest } from "./gates.js";
import { ADDITION, derivative, gradientSum, keptAndWritten, operation, PRODUCT } from "./parts.js";

export function lstmForward(s) {
  const { t, before } = s;
  const [f, i, g, o] = ["f", "i", "g", "o"].map(gate => gateLeaf(s, gate, t));
  const c = stateLeaf(s, "c", t), old = stateLeaf(s, "c", before), h = stateLeaf(s, "h", t), squashed = squashedLeaf(s,
    t);
  const keep = { times: [f, old] }, write = { times: [i, g] };
  const kept = say => say(evaluate(keep)), written = say => say(evaluate(write));
  const keeps = say => `The forget gate is ${percent(f.value)} open: of c = ${say(old.value)} it keeps ${kept(say)}.`;
  const writes = say =>
    `The input gate is ${percent(i.value)} open: of the candidate ${say(g.value)} it writes ${written(say)}.`;
  const reveals = say =>
    `The output gate is ${percent(o.value)} open: of tanh c = ${say(squashed.value)} it lets out ${say(h.value)}.`;
  const cell = title => ({
    title,
    lines: [{ result: c, right: { add: [keep, write] } }],
    falls: [keptAndWritten(keep, write, c)],
    note: say => `${keeps(say)} ${writes(say)}`,
  });
  const hidden = title => ({
    title,
    lines: [
      { result: h, right: { times: [o, { call: "tanh", of: c }] } },
      { result: h, right: { times: [o, squashed] }, continued: true },
    ],
    note: reveals,
  });
  return {
    f: () => gateForward(s, "f", keeps),
    i: () => gateForward(s, "i", writes),
    g: () => gateForward(s, "g", say =>
      `The input gate, ${percent(i.value)} open, writes ${written(say)} of the candidate ${say(g.value)}.`),
    o: () => gateForward(s, "o", reveals),
    c: () => cell("Cell state"),
    add: () => cell("The sum, the new cell state"),
    keep: () => ({ title: "What is kept", lines: [operation(s, "kept", keep, "what is kept", "keep")], note: keeps }),
    write: () => ({ title: "What is written", lines: [operation(s, "written", write, "what is written", "write")],
      note: writes }),
    squash: () => ({
      title: "The cell state, squashed",
      lines: [{ result: squashed, right: { call: "tanh", of: c } }],
      note: say =>
        `tanh brings c = ${say(c.value)} between −1 and 1; its slope here is ${say(squashSlopeLeaf(s, t).value)}.`,
    }),
    h: () => hidden("Hidden state"),
    reveal: () => hidden("What is let out, the hidden state"),
  };
}

export function lstmBackward(s) {
  const { t, before } = s, step = stepLabel(s, t);
  const dh = onLeaf(s, "h", t), dc = onLeaf(s, "c", t), all = gradientLeaf(s, "c", t), slope = squashSlopeLeaf(s, t);
  const [f, i, g, o] = ["f", "i", "g", "o"].map(gate => gateLeaf(s, gate, t));
  const old = stateLeaf(s, "c", before), squashed = squashedLeaf(s, t), row = conveyor(s, "f", "c");
  const toSquashed = derivative(`∂L/∂tanh c_${step}`, "gradient at tanh of the cell state", { times: [dh, o] },
    "squash");
  return {
    f: () => gateBackward(s, "f", [dc, old], { chain: row }),
    i: () => gateBackward(s, "i", [dc, g]),
    g: () => gateBackward(s, "g", [dc, i]),
    o: () => gateBackward(s, "o", [dh, squashed]),
    c: () => cellGradient(s, all, [dh, o, slope], row),
    add: () => ({ ...cellGradient(s, all, [dh, o, slope], row), title: "Gradient at the sum", note: () => ADDITION }),
    keep: () => ({
      title: "Gradient at what is kept",
      lines: [
        derivative(`part of ∂L/∂c_${stepLabel(s, before)}`, "what goes on along the cell state path",
          passedOn(s, { times: [dc, f] }), "c_prev"),
        derivative(`∂L/∂f_${step}`, "gradient at the forget gate", { times: [dc, old] }, "f"),
      ],
      chain: row,
      note: () =>
        cutNote(s, `The forget gate lets ${percent(f.value)} of the gradient pass to the step before. ${PRODUCT}`),
    }),
    write: () => ({
      title: "Gradient at what is written",
      lines: [
        derivative(`∂L/∂i_${step}`, "gradient at the input gate", { times: [dc, g] }, "i"),
        derivative(`∂L/∂g_${step}`, "gradient at the candidate", { times: [dc, i] }, "g"),
      ],
      note: () => PRODUCT,
    }),
    squash: () => ({
      title: "Gradient at tanh c",
      lines: [toSquashed, derivative(`part of ∂L/∂c_${step}`, "what goes on into the cell state",
        { times: [dh, o, slope] }, "c")],
      note: say => `tanh passes its slope of the gradient, here ${say(slope.value)} of at most 1.`,
    }),
    h: () => hiddenGradient(s, s.last ? [] : ["f", "i", "g", "o"].map(gate => throughGate(s, gate))),
    reveal: () => ({
      title: "Gradient at what is let out",
      lines: [derivative(`∂L/∂o_${step}`, "gradient at the output gate", { times: [dh, squashed] }, "o"), toSquashed],
      note: () => `${PRODUCT} The output gate lets ${percent(o.value)} pass towards the cell state.`,
    }),
  };
}

// dL/dc_t = dL/dh_t o_t (1 - tanh^2 c_t) + dL/dc_{t+1} f_{t+1}
function cellGradient(s, dc, fromHidden, row) {
  const { t, after } = s;
  const part = (label, right, ref, go) => ({ label, rows: [], right, leaf: plainLeaf(label, evaluate(right), label,
    { ref, go }) });
  const first = part("through h", { times: fromHidden }, "h", goTo(s, "h", t));
  const along = () => part("cell state path", { times: [onLeaf(s, "c", after), gateLeaf(s, "f", after)] }, "c_next",
    goTo(s, "c", after));
  const { parts, truncated } = account(s, dc.value, [first], s.last ? [] : [along()]);
  const way = say => (parts.length > 1
    ? `, ${say(parts[1].leaf.value)} back along the cell state path. ${narrowest(row)}`
    : ". No later step sends anything back.");
  return {
    title: "Gradient at the cell state",
    lines: [{ result: dc, right: { add: parts.map(part => part.right || part.leaf) } }],
    falls: [waterfallOfParts(s, "", parts, gradientSum("∂L/∂c", dc.value))],
    chain: truncated ? null : row,
    note: say => (truncated ? truncatedNote(s) : `${say(first.leaf.value)} comes through h of this step${way(say)}`),
  };
}
