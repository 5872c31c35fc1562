// One network reads two pasts that differ on one day: both states day by day, what they share between them, and below
// how far apart they still are, with the bound that theory gives.

import { clamp, lerp } from "./shapes.js";
import { superscript } from "../core/numbers.js";
import { drawGuides } from "./guides.js";
import { drawVerdict } from "./verdict.js";

/** Where everything stands. */
function frame(view, data) {
  const { narrow, W, H } = view;
  const units = data.h[0].length;
  const days = data.h.length;
  const left = narrow ? 36 : 96;
  const right = W - (narrow ? 8 : 20);
  const heat = Math.min(narrow ? 62 : 128, H * (narrow ? 0.135 : 0.165));
  const gap = narrow ? 5 : 10;
  const top = narrow ? 22 : 34;
  const strip = narrow ? 22 : 30;
  const shared = top + heat + gap;
  const second = shared + strip + (narrow ? 24 : 12 + Math.max(22, view.small * 1.5)); // the second name stands above
  const under = second + heat;
  const plot = { top: under + (narrow ? 36 : 34 + view.small * 1.5), bottom: H - (narrow ? 22 : 34) };
  const pitch = (right - left) / days;
  return {
    narrow,
    left,
    right,
    heat,
    row: heat / units,
    top,
    strip,
    shared,
    second,
    under,
    plot,
    pitch,
    units,
    days,
    x: i => left + pitch * (i + 0.5),
  };
}

const blend = (before, now, share) =>
  before && before.length === now.length ? now.map((value, i) => lerp(before[i], value, share)) : now;

/** The numbers on their way from the last payload to this one. */
function moving({ data, before, morph = 1 }) {
  if (!before || morph >= 1) return data;
  const mixed = name => data[name].map((row, i) => blend(before[name][i], row, morph));
  return {
    ...data,
    shares: blend(before.shares, data.shares, morph),
    bound: blend(before.bound, data.bound, morph),
    h: mixed("h"),
    h_other: mixed("h_other"),
  };
}

function drawHeat(pen, at, key, states, y, { seen, opacity, full }) {
  for (let i = 0; i < at.days; i++) {
    const here = clamp(seen - i);
    for (let j = 0; j < at.units; j++) {
      const shade = pen.shade(states[i][j], full);
      const colour = shade.map((channel, k) => Math.round(lerp(pen.colours.background[k], channel, here)));
      pen.draw("cell", `${key}${i}.${j}`, "rect", {
        x: at.left + i * at.pitch + 1,
        y: y + j * at.row + 0.5,
        width: at.pitch - 2,
        height: at.row - 1,
        rx: 2,
        fill: pen.rgb(colour),
        class: "tile",
        "data-cell": seen > i ? `${i} ${j} ${key}` : null,
        opacity,
      });
    }
  }
}

/** The days that both have read alike, and the one that they have not. */
function drawShared(pen, at, view, { data, words, opacity }) {
  const { changed } = data;
  const strip = (key, from, to) =>
    to > from &&
    pen.draw("wire", key, "rect", {
      x: at.left + at.pitch * from + 1,
      y: at.shared,
      width: at.pitch * (to - from) - 2,
      height: at.strip,
      rx: 8,
      class: "plate",
      opacity,
    });
  strip("shared.before", 0, changed);
  strip("shared.after", changed + 1, at.days);
  pen.draw("wire", "shared.line", "path", {
    d: `M${at.x(changed)} ${at.top + at.heat + 2}V${at.shared + at.strip}`,
    class: "differs",
    opacity,
  });
  const middle = at.shared + at.strip / 2 + 5;
  if (view.narrow) {
    pen.text("over", "shared.words", at.x(at.days / 2), middle, words.same_short || words.same || "", {
      style: "muted still",
      anchor: "middle",
      size: view.small,
      opacity,
    });
    return;
  }
  for (let i = 0; i < at.days; i++) {
    if (i !== changed)
      pen.text("over", `shared${i}`, at.x(i), middle, data.short_tokens[i], {
        style: "muted still",
        anchor: "middle",
        size: Math.max(view.small, 15),
        opacity,
      });
  }
  pen.text("over", "shared.words", at.left - 12, middle, words.same || "", {
    style: "muted still",
    anchor: "end",
    size: Math.max(15.5, view.small),
    opacity,
  });
}

function drawPasts(pen, at, view, scene) {
  const { data, words, opacity, seen } = scene;
  const { narrow } = view;
  const size = Math.max(15.5, view.small);
  const name = (key, y, words) =>
    pen.text("over", key, at.left, y, words || "", { style: "strong still", size, opacity });
  name("past.name", at.top - 8, (narrow && words.past_short) || words.past);
  name("other.name", at.second - (narrow ? 6 : 8), (narrow && words.other_past_short) || words.other_past);
  const pill = (key, y, text, value) =>
    pen.pill("over", key, [at.left - (narrow ? 18 : 52), y], text, value, {
      size: narrow ? view.small : view.text,
      width: narrow ? 34 : undefined,
      opacity,
    });
  pill(
    "past.first",
    at.top + at.heat / 2,
    narrow ? data.short_tokens[data.changed] : data.tokens[data.changed],
    data.x[data.changed],
  );
  pill(
    "other.first",
    at.second + at.heat / 2,
    narrow ? data.short_tokens_other[data.changed] : data.tokens_other[data.changed],
    data.x_other[data.changed],
  );
  drawHeat(pen, at, "past", scene.numbers.h, at.top, { seen, opacity, full: data.full });
  drawHeat(pen, at, "other", scene.numbers.h_other, at.second, { seen, opacity, full: data.full });
  drawShared(pen, at, view, scene);
}

