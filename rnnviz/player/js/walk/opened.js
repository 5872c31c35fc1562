// What came from Python, opened: walk.py says what there is.

import { applied, between, blend, direction, part, scaled, times, towards } from "./algebra.js";
import { camera } from "./camera.js";

/** base64 of little-endian numbers -> a typed array; null for null.
 * @param {any} Kind @returns {any} */
function numbers(text, Kind = Float64Array) {
  if (text === null || text === undefined) return null;
  return new Kind(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
}

const matrix = (all, row) => Array.from(all.subarray(4 * row, 4 * row + 4));

/** When within a step what happens: shares of its time. */
export const PHASES = { squash: [0, 0.42], turn: [0.42, 0.84], one: [0, 0.84], camera: [0.82, 1] };

/**
 * A walk with functions of the state t = 0..T, and of a place between two: t, going back from it by `share`.
 * Logarithms are to base 10.
 */
export function openWalk(data) {
  const { units } = data;
  const [shape, squashed, motion] = [data.shape, data.squashed, data.motion].map(one => numbers(one));
  const [s1, s2, own, direct] = [data.s1, data.s2, data.own, data.direct].map(one => numbers(one));
  const [h, a, slopes, gate] = [data.h, data.a, data.slopes, data.gate].map(one => numbers(one, Float32Array));
  const at = t => matrix(shape, t);
  const row = (all, t) => Array.from(all.subarray(units * (t - 1), units * t)); // of step t, from 1
  const moves = t => (motion ? matrix(motion, motion.length === 4 ? 0 : t - 1) : null);
  const limits = data.limits ?? [-Infinity, Infinity];
  const gone = t => Number.isNaN(s1[t]) || s1[t] > limits[1];
  const exponents = camera(s1);
  const two = squashed !== null && slopes.some(slope => slope !== 1); // else the slopes are no motion
  const turning = two ? PHASES.turn : PHASES.one;

  /** The map that moves the whole plane, where it is flat; the identity at rest. */
  function moved(t, share) {
    if (!data.flat || t === 0) return null;
    const M = towards(moves(t), part(share, ...turning));
    if (!two) return M;
    const [d, e] = row(slopes, t).map(slope => 1 + (slope - 1) * part(share, ...PHASES.squash));
    return times(M, [d, 0, 0, e]);
  }
  /** The circle as it stands, divided by 10^s1 of the state t. */
  function standing(t, share) {
    if (t === 0 || share === 0) return at(t);
    if (data.flat) return times(moved(t, share), at(t));
    const end = scaled(at(t - 1), 10 ** (s1[t - 1] - s1[t]));
    if (!two) return between(at(t), end, part(share, ...PHASES.one));
    const half = matrix(squashed, t - 1);
    const turned = part(share, ...turning);
    return turned === 0 ? blend(at(t), half, part(share, ...PHASES.squash)) : between(half, end, turned);
  }
  return {
    ...data,
    at, s1, s2, own, direct, gone, limits, moved, standing, turnAt: moves,
    two,
    reach: h.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1),
    turning,
    exponent: (t, share) => exponents(t, share),
    of: (name, t) => row({ h, a, slopes, gate }[name], t),
    has: name => Boolean({ h, a, slopes, gate, own }[name]),
    /** log10 of the norm of the arrow that set out at this angle (degrees). */
    norm(t, degrees) {
      const arrow = applied(at(t), direction((degrees * Math.PI) / 180));
      return s1[t] + Math.log10(Math.hypot(...arrow));
    },
  };
}

/** The beads' lanes: log10 of what is left after so many steps back. */
export function openBeads(data) {
  const norms = numbers(data.norms);
  const { steps } = data;
  const lanes = data.factors.map((factor, i) => ({ factor, left: k => norms[i * (steps + 1) + steps - k] }));
  return { ...data, lanes };
}

export const openStrips = data => ({
  ...data,
  rows: data.rows.map(row => {
    const [shape, s1] = [numbers(row.shape), numbers(row.s1)];
    return { ...row, s1, at: t => matrix(shape, t) };
  }),
});
