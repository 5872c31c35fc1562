// What carries numbers: wires, the wide band of a state, and lines for whole vectors. While a step is taken a wire
// fills as far as its number has come, forwards from its first point, backwards from its last; beyond, it is empty.

import { broken, cssMix } from "../core/colours.js";
import { number } from "../core/numbers.js";
import { doneOf, eased } from "../core/phases.js";
import { rider } from "./riders.js";
import {
  brief, DIGIT, flowCss, flowWeight, lengthOf, mark, marks, NARROW, paintValue, pathOf, pointAt, rounded, sayText,
    setAttribute,
  svgGroup, svgNode, unset,
} from "./svg.js";

const LEAST = 3;        // pixels of a band that carries anything
const FACTOR = { along: 40, above: 25, right: 14 }; // where a factor stands, beside the start of its leg
const MERGES = 0.03;    // the last of a leg, in which its rider has gone into what it reaches

// the stroke of `path`, drawn as far as the share r of its way
function drawTo(path, long, r, backward) {
  if (r >= 1) unset(path, "stroke-dasharray");
  else setAttribute(path, "stroke-dasharray", backward
    ? `0 ${(long * (1 - r)).toFixed(1)} ${(long * r).toFixed(1)} 1` : `${(long * r).toFixed(1)} ${long.toFixed(1)}`);
}

/**
 * What travels along `points` in the leg `name`: s, u -> the share that is done, with its rider where it should be.
 * @param load s -> the rider's load, or null
 * @param trim how much of the way's start and end, in pixels, the rider leaves out
 * @param side of the way's start on which the factor stands: 1 below or right of it, -1 above or left
 */
export function along(drawing, points, name, load, { trim: [before, after] = [0, 0], side = 1 } = {}) {
  const rides = rider(drawing, name), factor = rider(drawing, `${name} factor`, "factor"), long = lengthOf(points) || 1;
  return (s, u) => {
    const r = doneOf(s.legs, name, u), way = q => pointAt(points, s.backward ? 1 - q : q);
    const loaded = r > 0 && r < 1 - MERGES ? load(s) : null;
    const carried = loaded && r >= (loaded.from ?? 0) ? loaded : null;
    const [cut, end] = s.backward ? [after, before] : [before, after];
    if (carried) rides.at(way((cut + eased(r) * (long - cut - end)) / long), carried, s); else rides.gone();
    if (carried) rides.fade(carried.stops ? 1 - r ** 3 : 1);
    const by = r > 0 && r < 0.7 ? s.factors?.[name] : null;
    if (by && !(by.minor && drawing.wide < NARROW)) factor.at(beside(way(0), way(0.01), side), by, s);
    else factor.gone();
    return r;
  };
}

/**
 * A place beside the start of a way: [x, y, how the plate stands to x].
 * @returns {[number, number, number]}
 */
function beside([x, y], [u, v], side) {
  return Math.abs(u - x) > Math.abs(v - y) ? [x + Math.sign(u - x) * FACTOR.along, y + side * FACTOR.above, 0]
    : [x + side * FACTOR.right, y + Math.sign(v - y) * 20, side];
}

const loadOf = (flow, name, hue) => s =>
  (name in s.loads ? s.loads[name] : s.flow[flow] === undefined ? null : { value: s.flow[flow], hue });

