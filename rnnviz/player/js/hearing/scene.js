// What is drawn on the canvas at a moment: the signal as far as it is heard, and the chances as they grow.

import { mix } from "../core/colours.js";
import { chance, heardBy, leader, matteredAt, reads, sureFrom } from "./moments.js";
import { percent, seconds } from "./said.js";

const HUES = ["forget", "input", "output", "candidate", "forward", "backward"];
const DASHES = [[], [6, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 3]];

/** Draw the whole picture. */
export function drawScene(scene) {
  const { pen, view, data, at } = scene;
  pen.context.clearRect(0, 0, view.width, view.height);
  drawSignal(scene);
  if (data.mattered) drawMattered(scene, matteredAt(data, at));
  drawChances(scene);
  drawCursor(scene);
  drawAxis(scene);
}

function within(context, x, y, w, h, alpha, draw) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.globalAlpha = alpha;
  draw();
  context.restore();
}

// what has been heard stands out, the rest is pale
function drawSignal({ pen, view, data, at, image }) {
  const { left, wide, top, high, below } = view, [first, end] = reads(data, at), from = view.x(first);
  const draw = () => (image ? stretched(pen, image, left, top, wide, high) : drawLines(pen, view, data));
  const pale = { px: view.text, colour: pen.colours.muted, max: wide + view.side };
  pen.text(data.picture.name, left, view.title / 2, pale);
  within(pen.context, left, top, wide, high, 0.2, draw);
  within(pen.context, from, top, view.x(end) - from, high, 1, draw);
  pen.box(left, top, wide, below - top, 3, pen.line, null, 1);
  if (data.picture.form === "lines") drawNames(pen, view, data);
}

function stretched(pen, { canvas }, x, y, w, h) {
  pen.context.imageSmoothingEnabled = false;
  pen.context.drawImage(canvas, x, y, w, h);
}

function drawLines(pen, view, data) {
  const { T, size, values } = data.picture, c = pen.context, half = view.high / 2;
  for (let j = 0; j < size; j++) {
    c.setLineDash(DASHES[j % DASHES.length]);
    const points = Array.from({ length: T }, (_, t) =>
      [view.x(t + 0.5), view.top + half - half * 0.94 * Math.max(-1, Math.min(1, values[t * size + j]))]);
    pen.wire(points, pen.colours[HUES[j % HUES.length]], 1.6);
    c.setLineDash([]);
  }
}

function drawNames(pen, view, data) {
  data.picture.rows.forEach((name, j) => {
    const y = view.top + 10 + j * 19, x = view.bars;
    if (y > view.below - 4) return;
    pen.context.setLineDash(DASHES[j % DASHES.length]);
    pen.wire([[x, y], [x + 26, y]], pen.colours[HUES[j % HUES.length]], 2);
    pen.context.setLineDash([]);
    pen.text(name, x + 32, y, { px: 14, max: view.side - 32 });
  });
}

// the gradient comes back from the answer, from the right to the left
function drawMattered({ pen, view, data }, share) {
  const y = view.below + view.title, high = view.strip, T = data.picture.T, hue = pen.colours.backward;
  pen.text(data.words.mattered || "", view.left, view.below + view.title / 2 + 2,
    { px: view.text, colour: share > 0 ? hue : pen.colours.muted, max: view.wide + view.side });
  pen.wire([[view.left, y + high], [view.left + view.wide, y + high]], pen.line, 1);
  data.mattered.forEach((one, t) => {
    const grown = Math.min(1, Math.max(0, share * (T + 4) - (T - 1 - t))), tall = high * one * grown;
    const x = view.x(t), w = view.x(t + 1) - x;
    if (tall > 0) pen.rect(x + Math.min(1, w * 0.1), y + high - tall, Math.max(1, w - 2), tall, hue);
  });
}

function drawChances({ pen, view, data, at }) {
  const heard = heardBy(data, at), done = heard === data.windows.length, best = heard ? leader(data, heard - 1) : null;
  pen.text(data.words.chances || "", view.left, view.rows - view.title / 2 - 1,
    { px: view.text, colour: pen.colours.muted, max: view.wide + view.side });
  data.labels.forEach((label, c) => {
    const y = view.y(c), right = done && c === data.right;
    const colour = right ? pen.colours.forward : c === best ? pen.colours.ink : pen.colours.muted;
    pen.text(`${right ? "✓ " : ""}${label}`, view.left - 8, y + view.row / 2,
      { align: "right", px: view.text, bold: right || c === best, colour, max: view.left - 10 });
    drawTrack(pen, view, data, c, y, heard, pen.colours.forward);
    if (heard) drawBar(pen, view, chance(data, heard - 1, c), y, c === best, right);
  });
}

// one class through time: the fuller the likelier
function drawTrack(pen, view, data, c, y, heard, hue) {
  const { windows, picture } = data, high = view.row - 3;
  pen.rect(view.left, y + 1, view.wide, high, pen.soft);
  for (let k = 0; k < heard; k++) {
    const from = k ? windows[k - 1][1] : 0, p = chance(data, k, c), x = view.x(from);
    const w = view.x(Math.min(windows[k][1], picture.T)) - x;
    pen.rect(x, y + 1 + high * (1 - p), w + 0.5, high * p, mix(pen.colours.background, hue, 0.35 + 0.65 * p));
  }
}

function drawBar(pen, view, p, y, leads, right) {
  const room = view.side - 56, hue = right || leads ? pen.colours.forward : pen.colours.pipe;
  pen.rect(view.bars, y + 3, Math.max(1, room * p), view.row - 7, hue);
  if (p >= 0.005) pen.text(percent(p), view.bars + Math.max(1, room * p) + 6, y + view.row / 2,
    { px: view.text, bold: leads, colour: leads ? pen.colours.ink : pen.colours.muted });
}

// where the reading is, and, once it is over, since when the network was sure
function drawCursor({ pen, view, data, at }) {
  const [first, end] = reads(data, at), x = view.x(end), c = pen.context, n = data.windows.length;
  const foot = view.y(data.labels.length);
  if (data.windows[n - 1][0] > 0) pen.box(view.x(first), view.top, x - view.x(first), view.high, 4, pen.colours.forward,
    null, 2.5);
  if (at < n) across(pen, view, x, foot, pen.colours.forward, 2);
  const sure = heardBy(data, at) === n ? sureFrom(data) : null;
  if (sure === null) return;
  const place = view.x(data.windows[sure][1]);
  c.setLineDash([5, 4]);
  across(pen, view, place, foot, pen.colours.ink, 1.75);
  c.setLineDash([]);
}

// over the signal and over the chances, and not over what is written between
function across(pen, view, x, foot, colour, width) {
  pen.wire([[x, view.top], [x, view.below]], colour, width);
  pen.wire([[x, view.rows], [x, foot]], colour, width);
}

function drawAxis({ pen, view, data, at }) {
  const y = view.axis + 11, n = data.windows.length, end = view.left + view.wide, unit = data.words.time || "";
  const sure = heardBy(data, at) === n ? sureFrom(data) : null, said = { px: 14, colour: pen.colours.muted };
  const place = sure === null ? null : Math.min(Math.max(view.x(data.windows[sure][1]), view.left + 70), end - 70);
  if (place === null || place > view.left + 100) pen.text("0", view.left, y, said);
  if (place === null || place < end - 150)
    pen.text(`${seconds(data, data.picture.T)} ${unit}`, end, y, { ...said, align: "right" });
  if (place === null) return;
  const since = `${data.words.sure || ""} ${seconds(data, data.windows[sure][1])} ${unit}`;
  pen.text(since, place, y, { px: 14, bold: true, align: "center" });
}
