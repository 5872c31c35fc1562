// The plane of gradients: the circle on its way, with rings at powers of ten, what it was before, and the reader's
// arrow.

import { applied, clamp, direction, ellipse, polar } from "./algebra.js";
import { fill, power, ten } from "./figures.js";
import { head, line, segments } from "./svg.js";
import { PHASES } from "./opened.js";

const POINTS = 64;
const FRAME = 1.62; // half of the frame, in units of the camera
const GHOSTS = 14;

/** What the drawers share: the centre, and pixels for a vector that was divided by 10^log.
 * @param {number[]} box @param {number} exponent */
export function sight([x, y, w, h], exponent) {
  const unit = Math.min(w, h) / 2 / FRAME;
  const centre = [x + w / 2, y + h / 2];
  const pixels = log => unit * 10 ** clamp(log - exponent, -9, 9);
  /** @param {number[]} v @param {number} log */
  const point = ([a, b], log) => [centre[0] + a * pixels(log), centre[1] - b * pixels(log)];
  return { centre, unit, pixels, point, exponent, reach: Math.hypot(w, h) };
}

export function drawPlane(pen, box, scene) {
  const { walk, t, share } = scene;
  const here = sight(box, walk.exponent(t, share));
  const M = walk.standing(t, share);
  pen.group({ class: "plane", "data-part": "plane" }, () => {
    pen.box("paper", box, { rx: 10 });
    if (walk.flat) grid(pen, here, scene);
    const [a, b] = applied(M, direction((scene.angle * Math.PI) / 180));
    rings(pen, here, box, a * b > 0 ? -1 : 1);
    if (walk.gone(t)) return;
    ghosts(pen, here, scene);
    circle(pen, here, M, walk.s1[t]);
    if (t === 0 && scene.show.has("best") && walk.best !== null) best(pen, here, M, scene);
    arrow(pen, here, M, scene);
    if (walk.flat && walk.two) squashing(pen, here, scene);
    if (walk.flat && walk.has("a")) turning(pen, here, scene);
  }, box);
  labels(pen, here, box, scene);
}

/** The grid moves along with the step, and is back at the end of it. */
function grid(pen, here, { walk, t, share }) {
  const moved = walk.moved(t, share);
  const back = share > 0.9 || !moved;
  const size = 0.5 * 10 ** (Math.floor(here.exponent + 0.02) - here.exponent) * here.unit;
  const [a, b, c, d] = back ? [1, 0, 0, 1] : moved;
  const at = (x, y) => [here.centre[0] + (a * x + b * y) * size, here.centre[1] - (c * x + d * y) * size];
  const far = 24;
  const lines = [];
  for (let i = -far; i <= far; i++) if (i) lines.push([at(i, -far), at(i, far)], [at(-far, i), at(far, i)]);
  const opacity = back ? (moved ? clamp((share - 0.92) * 12) : 1) : 1 - clamp((share - 0.85) * 20);
  pen.path("grid", segments(lines), { opacity });
  pen.path("axes", segments([[at(0, -far), at(0, far)], [at(-far, 0), at(far, 0)]]), { opacity });
}

/** Powers of ten; their names stand where the arrow does not. */
function rings(pen, here, [x, y, w], side) {
  for (let k = Math.floor(here.exponent) - 2; k <= Math.ceil(here.exponent) + 1; k++) {
    const r = here.pixels(k);
    if (r < 9 || r > here.reach) continue;
    pen.circle(k ? "ring" : "ring one", here.centre, r);
    const label = [here.centre[0] + side * (r + 14) * Math.cos(0.86), here.centre[1] - (r + 14) * Math.sin(0.86)];
    if (r > 34 && label[1] > y + 36 && Math.abs(label[0] - x - w / 2) < w / 2 - 20)
      pen.text(k ? "muted halo paper" : "strong halo paper", [label[0], label[1] + 5], ten(k), "middle");
  }
}

const outline = (here, M, log, count = POINTS) => ellipse(M, count).map(v => here.point(v, log));

function ghosts(pen, here, { walk, t }) {
  for (let j = Math.min(t + GHOSTS, walk.steps); j > t; j--) {
    const size = here.pixels(walk.s1[j]);
    if (size < 3 * here.reach)
      pen.path("ghost", line(outline(here, walk.at(j), walk.s1[j], 48), true), { opacity: 0.42 * 0.82 ** (j - t - 1) });
  }
}

function circle(pen, here, M, log) {
  const points = outline(here, M, log);
  pen.path("set", line(points, true), { "data-part": "circle" });
  pen.path("spokes", segments(points.map(p => [here.centre, p])));
  pen.path("outline", line(points, true));
  pen.path("points", points.map(p => `${line([p])}h0`).join(""));
}

function arrow(pen, here, M, { walk, t, angle, share }) {
  const tip = here.point(applied(M, direction((angle * Math.PI) / 180)), walk.s1[t]);
  const long = Math.hypot(tip[0] - here.centre[0], tip[1] - here.centre[1]);
  const whole = share === 0 ? { "data-part": "arrow", "data-pixels": here.pixels(0).toPrecision(12) } : {};
  if (long > 5) {
    pen.path("arrow under", line([here.centre, tip]));
    pen.path("arrow", line([here.centre, tip]), whole);
    pen.path("head", head(here.centre, tip, 17));
  }
  const size = here.pixels(walk.s1[t]);
  if (size < 14 || long <= 5) pen.circle("spot", here.centre, 18);
  pen.circle("centre", here.centre, 3.5);
}

