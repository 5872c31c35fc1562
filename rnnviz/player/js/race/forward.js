// The forward wave: step by step, which share of the units is how large; at its front, the units themselves.

import { mix } from "../core/colours.js";
import { decade, lostAt, quantile, shadesOf } from "./numbers.js";
import { fill } from "../transport/bar.js";

const RIDERS = 7; // dots at the front: so many units, evenly spread
const TRAIL = 4; // steps
const FULL = 0.45; // the share of the units that has the full colour
const FEW = 0.7; // the power that it is raised to: a few units can be seen, too

/** A lane's states as a picture of T x bins pixels, the largest at the top. */
export function stateImage(data, seed, lane, colours) {
  const { T, bins } = data;
  const shades = shadesOf(data, seed, lane);
  const canvas = Object.assign(document.createElement("canvas"), { width: T, height: bins });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(T, bins);
  const weight = k => Math.min(1, k / 255 / FULL) ** FEW;
  const known = Array.from({ length: 256 }, (_, k) => mix(colours.soft, colours.forward, weight(k)));
  for (let t = 0; t < T; t += 1)
    for (let k = 0; k < bins; k += 1)
      image.data.set([...known[shades[t * bins + k]], 255], 4 * ((bins - 1 - k) * T + t));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** How large the unit is that a share of the units is smaller than, at the front or some steps behind it: 0 to 1. */
function height(data, shades, front, share) {
  const before = Math.max(1, Math.floor(front + 0.5));
  const [a, b] = [before, Math.min(data.T, before + 1)].map(step => quantile(shades, step, data.bins, share));
  return a + (b - a) * Math.min(1, Math.max(0, front + 0.5 - before));
}

/** The dots at the front, and where each has been in the last steps. */
function riders(pen, data, shades, [left, right, top, high], front) {
  const { forward, background } = pen.colours;
  const x = at => left + ((right - left) * at) / data.T;
  for (let k = 0; k < RIDERS; k += 1) {
    const y = at => top + high * (1 - height(data, shades, at, (k + 0.5) / RIDERS));
    if (Number.isNaN(y(front))) continue;
    for (let back = 0; back < TRAIL; back += 0.5) {
      const [from, to] = [front - back - 0.5, front - back];
      if (from < 0) break;
      pen.faded(0.5 * (1 - back / TRAIL), () => pen.line(x(from), y(from), x(to), y(to), forward, 1.5));
    }
    pen.dot(x(front), y(front), Math.max(1.8, Math.min(3.6, high / 9)), forward, background, 1);
  }
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {{data: import("./numbers.js").Numbers, seed: number, words: Record<string, string>}} of
 */
export function drawForward(pen, { data, seed, words }, view, image, lane, y, now) {
  const { T } = data;
  const [left, right] = view.time;
  const [top, high] = [y + view.bands.shades[0], view.bands.shades[1]];
  pen.rect(left, top, right - left, high, pen.colours.soft, 3);
  if (now.front <= 0) return;
  const edge = left + ((right - left) * now.front) / T;
  pen.context.imageSmoothingEnabled = false;
  pen.context.drawImage(image, 0, 0, now.front, image.height, left, top, edge - left, high);
  const lost = lostAt(data, seed, lane);
  if (lost && now.front > lost - 1) {
    const from = left + ((right - left) * (lost - 1)) / T;
    pen.hatched([from, top, edge - from, high], pen.colours.forward);
    pen.bolt(from, top + high / 2, high);
    const said = fill(words.state_not_finite, { step: lost });
    const room = right - from > pen.wide(said) + 24;
    const look = { align: room ? "left" : "right", bold: true, plate: true };
    pen.text(said, from + (room ? 12 : -12), top + high / 2, look);
  }
  if (now.front >= T) return;
  pen.line(edge, top - 2, edge, top + high + 2, pen.colours.forward, 2.5);
  if (!lost || now.front < lost) 
    riders(pen, data, shadesOf(data, seed, lane), [left, right, top, high], now.front);
}

/** What the height of the shades means, beside the lane at the top: its two ends. */
export function drawStateAxis(pen, { axis }, view, y) {
  const [top, high] = [y + view.bands.shades[0], view.bands.shades[1]];
  const ends = axis.kind === "share" ? ["0", String(axis.high)] : [decade(axis.low), decade(axis.high)];
  const x = view.time[1] + 5;
  const px = 14;
  if (high < 1.9 * px) pen.text(`${ends[0]}–${ends[1]}`, x, top + high / 2, { colour: pen.colours.muted, px });
  else ends.forEach((end, k) =>
    pen.text(end, x, k ? top + px / 2 : top + high - px / 2, { colour: pen.colours.muted, px }));
}
