// One level (a direction of a layer) through time: opened, with its path, gates and states, or as a rail of colours.
//
// The LSTM's path carries c and its hidden state runs below; for the GRU and the Elman network the path is that of h
// itself. Each column is one copy of the cell: what arrives, what the operations make of it, what leaves, in the
// direction of reading.

import { mix, rgb } from "../core/colours.js";
import { place } from "../core/names.js";
import { gutter } from "./ends.js";
import { drawAlone, drawGhost, hiddenAlone, valueAlone } from "./alone.js";
import { travelling } from "../core/phases.js";
import { heights, LEAVE, OPEN, shownGate, slots, spots, stretches, VALVE } from "./copy.js";
import { drawAround, drawTravel } from "./travel.js";
import { valueAt } from "../core/values.js";

// what part of a column lies at (x, y)
export function partsOf(model, row, s, axis, t, x, y, view) {
  const at = heights(model, row), gates = model.spec.drawn.filter(gate => view.shown.has(gate)), u = row.u;
  if (gates.length && y >= at.gates - 4 * u && y <= at.gates + at.valve + 6 * u) {
    if (axis.wide(t) < OPEN * s) return { ref: shownGate(model, view) };
    const all = model.spec.drawn, k = Math.floor((all.length * (x - axis.edges[t])) / axis.wide(t));
    return { ref: all[Math.min(all.length - 1, Math.max(0, k))] };
  }
  if (at.rail && y > at.gates + at.valve) return { ref: "h" };
  if (!at.rail && y > at.band + at.lanes) return { ref: "h" };
  return { ref: model.spec.path };
}

export function drawLevel(scene, row) {
  const { pen, model, view, axis, closing, looping, middle, left, width } = scene, { has } = view.shown;
  const level = model.level(view.layer, view.direction), at = heights(model, row), c = pen.context, u = row.u;
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
    const high = at.lanes + 6 * u;
    if (has(model.spec.path)) pen.rect(left, at.band - high / 2, width, high, pen.colours.pipe);
    if (at.rail && has("h")) pen.rect(left, at.rail - 4 * u, width, 8 * u, pen.colours.pipe);
    c.globalAlpha = 1;
  }
  each((t, wide, current) => { frame(scene, at, t, X, wide, current); held(scene, level, at, t, wide); });
  // what the pass has reached, up to its front
  const moving = closing % 1 ? null : travelling(view, scene.position, scene.travels);
  const [from, to] = closing ? inside(scene, moving) : scene.reached(view.direction);
  c.save();
  c.beginPath();
  c.rect(from, row.y, to - from, row.h);
  c.clip();
  each((t, wide, current) => {
    if (scene.begun(view.direction, t)) contents(scene, level, at, t, X, wide, current, moving?.t === t);
  });
  c.restore();
  each((t, wide, current) => { if (wide >= OPEN * pen.size) operations(scene, at, t, X, current); });
  if (view.alone && view.ghost && !view.backward && !closing && has(model.spec.path)) drawGhost(scene, level, at, X);
  // the number that rides into the next copy is not to be seen twice
  const leaves = t => moving && moving.u < 0.4 && t === (view.backward ? level.after : level.before)(moving.t);
  if (view.alone && has(model.spec.path)) each((t, wide, current) => {
    if (wide >= OPEN * pen.size && scene.done(view.direction, t) && moving?.t !== t && !leaves(t))
      valueAlone(scene, level, at, t, X, wide, current);
  });
  if (looping > 0) loops(scene, level, at, looping);
  if (looping === 1 && moving) drawAround(scene, level, at, X, moving);
  else if (moving && !closing) drawTravel(scene, level, at, X, moving);
  if (!looping && !closing && !(moving && view.alone)) pulses(scene, at, X);
}

// of the folded cell, what the pass has reached: all of it, but while a step is taken
function inside({ left, width, middle, focusWide, travels }, moving) {
  if (!moving) return [left, left + width];
  const [start, end] = [middle - focusWide / 2, middle + focusWide / 2], done = (end - start) * moving.u;
  return travels > 0 ? [start, start + done] : [end - done, end];
}

