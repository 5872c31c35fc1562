// The LSTM's equations, as in cells/lstm.py.

import { derivedLeaf, gateLeaf, goTo, gradientLeaf, percent, plainLeaf, squashedLeaf, squashSlopeLeaf, stateLeaf, stepLabel } from "./equation_leaves.js";
import { account, hiddenGradient, throughGate, truncatedNote, waterfallOfParts } from "./equation_backward.js";
import { conveyor, gateBackward, gateForward, narrowest } from "./equation_gates.js";
import { evaluate } from "./digits.js";

const named = (s, word, right, says, ref) => plainLeaf(`${word}_${stepLabel(s, s.t)}`, evaluate(right), says, { look: "signed", ref });
const twoParts = (s, kept, written, result) => ({
  title: "", rows: [{ label: "kept", value: kept, says: "kept", ref: "keep", go: null }, { label: "written", value: written, says: "written", ref: "write", go: null }],
  sum: { label: result.symbol, value: result.value, look: "signed" },
});

export function lstmForward(s) {
  const { level, t, j, before } = s;
  const f = gateLeaf(s, "f", t), i = gateLeaf(s, "i", t), g = gateLeaf(s, "g", t), o = gateLeaf(s, "o", t);
  const c = stateLeaf(s, "c", t), old = stateLeaf(s, "c", before), h = stateLeaf(s, "h", t), squashed = squashedLeaf(s, t);
  const kept = f.value * old.value, written = i.value * g.value;
  const keep = { times: [f, old] }, write = { times: [i, g] };
  const ofOld = say => `of c = ${say(old.value)} it keeps ${say(kept)}.`;
  const cell = title => ({
    title,
    lines: [{ result: c, right: { add: [keep, write] } }],
    falls: [twoParts(s, kept, written, c)],
    note: say => `The forget gate is ${percent(f.value)} open: ${ofOld(say)} The input gate is ${percent(i.value)} open: it writes ${say(written)}.`,
  });
  const hidden = title => ({
    title,
    lines: [
      { result: h, right: { times: [o, { call: "tanh", of: c }] } },
      { result: h, right: { times: [o, squashed] }, continued: true },
    ],
    falls: [],
    note: say => `The output gate is ${percent(o.value)} open: of tanh c = ${say(squashed.value)} it lets out ${say(h.value)}.`,
  });
  return {
    f: () => gateForward(s, "f", say => `The forget gate is ${percent(f.value)} open: ${ofOld(say)}`),
    i: () => gateForward(s, "i", say => `The input gate is ${percent(i.value)} open: of the candidate ${say(g.value)} it writes ${say(written)}.`),
    g: () => gateForward(s, "g", say => `The candidate is ${say(g.value)}; the input gate, ${percent(i.value)} open, writes ${say(written)}.`),
    o: () => gateForward(s, "o", say => `The output gate is ${percent(o.value)} open: of tanh c = ${say(squashed.value)} it lets out ${say(h.value)}.`),
    c: () => cell("Cell state"),
    add: () => cell("The sum, the new cell state"),
    keep: () => ({
      title: "What is kept",
      lines: [{ result: named(s, "kept", keep, "what is kept", "keep"), right: keep }],
      falls: [],
      note: say => `The forget gate is ${percent(f.value)} open: ${ofOld(say)}`,
    }),
    write: () => ({
      title: "What is written",
      lines: [{ result: named(s, "written", write, "what is written", "write"), right: write }],
      falls: [],
      note: say => `The input gate is ${percent(i.value)} open: of the candidate ${say(g.value)} it writes ${say(written)}.`,
    }),
    squash: () => ({
      title: "The cell state, squashed",
      lines: [{ result: squashed, right: { call: "tanh", of: c } }],
      falls: [],
      note: say => `tanh brings c = ${say(level.c(t, j))} between −1 and 1; its slope here is ${say(squashSlopeLeaf(s, t).value)}.`,
    }),
    h: () => hidden("Hidden state"),
    reveal: () => hidden("What is let out, the hidden state"),
  };
}

