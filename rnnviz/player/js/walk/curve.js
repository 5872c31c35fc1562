// What is left, step by step: norms on a log scale, drawn from right to left with the walk; every shape as a film
// strip; and the states that the pass went through.

import { applied, direction, ellipse, mix } from "./algebra.js";
import { number } from "../core/numbers.js";
import { fill, power, ten } from "./figures.js";
import { line, segments } from "./svg.js";

const LOWS = [-1, -2, -4, -6, -9, -12, -16, -24, -32, -48, -64, -100, -150, -200, -300];
const HIGHS = [0.3, 1, 2, 4, 6, 9, 12, 16, 24, 32, 48, 64, 100, 150, 200, 300];
const MOST = 8; // decades for what would be left
const TICKS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 50, 100];

/** The decades that hold all of these logarithms. */
export function decades(values, room = 0.4) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite) - room, Math.max(0, ...finite)];
  return [LOWS.find(l => l <= low) ?? low, HIGHS.find(l => l >= high) ?? high];
}

/** Decades that give nothing away of what is asked: as far up as down, with room for rho^k. */
function promised(walk) {
  const most = Math.max(1, Math.abs(walk.steps * Math.log10(walk.rho || 1))) + 0.5;
  return [-most, most];
}

/** Where rho^k or the gate alone ends, so long as there is room for the rest beside it. */
function told({ walk, show }) {
  const ends = show.has("power") && walk.rho > 0 ? [walk.steps * Math.log10(walk.rho)] : [];
  if (show.has("direct") && walk.direct) ends.push(walk.direct[0]);
  return ends.filter(log => Math.abs(log) < MOST);
}

/** Which decades have a tick, so many pixels high.
 * @param {number[]} range */
export function ticks([low, high], height) {
  const each = TICKS.find(k => (height / (high - low)) * k > 26) ?? 100;
  const found = [];
  for (let k = Math.ceil(low / each) * each; k <= high; k += each) found.push(k);
  return found;
}

/** Places of states along the axis, and heights of logarithms.
 * @param {any} walk @param {number[]} box @param {number[]} range */
export function scales(walk, [x, y, w, h], range) {
  const across = t => x + (w * t) / walk.steps;
  const exactly = log => y + h - (h * (log - range[0])) / (range[1] - range[0]);
  return { across, exactly, up: log => exactly(Math.max(log, range[0] - 9)) };
}

export function drawCurve(pen, box, scene) {
  const { walk, words, show, t, share } = scene;
  const own = show.has("own") ? walk.own : null;
  const range = scene.locked ? promised(walk)
    : decades([...told(scene), ...walk.s1.filter((_, k) => !walk.gone(k)), ...(own?.filter(Number.isFinite) ?? [])]);
  const { across, up, exactly } = scales(walk, box, range);
  const [x, y, w, h] = box;
  pen.text("muted", [x - 46, y - 10], words.norm);
  for (const k of ticks(range, h)) {
    pen.path(k ? "rule" : "rule one", line([[x, up(k)], [x + w, up(k)]]));
    pen.text("muted", [x - 7, up(k) + 5], ten(k), "end");
  }
  pen.group({ class: "norms" }, () => {
    limits(pen, scene, box, { range, up });
    drawn(pen, scene, { across, up, own });
    if (show.has("power") && walk.rho > 0)
      pen.path("power", line([[across(walk.steps), up(0)], [across(0), exactly(walk.steps * Math.log10(walk.rho))]]));
    if (show.has("direct") && walk.direct)
      pen.path("power", line(trail(walk, k => walk.direct[k], t, share).map(([k, log]) => [across(k), up(log)])),
        { "data-part": "direct" });
  }, [x - 8, y - 5, w + 16, h + 8]);
  if (show.has("power") && walk.rho > 0) naive(pen, scene, range, { across, up });
  if (!walk.gone(t)) tips(pen, scene, box, { across, up, own });
  return across(t - share);
}

/** The values of the states passed so far, and on the way to the next one between it and the last. */
export function trail(walk, of, t, share) {
  const found = [];
  for (let k = walk.steps; k >= t; k--) if (!walk.gone(k)) found.push([k, of(k)]);
  if (share > 0 && t > 0 && !walk.gone(t) && !walk.gone(t - 1))
    found.push([t - share, of(t - 1) === -Infinity ? of(t) - 9 * share : mix(of(t), of(t - 1), share)]);
  return found;
}

