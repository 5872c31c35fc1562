// One level (a direction of a layer) through time: opened, with its conveyor, gates and states, or as a rail of colours.
//
// The LSTM's conveyor carries c and its hidden state runs below; for the GRU and the Elman network the conveyor is h itself.
// Each column is one copy of the cell: what arrives, what the operations make of it, what leaves, in the direction of reading.

import { mix, rgb } from "./colours.js";
import { isGate, place } from "./names.js";
import { valueAt, handedBack } from "./values.js";

const OPEN = 52, VALVE = 14;                       // pixels of a column from which on it shows its parts, or one valve
const GATES = { lstm: ["f", "i", "g", "o"], gru: ["z", "r", "n"], elman: [] };
const BAND = { lstm: "c", gru: "h", elman: "h" };
const KEEP = 0.2, ADD = 0.42, LEAVE = 0.86;         // where the operations stand in a column, along the direction of reading

// the heights inside an opened level
function levels(model, row, s) {
  const band = row.y + 36 * s, gates = row.y + 60 * s;
  return { top: row.y + 4 * s, bottom: row.y + row.h - 6 * s, band, lanes: 30 * s, gates, valve: 30 * s,
    rail: model.cell === "lstm" ? gates + 52 * s : null };
}

// what part of a column lies at (x, y)
export function partsOf(model, row, s, axis, t, x, y, view) {
  const at = levels(model, row, s), gates = GATES[model.cell];
  if (gates.length && y >= at.gates - 4 * s && y <= at.gates + at.valve + 6 * s) {
    if (axis.wide(t) < OPEN * s) return { ref: shownGate(model, view) };
    return { ref: gates[Math.min(gates.length - 1, Math.max(0, Math.floor((gates.length * (x - axis.edges[t])) / axis.wide(t))))] };
  }
  if (at.rail && y > at.gates + at.valve) return { ref: "h" };
  if (!at.rail && y > at.band + at.lanes) return { ref: "h" };
  return { ref: BAND[model.cell] };
}

const shownGate = (model, view) => (isGate(view.map) && GATES[model.cell].includes(view.map) ? view.map : GATES[model.cell][0]);

export function drawLevel(scene, row) {
  const { pen, model, view, axis, closing, looping, middle, focusWide, left, width, narrow } = scene, s = pen.size;
  const level = model.level(view.layer, view.direction), at = levels(model, row, s), c = pen.context;
  const several = model.L * model.D > 1;
  labels(scene, row, at, several);
  // folding: the columns close in on the current one, then the loop is drawn
  const X = (t, share) => axis.edges[t] + axis.wide(t) * (view.direction ? 1 - share : share);
  const shift = t => (middle - axis.mid(t)) * closing;
  const fade = t => (t === view.t ? 1 : 1 - closing);
  c.save();
  if (closing < 1) {
    c.globalAlpha = 1 - closing;
    pen.rect(left, at.band - at.lanes / 2 - 3 * s, width, at.lanes + 6 * s, pen.colours.pipe);
    if (at.rail) pen.rect(left, at.rail - 4 * s, width, 8 * s, pen.colours.pipe);
    c.globalAlpha = 1;
  }
  const order = Array.from({ length: model.T }, (_, t) => t).filter(t => t !== view.t);
  order.push(view.t);
  for (const t of order) {
    const alpha = fade(t);
    if (alpha < 0.02) continue;
    c.save();
    c.globalAlpha = alpha;
    c.translate(shift(t), 0);
    column(scene, level, at, t, X);
    c.restore();
  }
  if (looping > 0) loops(scene, level, at, looping);
  c.restore();
}

function column(scene, level, at, t, X) {
  const { pen, model, view, axis, closing } = scene, s = pen.size, wide = axis.wide(t), done = scene.done(view.direction, t), current = t === view.t;
  const c = pen.context, open = wide >= OPEN * s, inset = Math.min(8 * s, wide * 0.1);
  if (wide >= VALVE * s) {
    const [x, w] = [axis.edges[t] + inset, wide - 2 * inset];
    pen.box(x, at.top + 8 * s, w, at.bottom - at.top - 8 * s, 9, mix(pen.colours.background, pen.colours.muted, current ? 0.6 : 0.35), null);
    c.save();
    c.globalAlpha *= 0.6;
    pen.wire([[axis.mid(t), at.bottom], [axis.mid(t), at.bottom + 10 * s]], pen.colours.muted, 1.5);
    pen.wire([[X(t, 0.86), at.top + 8 * s], [X(t, 0.86), at.top - 6 * s]], pen.colours.muted, 1.5);
    c.restore();
  }
  if (closing > 0 && current) pen.rect(axis.edges[t] + 2, at.band - at.lanes / 2 - 3 * s, wide - 4, at.lanes + 6 * s, pen.colours.pipe);
  if (done) {
    const band = BAND[model.cell], from = open ? stretches(scene, level, t) : [[0, 1, j => valueAt(model, level, band, t, j, view.backward)]];
    for (const [a, b, valueOf] of from) lanes(scene, X(t, a), X(t, b), at.band, at.lanes, valueOf);
  }
  if (open) operations(scene, at, t, X, current);
  if (GATES[model.cell].length) gates(scene, level, at, t, open, done, current);
  if (at.rail && done) hidden(scene, level, at, t, X, open);
}

