// The other pieces that a circuit is made of: operations, weights, states, inputs, words. Each is made once,
// `piece(parent) -> update`, and `update(s)` writes what changed; `update.travel(s, u)` is called while a step is
// taken, with the share of it that is done, and with null when it is over. `s` is the moment that is shown: see
// circuit.js. A piece with `flow` carries the number s.flow[flow]; undefined: it carries a whole vector, or a number
// that the payload does not hold, and is drawn without one.

import { broken } from "../core/colours.js";
import { number } from "../core/numbers.js";
import { doneOf } from "../core/phases.js";
import { flowCss, mark, marks, paintValue, sayText, setAttribute, svgGroup, svgNode } from "./svg.js";
import { valves } from "./valves.js";
import { wires } from "./wires.js";

const ENTRY = 14;  // px, an entry of a vector, where there is room
const MOST_ENTRIES = 16;
const NODE = 14;         // the radius of an operation
const BUSY = 0.035;      // the share of a step around an operation in which it is at work

// an operation is at work where the leg of its result begins; backwards, where it ends
function works(g, { legs, backward }, u, name) {
  const leg = legs[name];
  mark(g, "works", u !== null && leg !== undefined && Math.abs(u - leg[backward ? 1 : 0]) < BUSY);
}

// what a gradient reaches waits for it
const waits = (name, update) => Object.assign(update, {
  travel: ({ legs, backward }, u) => update.waiting(backward && doneOf(legs, name, u) < 1),
});

const parts = {
  // An operation: a circle with its sign, or with more room a pill with a word
  // pale: what goes in there is not shown
  node: ({ ref, x, y, sign, width = 2 * NODE, height = 2 * NODE, pale }) => parent => {
    const g = svgGroup(parent, pale ? "node pale" : "node", ref);
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: height / 2 }, g);
    svgNode("text", { x, y: y + (sign.length === 1 ? 6 : 5), class: sign.length === 1 ? "mid sign" : "mid" },
      g).textContent = sign;
    const write = () => {};
    if (ref) write.travel = (s, u) => works(g, s, u, ref === "add" ? s.sum : ref === "reveal" ? "h" : ref);
    return write;
  },

  // A matrix that multiplies what comes in; no place to select
  // weight(s): the number that it is, where it is a single one, written at `told`: [x, y, anchor]
  // name: the leg that it makes of what comes in
  matrix: ({ x, y, letter, index, name, weight, told, width = 34, height = 26 }) => parent => {
    const g = svgGroup(parent, "matrix");
    svgNode("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 3 }, g);
    const text = svgNode("text", { x, y: y + 6, class: "mid symbol" }, g);
    svgNode("tspan", {}, text).textContent = letter;
    svgNode("tspan", { class: "index", dy: 3 }, text).textContent = index;
    const single = weight && svgNode("text", { x: told[0], y: told[1], class: `${told[2]} word` }, g);
    const write = s => {
      if (weight) sayText(single, `× ${String(Number(weight(s).toPrecision(3))).replace("-", "−")}`);
    };
    write.travel = (s, u) => works(g, s, u, name);
    return write;
  },

  // A state's symbol with its step, c_5, and in the backward pass the derivative by it. part: a word before it
  // there, where this is not all of the derivative.
  port: ({ ref, symbol, x, y, anchor = "start", at = s => s.t, part = _s => "", plain = _s => "" }) => parent => {
    const g = svgGroup(parent, "port", ref), text = svgNode("text", { x, y, class: anchor }, g);
    const word = svgNode("tspan", { class: "word" }, text), d = svgNode("tspan", { class: "symbol" }, text);
    const letter = svgNode("tspan", { class: "symbol" }, text),
      step = svgNode("tspan", { class: "index", dy: 4 }, text);
    return s => {
      const t = at(s), shown = t === null ? "" : symbol, before = t === null ? plain(s) : s.backward && part(s)
        ? `${part(s)} ` : "";
      setAttribute(g, "display", before || shown ? "inline" : "none"); // what is not drawn is no stop of the Tab key
      sayText(word, before);
      sayText(d, s.backward && shown ? "∂L/∂" : "");
      sayText(letter, shown);
      sayText(step, shown ? s.stepName(t) : "");
    };
  },

  // A vector, one coloured entry for each of at most MOST_ENTRIES numbers, beside or above one another, the chosen
  // one marked. first(s): the first entry that is drawn; count, value(s, k), chosen(s, k) are of the whole vector.
  // name: the leg that brings its gradients.
  vector: ({ ref, x, y, count, across, room = Infinity, value, name, chosen = (_s, _k) => false }) => parent => {
    const g = svgGroup(parent, "vector", ref), drawn = Math.min(count, MOST_ENTRIES),
      size = Math.min(ENTRY, room / drawn);
    const cells = Array.from({ length: drawn }, (_, m) => {
      const cell = svgNode("g", { class: "cell" }, g);
      const left = across ? x + m * size : x, top = across ? y : y - (drawn - m) * size;
      const rect = { x: left + 0.5, y: top + 0.5, width: (across ? size : ENTRY) - 1,
        height: (across ? ENTRY : size) - 1, rx: Math.min(2, size / 4) };
      const fill = svgNode("rect", rect, cell);
      svgNode("path", { class: "cross",
        d: `M${rect.x} ${rect.y}l${rect.width} ${rect.height}m0 ${-rect.height}l${-rect.width} ${rect.height}` },
        cell);
      svgNode("circle", { class: "zero", cx: rect.x + rect.width / 2, cy: rect.y + rect.height / 2,
        r: Math.min(2.5, size / 3) }, cell);
      const mark = across ? `M${left + size / 2} ${top - 7}l-4 -5h8z`
        : `M${left + ENTRY + 2} ${top + size / 2}l5 -4v8z`;
      svgNode("path", { class: "mark", d: mark }, cell);
      return { cell, fill };
    });
    // which entries there is room for: those around the chosen one
    const firstOf = s => (count <= drawn ? 0 : Math.min(count - drawn, Math.max(0, s.j - drawn / 2)));
    const write = s => {
      const first = across ? 0 : firstOf(s);
      cells.forEach(({ cell, fill }, m) => {
        const k = first + m, v = value(s, k), known = v !== undefined;
        cell.entry = k;
        setAttribute(cell, "data-state", !known ? "bare" : broken(v) ? "broken" : s.backward && v === 0 ? "nothing"
          : "");
        cell.classList.toggle("marked", chosen(s, k));
        cell.full = known ? String(v) : "";
        paintValue(fill, !known || broken(v) ? "" : flowCss(s, v));
      });
    };
    write.waiting = on => mark(g, "waits", on);
    return waits(name, write);
  },

  // A number or a token in a box; the token has no number of its own
  chip: ({ ref, x, y, width, entry, text, value, name }) => parent => {
    const g = svgGroup(parent, "chip cell", ref);
    g.entry = entry;
    const box = svgNode("rect", { x, y, width, height: 26, rx: 6 }, g);
    const told = svgNode("text", { x: x + width / 2, y: y + 18, class: "mid on-value" }, g);
    const write = s => {
      const v = value && value(s), known = v !== undefined, colour = !known || broken(v) ? "" : flowCss(s, v);
      paintValue(box, colour);
      paintValue(told, colour);
      setAttribute(g, "data-state", known && broken(v) ? "broken" : "");
      g.full = known ? String(v) : "";
      sayText(told, text ? text(s) : known ? number(v) : "");
    };
    write.waiting = on => mark(g, "waits", on);
    return waits(name, write);
  },

  // Plain words or a number beside the drawing
  label: ({ x, y, anchor = "start", text, kind = "word", flow }) => parent => {
    const told = svgNode("text", { x, y, class: `${anchor} ${kind}`, ...marks(undefined, flow) }, parent);
    const write = s => sayText(told, text(s));
    if (flow) write.travel = (s, u) => mark(told, "ahead", doneOf(s.legs, flow, u) < 1);
    return write;
  },

  // Which way things travel, at (x, y): forwards towards `to` degrees, backwards the other way
  arrow: ({ x, y, to = 0 }) => parent => {
    const head = svgGroup(parent, "arrow"), d = "M-3 -6L3 0L-3 6";
    svgNode("path", { class: "around", d }, head);
    svgNode("path", { d }, head);
    return s => setAttribute(head, "transform", `translate(${x} ${y}) rotate(${to + (s.backward ? 180 : 0)})`);
  },

};

