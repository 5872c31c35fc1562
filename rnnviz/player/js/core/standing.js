// Where the reader stands, and which steps may be stood at: `view` is what every panel draws.
//
//   t, unit, layer, direction, backward, selected, map, folded, playing, speed   as the reader left them
//   hidden     the unit that is looked at, also while `unit` is the number of a selected input ("x") or output ("y")
//   shown      which parts are drawn (shown.js)
//   locked     nothing that the reader does moves the player
//   hideFrom   from this step on, in the direction in which the pass travels, nothing is drawn; null: everything is
//   alone      the level is drawn for the one unit that is looked at
//   picked     in a story, the reader has picked a part: its equation is shown, also where the page names none
//   ghost      numbers of the path to compare with
//   gliding    it goes to where it was sent without taking the steps between (phases.js)
//   story      a subset of the parts, laid out in the room there is: `room` pixels high

import { clamp } from "./moving.js";
import { mapOf, places } from "./names.js";
import { ALL, showsPlace } from "./shown.js";

export const startView = () => ({
  t: 0, unit: 0, hidden: 0, layer: 0, direction: 0, backward: false, selected: "h", map: "h",
  folded: false, playing: false, speed: 1, shown: ALL, locked: false, hideFrom: null,
  alone: false, story: false, room: null, playTo: null, picked: false, ghost: null, gliding: false,
});

export const ofUnit = view => view.selected !== "x" && view.selected !== "y";

export function countOf(model, view) {
  if (view.selected === "x") return model.level(view.layer, view.direction).inputs;
  return view.selected === "y" ? model.Q : model.H;
}

export function chooseUnit(model, view, unit) {
  view.unit = clamp(unit, 0, countOf(model, view) - 1);
  if (ofUnit(view)) view.hidden = view.unit;
}

/** +1 where the pass, in this direction of reading, travels to the right. */
export const travelOf = view => (view.backward ? -1 : 1) * (view.direction ? -1 : 1);

/** The steps [first, last] whose values may be seen; first > last where there are none. */
export function visible(model, view) {
  if (view.hideFrom === null) return [0, model.T - 1];
  const hide = view.hideFrom - (model.stepName(0) - 1);
  return travelOf(view) > 0 ? [0, Math.min(hide, model.T) - 1] : [Math.max(hide, -1) + 1, model.T - 1];
}

/** The step nearest to t that may be stood at. */
export function allowed(model, view, t) {
  const [first, last] = visible(model, view);
  return clamp(t, Math.min(first, model.T - 1), Math.max(last, 0));
}

/** Whether the values of the step that is stood at are not to be seen. */
export function veiled(model, view) {
  const [first, last] = visible(model, view);
  return view.t < first || view.t > last;
}

// the unit as the network counts it, from 0; an input's or output's number as it is
export const unitOf = (model, view) => (ofUnit(view) ? model.unitName(view.unit) - 1 : view.unit);

/** Where the reader stands, counted from 0 as the whole network and the whole sequence count. */
export const where = (model, view) => ({
  step: model.stepName(view.t) - 1, unit: model.unitName(view.hidden) - 1, layer: model.layerName(view.layer) - 1,
  direction: view.direction, selected: view.selected, backward: view.backward,
});

/** Stand at a place given as `where` gives it, or as near to it as the model has one. */
export function stand(model, view, { step, unit, layer, direction, selected, backward }) {
  view.layer = clamp(layer - (model.layerName(0) - 1), 0, model.L - 1);
  view.direction = clamp(direction, 0, model.D - 1);
  view.backward = backward && model.backward;
  const item = selected === view.selected ? view.unit : 0;
  view.selected = places(model).includes(selected) ? selected : "h";
  view.map = mapOf(model, view.selected);
  view.hidden = 0;
  while (view.hidden < model.H - 1 && model.unitName(view.hidden + 1) - 1 <= unit) view.hidden++;
  chooseUnit(model, view, ofUnit(view) ? view.hidden : item);
  view.t = allowed(model, view, clamp(step - (model.stepName(0) - 1), 0, model.T - 1));
}

/** What is selected is among what is shown: else the first state that is. */
export function selectShown(model, view) {
  if (showsPlace(model, view.shown, view.selected)) return;
  const all = places(model), shows = ref => all.includes(ref) && showsPlace(model, view.shown, ref);
  const found = ["h", "c", ...all].find(shows);
  if (!found) return;
  view.selected = found;
  view.map = mapOf(model, found);
  chooseUnit(model, view, view.hidden);
}