// the conveyor inside one copy: before, between and after the operations; [from, to, unit -> value]
function stretches({ model, view }, level, t) {
  const now = (ref, j) => valueAt(model, level, ref, t, j, view.backward), before = level.before(t), band = BAND[model.cell];
  const after = j => now(band, j);
  if (model.cell === "elman") {
    const arrives = view.backward ? j => handedBack(model, level, t, j) : j => level.h(before, j);
    return [[0, (KEEP + ADD) / 2, arrives], [(KEEP + ADD) / 2, 1, after]];
  }
  const gate = model.cell === "lstm" ? "f" : "z";
  const arrives = view.backward ? j => after(j) * level.gate(gate, t, j) : j => (band === "c" ? level.c(before, j) : level.h(before, j));
  return [[0, KEEP, arrives], [KEEP, ADD, j => now("keep", j)], [ADD, 1, after]];
}

// units side by side in one wire
function lanes({ pen, model, view }, from, to, middle, high, valueOf) {
  const [x, w] = [Math.min(from, to), Math.abs(to - from)], each = high / model.H, gap = each > 3 ? 1 : 0;
  const kind = view.backward ? "gradient" : "signed";
  for (let j = 0; j < model.H; j++) pen.cell(x, middle - high / 2 + j * each, Math.max(w, 0.5), Math.max(each - gap, 0.5), valueOf(j), kind);
  if (each > 3) {
    const y = middle - high / 2 + Math.min(view.unit, model.H - 1) * each;
    pen.rect(x, y - 1, w, 1, pen.colours.muted);
    pen.rect(x, y + each - gap, w, 1, pen.colours.muted);
  }
}

function operations({ pen, model }, at, t, X, strong) {
  if (model.cell === "elman") { pen.operation(X(t, (KEEP + ADD) / 2), at.band, model.nonlinearity, strong); return; }
  pen.operation(X(t, KEEP), at.band, "×", strong);
  pen.operation(X(t, ADD), at.band, "+", strong);
}

function gates(scene, level, at, t, open, done, current) {
  const { pen, model, view, axis } = scene, s = pen.size, unit = Math.min(view.unit, model.H - 1), wide = axis.wide(t);
  const names = open ? GATES[model.cell] : [shownGate(model, view)];
  if (!done && !open) return;
  const room = open ? wide * 0.72 : wide, each = room / names.length, left = axis.edges[t] + (wide - room) / 2;
  const w = open ? Math.min(20 * s, each - 3 * s) : Math.max(wide - (wide > 6 ? 3 : 0), 0.6);
  names.forEach((gate, k) => {
    const look = place(model, gate), x = left + each * (k + 0.5) - w / 2, value = level.gate(gate, t, unit);
    if (!done) { pen.valve(x, at.gates, w, at.valve, 0, { ...look, kind: "gate" }, null, false, false); return; }
    const shade = view.backward ? pen.colour(level.da(gate, t, unit), "gradient") : null;
    if (wide >= VALVE * s) pen.valve(x, at.gates, w, at.valve, value, look, shade, current, level.pinned(gate, t, unit));
    else if (shade) pen.rect(x, at.gates, w, at.valve, shade);
    else if (look.kind === "gate") pen.cell(x, at.gates, w, at.valve, value, look.colour);
    else pen.cell(x, at.gates, w, at.valve, value, "signed");
  });
}

// the LSTM's hidden state: all units at the exit, the selected one along the rail
function hidden(scene, level, at, t, X, open) {
  const { pen, model, view } = scene, s = pen.size, kind = view.backward ? "gradient" : "signed", unit = Math.min(view.unit, model.H - 1);
  const value = valueAt(model, level, "h", t, unit, view.backward);
  const span = (a, b, high, v) => { const [x, w] = [Math.min(X(t, a), X(t, b)), Math.abs(X(t, b) - X(t, a))]; pen.cell(x, at.rail - high / 2, w, high, v, kind); return [x, w]; };
  if (!open) { span(0, 1, 10 * s, value); return; }
  const before = level.before(t);
  span(0, 0.5, 4 * s, view.backward ? handedBack(model, level, t, unit) : level.h(before, unit));
  const count = Math.min(model.H, 8), first = Math.min(Math.max(0, unit - 4), model.H - count), each = 0.44 / count;
  for (let k = 0; k < count; k++) span(LEAVE - 0.44 + k * each, LEAVE - 0.44 + (k + 1) * each, 14 * s, valueAt(model, level, "h", t, first + k, view.backward));
  const [x, w] = [Math.min(X(t, LEAVE - 0.44), X(t, LEAVE)), Math.abs(X(t, 0.44) - X(t, 0))];
  pen.box(x, at.rail - 7 * s, w, 14 * s, 4, mix(pen.colours.background, pen.colours.muted, 0.5));
}

