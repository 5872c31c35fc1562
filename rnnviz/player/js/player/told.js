// What a page tells the player to show: its `view`, plain JSON. See shown.js for the names of parts.
//
//   show        the parts that are drawn; null: all
//   locked      the reader moves nothing
//   one_unit    the level is drawn for one unit alone
//   hide_from   the step (from 0) from which on nothing is drawn, in the direction in which its pass travels; or null
//   ghost       a number for each step, to compare the path of one unit with: drawn as a dashed outline; or null
//   token       another one than before: go where these say
//     step, unit, pass ("forward" | "backward"), select, folded, speed      and, from there,
//     play_to   the step to play to

import { clamp } from "../core/moving.js";
import { mapOf, places } from "../core/names.js";
import { shownOf } from "../core/shown.js";
import { allowed, chooseUnit, ofUnit, selectShown } from "../core/standing.js";

/**
 * Take over what `told` says.
 * @returns {boolean} whether it sends the reader somewhere
 */
export function takeView(p, told, first) {
  const { view, model } = p, sent = first || told.token !== p.viewToken;
  p.viewToken = told.token;
  const key = JSON.stringify(told.show ?? null);
  if (key !== p.showKey) { p.showKey = key; view.shown = shownOf(told.show); }
  Object.assign(view, { locked: Boolean(told.locked), story: !view.shown.all, alone: Boolean(told.one_unit) });
  view.ghost = told.ghost ?? null;
  view.hideFrom = null;
  if (sent) place(p, told);
  view.hideFrom = Number.isInteger(told.hide_from) ? told.hide_from : null;
  selectShown(model, view);
  view.t = allowed(model, view, view.t);
  return sent;
}

function place({ view, model }, { step, unit, pass, select, folded, speed }) {
  view.playing = false;
  view.playTo = null;
  view.picked = false;
  if (pass !== undefined) view.backward = pass === "backward" && model.backward;
  if (places(model).includes(select)) {
    Object.assign(view, { selected: select, map: mapOf(model, select) });
    chooseUnit(model, view, ofUnit(view) ? view.hidden : 0);
  }
  if (Number.isInteger(unit)) chooseUnit(model, view, indexOf(model.H, j => model.unitName(j), unit));
  if (Number.isInteger(step)) view.t = clamp(step - (model.stepName(0) - 1), 0, model.T - 1);
  if (folded !== undefined) view.folded = Boolean(folded);
  if (speed) view.speed = speed;
}

// the last of `count` drawn ones whose name, less 1, is at most `wanted`
function indexOf(count, name, wanted) {
  let k = 0;
  while (k < count - 1 && name(k + 1) - 1 <= wanted) k++;
  return k;
}
