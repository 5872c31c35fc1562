// The descents over any picture of the surface: a line each, told apart by dash, colour and label; where one leaves the
// picture it ends at the edge, in an arrow that says when.

import { mix, rgb } from "../core/colours.js";

export const COURSES = [
  { name: "unclipped", hue: "ink", dash: [7, 5], side: [-1, -1] },
  { name: "by value", hue: "backward", dash: [2, 4], side: [1, -1] },
  { name: "by norm", hue: "forward", dash: [], side: [1, 1] },
];
const AWAY = [0, 17, -17, 34, -34, 51, -51, 68, -68, 85, -85]; // pixels: a label tries these places in turn
const FONT = '600 14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

// The part of the piece from p to q ([w, b, E] each) inside the mesh's range, as [p', q']; null where there is none
export function within(p, q, { low, high }) {
  let from = 0, to = 1;
  for (const [k, a, z] of [[0, low.w, high.w], [1, low.b, high.b]]) {
    const run = q[k] - p[k];
    if (run === 0) { if (p[k] < a || p[k] > z) return null; continue; }
    const [one, two] = [(a - p[k]) / run, (z - p[k]) / run];
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  const at = t => p.map((v, k) => v + t * (q[k] - v));
  return from <= to ? [at(from), at(to)] : null;
}

// pen: { context, colours, at([w, b, E]) -> [x, y] on the canvas, box, written }; labels stay inside box, { left, right,
// top, bottom }, and keep off what is written: [left, middle, width] of each text
export function drawCourses(pen, mesh, courses, update) {
  const { context } = pen;
  context.lineJoin = context.lineCap = "round";
  courses.forEach((course, k) => line(pen, mesh, course, COURSES[k], update));
  const ends = courses.map((course, k) => end(pen, mesh, course, COURSES[k], update)).filter(Boolean);
  const [x, y] = pen.at(courses[0].point(0)), dots = [{ x, y }, ...ends];
  const taken = [...pen.written, ...dots.map(({ x, y }) => [x - 8, y, 16])];
  for (const place of ends) label(pen, place, taken);
  context.setLineDash([]);
}

function line({ context, colours, at }, mesh, course, look, update) {
  const hue = colours[look.hue];
  context.beginPath();
  for (let k = 0; k < Math.min(update, course.last); k++) {
    const piece = within(course.point(k), course.point(k + 1), mesh);
    if (!piece) continue;
    context.moveTo(...at(piece[0]));
    context.lineTo(...at(piece[1]));
  }
  context.setLineDash([]);
  context.strokeStyle = rgb(colours.background);
  context.globalAlpha = 0.55;
  context.lineWidth = 3.5;
  context.stroke();
  context.globalAlpha = 0.85;
  context.setLineDash(look.dash);
  context.strokeStyle = rgb(hue);
  context.lineWidth = 1.75;
  context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = rgb(hue);
  for (let k = 0; k <= Math.min(update, course.last); k++) {
    const point = course.point(k);
    if (!mesh.inside(point[0], point[1])) continue;
    const [x, y] = at(point);
    context.beginPath();
    context.arc(x, y, k ? 1.8 : 4, 0, 2 * Math.PI);
    context.fill();
  }
}

// The dot where it stands now, or the arrow where it left; gives its place, its look, and what is to be written there
function end({ context, colours, at }, mesh, course, look, update) {
  const now = Math.min(update, course.last), point = course.point(now), hue = colours[look.hue];
  if (mesh.inside(point[0], point[1])) {
    const [x, y] = at(point);
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fillStyle = rgb(hue);
    context.fill();
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeStyle = rgb(colours.background);
    context.stroke();
    return { x, y, look, words: course.lost(update) ? `${look.name}: ∞ since update ${course.last + 1}` : look.name };
  }
  let k = now;
  while (k > 0 && !mesh.inside(...course.point(k).slice(0, 2))) k--;
  const piece = within(course.point(k), course.point(k + 1), mesh);
  if (!piece) return null;
  const [from, to] = piece.map(at), [x, y] = arrow(context, from, to, rgb(hue));
  return { x, y, look, words: `${look.name}: out since update ${k + 1}` };
}

function label({ context, colours, box }, { x, y, look, words }, taken) {
  const between = (value, low, high) => Math.max(Math.min(value, high), low), long = lengthOf(context, words);
  const left = between(x + (look.side[0] > 0 ? 12 : -12 - long), box.left + 4, box.right - long - 4);
  const tops = AWAY.map(by => between(y + look.side[1] * (15 + by), box.top + 12, box.bottom - 12));
  const free = top => !taken.some(([l, t, w]) => Math.abs(t - top) < 17 && left < l + w && l < left + long);
  const top = tops.find(free) ?? tops[0];
  taken.push([left, top, long]);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.setLineDash([]);
  context.lineWidth = 4;
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
  for (const [turn, long] of [[0, 0], [2.7, 15], [-2.7, 15]]) context.lineTo(x + long * Math.cos(angle + turn), y + long * Math.sin(angle + turn));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  return [x - 8 * Math.cos(angle), y - 8 * Math.sin(angle)]; // its middle
}
