// Two states that had the same input, pulled out of their days and laid side by side, with how far apart they are.

import { ease, lerp, part } from "./shapes.js";
import { unitName } from "./units.js";
import { textOn } from "../core/colours.js";

/** Where the two columns and the differences come to stand. */
function places(view) {
  const width = view.narrow ? 88 : 140;
  const middle = view.left + view.base / 2;
  return {
    width,
    xs: [middle - width * 1.35, middle - width * 0.15],
    bars: middle + width * (view.narrow ? 0.62 : 0.85),
  };
}

const above = (view, at) => at.y(0) - at.height / 2 - (view.narrow ? 9 : 14);

function drawState(pen, view, at, scene, n) {
  const { data, words, marked, together } = scene;
  const i = marked[n];
  const e = ease(together);
  const { width, xs } = places(view);
  const x = lerp(view.slot(i), xs[n], e);
  const wide = lerp(at.width, width, e);
  const high = lerp(at.height, Math.min(44, at.height + 2), e);
  const seen = part(together, 0.5, 0.9) * at.opacity;
  const name = view.narrow ? data.labels[i] : `${data.labels[i]}, ${data.tokens[i]}`;
  const size = view.text;
  const before = size * 1.75; // the state's symbol stands before the day's name
  const from = x - (pen.width(name, size) + before) / 2;
  pen.symbol("top", `pair${n}.symbol`, from, above(view, at), `h_${i + 1}`, {
    term: "h",
    label: (words.terms || {}).h,
    size: size * 1.25,
    opacity: seen,
  });
  pen.text("top", `pair${n}.name`, from + before, above(view, at), name, {
    style: "strong still",
    size,
    opacity: seen,
  });
  for (let j = 0; j < at.units; j++) {
    const shade = pen.shade(data.h[i][j]);
    pen.draw("top", `pair${n}.${j}`, "rect", {
      x: x - wide / 2,
      y: at.y(j) - high / 2,
      width: wide,
      height: high,
      rx: 6,
      fill: pen.rgb(shade),
      class: "paired",
      opacity: at.opacity,
    });
    pen.text("top", `pair${n}.${j}.value`, x, at.y(j) + 6, data.pair.printed[n][j], {
      style: "strong still",
      anchor: "middle",
      size: view.narrow ? view.small : view.text,
      fill: textOn(shade),
      opacity: seen,
    });
  }
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} at where the columns stand: see units.js
 * @param {any} scene data with `pair`, marked, together
 */
export function drawColumns(pen, view, at, scene) {
  const { data, together, words } = scene;
  const { bars, width, xs } = places(view);
  const grown = part(together, 0.75, 1);
  for (const n of [0, 1]) drawState(pen, view, at, scene, n);
  const opacity = grown * at.opacity;
  const most = Math.max(1, ...data.pair.apart);
  pen.text("top", "apart", bars, above(view, at), words.apart || "", {
    style: "muted still",
    size: view.text,
    opacity,
  });
  const room = (view.narrow ? view.W - bars - 54 : width * 1.25) / most;
  for (let j = 0; j < at.units; j++) {
    pen.text("top", `pair.unit${j}`, xs[0] - width / 2 - 10, at.y(j) + 5, unitName(view, words, j), {
      style: "muted still",
      anchor: "end",
      size: view.small,
      opacity,
    });
    const long = Math.max(2, data.pair.apart[j] * room);
    pen.draw("top", `apart${j}`, "rect", {
      x: bars,
      y: at.y(j) - 9,
      width: Math.max(2, long * grown),
      height: 18,
      rx: 4,
      class: "apart",
      opacity,
    });
    pen.text("top", `apart${j}.value`, bars + long + 8, at.y(j) + 5.5, data.pair.apart_printed[j], {
      style: "still",
      size: view.small,
      opacity,
    });
  }
}
