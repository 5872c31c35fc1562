// What is left of each day in the last state: a band from each day, as wide as its share. They flow into one on their
// way, and that one into the plate on which the whole state stands: no day belongs to one unit.

import { ease, lerp, part, rounded } from "./shapes.js";

const mixed = (before, now, share) => (before ? now.map((value, i) => lerp(before[i], value, share)) : now);

/** The shares and the state on their way from the last payload to this one. */
function moving({ data, before, morph = 1 }) {
  if (!before || morph >= 1 || before.shares.length !== data.shares.length) return data;
  return { ...data, shares: mixed(before.shares, data.shares, morph), h: mixed(before.h, data.h, morph) };
}

/** Where the state stands, and how wide all of it is as a band: no more than there is room for at the last day. */
function places(view, last) {
  const { narrow, tape, pitch } = view;
  const whole = pitch * (narrow ? 1.1 : 1.5);
  const pad = narrow ? 5 : 13;
  const label = tape - (narrow ? 8 : 12);
  const foot = label - view.small - (narrow ? 3 : 6);
  const left = view.slot(last) - whole / 2;
  const plate = { left, width: whole, top: narrow ? 44 : 66, bottom: foot - (narrow ? 28 : 64) };
  return { whole, pad, label, foot, plate };
}

/** From the first day on: each band joins those before it from below, as wide as it is. */
function drawBands(pen, view, at, { shares }, opacity) {
  const { plate, foot, whole } = at;
  const last = shares.length - 1;
  const widths = shares.map(share => Math.max(1.2, share * whole));
  const river = widths.slice(0, last).reduce((sum, width) => sum + width, 0);
  let y = (plate.top + plate.bottom) / 2 - river / 2;
  widths.forEach((width, i) => {
    const x = view.slot(i);
    const grown = ease(part(opacity, 0.15 + 0.05 * (last - i), 0.6 + 0.05 * (last - i)));
    const middle = y + width / 2;
    y += width;
    const turned = [
      [x, foot],
      [x, middle],
      [plate.left + 6, middle],
    ];
    pen.draw("back", `band${i}`, "path", {
      d: i === last ? `M${x} ${foot}V${plate.bottom - 6}` : rounded(turned, width / 2 + (view.narrow ? 8 : 18)),
      "stroke-width": width,
      pathLength: 1,
      "stroke-dasharray": `${grown.toFixed(3)} 2`,
      class: "band",
      opacity,
    });
  });
}

function drawState(pen, at, { h }, opacity) {
  const { plate, pad } = at;
  pen.draw("back", "last.plate", "rect", {
    x: plate.left,
    y: plate.top,
    width: plate.width,
    height: plate.bottom - plate.top,
    rx: pad + 4,
    class: "pool",
    opacity,
  });
  const high = (plate.bottom - plate.top - 2 * pad) / h.length;
  h.forEach((value, j) =>
    pen.draw("cell", `last${j}`, "rect", {
      x: plate.left + pad,
      y: plate.top + pad + j * high + 1.5,
      width: plate.width - 2 * pad,
      height: high - 3,
      rx: 5,
      fill: pen.rgb(pen.shade(value)),
      class: "value-cell",
      opacity,
    }),
  );
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} scene data {shares, h, printed} (and the data before, for `morph`), words, opacity (which also lets the
 *   bands grow)
 */
export function drawTakeaway(pen, view, scene) {
  const { data, words, opacity } = scene;
  if (opacity <= 0.004) return;
  const { narrow } = view;
  const n = data.shares.length;
  const last = n - 1;
  const at = places(view, last);
  const numbers = moving(scene);
  const seen = opacity * part(opacity, 0.6, 1);
  drawBands(pen, view, at, numbers, opacity);
  drawState(pen, at, numbers, seen);
  data.printed.shares.forEach((text, i) =>
    pen.text("over", `band${i}.words`, view.slot(i), at.label, text, {
      style: "muted still",
      anchor: "middle",
      size: narrow ? view.small : Math.max(15.5, view.small),
      opacity: seen,
    }),
  );
  const y = at.plate.top - (narrow ? 12 : 18);
  pen.symbol("over", "last.symbol", view.slot(last), y, `h_${n}`, {
    term: "share",
    label: (words.terms || {}).share,
    anchor: "middle",
    opacity,
  });
  const text = { style: "muted still", anchor: "end", size: narrow ? view.small : view.text, opacity };
  pen.text("over", "last.words", view.slot(last) - (narrow ? 20 : 26), y - 1, words.left || "", text);
}
