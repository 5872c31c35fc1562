// What arrives at step 1: a bar with its number, on an axis of decades; and the same of every seed, as dots.

import { decade, leftOf, powerText } from "./numbers.js";
import { marks, normX, stepX, swarm } from "./layout.js";
import { clamp, slowing } from "./moments.js";
import { fill } from "../transport/bar.js";
import { thickness } from "./pulse.js";

const FALL = 0.25; // the share of its time that a dot takes to fall

/** The marks of the axis, behind everything; 1 stands out. */
export function drawAxis(pen, view, from, to) {
  const [left, right] = view.arrive;
  for (const power of marks(view.decades, right - left)) {
    const x = normX(view.arrive, view.decades, power);
    pen.line(x, from, x, to, power ? pen.colours.line : pen.colours.muted, power ? 1 : 1.5);
  }
}

export function drawAxisNames(pen, view, y) {
  const [left, right] = view.arrive;
  const look = { align: "center", colour: pen.colours.muted, px: 14 };
  for (const power of marks(view.decades, right - left))
    pen.text(decade(power), normX(view.arrive, view.decades, power), y, look);
}

/** The bar of the watched seed, and its number: with the seed's name where there are dots of others, too. */
export function drawBar(pen, { data, seed, words }, view, lane, y, { arrived: share, seeds }) {
  if (share <= 0) return;
  const { backward, background, ink } = pen.colours;
  const [middle, high] = [y + view.bands.bar[0], view.bands.bar[1]];
  const [left] = view.arrive;
  const log = leftOf(data, seed, lane)[0];
  const known = Number.isFinite(log);
  const end = left + (normX(view.arrive, view.decades, log) - left) * slowing(share);
  if (known || log > 0) pen.faded(0.9, () => pen.rect(left, middle - high / 2, end - left, high, backward, 2));
  if (log < view.decades[0]) {
    const shape = [[left - 9, middle], [left + 1, middle - high / 2], [left + 1, middle + high / 2]];
    pen.area(shape, log === -Infinity ? background : backward);
    if (log === -Infinity) pen.dot(left + 2, middle, 4.5, background, ink, 2);
  }
  if (!known && log !== -Infinity) pen.bolt(end + 6, middle, high + 6);
  const name = data.seeds[seed] ?? data.seed;
  const said = seeds > 0 ? fill(words.seed_short, { seed: name, value: powerText(log) }) : powerText(log);
  const from = Math.max(end, left + 4) + (known || log === -Infinity ? 8 : 18);
  const room = from + pen.wide(said, { bold: true }) < view.arrive[1] + (view.narrow ? 14 : 62);
  pen.faded(clamp(2 * share - 0.6), () =>
    room
      ? pen.text(said, from, middle, { bold: true, colour: backward, plate: true })
      : pen.text(said, end - 10, middle, { bold: true, colour: background, align: "right" }));
}

/** The dots of a lane, where they come to rest: [{x, y, seed, out}]; out: it lies beyond the axis. */
export function dotsOf({ data }, view, lane) {
  const S = data.seeds.length;
  const logs = data.arrived.subarray(lane * S, (lane + 1) * S);
  const xs = [...logs].map(log => normX(view.arrive, view.decades, log));
  const radius = dotRadius(view);
  const ys = swarm(xs, radius * 0.9, Math.max(0, Math.floor(view.bands.dots[1] / 2 - radius)));
  return xs.map((x, k) => ({ x, y: ys[k], seed: k, out: !(logs[k] >= view.decades[0]) }));
}

export const dotRadius = view => (view.high < 62 ? 2.7 : 3.4);

/** Every seed's dot, falling to its place one after the other; then the median, between the quartiles. */
export function drawDots(pen, { data, seed, words }, view, lane, y, share, dots) {
  if (share <= 0) return;
  const { ink, backward, background, muted } = pen.colours;
  const middle = y + view.bands.dots[0];
  const top = y + view.bands.bar[0];
  const radius = dotRadius(view);
  const lag = (1 - FALL) / Math.max(1, dots.length);
  const spread = clamp((share - 0.75) * 4);
  if (spread > 0) drawSpread(pen, data, view, lane, middle, spread);
  const drawn = (dot, own) => {
    const fallen = slowing(clamp((share - dot.seed * lag) / FALL));
    if (fallen <= 0) return;
    const at = top + (middle + dot.y - top) * fallen;
    if (own) pen.dot(dot.x, at, radius + 1.8, backward, ink, 1.6);
    else pen.faded(0.55, () => pen.dot(dot.x, at, radius, ink, background, 0.5));
  };
  dots.forEach(dot => { if (dot.seed !== seed) drawn(dot, false); });
  if (dots[seed]) drawn(dots[seed], true);
  const out = dots.filter(dot => dot.out && dot.x < view.arrive[0] + 1).length;
  const beyond = `${out}×`;
  if (out && share >= 1) pen.text(beyond, view.arrive[0] + 9, middle, { colour: muted, px: 14, plate: true });
  const known = out ? view.arrive[0] + 9 + pen.wide(beyond, { px: 14 }) : 0;
  /** @type {[number, number]} */
  const ends = [Math.min(...dots.map(dot => dot.x)), Math.max(known, ...dots.map(dot => dot.x + radius))];
  if (spread < 1) return;
  const said = fill(words.median_short, { value: powerText(data.median[3 * lane + 1]) });
  drawMedian(pen, said, middle, ends, view.narrow ? view.arrive[1] + 14 : headX(data, seed, view, lane));
}

/** Where the head of the gradient begins that has come back to step 1. */
const headX = (data, seed, view, lane) =>
  stepX(view, data.T, 1) - Math.max(3, thickness(leftOf(data, seed, lane)[0], view.bands.pulse[1] / 2)) - 7;

/** The median's number, at the right of the dots, or at their left where there is no room. */
function drawMedian(pen, said, middle, [low, high], end) {
  const room = high + 13 + pen.wide(said, { px: 14 }) < end;
  const [x, align] = room ? [high + 9, "left"] : [low - 9, "right"];
  pen.text(said, x, middle, { colour: pen.colours.ink, align, px: 14, plate: true });
}

/** The quartiles as a bar, the median as a mark. */
function drawSpread(pen, data, view, lane, middle, share) {
  const [low, mid, high] = [0, 1, 2].map(k => normX(view.arrive, view.decades, data.median[3 * lane + k]));
  const half = view.bands.dots[1] / 2;
  pen.faded(0.3 * share, () => pen.rect(low, middle - half, Math.max(1, high - low), 2 * half, pen.colours.muted, 3));
  pen.faded(share, () => pen.line(mid, middle - half - 1, mid, middle + half + 1, pen.colours.ink, 2.5));
}
