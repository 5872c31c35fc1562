// What rides along a wire while a step is taken: a number on a plate, a word, or a whole vector. At rest there is none.
//
// A load says what rides: {value}, {value, hue} where a gate's openness does, {text, value}, or {vector: [...]};
// `before` is a word in front of the number, `from` the share of the leg after which it rides, `stops` that it does
// not arrive. The exact number is the rider's data-value, the wire's name its data-rides.

import { broken, cssMix } from "../core/colours.js";
import { number } from "../core/numbers.js";
import { brief, flowCss, NARROW, paintValue, sayText, setAttribute, svgNode } from "./svg.js";

const HIGH = 22, LETTER = 8.4, MARGIN = 12, CELL = 9, MOST_CELLS = 8, EDGE = 4;

const written = ({ value, text, before = "" }, narrow) => before + (text ?? (narrow ? number(value, 2) : brief(value)));
const coloured = (s, { value, hue, plain }) =>
  (plain || value === undefined || broken(value) ? "" : hue && !s.backward ? cssMix(hue, 15 + 55 * value) : flowCss(s,
    value));

/** One rider, in the drawing's overlay: `at(point, load, s)` puts it there, `gone()` takes it away. */
export function rider(drawing, name, kind = "") {
  let group = null, plate = null, told = null, cells = [], said = null, wide = 0;

  function make(load) {
    group?.remove();
    group = svgNode("g", { class: `rider ${kind}`, "data-rides": name }, drawing.overlay);
    plate = svgNode("rect", { y: -HIGH / 2, height: HIGH, rx: HIGH / 2 }, group);
    told = load.vector ? null : svgNode("text", { y: 5, class: "mid on-value" }, group);
    cells = (load.vector ?? []).slice(0, MOST_CELLS).map((_, k, all) =>
      svgNode("rect", { class: "cell", x: (k - all.length / 2) * CELL + 0.5, y: -CELL / 2, width: CELL - 1,
        height: CELL }, group));
    if (load.vector) place(cells.length * CELL + MARGIN);
  }
  const place = width => { wide = width; setAttribute(plate, "x", -wide / 2); setAttribute(plate, "width", wide); };

  function write(load, s) {
    if (!group || Boolean(load.vector) !== (told === null)) make(load);
    if (load.vector) cells.forEach((cell, k) => paintValue(cell, broken(load.vector[k]) ? "" : flowCss(s,
      load.vector[k])));
    else {
      const text = written(load, drawing.wide < NARROW);
      sayText(told, text);
      place(Math.max(HIGH, text.length * LETTER + MARGIN));
      paintValue(group, coloured(s, load));
    }
    if (load.value !== undefined) setAttribute(group, "data-value", load.value);
  }

  return {
    // stands: -1 left of the point, 1 right of it, 0 around it
    at([x, y, stands = 0], load, s) {
      const key = `${s.backward} ${load.value} ${load.text} ${load.before} ${load.vector}`;
      if (key !== said) { said = key; write(load, s); }
      if (!group.isConnected) drawing.overlay.append(group);
      const inside = Math.min(Math.max(x + (stands * wide) / 2, wide / 2 - EDGE), drawing.wide - wide / 2 + EDGE);
      setAttribute(group, "transform", `translate(${inside.toFixed(1)} ${y.toFixed(1)})`);
    },
    fade(opacity) { if (group) setAttribute(group, "opacity", opacity.toFixed(2)); },
    gone() { if (group?.isConnected) group.remove(); },
  };
}
