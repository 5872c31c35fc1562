// Making and changing the elements of a drawing.

import { number } from "../core/numbers.js";
import { gradientCss, gradientWeight, signedCss } from "../core/colours.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";
export const NARROW = 520; // of a drawing: less than that, and it is laid out for a phone
export const DIGIT = 9.4; // the width of a digit, on the safe side
const LONGEST = 10;       // characters: beside a wire there is no room for more; the equation has them
const NEAR_0 = 5e-4;      // of one unit alone what is all but nothing is told as such, as on the stage

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
export const unset = (node, ...names) => { for (const name of names) if (node.hasAttribute(name))
  node.removeAttribute(name); };
export const sayText = (node, text) => { if (node.textContent !== text) node.textContent = text; };
export const mark = (node, name, on) => { if (node.classList.contains(name) !== on) node.classList.toggle(name, on); };
export const paintValue = (node, colour) => {
  if (node.shown === colour) return;
  node.shown = colour;
  node.style.setProperty("--value", colour);
};

export const marks = (ref, flow) => ({ ...(ref && { "data-ref": ref }), ...(flow && { "data-flow": flow }) });
export const svgGroup = (parent, kind, ref, flow) => svgNode("g", { class: kind, ...marks(ref, flow) }, parent);
export const pathOf = points => `M${points.map(point => point.join(" ")).join("L")}`;

export const rounded = (s, value) => s.view.alone && !s.backward && value !== 0 && Math.abs(value) < NEAR_0;
export const brief = value => { const text = number(value); return text.length > LONGEST ? number(value, 2) : text; };

export const flowCss = (s, value) => (s.backward ? gradientCss(value) : signedCss(value));
export const flowWeight = (s, value) => (s.backward ? gradientWeight(value) : Math.min(1, Math.abs(value)));

const span = ([x, y], [u, v]) => Math.hypot(u - x, v - y);
export const lengthOf = points => points.slice(1).reduce((sum, point, k) => sum + span(points[k], point), 0);

/** The point that lies at the share `r` of the way along `points`. */
export function pointAt(points, r) {
  let left = r * lengthOf(points);
  for (let k = 1; k < points.length; k++) {
    const long = span(points[k - 1], points[k]), part = long ? left / long : 0;
    if (part <= 1 || k === points.length - 1) return points[k - 1].map((from, n) => from + (points[k][n] - from)
      * Math.min(1, part));
    left -= long;
  }
  return points[0];
}