export const piece = { ...wires, ...valves, ...parts };

const swapped = anchor => anchor.replace(/start|end/, one => (one === "start" ? "end" : "start"));
const flips = {
  points: (W, points) => points.map(([x, y]) => [W - x, y]),
  dots: (W, dots) => dots.map(([x, y]) => [W - x, y]),
  label: (W, label) => (Array.isArray(label) ? [W - label[0], label[1], swapped(label[2] ?? "mid")] : label),
  told: (W, told) => [W - told[0], told[1], swapped(told[2])],
  at: (W, at) => (typeof at === "function" ? at : [W - at[0], at[1]]),
  card: (W, [x, y]) => [W - x, y],
  from: (W, x) => W - x,
  to: (W, x) => W - x,
  anchor: (W, anchor) => swapped(anchor),
};

// how wide a piece is whose x is its left edge
const widthOf = (kind, { width, across, count, room = Infinity }) => {
  if (kind === "chip") return width;
  if (kind !== "vector") return 0;
  return across ? Math.min(count, MOST_ENTRIES) * Math.min(ENTRY, room / Math.min(count, MOST_ENTRIES)) : ENTRY;
};

/** The pieces as in a mirror, for the direction that reads from right to left: `W` is how wide the drawing is. */
export function mirrored(W) {
  const flip = (kind, given) => {
    const plain = kind === "port" || kind === "label" ? { anchor: "start", ...given } : given;
    const turned = Object.entries(plain).map(([name, value]) => {
      if (name === "x") return [name, W - value - widthOf(kind, given)];
      if (name === "to" && kind === "arrow") return [name, 180 - value];
      return [name, flips[name] && value !== undefined ? flips[name](W, value) : value];
    });
    return { ...(kind === "arrow" ? { to: 180 } : {}), ...Object.fromEntries(turned) };
  };
  return Object.fromEntries(Object.entries(piece).map(([kind, make]) => [kind, given => make(flip(kind, given))]));
}
