// The series and what is forecast of it: known values, the origin, the fan that unrolls, and what came true.

import { ticks } from "../learn/axes.js";
import { head, stroke } from "../learn/strokes.js";
import { bandOf, pathOf } from "./opened.js";

const NEAR = 9; // pixels between times: nearer than that there are lines alone
const THIN = 3; // forecasts of one way: more than that are thin lines

export function drawSeries(scene, box) {
  const { pen, stage, place, view } = scene;
  const [from, to] = view;
  const x = time => box.x + ((time - from) / (to - from)) * box.w;
  const y = value => box.y + box.h * (1 - (value - stage.low) / (stage.high - stage.low));
  drawValueAxis(scene, box, y);
  drawTimes(scene, box, x);
  pen.within([box.x, box.y - 6, box.w, box.h + 12], () => {
    if (stage.ways.length) drawOrigin(scene, box, x);
    drawTruth(scene, x, y);
    if (scene.data.line) drawLine(scene, x, y);
  });
  const now = Math.max(box.x, x(place.origin) - 1); // what was forecast of the past is gone
  pen.within([now, box.y - 6, box.x + box.w - now, box.h + 12], () => {
    for (const way of [...scene.data.ways].reverse()) drawWay(scene, way, x, y); // the first one is on top
    if (stage.ways.length) drawOutcomes(scene, x, y);
  });
  if (stage.ways.length) {
    const said = stage.words.origin || "";
    const at = Math.min(box.x + box.w - pen.wide(said, { px: 14 }) - 2, x(place.origin) + 6);
    pen.text(said, at, box.y + 2, { colour: pen.colours.muted, px: 14, plate: true });
  }
}

function drawValueAxis({ pen, stage, px }, box, y) {
  const { colours } = pen;
  for (const value of ticks(stage.low, stage.high, Math.max(2, Math.floor(box.h / 42)))) {
    pen.line(box.x, y(value), box.x + box.w, y(value), colours.line, 0.75);
    const said = String(Number(value.toPrecision(6))).replace("-", "−");
    pen.text(said, box.x - 7, y(value), { align: "right", colour: colours.muted, px });
  }
}

/** The times along the foot, as many as there is room for. */
function drawTimes({ pen, stage, view, px }, box, x) {
  let free = box.x - 30;
  for (const [time, said] of stage.ticks) {
    if (time < view[0] || time > view[1]) continue;
    const wide = pen.wide(said, { px });
    const left = Math.min(Math.max(x(time) - wide / 2, box.x - 20), box.x + box.w - wide + 8);
    if (left < free) continue;
    pen.line(x(time), box.y + box.h, x(time), box.y + box.h + 4, pen.colours.muted, 1);
    pen.text(said, left, box.y + box.h + 15, { colour: pen.colours.muted, px });
    free = left + wide + 18;
  }
}

/** Before the origin lies what is known; after it, the future. */
function drawOrigin({ pen, place }, box, x) {
  const at = x(place.origin);
  pen.rect(at, box.y - 6, box.x + box.w - at, box.h + 12, pen.colours.soft);
  pen.line(at, box.y - 6, at, box.y + box.h + 6, pen.colours.muted, 1.5, [4, 4]);
}

/** The series: strongly as far as it is known, then as much of it as may be seen. */
function drawTruth({ pen, stage, data, place, view }, x, y) {
  const { truth } = data;
  const first = Math.max(0, Math.floor(view[0]) - 1);
  const last = Math.min(truth.length - 1, Math.ceil(view[1]) + 1);
  const points = (low, high) =>
    Array.from({ length: Math.max(0, high - low + 1) }, (_, k) => [x(low + k), y(truth[low + k])]);
  const { ink, muted } = pen.colours;
  if (!stage.ways.length) {
    stroke(pen, points(first, last), { colour: muted, width: 5, alpha: 0.45 });
    return;
  }
  const known = Math.max(place.from, Math.floor(place.origin + 1e-6)); // the view goes on before the next forecasts
  stroke(pen, points(first, known), { colour: ink, width: 2.25 });
  const until = Math.floor(place.from + place.seen + 1e-6);
  stroke(pen, points(place.from, Math.min(last, until)), { colour: muted, width: 5, alpha: 0.4 });
  if (x(1) - x(0) > NEAR)
    for (let time = first; time <= known; time += 1) pen.dot(x(time), y(truth[time]), 2.5, ink);
}

/** All forecasts of one way, and the fan between most of them. */
function drawWay(scene, way, x, y) {
  const { pen, stage, data, place, glow } = scene;
  const colour = pen.colours[way.hue];
  const last = data.truth[place.from];
  const many = way.members > THIN;
  if (stage.band && many) drawBand(scene, way, colour, x, y);
  for (let member = 0; member < way.members; member += 1) {
    const path = pathOf(place.from, last, step => way.at(place.fold, member, step), way.horizon, place.ahead);
    const points = path.map(([time, value]) => [x(time), y(value)]);
    stroke(pen, points, { colour, width: many ? 1.5 : way.wide, dash: way.dash, alpha: many ? 0.6 : 1 });
    const [px, py] = points.at(-1);
    if (place.ahead > 0) head(pen, px, py, colour, { radius: many ? 3 : 4.5, glow: many ? 0 : glow });
  }
}

function drawBand({ pen, stage, data, place }, way, colour, x, y) {
  const band = bandOf(way, place.fold, stage.band);
  const last = data.truth[place.from];
  const edge = side => pathOf(place.from, last, step => band[step][side], way.horizon, place.ahead)
    .map(([time, value]) => [x(time), y(value)]);
  pen.faded(0.22, () => pen.area([...edge(0), ...edge(1).reverse()], colour));
}

/** What came true, time by time: a dot within the fan, a cross outside. */
function drawOutcomes({ pen, stage, data, place }, x, y) {
  const fan = stage.band && data.ways.find(({ members }) => members > THIN);
  const { background, muted, backward } = pen.colours;
  const near = x(1) - x(0) <= NEAR;
  const band = fan && bandOf(fan, place.fold, stage.band);
  for (let step = 0; step < Math.floor(Math.min(data.horizon, place.seen) + 1e-6); step += 1) {
    const [px, py] = [x(place.from + step + 1), y(data.truth[place.from + step + 1])];
    if (Number.isNaN(py)) continue;
    const value = data.truth[place.from + step + 1];
    if (band && (value < band[step][0] || value > band[step][1])) cross(pen, px, py, near ? 3 : 5, backward);
    else pen.dot(px, py, near ? 2.5 : 4.5, background, muted, 2);
  }
}

function cross(pen, x, y, size, colour) {
  pen.line(x - size, y - size, x + size, y + size, colour, 2.5);
  pen.line(x - size, y + size, x + size, y - size, colour, 2.5);
}

/** Forecasts of one step each, at the times that they are for, moved back. */
function drawLine({ pen, data, place, view }, x, y) {
  const { values, hue } = data.line;
  const points = [];
  for (let time = Math.max(0, Math.floor(view[0])); time < Math.min(values.length, view[1] + 2); time += 1)
    points.push([x(time - place.moved), y(values[time])]);
  stroke(pen, points, { colour: pen.colours[hue], width: 2.5 });
}
