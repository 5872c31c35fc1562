// The gradient on its way back: a ribbon as thick and as strong as the norm, by decades; its head carries the number.
// Growing edges are jagged; where it has vanished stands a mark with its step, where it is not finite a bolt and words.

import { GONE, GROWN, between, decade, fate, leftOf, powerText } from "./numbers.js";
import { stepX } from "./layout.js";
import { clamp, slowing } from "./moments.js";
import { fill } from "../transport/bar.js";

const LARGEST = 12; // decades: as thick as a ribbon gets
const REACH = 78; // pixels: words may lie so far left of the first step
const HIGH = 26; // pixels: from there on half a ribbon leaves room for words above it
const TOOTH = 7; // pixels from one jag to the next

/** Half of the thickness of a norm, where `room` is half of what there is. */
export function thickness(log, room) {
  if (log === -Infinity || Number.isNaN(log)) return 0;
  const one = room * 0.5;
  return log <= 0 ? one * clamp(1 - log / GONE) : one + (room * 0.95 - one) * clamp(log / LARGEST);
}

/** How strong the colour of a norm is. */
export const strength = log => (Number.isNaN(log) ? 0 : 0.16 + 0.76 * clamp(1 - log / GONE));

/** The points of a ribbon, from the last step to `to`: {x, log}. */
function points(left, view, to) {
  const T = left.length;
  const step = TOOTH / ((view.time[1] - view.time[0]) / T);
  const found = [];
  for (let at = T; at > to; at -= step) found.push(at);
  return [...found, to].map(at => ({ x: stepX(view, T, at), log: between(left, at) }));
}

function ribbon(pen, found, middle, room) {
  const { context, colours } = pen;
  const [last, first] = [found[0], found.at(-1)];
  const gradient = context.createLinearGradient(first.x, 0, last.x + 0.1, 0);
  const upper = [];
  const lower = [];
  found.forEach(({ x, log }, k) => {
    const jag = (k % 2 ? 1 : -1) * clamp(log - GROWN / 2) * room * 0.13;
    const half = Math.min(room, thickness(log, room) + jag);
    upper.push([x, middle - half]);
    lower.unshift([x, middle + half]);
    const share = clamp((x - first.x) / Math.max(1e-6, last.x - first.x));
    gradient.addColorStop(share, `rgba(${colours.backward.join(",")},${strength(log).toFixed(3)})`);
  });
  pen.area([...upper, ...lower], gradient);
}

/** The head, with rings around it, and its number at its left. */
function head(pen, view, x, middle, log, room, moving) {
  const { backward, background } = pen.colours;
  const radius = Math.max(3, thickness(log, room));
  pen.faded(0.16, () => pen.dot(x, middle, radius + 7, backward));
  pen.faded(0.28, () => pen.dot(x, middle, radius + 3.5, backward));
  pen.dot(x, middle, radius, backward, background, 1.5);
  if (!moving) return;
  const said = powerText(log);
  const room_left = x - radius - 12 - pen.wide(said, { bold: true }) > view.time[0] - REACH;
  const place = room_left ? [x - radius - 11, "right"] : [x + radius + 11, "left"];
  pen.text(said, place[0], middle, { align: place[1], bold: true, colour: backward, plate: true });
}

/** A mark where the gradient has vanished, with its step; a ring runs out from it as it happens. */
function gone(pen, of, view, [x, middle, room], step, zero, since) {
  const { words } = of;
  const { ink, backward } = pen.colours;
  if (since < 1) pen.faded(1 - since, () => pen.dot(x, middle, 4 + 18 * slowing(since), null, backward, 2));
  pen.line(x, middle - 9, x, middle + 9, ink, 2);
  if (zero) pen.dot(x, middle, 5, pen.colours.background, ink, 2);
  const said = fill(zero ? words.zero : words.below, { step, power: decade(GONE) });
  const wide = pen.wide(said) + 12;
  const free = x - wide > view.time[0] - REACH;
  const y = !free && room > HIGH ? middle - 0.6 * room : middle; // above the ribbon, where there is room for that
  pen.text(said, x + (free ? -12 : 12), y, { align: free ? "right" : "left", plate: true });
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {{data: import("./numbers.js").Numbers, seed: number, words: Record<string, string>}} of
 */
export function drawPulse(pen, of, view, lane, y, now) {
  const { data, seed, words } = of;
  const { T } = data;
  const [middle, room] = [y + view.bands.pulse[0], view.bands.pulse[1] / 2];
  pen.line(view.time[0], middle, view.time[1], middle, pen.colours.line, 1.5);
  if (now.front < T) return;
  loss(pen, view, T, middle, room, now.loss);
  if (now.loss < 1) return;
  const left = leftOf(data, seed, lane);
  const { over, gone: from, zero } = fate(left);
  const to = Math.max(now.pulse, over ? Math.min(T, over + 1) : 1, zero ? Math.min(T, from + 1) : 1);
  const found = points(left, view, to);
  if (found.length > 1 && T > to) ribbon(pen, found, middle, room);
  const x = found.at(-1).x;
  if (over && now.pulse <= over + 0.5) {
    pen.bolt(x, middle, Math.min(34, 2 * room));
    const said = fill(words.not_finite, { step: over });
    const free = x - pen.wide(said, { bold: true }) - 16 > view.time[0] - REACH;
    pen.text(said, x + (free ? -14 : 14), middle, { align: free ? "right" : "left", bold: true, plate: true });
  } else if (from && now.pulse <= from) {
    const since = clamp((from - now.pulse) / Math.max(1, T / 9) + now.arrived);
    gone(pen, of, view, [stepX(view, T, from), middle, room], from, zero, since);
  } else head(pen, view, x, middle, found.at(-1).log, room, now.arrived < 1);
}

/** Where it begins: a gradient of norm 1 at the last step; a ring runs in as the loss looks there. */
function loss(pen, view, T, middle, room, share) {
  const { backward } = pen.colours;
  const x = stepX(view, T, T);
  if (share < 1) pen.faded(share, () => pen.dot(x, middle, 5 + (1 - share) * 26, null, backward, 2));
  pen.faded(clamp(2 * share), () => {
    pen.dot(x, middle, thickness(0, room) * 0.7 * slowing(share), backward);
    pen.text("1", Math.max(x + thickness(0, room), view.time[1]) + 5, middle, { bold: true, colour: backward });
  });
}
