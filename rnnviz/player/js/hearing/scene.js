// What is drawn on the canvas at a moment: the signal as far as it is heard, and the chances as they grow.

import { mix } from "../core/colours.js";
import { chance, heardBy, leader, matteredAt, reads, sureFrom } from "./moments.js";
import { percent, seconds } from "./said.js";

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
  if (data.beside !== null) drawBeside(pen, view, data, first, end);
  within(pen.context, left, top, wide, high, 0.2, draw);
  within(pen.context, from, top, view.x(end) - from, high, 1, draw);
  pen.box(left, top, wide, below - top, 3, pen.line, null, 1);
  if (data.picture.form === "lines") drawNames(pen, view, data);
  if (data.padding) drawPadding(pen, view, data.padding, data.picture.T);
}

function stretched(pen, { canvas }, x, y, w, h) {
  pen.context.imageSmoothingEnabled = false;
  pen.context.drawImage(canvas, x, y, w, h);
}

function drawLines(pen, view, data) {
  const { T, size, values } = data.picture, half = view.high / size / 2;
  for (let j = 0; j < size; j++) {
    const middle = view.top + half * (2 * j + 1);
    const points = Array.from({ length: T }, (_, t) =>
      [view.x(t + 0.5), middle - half * 0.94 * Math.max(-1, Math.min(1, values[t * size + j]))]);
    pen.wire(points, pen.colours.ink, 1.6);
  }
}

function drawNames(pen, view, data) {
  const lane = view.high / data.picture.size, end = view.left + view.wide;
  const how = { align: /** @type {const} */ ("right"), px: Math.min(view.text, lane), max: view.left - 10 };
  data.picture.rows.forEach((name, j) => {
    const y = view.top + lane * j;
    if (j) pen.wire([[view.left, y], [end, y]], pen.line, 1);
    pen.text(name, view.left - 8, y + lane / 2, { ...how, colour: pen.colours.muted });
  });
}

// a window that stays, and what the reading has in common with it
function drawBeside(pen, view, data, first, end) {
  const [from, to] = data.windows[data.beside], x = view.x(from), hue = pen.colours.forward;
  if (first === from) return;
  const start = Math.max(first, from), shared = Math.min(end, to) - start;
  if (shared > 0) {
    const weak = mix(pen.colours.background, hue, 0.22);
    pen.rect(view.x(start), view.top, view.x(start + shared) - view.x(start), view.high, weak);
  }
  pen.context.setLineDash([5, 4]);
  pen.box(x, view.top, view.x(to) - x, view.high, 4, hue, null, 2);
  pen.context.setLineDash([]);
}

function drawPadding(pen, view, { from, name }, T) {
  const x = view.x(from), wide = view.x(T) - x;
  pen.box(x, view.top, wide, view.high, 0, pen.line, pen.soft, 1);
  pen.text(name, x + 10, view.top + view.text, { px: view.text, max: wide - 20 });
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
