// Several units: a column of values for each day, wires from every unit to every unit of the next, and what travels
// on them.

import { arrive, ease, lerp, moment, part } from "./shapes.js";

/** Where the columns stand; they grow out of the row of single states. */
export function grid(pen, view, { data, opacity, together, picked, focus = 0 }) {
  const units = data.h[0].length;
  const { narrow } = view;
  const top = narrow ? 27 : 44;
  const bottom = view.tape - (narrow ? 26 : 58);
  const pitch = (bottom - top) / units;
  const grown = ease(part(opacity, 0.1, 1));
  const row = view.row - view.chips;
  const width = narrow ? Math.min(26, view.pitch - 18) : 46;
  return {
    units,
    top,
    bottom,
    width,
    grown,
    height: pitch - (narrow ? 3 : 6),
    opacity,
    y: j => lerp(row, top + pitch * (j + 0.5), grown),
    foot: lerp(row, bottom, grown),
    dim: 1 - part(together, 0, 0.5),
    rest: lerp(1, 0.12, picked ? focus : 0), // of what does not lead to the unit that was picked
  };
}

/** What stands beside unit j: the first says what they are, the others have a number. */
export const unitName = (view, words, j) => (j || view.narrow ? String(j + 1) : words.units || "1");

const strength = weight => Math.min(1, Math.abs(weight));
const signed = value => (value < 0 ? "negative" : "positive");

function drawInputs(pen, view, at, now, { data }) {
  for (let i = 0; i < view.count; i++) {
    const here = i === now.step && !now.rest;
    pen.wire(`many.x${i}`, `M${view.slot(i)} ${view.tape}V${at.foot + 4}`, {
      opacity: at.opacity * at.dim * at.rest,
      lit: here ? ease(part(now.f, 0, 0.3)) : 0,
      width: 7,
    });
  }
  if (now.rest || now.f <= 0) return;
  const t = now.step;
  const up = ease(part(now.f, 0, 0.3));
  const { narrow } = view;
  const size = narrow ? view.small : view.text;
  if (up < 1) {
    const words = up < 0.14 && !narrow ? data.tokens[t] : data.printed.x[t];
    pen.pill("token", "many.x", [view.slot(t), lerp(view.tape - 4, at.foot + 4, up)], words, data.x[t], {
      moving: true,
      size,
      opacity: at.opacity,
      width: narrow ? view.pitch - 4 : undefined,
    });
  }
  const spread = ease(part(now.f, 0.28, 0.58));
  const x = view.slot(t) + at.width / 2 + (narrow ? 5 : 10);
  if (now.f < 0.26 || now.f > 0.62) return;
  for (let j = 0; j < at.units; j++) {
    const term = data.x_terms[t][j];
    pen.draw("token", `many.spread${j}`, "circle", {
      cx: x,
      cy: lerp(at.foot + 4, at.y(j), spread),
      r: 2 + 4.5 * strength(term),
      fill: pen.tint(signed(term), 0.95),
      opacity: at.opacity,
    });
  }
}

/** All wires between day i - 1 and day i in one faint path: something has travelled there. */
function drawPast(pen, view, at, i) {
  const from = view.slot(i - 1) + at.width / 2 + 1;
  const to = view.slot(i) - at.width / 2 - 1;
  const lines = [];
  for (let k = 0; k < at.units; k++)
    for (let j = 0; j < at.units; j++) lines.push(`M${from} ${at.y(k).toFixed(1)}L${to} ${at.y(j).toFixed(1)}`);
  pen.draw("wire", `many.past${i}`, "path", {
    d: lines.join(""),
    class: "web",
    opacity: 0.2 * at.grown * at.opacity * at.dim * at.rest,
  });
}

/** The line from unit k of day i - 1 to unit j of day i, as strong as its weight. */
function drawWeight(pen, view, at, data, i, j, k, opacity) {
  const weight = data.W_h[j][k];
  const [from, to] = [view.slot(i - 1) + at.width / 2 + 1, view.slot(i) - at.width / 2 - 1];
  pen.draw("wire", `many.wire${j}.${k}`, "path", {
    d: `M${from} ${at.y(k)}L${to} ${at.y(j)}`,
    fill: "none",
    stroke: pen.tint(signed(weight), 0.35 + 0.6 * strength(weight)),
    "stroke-width": 0.9 + 2.9 * strength(weight),
    opacity,
  });
}

/** What the unit that was picked hears: one line from each unit of the day before. */
function drawPicked(pen, view, at, { data, picked, focus }) {
  for (let k = 0; k < at.units; k++)
    drawWeight(pen, view, at, data, picked.step, picked.unit, k, focus * at.opacity * at.grown * at.dim);
}

