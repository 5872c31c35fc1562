// What the reader holds in the picture, and where something can be held. The text is that of rnnviz/player/holds.py:
// "f_9_1_0.35__x_3_2_-1__h2r_4_1_0.5", steps, units and layers counted from 1.

import { clamp } from "./moving.js";
import { isGate, stateOf } from "./cell.js";

const DIGITS = 4, FORM = /^([a-z])([1-9]\d?)?(r)?_(\d+)_(\d+)_(-?[\d.]+)$/;

/**
 * One value that is held, counted from 0 as the whole network and the whole sequence count.
 * @typedef {{place: string, layer: number, direction: number, step: number, unit: number, value?: number}} Held
 */

/** @param {string | null} text @returns {Held[]} */
export function readHolds(text) {
  return (text || "").split("__").flatMap(word => {
    const found = FORM.exec(word);
    if (!found) return [];
    const [, place, layer, reverse, step, unit, value] = found;
    return [{ place, layer: Number(layer ?? 1) - 1, direction: reverse ? 1 : 0, step: Number(step) - 1,
      unit: Number(unit) - 1, value: Number(value) }];
  });
}

/** @param {Held[]} holds */
export const writeHolds = holds => holds.map(({ place, layer, direction, step, unit, value }) =>
  `${place}${layer ? layer + 1 : ""}${direction ? "r" : ""}_${step + 1}_${unit + 1}_${written(value)}`).join("__");

const written = value => String(Number(value.toFixed(DIGITS)) + 0);

export const samePlace = (one, other) =>
  ["place", "layer", "direction", "step", "unit"].every(name => one[name] === other[name]);

/**
 * The value that is held by dragging `ref` at a drawn step and unit; null where there is none.
 * @returns {Held & {t: number, j: number} | null}  t, j: as the model counts them
 */
export function holdable(model, ref, { t, unit: j, layer, direction }) {
  const place = ref === "x" || isGate(model, ref) ? ref : stateOf(model, ref);
  if (!place || model.holds === null || !(t >= 0 && t < model.T) || !(j >= 0)) return null;
  const step = model.stepName(t) - 1;
  if (place === "x") {
    if (layer > 0 || !model.features || j >= model.features.length) return null;
    return { place, layer: 0, direction: 0, step, unit: model.features[j], t, j };
  }
  if (j >= model.H) return null;
  return { place, layer: model.layerName(layer) - 1, direction, step, unit: model.unitName(j) - 1, t, j };
}

/** Its value now. */
export function valueOf(model, { place, layer, direction, t, j }) {
  const level = model.level(Math.max(0, layer - (model.layerName(0) - 1)), direction);
  if (place === "x") return model.x(t, j);
  return place === "h" ? level.h(t, j) : place === "c" ? level.c(t, j) : level.gate(place, t, j);
}

const LARGEST = 1000;
const BOUNDED = { tanh: [-1, 1], sigmoid: [0, 1], relu: [0, LARGEST], linear: [-LARGEST, LARGEST] };

/** The values to which it can be dragged. */
export function rangeOf(model, place) {
  if (place === "c" || place === "x") return [-LARGEST, LARGEST];
  if (place === "h") return model.spec.gated ? [-1, 1] : BOUNDED[model.nonlinearity];
  return BOUNDED[model.spec.gate[place].activation];
}

/** `value` where it may be dragged to, in hundredths. */
export function draggedTo(model, place, value) {
  return clamp(Math.round(value * 100) / 100, ...rangeOf(model, place));
}