// one copy of the cell, empty: its outline, where x comes in and y goes out, its valves
function frame(scene, at, t, X, wide, current) {
  const { pen, model, view, axis, closing } = scene, s = pen.size, u = at.u, inset = Math.min(8 * s, wide * 0.1),
    { has } = view.shown;
  const pipe = at.lanes + 6 * u;
  if (closing && current && has(model.spec.path))
    pen.rect(axis.edges[t] + 2, at.band - pipe / 2, wide - 4, pipe, pen.colours.pipe);
  if (wide < VALVE * s) return;
  const outline = mix(pen.colours.background, pen.colours.muted, current ? 0.6 : 0.35);
  pen.box(axis.edges[t] + inset, at.top + 8 * u, wide - 2 * inset, at.bottom - at.top - 8 * u, 9, outline, null);
  const thin = mix(pen.colours.background, pen.colours.muted, 0.6);
  if (has("x")) pen.wire([[axis.mid(t), at.bottom], [axis.mid(t), at.bottom + 10 * u]], thin, 1.5);
  if (has("y")) pen.wire([[X(t, LEAVE), at.top + 8 * u], [X(t, LEAVE), at.top - 6 * u]], thin, 1.5);
  if (wide < OPEN * s) return;
  slots(scene, t, wide, (gate, x, w) => pen.valve(x, at.gates, w, at.valve, 0,
    { ...place(model, gate), kind: "gate" }, null, false));
}

// a bar under each valve that is clamped at this step: where, is known before the pass gets there
function held(scene, level, at, t, wide) {
  const { pen, model, view } = scene, u = at.u, unit = Math.min(view.unit, model.H - 1);
  slots(scene, t, wide, (gate, x, w) => {
    if (!level.pinned(gate, t, unit)) return;
    const y = at.gates + at.valve + 3 * u;
    pen.rect(x - 1, y, w + 2, 3 * u, pen.colours.ink);
    if (view.alone && wide >= OPEN * pen.size) pen.text("clamped", x + w + 5 * pen.size, y + 1 * u);
  });
}

// one copy of the cell as the pass has left it; while it is `inside`, its gates and its h are drawn as they come
function contents(scene, level, at, t, X, wide, current, inside) {
  const { pen, model, view } = scene, s = pen.size, open = wide >= OPEN * s, { has } = view.shown;
  const band = model.spec.path, parts = open ? stretches(scene, level, t)
    : [[0, 1, j => valueAt(model, level, band, t, j, view.backward)]];
  if (!has(band)) { /* its path is not shown */ }
  else if (view.alone) drawAlone(scene, at, t, X, parts);
  else if (!open && at.lanes / model.H <= 3) pen.column(scene.picture(level, band), t, scene.axis.edges[t],
    at.band - at.lanes / 2, wide, at.lanes);
  else for (const [a, b, valueOf] of parts) lanes(scene, X(t, a), X(t, b), at.band, at.lanes, valueOf);
  if (inside && view.alone) return;
  if (at.rail && has("h")) (view.alone ? hiddenAlone : hidden)(scene, level, at, t, X, open);
  if (!inside || wide < OPEN * s) valves(scene, level, at, t, wide, current);
}

// backwards a valve has the shade of its gradient; of one unit alone it stays as open as it is, for the path's gradient
// passes it
function shadeOf({ pen, model, view }, level, gate, t) {
  return view.backward && !view.alone ? pen.colour(level.da(gate, t, Math.min(view.unit, model.H - 1)), "gradient")
    : null;
}

