// 2 x 2 matrices as [a, b, c, d], rows first; and how one becomes another without a jump.

export const IDENTITY = [1, 0, 0, 1];

export const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);
export const mix = (from, to, share) => from + (to - from) * share;
export const smooth = share => share * share * (3 - 2 * share);
/** How much of the part of a step from `start` to `end` is over. */
export const part = (share, start, end) => smooth(clamp((share - start) / (end - start)));

/** @type {(M: number[], N: number[]) => number[]} */
export const times = ([a, b, c, d], [e, f, g, h]) => [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
/** @type {(M: number[], v: number[]) => number[]} */
export const applied = ([a, b, c, d], [x, y]) => [a * x + b * y, c * x + d * y];
export const blend = (M, N, share) => M.map((value, i) => mix(value, N[i], share));
export const scaled = (M, factor) => M.map(value => value * factor);

const turned = angle => [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)];

/** M = R(angle) S, S symmetric: the polar decomposition.
 * @param {number[]} M */
export function polar([a, b, c, d]) {
  const angle = Math.atan2(c - b, a + d);
  return { angle, S: times(turned(-angle), [a, b, c, d]) };
}

/** From the identity to M: it turns and stretches at once. */
export function towards(M, share) {
  const { angle, S } = polar(M);
  return times(turned(angle * share), blend(IDENTITY, S, share));
}

/** From M to N, where nothing is known of what leads from one to the other: by the shorter turn. */
export function between(M, N, share) {
  const [one, two] = [polar(M), polar(N)];
  const turn = Math.atan2(Math.sin(two.angle - one.angle), Math.cos(two.angle - one.angle));
  return times(turned(one.angle + turn * share), blend(one.S, two.S, share));
}

/** The largest and the smallest singular value.
 * @param {number[]} M */
export function singular([a, b, c, d]) {
  const [p, q] = [Math.hypot(a + d, c - b), Math.hypot(a - d, b + c)];
  return [(p + q) / 2, Math.abs(p - q) / 2];
}

/** The image of the unit circle, `count` points. */
export const ellipse = (M, count) =>
  Array.from({ length: count }, (_, i) => applied(M, direction((2 * Math.PI * i) / count)));

export const direction = angle => [Math.cos(angle), Math.sin(angle)];
