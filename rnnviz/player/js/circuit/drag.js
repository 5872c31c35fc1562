// Pins in the circuit: on the states and the inputs that the reader holds. (A gate that is clamped has its own.)

import { setAttribute, svgNode } from "./svg.js";

const PIN = "M-5 -18a5 5 0 1 1 10 0l-2 1.5l1.5 7l-4.5 0l0 9l0 -9l-4.5 0l1.5 -7z"; // its point at (0, 0)

/**
 * @param {Element} host  in which the circuit is drawn
 * @param p the player: {model, view}
 * @param {import("../core/holds.js").Held[]} held
 */
export function pinStates(host, { model, view }, held) {
  const drawing = host.querySelector("svg.circuit");
  if (!drawing) return;
  for (const old of drawing.querySelectorAll(".pin.of-state")) old.remove();
  for (const one of held) for (const [x, y] of placesOf(drawing, model, view, one)) {
    const pin = svgNode("path", { class: "pin of-state", d: PIN }, drawing);
    setAttribute(pin, "transform", `translate(${x} ${y})`);
  }
}

// where in the drawing a held value is seen: [x, y] of a pin's point
function placesOf(drawing, model, view, { place, layer, direction, step, unit }) {
  const level = model.level(view.layer, view.direction), t = step + 1 - model.stepName(0);
  const mine = layer + 1 === model.layerName(view.layer) && direction === view.direction;
  if (place === "x") {
    if (t !== view.t || view.layer > 0 || !model.features) return [];
    return cornersOf(drawing, '[data-ref="x"]', model.features.indexOf(unit));
  }
  if (!mine || (place !== "h" && place !== "c")) return [];
  const own = unit + 1 === model.unitName(view.hidden);
  if (t === view.t && own) return cornersOf(drawing, `.port[data-ref="${place}"]`, null);
  if (t !== level.before(view.t) || t < 0) return [];
  if (place === "c") return own ? cornersOf(drawing, '.port[data-ref="c_prev"]', null) : [];
  const j = Array.from({ length: model.H }, (_, k) => model.unitName(k)).indexOf(unit + 1);
  return cornersOf(drawing, '[data-ref="h_prev"]', j);
}

// the upper right corners of the parts of a place: of the entry of that number, where it has entries
function cornersOf(drawing, selector, entry) {
  const parts = [...drawing.querySelectorAll(selector)].filter(part => part.getAttribute("display") !== "none");
  const cells = parts.flatMap(part => (part.matches(".cell") ? [part] : [...part.querySelectorAll(".cell")]));
  const exact = cells.filter(cell => cell.entry === entry);
  const found = entry === null ? parts.slice(0, 1) : exact.length ? exact : cells.filter(cell =>
    cell.entry === undefined);
  return found.map(part => {
    const { x, y, width } = part.getBBox();
    return [x + width + (entry === null ? 7 : 0), y + (entry === null ? 16 : 5)];
  });
}
