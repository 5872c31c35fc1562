// The gradient's arrow at each descent, downhill, before and after clipping, against its threshold: a circle for the
// norm, a square for the values. Drawn in the surface's own directions, so that what is a circle on the map stays one.

import { mix, rgb } from "../core/colours.js";
import { number } from "../core/numbers.js";
import { standing } from "./courses.js";

export const FONT = '600 14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const MOST = 4.2; // thresholds: a longer arrow is broken off, and its norm is written
const WIDEST = 0.7; // of the map: so is one that is longer than this
const ROUND = 40;
const NARROWEST = 1e-3; // thresholds: of less there is no arrow to be seen

/**
 * @param {any} pen { context, colours, at([w, b, E]) -> [x, y] on the canvas }
 * @param {any} mesh
 * @param {any} view courses, at, unit: how long one threshold is drawn, in w or b; threshold: that of all arrows
 */
export function drawArrows(pen, mesh, { courses, at, unit, threshold }) {
  for (const course of courses) {
    const now = standing(course, at);
    const g = course.gradient(now.arrows);
    if (!mesh.inside(now.point[0], now.point[1]) || course.lost(at) || !g.every(Number.isFinite)) continue;
    const scale = unit / threshold;
    const most = Math.min(MOST * threshold, (WIDEST * (mesh.high.w - mesh.low.w)) / scale);
    const put = ([u, v]) => pen.at([now.point[0] - u * scale, now.point[1] - v * scale, now.point[2]]);
    pen.context.globalAlpha = now.seen;
    limit(pen, put, course);
    arrow(pen, put, course, now, { g, threshold, most });
    pen.context.globalAlpha = 1;
  }
  pen.context.setLineDash([]);
}

/** The circle or the square of the threshold. */
function limit({ context, colours }, put, { how, threshold, look }) {
  if (how === "none") return;
  const corners = [[1, 1], [1, -1], [-1, -1], [-1, 1]];
  const circle = Array.from({ length: ROUND }, (_, k) => [(2 * Math.PI * k) / ROUND])
    .map(([angle]) => [Math.cos(angle), Math.sin(angle)]);
  context.beginPath();
  for (const [u, v] of how === "norm" ? circle : corners) context.lineTo(...put([u * threshold, v * threshold]));
  context.closePath();
  context.setLineDash(how === "norm" ? [] : [5, 3]);
  context.lineWidth = 1.8;
  context.strokeStyle = rgb(colours[look.hue]);
  context.stroke();
}

function arrow(pen, put, course, now, { g, threshold, most }) {
  const size = Math.hypot(...g);
  if (size < NARROWEST * threshold) return;
  const { context, colours } = pen;
  const whole = Math.min(1, most / size) * now.grown;
  const after = course.clipped(now.arrows);
  const left = g.map((entry, i) => entry * whole + (after[i] - entry * whole) * now.clipped);
  const changed = Math.hypot(...g.map((entry, i) => entry - after[i])) > 1e-3 * threshold;
  const from = put([0, 0]);
  const reach = put(g.map(entry => entry * whole));
  if (changed) {
    const faint = mix(colours.background, colours.backward, 0.85);
    stroke(context, from, reach, { colour: faint, width: 1.8, dash: [3, 4] });
    if (size > most && now.grown > 0.6) written(pen, reach, number(size));
  }
  if (course.how === "none" && size > most) written(pen, reach, number(size));
  stroke(context, from, put(course.how === "none" ? g.map(entry => entry * whole) : left), {
    colour: colours[course.look.hue],
    width: 3.4,
    dash: [],
  });
}

/** A line with a head, on a lighter ground. */
function stroke(context, from, to, { colour, width, dash }) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(dx, dy);
  if (long < 1) return;
  const head = Math.min(3 * width + 1, long);
  const [u, v] = [dx / long, dy / long];
  const foot = [to[0] - u * head * 0.8, to[1] - v * head * 0.8];
  context.setLineDash(dash);
  context.lineWidth = width;
  context.strokeStyle = context.fillStyle = rgb(colour);
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...foot);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(...to);
  for (const side of [0.5, -0.5]) context.lineTo(to[0] - head * (u - v * side), to[1] - head * (v + u * side));
  context.closePath();
  context.fill();
}

/** The norm of a gradient whose arrow is broken off. */
function written({ context, colours, box }, [x, y], words) {
  if (!context.font.startsWith("600 14px")) context.font = FONT;
  const wide = context.measureText(words).width;
  const left = Math.min(Math.max(x - wide / 2, box.left + 2), box.right - wide - 2);
  const top = Math.min(Math.max(y - 14, box.top + 10), box.bottom - 10);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = rgb(colours.background);
  context.strokeText(words, left, top);
  context.fillStyle = rgb(colours.backward);
  context.fillText(words, left, top);
}
