// What became of the difference, said beside the place where it is to be seen and over no line.

import { lerp } from "./shapes.js";
import { freeHeight, places } from "./free.js";

/** Where the words stand: beside the point if nothing goes through them there, else at the right. */
function standing(at, scale, { data, numbers, wide, size, lines, taken }) {
  const { top, bottom } = at.plot;
  const { gone } = data;
  const x = at.x(gone ?? at.days - 1);
  const near = gone === null ? scale.y(numbers.shares[at.days - 1]) - 12 : lerp(bottom, top, 0.5);
  const curves = [numbers.shares, numbers.bound, data.ghost || []].map(each => places(at, scale, each, data.changed));
  const levels = scale.lines.map(line => scale.y(line.share));
  const beside = gone === null ? [] : [x + 10, x - 10 - wide];
  const lefts = [...beside, at.right - wide].filter(left => left >= at.left && left + wide <= at.right + 1);
  const found = lefts.map((left, k) => {
    const words = { left, right: left + wide, size, lines, near, top, bottom };
    const { y, price } = freeHeight(words, curves, levels, taken);
    return { left, y, price: price + 40 * k };
  });
  const first = found[0] ?? { left: at.left, y: near, price: 0 };
  return found.reduce((best, one) => (one.price < best.price ? one : best), first);
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {any} at where the chart is
 * @param {import("./layout.js").View} view
 * @param {any} scale heights of shares
 * @param {number[]} taken heights at which other words stand
 * @param {any} scene see pasts.js
 */
export function drawVerdict(pen, at, view, scale, taken, { data, numbers, words, opacity, seen }) {
  if (seen < at.days || !words.verdict) return;
  const { gone } = data;
  const size = view.text;
  const less = Math.max(15, view.small);
  const note = gone === null || view.narrow ? "" : words.note || "";
  const wide = Math.max(pen.width(words.verdict, size), pen.width(note, less, 400));
  const { left, y } = standing(at, scale, { data, numbers, wide, size, lines: note ? 2 : 1, taken });
  const line = (key, height, text, style, size) =>
    pen.text("top", key, left, height, text, { style: `${style} still halo page`, size, opacity });
  line("verdict", y, words.verdict, "strong", size);
  line("verdict.note", y + size * 1.2, note, "muted", less);
  const x = at.x(gone ?? at.days - 1);
  const foot = (gone === null ? scale.y(numbers.shares[at.days - 1]) : at.plot.bottom) - 6;
  const beside = left > x || left + wide < x; // then the line runs along the words, else up to them
  const head = beside ? Math.min(y - size * 0.7, foot - 14) : y + size * (note ? 1.6 : 0.4);
  const d = `M${x} ${foot}V${head}`;
  if (foot - head > 13) pen.draw("over", "verdict.line", "path", { d, class: "pointer", opacity });
}