export const wires = {
  // A line through `points`. name: its leg, where that is not its flow; hue: the colour of the gate whose openness
  // it carries; label: [x, y, anchor] of its number; quiet: no number in the forward pass, where it stands
  // elsewhere; hushed: none in the backward pass; bridge: it crosses others without touching them; trim, side: see
  // `along`.
  wire: ({ flow, name = flow, ref, points, hue, label, bridge, quiet, hushed, trim, side }) => parent => {
    const g = svgGroup(parent, "wire", ref, flow), d = pathOf(points), long = lengthOf(points);
    if (bridge) svgNode("path", { class: "bridge", d }, g);
    svgNode("path", { class: "casing", d }, g);
    const core = svgNode("path", { class: "core", d }, g);
    const told = label && svgNode("text", { x: label[0], y: label[1], class: `number ${label[2] || "mid"}`,
      ...marks(ref, flow) }, g);
    const travels = along(parent, points, name, loadOf(flow, name, hue), { trim, side });
    const write = s => {
      const value = s.flow[flow], known = value !== undefined;
      setAttribute(g, "data-state", !known ? "bare" : broken(value) ? "broken" : "");
      paintValue(core, !known || broken(value) ? "" : hue && !s.backward ? cssMix(hue, 15 + 70 * value)
        : flowCss(s, value));
      setAttribute(core, "stroke-width", !known ? 1.5 : broken(value) ? 6.5
        : (2.5 + 4 * flowWeight(s, value)).toFixed(1));
      if (told) sayText(told, !known || (s.backward ? hushed : quiet) ? ""
        : rounded(s, value) ? "≈0" : brief(value));
      g.full = known ? String(value) : "";
    };
    write.travel = (s, u) => {
      const r = travels(s, u);
      mark(core, "ahead", r <= 0);
      if (told) mark(told, "ahead", r < 1);
      drawTo(core, long, eased(r), s.backward);
    };
    return write;
  },

  // A wide stretch of the path of c (or of the GRU's h), as wide as its value is large, with its number on a plate;
  // inset: what nodes and arrows cover of its ends
  band: ({ flow, ref, from, to, y, height = 32, quiet, inset: [before, after] = [0, 0] }) => parent => {
    const g = svgGroup(parent, "band", ref, flow), top = y - height / 2, left = Math.min(from, to),
      long = Math.abs(to - from);
    const way = from < to ? 1 : -1, middle = (from + way * before + to - way * after) / 2;
    svgNode("rect", { class: "casing", x: left, y: top - 3, width: long, height: height + 6 }, g);
    const fill = svgNode("rect", { class: "fill" }, g);
    svgNode("path", { class: "cross",
      d: `M${left} ${top}l${long} ${height}M${left} ${top + height}l${long} ${-height}` }, g);
    const plate = svgNode("rect", { class: "plate", y: y - 11, height: 22, rx: 11 }, g);
    const told = svgNode("text", { x: middle, y: y + 5, class: "mid strong" }, g);
    const travels = along(parent, [[from, y], [to, y]], flow, loadOf(flow, flow));
    const write = s => {
      const value = s.flow[flow], known = value !== undefined, whole = known && !broken(value);
      setAttribute(g, "data-state", known && broken(value) ? "broken" : "");
      paintValue(fill, whole ? flowCss(s, value) : "");
      const high = !whole ? height : value === 0 ? 0 : Math.max(LEAST, height * pathWeight(s, value));
      setAttribute(fill, "y", (y - high / 2).toFixed(1));
      setAttribute(fill, "height", high.toFixed(1));
      const written = !known || (!s.backward && quiet) ? "" : rounded(s, value) ? "≈0" : number(value);
      const fits = written.length * DIGIT <= long - after - before, wide = fits && written ? written.length * 8.6 + 12
        : 0;
      sayText(told, fits ? written : "");
      setAttribute(plate, "x", middle - wide / 2);
      setAttribute(plate, "width", wide);
      g.full = known ? String(value) : "";
    };
    write.travel = (s, u) => {
      const r = travels(s, u), done = long * eased(r), starts = s.backward === (way > 0) ? left + long - done : left;
      for (const one of [told, plate]) mark(one, "ahead", r < 1);
      setAttribute(fill, "x", starts.toFixed(1));
      setAttribute(fill, "width", done.toFixed(1));
    };
    return write;
  },

  // Lines that carry whole vectors past the gates, with a dot where a gate takes from them
  bus: ({ points, dots = [], flow, name = flow }) => parent => {
    const g = svgGroup(parent, "bus", undefined, flow), d = points.length ? pathOf(points) : "",
      long = lengthOf(points);
    svgNode("path", { class: "casing", d }, g);
    const core = svgNode("path", { class: "core", d }, g);
    for (const [cx, cy] of dots) svgNode("circle", { cx, cy, r: 3.5 }, g);
    const travels = name && along(parent, points, name, loadOf(flow, name));
    const write = s => { g.full = s.flow[flow] === undefined ? "" : String(s.flow[flow]); };
    if (travels) write.travel = (s, u) => {
      const r = travels(s, u);
      mark(core, "ahead", r <= 0);
      drawTo(core, long, eased(r), s.backward);
    };
    return write;
  },

  // Where the backward pass was cut: a wall across the way of a state. name: the leg that runs against it; when: s
  // -> boolean
  wall: ({ x, y, height = 44, name, when }) => parent => {
    const g = svgGroup(parent, "wall"), top = y - height / 2;
    svgNode("path", { d: `M${x - 3} ${top}v${height}M${x + 3} ${top}v${height}` }, g);
    let there = false;
    const write = s => { there = s.backward && when(s); mark(g, "off", !there); };
    write.travel = (s, u) => mark(g, "works", there && u !== null && doneOf(s.legs, name, u) > 0.6 && doneOf(s.legs,
      name, u) < 1);
    return write;
  },

  // What only travels, and leaves no wire: a term on its way into a sum
  term: ({ name, points }) => parent => {
    const travels = along(parent, points, name, s => s.loads[name] ?? null);
    const write = () => {};
    write.travel = (s, u) => { travels(s, u); };
    return write;
  },

  // The way of a state round to the next step, outside the cell
  loop: ({ points, label, at, name }) => parent => {
    svgNode("path", { class: "loop", d: pathOf(points) }, parent);
    svgNode("text", { x: at[0], y: at[1], class: "mid word" }, parent).textContent = label;
    const travels = along(parent, points, name, s => s.loads[name] ?? null), write = () => {};
    write.travel = (s, u) => { if (!s.backward) travels(s, u); };
    return write;
  },
};

/** How much of a band's width a value takes: with its root, so that small ones are seen. */
const pathWeight = (s, value) => (s.backward ? flowWeight(s, value) : Math.sqrt(Math.min(1, Math.abs(value))));
