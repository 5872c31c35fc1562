// One lane: a chain that hands on from position to position, or arcs that join all of them at once; above it the norm
// of the gradient that has arrived at each position.

import { superscript } from "../core/numbers.js";
import { depth, ticks } from "./layout.js";
import { joined, lastStep, share, stepOf } from "./moments.js";
import { counting } from "./said.js";

const ease = u => u * u * (3 - 2 * u);
const PIECES = 32;

export function drawScene(scene) {
  scene.data.lanes.forEach((lane, k) => drawLane(scene, lane, { ...scene.view.lane(k), key: lane.id }));
  scene.pen.end();
}

function drawLane(scene, lane, place) {
  const { pen, view, data } = scene;
  const count = counting(scene, lane);
  pen.text(`${place.key} name`, [view.narrow ? 2 : view.left, place.head], lane.name, "name");
  const style = data.view === "answer" ? "name" : "count";
  pen.text(`${place.key} count`, [view.width - 12, place.head], count, style, "end");
  if (lane.log10) drawNorms(scene, lane, place);
  drawJoins(scene, lane, place);
  (lane.tokens ?? data.tokens).forEach((token, t) => drawPosition(scene, lane, place, token, t));
}

const arrived = ({ data, view, at }, lane, t) => share(at, stepOf(lane, data.view, t, view.T));

function drawPosition(scene, lane, place, token, t) {
  const { pen, view, data } = scene, back = data.view === "back", x = view.x(t);
  const there = back && t === view.T - 1 ? 1 : arrived(scene, lane, t), style = back ? "backward" : "forward";
  pen.circle(`${place.key} rest ${t}`, [x, place.node], view.radius, "node");
  if (there > 0.98) pen.circle(`${place.key} node ${t}`, [x, place.node], view.radius, `node ${style}`);
  pen.draw(`${place.key} token ${t}`, "text", { x, y: place.token, class: "token", "text-anchor": "middle",
    style: `font-size: ${view.token.toFixed(1)}px` }, token);
}

// the norms that have arrived, on a log scale; what there was before training, hollow
function drawNorms(scene, lane, place) {
  const { pen, view, data, at } = scene, { decades } = data, y = log => place.plot + depth(decades, log, place.high);
  for (const log of ticks(decades)) {
    pen.line(`${place.key} tick ${log}`, [view.left, y(log)], [view.width - 12, y(log)], log ? "rule" : "rule one");
    pen.text(`${place.key} power ${log}`, [view.left - 6, y(log) + 5], `10${superscript(log)}`, "tick", "end");
  }
  const r = Math.max(2.5, view.radius * 0.62);
  lane.log10.forEach((log, t) => {
    const before = lane.before?.[t];
    if (before !== undefined) pen.circle(`${place.key} before ${t}`, [view.x(t), y(before ?? decades[0])], r, "before");
    if (arrived(scene, lane, t) < 0.98 && t < view.T - 1) return;
    const zero = log === null || log < decades[0];
    pen.circle(`${place.key} norm ${t}`, [view.x(t), y(zero ? decades[0] : log)], r, zero ? "norm none" : "norm");
  });
  const words = data.words.axis || "";
  if (!view.narrow) pen.text(`${place.key} axis`, [(view.left + view.width) / 2, place.head], words, "tick", "middle");
  else if (at === 0) pen.text(`${place.key} axis`, [view.left + 8, place.plot + 16], words, "tick");
}

// what the steps so far have joined, in one path; what is joined right now, on its way
function drawJoins(scene, lane, place) {
  const { pen, view, data, at } = scene, last = Math.min(at, lastStep(lane, data.view, view.T));
  const now = Math.ceil(last - 1e-6), done = [], moving = [];
  for (let k = 1; k <= now; k++) {
    const gone = ease(share(at, k)), pairs = joined(lane, data.view, k, view.T);
    for (const pair of pairs) (gone < 1 ? moving : done).push([pair, gone]);
  }
  const style = data.view === "back" ? "backward" : "forward";
  if (lane.weights) return weighted(scene, lane, place, [...done, ...moving], style);
  const d = all => all.map(([pair, gone]) => arc(view, place, pair, gone)).join("");
  pen.draw(`${place.key} done`, "path", { d: d(done) || "M0 0", class: `arc ${lane.way} ${style}` });
  pen.draw(`${place.key} moving`, "path", { d: d(moving) || "M0 0", class: `arc now ${style}` });
}

// arcs as wide as the weight with which the answer looks at each position
function weighted({ pen, view }, lane, place, arcs, style) {
  for (const [pair, gone] of arcs) {
    const t = Math.min(...pair), weight = lane.weights[t], dense = Math.min(0.85, 0.25 + 1.8 * weight);
    pen.draw(`${place.key} look ${t}`, "path", { d: arc(view, place, pair, gone), class: `arc look ${style}`,
      style: `stroke-width: ${(1 + 13 * weight).toFixed(1)}px; stroke-opacity: ${dense.toFixed(2)}` });
  }
}

// from one position to another above the row, as far as it has gone
function arc(view, place, [from, to], gone) {
  const [x0, x1] = [view.x(from), view.x(to)], y = place.node - view.radius;
  const far = Math.abs(to - from), high = Math.min(place.arc, (place.arc * (0.5 + far)) / Math.max(6, view.T * 0.6));
  const n = Math.max(1, Math.round(PIECES * gone));
  const points = Array.from({ length: n + 1 }, (_, i) => {
    const u = (gone * i) / n;
    return `${(x0 + (x1 - x0) * u).toFixed(1)} ${(y - 4 * high * u * (1 - u)).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
