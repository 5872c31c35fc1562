// The numbers of a race, as race.py sends them; and what is read off them. Steps are counted from 1 here.

import { number, superscript } from "../core/numbers.js";

export const GONE = -6; // log10: what stays below this down to step 1 has vanished
export const GROWN = 1; // and what is above has exploded
const ROUNDED = 1e-6; // decades: a log is known that well

/** Bytes of a base64 text. */
const bytes = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));
const floats = text => new Float32Array(bytes(text).buffer);

/**
 * @typedef {{id: string, name: string, note: string}} Lane
 * @typedef {{kind: string, high: number, low?: number}} Axis
 * @typedef {{
 *   T: number, lanes: Lane[], seeds: string[], seed: string, sent: number[], bins: number, axis: Axis,
 *   shades: Uint8Array, left: Float32Array, lost: number[][], arrived: Float32Array, median: Float32Array,
 *   rank: (number | null)[], nearest: number[], order: number[]
 * }} Numbers
 */

/** @returns {Numbers} */
export function opened(stage) {
  const shades = bytes(stage.shades);
  const { steps: T, lanes, seeds, seed, sent, axis, lost, rank, nearest } = stage;
  const bins = shades.length / (sent.length * lanes.length * T);
  const order = lanes.map((_, k) => k).sort((a, b) => (rank[a] ?? Infinity) - (rank[b] ?? Infinity) || a - b);
  const read = { left: floats(stage.left), arrived: floats(stage.arrived), median: floats(stage.median) };
  return { T, lanes, seeds, seed, sent, bins, axis, shades, lost, rank, nearest, order, ...read };
}

/** Where the passes of a seed stand among those that were sent; of one that was not, the first. */
export const placeOf = (data, seed) => Math.max(0, data.sent.indexOf(seed));

/** log10 of the norm at each step, (T,). */
export function leftOf(data, seed, lane) {
  const from = (placeOf(data, seed) * data.lanes.length + lane) * data.T;
  return data.left.subarray(from, from + data.T);
}

/** Shares of the units by bin, one step after the other, (T * bins,). */
export function shadesOf(data, seed, lane) {
  const size = data.T * data.bins;
  const from = (placeOf(data, seed) * data.lanes.length + lane) * size;
  return data.shades.subarray(from, from + size);
}

/** The first step at which a state is not finite; 0: none is. */
export const lostAt = (data, seed, lane) => data.lost[placeOf(data, seed)][lane] + 1;

const finite = log => Number.isFinite(log) || log === -Infinity;

/**
 * What becomes of a gradient: from which step down it is not finite, or stays below GONE; whether it is 0 there.
 * @param {Float32Array} left
 * @returns {{over: number, gone: number, zero: boolean}} steps, 0 for none
 */
export function fate(left) {
  let over = 0;
  let gone = 0;
  left.forEach((log, k) => {
    if (!finite(log)) over = k + 1;
  });
  while (!over && gone < left.length && left[gone] < GONE) gone += 1;
  return { over, gone, zero: gone > 0 && left[gone - 1] === -Infinity };
}

/** "vanished", "exploding", "overflowed" or "there": how a gradient stands at a step. */
export function standing(left, step) {
  const { over, gone } = fate(left);
  if (step <= over) return "overflowed";
  if (step <= gone) return "vanished";
  return left[step - 1] > GROWN ? "exploding" : "there";
}

/** log10 of the norm between two steps; from 0, and from what is not finite, it jumps. */
export function between(left, at) {
  const low = Math.max(1, Math.floor(at));
  const [a, b] = [left[low - 1], left[Math.min(low, left.length - 1)]];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return at - low > 0.5 ? b : a;
  return a + (b - a) * (at - low);
}

/** Ten to a power as text, though it may be far beyond what a float can hold. */
export function powerText(log) {
  if (log === -Infinity) return "0";
  if (!Number.isFinite(log)) return Number.isNaN(log) ? "NaN" : "∞";
  if (Math.abs(log) < ROUNDED) return number(1);
  if (Math.abs(log) < 290) return number(10 ** log);
  const [mantissa, up] = (10 ** (log - Math.floor(log))).toExponential(2).split("e");
  return `${mantissa}×10${superscript(Math.floor(log) + Number(up))}`;
}

/** 10⁻⁶, and 1 for 10⁰. */
export const decade = power => (power === 0 ? "1" : power === 1 ? "10" : `10${superscript(power)}`);

/** Whether all lanes come equally near to 1, so that none is ahead. */
export const alike = ({ rank }) => rank.length > 1 && rank.every(one => one === 1);

/** The share of the way up the axis of |h| below which a share of the units of a step lies. */
export function quantile(shades, step, bins, share) {
  const column = shades.subarray((step - 1) * bins, step * bins);
  const total = column.reduce((sum, one) => sum + one, 0);
  if (!total) return NaN;
  let below = 0;
  for (let k = 0; k < bins; k += 1) {
    if (below + column[k] > share * total) return (k + (share * total - below) / column[k]) / bins;
    below += column[k];
  }
  return 1;
}