// folded: what leaves the cell enters it again
function loops(scene, level, at, share) {
  const { pen, model, view, middle, focusWide, accent } = scene, s = pen.size, unit = Math.min(view.unit, model.H - 1), c = pen.context;
  const kind = view.backward ? "gradient" : "signed", half = focusWide / 2, out = 26 * s, r = 12 * s;
  const loop = (y, back, ref, high) => {
    const up = back < y ? -1 : 1;
    const path = () => {
      c.beginPath();
      c.moveTo(middle + half, y);
      c.arcTo(middle + half + out, y, middle + half + out, back, r);
      c.arcTo(middle + half + out, back, middle, back, r);
      c.arcTo(middle - half - out, back, middle - half - out, y, r);
      c.arcTo(middle - half - out, y, middle - half, y, r);
      c.lineTo(middle - half, y);
    };
    const long = 4 * half + 4 * out + 2 * Math.abs(y - back);
    c.setLineDash([long * share, long]);
    for (const [colour, w] of [[pen.colours.pipe, high + 4 * s], [pen.colour(valueAt(model, level, ref, view.t, unit, view.backward), kind), high]]) {
      path();
      c.strokeStyle = rgb(colour);
      c.lineWidth = w;
      c.stroke();
    }
    c.setLineDash([]);
    if (share < 0.6) return;
    const left = (view.direction === 0) !== view.backward ? -1 : 1; // above the cell the loop runs against the reading
    pen.wire([[middle - 4 * left * s, back - 6 * s * 1], [middle + 4 * left * s, back], [middle - 4 * left * s, back + 6 * s]], accent, 2.5);
    return up;
  };
  loop(at.band, at.top, BAND[model.cell], 8 * s);
  if (at.rail) loop(at.rail, at.bottom + 2 * s, "h", 4 * s);
}

function labels(scene, row, at, several) {
  const { pen, model, view, narrow, left } = scene, s = pen.size, names = { c: "cell state", h: "hidden" };
  const row1 = (words, symbol, y) => { if (!narrow) pen.text(words, 0, y, { colour: pen.colours.muted }); if (symbol) pen.text(symbol, left - 16 * s, y, { px: 17, serif: true, align: "center" }); };
  if (several) pen.text(narrow ? `L${model.layerName(view.layer)}${view.direction ? "←" : ""}` : `layer ${model.layerName(view.layer)} ${view.direction ? "←" : "→"}`, 0, at.top + 10 * s, { bold: true });
  row1(names[BAND[model.cell]], BAND[model.cell], at.band + (several ? 6 * s : 0));
  if (GATES[model.cell].length && !narrow) pen.text("gates", 0, at.gates + at.valve / 2, { colour: pen.colours.muted });
  if (at.rail) row1(names.h, "h", at.rail);
}

// a level that is not opened: the colours of its hidden state
export function drawRail(scene, row) {
  const { pen, model, axis, narrow, left, width, view } = scene, s = pen.size, level = model.level(row.layer, row.direction), c = pen.context;
  const words = narrow ? `${model.layerName(row.layer)}${row.direction ? "←" : "→"}` : `layer ${model.layerName(row.layer)} ${row.direction ? "←" : "→"}`;
  pen.text(words, 0, row.y + row.h / 2, { colour: pen.colours.muted });
  if (!narrow) pen.text("h", left - 16 * s, row.y + row.h / 2, { px: 17, serif: true, align: "center" });
  const { canvas, spoiled } = scene.picture(level, "h"), [from, to] = scene.reached(row.direction), y = row.y + 4 * s, h = row.h - 10 * s;
  pen.box(left, y, width, h, 4, pen.line, pen.soft, 1);
  c.save();
  c.beginPath();
  c.rect(from, y, to - from, h);
  c.clip();
  c.imageSmoothingEnabled = false;
  for (let t = 0; t < model.T; t++) c.drawImage(canvas, t, 0, 1, model.H, axis.edges[t], y, axis.wide(t) - (axis.wide(t) > 8 ? 1 : 0), h);
  for (const [t, j] of spoiled) { c.fillStyle = pen.hatch; c.fillRect(axis.edges[t], y + (h * j) / model.H, axis.wide(t), h / model.H); }
  c.restore();
  c.strokeStyle = rgb(pen.colours.muted);
  c.lineWidth = 1;
  c.strokeRect(axis.edges[view.t], y, axis.wide(view.t), h);
}
