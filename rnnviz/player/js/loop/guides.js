// Curves for comparing with the one that is seen: what theory allows, and how it was before.

import { lerp } from "./shapes.js";
import { freeHeight, places } from "./free.js";

/** A curve as far as the top of the chart, and whether it leaves it there: then it ends in an arrow. */
function upToTheTop(points, top) {
  const out = points.findIndex(([, y]) => y < top);
  if (out < 1) return { points, leaves: false };
  const [[x0, y0], [x1, y1]] = [points[out - 1], points[out]];
  return { points: [...points.slice(0, out), [lerp(x0, x1, (y0 - top) / (y0 - y1)), top]], leaves: true };
}

/** The head of an arrow at the end of a curve. */
function arrowHead(points) {
  const [[x0, y0], [x1, y1]] = points.slice(-2);
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const end = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const side = turn => end(x1 - 11 * Math.cos(angle + turn), y1 - 11 * Math.sin(angle + turn));
  return `M${side(0.5)}L${end(x1, y1)}L${side(-0.5)}`;
}

/** Curves for comparing, each with its name: what theory allows, and how it was before. */
export function drawGuides(pen, at, view, scale, { data, numbers, words, opacity }) {
  const guides = [
    ["bound", numbers.bound, words.bound],
    ["ghost", data.ghost, words.before],
  ].filter(([, shares, text]) => shares && text);
  const size = Math.max(15, view.small);
  const first = view.narrow ? keyHeight(pen, at, scale, guides, { data, numbers, size }) : at.plot.top - 18;
  guides.forEach(([name, shares, text], n) => {
    const { points, leaves } = upToTheTop(places(at, scale, shares, data.changed), at.plot.top);
    const d = `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
    pen.draw("back", `plot.${name}`, "path", { d, class: `guide-curve ${name}`, opacity });
    if (leaves) {
      pen.draw("back", `plot.${name}.leaves`, "path", { d: arrowHead(points), class: "guide-curve leaves", opacity });
    }
    const y = view.narrow ? first + size * 1.2 * n : first;
    const wide = pen.width(text, size, 400);
    const x = view.narrow ? at.right : at.right - (n ? pen.width(guides[0][2], size, 400) + 62 : 0);
    pen.text("over", `plot.${name}.name`, x, y, text, { style: "muted still", anchor: "end", size, opacity });
    pen.draw("over", `plot.${name}.key`, "path", {
      d: `M${x - wide - 34} ${y - 5}h26`,
      class: `guide-curve ${name}`,
      opacity,
    });
  });
  return view.narrow ? guides.map((_, n) => first + size * (1.2 * n - 0.4)) : [];
}

/** Where the names of the guides stand in the chart itself, which has no room above it. */
function keyHeight(pen, at, scale, guides, { data, numbers, size }) {
  const wide = 40 + Math.max(...guides.map(([, , text]) => pen.width(text, size, 400)));
  const { top, bottom } = at.plot;
  const curves = [...guides.map(([, shares]) => shares), numbers.shares];
  return freeHeight(
    { left: at.right - wide, right: at.right, size, lines: guides.length, near: top + size, top, bottom },
    curves.map(shares => places(at, scale, shares, data.changed)),
    scale.lines.map(line => scale.y(line.share)),
  ).y;
}
