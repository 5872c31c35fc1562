// What is left of each day in the last state: a band from each day, as wide as its share.

import { ease, part, rounded } from "./loop_shapes.js";

/** From the last day inwards: where each band meets the column, from below upwards. */
function stack(shares, total, base, gap) {
  let y = base;
  return [...shares]
    .reverse()
    .map(share => {
      const width = Math.max(1.5, share * total);
      const middle = y - width / 2;
      y -= width + gap;
      return { width, y: middle, top: y };
    })
    .reverse();
}

/**
 * @param {import("./loop_pen.js").Pen} pen
 * @param {import("./loop_layout.js").View} view
 * @param {any} scene data {shares, h, printed}, words, opacity (which also lets the bands grow)
 */
export function drawTakeaway(pen, view, { data, words, opacity }) {
  if (opacity <= 0.004) return;
  const { narrow, tape } = view;
  const n = data.shares.length;
  const last = n - 1;
  const total = Math.min(narrow ? 150 : 270, tape * 0.42);
  const most = Math.max(...data.shares);
  const width = Math.max(narrow ? 34 : 60, data.shares[last] * total);
  const left = view.slot(last) - width / 2;
  const gap = narrow ? 9 : 15;
  const base = tape - (narrow ? 46 : 104);
  const foot = narrow ? tape - 4 : tape - 34;
  const bands = stack(data.shares, total, base, gap);
  const top = bands[0].top;
  const seen = opacity * part(opacity, 0.6, 1);
  bands.forEach((band, i) => {
    const x = view.slot(i);
    const grown = ease(part(opacity, 0.15 + 0.05 * (last - i), 0.6 + 0.05 * (last - i)));
    const d =
      i === last
        ? `M${x} ${foot}V${base + 8}`
        : rounded(
            [
              [x, foot],
              [x, band.y],
              [left - 9, band.y],
            ],
            Math.min(band.width, 22) + 8,
          );
    pen.draw("back", `band${i}`, "path", {
      d,
      fill: "none",
      stroke: pen.tint("forward", 0.22 + 0.78 * (data.shares[i] / most)),
      "stroke-width": band.width,
      "stroke-linejoin": "round",
      pathLength: 1,
      "stroke-dasharray": `${grown.toFixed(3)} 2`,
      opacity,
    });
    if (!narrow)
      pen.text("over", `band${i}.words`, x, tape - 12, data.printed.shares[i], {
        style: "muted still",
        anchor: "middle",
        size: 15.5,
        opacity: seen,
      });
  });
  const high = (base - top) / data.h.length;
  data.h.forEach((value, j) =>
    pen.draw("cell", `last${j}`, "rect", {
      x: left,
      y: top + j * high + 1.5,
      width,
      height: high - 3,
      rx: 5,
      fill: pen.rgb(pen.shade(value)),
      class: "value-cell",
      opacity: seen,
    }),
  );
  pen.draw("over", "last.frame", "rect", {
    x: left - 6,
    y: top - 5,
    width: width + 12,
    height: base - top + 10,
    rx: 11,
    class: "frame",
    opacity: seen,
  });
  pen.symbol("over", "last.symbol", view.slot(last), top - 18, `h_${n}`, {
    term: "share",
    label: (words.terms || {}).share,
    anchor: "middle",
    opacity,
  });
  const text = { style: "muted still", anchor: "end", size: narrow ? view.small : 17, opacity };
  pen.text("over", "last.words", view.slot(last) - (narrow ? 20 : 26), top - 19, words.left || "", text);
}
