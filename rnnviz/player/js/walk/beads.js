// The warm-up: one number that hops back through time, multiplied by the same factor at every step. The area of a bead
// is the number; the chart below shows the same on a linear axis, on a log axis, and on the way from one to the other.

import { number } from "../core/numbers.js";
import { clamp, mix, smooth } from "./algebra.js";
import { ticks } from "./curve.js";
import { fill, power, ten } from "./figures.js";
import { line } from "./svg.js";

const HOP = 9;
const DASHES = ["dash-long", "", "dash-dots"];

/** All lanes: those of the engine, and the reader's own, f^k. */
export function lanesOf(walk, factor) {
  const own = { factor, left: k => k * Math.log10(factor), own: true };
  return [...walk.lanes.map((lane, i) => ({ ...lane, dash: DASHES[i % 3] })), ...(factor ? [own] : [])];
}

export const name = (lane, digits = lane.own ? 2 : 1) => `×${lane.factor.toFixed(digits)}`;

export function drawBeads(pen, { W, H }, scene) {
  const { walk, words } = scene;
  const narrow = W < 620;
  const [left, right] = [narrow ? 46 : 92, W - (narrow ? 22 : 128)];
  const across = k => right - ((right - left) * k) / walk.steps;
  const lanes = lanesOf(walk, scene.factor);
  const high = clamp((H * 0.48) / lanes.length, 34, 70);
  pen.text("muted", [left - 24, 16], fill(words.then, { steps: walk.steps }));
  pen.text("muted", [right + 24, 16], words.now, "end");
  const row = { ...scene, across, narrow, W, right, high };
  lanes.forEach((lane, i) => drawLane(pen, lane, { ...row, y: 26 + high * (i + 0.5) }));
  const top = 26 + high * lanes.length + 40;
  chart(pen, [left, top, right - left, H - top - 26], { ...scene, across, lanes, narrow });
  return [left, right];
}

function drawLane(pen, lane, { walk, back, across, narrow, W, right, y, high, words }) {
  const style = lane.own ? "own-bead" : "";
  const whole = Math.floor(back + 1e-9);
  const share = smooth(clamp(back - whole));
  const next = Math.min(whole + 1, walk.steps);
  const [least, base] = [1.1, high * 0.12];
  const radius = log => clamp(base * 10 ** (Math.min(log, 6) / 2), least, high / 2 - 4);
  if (lane.own) pen.box("lane", [0, y - high / 2 + 2, W, high - 4], { rx: 8 });
  pen.path("rule", line([[across(walk.steps), y], [right, y]]));
  for (let k = 0; k <= whole && k < walk.steps; k++) pen.circle(`trace ${style}`, [across(k), y], radius(lane.left(k)));
  const log = mix(lane.left(whole), lane.left(next), share);
  const at = [mix(across(whole), across(next), share), y - Math.sin(Math.PI * share) * HOP];
  const r = radius(log);
  if (base * 10 ** (log / 2) > high / 2 - 4) pen.circle(`over ${style}`, [at[0], y], high / 2);
  if (r < 2.5) pen.path(`lost-bead ${style}`, line([[at[0], y - 9], [at[0], y + 9]]));
  pen.circle(`bead-now ${style}`, at, r, { "data-log": log.toPrecision(10) });
  const label = narrow ? [2, y - high / 2 + 14] : [right + 24, y + 6];
  pen.text(`strong big ${style}`, label, name(lane));
  if (lane.own && !narrow) pen.text("muted", [right + 84, y + 5], words.yours);
  if (whole === 0) return;
  const room = at[0] - r - 70 > left0(across, walk);
  pen.text(`strong halo big ${style}`, room ? [at[0] - r - 10, y + 6] : [at[0] + r + 8, y - (r > 14 ? -6 : 9)],
    power(lane.left(whole)), room ? "end" : "start", { "data-part": "value" });
}

