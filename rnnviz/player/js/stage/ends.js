// The two ends of a column: what the step reads (the tape, which is also the scrubber) and what it gives out.

import { mix } from "../core/colours.js";
import { number } from "../core/numbers.js";

export function gutter(scene, words, symbol, y) {
  const { pen, narrow, left } = scene;
  if (!narrow) pen.text(words, 0, y, { colour: pen.colours.muted });
  if (symbol) pen.text(symbol, left - 16 * pen.size, y, { px: 17, serif: true, align: "center" });
}

export function drawTape(scene, { y, h }) {
  const { pen, model, view, axis, middle, focusWide, accent, left, width } = scene, mid = y + h / 2, s = pen.size;
  gutter(scene, "input", "x", mid);
  pen.box(left, y + 3 * s, width, h - 6 * s, 6, null, pen.soft);
  const [from, to] = scene.reached(view.direction);
  pen.rect(from, y + h - 6 * s, to - from, 3 * s, mix(pen.soft, accent, 0.6));
  const inside = [middle - focusWide / 2 + 2 * s, middle + focusWide / 2 - 2 * s], c = pen.context;
  const room = t => axis.wide(t) - (view.story ? 6 : 2) * s;
  const write = (t, words, colour, bold) =>
    words && pen.text(words, axis.mid(t), mid, { align: "center", bold, colour, max: room(t) });
  const readings = Array.from({ length: model.T }, (_, t) => said(scene, t, axis.wide(t) - 2 * s));
  readings.forEach((words, t) => {
    if (words === null) features(scene, t, y + 6 * s, h - 12 * s);
    else if (!scene.narrow || !view.story || Math.abs(t - view.t) < 2 || pen.fits(words, axis.wide(t) - 6 * s))
      write(t, words, scene.done(view.direction, t) ? pen.colours.ink : pen.colours.muted, false);
  });
  // the current step's pill lies over them, and shows in its own colours what it covers
  c.save();
  c.beginPath();
  c.roundRect(inside[0], y + 1, Math.max(0, inside[1] - inside[0]), h - 2, Math.min(7, focusWide / 2));
  c.clip();
  pen.rect(inside[0], y + 1, inside[1] - inside[0], h - 2, accent);
  readings.forEach((words, t) => {
    if (axis.edges[t + 1] <= inside[0] || axis.edges[t] >= inside[1]) return;
    if (words === null) features(scene, t, y + 6 * s, h - 12 * s);
    else write(t, words, pen.colours.background, t === view.t);
  });
  c.restore();
}

const LEGIBLE = 9, CONDENSED = 0.6; // pixels that a character takes at least; how narrow type may get

// what step t reads, in as many characters as there is room for; null where colours say it better
function said({ model, pen }, t, room) {
  const token = model.token(t);
  if (token !== null) return shortened(pen, token, room);
  if (model.I === 1) {
    const written = [3, 2, 1].map(digits => number(model.x(t, 0), digits));
    return written.find(words => pen.fits(words, room / CONDENSED)) ?? null;
  }
  const on = Array.from({ length: model.I }, (_, k) => k).filter(k => model.x(t, k) !== 0);
  if (on.length !== 1 || model.x(t, on[0]) !== 1) return null;
  return shortened(pen, model.inputs ? model.inputs[on[0]] : String(on[0] + 1), room);
}

// `words`, condensed where they are drawn; where that is not enough, their beginning; "" where no character is legible
function shortened(pen, words, room) {
  if (room < (LEGIBLE - 2) * pen.size) return "";
  if (pen.fits(words, room / CONDENSED)) return words;
  const letters = [...words];
  let count = letters.length - 1;
  while (count > 1 && !pen.fits(`${letters.slice(0, count).join("")}…`, room / CONDENSED)) count--;
  const beginning = `${letters.slice(0, count).join("")}…`;
  if (pen.fits(beginning, room / CONDENSED)) return beginning;
  return /\d/.test(words) ? "" : letters[0]; // the first digit of a number would be another number
}

