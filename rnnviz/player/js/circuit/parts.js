// The pieces that a circuit is made of. Each is made once, `piece(parent) -> update`, and `update(s)` writes what changed.
// `s` is the moment that is shown: see circuit.js. A piece with `flow` carries the number s.flow[flow]; undefined: it carries
// a whole vector, or a number that the payload does not hold, and is drawn without one.

import { ACTIVATIONS } from "../core/activations.js";
import { place } from "../core/names.js";
import { number } from "../core/numbers.js";
import { broken, cssMix, gradientCss, gradientWeight, signedCss } from "../core/colours.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";
const ENTRY = 14;  // px, an entry of a vector, where there is room
const MOST_ENTRIES = 16;
const NODE = 14;         // the radius of an operation
const DIGIT = 9.4;       // the width of a digit, on the safe side

export function svgNode(name, attributes, parent) {
  const node = document.createElementNS(SVG_NAMES, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.append(node);
  return node;
}
// Written only when it changed: what is the same costs no repaint and keeps the focus.
export const setAttribute = (node, name, value) => {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
};
const sayText = (node, text) => { if (node.textContent !== text) node.textContent = text; };
// beside a wire there is no room for the digits of very small and very large numbers; the equation has them
// of one unit alone what is all but nothing is told as such, as on the stage
const NEAR_0 = 5e-4;
const rounded = (s, value) => s.view.alone && !s.backward && value !== 0 && Math.abs(value) < NEAR_0;
const brief = value => { const text = number(value); return text.length > 10 ? number(value, 2) : text; };
const paintValue = (node, colour) => {
  if (node.shown === colour) return;
  node.shown = colour;
  node.style.setProperty("--value", colour);
};

const marks = (ref, flow) => ({ ...(ref && { "data-ref": ref }), ...(flow && { "data-flow": flow }) });
const svgGroup = (parent, kind, ref, flow) => svgNode("g", { class: kind, ...marks(ref, flow) }, parent);
const pathOf = points => `M${points.map(point => point.join(" ")).join("L")}`;

const flowCss = (s, value) => (s.backward ? gradientCss(value) : signedCss(value));
const flowWeight = (s, value) => (s.backward ? gradientWeight(value) : Math.min(1, Math.abs(value)));

export const piece = {
  // A line through `points`. hue: the colour of the gate whose openness it carries; label: [x, y, anchor] of its number;
  // quiet: no number in the forward pass, where it stands elsewhere; hushed: none in the backward pass; bridge: it crosses others without touching them.
  wire: ({ flow, ref, points, hue, label, bridge, quiet, hushed }) => parent => {
    const g = svgGroup(parent, "wire", ref, flow), d = pathOf(points);
    if (bridge) svgNode("path", { class: "bridge", d }, g);
    svgNode("path", { class: "casing", d }, g);
    const core = svgNode("path", { class: "core", d }, g);
    const told = label && svgNode("text", { x: label[0], y: label[1], class: `number ${label[2] || "mid"}`,
      ...marks(ref, flow) }, g);
    return s => {
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
  },

  // A wide stretch of the path of c (or of the GRU's h), its number inside where it fits; inset: what nodes and arrows cover of its ends
  band: ({ flow, ref, from, to, y, height = 32, quiet, inset: [before, after] = [0, 0] }) => parent => {
    const g = svgGroup(parent, "band", ref, flow), top = y - height / 2;
    svgNode("rect", { class: "casing", x: from, y: top - 3, width: to - from, height: height + 6 }, g);
    const fill = svgNode("rect", { class: "fill", x: from, y: top, width: to - from, height }, g);
    svgNode("path", { class: "cross",
      d: `M${from} ${top}L${to} ${top + height}M${from} ${top + height}L${to} ${top}` }, g);
    const told = svgNode("text", { x: (from + before + to - after) / 2, y: y + 5, class: "mid on-value" }, g);
    return s => {
      const value = s.flow[flow], known = value !== undefined, colour = !known || broken(value) ? ""
        : flowCss(s, value);
      setAttribute(g, "data-state", known && broken(value) ? "broken" : "");
      paintValue(fill, colour);
      paintValue(told, colour);
      const written = !known || (!s.backward && quiet) ? "" : rounded(s, value) ? "≈0" : number(value);
      sayText(told, written.length * DIGIT > to - after - from - before ? "" : written);
      g.full = known ? String(value) : "";
    };
  },

  // A gate: filled as far as it is open; a candidate, which has a sign, in the colour of its value. Below it stand its value and
  // what goes into it: the pre-activation, or the gradient that reaches that. drop: how much lower the latter stands; room: as wide
  // as its value may be, condensed if need be; reads: whether what goes in is shown.
  valve: ({ ref, x, y, width = 46, height = 50, drop = 0, room = Infinity, reads = true }) => parent => {
    const g = svgGroup(parent, "valve", ref), top = y - height / 2, left = x - width / 2,
      box = { x: left, y: top, width, height, rx: 6 };
    svgNode("rect", { ...box, class: "back" }, g);
    const fill = svgNode("rect", { class: "fill", x: left + 2, width: width - 4, rx: 4 }, g);
    const frame = svgNode("rect", { ...box, class: "frame ring" }, g);
    svgNode("path", { class: "cross", d: `M${left} ${top}l${width} ${height}m0 ${-height}l${-width} ${height}` }, g);
    const letter = svgNode("text", { x, y: y + 8, class: "mid symbol letter" }, g);
    const below = (y, kind) => [svgNode("rect", { y: y - 13, height: 17, rx: 4, class: "plate" }, g),
      svgNode("text", { x, y, class: `mid ${kind}` }, g)];
    const [plate, value] = below(top + height + 17, "hue"), [plateInto, into] = below(top + height + 35 + drop, "into");
    // behind each number, so that the wire below the valve does not strike it through
    const lay = (rect, text, most) => {
      const wide = text ? Math.min(most, text.length * DIGIT + 4) : 0;
      setAttribute(rect, "x", x - wide / 2);
      setAttribute(rect, "width", wide);
    };
    return s => {
      const { symbol, kind, colour, dash } = place(s.model, ref), v = s.level.gate(ref, s.t, s.j), ok = !broken(v);
      const pinned = s.level.pinned(ref, s.t, s.j), open = ok ? Math.min(1, Math.max(0, v)) : 0;
      if (g.hue !== colour) { g.hue = colour; g.style.setProperty("--hue", `var(--rnn-${colour})`); }
      setAttribute(g, "data-state", ok ? "" : "broken");
      setAttribute(frame, "stroke-dasharray", dash.join(" "));
      paintValue(fill, !ok ? "" : kind === "gate" ? cssMix(colour, 18 + 40 * open) : signedCss(v));
      setAttribute(fill, "y", kind === "gate" ? top + 2 + (height - 4) * (1 - open) : top + 2);
      setAttribute(fill, "height", !ok ? 0 : kind === "gate" ? (height - 4) * open : height - 4);
      sayText(letter, symbol);
      sayText(value, number(v));
      const wide = number(v).length * DIGIT > room;
      if (wide !== value.hasAttribute("textLength")) for (const [name, to] of [["textLength", room], ["lengthAdjust", "spacingAndGlyphs"]]) wide ? value.setAttribute(name, to) : value.removeAttribute(name);
      sayText(into, !reads ? "" : s.backward ? brief(s.level.da(ref, s.t, s.j)) : pinned ? "clamped"
        : brief(s.level.a(ref, s.t, s.j)));
      lay(plate, value.textContent, room);
      lay(plateInto, into.textContent, Infinity);
    };
  },

  // An operation: a circle with its sign, or with more room a pill with a word
  // pale: what goes in there is not shown
  node: ({ ref, x, y, sign, width = 2 * NODE, height = 2 * NODE, pale }) => parent => {
    const g = svgGroup(parent, pale ? "node pale" : "node", ref);
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: height / 2 }, g);
    svgNode("text", { x, y: y + (sign.length === 1 ? 6 : 5), class: sign.length === 1 ? "mid sign" : "mid" },
      g).textContent = sign;
    return () => {};
  },

  // A matrix that multiplies what comes in; no place to select
  // weight(s): the number that it is, where it is a single one, written at `told`: [x, y, anchor]
  matrix: ({ x, y, letter, index, weight, told, width = 34, height = 26 }) => parent => {
    const g = svgGroup(parent, "matrix");
    svgNode("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 3 }, g);
    const text = svgNode("text", { x, y: y + 6, class: "mid symbol" }, g);
    svgNode("tspan", {}, text).textContent = letter;
    svgNode("tspan", { class: "index", dy: 3 }, text).textContent = index;
    if (!weight) return () => {};
    const single = svgNode("text", { x: told[0], y: told[1], class: `${told[2]} word` }, g);
    return s => sayText(single, `× ${String(Number(weight(s).toPrecision(3))).replace("-", "−")}`);
  },

  // The curve of the activation, with a dot at (a, h): where the dot stands, the curve's slope is what the gradient is
  // multiplied with.
  curve: ({ ref, x, y, width, height }) => parent => {
    const g = svgGroup(parent, "curve", ref), most = 3;
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: 8 }, g);
    svgNode("path", { class: "axis",
      d: `M${x - width / 2 + 6} ${y}h${width - 12}M${x} ${y - height / 2 + 5}v${height - 10}` }, g);
    const graph = svgNode("path", { class: "graph" }, g), dot = svgNode("circle", { class: "dot", r: 4.5 }, g);
    const across = a => x + (Math.min(most, Math.max(-most, a)) / most) * (width / 2 - 8);
    let drawn = null;
    return s => {
      const phi = ACTIVATIONS[s.model.nonlinearity], high = phi.bounded ? 1 : most;
      const up = h => y - (Math.min(high, Math.max(-high, h)) / high) * (height / 2 - 9);
      if (drawn !== s.model.nonlinearity) {
        drawn = s.model.nonlinearity;
        setAttribute(graph, "d",
          pathOf(Array.from({ length: 61 }, (_, k) => (k / 30 - 1) * most).map(a => [across(a).toFixed(1),
          up(phi.of(a)).toFixed(1)])));
      }
      const a = s.level.a("h", s.t, s.j), h = s.level.h(s.t, s.j);
      setAttribute(g, "data-state", broken(a) || broken(h) ? "broken" : "");
      if (Number.isNaN(a) || Number.isNaN(h)) return;
      setAttribute(dot, "cx", across(a).toFixed(1));
      setAttribute(dot, "cy", up(h).toFixed(1));
    };
  },

  // A gate's own curve, sigma or the candidate's tanh, with a dot at its sum; beyond the ends of the axis the dot stays there.
  squeeze: ({ ref, x, y, width, height }) => parent => {
    const g = svgGroup(parent, "curve", ref), most = 6, foot = y + height / 2 - 8, high = height - 16;
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: 8 }, g);
    svgNode("path", { class: "axis", d: `M${x - width / 2 + 6} ${foot}h${width - 12}M${x} ${foot + 4}v${-high - 8}` }, g);
    const graph = svgNode("path", { class: "graph" }, g), dot = svgNode("circle", { class: "dot", r: 4.5 }, g);
    const name = svgNode("text", { x: x - width / 2 - 9, y: y + 6, class: "end symbol" }, g);
    const across = a => x + (Math.min(most, Math.max(-most, a)) / most) * (width / 2 - 9);
    return s => {
      const gate = place(s.model, ref).kind === "gate", phi = ACTIVATIONS[gate ? "sigmoid" : "tanh"];
      const up = value => foot - high * (gate ? value : (value + 1) / 2), a = s.level.a(ref, s.t, s.j);
      sayText(name, gate ? "σ" : "tanh");
      setAttribute(graph, "d", pathOf(Array.from({ length: 49 }, (_, k) => (k / 24 - 1) * most)
        .map(a => [across(a).toFixed(1), up(phi.of(a)).toFixed(1)])));
      setAttribute(g, "data-state", broken(a) ? "broken" : "");
      if (broken(a)) return;
      setAttribute(dot, "cx", across(a).toFixed(1));
      setAttribute(dot, "cy", up(phi.of(a)).toFixed(1));
    };
  },

  // A state's symbol with its step, c_5, and in the backward pass the derivative by it. part: a word before it there, where
  // this is not all of the derivative.
  port: ({ ref, symbol, x, y, anchor = "start", at = s => s.t, part = () => "", plain = () => "" }) => parent => {
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

  // A vector, one coloured entry for each of at most MOST_ENTRIES numbers, beside or above one another, the chosen one marked.
  // first(s): the first entry that is drawn; count, value(s, k), chosen(s, k) are of the whole vector.
  vector: ({ ref, x, y, count, across, room = Infinity, value, chosen = () => false }) => parent => {
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
    return s => {
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
  },

  // A number or a token in a box; the token has no number of its own
  chip: ({ ref, x, y, width, entry, text, value }) => parent => {
    const g = svgGroup(parent, "chip cell", ref);
    g.entry = entry;
    const box = svgNode("rect", { x, y, width, height: 26, rx: 6 }, g);
    const told = svgNode("text", { x: x + width / 2, y: y + 18, class: "mid on-value" }, g);
    return s => {
      const v = value && value(s), known = v !== undefined, colour = !known || broken(v) ? "" : flowCss(s, v);
      paintValue(box, colour);
      paintValue(told, colour);
      setAttribute(g, "data-state", known && broken(v) ? "broken" : "");
      g.full = known ? String(v) : "";
      sayText(told, text ? text(s) : known ? number(v) : "");
    };
  },

  // Plain words or a number beside the drawing
  label: ({ x, y, anchor = "start", text, kind = "word", flow }) => parent => {
    const told = svgNode("text", { x, y, class: `${anchor} ${kind}`, ...marks(undefined, flow) }, parent);
    return s => sayText(told, text(s));
  },

  // Which way things travel, at (x, y): forwards towards `to` degrees, backwards the other way
  arrow: ({ x, y, to = 0 }) => parent => {
    const head = svgGroup(parent, "arrow"), d = "M-3 -6L3 0L-3 6";
    svgNode("path", { class: "around", d }, head);
    svgNode("path", { d }, head);
    return s => setAttribute(head, "transform", `translate(${x} ${y}) rotate(${to + (s.backward ? 180 : 0)})`);
  },

  // Lines that carry whole vectors past the gates, with a dot where a gate takes from them
  bus: ({ points, dots = [], flow }) => parent => {
    const g = svgGroup(parent, "bus", undefined, flow), d = points.length ? pathOf(points) : "";
    svgNode("path", { class: "casing", d }, g);
    svgNode("path", { class: "core", d }, g);
    for (const [cx, cy] of dots) svgNode("circle", { cx, cy, r: 3.5 }, g);
    return s => { g.full = s.flow[flow] === undefined ? "" : String(s.flow[flow]); };
  },

  // The way of a state round to the next step, outside the cell
  loop: ({ points, label, at }) => parent => {
    svgNode("path", { class: "loop", d: pathOf(points) }, parent);
    svgNode("text", { x: at[0], y: at[1], class: "mid word" }, parent).textContent = label;
    return () => {};
  },
};
