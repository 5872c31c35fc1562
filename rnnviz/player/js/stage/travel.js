// What travels within a step, in time with the circuit: the gates open; and where one unit is drawn alone, x comes
// in, the state rides along its path, through × and past +, what is written joins it, and h leaves below. Backwards
// the gradient rides the other way.

import { rgb } from "../core/colours.js";
import { place } from "../core/names.js";
import { pointAt } from "../circuit/svg.js";
import { hiddenAlone } from "./alone.js";
import { LEAVE, OPEN, slots, spots, stretches } from "./copy.js";
import { valueAt } from "../core/values.js";

const ARRIVES = 0.5, OPENS = 0.85;  // of the way to the first operation: x is there, the gates are open
// of the way to the first operation it takes to come around the loop; how far out it goes
const AROUND = 0.7, OUT = 26;
const REVEALS = [0.45, 0.72];       // along the column: h sinks from the path to its rail

/** @type {(r: number, span: number[]) => number} */
const within = (r, [from, to]) => (r - from) / (to - from);

export function drawTravel(scene, level, at, X, { t, u }) {
  const { pen, model, view, axis } = scene, { backward, shown: { has, any } } = view, wide = axis.wide(t);
  if (wide < OPEN * pen.size) return;
  const unit = Math.min(view.unit, model.H - 1), kind = backward ? "gradient" : "signed";
  const r = backward ? 1 - u : u; // where along the column, as it is read
  const { keep, add } = spots(view), begun = u / keep;
  opening(scene, level, at, t, wide, backward ? 1 : Math.min(1, begun / OPENS));
  if (!view.alone) return;
  if (has("x") && begun < ARRIVES) arriving(scene, at, axis.mid(t), begun / ARRIVES);
  const shows = backward ? u > 0.3 : u >= REVEALS[1];
  if (at.rail && has("h") && shows) hiddenAlone(scene, level, at, t, X, true);
  const rises = within(r, [keep, add]), sinks = within(r, REVEALS);
  const { writes } = model.spec, valve = at.gates + at.valve / 2;
  if (writes && rises > 0 && rises < 1) {
    const written = valueAt(model, level, "write", t, unit, backward);
    // what it is made of may not be shown yet
    if (any(writes) || (written !== 0 && !backward)) pen.pill(X(t, add), valve + (at.band - valve) * rises, written,
      kind);
  }
  if (at.rail && has("h") && any("o tanh") && sinks > 0 && sinks < 1 && !backward) {
    const [from, to] = [REVEALS[0], LEAVE - 0.26];
    pen.pill(X(t, from + (to - from) * sinks), at.band + (at.rail - at.band) * sinks, level.h(t, unit), kind);
  }
  if (!has(model.spec.path)) return;
  /** @type {any[]} */
  const part = stretches(scene, level, t).find(([a, b]) => r >= a && r <= b);
  pen.pill(X(t, r), at.band, part[2](unit), kind, { strong: true });
}

// Folded: the state comes around the loop before it goes through the cell.
export function drawAround(scene, level, at, X, { t, u }) {
  const { pen, model, view, axis, middle, focusWide, travels } = scene, c = pen.context, s = pen.size;
  const enters = AROUND * (view.backward ? 1 - spots(view).add : spots(view).keep);
  if (u >= enters) {
    c.save();
    c.translate(middle - axis.mid(t), 0);
    drawTravel(scene, level, at, X, { t, u });
    c.restore();
    return;
  }
  if (!view.shown.has(model.spec.path)) return;
  const half = focusWide / 2, out = half + OUT * s, { band: y, top } = at;
  const around = [[half, y], [out, y], [out, top], [-out, top], [-out, y], [-half, y]];
  const [x, height] = pointAt(travels > 0 ? around : around.toReversed(), u / enters);
  /** @type {any[]} */
  const part = stretches(scene, level, t).at(view.backward ? -1 : 0), unit = Math.min(view.unit, model.H - 1);
  pen.pill(middle + x, height, part[2](unit), view.backward ? "gradient" : "signed", { strong: true });
}

// the valves, `share` of the way from closed to where they stand
function opening(scene, level, at, t, wide, share) {
  const { pen, model, view } = scene, unit = Math.min(view.unit, model.H - 1);
  if (!model.spec.drawn.length) return;
  slots(scene, t, wide, (gate, x, w) => {
    pen.valve(x, at.gates, w, at.valve, share * level.gate(gate, t, unit), place(model, gate), null, true);
  });
}

// x on its way from the tape to the valves, `share` of it
function arriving({ pen, accent }, { u, bottom, gates, valve }, x, share) {
  const c = pen.context, from = bottom + 12 * u, to = gates + valve;
  c.beginPath();
  c.arc(x, from + (to - from) * share, 5 * u, 0, 2 * Math.PI);
  c.fillStyle = rgb(accent);
  c.fill();
}
