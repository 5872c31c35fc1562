// The stage: the network in time, its input tape, the heat map of all units and the traces of one, on one time axis.
// Drawn on a canvas, each frame anew; what can be focused (the tape) is an element above it.

import { columns } from "../core/axis.js";
import { clamp } from "../core/moving.js";
import { palette } from "../core/colours.js";
import { makePen, valuesPicture } from "../core/canvas.js";
import { holdable } from "../core/holds.js";
import { isGate } from "../core/cell.js";
import { place } from "../core/names.js";
import { ALL } from "../core/shown.js";
import { visible } from "../core/standing.js";
import { handedBack, valueAt } from "../core/values.js";
import { marginOf } from "./alone.js";
import { drawHeat, heatUnitAt } from "./heat.js";
import { heights } from "./copy.js";
import { drawLevel, drawRail, partsOf } from "./level.js";
import { drawPins } from "./pins.js";
import { drawTraces } from "./traces.js";
import { drawCuts, drawOutputs, drawTape } from "./ends.js";

const NARROW = 700, PHONE = 600, MOST_WIDE = 220; // pixels: of the page, of a column
const HIGH = {
  outputs: 28, level: 84, gates: 20, apart: 24, rail: 28, tape: 32, gap: 6, heat: 70, traces: 60,
  bar: 52, equation: 118, explained: 290, circuit: 318, // of a story, beside the stage
};
/** How high a level is in the design: with its gates, and with the rail of h at its foot, apart from the path. */
const highOf = ({ spec }, pathAlone = false) =>
  HIGH.level + (spec.gated ? HIGH.gates : 0) + (spec.path === "h" || pathAlone ? 0 : HIGH.apart);

// what of the view decides where things are
const LAYS_OUT = ["layer", "direction", "shown", "alone", "room", "picked"];
const NARROW_LEVEL = 88, LEAST_LEVEL = 118, MOST_LEVEL = 300, ALONE_LEVEL = 520;
const EVEN = 58; // pixels of a column that needs no lens