const power = n => `10${superscript(n)}`;

/** The share at the top: all of it and a little more; it grows in steps, and only where shares are larger. */
function room(shares) {
  const largest = Math.max(...shares) / 1.08;
  return 1.1 * ([1, 1.5].find(most => largest <= most) ?? Math.ceil(largest));
}

/** Shares of the first difference as heights: from nothing to all of it, or by decades. */
function scaleOf(at, { data, numbers, before, morph }, log) {
  const { top, bottom } = at.plot;
  const lines = share => ({ share, words: `${Math.round(share * 100)} %` });
  if (!log) {
    const most = before && morph < 1 ? lerp(room(before.shares), room(data.shares), morph) : room(data.shares);
    const step = most > 2.5 ? 1 : 0.5;
    const levels = Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
    return { y: share => lerp(bottom, top, share / most), most, lines: levels.map(lines) };
  }
  const most = Math.max(0.1, Math.log10(Math.max(1, ...numbers.shares))) + 0.05;
  const least = data.decades ?? -4;
  const y = share => lerp(bottom, top, share > 0 ? clamp((Math.log10(share) - least) / (most - least)) : 0);
  return {
    y,
    most: 10 ** most,
    lines: Array.from({ length: 1 - least }, (_, k) => ({
      share: 10 ** -k,
      words: k < 3 ? `${100 / 10 ** k} %` : power(-k),
    })),
  };
}

function drawAxes(pen, at, view, scale, { data, words, opacity }) {
  const { narrow, small } = view;
  const title = (narrow && words.difference_short) || words.difference || "";
  pen.text("over", "plot.title", at.left, at.plot.top - (narrow ? 12 : 18), title, {
    style: "strong still",
    size: Math.max(15.5, small),
    opacity,
  });
  for (const { share, words: text } of scale.lines) {
    const y = scale.y(share);
    pen.draw("back", `plot.line${share}`, "path", { d: `M${at.left} ${y}H${at.right}`, class: "rule", opacity });
    pen.text("over", `plot.label${share}`, at.left - 6, y + 5, narrow ? text.replace(" %", "") : text, {
      style: "muted still",
      anchor: "end",
      size: small,
      opacity,
    });
  }
  const last = at.days - 1;
  const ticks = narrow ? [0, Math.floor(last / 2), last] : [0, 4, 9, 14, 19, 24, 29].filter(i => i <= last);
  for (const i of ticks) {
    const name = narrow && i ? data.short_labels[i] : data.labels[i];
    pen.text(
      "over",
      `plot.day${i}`,
      narrow && i === last ? at.right : at.x(i),
      at.plot.bottom + (narrow ? 18 : 24),
      name,
      { style: "muted still", anchor: narrow && i === last ? "end" : "middle", size: small, opacity },
    );
  }
}

const points = (at, scale, shares) => shares.map((share, i) => `${at.x(i).toFixed(1)} ${scale.y(share).toFixed(1)}`);

function drawCurve(pen, at, view, scale, { data, numbers, seen, opacity }) {
  const count = Math.min(at.days, Math.floor(seen));
  const found = points(at, scale, numbers.shares).slice(data.changed, Math.max(data.changed + 1, count));
  if (count <= data.changed) return;
  const last = at.x(data.changed + found.length - 1);
  const floor = at.plot.bottom;
  pen.draw("back", "plot.area", "path", {
    d: `M${at.x(data.changed)} ${floor}L${found.join("L")}L${last} ${floor}Z`,
    class: "area",
    opacity: 0.12 * opacity,
  });
  pen.draw("wire", "plot.curve", "path", { d: `M${found.join("L")}`, class: "difference", opacity });
  found.forEach((place, k) => {
    const i = data.changed + k;
    const [x, y] = place.split(" ");
    const nothing = data.shares[i] === 0;
    pen.draw("over", `plot.dot${i}`, "circle", {
      cx: x,
      cy: y,
      r: view.narrow ? 2.8 : 4,
      class: nothing ? "dot hollow" : "dot",
      "stroke-width": 1.4,
      opacity,
    });
  });
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} given data (and the data before, for `morph`), words, sweep: how much has been shown, log, opacity
 */
export function drawPair(pen, view, given) {
  const { data, sweep, opacity } = given;
  const at = frame(view, data);
  if (opacity <= 0.004) return;
  const scene = { ...given, numbers: moving(given), seen: sweep * at.days };
  const scale = scaleOf(at, scene, given.log);
  drawPasts(pen, at, view, scene);
  drawAxes(pen, at, view, scale, scene);
  const taken = drawGuides(pen, at, view, scale, scene);
  drawCurve(pen, at, view, scale, scene);
  drawVerdict(pen, at, view, scale, taken, scene);
}
