// Why: the slopes of the activation where the units stand, and the circle that W_h^T makes of a circle.

import { clamp, direction, ellipse, applied, singular } from "./algebra.js";
import { fill, power } from "./figures.js";
import { ACTIVATIONS } from "../core/activations.js";
import { PHASES } from "./opened.js";
import { head, line } from "./svg.js";

const REACH = 3.2; // pre-activations shown, either side
const HEIGHTS = { tanh: [-1.15, 1.15], sigmoid: [-0.15, 1.15], relu: [-1, 3.4], linear: [-3.4, 3.4] };

export function drawFactors(pen, [x, y, w, h], scene) {
  const half = scene.narrow ? w : Math.round(w * 0.44);
  if (scene.walk.has("a")) pen.group({}, () => slopes(pen, [x, y, half, h], scene), [x - 2, y, half + 4, h + 4]);
  else valves(pen, [x, y, half, h], scene);
  if (scene.narrow) return;
  if (scene.walk.flat || scene.walk.gain) matrix(pen, [x + half + 14, y, w - half - 14, h], scene);
}

/** What the gate keeps, unit by unit, as fill height. */
function valves(pen, [x, y, w, h], { walk, t, words }) {
  pen.text("gate strong", [x, y + 13], words.gate_panel);
  const [top, high] = [y + 26, h - 52];
  const wide = Math.min(w / walk.units, 46);
  const open = walk.of("gate", Math.max(t, 1));
  open.forEach((value, unit) => {
    const box = [x + unit * wide + 1, top, wide - 3, high];
    pen.box("valve passed", [box[0], top + high * (1 - value), box[2], high * value]);
    pen.box("valve-frame", box);
  });
  const mean = open.reduce((sum, value) => sum + value, 0) / walk.units;
  const says = walk.units > 1 ? words.mean_gate : words.gate_value;
  pen.text("gate", [x, y + h - 6], fill(says, { value: power(Math.log10(mean)) }));
}

function slopes(pen, [x, y, w, h], { walk, t, share, words }) {
  const { of: curve } = ACTIVATIONS[walk.nonlinearity];
  const [low, high] = HEIGHTS[walk.nonlinearity];
  const [top, high2] = [y + 26, h - 26];
  const to = (a, value) => [x + (w * (a + REACH)) / (2 * REACH), top + high2 * (1 - (value - low) / (high - low))];
  pen.text("forward strong", [x, y + 13], words.slopes);
  pen.path("zero", line([to(-REACH, 0), to(REACH, 0)]));
  pen.path("zero", line([to(0, low), to(0, high)]));
  const places = Array.from({ length: 61 }, (_, i) => (i / 30 - 1) * REACH);
  pen.path("activation", line(places.map(a => to(a, curve(a)))));
  if (t === 0) return;
  const [a, of] = [walk.of("a", t), walk.of("slopes", t)];
  const active = walk.two && share > 0 && share < PHASES.squash[1];
  a.forEach((value, unit) => {
    const at = clamp(value, -REACH + 0.1, REACH - 0.1);
    const [px, py] = to(at, curve(at));
    tangent(pen, [px, py], [(w / (2 * REACH)), (-of[unit] * high2) / (high - low)], w * (walk.units > 2 ? 0.07 : 0.15),
      `tangent${unit && walk.units === 2 ? " second" : ""}${active ? " active" : ""}`);
    if (unit && walk.units === 2) pen.box("unit second", [px - 5, py - 5, 10, 10]);
    else pen.circle("unit", [px, py], walk.units > 2 ? 3.5 : 5.5);
  });
  if (walk.units > 2) {
    const mean = of.reduce((sum, slope) => sum + slope, 0) / walk.units;
    pen.text("forward halo", [x + w, y + h], fill(words.mean_slope, { value: power(Math.log10(mean)) }), "end");
  } else {
    pen.text("forward halo", [x, top + 12], fill(words.slope_one, { value: power(Math.log10(of[0])) }));
    if (walk.units > 1)
      pen.text("forward halo", [x + w, y + h - 2], fill(words.slope_two, { value: power(Math.log10(of[1])) }), "end");
  }
}

function tangent(pen, [x, y], [dx, dy], long, style) {
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [(dx / length) * long, (dy / length) * long];
  pen.path(style, line([[x - ux, y - uy], [x + ux, y + uy]]));
}

/** What is said of the circle that one step makes of a circle. */
function told({ walk, words, show }, most, least) {
  const all = most - least < 1e-6 * most ? [[words.every, most]] : [[words.most, most], [words.least, least]];
  return show.has("power") && walk.rho !== null ? [...all, [words.radius, walk.rho]] : all;
}

function matrix(pen, [x, y, w, h], scene) {
  const { walk, t, share, words } = scene;
  const M = walk.flat ? walk.turnAt(Math.max(t, 1)) : null;
  const [most, least] = M ? singular(M) : [walk.gain, walk.least];
  const high = Math.min(h - 26, w * 0.46);
  pen.text("strong", [x, y + 13], words.matrix);
  told(scene, most, least).forEach(([says, value], i) => {
    const place = [M ? x + high + 10 : x, y + 22 + high / 2 + 23 * (i - 0.6)];
    pen.text(i ? "muted" : "strong", place, fill(says, { value: power(Math.log10(value)) }));
  });
  if (!M) return;
  const middle = [x + high / 2, y + 26 + high / 2];
  const size = (high / 2 / Math.max(1.1, most)) * 0.96;
  /** @param {number[]} v */
  const to = ([a, b]) => [middle[0] + a * size, middle[1] - b * size];
  pen.circle("ring one", middle, size);
  const active = share > walk.turning[0] && share < walk.turning[1] ? " active" : "";
  pen.path(`matrix${active}`, line(ellipse(M, 48).map(to), true));
  for (const [k, angle] of [0, Math.PI / 2].entries()) {
    const end = to(applied(M, direction(angle)));
    pen.path(k ? "axis second" : "axis", line([middle, end]));
    pen.path("axis-head", head(middle, end, 10));
  }
}
