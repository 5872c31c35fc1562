// What the player tells: the page, at each step and when the reader has come to rest; and those who cannot see it.

import { place } from "../core/names.js";
import { number } from "../core/numbers.js";
import { showsPlace } from "../core/shown.js";
import { unitOf, veiled, where } from "../core/standing.js";
import { valueAt } from "../core/values.js";

const REPORT_MS = 200;

/** The step and what is selected there, as a sentence; of what is not to be seen, the step alone. */
export function sentence(model, view) {
  const step = `Step ${model.stepName(view.t)} of ${model.steps}`;
  if (veiled(model, view) || !showsPlace(model, view.shown, view.selected)) return `${step}.`;
  const { name } = place(model, view.selected), level = model.level(view.layer, view.direction);
  const value = number(valueAt(model, level, view.selected, view.t, view.unit, view.backward));
  const what = view.backward ? `gradient at the ${name}` : name;
  const whose = view.selected === "x" ? "input" : view.selected === "y" ? "output" : "unit";
  return `${step}: ${what}, ${whose} ${unitOf(model, view) + 1}, is ${value}.`;
}

/** What is seen of the state from outside: attributes of the root, data-step and so on. */
export function mark(root, model, view) {
  Object.assign(root.dataset, {
    step: model.stepName(view.t) - 1, steps: model.steps, pass: view.backward ? "backward" : "forward",
    playing: view.playing,
    cell: model.cell, layer: model.layerName(view.layer) - 1, direction: view.direction, folded: view.folded,
    selection: `${view.selected}/${unitOf(model, view)}`, locked: view.locked,
  });
  root.setAttribute("aria-disabled", view.locked);
  root.toggleAttribute("data-holds", model.holds !== null && !view.locked);
}

/**
 * @param p the player: {model, view, seek, stage, report(shown), onStep(now)}
 * @returns {{later(), tell(), stepped(), known(place), stop()}}
 */
export function reporting(p) {
  let told = null, telling = 0, last = "";
  // Python hears of it when the reader has come to rest
  function tell() {
    clearTimeout(telling);
    if (p.view.playing || p.stage.dragging()) return;
    const shown = where(p.model, p.view);
    if (Object.keys(shown).every(key => shown[key] === told[key])) return;
    told = shown;
    p.report({ ...shown, token: p.seek });
  }
  return {
    tell,
    later() { clearTimeout(telling); telling = setTimeout(tell, REPORT_MS); },
    // what draws beside the player follows each step at once
    stepped() {
      const now = { ...where(p.model, p.view), playing: p.view.playing }, key = JSON.stringify(now);
      if (key === last) return;
      last = key;
      p.onStep(now);
    },
    known(place) { told = place; }, // the page itself sent the reader there
    stop() { clearTimeout(telling); },
  };
}