function valves(scene, level, at, t, wide, current) {
  const { pen, model, view } = scene, s = pen.size, unit = Math.min(view.unit, model.H - 1);
  slots(scene, t, wide, (gate, x, w) => {
    const look = place(model, gate), value = level.gate(gate, t, unit), shade = shadeOf(scene, level, gate, t);
    if (wide >= VALVE * s) pen.valve(x, at.gates, w, at.valve, value, look, shade, current);
    else if (shade) pen.rect(x, at.gates, w, at.valve, shade);
    else pen.cell(x, at.gates, w, at.valve, value, look.kind === "gate" ? look.colour : "signed");
  });
}

// what moves while a step is taken: x comes in and y goes out, or, backwards, dL/dy comes in and dL/dx goes out
function pulses(scene, at, X) {
  const { pen, view, position, travels, axis, accent } = scene, s = at.u, share = position - Math.floor(position);
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
  const inlet = [axis.mid(t), at.bottom + 12 * s, at.band + at.lanes],
    outlet = [X(t, LEAVE), at.band, at.top - 10 * s];
  const [first, second] = view.backward ? [[outlet[0], outlet[2], outlet[1]], [inlet[0], inlet[2], inlet[1]]]
    : [inlet, outlet];
  const seen = view.shown, [comes, leaves] = view.backward ? ["y", "x"] : ["x", "y"];
  const reads = 0.6 * spots(view).keep; // the share of the column in which x is read
  if (seen.has(comes)) dot(...first, u / reads);
  if (seen.has(leaves)) dot(...second, (u + reads - 1) / reads);
}

// units side by side in one wire
function lanes({ pen, model, view }, from, to, middle, high, valueOf) {
  const [x, w] = [Math.min(from, to), Math.abs(to - from)], each = high / model.H, gap = each > 3 ? 1 : 0;
  const kind = view.backward ? "gradient" : "signed";
  for (let j = 0; j < model.H; j++) {
    pen.cell(x, middle - high / 2 + j * each, Math.max(w, 0.5), Math.max(each - gap, 0.5), valueOf(j), kind);
  }
  if (each > 3) {
    const y = middle - high / 2 + Math.min(view.unit, model.H - 1) * each;
    pen.rect(x, y - 1, w, 1, pen.colours.muted);
    pen.rect(x, y + each - gap, w, 1, pen.colours.muted);
  }
}

function operations({ pen, model, view }, at, t, X, strong) {
  const { has, any } = view.shown, { path, gated, writes, roles } = model.spec;
  const { keep, add } = spots(view);
  if (!gated) {
    const sign = model.nonlinearity === "sigmoid" ? "σ" : model.nonlinearity;
    if (has("h")) pen.operation(X(t, (keep + add) / 2), at.band, sign, strong);
    return;
  }
  if (!has(path)) return;
  if (has(roles.keep)) pen.operation(X(t, keep), at.band, "×", strong);
  if (any(writes)) pen.operation(X(t, add), at.band, "+", strong);
}

// the LSTM's hidden state: all units at the exit, the selected one along the rail
function hidden(scene, level, at, t, X, open) {
  const { pen, model, view } = scene, s = at.u, kind = view.backward ? "gradient" : "signed",
    unit = Math.min(view.unit, model.H - 1);
  const value = valueAt(model, level, "h", t, unit, view.backward);
  const span = (a, b, high, v) => {
    pen.cell(Math.min(X(t, a), X(t, b)), at.rail - high / 2, Math.abs(X(t, b) - X(t, a)), high, v, kind);
  };
  if (!open) { span(0, 1, 10 * s, value); return; }
  const before = level.before(t);
  span(0, 0.5, 4 * s, view.backward ? scene.handed(level, t)[unit] : level.h(before, unit));
  const count = Math.min(model.H, 8), first = Math.min(Math.max(0, unit - 4), model.H - count), each = 0.44 / count;
  for (let k = 0; k < count; k++) {
    const from = LEAVE - 0.44 + k * each;
    span(from, from + each, 14 * s, valueAt(model, level, "h", t, first + k, view.backward));
  }
  const [x, w] = [Math.min(X(t, LEAVE - 0.44), X(t, LEAVE)), Math.abs(X(t, 0.44) - X(t, 0))];
  pen.box(x, at.rail - 7 * s, w, 14 * s, 4, mix(pen.colours.background, pen.colours.muted, 0.5));
}