export function stagePanel(host, model, act, hand) {
  const canvas = document.createElement("canvas"), tape = document.createElement("div");
  canvas.setAttribute("role", "img");
  tape.className = "tape";
  tape.tabIndex = 0;
  tape.setAttribute("role", "slider");
  tape.setAttribute("aria-label", "Step in time");
  host.append(canvas, tape);
  const context = canvas.getContext("2d");
  let view = null, pen = null, size = 1, wide = 0, geometry = null, pictures = new Map(), sums = new Map(), shown = 0,
    dragging = false;

  function measure() {
    size = parseFloat(getComputedStyle(host).fontSize) / 16 || 1;
    wide = host.clientWidth;
    const narrow = wide < NARROW * size;
    const rows = [];
    let y = 2;
    const row = (kind, high, more = {}) => {
      rows.push({ kind, y, h: high * size, ...more });
      y += high * size;
    };
    const shown = view?.shown || ALL, is = shown.panel;
    if (model.y && is("stage") && shown.has("y")) row("outputs", HIGH.outputs);
    if (is("stage")) for (let l = model.L - 1; l >= 0; l--) for (let d = model.D - 1; d >= 0; d--) {
      const open = view && l === view.layer && d === view.direction;
      const high = open ? levelHigh() : HIGH.rail;
      row(open ? "level" : "rail", high, { layer: l, direction: d, u: (high / designed()) * size });
    }
    if (is("tape")) row("tape", HIGH.tape);
    for (const name of ["heat", "traces"]) if (is(name)) {
      y += HIGH.gap * size;
      row(name, name === "heat" ? heatHigh(narrow) : HIGH[name]);
    }
    const left = (narrow ? 34 : 112) * size;
    const width = Math.min(wide - left - marginOf(view) * size, MOST_WIDE * size * model.T);
    geometry = { rows, narrow, left, width, height: y + 2, focus: (narrow ? 96 : 112) * size };
    if (view?.story && geometry.width / model.T >= EVEN * size) geometry.focus = 0;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(wide * ratio) || canvas.height !== Math.round(geometry.height * ratio)) {
      canvas.width = Math.round(wide * ratio);
      canvas.height = Math.round(geometry.height * ratio);
      canvas.style.width = `${wide}px`; // not the host's own, which may lie between two pixels
      canvas.style.height = `${geometry.height}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const at = rows.find(r => r.kind === "tape");
    tape.hidden = !at;
    const px = value => `${value}px`;
    if (at) Object.assign(tape.style, { left: px(left), width: px(geometry.width), top: px(at.y), height: px(at.h) });
  }

  // how high the level is in the design: without the rail of h at its foot where only c is shown
  const designed = () => highOf(model, view?.story && !view.shown.has("h"));

  // a story's level takes the room that is left beside what stands below it
  function levelHigh() {
    const own = highOf(model), { story, shown, room } = view || {};
    if (!story || !(room > 0)) return own;
    if (wide < PHONE * size) return shown.panel("circuit") ? NARROW_LEVEL : 1.8 * NARROW_LEVEL;
    const only = !["circuit", "equation", "heat"].some(shown.panel);
    return Math.min(Math.max(room / size - below(shown), Math.min(own, LEAST_LEVEL)), only ? ALONE_LEVEL : MOST_LEVEL);
  }

  // how high in a story all is but the level
  function below(shown) {
    const is = shown.panel, equation = is("circuit") ? HIGH.equation : HIGH.explained;
    const parts = [
      HIGH.bar + HIGH.tape, shown.has("y") && model.y ? HIGH.outputs : 0, is("circuit") ? HIGH.circuit : 0,
        is("equation") || (view.picked && is("circuit")) ? equation : 0,
      ...["heat", "traces"].map(name => (is(name) ? HIGH[name] + HIGH.gap : 0)),
    ];
    return parts.reduce((sum, high) => sum + high, 0);
  }

  // a story's heat map takes the room at its foot
  function heatHigh(narrow) {
    const { story, shown, room } = view || {};
    if (!story || narrow || !(room > 0) || shown.panel("circuit") || shown.panel("equation")) return HIGH.heat;
    const level = shown.panel("stage") ? levelHigh() : 0;
    return Math.min(Math.max(HIGH.heat, room / size - below(shown) - level + HIGH.heat - HIGH.gap), MOST_LEVEL);
  }

  // heat maps as pictures, made once per model, theme and quantity
  function picture(level, ref) {
    const key = `${level.layer}.${level.direction}.${ref}.${view.backward}`;
    if (!pictures.has(key)) {
      const kind = view.backward ? "gradient" : isGate(model, ref) && place(model, ref).kind === "gate"
        ? place(model, ref).colour : "signed";
      pictures.set(key, { kind, ...valuesPicture(pen, model.T, model.H,
        (t, j) => valueAt(model, level, ref, t, j, view.backward), kind) });
    }
    return pictures.get(key);
  }

  // likewise what each step reads ("x") and gives out ("y"), features side by side in a row per step
  function sequence(name) {
    const key = `${name}.${view.backward}`;
    const made = () => {
      if (name === "x") return valuesPicture(pen, model.I, model.T, (k, t) => model.x(t, k), "signed");
      const value = (q, t) => (view.backward ? model.dy(t, q) : model.y(t, q));
      return valuesPicture(pen, model.Q, model.T, value, view.backward ? "gradient" : "signed");
    };
    if (!pictures.has(key)) pictures.set(key, made());
    return pictures.get(key);
  }

  // what step t hands back to each unit of the step before it, worked out once
  function handed(level, t) {
    const key = `${level.layer}.${level.direction}.${t}`;
    if (!sums.has(key)) sums.set(key, Float64Array.from({ length: model.H }, (_, j) => handedBack(model, level, t, j)));
    return sums.get(key);
  }

  // where the pass has been, in this level: a stretch of the axis, in steps
  function reach(direction, position) {
    const [first, last] = visible(model, { hideFrom: null, ...view });
    return (direction === 0) !== view.backward ? [first, Math.min(position, last) + 1]
      : [Math.max(position, first), last + 1];
  }

  const panel = {
    update(next, nextView) {
      const laidOut = next === model && view && LAYS_OUT.every(name => nextView[name] === view[name]);
      if (next !== model || !view) { model = next; pictures = new Map(); sums = new Map(); }
      view = { ...nextView, shown: nextView.shown || ALL, unit: nextView.hidden, item: nextView.unit };
      if (!pen) panel.recolour();
      if (!laidOut) measure();
      tape.setAttribute("aria-disabled", String(Boolean(view.locked)));
      tape.setAttribute("aria-valuemin", model.stepName(0));
      tape.setAttribute("aria-valuemax", model.steps);
      tape.setAttribute("aria-valuenow", model.stepName(view.t));
      const token = model.token(view.t);
      const reads = token === null ? "" : `, reads ${token}`;
      tape.setAttribute("aria-valuetext", `step ${model.stepName(view.t)} of ${model.steps}${reads}`);
      const values = `${view.backward ? "gradients" : "values"} of ${place(model, view.map).name}`;
      const drawn = `${model.cell.toUpperCase()} network over ${model.steps} steps`;
      canvas.setAttribute("aria-label", `${drawn}; ${values} up to step ${model.stepName(view.t)}`);
    },
    recolour() {
      const colours = palette(host);
      pen = makePen(context, colours, parseFloat(getComputedStyle(host).fontSize) / 16 || 1);
      pictures = new Map();
    },
    resize() { if (view) { if (pen) panel.recolour(); measure(); } },
    dragging: () => dragging,
    draw(position, folded, look = position) {
      if (!pen || !geometry || !(geometry.width > 0)) return; // not laid out yet
      shown = clamp(look, 0, model.T - 1);
      const { rows, left, width, height, focus, narrow } = geometry;
      context.clearRect(0, 0, wide, height);
      const looked = clamp(look, 0, model.T - 1), axis = columns(model.T, left, width, looked, focus);
      const edge = at => {
        const k = clamp(Math.floor(at), 0, model.T - 1);
        return axis.edges[k] + (axis.edges[k + 1] - axis.edges[k]) * (at - k);
      };
      const scene = { pen, model, view, axis, position, narrow, left, width, picture, sequence, handed,
        accent: view.backward ? pen.colours.backward : pen.colours.forward,
        travels: (view.direction === 0) !== view.backward ? 1 : -1,
        closing: Math.min(1, folded / 0.6), looping: Math.max(0, (folded - 0.6) / 0.4),
        middle: (edge(looked) + edge(looked + 1)) / 2, focusWide: edge(looked + 1) - edge(looked),
        front: (edge(position) + edge(position + 1)) / 2,
        // the stretch of pixels that the pass has reached
        reached: direction => reach(direction, position).map(edge),
        begun: (direction, t) => { const [a, b] = reach(direction, position); return t + 1 > a && t < b; },
        done: (direction, t) => { const [a, b] = reach(direction, position); return t + 0.5 > a && t + 0.5 < b; } };
      pen.box(scene.middle - scene.focusWide / 2, 0, scene.focusWide, height, 8, null, pen.soft);
      for (const row of rows) DRAW[row.kind](scene, row);
      if (view.backward) drawCuts(scene, height);
      drawPins(scene, rows, hand.all());
    },
  };
  const DRAW = { outputs: drawOutputs, level: drawLevel, rail: drawRail, tape: drawTape, heat: drawHeat,
    traces: drawTraces };

  const placeOf = event => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const axisNow = () => columns(model.T, geometry.left, geometry.width, shown, geometry.focus);

  // what lies under the pointer: a ref with its step, unit and level
  function under(x, y) {
    const row = geometry.rows.find(r => y >= r.y && y < r.y + r.h);
    if (!row) return null;
    const axis = axisNow(), t = axis.at(x), level = { layer: view.layer, direction: view.direction };
    if (row.kind === "outputs") return { ref: "y", t, unit: view.selected === "y" ? view.item : 0 };
    if (row.kind === "tape") return { ref: "x", t };
    if (row.kind === "rail") return { ref: "h", t, layer: row.layer, direction: row.direction };
    if (row.kind === "heat") return { ref: view.map, t, unit: heatUnitAt(row, model, view, size, y), ...level };
    if (row.kind === "traces") return { scrub: true, t };
    return { t, ...partsOf(model, row, size, axis, t, x, y, view), ...level };
  }
  let scrubbed = false; // the click that ends a drag is none
  canvas.onclick = event => {
    const hit = under(...placeOf(event));
    if (!hit || !hit.ref || scrubbed) return;
    const { ref, ...where } = hit;
    if (ref === "x") where.unit = 0;
    act.select(ref, where);
    act.done();
  };
  canvas.onpointermove = event => {
    const hit = under(...placeOf(event));
    canvas.style.cursor = heldBy(event) ? "ns-resize" : hit ? "pointer" : "";
    act.light(hit && hit.ref && event.pointerType === "mouse" ? hit.ref : null);
  };
  canvas.onpointerleave = () => act.light(null);

  // what a press there would hold: a valve, and of one unit alone the path; a finger scrolls the page instead
  function heldBy(event) {
    if (event.pointerType === "touch" || view.locked) return null;
    const [x, y] = placeOf(event), row = geometry.rows.find(r => r.kind === "level" && y >= r.y && y < r.y + r.h);
    const hit = row && under(x, y), on = row && heights(model, row);
    const valve = hit && isGate(model, hit.ref) && y >= on.gates && y <= on.gates + on.valve;
    const path = hit && hit.ref === model.spec.path && (view.alone || model.H === 1) && y < on.gates
      && !view.backward;
    if (!valve && !path) return null;
    const { layer, direction } = view, unit = Math.min(view.unit, model.H - 1);
    const target = holdable(model, hit.ref, { t: hit.t, unit, layer, direction });
    return target && { target, reach: valve ? on.valve : undefined };
  }
  canvas.addEventListener("pointerdown", event => {
    const found = heldBy(event);
    if (found) hand.press(event, found.target, found.reach);
  });
  canvas.addEventListener("dblclick", event => { const found = heldBy(event); if (found) hand.free(found.target); });

  // with columns that are wide enough a drag goes through the phases of the step under the pointer
  function scrubTo(event) {
    const axis = axisNow(), x = placeOf(event)[0], t = axis.at(x), onward = (view.direction === 0) !== view.backward;
    const share = clamp((x - axis.edges[t]) / axis.wide(t), 0, 1);
    const through = event.type === "pointermove" && geometry.width / model.T >= EVEN * size;
    act.scrub(t, !through ? 1 : onward ? share : 1 - share);
  }
  // while the pointer is down, where it went down on something that is wanted
  function scrubs(element, wanted) {
    element.onpointerdown = event => {
      scrubbed = !event.button && Boolean(wanted(event));
      if (!scrubbed) return;
      dragging = true;
      element.setPointerCapture(event.pointerId);
      tape.focus({ preventScroll: true });
      scrubTo(event);
      event.stopPropagation();
    };
    element.addEventListener("pointermove", event => { if (dragging) scrubTo(event); });
    element.addEventListener("pointerup", () => { if (dragging) { dragging = false; act.done(); } });
    element.addEventListener("pointercancel", () => { if (dragging) { dragging = false; act.done(); } });
  }
  scrubs(tape, () => true);
  scrubs(canvas, event => under(...placeOf(event))?.scrub);
  tape.ondblclick = () => act.select("x", { unit: 0 });
  return panel;
}
