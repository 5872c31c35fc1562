// Complex numbers in the plane: eigenvalues, the unit circle, and the way they have come, which fades.

import { number } from "../core/numbers.js";
import { approach } from "./axes.js";
import { stroke } from "./strokes.js";

const TRAIL = 0.9; // seconds of playing that a trail is long
const LEAST = 14; // frames, however slowly it plays
const PIECES = 8; // of a trail, each paler than the one after it
const NAMED = 230; // pixels: from there on there is room for the axes' names
const VIEW = 1.25; // how far from 0 one sees at least

export function drawPlane(scene, panel, box) {
  const { pen, records, at, state, text } = scene;
  const [name] = panel.of;
  const reach = reachOf(scene, panel, name);
  const scale = Math.min(box.w, box.h) / 2 / reach;
  const [cx, cy] = [box.x + box.w / 2, box.y + box.h / 2];
  const place = (u, v) => [cx + u * scale, cy - v * scale];
  drawGround(pen, box, cx, cy, scale, text);
  if (box.w > NAMED) drawNames(pen, box, cx, cy, state.words);
  pen.within([box.x - 6, box.y - 6, box.w + 12, box.h + 12], () => {
    scene.lanes.forEach((lane, index) => {
      if (at < lane.begins) return;
      const colour = pen.colours[lane.hue];
      const points = Math.floor(records.size(name) / 2);
      pen.faded(lane.alpha, () => {
        drawRadius(scene, panel, index, colour, cx, cy, scale);
        for (let k = 0; k < points; k += 1) drawTrail(scene, name, index, k, colour, place);
        for (let k = 0; k < points; k += 1) {
          const [x, y] = place(records.between(name, index, at, 2 * k), records.between(name, index, at, 2 * k + 1));
          if (Number.isNaN(x)) continue;
          pen.dot(x, y, state.view.narrow ? 3.6 : 4.4, colour, pen.colours.background, 1.2);
        }
      });
    });
  });
}

/** How far from 0 one sees: so far that all points are in sight that were seen, within reason. */
function reachOf(scene, panel, name) {
  const { state, records, frames } = scene;
  const kept = (state.axes[panel.id] ??= { most: VIEW, upTo: -1, shown: null });
  for (let frame = kept.upTo + 1; frame < frames; frame += 1)
    for (let lane = 0; lane < records.lanes; lane += 1)
      for (let k = 0; k + 1 < records.size(name); k += 2) {
        const far = Math.hypot(records.at(name, lane, frame, k), records.at(name, lane, frame, k + 1));
        if (Number.isFinite(far)) kept.most = Math.max(kept.most, Math.min(far * 1.12, 4));
      }
  kept.upTo = Math.max(kept.upTo, frames - 1);
  if (!kept.shown || scene.calm) kept.shown = { low: 0, high: kept.most };
  else if (!approach(kept.shown, [0, kept.most], scene.seconds)) scene.unsettled = true;
  return kept.shown.high;
}

function drawGround(pen, box, cx, cy, scale, text) {
  const { colours } = pen;
  pen.dot(cx, cy, scale, colours.soft);
  pen.line(box.x, cy, box.x + box.w, cy, colours.line, 1);
  pen.line(cx, box.y, cx, box.y + box.h, colours.line, 1);
  pen.dot(cx, cy, scale, null, colours.muted, 1.5);
  pen.text("1", cx + scale + 5, cy - 10, { colour: colours.muted, px: Math.max(14, text - 1) });
}

function drawNames(pen, box, cx, cy, words) {
  const look = { colour: pen.colours.muted, px: 14 };
  pen.text(words.real, box.x + box.w, cy + 12, { ...look, align: "right" });
  pen.text(words.imaginary, cx + 6, box.y + 4, look);
}

/** The spectral radius as a circle of its own. */
function drawRadius({ pen, records, at, lanes }, panel, index, colour, cx, cy, scale) {
  const rho = panel.radius ? records.between(panel.radius, index, at) : NaN;
  if (!Number.isFinite(rho)) return;
  const { context } = pen;
  context.setLineDash(lanes[index].dash.length ? lanes[index].dash : [5, 4]);
  pen.faded(0.75, () => pen.dot(cx, cy, rho * scale, null, colour, 1.25));
  context.setLineDash([]);
}

/** All of the way of one point, so pale that it is a trace. */
function drawWay({ pen, records, at, lanes }, name, lane, k, colour, place) {
  const { begins } = lanes[lane];
  const stride = Math.max(1, Math.round((at - begins) / 120));
  const points = [];
  for (let frame = begins; frame < at; frame += stride)
    points.push(place(records.at(name, lane, frame, 2 * k), records.at(name, lane, frame, 2 * k + 1)));
  stroke(pen, points, { colour, width: 1, alpha: 0.3 });
}

/** The way of one point over the last moments, older pieces paler. */
function drawTrail(scene, name, lane, k, colour, place) {
  const { pen, records, at } = scene;
  const long = Math.max(LEAST, scene.rate * TRAIL);
  const first = Math.max(scene.lanes[lane].begins, at - long);
  drawWay(scene, name, lane, k, colour, place);
  if (at - first < 0.01) return;
  const each = (at - first) / PIECES;
  for (let piece = 0; piece < PIECES; piece += 1) {
    const [from, to] = [first + piece * each, first + (piece + 1) * each];
    const frames = [from];
    const stride = Math.max(1, Math.floor(each / 6));
    for (let frame = Math.floor(from) + 1; frame < to; frame += stride) frames.push(frame);
    frames.push(to);
    const points = frames.map(frame =>
      place(records.between(name, lane, frame, 2 * k), records.between(name, lane, frame, 2 * k + 1)));
    const share = (piece + 1) / PIECES;
    stroke(pen, points, { colour, width: 1 + 1.6 * share, alpha: 0.7 * share ** 1.6 });
  }
}

/** What is said of it beside its title. */
export function radiusText(records, panel, lane, frame) {
  const rho = panel.radius ? records.at(panel.radius, lane, frame) : NaN;
  return Number.isNaN(rho) ? "" : `${lane ? "" : "ρ = "}${number(rho)}`;
}
