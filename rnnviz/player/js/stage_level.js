// One level (a direction of a layer) through time: opened, with its conveyor, gates and states, or as a rail of colours.
//
// The LSTM's conveyor carries c and its hidden state runs below; for the GRU and the Elman network the conveyor is h itself.
// Each column is one copy of the cell: what arrives, what the operations make of it, what leaves, in the direction of reading.

import { mix, rgb } from "./colours.js";
import { isGate, place } from "./names.js";
import { gutter } from "./stage_ends.js";
import { valueAt } from "./values.js";

const OPEN = 52, VALVE = 14;                       // pixels of a column from which on it shows its parts, or one valve
const GATES = { lstm: ["f", "i", "g", "o"], gru: ["z", "r", "n"], elman: [] };
const BAND = { lstm: "c", gru: "h", elman: "h" };
const KEEP = 0.2, ADD = 0.42, LEAVE = 0.86;         // where the operations stand in a column, along the direction of reading

// the heights inside an opened level
function heights(model, row, s) {
  const band = row.y + 36 * s, gates = row.y + 60 * s;
  return { top: row.y + 4 * s, bottom: row.y + row.h - 6 * s, band, lanes: 30 * s, gates, valve: 30 * s,
    rail: model.cell === "lstm" ? gates + 52 * s : null };
}

// what part of a column lies at (x, y)
export function partsOf(model, row, s, axis, t, x, y, view) {
  const at = heights(model, row, s), gates = GATES[model.cell];
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
  const { pen, model, view, axis, closing, looping, middle, left, width } = scene, s = pen.size;
  const level = model.level(view.layer, view.direction), at = heights(model, row, s), c = pen.context;
  labels(scene, at, model.L * model.D > 1);
  // folding: the columns close in on the current one, then the loop is drawn
  const X = (t, share) => axis.edges[t] + axis.wide(t) * (view.direction ? 1 - share : share);
  const each = draw => {
    for (let t = 0; t < model.T; t++) {
      const alpha = t === view.t ? 1 : 1 - closing;
      if (alpha < 0.02) continue;
      c.save();
      c.globalAlpha = alpha;
      c.translate((middle - axis.mid(t)) * closing, 0);
      draw(t, axis.wide(t), t === view.t);
      c.restore();
    }
  };
  if (closing < 1) {
    c.globalAlpha = 1 - closing;
    pen.rect(left, at.band - at.lanes / 2 - 3 * s, width, at.lanes + 6 * s, pen.colours.pipe);
    if (at.rail) pen.rect(left, at.rail - 4 * s, width, 8 * s, pen.colours.pipe);
    c.globalAlpha = 1;
  }
  each((t, wide, current) => { frame(scene, at, t, X, wide, current); held(scene, level, at, t, wide); });
  // what the pass has reached, up to its front
  const [from, to] = closing ? [left, left + width] : scene.reached(view.direction);
  c.save();
  c.beginPath();
  c.rect(from, row.y, to - from, row.h);
  c.clip();
  each((t, wide, current) => { if (scene.begun(view.direction, t)) contents(scene, level, at, t, X, wide, current); });
  c.restore();
  each((t, wide, current) => { if (wide >= OPEN * s) operations(scene, at, t, X, current); });
  if (looping > 0) loops(scene, level, at, looping);
  else if (!closing) pulses(scene, at, X);
}

// one copy of the cell, empty: its outline, where x comes in and y goes out, its valves
function frame(scene, at, t, X, wide, current) {
  const { pen, model, axis, closing } = scene, s = pen.size, c = pen.context, inset = Math.min(8 * s, wide * 0.1);
  if (closing && current) pen.rect(axis.edges[t] + 2, at.band - at.lanes / 2 - 3 * s, wide - 4, at.lanes + 6 * s, pen.colours.pipe);
  if (wide < VALVE * s) return;
  pen.box(axis.edges[t] + inset, at.top + 8 * s, wide - 2 * inset, at.bottom - at.top - 8 * s, 9, mix(pen.colours.background, pen.colours.muted, current ? 0.6 : 0.35), null);
  const thin = mix(pen.colours.background, pen.colours.muted, 0.6);
  pen.wire([[axis.mid(t), at.bottom], [axis.mid(t), at.bottom + 10 * s]], thin, 1.5);
  pen.wire([[X(t, LEAVE), at.top + 8 * s], [X(t, LEAVE), at.top - 6 * s]], thin, 1.5);
  if (wide >= OPEN * s && GATES[model.cell].length) valves(scene, at, t, wide, (gate, x, w) => pen.valve(x, at.gates, w, at.valve, 0, { ...place(model, gate), kind: "gate" }, null, false));
}

// a bar under each valve that surgery holds at this step: where, is known before the pass gets there
function held(scene, level, at, t, wide) {
  const { pen, model, view } = scene, s = pen.size, unit = Math.min(view.unit, model.H - 1);
  if (!GATES[model.cell].length) return;
  valves(scene, at, t, wide, (gate, x, w) => { if (level.pinned(gate, t, unit)) pen.rect(x - 1, at.gates + at.valve + 3 * s, w + 2, 3 * s, pen.colours.ink); });
}

