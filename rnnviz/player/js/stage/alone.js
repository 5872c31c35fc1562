// One unit of a level alone: its path as wide as its value is large, with the value on it.

import { gradientWeight } from "../core/colours.js";
import { LEAVE, spots } from "./copy.js";
import { valueAt } from "../core/values.js";

const LEAST = 2; // pixels of a path that carries anything
const BESIDE = 24; // pixels beside the last copy that its value may take

/** What the copies leave free on the right, in pixels: the value of one unit alone reaches beyond its copy. */
export const marginOf = view => (view?.alone ? BESIDE + 4 : 4);

/** How much of the path's width a value takes: with its root, so that small ones are seen. */
const widthOf = (value, backward) =>
  (backward ? gradientWeight(value) : Math.sqrt(Math.min(1, Math.abs(value))));

const looked = ({ model, view }) => ({
  unit: Math.min(view.unit, model.H - 1), kind: view.backward ? "gradient" : "signed",
});

export function drawAlone(scene, at, t, X, parts) {
  const { pen, view } = scene, { unit, kind } = looked(scene);
  for (const [a, b, valueOf] of parts) {
    const value = valueOf(unit), x = Math.min(X(t, a), X(t, b)), w = Math.abs(X(t, b) - X(t, a));
    const least = value === 0 ? 0 : LEAST, wide = widthOf(value, view.backward);
    const high = Number.isFinite(value) ? Math.max(least, at.lanes * wide) : at.lanes;
    if (high > 0) pen.cell(x, at.band - high / 2, w, high, value, kind);
  }
}

// what the path would carry by `view.ghost`, where that is another number: its outline, dashed
export function drawGhost({ pen, model, view }, level, at, X) {
  const c = pen.context, { keep } = spots(view), { unit } = looked({ model, view });
  c.setLineDash([5 * pen.size, 4 * pen.size]);
  for (let t = 0; t < model.T; t++) {
    if (Math.abs(view.ghost[t] - level[model.spec.path](t, unit)) < 1e-5) continue; // a payload has seven digits
    const half = (at.lanes * widthOf(view.ghost[t], false)) / 2, to = t + 1 < model.T ? X(t + 1, keep) : X(t, 1);
    for (const y of half ? [at.band - half, at.band + half] : [at.band])
      pen.wire([[X(t, keep), y], [to, y]], pen.colours.ink, 1.5);
  }
  c.setLineDash([]);
}

// the value that the path carries when it leaves the copy; of the current step in any case
export function valueAlone(scene, level, at, t, X, wide, current) {
  const { pen, model, view } = scene, { unit, kind } = looked(scene);
  const value = valueAt(model, level, model.spec.path, t, unit, view.backward);
  const { keep, add } = spots(view), r = (10 * pen.size) / wide, { has, any } = view.shown;
  const { gated, writes, roles: { keep: gate } } = model.spec;
  const last = level.after(t) < 0 || level.after(t) >= model.T;
  // from the last operation that is drawn to the first of the next copy
  const behind = (!gated || any(writes) || !has(gate) ? add : keep) + r;
  const open = view.direction ? 0.98 : 1 + (BESIDE * pen.size) / wide, own = gated && has(gate) ? 1 + keep - r : 1.06;
  const end = last ? open : own, most = wide * (end - behind);
  pen.pill(X(t, (end + behind) / 2), at.band, value, kind, { most, strong: current, always: current });
}

// the hidden state along its rail, and its value where it leaves
export function hiddenAlone(scene, level, at, t, X, open) {
  const { pen, model, view } = scene, { unit, kind } = looked(scene);
  const value = valueAt(model, level, "h", t, unit, view.backward), before = level.before(t);
  const span = (a, b, high, v) => {
    const [from, to] = [X(t, a), X(t, b)];
    pen.cell(Math.min(from, to), at.rail - high / 2, Math.abs(to - from), high, v, kind);
  };
  if (!open) { span(0, 1, 10 * at.u, value); return; }
  span(0, 0.5, 4 * at.u, view.backward ? scene.handed(level, t)[unit] : level.h(before, unit));
  span(0.5, 1, 4 * at.u, value);
  const most = Math.abs(X(t, 0.74) - X(t, 0)), x = X(t, LEAVE - 0.26);
  pen.pill(x, at.rail, value, kind, { most, strong: t === view.t });
}