/** The arrow of which most has arrived. */
function best(pen, here, M, { walk, words, angle }) {
  const way = applied(M, direction((walk.best * Math.PI) / 180));
  const mine = applied(M, direction((angle * Math.PI) / 180));
  const side = way[0] * mine[0] + way[1] * mine[1] < 0 ? -1 : 1; // beside the reader's arrow, not behind it
  const tip = here.point(way.map(part => side * part), walk.s1[0]);
  pen.path("best", line([here.centre, tip]), { "data-part": "best" });
  pen.path("best-head", head(here.centre, tip, 15));
  const [x, y] = [here.centre[0], here.centre[1] + here.unit * FRAME * 0.72];
  pen.text("gradient strong halo paper", [x, y], fill(words.best, { value: power(walk.s1[0]) }), "middle");
}

/** Motion 1: the slopes, along the units' own axes. */
function squashing(pen, here, { walk, t, share }) {
  if (t === 0 || share === 0 || share >= PHASES.squash[1]) return;
  const [x, y] = here.centre;
  const [far, near] = [here.unit * FRAME * 0.9, here.unit * FRAME * (0.9 - 0.24 * clamp(share / PHASES.squash[1]))];
  const ends = [[far, 0, near, 0], [-far, 0, -near, 0], [0, far, 0, near], [0, -far, 0, -near]];
  for (const [a, b, c, d] of ends) {
    pen.path("push", line([[x + a, y + b], [x + c, y + d]]));
    pen.path("push-head", head([x + a, y + b], [x + c, y + d], 13));
  }
  const [one, two] = walk.of("slopes", t);
  pen.text("factor halo paper", [x + here.unit * 1.3, y - 16], `×${power(Math.log10(one))}`, "middle");
  pen.text("factor halo paper", [x + 14, y + here.unit * 1.3], `×${power(Math.log10(two))}`);
}

/** Motion 2: how far the matrix turns. */
function turning(pen, here, { walk, t, share }) {
  if (t === 0 || share <= walk.turning[0] || share >= walk.turning[1]) return;
  const moved = polar(walk.moved(t, share));
  const [x, y] = here.centre;
  const r = here.unit * FRAME * 0.86;
  const angle = -moved.angle;
  const angles = Array.from({ length: 25 }, (_, i) => (angle * i) / 24);
  const arc = angles.map(a => [x + r * Math.cos(a), y + r * Math.sin(a)]);
  if (Math.abs(angle) > 0.05) {
    pen.path("turn", line(arc));
    pen.path("turn-head", head(arc[20], arc[24], 15));
  }
}

function labels(pen, here, [x, y, w, h], scene) {
  const { walk, t, share, words, narrow } = scene;
  pen.text("gradient strong", [x + 14, y + 24], fill(words.gradient, { step: t }));
  const act = t === 0 ? words.arrived : share === 0 ? "" : !walk.two ? words.one_motion
    : share < PHASES.squash[1] ? words.squash : words.turn;
  if (h > 260) pen.text(share < PHASES.squash[1] && walk.two && t ? "act forward" : "act", [x + 14, y + 47], act ?? "");
  if (walk.flat && !narrow && (share === 0 || t === 0)) names(pen, here, [x, y, w, h], scene);
  if (!walk.flat && w > 440) pen.text("muted", [x + w - 12, y + h - 12], words.plane, "end");
  bar(pen, here, [x + 16, y + h - 18], walk.flat ? 160 : 100);
  if (walk.gone(t)) pen.text("lost", [x + w / 2, y + h / 2], Number.isNaN(walk.s1[t]) ? "NaN" : "∞", "middle");
}

/** The axes' names, at rest and where the circle does not reach them. */
function names(pen, here, [x, y, w, h], { walk, t, words }) {
  const [a, b, c, d] = walk.gone(t) ? [0, 0, 0, 0] : walk.at(t);
  const size = here.pixels(walk.s1[t]);
  const [across, up] = [Math.hypot(a, b) * size, Math.hypot(c, d) * size];
  if (!(across > w / 2 - 66)) pen.text("muted halo paper", [x + 10, here.centre[1] + 22], words.axis_one);
  if (!(up > h / 2 - 34)) pen.text("muted halo paper", [here.centre[0] + 12, y + h - 10], words.axis_two);
}

/** How long a power of ten is now. */
function bar(pen, here, [x, y], most) {
  const exponent = Math.floor(Math.log10(most / here.unit) + here.exponent);
  const wide = here.pixels(exponent);
  const end = at => [[at, y - 5], [at, y + 5]];
  pen.path("scale", segments([[[x, y], [x + wide, y]], end(x), end(x + wide)]));
  pen.text("strong halo paper", [x + wide / 2, y - 10], ten(exponent), "middle", { "data-part": "scale" });
}