function drawn(pen, { walk, t, share, angle }, { across, up, own }) {
  const points = of => trail(walk, of, t, share).map(([k, log]) => [across(k), up(log)]);
  const [top, bottom] = [points(k => walk.s1[k]), points(k => walk.s2[k])];
  pen.path("band", line([...top, ...bottom.reverse()], true), { "data-part": "band" });
  pen.path("edge", line(top));
  pen.path("edge", line(bottom));
  if (own) pen.path("own", line(points(k => own[k]).filter(p => Number.isFinite(p[1]))));
  pen.path("norm", line(points(k => walk.norm(k, angle))), { "data-part": "norm" });
}

function limits(pen, { walk, words }, [x, , w], { range, up }) {
  const [low, high] = walk.limits;
  for (const limit of [low, high])
    if (limit > range[0] && limit < range[1]) {
      pen.path("limit", line([[x, up(limit)], [x + w, up(limit)]]));
      pen.text("muted halo", [x + 8, up(limit) + (limit > 0 ? 17 : -7)], words.limit);
    }
}

function naive(pen, { walk, words }, range, { across, up }) {
  const share = [0.45, 0.3, 0.2, 0.1, 0.06].find(part => {
    const log = walk.steps * part * Math.log10(walk.rho);
    return log > range[0] + 0.2 && log < range[1] - 0.2;
  });
  if (!share) return;
  const k = walk.steps * share;
  pen.text("muted halo", [across(walk.steps - k), up(k * Math.log10(walk.rho)) - 9], words.power, "middle");
}

/** How far the lines have come, with their numbers: that of the arrow, and what else there is. */
function tips(pen, scene, box, { across, up, own }) {
  const { walk, words, show, t, share, angle } = scene;
  const arrow = k => walk.norm(k, angle);
  pen.circle("tip", ended(walk, arrow, box, { t, share, across, up }), 6);
  if (t === walk.steps && share === 0) return;
  const says = own ? value => fill(words.tip_arrow, { value }) : value => value;
  const taken = [tip(pen, scene, box, { across, up, of: arrow, says, style: "gradient", part: "value" })];
  if (own && Number.isFinite(own[t]))
    taken.push(tip(pen, scene, box, { across, up, of: k => own[k], taken, style: "own-end",
      says: value => fill(words.tip_own, { value }), part: "own" }));
  if (show.has("direct") && walk.direct)
    tip(pen, scene, box, { across, up, of: k => walk.direct[k], taken, style: "muted",
      says: value => fill(words.direct, { value }), part: "direct-end" });
  if (show.has("peak")) peak(pen, scene, { across, up });
}

function ended(walk, of, [, y], { t, share, across, up }) {
  const [k, log] = trail(walk, of, t, share).at(-1);
  return [across(k), Math.max(up(log), y)];
}

/** A number at a line's end, beside the line: at its left while there is room, then on the side that it leaves. */
function tip(pen, { walk, t, share }, box, { across, up, of, says, style, part, taken = [] }) {
  const [x, y, w, h] = box;
  const at = ended(walk, of, box, { t, share, across, up });
  const left = t > walk.steps * 0.45;
  const before = up(of(Math.min(t + 8, walk.steps)));
  const below = !left && before < at[1] - 6;
  let height = Math.min(Math.max(at[1] + (left ? -12 : below ? 24 : -14), y + 14), y + h + 2);
  for (const other of taken) if (Math.abs(height - other) < 20) height = other + (height < other ? -21 : 21);
  const place = [Math.min(Math.max(at[0] + (left ? -11 : 13), x + 4), x + w), height];
  pen.text(`${style} big halo`, place, says(power(of(t))), left ? "end" : "start", { "data-part": part });
  return height;
}

/** The most on the way, once the walk has passed it. */
function peak(pen, { walk, words, t }, { across, up }) {
  let best = walk.steps;
  for (let k = walk.steps; k >= t; k--) if (walk.s1[k] > walk.s1[best] + 1e-9) best = k;
  if (best === walk.steps || best - t < 2) return;
  const at = [across(best), up(walk.s1[best])];
  pen.circle("peak", at, 4);
  pen.text("gradient halo", [at[0], at[1] - 10], fill(words.peak, { value: power(walk.s1[best]) }), "middle",
    { "data-part": "peak" });
}

