// The legs of a step, per cell and pass: name: [from, to, needs], shares of the step as phases.js reads them. A
// wire's leg has the name of its flow (circuit/<cell>.js); open_f is the time in which the forget gate's activation
// is taken, wx_f, wh_f and b_f bring the three terms of its sum.

// one gate after the other: terms into the sum, the sum into the gate, the gate moves
function sums(gates, start, lag) {
  return Object.assign({}, ...gates.map((gate, k) => {
    const at = start + lag * k, reads = `x ${gate}`, both = `x h ${gate}`;
    return {
      [`wx_${gate}`]: [at, at + 0.06, reads], [`wh_${gate}`]: [at + 0.05, at + 0.11, both],
      [`b_${gate}`]: [at + 0.1, at + 0.15, reads], [`a_${gate}`]: [at + 0.15, at + 0.21, reads],
      [`open_${gate}`]: [at + 0.21, at + 0.31, gate],
    };
  }));
}

// the gradient through the slope of each gate, down its sum, and to what it reads
function slopes(gates, start) {
  return Object.assign({}, ...gates.map(gate => {
    const at = start[gate], reads = `x ${gate}`;
    return {
      [`open_${gate}`]: [at, at + 0.07, gate], [`a_${gate}`]: [at + 0.07, at + 0.13, reads],
      [`via_${gate}`]: [at + 0.13, at + 0.18, `h ${reads}`],
    };
  }));
}

const elman = (model, backward) => (backward ? {
  next_h: [0, 0.18, "h"], up: [0, 0.16, "h y"], h: [0.18, 0.32, "h"], squash: [0.32, 0.52, "h"], a: [0.52, 0.64, "h"],
  past: [0.66, 0.78, "h"], now: [0.66, 0.78, "h"], b: [0.66, 0.78, "h"], via_h: [0.8, 0.98, "h"], x: [0.8, 1, "x"],
} : {
  x: [0, 0.18, "x"], via_h: [0.02, 0.18, "h"], now: [0.2, 0.34, "h"], past: [0.2, 0.34, "h"], b: [0.24, 0.36, "h"],
  a: [0.36, 0.48, "h"], squash: [0.48, 0.7, "h"], h: [0.7, 0.82, "h"], next_h: [0.82, 0.9, "h"], up: [0.82, 0.93,
    "h y"],
  loop: [0.9, 1, "h"],
});

const LSTM = ["f", "i", "g", "o"];
const lstm = (model, backward) => (backward ? {
  next_h: [0, 0.12, "h"], up: [0, 0.12, "h y"], next_c: [0.02, 0.3, "c"], h: [0.12, 0.22, "h"], o: [0.28, 0.36, "o"],
  squash: [0.23, 0.3, "tanh"], tanh: [0.3, 0.37, "tanh"], branch: [0.37, 0.42, "tanh"], c: [0.42, 0.52, "c"],
  keep: [0.52, 0.6, "f c"], write: [0.52, 0.59, "c"], f: [0.62, 0.69, "f c"], past_c: [0.62, 0.84, "c"],
    i: [0.61, 0.68, "i"],
  g: [0.61, 0.68, "g"], ...slopes(LSTM, { o: 0.37, i: 0.69, g: 0.69, f: 0.7 }), past_h: [0.86, 1, "x h"],
    x: [0.86, 1, "x"],
} : {
  x: [0, 0.13, "x"], past_h: [0, 0.13, "x h"], ...sums(LSTM, 0.04, 0.03), past_c: [0.24, 0.42, "c"], f: [0.36, 0.44,
    "f c"],
  keep: [0.46, 0.57, "f c"], i: [0.4, 0.48, "i"], g: [0.42, 0.5, "g"], write: [0.51, 0.59, "c"], c: [0.59, 0.71, "c"],
  next_c: [0.71, 0.86, "c"], branch: [0.67, 0.73, "tanh"], tanh: [0.73, 0.81, "tanh"], squash: [0.81, 0.86, "tanh"],
  o: [0.78, 0.86, "o"], h: [0.86, 0.93, "h"], next_h: [0.93, 1, "h"], up: [0.93, 1, "h y"],
});

