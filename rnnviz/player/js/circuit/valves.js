// Where an activation is taken: a gate as a valve, the Elman cell's curve, a gate's own curve beside it, and tanh of
// the cell state. While a step is taken the dot slides along the curve, and the valve opens as far as the dot is
// high.

import { ACTIVATIONS, tanhSlope } from "../core/activations.js";
import { broken, cssMix, signedCss } from "../core/colours.js";
import { place } from "../core/names.js";
import { number } from "../core/numbers.js";
import { doneOf } from "../core/phases.js";
import { rider } from "./riders.js";
import { curveIn } from "./slide.js";
import { brief, DIGIT, mark, paintValue, sayText, setAttribute, svgGroup, svgNode } from "./svg.js";

const GATE = { most: 5, low: 0, high: 1, name: "sigmoid" }, CANDIDATE = { most: 3, low: -1, high: 1, name: "tanh" };
const rangeOf = (model, ref) => (place(model, ref).kind === "gate" ? GATE : CANDIDATE);

/** What a circle's or a valve's texts stand on, so that the wire below does not strike them through. */
function plated(g, x, y, kind) {
  const plate = svgNode("rect", { y: y - 13, height: 17, rx: 4, class: "plate" }, g);
  const text = svgNode("text", { x, y, class: `mid ${kind}` }, g);
  return {
    text,
    lay(most) {
      const wide = text.textContent ? Math.min(most, text.textContent.length * DIGIT + 4) : 0;
      setAttribute(plate, "x", x - wide / 2);
      setAttribute(plate, "width", wide);
    },
    ahead(on) { mark(text, "ahead", on); mark(plate, "ahead", on); },
  };
}

// what a gradient is multiplied with on its way through an activation
const primed = (value, name) => ({ value, before: `× ${name}′ ` });
const slopeOf = (s, ref) => primed(s.level.slope(ref, s.t, s.j), place(s.model, ref).kind === "gate" ? "σ" : "tanh");

// a text as narrow as there is room, condensed if need be
function condense(text, wide, room) {
  if ((wide > room) === text.hasAttribute("textLength")) return;
  for (const [name, to] of [["textLength", room], ["lengthAdjust", "spacingAndGlyphs"]])
    if (wide > room) text.setAttribute(name, to); else text.removeAttribute(name);
}

