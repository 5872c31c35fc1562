// The takeaway: the same walk in several networks, each as a film strip whose height is what is left.

import { direction, ellipse, applied } from "./algebra.js";
import { decades, ticks } from "./curve.js";
import { power, ten } from "./figures.js";
import { line } from "./svg.js";

export function drawStrips(pen, { W, H }, { walk, back, words }) {
  const narrow = W < 620;
  const [left, right, top, high] = [56, W - (narrow ? 20 : 30), 40, H - 40 - 40];
  const range = decades(walk.rows.flatMap(row => [...row.s1]).filter(log => log > -13 && log < 13), 1);
  const across = t => left + ((right - left) * t) / walk.steps;
  const share = log => (Math.min(Math.max(log, range[0]), range[1]) - range[0]) / (range[1] - range[0]);
  const up = log => top + high * (1 - share(log));
  pen.text("muted", [4, 18], words.norm);
  for (const k of ticks(range, high)) {
    pen.path(k ? "rule" : "rule one", line([[left, up(k)], [right, up(k)]]));
    pen.text("muted", [left - 8, up(k) + 5], ten(k), "end");
  }
  for (let k = 0; k <= walk.steps; k += 5) pen.text("muted", [across(k), H - 14], String(k), "middle");
  walk.rows.forEach((row, i) => film(pen, row, { across, up, back, range, i, words, rows: walk.rows }));
  return [left, right];
}

function film(pen, row, { across, up, back, range, i, words, rows }) {
  const first = Math.max(Math.ceil(row.steps - back), 0);
  const seen = t => row.s1[t] >= range[0] && row.s1[t] <= range[1];
  const path = [];
  for (let t = row.steps; t >= first; t--) {
    path.push([across(t), up(row.s1[t])]);
    if (seen(t) && (row.steps - t) % 2 === 0) shape(pen, row, t, path.at(-1), i);
  }
  pen.path(`fate f${i}`, line(path));
  if (back < row.steps * 0.2) return; // there the names would stand on each other
  const at = path.find(([x], k) => x < across(row.steps * 0.62) || k === path.length - 1);
  const t = row.steps - path.indexOf(at);
  const crowded = rows.some(other => other.s1[t] > row.s1[t] && at[1] - up(other.s1[t]) < 70);
  pen.text("strong halo big", [at[0], crowded ? at[1] + 36 : Math.max(at[1] - 26, 32)],
    words.rows?.[row.name] ?? row.name, "middle");
  if (first > 0 || !seen(0)) return;
  const below = row.s1[4] > row.s1[0] + 0.3;
  pen.text("gradient halo", [across(0) + 16, path.at(-1)[1] + (below ? 26 : -19)], power(row.s1[0]));
}

function shape(pen, row, t, [x, y], i) {
  const size = 12;
  const M = row.at(t);
  pen.path(`film f${i}`, line(ellipse(M, 28).map(([a, b]) => [x + a * size, y - b * size]), true));
  const tip = applied(M, direction((row.angle * Math.PI) / 180));
  pen.path("needle", line([[x, y], [x + tip[0] * size, y - tip[1] * size]]));
}
