// Where no single valve stands on the gradient's way back, but a matrix: by how much its size over all units changed
// from step to step. The ratios of neighbours multiply to the ratio of the ends.

import { goTo, plainLeaf, stepLabel } from "./leaves.js";

const NEAREST = 8;

// |dL/dh_t| over all units, without overflow on the way
function size(s, t) {
  let most = 0, sum = 0;
  for (let j = 0; j < s.model.H; j++) most = Math.max(most, Math.abs(s.level.dh(t, j)));
  if (!(most > 0 && Number.isFinite(most))) return most;
  for (let j = 0; j < s.model.H; j++) sum += (s.level.dh(t, j) / most) ** 2;
  return most * Math.sqrt(sum);
}

export function ratios(s) {
  const leaves = [];
  let here = size(s, s.t), far = s.t;
  const first = here;
  for (let t = s.after; t >= 0 && t < s.model.T && !s.level.cutBefore(t); t = s.level.after(t)) {
    const there = size(s, t);
    if (there === 0) break; // no gradient came from there
    const [near, next] = [stepLabel(s, far), stepLabel(s, t)];
    const says = `norm of the gradient at step ${near} over that at step ${next}`;
    leaves.push(plainLeaf(`${near}←${next}`, here / there, says, { ref: "h_next", go: goTo(s, "h", t) }));
    [here, far] = [there, t];
  }
  if (!leaves.length) return null;
  const whole = `|∂L/∂h_${stepLabel(s, s.t)}|/|∂L/∂h_${stepLabel(s, far)}|`;
  return {
    title: `How the gradient's norm over ${s.model.cut ? "the units drawn" : "all units"} changed, `
      + `from step ${stepLabel(s, far)} back to ${stepLabel(s, s.t)}`,
    leaves: leaves.slice(0, NEAREST),
    more: Math.max(0, leaves.length - NEAREST),
    result: plainLeaf(whole, first / here, "ratio of the gradients' norms at the two ends"),
    underflow: null,
  };
}