/** Each shape, as large as its largest axis. */
export function drawStrip(pen, [x, y, w, h], { walk, t, angle, words, narrow }) {
  const size = Math.min(w / walk.steps / 2 - 1, h / 2 - 3, 11);
  const middle = y + h / 2;
  if (!narrow) pen.text("muted", [x - 12, middle + 5], words.shape, "end");
  for (let k = 0; k <= walk.steps; k++) {
    const at = x + (w * k) / walk.steps;
    if (k < t || walk.gone(k) || walk.s1[k] === -Infinity) pen.circle("bead", [at, middle], 1.2);
    else frame(pen, [at, middle], size, walk.at(k), angle, k === t);
  }
}

/** @param {any} pen @param {number[]} place */
export function frame(pen, [x, y], size, M, angle, here) {
  /** @param {number[]} v */
  const to = ([a, b]) => [x + a * size, y - b * size];
  const tip = applied(M, direction((angle * Math.PI) / 180));
  pen.path(here ? "frame here" : "frame", line(ellipse(M, 28).map(to), true));
  if (size > 4) pen.path("needle", line([[x, y], to(tip)]));
}

/** The states of an Elman cell, or what the gate of a gated cell keeps, over all steps. */
export function drawStates(pen, [x, y, w, h], { walk, words, t, share }) {
  const gated = !walk.has("a");
  const name = gated ? "gate" : "h";
  const [low, high] = gated ? [0, 1] : [-walk.reach, walk.reach];
  const across = k => x + (w * k) / walk.steps;
  const up = value => y + h - (h * (Math.min(Math.max(value, low), high) - low)) / (high - low);
  for (const value of [high, low]) {
    pen.path("rule", line([[x, up(value)], [x + w, up(value)]]));
    pen.text("muted", [x - 7, up(value) + (value === high ? 8 : 2)], number(value, 1), "end");
  }
  pen.text(gated ? "gate strong" : "forward strong", [x - 30, y + h / 2 + 5], gated ? words.gate : words.state, "end");
  if (gated) return valves(pen, { walk, across, up, bottom: y + h, t: t - share });
  pen.path("zero", line([[x, up(0)], [x + w, up(0)]]));
  const many = walk.units > 2;
  const drawn = kept(walk, [x, y, w, h], () => {
    const rows = Array.from({ length: walk.steps }, (_, k) => walk.of(name, k + 1));
    const points = unit => rows.map((row, k) => [across(k + 1), up(row[unit])]).filter(p => Number.isFinite(p[1]));
    return Array.from({ length: walk.units }, (_, unit) => line(points(unit)));
  });
  drawn.forEach((d, unit) => pen.path(many ? "state faint" : unit ? "state second" : "state", d));
}

const paths = new WeakMap(); // of walks: what does not change while it walks, and the box that it was made for

function kept(walk, box, make) {
  const found = paths.get(walk);
  if (found?.box === String(box)) return found.made;
  const made = make();
  paths.set(walk, { box: String(box), made });
  return made;
}

/** How open the gate is at each step, on average over the units, as fill height. */
function valves(pen, { walk, across, up, bottom, t }) {
  const wide = Math.max(across(1) - across(0) - 2, 1);
  for (let k = 1; k <= walk.steps; k++) {
    const open = walk.of("gate", k).reduce((sum, value) => sum + value, 0) / walk.units;
    const left = across(k) - wide / 2;
    pen.box(k > t ? "valve passed" : "valve", [left, up(open), wide, bottom - up(open)]);
  }
}

/** The numbers of the steps, and where the walk stands. */
export function drawSteps(pen, [x, y, w], top, at, { walk }) {
  const each = [1, 5, 10, 20, 25].find(k => (w / walk.steps) * k > 26) ?? 50;
  for (let k = 0; k <= walk.steps; k += each)
    pen.text("muted", [x + (w * k) / walk.steps, y + 18], String(k), "middle");
  pen.path("cursor", segments([[[at, top], [at, y + 2]]]));
  pen.path("cursor-head", line([[at - 11, y - 3], [at, y - 9], [at, y + 3]], true));
}
