// The descents over any picture of the surface: a line each, told apart by dash, colour and label; where one leaves the
// picture it ends at the edge, in an arrow that says when.

import { mix, rgb } from "../core/colours.js";
import { fill } from "../transport/bar.js";
import { FONT, drawArrows } from "./arrows.js";
import { standing } from "./courses.js";

const AWAY = [0, 17, -17, 34, -34, 51, -51, 68, -68, 85, -85]; // pixels: a label tries these places in turn
const DOT = 7;

/** The part of the piece from p to q ([w, b, E] each) inside the mesh's range, as [p', q']; null if there is none. */
export function within(p, q, { low, high }) {
  let from = 0;
  let to = 1;
  for (const [k, a, z] of [[0, low.w, high.w], [1, low.b, high.b]]) {
    const run = q[k] - p[k];
    if (run === 0) {
      if (p[k] < a || p[k] > z) return null;
      continue;
    }
    const [one, two] = [(a - p[k]) / run, (z - p[k]) / run];
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  const at = t => p.map((value, k) => value + t * (q[k] - value));
  return from <= to ? [at(from), at(to)] : null;
}

/**
 * @param {any} pen { context, colours, at([w, b, E]) -> [x, y] on the canvas, box, written }; labels stay inside box,
 *   { left, right, top, bottom }, and keep off what is written: [left, middle, width] of each text
 * @param {any} view courses, at, words, and what arrows need
 */
export function drawCourses(pen, mesh, view) {
  const { context } = pen;
  if (!view.courses.length) return;
  context.lineJoin = context.lineCap = "round";
  for (const course of view.courses) line(pen, mesh, course, view.at);
  if (view.arrows) {
    context.save();
    context.beginPath();
    context.rect(pen.box.left, pen.box.top, pen.box.right - pen.box.left, pen.box.bottom - pen.box.top);
    context.clip();
    drawArrows(pen, mesh, view);
    context.restore();
  }
  const ends = view.courses.map(course => end(pen, mesh, course, view)).filter(Boolean);
  const [x, y] = pen.at(view.courses[0].point(0));
  const taken = [...pen.written, ...[{ x, y }, ...ends].map(dot => [dot.x - 8, dot.y, 16])];
  for (const place of ends) label(pen, place, taken);
  context.setLineDash([]);
}

function line({ context, colours, at: put }, mesh, course, at) {
  const now = standing(course, at);
  const points = Array.from({ length: now.k + 1 }, (_, k) => course.point(k));
  if (now.along) points.push(now.point);
  context.beginPath();
  for (let k = 0; k + 1 < points.length; k++) {
    const piece = within(points[k], points[k + 1], mesh);
    if (!piece) continue;
    context.moveTo(...put(piece[0]));
    context.lineTo(...put(piece[1]));
  }
  const hue = colours[course.look.hue];
  const strokes = [
    { strokeStyle: rgb(colours.background), globalAlpha: 0.55, lineWidth: 3.5, dash: [] },
    { strokeStyle: rgb(hue), globalAlpha: 0.85, lineWidth: 1.75, dash: course.look.dash },
  ];
  for (const { dash, ...stroke } of strokes) {
    context.setLineDash(dash);
    Object.assign(context, stroke);
    context.stroke();
  }
  context.globalAlpha = 1;
  context.fillStyle = rgb(hue);
  for (let k = 0; k <= now.k; k++) {
    const point = course.point(k);
    if (!mesh.inside(point[0], point[1])) continue;
    context.beginPath();
    context.arc(...put(point), k ? 1.8 : 4, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The dot where it stands now, or the arrow where it left; gives its place, its look, and what is to be written. */
function end({ context, colours, at: put }, mesh, course, { at, words }) {
  const { k, f, point } = standing(course, at);
  const { look, name } = course;
  if (mesh.inside(point[0], point[1])) {
    const [x, y] = put(point);
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, y, DOT, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: rgb(colours[look.hue]), strokeStyle: rgb(colours.background), lineWidth: 2 });
    context.fill();
    context.stroke();
    if (f) ring(context, [x, y], f, rgb(colours[look.hue]));
    const lost = course.lost(Math.floor(at));
    return { x, y, look, words: lost ? fill(words.lost, { name, update: course.last + 1 }) : name };
  }
  let left = k;
  while (left > 0 && !mesh.inside(...course.point(left).slice(0, 2))) left--;
  const piece = within(course.point(left), left < k ? course.point(left + 1) : point, mesh);
  if (!piece) return null;
  const [x, y] = arrow(context, put(piece[0]), put(piece[1]), rgb(colours[look.hue]));
  return { x, y, look, words: fill(words.out, { name, update: left + 1 }) };
}

/** How much of the update's time is over, around the dot. */
function ring(context, [x, y], share, colour) {
  context.beginPath();
  context.arc(x, y, DOT + 4, -Math.PI / 2, (2 * share - 0.5) * Math.PI);
  Object.assign(context, { strokeStyle: colour, lineWidth: 2 });
  context.stroke();
}

function label({ context, colours, box }, { x, y, look, words }, taken) {
  const between = (value, low, high) => Math.max(Math.min(value, high), low);
  const long = lengthOf(context, words);
  const left = between(x + (look.side[0] > 0 ? 12 : -12 - long), box.left + 4, box.right - long - 4);
  const tops = AWAY.map(by => between(y + look.side[1] * (15 + by), box.top + 12, box.bottom - 12));
  const free = top => !taken.some(([l, t, w]) => Math.abs(t - top) < 17 && left < l + w && l < left + long);
  const top = tops.find(free) ?? tops[0];
  taken.push([left, top, long]);
  context.setLineDash([]);
  Object.assign(context, { textAlign: "left", textBaseline: "middle", lineWidth: 4 });
  context.strokeStyle = rgb(colours.background);
  context.strokeText(words, left, top);
  context.fillStyle = rgb(mix(colours[look.hue], colours.ink, 0.1));
  context.fillText(words, left, top);
}

// A word's length on the canvas: setting a font and measuring take longer than all the lines
const lengths = new Map();
function lengthOf(context, words) {
  if (!context.font.startsWith("600 14px")) context.font = FONT;
  if (!lengths.has(words)) {
    if (lengths.size > 200) lengths.clear();
    lengths.set(words, context.measureText(words).width);
  }
  return lengths.get(words);
}

function arrow(context, [x0, y0], [x, y], colour) {
  const angle = Math.atan2(y - y0, x - x0);
  context.beginPath();
  for (const [turn, long] of [[0, 0], [2.7, 15], [-2.7, 15]])
    context.lineTo(x + long * Math.cos(angle + turn), y + long * Math.sin(angle + turn));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  return [x - 8 * Math.cos(angle), y - 8 * Math.sin(angle)]; // its middle
}