export function lstmBackward(s) {
  const { level, t, after, before } = s;
  const dh = gradientLeaf(s, "h", t), dc = gradientLeaf(s, "c", t), slope = squashSlopeLeaf(s, t);
  const f = gateLeaf(s, "f", t), i = gateLeaf(s, "i", t), g = gateLeaf(s, "g", t), o = gateLeaf(s, "o", t);
  const old = stateLeaf(s, "c", before), squashed = squashedLeaf(s, t), step = stepLabel(s, t);
  const line = (symbol, says, right, ref) => ({ result: derivedLeaf(symbol, evaluate(right), says, ref), right });
  const cell = (title, more = [], says = null) => {
    const part = (label, right, ref) => ({ label, rows: [], right, leaf: plainLeaf("", evaluate(right), label, { ref, go: goTo(s, ref.split("_")[0], ref.endsWith("_next") ? after : t) }) });
    const viaH = part("through h", { times: [dh, o, slope] }, "h");
    const along = s.last ? [] : [part("conveyor", { times: [gradientLeaf(s, "c", after), gateLeaf(s, "f", after)] }, "c_next")];
    const { parts, truncated } = account(s, dc.value, [viaH], along);
    const row = conveyor(s, "f", "c");
    return {
      title,
      lines: [{ result: dc, right: { add: parts.map(part => part.right || part.leaf) } }, ...more],
      falls: [waterfallOfParts(s, "", parts, { label: "∂L/∂c", value: dc.value, look: "gradient", colour: "backward" })],
      chain: truncated ? null : row,
      note: say => says || (truncated ? truncatedNote(s) : s.last ? `All of it comes through h of this step: no later step sends anything back.`
        : `${say(parts[0].leaf.value)} comes through h of this step, ${say(parts[1].leaf.value)} back along the conveyor. ${narrowest(row, percent)}`),
    };
  };
  const hidden = () => hiddenGradient(s, s.last ? [] : ["f", "i", "g", "o"].map(gate => throughGate(s, gate)));
  return {
    f: () => gateBackward(s, "f", [dc, old], { chain: conveyor(s, "f", "c") }),
    i: () => gateBackward(s, "i", [dc, g]),
    g: () => gateBackward(s, "g", [dc, i]),
    o: () => gateBackward(s, "o", [dh, squashed]),
    c: () => cell("Gradient at the cell state"),
    add: () => cell("Gradient at the sum", [], "A sum hands its gradient on unchanged, to what was kept and to what was written."),
    keep: () => ({
      title: "Gradient at what is kept",
      lines: [
        line(`part of ∂L/∂c_${stepLabel(s, before)}`, "what goes on along the conveyor", { times: [dc, f] }, "c_prev"),
        line(`∂L/∂f_${step}`, "gradient at the forget gate", { times: [dc, old] }, "f"),
      ],
      falls: [],
      chain: conveyor(s, "f", "c"),
      note: () => `The forget gate lets ${percent(f.value)} of the gradient pass to the step before. A product gives each factor the gradient times the other.`,
    }),
    write: () => ({
      title: "Gradient at what is written",
      lines: [
        line(`∂L/∂i_${step}`, "gradient at the input gate", { times: [dc, g] }, "i"),
        line(`∂L/∂g_${step}`, "gradient at the candidate", { times: [dc, i] }, "g"),
      ],
      falls: [],
      note: () => "A product gives each factor the gradient times the other.",
    }),
    squash: () => ({
      title: "Gradient at tanh c",
      lines: [
        line(`∂L/∂tanh c_${step}`, "gradient at tanh of the cell state", { times: [dh, o] }, "squash"),
        line(`part of ∂L/∂c_${step}`, "what goes on into the cell state", { times: [dh, o, slope] }, "c"),
      ],
      falls: [],
      note: say => `tanh passes its slope of the gradient, here ${say(slope.value)} of at most 1.`,
    }),
    h: hidden,
    reveal: () => {
      const whole = hidden();
      return {
        ...whole,
        title: "Gradient at what is let out",
        lines: [
          line(`∂L/∂o_${step}`, "gradient at the output gate", { times: [dh, squashed] }, "o"),
          line(`∂L/∂tanh c_${step}`, "gradient at tanh of the cell state", { times: [dh, o] }, "squash"),
        ],
        falls: [],
        note: () => `A product gives each factor the gradient times the other: ${percent(o.value)} goes on towards the cell state.`,
      };
    },
  };
}
