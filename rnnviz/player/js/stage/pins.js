// The marks of what the reader holds: a pin on the valve, the state or the input, and in the heat map.

import { rgb } from "../core/colours.js";
import { isGate } from "../core/cell.js";
import { heights, OPEN, slots, VALVE } from "./copy.js";
import { unitRows } from "./heat.js";

const HEAD = 3.5; // pixels, the radius of a pin's head

/** @param {import("../core/holds.js").Held[]} held */
export function drawPins(scene, drawn, held) {
  if (!held.length || scene.closing) return;
  const { model, view } = scene, first = model.stepName(0) - 1, byPlace = name => drawn.find(row => row.kind === name);
  const unit = model.unitName(Math.min(view.unit, model.H - 1)) - 1;
  for (const one of held) {
    const t = one.step - first;
    const mine = one.layer + 1 === model.layerName(view.layer) && one.direction === view.direction;
    if (t < 0 || t >= model.T) continue;
    if (one.place === "x") { onTape(scene, byPlace("tape"), t); continue; }
    if (!mine) continue;
    onHeat(scene, byPlace("heat"), one, t);
    if (one.unit === unit) onLevel(scene, byPlace("level"), one.place, t);
  }
}

function pin({ pen }, x, y) {
  const c = pen.context, s = pen.size;
  pen.wire([[x, y], [x - 3 * s, y + 7 * s]], pen.colours.ink, 1.5);
  c.beginPath();
  c.arc(x, y, HEAD * s, 0, 2 * Math.PI);
  c.fillStyle = rgb(pen.colours.ink);
  c.fill();
  c.strokeStyle = rgb(pen.colours.background);
  c.lineWidth = 1;
  c.stroke();
}

function onTape(scene, row, t) {
  const { axis, pen } = scene, s = pen.size;
  if (row) pin(scene, axis.edges[t + 1] - Math.min(9 * s, axis.wide(t) / 2), row.y + 4 * s);
}

function onLevel(scene, row, place, t) {
  if (!row) return;
  const { model, axis, pen } = scene, at = heights(model, row), wide = axis.wide(t);
  if (isGate(model, place)) {
    if (wide < VALVE * pen.size) return;
    slots(scene, t, wide, (gate, x, w) => { if (gate === place) pin(scene, x + w, at.gates); });
    return;
  }
  const y = place === model.spec.path ? at.band - at.lanes / 2 : at.rail;
  if (y !== null && wide >= (OPEN / 3) * pen.size) pin(scene, axis.edges[t] + wide * 0.7, y);
}

function onHeat(scene, row, { place, unit }, t) {
  const { model, view, axis, pen } = scene;
  const map = view.map === "a" ? "h" : view.map;
  if (!row || place !== map) return;
  const j = Array.from({ length: model.H }, (_, k) => model.unitName(k)).indexOf(unit + 1);
  if (j < 0) return;
  const edges = unitRows(row, model, view, pen.size);
  pin(scene, axis.edges[t + 1] - Math.min(7 * pen.size, axis.wide(t) / 2), edges[j] + 2 * pen.size);
}
