// One clock for what moves within a step. Its share, 0..1, is divided into legs: each wire of the circuit has one, in
// which its number travels along it, and so has each activation. A leg is [from, to, needs]: it is there where all the
// places in `needs` are shown; where some are not, the others take the time, so that something moves all the time.
//
// travel of a step t: `position` goes evenly from the step before (t - 1; backwards t + 1) to t.

import { LEGS, partsOf } from "./legs.js";
import { showsPlace } from "./shown.js";

const FAST = 4; // at this speed and beyond whole steps are shown

/** The step that is being taken and how much of it is done, {t, u}; null while nothing travels. */
export function travelling(view, position, travels) {
  const u = 1 - travels * (view.t - position);
  return view.gliding || !(u >= 0 && u < 1) || (view.playing && view.speed >= FAST) ? null : { t: view.t, u };
}

const made = new Map();

/** The legs of a step, {name: [from, to]}, of what is shown; together they fill the step from 0 to 1. */
export function legsOf(model, view, backward = view.backward) {
  const key = `${model.cell} ${model.resetAfter} ${backward} ${view.shown.all} ${view.shown.key}`;
  if (!made.has(key)) made.set(key, filled(LEGS[model.cell](model, backward), model, view.shown));
  return made.get(key);
}

function filled(legs, model, shown) {
  const needed = places => places.split(" ").every(place => showsPlace(model, shown, place));
  const there = Object.entries(legs).filter(([, [, , needs]]) => needed(needs));
  const stretches = [];
  for (const [from, to] of there.map(([, leg]) => leg).sort(([a], [b]) => a - b)) {
    const last = stretches.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  const long = stretches.reduce((sum, [from, to]) => sum + to - from, 0) || 1;
  const at = time => stretches.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(time, to) - from), 0) / long;
  return Object.fromEntries(there.map(([name, [from, to]]) => [name, [at(from), at(to)]]));
}

/** How much of a leg is done at the share `u` of its step; all of it where there is no such leg, or nothing travels. */
export function doneOf(legs, name, u) {
  const leg = legs[name];
  if (u === null || !leg || u >= leg[1]) return 1;
  return u <= leg[0] ? 0 : (u - leg[0]) / (leg[1] - leg[0]);
}

/** At first and at last slowly. */
export const eased = r => (r < 0.5 ? 4 * r ** 3 : 1 - 4 * (1 - r) ** 3);

/** The phases of a step of what is shown, in order: [{word, from}]. */
export function phasesOf(model, view) {
  const legs = legsOf(model, view);
  const there = partsOf(model, view.backward).filter(([, name]) => legs[name]).map(([word, name]) =>
    ({ word, from: legs[name][0] }));
  return there.length ? [{ ...there[0], from: 0 }, ...there.slice(1)].sort((a, b) => a.from - b.from) : [];
}

// Which legs bring a place its value, and which of them lights up its term in the equation
const BRINGS = {
  lstm: { keep: "keep", write: "write", add: "c", reveal: "h", c_prev: "past_c", h_prev: "past_h", c_next: "next_c",
    h_next: "next_h" },
  gru: { add: "h", h_prev: "past_h", h_next: "next_h" },
  elman: { h_prev: "via_h", h_next: "next_h", squash: "squash" },
};

/**
 * When the term of an equation is at work: {known, from, to} as shares of the step; null: it does not wait.
 * @param {string} ref the place that it stands for, or the leg that brings it
 */
export function workOf(model, legs, ref, backward) {
  const opens = legs[`open_${ref}`], leg = legs[BRINGS[model.cell][ref] ?? ref];
  if (opens && !backward) return { known: opens[1], from: opens[0], to: leg ? leg[1] : opens[1] };
  if (opens && backward && legs[`a_${ref}`]) return { known: legs[`a_${ref}`][0], from: opens[0],
    to: legs[`a_${ref}`][1] };
  return leg ? { known: leg[0], from: leg[0], to: leg[1] } : null;
}

// Where along a column of the stage the path is when something happens in the circuit: [leg, its end, place]
const KNOTS = { lstm: [["past_c", 1, "keep"], ["c", 0, "add"]], gru: [["past_h", 1, "keep"], ["h", 0, "add"]],
  elman: [["squash", 0, "keep"], ["h", 0, "add"]] };

/**
 * The share of a column that the stage has drawn when the circuit has done `u` of the step.
 * @param {{keep: number, add: number}} spots where the column's operations stand, as shares
 */
export function stageShare(model, view, u, spots) {
  const legs = legsOf(model, view), knots = [[0, 0]];
  for (const [name, end, spot] of KNOTS[model.cell]) {
    const at = legs[name]?.[view.backward ? 1 - end : end];
    if (at > 0 && at < 1) knots.push([at, view.backward ? 1 - spots[spot] : spots[spot]]);
  }
  knots.push([1, 1]);
  knots.sort(([a], [b]) => a - b);
  const k = knots.findIndex(([at], n) => n > 0 && u <= at), [[u0, r0], [u1, r1]] = [knots[k - 1], knots[k]];
  return u1 > u0 ? r0 + ((r1 - r0) * (u - u0)) / (u1 - u0) : r1;
}
