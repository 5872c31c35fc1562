// The heat map: one quantity, all units (rows) at all steps (columns). The selected unit's row is high enough to be
// read.

import { rows } from "../core/axis.js";
import { rgb } from "../core/colours.js";
import { valueAt } from "../core/values.js";

const READABLE = 17; // pixels of the row of the unit that is looked at
export const unitRows = (row, model, view, size) =>
  rows(model.H, row.y, row.h, Math.min(view.unit, model.H - 1), READABLE * size);

export function heatUnitAt(row, model, view, size, y) {
  const edges = unitRows(row, model, view, size);
  let j = 0;
  while (j < model.H - 1 && y >= edges[j + 1]) j++;
  return j;
}

export function drawHeat(scene, row) {
  const { pen, model, view, axis, left, width, narrow, accent } = scene, s = pen.size;
  const level = model.level(view.layer, view.direction), edges = unitRows(row, model, view, s);
  const selected = Math.min(view.unit, model.H - 1), { ink, muted } = pen.colours;
  const picture = scene.picture(level, view.map);
  const labelEvery = edges[model.H] - edges[0] >= model.H * 15 * s;
  for (let j = 0; j < model.H; j++) {
    if (j !== selected && !labelEvery) continue;
    const at = (edges[j] + edges[j + 1]) / 2;
    const look = { bold: j === selected, colour: j === selected ? ink : muted }, name = model.unitName(j);
    if (narrow) pen.text(String(name), left - 8 * s, at, { ...look, align: "right" });
    else pen.text(`unit ${name}`, 0, at, look);
  }
  pen.box(left, row.y, width, row.h, 3, pen.line, null, 1);
  const [from, to] = scene.reached(view.direction), c = pen.context;
  c.save();
  c.beginPath();
  c.rect(from, row.y, to - from, row.h);
  c.clip();
  slices(scene, picture.canvas, edges, selected);
  c.fillStyle = pen.hatch;
  for (const [t, j] of picture.spoiled) c.fillRect(axis.edges[t], edges[j], axis.wide(t), edges[j + 1] - edges[j]);
  for (let t = 0; t < model.T; t++) {
    const wide = axis.wide(t);
    if (wide < 14 * s) continue;
    for (let j = 0; j < model.H; j++) {
      const high = edges[j + 1] - edges[j];
      if (high < 9 * s) continue;
      const value = valueAt(model, level, view.map, t, j, view.backward);
      c.clearRect(axis.edges[t], edges[j], wide, high);
      pen.cell(axis.edges[t] + 0.5, edges[j] + 0.5, wide - 1, high - 1, value, picture.kind);
      if (wide < 52 * s || high < 15 * s) continue;
      const bold = j === selected && t === view.t;
      pen.cellText(value, picture.kind, axis.mid(t), (edges[j] + edges[j + 1]) / 2 + 0.5, bold, wide - 4 * s);
    }
  }
  // of one unit that is looked at, the others stand back
  if (view.alone) for (const [a, b] of [[0, selected], [selected + 1, model.H]]) {
    c.globalAlpha = 0.7;
    if (b > a) pen.rect(left, edges[a], width, edges[b] - edges[a], pen.colours.background);
  }
  c.restore();
  c.strokeStyle = rgb(pen.colours.ink);
  c.lineWidth = 1.5;
  c.strokeRect(axis.edges[view.t], edges[selected], axis.wide(view.t), edges[selected + 1] - edges[selected]);
  const front = scene.travels > 0 ? to : from;
  pen.rect(front - 1, row.y - 2, 2, row.h + 4, accent);
}

// the picture's pixels, stretched to columns and rows; equal neighbours in one go
function slices({ pen, model, axis }, canvas, edges, selected) {
  const c = pen.context, H = model.H;
  const bands = [[0, selected], [selected, selected + 1], [selected + 1, H]].filter(([a, b]) => b > a);
  c.imageSmoothingEnabled = false;
  for (let t = 0; t < model.T; ) {
    let end = t + 1;
    while (end < model.T && Math.abs(axis.wide(end) - axis.wide(t)) < 1e-6) end++;
    const x = axis.edges[t], wide = axis.edges[end] - x;
    for (const [a, b] of bands) c.drawImage(canvas, t, a, end - t, b - a, x, edges[a], wide, edges[b] - edges[a]);
    t = end;
  }
}
