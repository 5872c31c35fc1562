// The matrix as it grows: the source and the encoder's states above; for each letter that is said, where it looked.

import { mix, rgb } from "../core/colours.js";
import { percent } from "../core/numbers.js";
import { ease, part, readAt, saidAt, wrong } from "./moments.js";

/** Draw it. `over`: the row or the column under the pointer, or null. */
export function drawMatrix(scene) {
  const { data } = scene, [line] = data.lines;
  drawSource(scene, line);
  if (data.states) drawStates(scene, line);
  line.said.forEach((_, u) => drawRow(scene, line, u));
}

// which row's weights the source shows: that under the pointer, or the one that is being said
function looking({ data, at, over }, line) {
  if (over && over.row !== null && saidAt(data, over.row, at) === 1) return { u: over.row, much: 1 };
  const u = Math.floor(at - data.reads - 1e-6);
  if (u < 0 || u >= line.said.length) return null;
  return { u, much: ease(part(saidAt(data, u, at), 0, 0.3)) };
}

function drawSource(scene, line) {
  const { pen, view, data, at } = scene, { colours } = pen, T = line.source.length, now = looking(scene, line);
  line.source.forEach((letter, t) => {
    const x = view.x(t), y = view.top + view.text / 2, read = readAt(data, T, t, at);
    const weight = now && line.weights ? line.weights[now.u * T + t] * now.much : 0;
    if (weight > 0.02) {
      const half = Math.min(view.wide / 2 - 1, 17);
      pen.box(x - half, y - view.text * 0.72, 2 * half, view.text * 1.44, 5, null,
        mix(colours.background, colours.forward, 0.55 * weight));
    }
    const colour = mix(colours.muted, colours.ink, read);
    pen.text(letter, x, y, { align: "center", bold: read > 0.5, px: view.above, colour });
  });
}

// the encoder's states: those of the direction that reads from the right lie below
function drawStates({ pen, view, data, at, picture }, line) {
  const T = line.source.length, c = pen.context, cell = Math.max(2, view.wide - (view.wide > 16 ? 4 : 1));
  const y = view.foot - view.strip, half = view.strip / data.ways;
  for (let t = 0; t < T; t++)
    for (let way = 0; way < data.ways; way++) {
      const x = view.x(t) - cell / 2, top = y + way * half, done = ease(readAt(data, T, t, at, way === 1));
      pen.rect(x, top, cell, half - 2, pen.soft);
      if (!done) continue;
      c.save();
      c.globalAlpha = done;
      c.imageSmoothingEnabled = false;
      const rows = picture.canvas.height / data.ways;
      c.drawImage(picture.canvas, t, way * rows, 1, rows, x, top, cell, half - 2);
      c.restore();
    }
  const there = part(at, data.reads - 1, data.reads);
  if (!there || line.weights) return;
  const width = 1 + 1.5 * there, strong = pen.colours.forward; // all that is handed over
  pen.box(view.x(T - 1) - cell / 2 - 1, y - 1, cell + 2, half, 3, strong, null, width);
  if (data.ways === 2) pen.box(view.x(0) - cell / 2 - 1, y + half - 1, cell + 2, half, 3, strong, null, width);
}

function drawRow(scene, line, u) {
  const { pen, view, data, at, over } = scene, { colours } = pen, T = line.source.length;
  const done = saidAt(data, u, at), y = view.row(u), middle = y + view.high / 2;
  pen.wire([[view.x(0) - view.wide / 2, y + view.high], [view.x(T - 1) + view.wide / 2, y + view.high]],
    mix(colours.background, colours.muted, 0.16), 1);
  if (!done) return;
  const strong = !over || over.row === null || over.row === u;
  if (line.weights) drawWeights(scene, line, u, done, strong);
  else drawSure(scene, line, u, done);
  const shown = ease(part(done, 0.62, 0.9)), bad = wrong(line, u);
  if (!shown) return;
  const c = pen.context, x = view.left - (view.narrow ? 12 : 20);
  c.save();
  c.globalAlpha = shown * (strong ? 1 : 0.45);
  if (bad) pen.box(x - 11, middle - view.letter * 0.62, 22, view.letter * 1.24, 4, colours.positive, null, 2);
  const letter = line.said[u] === " " ? "␣" : line.said[u];
  pen.text(letter, x, middle, { align: "center", bold: true, px: view.letter, colour: colours.ink });
  if (bad && !view.narrow && line.truth[u])
    pen.text(`(${line.truth[u] === " " ? "␣" : line.truth[u]})`, x - 34, middle, { align: "center",
      px: Math.min(view.letter, 15), colour: colours.muted });
  c.restore();
}

function drawWeights(scene, line, u, done, strong) {
  const { pen, view, over } = scene, { colours } = pen, T = line.source.length, y = view.row(u);
  const grown = ease(part(done, 0.08, 0.5)), along = part(done, 0.42, 0.75), c = pen.context;
  for (let t = 0; t < T; t++) {
    const weight = line.weights[u * T + t], x = view.x(t), lit = strong && (over?.column ?? t) === t;
    if (weight > 0.03 && done < 1) {
      c.save();
      c.globalAlpha = (0.25 + 0.75 * weight) * (1 - part(done, 0.75, 1));
      pen.wire([[x, view.foot + 2], [x, view.foot + 2 + (y + view.high / 2 - view.foot - 2) * grown]], colours.forward,
        1 + 5 * weight);
      c.restore();
    }
    if (!grown) continue;
    const shade = mix(colours.background, colours.forward, Math.min(1, weight * grown) * (lit ? 1 : 0.35));
    pen.rect(x - view.wide / 2 + 1, y + 1, view.wide - 2, view.high - 2, shade);
  }
  if (!along || along === 1) return;
  const from = line.source.reduce((sum, _, t) => sum + line.weights[u * T + t] * view.x(t), 0);
  c.beginPath();
  c.arc(from + (view.left - 16 - from) * ease(along), y + view.high / 2, 5, 0, 2 * Math.PI);
  c.fillStyle = rgb(colours.forward);
  c.fill();
}

// without attention there is no place to look: how sure it is of each letter
function drawSure({ pen, view }, line, u, done) {
  const { colours } = pen, y = view.row(u), p = line.p[u], width = Math.min(260, view.width - view.left - 90);
  const high = Math.min(16, view.high - 6), grown = ease(part(done, 0.3, 0.9));
  pen.box(view.left + 4, y + (view.high - high) / 2, width, high, 4, null, pen.soft);
  pen.box(view.left + 4, y + (view.high - high) / 2, Math.max(2, width * p * grown), high, 4, null,
    wrong(line, u) ? colours.positive : colours.forward);
  if (grown === 1) pen.text(percent(p), view.left + width + 14, y + view.high / 2, { px: Math.min(15,
    view.high), colour: colours.muted });
}