// one copy of the cell as the pass has left it
function contents(scene, level, at, t, X, wide, current) {
  const { pen, model, view } = scene, s = pen.size, open = wide >= OPEN * s, unit = Math.min(view.unit, model.H - 1);
  const band = BAND[model.cell], parts = open ? stretches(scene, level, t) : [[0, 1, j => valueAt(model, level, band, t, j, view.backward)]];
  if (!open && at.lanes / model.H <= 3) pen.column(scene.picture(level, band), t, scene.axis.edges[t], at.band - at.lanes / 2, wide, at.lanes);
  else for (const [a, b, valueOf] of parts) lanes(scene, X(t, a), X(t, b), at.band, at.lanes, valueOf);
  if (at.rail) hidden(scene, level, at, t, X, open);
  if (GATES[model.cell].length) valves(scene, at, t, wide, (gate, x, w) => {
    const look = place(model, gate), value = level.gate(gate, t, unit), shade = view.backward ? pen.colour(level.da(gate, t, unit), "gradient") : null;
    if (wide >= VALVE * s) pen.valve(x, at.gates, w, at.valve, value, look, shade, current);
    else if (shade) pen.rect(x, at.gates, w, at.valve, shade);
    else pen.cell(x, at.gates, w, at.valve, value, look.kind === "gate" ? look.colour : "signed");
  });
}

// what moves while a step is taken: x comes in and y goes out, or, backwards, dL/dy comes in and dL/dx goes out
function pulses(scene, at, X) {
  const { pen, view, position, travels, axis, accent } = scene, s = pen.size, share = position - Math.floor(position);
  if (share === 0) return;
  const t = travels > 0 ? Math.ceil(position) : Math.floor(position), u = travels > 0 ? share : 1 - share;
  const dot = (x, from, to, r) => {
    if (r < 0 || r > 1) return;
    const c = pen.context;
    c.beginPath();
    c.arc(x, from + (to - from) * r, 4.5 * s, 0, 2 * Math.PI);
    c.fillStyle = rgb(accent);
    c.fill();
  };
  const inlet = [axis.mid(t), at.bottom + 12 * s, at.band + at.lanes], outlet = [X(t, LEAVE), at.band, at.top - 10 * s];
  const [first, second] = view.backward ? [[outlet[0], outlet[2], outlet[1]], [inlet[0], inlet[2], inlet[1]]] : [inlet, outlet];
  dot(...first, 2 * u);
  dot(...second, 2 * u - 1);
}

// the conveyor inside one copy: before, between and after the operations; [from, to, unit -> value]
function stretches({ model, view, handed }, level, t) {
  const now = (ref, j) => valueAt(model, level, ref, t, j, view.backward), before = level.before(t), band = BAND[model.cell];
  const after = j => now(band, j);
  if (model.cell === "elman") {
    const arrives = view.backward ? j => handed(level, t)[j] : j => level.h(before, j);
    return [[0, (KEEP + ADD) / 2, arrives], [(KEEP + ADD) / 2, 1, after]];
  }
  const gate = model.cell === "lstm" ? "f" : "z";
  const arrives = view.backward ? j => (level.cutBefore(t) ? 0 : after(j) * level.gate(gate, t, j)) : j => (band === "c" ? level.c(before, j) : level.h(before, j));
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
  if (model.cell === "elman") { pen.operation(X(t, (KEEP + ADD) / 2), at.band, model.nonlinearity === "sigmoid" ? "σ" : model.nonlinearity, strong); return; }
  pen.operation(X(t, KEEP), at.band, "×", strong);
  pen.operation(X(t, ADD), at.band, "+", strong);
}

// the places of a copy's valves: all gates where there is room, otherwise the one that is shown
function valves({ pen, model, view, axis }, at, t, wide, draw) {
  const s = pen.size, open = wide >= OPEN * s, names = open ? GATES[model.cell] : [shownGate(model, view)];
  const room = open ? wide * 0.72 : wide, each = room / names.length, left = axis.edges[t] + (wide - room) / 2;
  const w = open ? Math.min(20 * s, each - 3 * s) : Math.max(wide - (wide > 6 ? 3 : 0), 0.6);
  names.forEach((gate, k) => draw(gate, left + each * (k + 0.5) - w / 2, w));
}

// the LSTM's hidden state: all units at the exit, the selected one along the rail
function hidden(scene, level, at, t, X, open) {
  const { pen, model, view } = scene, s = pen.size, kind = view.backward ? "gradient" : "signed", unit = Math.min(view.unit, model.H - 1);
  const value = valueAt(model, level, "h", t, unit, view.backward);
  const span = (a, b, high, v) => { const [x, w] = [Math.min(X(t, a), X(t, b)), Math.abs(X(t, b) - X(t, a))]; pen.cell(x, at.rail - high / 2, w, high, v, kind); return [x, w]; };
  if (!open) { span(0, 1, 10 * s, value); return; }
  const before = level.before(t);
  span(0, 0.5, 4 * s, view.backward ? scene.handed(level, t)[unit] : level.h(before, unit));
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
    pen.wire([[middle - 4 * left * s, back - 6 * s], [middle + 4 * left * s, back], [middle - 4 * left * s, back + 6 * s]], accent, 2.5);
  };
  loop(at.band, at.top, BAND[model.cell], 8 * s);
  if (at.rail) loop(at.rail, at.bottom + 2 * s, "h", 4 * s);
}

function labels(scene, at, several) {
  const { pen, model, view, narrow } = scene, s = pen.size, names = { c: "cell state", h: "hidden" };
  if (several) pen.text(narrow ? `L${model.layerName(view.layer)}${view.direction ? "←" : ""}` : `layer ${model.layerName(view.layer)} ${view.direction ? "←" : "→"}`, 0, at.top + 10 * s, { bold: true });
  gutter(scene, names[BAND[model.cell]], BAND[model.cell], at.band + (several ? 6 * s : 0));
  if (GATES[model.cell].length && !narrow) pen.text("gates", 0, at.gates + at.valve / 2, { colour: pen.colours.muted });
  if (at.rail) gutter(scene, names.h, "h", at.rail);
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
