// Where things stand: names and what arrives at the left, the steps at the right; on a narrow screen in one column.

import { clamp } from "./moments.js";

export const NARROW = 640;
const LOW = [-12, -6]; // decades: the axis of what arrives ends between these
const HIGH = [3, 24];
const MOST = 76; // pixels: so high are ribbons, and dots heaped, at most

/**
 * @param {{width: number, height: number}} room
 * @param {number} lanes how many
 * @param {number} beside pixels for the ends of the axis of |h|, at the right
 */
export function layout({ width, height }, lanes, beside) {
  const narrow = width < NARROW;
  const text = narrow ? 14 : 15;
  const head = narrow ? 26 : text + 36;
  const foot = text + 12;
  const [least, most] = narrow ? [132, 140] : [38, 252];
  const high = clamp((height - head - foot) / lanes, least, most);
  const names = narrow ? 0 : Math.round(clamp(width * 0.17, 138, 172));
  const arrive = narrow ? [14, width - 14] : [names + 16, names + 16 + Math.round(clamp(width * 0.22, 170, 290))];
  const time = narrow ? [10, width - beside] : [arrive[1] + 64, width - beside - 6];
  const whole = Math.round(head + lanes * high + foot);
  return { width, height: whole, narrow, text, head, foot, high, names, arrive, time };
}

/** The bands of one lane, from its upper edge: [middle or top, height]. */
export function bands({ narrow, high, text }) {
  if (narrow) return { shades: [24, 26], pulse: [66, 26], bar: [91, 15], dots: [108, 18], names: 125 };
  const pad = Math.min(10, high * 0.1);
  const inner = high - 2 * pad;
  const tall = inner * 0.4;
  const pulse = [pad + tall + inner * 0.31, Math.min(MOST, inner * 0.56)];
  const bar = Math.min(tall, text + 3);
  return { shades: [pad, tall], pulse, bar: [pad + tall / 2, bar], dots: [pulse[0], Math.min(MOST, inner * 0.5)] };
}

/** Where the middle of a step is; `at` may lie between two. */
export const stepX = ({ time: [left, right] }, T, at) => left + ((at - 0.5) / T) * (right - left);

/** Which decades the axis of what arrives shows: multiples of three; what is finite finds room, within bounds. */
export function decades(arrived) {
  const known = [...arrived].filter(Number.isFinite);
  const low = Math.floor(Math.min(...known, 0) / 3) * 3;
  const high = Math.ceil(Math.max(...known, 0) / 3) * 3;
  return [clamp(low, ...LOW), clamp(high, ...HIGH)];
}

/** Which of the decades have a mark. */
export function marks([low, high], width) {
  const every = [3, 6, 12].find(step => ((high - low) / step) * 46 <= width) ?? 12;
  const first = Math.ceil(low / every) * every;
  return Array.from({ length: Math.floor((high - first) / every) + 1 }, (_, k) => first + k * every);
}

/** Where a norm stands on that axis; what lies beyond stands at its ends, what is not finite at the right one. */
export function normX([left, right], [low, high], log) {
  const within = Number.isNaN(log) ? high : clamp(log, low, high);
  return left + ((within - low) / (high - low)) * (right - left);
}

/**
 * Dots that do not lie on one another: how far each is moved up or down, at most `most`.
 * @param {number[]} xs
 */
export function swarm(xs, radius, most) {
  const ys = xs.map(() => 0);
  const done = [];
  for (const k of xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b] || a - b)) {
    const near = done.filter(j => xs[k] - xs[j] < 2 * radius);
    const free = offset => near.every(j => Math.hypot(xs[k] - xs[j], offset - ys[j]) >= 2 * radius);
    const tries = Array.from({ length: 2 * Math.floor(most) + 1 }, (_, i) => (i % 2 ? -1 : 1) * Math.ceil(i / 2));
    ys[k] = tries.find(free) ?? ((done.length * 7) % (2 * most + 1)) - most;
    done.push(k);
  }
  return ys;
}

/** Which marks the axis of the steps has. */
export function ticks(T) {
  const every = T <= 12 ? 2 : T <= 30 ? 5 : T <= 70 ? 10 : T <= 130 ? 20 : 50;
  const found = Array.from({ length: Math.floor(T / every) }, (_, k) => (k + 1) * every);
  return [1, ...found.filter(step => step > every / 2)];
}
