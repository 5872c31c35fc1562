// Where words stand in a chart without a line through them.

import { clamp, lerp } from "./shapes.js";

/** The height of a curve of [x, y] at x. */
function heightAt(points, x) {
  const k = points.findIndex(([u]) => u >= x);
  if (k <= 0) return points[k < 0 ? points.length - 1 : 0][1];
  const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]];
  return lerp(y0, y1, (x - x0) / (x1 - x0 || 1));
}

/** How many of the curves and the level lines go through a box. */
function crossings({ left, right, top, bottom }, curves, levels) {
  const through = points => {
    const inside = points.filter(([x]) => x > left && x < right).map(([, y]) => y);
    const ends = [left, right].map(x => heightAt(points, clamp(x, points[0][0], points[points.length - 1][0])));
    const ys = [...inside, ...ends];
    return Math.min(...ys) < bottom && Math.max(...ys) > top;
  };
  const reached = curves.filter(points => points.length > 1 && points[0][0] < right && left < points.at(-1)[0] + 1);
  return reached.filter(through).length + levels.filter(y => y > top && y < bottom).length;
}

/** A curve as points, from the day on which the pasts differ. */
export const places = (at, scale, shares, changed) =>
  shares.map((share, i) => [at.x(i), scale.y(share)]).slice(changed);

/**
 * The height at which a line of words stands freely, as near as can be to where it belongs.
 * @param {{left: number, right: number, size: number, lines: number, near: number, top: number, bottom: number}} words
 *   `near`: the baseline it would like to have
 * @param {number[][][]} curves points [x, y]
 * @param {number[]} levels heights of level lines
 * @param {number[]} taken heights at which other words stand
 * @returns {{y: number, price: number}} the baseline of the first line; how much is in its way
 */
export function freeHeight({ left, right, size, lines, near, top, bottom }, curves, levels, taken = []) {
  const tall = size * (0.4 + 1.2 * (lines - 1));
  let best = { y: near, price: Infinity };
  for (let y = top + size; y <= bottom - tall; y += 3) {
    const box = { left: left - 6, right: right + 6, top: y - size * 0.95, bottom: y + tall };
    const price = 1000 * (crossings(box, curves, levels) + 3 * crossings(box, [], taken)) + Math.abs(y - near);
    if (price < best.price) best = { y, price };
  }
  return best;
}