// many features: a row of colours each
function features({ pen, model, axis, sequence }, t, y, h) {
  const inset = Math.min(10 * pen.size, axis.wide(t) * 0.12), each = (axis.wide(t) - 2 * inset) / model.I;
  if (each <= 4) pen.row(sequence("x"), t, axis.edges[t] + inset, y, each * model.I, h);
  else for (let k = 0; k < model.I; k++) {
    pen.cell(axis.edges[t] + inset + k * each, y, each - 1, h, model.x(t, k), "signed");
  }
}

export function drawOutputs(scene, { y, h }) {
  const { pen, model, view, axis } = scene, mid = y + h / 2, s = pen.size;
  const top = model.D === 1 ? view.direction : 0, { ink, muted, background } = pen.colours;
  gutter(scene, "output", "y", mid);
  for (let t = 0; t < model.T; t++) {
    const done = scene.done(top, t), wide = axis.wide(t), x = axis.mid(t), current = t === view.t;
    if (!done) continue;
    if (view.backward || !model.outputs) { strip(scene, t, x, mid, wide, current); continue; }
    const { best, share } = mostLikely(model, t), percent = `${Math.round(100 * share)}%`;
    if (!Number.isFinite(share)) { strip(scene, t, x, mid, wide, current); continue; }
    if (wide >= 62 * s) {
      pen.text(percent, x - 4 * s, mid, { align: "right", colour: muted });
      pen.text(model.outputs[best], x + 6 * s, mid, { bold: true, colour: current ? ink : muted });
    } else if (wide >= 13 * s && pen.fits(model.outputs[best], wide)) {
      pen.text(model.outputs[best], x, mid, { align: "center", colour: muted });
    } else {
      const high = (h - 8 * s) * share;
      pen.rect(axis.edges[t], y + h - 4 * s - high, Math.max(wide - 1, 0.5), high, mix(background, muted, 0.5));
    }
  }
}

// y_t or dL/dy_t as a row of colours
function strip(scene, t, x, mid, wide, current) {
  const { pen, model, view } = scene, s = pen.size, Q = model.Q;
  const values = Array.from({ length: Q }, (_, q) => (view.backward ? model.dy(t, q) : model.y(t, q)));
  const kind = view.backward ? "gradient" : "signed";
  if (view.backward && values.every(v => v === 0)) {
    if (wide > 20 * s) pen.text("0", x, mid, { align: "center", colour: pen.colours.muted });
    return;
  }
  const all = Math.min(wide - 4 * s, Q * 14 * s, wide * 0.9), each = all / Q, high = 16 * s;
  if (each <= 4) pen.row(scene.sequence("y"), t, x - all / 2, mid - high / 2, all, high);
  else values.forEach((v, q) => pen.cell(x - all / 2 + q * each, mid - high / 2, each - 1, high, v, kind));
  if (all > 8) pen.box(x - all / 2, mid - high / 2, all, high, 3, view.backward ? pen.colours.backward : pen.line);
  if (Q !== 1 || wide <= 50 * s) return;
  pen.rect(x - wide * 0.42, mid - high / 2, wide * 0.84, high, pen.colour(values[0], kind));
  pen.cellText(values[0], kind, x, mid, current, wide * 0.8);
}

// the class with the largest logit, and its share in the softmax of y_t
function mostLikely(model, t) {
  let best = 0, sum = 0;
  for (let q = 1; q < model.Q; q++) if (model.y(t, q) > model.y(t, best)) best = q;
  for (let q = 0; q < model.Q; q++) sum += Math.exp(model.y(t, q) - model.y(t, best));
  return { best, share: 1 / sum };
}

// where the backward pass was cut: a dashed line through everything, between two steps
export function drawCuts({ pen, model, view, axis }, height) {
  const s = pen.size, c = pen.context, level = model.level(view.layer, view.direction);
  for (let t = 0; t < model.T; t++) {
    if (!level.cutBefore(t)) continue;
    const x = axis.edges[t + view.direction];
    c.setLineDash([6 * s, 4 * s]);
    pen.wire([[x, 0], [x, height]], pen.colours.backward, 2 * s);
    c.setLineDash([]);
    if (Math.min(axis.wide(t), axis.wide(level.before(t))) < 40 * s) continue;
    pen.rect(x - 38 * s, 0, 76 * s, 15 * s, pen.colours.background);
    pen.text("truncated", x, 8 * s, { align: "center", bold: true, colour: pen.colours.backward });
  }
}