export const valves = {
  // A gate: filled as far as it is open; a candidate, which has a sign, in the colour of its value. Below it stand
  // its value and what goes into it: the pre-activation, or the gradient that reaches that. drop: how much lower the
  // latter stands; room: as wide as its value may be, condensed if need be; reads: whether what goes in is shown.
  valve: ({ ref, x, y, width = 46, height = 50, drop = 0, room = Infinity, reads = true }) => parent => {
    const g = svgGroup(parent, "valve", ref), top = y - height / 2, left = x - width / 2,
      box = { x: left, y: top, width, height, rx: 6 };
    svgNode("rect", { ...box, class: "back" }, g);
    const fill = svgNode("rect", { class: "fill", x: left + 2, width: width - 4, rx: 4 }, g);
    const frame = svgNode("rect", { ...box, class: "frame ring" }, g);
    svgNode("path", { class: "cross", d: `M${left} ${top}l${width} ${height}m0 ${-height}l${-width} ${height}` }, g);
    const letter = svgNode("text", { x, y: y + 8, class: "mid symbol letter" }, g);
    const value = plated(g, x, top + height + 17, "hue"), into = plated(g, x, top + height + 35 + drop, "into");
    const pin = svgNode("path", { class: "pin",
      d: `M${left + width - 7} ${top - 9}a5 5 0 1 1 10 0l-2 1.5l1.5 7l-4.5 0l0 9l0 -9l-4.5 0l1.5 -7z` }, g);
    const slope = rider(parent, `slope_${ref}`, "factor");
    let curve = null, made = "";

    const stand = (s, v) => {
      const { kind, colour } = place(s.model, ref), open = Math.min(1, Math.max(0, v));
      paintValue(fill, kind === "gate" ? cssMix(colour, 18 + 40 * open) : signedCss(v));
      setAttribute(fill, "y", kind === "gate" ? (top + 2 + (height - 4) * (1 - open)).toFixed(2) : top + 2);
      setAttribute(fill, "height", kind === "gate" ? ((height - 4) * open).toFixed(2) : height - 4);
    };
    const write = s => {
      const { symbol, colour, dash } = place(s.model, ref), v = s.level.gate(ref, s.t, s.j), ok = !broken(v);
      const pinned = s.level.pinned(ref, s.t, s.j);
      if (g.hue !== colour) { g.hue = colour; g.style.setProperty("--hue", `var(--rnn-${colour})`); }
      setAttribute(g, "data-state", ok ? "" : "broken");
      setAttribute(frame, "stroke-dasharray", dash.join(" "));
      mark(pin, "off", !pinned);
      if (ok) stand(s, v); else { paintValue(fill, ""); setAttribute(fill, "height", 0); }
      sayText(letter, symbol);
      sayText(value.text, number(v));
      condense(value.text, number(v).length * DIGIT, room);
      sayText(into.text, !reads ? "" : s.backward ? brief(s.level.da(ref, s.t, s.j)) : pinned ? "clamped"
        : brief(s.level.a(ref, s.t, s.j)));
      value.lay(room);
      into.lay(Infinity);
      g.at = { a: s.level.a(ref, s.t, s.j), v };
    };
    const curveOf = s => {
      const range = rangeOf(s.model, ref);
      if (made !== range.name) {
        curve?.remove();
        curve = curveIn(g, { x, y, width: width - 8, height: height - 4 }, range);
        made = range.name;
      }
      return curve;
    };
    // before: as the step before left it
    const before = s => (s.before < 0 ? 0 : s.level.gate(ref, s.before, s.j));
    write.travel = (s, u) => {
      const r = doneOf(s.legs, `open_${ref}`, u), held = s.level.pinned(ref, s.t, s.j), { a, v } = g.at;
      const works = r > 0 && r < 1 && !held && !broken(a) && !broken(v);
      mark(g, "works", works);
      mark(g, "before", !s.backward && r <= 0 && !held);
      value.ahead(!s.backward && r < 1 && !held);
      into.ahead(!held && doneOf(s.legs, `a_${ref}`, u) < 1);
      if (!works) curve?.hide();
      if (works && s.backward) slope.at([x, top + height + 13], slopeOf(s, ref), s); else slope.gone();
      if (works && s.backward) curveOf(s).tangent(a, v, r);
      else if (works) stand(s, curveOf(s).slide(0, a, r));
      else if (!s.backward && r <= 0 && !held && !broken(v)) stand(s, before(s) || 0);
      else if (!broken(v)) stand(s, v);
    };
    return write;
  },

  // The curve of the activation, with a dot at (a, h): where the dot stands, the curve's slope is what the gradient is
  // multiplied with.
  curve: ({ ref, x, y, width, height }) => parent => {
    const g = svgGroup(parent, "curve", ref), most = 3;
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: 8 }, g);
    svgNode("path", { class: "axis",
      d: `M${x - width / 2 + 6} ${y}h${width - 12}M${x} ${y - height / 2 + 5}v${height - 10}` }, g);
    const slope = rider(parent, "slope_h", "factor");
    let curve = null, drawn = null;
    const write = s => {
      const { nonlinearity } = s.model, high = ACTIVATIONS[nonlinearity].bounded ? 1 : most;
      if (drawn !== nonlinearity) {
        drawn = nonlinearity;
        curve?.remove();
        curve = curveIn(g, { x, y, width: width - 16, height: height - 18 }, { most, low: -high, high,
          name: nonlinearity });
      }
      const a = s.level.a("h", s.t, s.j), h = s.level.h(s.t, s.j);
      setAttribute(g, "data-state", broken(a) || broken(h) ? "broken" : "");
      g.at = Number.isNaN(a) || Number.isNaN(h) ? null : { a, h };
      if (g.at) curve.still(a, h);
    };
    write.travel = (s, u) => {
      if (!g.at) return;
      const r = doneOf(s.legs, "squash", u), { a, h } = g.at;
      const works = r > 0 && r < 1 && !s.level.pinned("h", s.t, s.j);
      mark(g, "before", !s.backward && r <= 0);
      if (works && s.backward) slope.at([x, y + height / 2 + 16], primed(s.level.slope("h", s.t, s.j), "φ"), s);
        else slope.gone();
      if (works && s.backward) curve.tangent(a, h, r);
      else if (works) curve.slide(0, a, r);
      else curve.still(a, h);
    };
    return write;
  },

  // A gate's own curve, sigma or the candidate's tanh, with a dot at its sum; beyond the ends of the axis the dot
  // stays there.
  squeeze: ({ ref, x, y, width, height }) => parent => {
    const g = svgGroup(parent, "curve", ref), foot = y + height / 2 - 8, high = height - 16;
    svgNode("rect", { class: "ring", x: x - width / 2, y: y - height / 2, width, height, rx: 8 }, g);
    svgNode("path", { class: "axis", d: `M${x - width / 2 + 6} ${foot}h${width - 12}M${x} ${foot + 4}v${-high - 8}` },
      g);
    const name = svgNode("text", { x: x - width / 2 - 9, y: y + 6, class: "end symbol" }, g);
    let curve = null, drawn = null;
    const write = s => {
      const range = { ...rangeOf(s.model, ref), most: 6 }, a = s.level.a(ref, s.t, s.j);
      if (drawn !== range.name) {
        drawn = range.name;
        curve?.remove();
        curve = curveIn(g, { x, y, width: width - 18, height: high }, range);
      }
      sayText(name, range.name === "sigmoid" ? "σ" : "tanh");
      setAttribute(g, "data-state", broken(a) ? "broken" : "");
      g.at = broken(a) ? null : { a, out: ACTIVATIONS[range.name].of(a) };
      if (g.at) curve.still(a, g.at.out);
    };
    write.travel = (s, u) => {
      if (!g.at) return;
      const r = doneOf(s.legs, `open_${ref}`, u), { a, out } = g.at, works = r > 0 && r < 1;
      mark(g, "before", !s.backward && r <= 0);
      if (works && s.backward) curve.tangent(a, out, r);
      else if (works) curve.slide(0, a, r);
      else curve.still(a, out);
    };
    return write;
  },

  // tanh of the cell state: a pill with its name, and while it is taken, its curve above all else
  tanh: ({ ref, x, y, value, card: [cx, cy] = [x, y] }) => parent => {
    const g = svgGroup(parent, "node", ref), wide = 88, high = 60;
    svgNode("rect", { class: "ring", x: x - 22, y: y - 11, width: 44, height: 22, rx: 11 }, g);
    svgNode("text", { x, y: y + 5, class: "mid" }, g).textContent = "tanh";
    const slope = rider(parent, "slope_tanh", "factor");
    let card = null, curve = null;
    const make = () => {
      card = svgNode("g", { class: "curve card" });
      svgNode("rect", { class: "ring", x: cx - wide / 2, y: cy - high / 2, width: wide, height: high, rx: 8 }, card);
      svgNode("path", { class: "axis",
        d: `M${cx - wide / 2 + 6} ${cy}h${wide - 12}M${cx} ${cy - high / 2 + 5}v${high - 10}` }, card);
      curve = curveIn(card, { x: cx, y: cy, width: wide - 16, height: high - 18 }, { ...CANDIDATE });
    };
    const write = () => {};
    write.travel = (s, u) => {
      const r = doneOf(s.legs, "tanh", u), a = value(s);
      mark(g, "works", r > 0 && r < 1);
      if (!(r > 0 && r < 1) || broken(a)) { card?.remove(); slope.gone(); return; }
      if (!card) make();
      if (!card.isConnected) parent.overlay.append(card);
      if (s.backward) slope.at([cx, cy + high / 2 + 10], primed(tanhSlope(a), "tanh"), s);
      if (s.backward) curve.tangent(a, Math.tanh(a), r); else curve.slide(0, a, r);
    };
    return write;
  },
};
