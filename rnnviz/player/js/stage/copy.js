// One copy of the cell on the stage: where its parts stand, and what its path carries before, between and after them.

import { isGate } from "../core/cell.js";
import { valueAt } from "../core/values.js";

export const OPEN = 52;   // pixels of a column from which on it shows its parts,
export const VALVE = 14;  // or one valve
export const LEAVE = 0.86; // where h and y leave a column, along the direction of reading

/** Where the operations stand in a column; of one unit alone, so that there is room for its value behind them. */
export const spots = ({ alone }) => (alone ? { keep: 0.14, add: 0.34 } : { keep: 0.2, add: 0.42 });

/** The heights inside an opened level; u: its pixels of a design that is as high as stage.js says. */
export function heights(model, row) {
  const u = row.u, band = row.y + 36 * u, gates = row.y + 60 * u;
  return {
    u, top: row.y + 4 * u, bottom: row.y + row.h - 6 * u, band, lanes: 30 * u, gates, valve: 30 * u,
    rail: model.spec.path === "h" ? null : gates + 52 * u,
  };
}

// the one gate of a narrow column: that whose map is shown, or the first that is
export function shownGate(model, view) {
  const gates = model.spec.drawn.filter(gate => view.shown.has(gate));
  return isGate(model, view.map) && gates.includes(view.map) ? view.map : gates[0];
}

// the places of a copy's valves: all gates where there is room, each in its own place, otherwise the one that is shown
export function slots({ pen, model, view, axis }, t, wide, draw) {
  const s = pen.size, open = wide >= OPEN * s, all = model.spec.drawn;
  if (!all.length || !view.shown.any(all.join(" "))) return;
  const names = open ? all : [shownGate(model, view)];
  const room = open ? wide * (view.story ? 0.84 : 0.72) : wide;
  const each = room / names.length, left = axis.edges[t] + (wide - room) / 2;
  const w = open ? Math.min((view.story ? 30 : 20) * s, each - 3 * s) : Math.max(wide - (wide > 6 ? 3 : 0), 0.6);
  names.forEach((gate, k) => { if (view.shown.has(gate)) draw(gate, left + each * (k + 0.5) - w / 2, w); });
}

// the path inside one copy: before, between and after the operations; [from, to, unit -> value]
export function stretches({ model, view, handed }, level, t) {
  const before = level.before(t), band = model.spec.path, { keep, add } = spots(view);
  const now = (ref, j) => valueAt(model, level, ref, t, j, view.backward);
  const after = j => now(band, j);
  if (!model.spec.gated) {
    const arrives = view.backward ? j => handed(level, t)[j] : j => level.h(before, j);
    return [[0, (keep + add) / 2, arrives], [(keep + add) / 2, 1, after]];
  }
  const gate = model.spec.roles.keep;
  const back = j => (level.cutBefore(t) ? 0 : after(j) * level.gate(gate, t, j));
  const arrives = view.backward ? back : j => level[band](before, j);
  if (!view.shown.has(gate)) return [[0, add, arrives], [add, 1, after]];
  return [[0, keep, arrives], [keep, add, j => now("keep", j)], [add, 1, after]];
}
