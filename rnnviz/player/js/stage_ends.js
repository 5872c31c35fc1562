// The two ends of a column: what the step reads (the tape, which is also the scrubber) and what it gives out.

import { mix, rgb } from "./colours.js";
import { number } from "./numbers.js";

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
  pen.box(middle - focusWide / 2 + 2 * s, y + 1, focusWide - 4 * s, h - 2, 7, null, accent);
  let free = -Infinity;
  const draw = t => {
    const words = said(model, t), wide = axis.wide(t), current = t === view.t;
    const need = pen.context.measureText(words).width + 6 * s;
    if (!current && (axis.mid(t) - need / 2 < free || (Math.abs(axis.mid(t) - middle) < (focusWide + need) / 2) || need > Math.max(wide, 16 * s))) return;
    pen.text(words, axis.mid(t), mid, { align: "center", bold: current, colour: current ? pen.colours.background : scene.done(view.direction, t) ? pen.colours.ink : pen.colours.muted, max: Math.max(wide, focusWide) - 6 * s });
    if (!current) free = axis.mid(t) + need / 2;
  };
  pen.fits("x", 1); // sets the font that `need` is measured in
  for (let t = 0; t < model.T; t++) said(model, t) === null ? features(scene, t, y + 6 * s, h - 12 * s) : draw(t);
}

// what step t reads, in a few characters; null where it takes more
function said(model, t) {
  const token = model.token(t);
  if (token !== null) return token;
  if (model.I === 1) return number(model.x(t, 0));
  const on = Array.from({ length: model.I }, (_, k) => k).filter(k => model.x(t, k) !== 0);
  return on.length === 1 && model.x(t, on[0]) === 1 ? (model.inputs ? model.inputs[on[0]] : String(on[0] + 1)) : null;
}

// many features: a row of colours each
function features({ pen, model, axis, view, sequence }, t, y, h) {
  const inset = Math.min(10 * pen.size, axis.wide(t) * 0.12), each = (axis.wide(t) - 2 * inset) / model.I;
  if (each <= 4) pen.row(sequence("x"), t, axis.edges[t] + inset, y, each * model.I, h);
  else for (let k = 0; k < model.I; k++) pen.cell(axis.edges[t] + inset + k * each, y, each - 1, h, model.x(t, k), "signed");
}

export function drawOutputs(scene, { y, h }) {
  const { pen, model, view, axis, middle, focusWide } = scene, mid = y + h / 2, s = pen.size, top = model.D === 1 ? view.direction : 0;
  gutter(scene, "output", "y", mid);
  for (let t = 0; t < model.T; t++) {
    const done = scene.done(top, t), wide = axis.wide(t), x = axis.mid(t), current = t === view.t;
    if (!done) continue;
    if (view.backward || !model.outputs) { strip(scene, t, x, mid, wide, current); continue; }
    const { best, share } = mostLikely(model, t), percent = `${Math.round(100 * share)}%`;
    if (!Number.isFinite(share)) { strip(scene, t, x, mid, wide, current); continue; }
    if (wide >= 62 * s) {
      pen.text(percent, x - 4 * s, mid, { align: "right", colour: pen.colours.muted });
      pen.text(model.outputs[best], x + 6 * s, mid, { bold: true, colour: current ? pen.colours.ink : pen.colours.muted });
    } else if (wide >= 13 * s && pen.fits(model.outputs[best], wide)) pen.text(model.outputs[best], x, mid, { align: "center", colour: pen.colours.muted });
    else { const high = (h - 8 * s) * share; pen.rect(axis.edges[t], y + h - 4 * s - high, Math.max(wide - 1, 0.5), high, mix(pen.colours.background, pen.colours.muted, 0.5)); }
  }
}

// y_t or dL/dy_t as a row of colours
function strip(scene, t, x, mid, wide, current) {
  const { pen, model, view, position } = scene, s = pen.size, Q = model.Q;
  const values = Array.from({ length: Q }, (_, q) => (view.backward ? model.dy(t, q) : model.y(t, q)));
  const kind = view.backward ? "gradient" : "signed";
  if (view.backward && values.every(v => v === 0)) { if (wide > 20 * s) pen.text("0", x, mid, { align: "center", colour: pen.colours.muted }); return; }
  const all = Math.min(wide - 4 * s, Q * 14 * s, wide * 0.9), each = all / Q, high = 16 * s;
  if (each <= 4) pen.row(scene.sequence("y"), t, x - all / 2, mid - high / 2, all, high);
  else values.forEach((v, q) => pen.cell(x - all / 2 + q * each, mid - high / 2, each - 1, high, v, kind));
  if (all > 8) pen.box(x - all / 2, mid - high / 2, all, high, 3, view.backward ? pen.colours.backward : pen.line);
  if (Q === 1 && wide > 50 * s) { pen.rect(x - wide * 0.42, mid - high / 2, wide * 0.84, high, pen.colour(values[0], kind)); pen.cellText(values[0], kind, x, mid, current, wide * 0.8); }
}

// the class with the largest logit, and its share in the softmax of y_t
export function mostLikely(model, t) {
  let best = 0, sum = 0;
  for (let q = 1; q < model.Q; q++) if (model.y(t, q) > model.y(t, best)) best = q;
  for (let q = 0; q < model.Q; q++) sum += Math.exp(model.y(t, q) - model.y(t, best));
  return { best, share: 1 / sum };
}
