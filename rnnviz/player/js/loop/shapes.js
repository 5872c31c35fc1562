// Curves of motion and of wires: pure functions, no document.

export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));
export const lerp = (from, to, weight) => from + (to - from) * weight;

/** How far `value` has come from `from` to `to`, in [0, 1]. */
export const part = (value, from, to) => clamp((value - from) / (to - from));

/** Slow, fast, slow: each leg of a number's way. */
export const ease = share => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);
/** Fast, then slow: what appears. */
export const arrive = share => 1 - (1 - share) ** 3;

/** The five phases of a step, and where each ends, as a share of the step. */
export const PHASES = ["arrive", "weigh", "add", "squeeze", "round"];
export const PHASE_ENDS = [0.2, 0.38, 0.56, 0.82, 1];

/** How far the phase number `k` is when the share `f` of the step is over. */
export const phase = (f, k) => part(f, k ? PHASE_ENDS[k - 1] : 0, PHASE_ENDS[k]);

/**
 * A place in time as the step that it belongs to. `at` counts finished steps: 1.5 is in the middle of the second.
 * @param {number} at
 * @param {number} count how many steps there are
 * @param {number | null} begin a step that is about to begin: where `at` is there, that step stands at its start
 * @returns {{step: number, f: number, rest: boolean}} rest: nothing is on its way, the step is done
 */
export function moment(at, count, begin = null) {
  if (at > 0 && at !== begin && Number.isInteger(at)) return { step: at - 1, f: 1, rest: true };
  const step = Math.min(count - 1, Math.floor(at));
  return { step, f: at - step, rest: false };
}

const towards = (/** @type {number[]} */ [x, y], /** @type {number[]} */ [u, v], by) => {
  const far = Math.hypot(u - x, v - y) || 1;
  return [x + ((u - x) * by) / far, y + ((v - y) * by) / far];
};
const text = (/** @type {number[]} */ [x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const far = ([x, y], [u, v]) => Math.hypot(u - x, v - y);

/** A polyline with round corners, as the `d` of a path. */
export function rounded(points, radius = 18) {
  let d = `M${text(points[0])}`;
  for (let i = 1; i < points.length - 1; i++) {
    const before = points[i - 1];
    const corner = points[i];
    const after = points[i + 1];
    const r = Math.min(radius, far(before, corner) / 2, far(corner, after) / 2);
    d +=
      r < 0.5
        ? `L${text(corner)}`
        : `L${text(towards(corner, before, r))}Q${text(corner)} ${text(towards(corner, after, r))}`;
  }
  return `${d}L${text(points[points.length - 1])}`;
}

/** "h_1" as its letter and its index. */
export const letters = name => {
  const [letter, index = ""] = name.split("_");
  return { letter, index };
};

/** `{name}` in a text from the language file, filled with what the stage alone knows: day, unit, value. */
export const fill = (template, facts) =>
  (template || "").replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
