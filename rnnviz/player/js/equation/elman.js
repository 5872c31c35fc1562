// The Elman cell's equations, as in cells/elman.py.

import { gradientLeaf, stateLeaf } from "./leaves.js";
import { hiddenGradient, throughGate } from "./backward.js";
import { activationOf, applied, gateBackward, gateForward, preLeaf } from "./gates.js";
import { largestTerm, waterfall, weightedSum } from "./weighted.js";
import { ratios } from "./ratios.js";

export function elmanForward(s) {
  const { model, level, t, j } = s, h = stateLeaf(s, "h", t), a = preLeaf(s, "h"), phi = activationOf(model, "h");
  const held = level.pinned("h", t, j);
  const slope = say => {
    if (held) return "";
    return phi.sign ? `The slope of ${phi.sign} here is ${say(level.slope("h", t, j))}.`
      : "A linear unit hands on its pre-activation as it is.";
  };
  const hidden = () => gateForward(s, "h", slope);
  return {
    a: () => {
      const inside = weightedSum(s, "h");
      return {
        title: "Pre-activation",
        lines: [{ result: a, right: { add: inside.leaves } }],
        falls: [waterfall(s, "", inside.groups, { label: a.symbol, value: a.value, look: "plain" })],
        note: say => largestTerm(inside.rows, say),
      };
    },
    h: hidden,
    squash: () => (held ? hidden() : { title: "The activation, the hidden state",
      lines: [{ result: h, right: applied(phi, a) }], note: slope }),
  };
}

export function elmanBackward(s) {
  const hidden = title => {
    const explanation = hiddenGradient(s, s.last ? [] : [throughGate(s, "h")]);
    return { ...explanation, title, chain: explanation.truncated ? null : ratios(s) };
  };
  return {
    a: () => gateBackward(s, "h", [gradientLeaf(s, "h", s.t)]),
    h: () => hidden("Gradient at the hidden state"),
    squash: () => hidden("Gradient at the activation, the hidden state"),
  };
}
