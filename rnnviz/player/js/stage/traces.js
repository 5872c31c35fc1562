// The traces: the selected unit's states and one of its gates over time; in the backward pass the sizes of their
// gradients on a log axis, whose decades are those that occur.

import { mix, rgb } from "../core/colours.js";
import { isGate } from "../core/cell.js";
import { place } from "../core/names.js";
import { number, superscript } from "../core/numbers.js";
import { valueAt } from "../core/values.js";

// which lines: the states, and the gate that is selected (or the first that decides what is kept)
function lines(model, view) {
  const gate = isGate(model, view.map) ? view.map : model.spec.roles.keep;
  return [...model.spec.states, ...(gate ? [gate] : view.map === "a" ? ["a"] : [])];
}

// the step up to which the lines are drawn: of one that is being taken, the step before
function arrived({ model, view, done }) {
  const before = view.t + (view.direction === 0 === view.backward ? 1 : -1);
  return done(view.direction, view.t) || before < 0 || before >= model.T ? view.t : before;
}

export function drawTraces(scene, { y, h }) {
  const { pen, model, view, axis, left, width, narrow } = scene, s = pen.size, c = pen.context;
  const level = model.level(view.layer, view.direction), unit = Math.min(view.unit, model.H - 1);
  const valuesOf = ref => Array.from({ length: model.T }, (_, t) => valueAt(model, level, ref, t, unit, view.backward));
  let series = lines(model, view).map(ref => ({ ref, values: valuesOf(ref) }));
  // small states have an axis of their own, without the gate's 0 to 1, unless it is the gate that is looked at
  const states = series.filter(({ ref }) => !isGate(model, ref)), most = largest(states);
  const small = !isGate(model, view.map) && most > 0 && most <= SMALL[0], { muted, background } = pen.colours;
  if (small && !view.backward) series = states;
  const reach = () => (small ? SMALL.findLast(end => end >= most) : Math.max(1, largest(series)));
  const { ends, at } = view.backward ? logAxis(finiteOf(series)) : linearAxis(reach());
  const top = y + 8 * s, bottom = y + h - 8 * s, Y = value => bottom - (bottom - top) * at(value);

  const whose = view.backward ? "size of" : `unit ${model.unitName(unit)}`;
  if (!narrow && pen.fits(whose + ends[1], left - 16 * s)) pen.text(whose, 0, y + 10 * s, { colour: muted });
  let x = 0;
  if (!narrow) for (const { ref } of series) {
    const { symbol } = place(model, ref), look = lookOf(scene, ref);
    pen.text(view.backward ? `∂${symbol}` : symbol, x, y + 30 * s, { serif: true, px: 17, colour: look.colour });
    line(pen, [[x, y + 43 * s], [x + 20 * s, y + 43 * s]], look);
    x += 30 * s;
  }
  ends.forEach((words, k) => {
    const level = k ? top : bottom;
    pen.wire([[left, level], [left + width, level]], pen.line, 1);
    pen.text(words, left - 6 * s, level, { align: "right", colour: pen.colours.muted, max: left - 7 * s });
  });
  if (!view.backward) pen.wire([[left, Y(0)], [left + width, Y(0)]], mix(background, muted, 0.6), 1);
  const [from, to] = scene.travels > 0 ? [0, scene.front] : [scene.front, left + width];
  c.save();
  c.beginPath();
  c.rect(from, y - 4, to - from, h + 8);
  c.clip();
  for (const { ref, values } of series) {
    const look = lookOf(scene, ref);
    let piece = [];
    values.forEach((value, t) => {
      if (Number.isFinite(value) && !(view.backward && value === 0)) { piece.push([axis.mid(t), Y(value)]); return; }
      line(pen, piece, look);
      piece = [];
      if (Number.isFinite(value)) hollow(pen, axis.mid(t), bottom);
      else struck(pen, axis.mid(t), value < 0 && !view.backward ? bottom : top);
    });
    line(pen, piece, look);
  }
  c.restore();
  for (const { ref, values } of series) {
    const at = arrived(scene), value = values[at];
    if (!Number.isFinite(value) || (view.backward && value === 0)) continue;
    c.beginPath();
    c.arc(axis.mid(at), Y(value), 3.5 * s, 0, 2 * Math.PI);
    c.fillStyle = rgb(lookOf(scene, ref).colour);
    c.fill();
  }
}

function lookOf({ pen, view, model }, ref) {
  const { colour, dash } = place(model, ref);
  if (colour) return { colour: pen.colours[colour], dash, width: 1.6 };
  if (ref === "c") return { colour: pen.colours.ink, dash: [], width: 2.4 };
  return { colour: view.backward ? pen.colours.backward : pen.colours.forward, dash: [], width: 1.8 };
}

function line(pen, points, { colour, dash, width }) {
  if (!points.length) return;
  if (points.length === 1) points = [[points[0][0] - 3, points[0][1]], [points[0][0] + 3, points[0][1]]];
  pen.context.setLineDash(dash);
  pen.wire(points, colour, width * pen.size);
  pen.context.setLineDash([]);
}

function hollow(pen, x, y) {
  const c = pen.context;
  c.beginPath();
  c.arc(x, y, 2.5 * pen.size, 0, 2 * Math.PI);
  c.strokeStyle = rgb(pen.colours.muted);
  c.lineWidth = 1;
  c.stroke();
}

function struck(pen, x, y) {
  const r = 3.5 * pen.size;
  pen.wire([[x - r, y - r], [x + r, y + r]], pen.colours.ink, 1.5);
  pen.wire([[x - r, y + r], [x + r, y - r]], pen.colours.ink, 1.5);
}

const finiteOf = series => series.flatMap(({ values }) => values.filter(Number.isFinite));
const largest = series => finiteOf(series).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const SMALL = [0.5, 0.25, 0.1, 0.05, 0.025, 0.01]; // where the axis of small states may end

// from -most to most; `ends`: what stands at the lower and the upper end, `at`: 0 to 1 between them
function linearAxis(most) {
  const words = most > 1 ? number(most, 2) : String(most);
  return { ends: [`−${words}`, words], at: value => (value / most + 1) / 2 };
}

// whole decades, at least four
function logAxis(values) {
  const logs = values.filter(value => value !== 0).map(value => Math.log10(Math.abs(value)));
  const high = logs.length ? Math.ceil(Math.max(...logs)) : 0;
  const low = Math.min(logs.length ? Math.floor(Math.min(...logs)) : 0, high - 4);
  const words = e => (e ? `10${superscript(e)}` : "1");
  return { ends: [words(low), words(high)], at: value => (Math.log10(Math.abs(value)) - low) / (high - low) };
}