const GRU = ["z", "r"];
const gru = ({ resetAfter }, backward) => (backward ? {
  next_h: [0, 0.14, "h"], up: [0, 0.14, "h y"], h: [0.14, 0.26, "h"], keep: [0.26, 0.34, "z h"], write: [0.26, 0.34,
    "h"],
  z_keep: [0.36, 0.42, "z h"], past_h: [0.36, 0.6, "h"], n: [0.36, 0.46, "n"], rest: [0.36, 0.42, "z"],
  z_mix: [0.42, 0.46, "z"], z: [0.46, 0.52, "z"], open_n: [0.46, 0.53, "n"], a_n: [0.53, 0.58, "n"],
  ...(resetAfter ? { reset: [0.58, 0.65, "n h"], see: [0.66, 0.72, "n h"], via_n: [0.73, 0.84, "n h"] }
    : { weighted: [0.58, 0.65, "n h"], reset: [0.66, 0.72, "n h"], see: [0.73, 0.84, "n h"] }),
  r: [0.66, 0.76, "r n"], ...slopes(GRU, { z: 0.53, r: 0.77 }), past_column: [0.84, 1, "x h"], x: [0.86, 1, "x"],
} : {
  x: [0, 0.12, "x"], past_column: [0, 0.12, "x h"], ...sums(GRU, 0.03, 0.04), past_h: [0.3, 0.44, "h"],
  ...(resetAfter ? { via_n: [0.12, 0.22, "n h"], see: [0.24, 0.32, "n h"], reset: [0.45, 0.53, "n h"] }
    : { see: [0.2, 0.34, "n h"], reset: [0.45, 0.5, "n h"], weighted: [0.51, 0.55, "n h"] }),
  r: [0.38, 0.45, "r n"], z: [0.36, 0.42, "z h"], z_keep: [0.42, 0.46, "z h"], keep: [0.46, 0.6, "z h"],
  wx_n: [0.47, 0.54, "x n"], b_n: [0.5, 0.55, "x n"], a_n: [0.55, 0.61, "n"], open_n: [0.61, 0.71, "n"],
  z_mix: [0.56, 0.6, "z"], rest: [0.62, 0.7, "z"], n: [0.71, 0.79, "n"], write: [0.79, 0.85, "h"], h: [0.85, 0.93, "h"],
  next_h: [0.93, 1, "h"], up: [0.93, 1, "h y"],
});

export const LEGS = { elman, lstm, gru };

// What happens in a step, in order: [a word, the leg that begins it]
const PARTS = {
  elman: [["read", "x"], ["weigh", "past"], ["add", "a"], ["squash", "squash"], ["pass on", "h"]],
  lstm: [["read", "x"], ["add up", "a_f"], ["gates move", "open_f"], ["forget", "f"], ["write", "write"],
    ["new state", "c"],
    ["squash", "tanh"], ["let out", "h"]],
  gru: [["read", "x"], ["add up", "a_z"], ["gates move", "open_z"], ["reset", "r"], ["keep", "keep"],
    ["candidate", "open_n"],
    ["blend", "write"], ["pass on", "h"]],
};
const PARTS_BACK = {
  elman: [["arrives", "next_h"], ["slope", "squash"], ["shared out", "past"], ["passed back", "via_h"]],
  lstm: [["arrives", "next_c"], ["output gate", "squash"], ["through tanh", "tanh"], ["cell state", "c"],
    ["forget gate", "past_c"],
    ["slopes", "open_f"], ["passed back", "past_h"]],
  gru: [["arrives", "next_h"], ["update gate", "past_h"], ["candidate", "open_n"], ["reset gate", "see"],
    ["passed back", "past_column"]],
};
export const partsOf = ({ cell }, backward) => (backward ? PARTS_BACK : PARTS)[cell];