const left0 = (across, walk) => across(walk.steps);

/** How the chart's height depends on a logarithm, `log` (0..1) of the way to a log axis. */
export function axis(lanes, steps, [top, height], log) {
  const ends = lanes.map(lane => lane.left(steps)).filter(Number.isFinite);
  const most = Math.max(0, ...ends);
  const range = [Math.min(0, ...ends) - 0.4, most + 0.25];
  const linear = value => top + height - (height * Math.min(10 ** (value - most), 10)) / 1.06;
  const even = value => top + height - (height * (Math.max(value, range[0] - 3) - range[0])) / (range[1] - range[0]);
  return { range, most, up: value => mix(linear(value), even(value), smooth(clamp(log))) };
}

function chart(pen, [x, y, w, h], { walk, back, lanes, across, log, words, narrow }) {
  const { range, most, up } = axis(lanes, walk.steps, [y, h], log);
  pen.text("muted", [x + w + 24, y - 14], log > 0.5 ? words.on_log : words.on_linear, "end");
  pen.path("axis-line", line([[x, y - 4], [x, y + h], [x + w, y + h]]));
  if (log < 0.99) linearTicks(pen, [x, w], up, most, 1 - log);
  if (log > 0.01)
    for (const k of ticks(range, h)) {
      pen.path(k ? "rule" : "rule one", line([[x, up(k)], [x + w, up(k)]]), { opacity: log });
      pen.text("muted", [x - 8, up(k) + 5], ten(k), "end", { opacity: log });
    }
  for (let k = 0; k <= walk.steps; k += 5) pen.text("muted", [across(k), y + h + 19], String(walk.steps - k), "middle");
  pen.group({}, () => {
    for (const lane of lanes) {
      const whole = Math.floor(back + 1e-9);
      const at = Array.from({ length: whole + 1 }, (_, k) => [across(k), up(lane.left(k))]);
      const beyond = back - whole;
      if (beyond > 0) {
        const value = mix(lane.left(whole), lane.left(Math.min(whole + 1, walk.steps)), smooth(beyond));
        at.push([across(whole + smooth(beyond)), up(value)]);
      }
      pen.path(`left ${lane.dash ?? ""} ${lane.own ? "own-bead" : ""}`, line(at), { "data-part": "left" });
      pen.circle(`left-end ${lane.own ? "own-bead" : ""}`, at.at(-1), lane.own ? 6 : 4);
    }
  }, [x - 8, y - 12, w + 20, h + 18]);
  if (!narrow && back > 2) names(pen, lanes, { across, up, back, bottom: y + h });
}

function linearTicks(pen, [x, w], up, most, opacity) {
  const largest = 10 ** most;
  const size = 10 ** Math.floor(Math.log10(largest / 2));
  const each = size * (largest / size > 10 ? 5 : largest / size > 4 ? 2 : 1);
  for (let value = 0; value <= largest * 1.01; value += each) {
    const y = up(value ? Math.log10(value) : -99);
    pen.path("rule", line([[x, y], [x + w, y]]), { opacity });
    pen.text("muted", [x - 8, y + 5], number(Number(value.toPrecision(6)), 1), "end", { opacity });
  }
}

/** The lanes' names at the ends of their lines, no two over each other. */
function names(pen, lanes, { across, up, back, bottom }) {
  const whole = Math.floor(back + 1e-9);
  let last = -Infinity;
  for (const [y, lane] of lanes.map(lane => [up(lane.left(whole)), lane]).sort((a, b) => a[0] - b[0])) {
    const far = back > 26;
    const at = Math.max(y + (far ? (lane.factor < 1 ? 22 : -10) : -8), last + 18);
    last = at;
    const [style, x] = [`strong halo ${lane.own ? "own-bead" : ""}`, across(whole) + (far ? 12 : -12)];
    if (at < bottom + 4) pen.text(style, [x, at], name(lane), far ? "start" : "end");
  }
}
