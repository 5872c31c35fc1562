// What there is to select, per cell: its symbol, its name, and for gates their colour and line style.
// A place is named by one word, `ref`, in every part of the player: in the forward pass it stands for the value there,
// in the backward pass for the derivative of the loss by that value (for a gate: by its pre-activation).

const STATES = {
  x: { symbol: "x", name: "input", kind: "signed" },
  h: { symbol: "h", name: "hidden state", kind: "signed" },
  c: { symbol: "c", name: "cell state", kind: "signed" },
  y: { symbol: "y", name: "output", kind: "signed" },
  a: { symbol: "a", name: "pre-activation", kind: "signed" },
};
const GATES = {
  f: { symbol: "f", name: "forget gate", kind: "gate", colour: "forget", dash: [] },
  i: { symbol: "i", name: "input gate", kind: "gate", colour: "input", dash: [6, 3] },
  o: { symbol: "o", name: "output gate", kind: "gate", colour: "output", dash: [2, 3] },
  g: { symbol: "g", name: "candidate", kind: "signed", colour: "candidate", dash: [8, 3, 2, 3] },
  z: { symbol: "z", name: "update gate", kind: "gate", colour: "forget", dash: [] },
  r: { symbol: "r", name: "reset gate", kind: "gate", colour: "output", dash: [2, 3] },
  n: { symbol: "n", name: "candidate", kind: "signed", colour: "candidate", dash: [8, 3, 2, 3] },
};
// Operations inside the cell; each stands for its result.
const OPERATIONS = {
  lstm: {
    keep: { symbol: "f·c", name: "what is kept", kind: "signed" },             // f_t * c_{t-1}
    write: { symbol: "i·g", name: "what is written", kind: "signed" },         // i_t * g_t
    add: { symbol: "+", name: "the sum, the new cell state", kind: "signed" }, // -> c_t
    squash: { symbol: "tanh c", name: "the cell state, squashed", kind: "signed" },
    reveal: { symbol: "o·tanh c", name: "what is let out, the hidden state", kind: "signed" }, // -> h_t
  },
  gru: {
    // after: r (W_hn h + b); before: r h
    reset: { symbol: "r·", name: "what the candidate sees of the past", kind: "signed" },
    keep: { symbol: "z·h", name: "what is kept", kind: "signed" },             // z_t * h_{t-1}
    write: { symbol: "(1−z)·n", name: "what is written", kind: "signed" },
    add: { symbol: "+", name: "the sum, the new hidden state", kind: "signed" }, // -> h_t
  },
  elman: {
    squash: { symbol: "φ(a)", name: "the activation, the hidden state", kind: "signed" }, // -> h_t
  },
};
// The quantities whose heat map can be seen, in the order of their buttons.
const MAPS = { elman: ["h", "a"], lstm: ["c", "h", "f", "i", "g", "o"], gru: ["h", "z", "r", "n"] };
const WHOLE = {
  elman: ["x", "a", "h", "y"], lstm: ["x", "f", "i", "g", "o", "c", "h", "y"], gru: ["x", "r", "z", "n", "h", "y"],
};

export const maps = model => MAPS[model.cell];
export const place = (model, ref) => OPERATIONS[model.cell][ref] || GATES[ref] || STATES[ref];
// every ref that this network has
export const places = model =>
  [...WHOLE[model.cell].filter(ref => ref !== "y" || model.y), ...Object.keys(OPERATIONS[model.cell])];
export const isGate = ref => ref in GATES;
// the map that shows a selected place best
export function mapOf(model, ref) {
  if (maps(model).includes(ref)) return ref;
  const path = model.cell === "gru" ? "h" : "c";
  return { keep: path, write: path, add: path, squash: "h", reveal: "h", reset: "r" }[ref] || "h";
}
