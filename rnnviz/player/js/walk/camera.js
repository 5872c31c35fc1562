// How near the camera stands: 10^exponent is the length of the picture's unit. It follows by half decades, only where
// the circle would become too small to be seen or leave the frame; a function of the place, so that scrubbing is exact.

import { mix, part } from "./algebra.js";

const [SMALLEST, LARGEST] = [Math.log10(0.085), Math.log10(1.42)];

/**
 * @param {Float64Array} s1 log10 of the largest norm at each state 0..T
 * @returns {(t: number, share: number) => number} the exponent at t, and on its way to t - 1
 */
export function camera(s1) {
  const found = new Float64Array(s1.length);
  let exponent = 0;
  for (let t = s1.length - 1; t >= 0; t--) {
    if (Number.isFinite(s1[t])) {
      const seen = s1[t] - exponent;
      if (seen < SMALLEST) exponent = Math.ceil(2 * s1[t] - 0.02) / 2;
      else if (seen > LARGEST) exponent = Math.ceil(2 * s1[t] - 0.3) / 2;
    }
    found[t] = exponent;
  }
  return (t, share) => (t > 0 ? mix(found[t], found[t - 1], part(share, 0.82, 1)) : found[0]);
}