// folded: what leaves the cell enters it again
function loops(scene, level, at, share) {
  const { pen, model, view, middle, focusWide, accent } = scene, s = pen.size,
    unit = Math.min(view.unit, model.H - 1), c = pen.context;
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
    const carried = pen.colour(valueAt(model, level, ref, view.t, unit, view.backward), kind);
    for (const [colour, w] of [[pen.colours.pipe, high + 4 * s], [carried, high]]) {
      path();
      c.strokeStyle = rgb(colour);
      c.lineWidth = w;
      c.stroke();
    }
    c.setLineDash([]);
    if (share < 0.6) return;
    // above the cell the loop runs against the reading
    const left = (view.direction === 0) !== view.backward ? -1 : 1;
    pen.wire([[middle - 4 * left * s, back - 6 * s], [middle + 4 * left * s, back],
      [middle - 4 * left * s, back + 6 * s]], accent, 2.5);
  };
  if (view.shown.has(model.spec.path)) loop(at.band, at.top, model.spec.path, 8 * s);
  if (at.rail && view.shown.has("h")) loop(at.rail, at.bottom + 2 * s, "h", 4 * s);
}

function labels(scene, at, several) {
  const { pen, model, view, narrow } = scene, s = pen.size, names = { c: "cell state", h: "hidden" };
  const layer = model.layerName(view.layer);
  const words = narrow ? `L${layer}${view.direction ? "←" : ""}` : `layer ${layer} ${view.direction ? "←" : "→"}`;
  if (several) pen.text(words, 0, at.top + 10 * s, { bold: true });
  const { has } = view.shown, gates = model.spec.drawn;
  if (has(model.spec.path)) gutter(scene, names[model.spec.path], model.spec.path, at.band + (several ? 6 * s : 0));
  const drawn = gates.filter(has).length;
  const { muted } = pen.colours;
  if (drawn && !narrow) pen.text(drawn > 1 ? "gates" : "gate", 0, at.gates + at.valve / 2, { colour: muted });
  if (at.rail && has("h")) gutter(scene, names.h, "h", at.rail);
}

// a level that is not opened: the colours of its hidden state
export function drawRail(scene, row) {
  const { pen, model, axis, narrow, left, width, view } = scene, s = pen.size,
    level = model.level(row.layer, row.direction), c = pen.context;
  const words = narrow ? `${model.layerName(row.layer)}${row.direction ? "←" : "→"}`
    : `layer ${model.layerName(row.layer)} ${row.direction ? "←" : "→"}`;
  pen.text(words, 0, row.y + row.h / 2, { colour: pen.colours.muted });
  if (!narrow) pen.text("h", left - 16 * s, row.y + row.h / 2, { px: 17, serif: true, align: "center" });
  const { canvas, spoiled } = scene.picture(level, "h"), [from, to] = scene.reached(row.direction), y = row.y + 4 * s,
    h = row.h - 10 * s;
  pen.box(left, y, width, h, 4, pen.line, pen.soft, 1);
  c.save();
  c.beginPath();
  c.rect(from, y, to - from, h);
  c.clip();
  c.imageSmoothingEnabled = false;
  for (let t = 0; t < model.T; t++) {
    c.drawImage(canvas, t, 0, 1, model.H, axis.edges[t], y, axis.wide(t) - (axis.wide(t) > 8 ? 1 : 0), h);
  }
  c.fillStyle = pen.hatch;
  for (const [t, j] of spoiled) c.fillRect(axis.edges[t], y + (h * j) / model.H, axis.wide(t), h / model.H);
  c.restore();
  c.strokeStyle = rgb(pen.colours.muted);
  c.lineWidth = 1;
  c.strokeRect(axis.edges[view.t], y, axis.wide(view.t), h);
}
