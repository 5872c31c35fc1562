// The curve of an activation and the dot that slides along it: forwards from nothing to the sum, where its height is
// what comes out; backwards the dot stands, and the tangent there is the slope that the gradient is multiplied with.

import { ACTIVATIONS } from "../core/activations.js";
import { eased } from "../core/phases.js";
import { mark, pathOf, setAttribute, svgNode, unset } from "./svg.js";

const POINTS = 61, TANGENT = 15; // TANGENT: half of its length, in pixels

/**
 * A curve in the box around (x, y).
 * It is that of the activation `name`, from -most to most; low and high are the values at the box's foot and head.
 */
export function curveIn(g, { x, y, width, height }, { most, low, high, name }) {
  const phi = ACTIVATIONS[name], held = (value, edge) => Math.min(edge[1], Math.max(edge[0], value));
  const across = a => x + (held(a, [-most, most]) / most) * (width / 2);
  const up = value => y + height / 2 - ((held(value, [low, high]) - low) / (high - low)) * height;
  const samples = Array.from({ length: POINTS }, (_, k) => ((2 * k) / (POINTS - 1) - 1) * most);
  const graph = svgNode("path", { class: "graph",
    d: pathOf(samples.map(a => [across(a).toFixed(1), up(phi.of(a)).toFixed(1)])) }, g);
  const guide = svgNode("path", { class: "guide" }, g), slope = svgNode("path", { class: "tangent" }, g);
  const dot = svgNode("circle", { class: "dot", r: 4.5 }, g);
  const put = (a, out) => {
    setAttribute(dot, "cx", across(a).toFixed(1));
    setAttribute(dot, "cy", up(out).toFixed(1));
  };
  const show = (...on) => [graph, guide, slope, dot].forEach((one, k) => mark(one, "off", !on[k]));
  return {
    across, up,
    // the dot rests at (a, out)
    still(a, out, graphs = true) { put(a, out); unset(guide, "d"); unset(slope, "d"); show(graphs, false, false, true);
      },
    // the share r of the way from `from` to a; -> the value at which the dot is
    slide(from, a, r) {
      const now = from + (held(a, [-most, most]) - from) * eased(r), value = phi.of(now);
      put(now, value);
      setAttribute(guide, "d", pathOf([[across(now), up(held(0, [low, high]))], [across(now), up(value)],
        [x + width / 2, up(value)]]));
      show(true, true, false, true);
      return value;
    },
    // the slope at a, where the dot is; r: how much of the tangent is drawn
    tangent(a, out, r) {
      put(a, out);
      const steep = phi.slope(held(a, [-most, most])) * (height / (high - low)), rise = -steep / (width / 2 / most);
      const long = TANGENT * eased(Math.min(1, 2 * r)) / Math.hypot(1, rise), [cx, cy] = [across(a), up(out)];
      setAttribute(slope, "d", pathOf([[cx - long, cy - long * rise], [cx + long, cy + long * rise]].map(p =>
        p.map(v => v.toFixed(1)))));
      show(true, false, true, true);
    },
    hide() { show(false, false, false, false); },
    remove() { for (const one of [graph, guide, slope, dot]) one.remove(); },
  };
}