/** Every unit of yesterday sends its value to every unit of today. */
function drawPresent(pen, view, at, now, { data }) {
  const i = now.step;
  const from = view.slot(i - 1) + at.width / 2 + 1;
  const to = view.slot(i) - at.width / 2 - 1;
  const opacity = at.opacity * at.grown * 0.75 * (1 - part(now.f, 0.85, 1));
  const across = ease(part(now.f, 0.08, 0.58));
  for (let j = 0; j < at.units; j++) {
    for (let k = 0; k < at.units; k++) {
      const weight = data.W_h[j][k];
      const sent = weight * data.h[i - 1][k];
      drawWeight(pen, view, at, data, i, j, k, opacity);
      if (across > 0 && across < 1) {
        pen.draw("token", `many.sent${j}.${k}`, "circle", {
          cx: lerp(from, to, across),
          cy: lerp(at.y(k), at.y(j), across),
          r: 1.6 + 4 * strength(sent),
          fill: pen.tint(signed(sent), 0.95),
          opacity: at.opacity,
        });
      }
    }
  }
}

function drawColumn(pen, view, at, now, { data, words, picked }, i) {
  const here = i === now.step && !now.rest;
  const done = now.at >= i + 1;
  const shown = done ? 1 : here ? arrive(part(now.f, 0.56, 0.86)) : 0;
  const opacity = at.opacity * at.dim;
  const x = view.slot(i) - at.width / 2;
  const leads = j => !picked || i === picked.step - 1 || (i === picked.step && j === picked.unit);
  pen.symbol("over", `many.h${i}`, view.slot(i), at.top - (view.narrow ? 9 : 15), `h_${i + 1}`, {
    term: "h",
    label: (words.terms || {}).h,
    anchor: "middle",
    size: view.narrow ? 19 : 23,
    opacity: opacity * at.grown * (done ? 1 : 0.35) * (leads(picked?.unit) ? 1 : at.rest),
  });
  for (let j = 0; j < at.units; j++) {
    const value = data.h[i][j];
    const colour = pen.shade(value).map((channel, k) => Math.round(lerp(pen.colours.background[k], channel, shown)));
    pen.draw("cell", `many${i}.${j}`, "rect", {
      x,
      y: at.y(j) - at.height / 2,
      width: at.width,
      height: at.height,
      rx: 5,
      fill: pen.rgb(colour),
      opacity: opacity * (leads(j) ? 1 : Math.max(at.rest, 0.25)),
      class: `value-cell${shown ? "" : " empty"}${picked?.step === i && picked.unit === j ? " picked" : ""}`,
      "data-cell": done ? `${i} ${j}` : null,
      "aria-label": done ? `${data.labels[i]}, ${j + 1}: ${data.printed.h[i][j]}` : null,
      role: done ? "img" : null,
    });
  }
}

/** A frame around the days that are marked, with a question mark until their states are there. */
function drawMarks(pen, view, at, now, marked, together) {
  for (const i of marked) {
    const { width, height } = at;
    const top = at.y(0) - height / 2 - 5;
    const bottom = at.y(at.units - 1) + height / 2 + 5;
    const inset = view.narrow ? 4 : 6;
    pen.draw("over", `many.mark${i}`, "rect", {
      x: view.slot(i) - width / 2 - inset,
      y: top,
      width: width + 2 * inset,
      height: bottom - top,
      rx: 10,
      class: "mark",
      opacity: at.opacity * at.grown * (1 - together),
    });
    if (now.at < i + 1 && together < 0.02)
      pen.text("over", `many.ask${i}`, view.slot(i), (top + bottom) / 2 + 9, "?", {
        anchor: "middle",
        size: 26,
        style: "still halo",
        opacity: at.opacity * at.grown,
      });
  }
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./layout.js").View} view
 * @param {any} scene data, words, at, together (0: in their places, 1: side by side), marked, opacity,
 *   picked: a cell of which only what leads to it is shown, as far as `focus`
 * @returns where the columns stand
 */
export function drawUnits(pen, view, scene) {
  const { data, marked, together, picked } = scene;
  const at = grid(pen, view, scene);
  const time = moment(scene.at, data.h.length);
  const now = { ...time, at: scene.at };
  drawInputs(pen, view, at, now, scene);
  for (let i = 1; i < view.count; i++) {
    if (picked?.step === i) drawPicked(pen, view, at, scene);
    else if (i === now.step && !now.rest) drawPresent(pen, view, at, now, scene);
    else if (now.at >= i) drawPast(pen, view, at, i);
  }
  for (let i = 0; i < view.count; i++) drawColumn(pen, view, at, now, scene, i);
  drawMarks(pen, view, at, now, marked, together);
  const beside = view.slot(0) - at.width / 2 - (view.narrow ? 2 : 12);
  for (let j = 0; j < at.units; j++) {
    pen.text("over", `many.unit${j}`, beside, at.y(j) + 5, unitName(view, scene.words, j), {
      style: "muted still",
      anchor: "end",
      size: view.small,
      opacity: at.opacity * at.grown * at.dim,
    });
  }
  return at;
}
