// A board of sources and answers, which go on at once: letters appear, wrong ones are boxed, in the end what is right.

import { mix } from "../core/colours.js";
import { ease, part, readAt, saidAt, wrong } from "./moments.js";

/** Draw all lines. */
export function drawBoard(scene) {
  scene.data.lines.forEach((line, k) => drawLine(scene, line, k));
}

function drawLine(scene, line, k) {
  const { pen, view, data, at } = scene, { colours } = pen, y = view.first + k * view.high;
  const base = view.stacked ? y + view.high * 0.42 : y + view.high * 0.36;
  drawSource(scene, line, view.stacked ? y + view.high * 0.13 : base);
  line.said.forEach((letter, u) => drawLetter(scene, line, u, letter, base));
  if (!line.truth || saidAt(data, line.said.length - 1, at) < 1) return;
  const bad = isWrong(line);
  const mark = bad ? "✗" : "✓", x = view.left + line.said.length * view.cell + 12;
  pen.text(mark, x, base, { bold: true, px: view.letter, colour: bad ? colours.positive : colours.forward });
  if (bad) pen.text(line.truth.slice(0, -1).join(""), view.left, base + view.letter * 0.72 + view.small * 0.58,
    { px: view.small, colour: colours.muted, max: view.width - view.left - 6 });
}

/** Whether an answer is not right from the first letter to the last. */
export const isWrong = line => line.said.length !== line.truth.length || line.said.some((_, u) => wrong(line, u));

// the letters that were read stand out
function drawSource({ pen, view, data, at }, line, y) {
  const { colours } = pen, T = line.source.length, words = line.source.join("");
  const count = line.source.filter((_, t) => readAt(data, T, t, at) > 0.5).length;
  const room = view.stacked ? view.width * (line.name ? 0.56 : 0.96) : view.left - 30;
  const width = () => widthOf(pen, words);
  let px = view.small + (view.stacked ? 0 : 1);
  pen.font(false, false, px);
  if (width() > room) px *= room / width();
  pen.font(false, false, px);
  const x = view.stacked ? view.left : view.left - 24 - width(), read = words.slice(0, count);
  const on = x + widthOf(pen, read), end = x + width();
  pen.text(read, x, y, { px });
  pen.text(words.slice(count), on, y, { px, colour: mix(colours.background, colours.muted, 0.75) });
  if (line.name) pen.text(line.name, end + 14, y, { px, colour: colours.forward, max: view.width - end - 20 });
}

const widthOf = (pen, words) => pen.context.measureText(words).width;

function drawLetter({ pen, view, data, at }, line, u, letter, y) {
  const done = ease(part(saidAt(data, u, at), 0.1, 0.7)), { colours } = pen;
  if (!done) return;
  const x = view.left + (u + 0.5) * view.cell, bad = wrong(line, u), c = pen.context;
  c.save();
  c.globalAlpha = done;
  if (bad) pen.box(x - view.cell * 0.48, y - view.letter * 0.68, view.cell * 0.96, view.letter * 1.36, 3,
    colours.positive, mix(colours.background, colours.positive, 0.2), 1.5);
  const ends = u === line.said.length - 1;
  pen.text(letter === " " && bad ? "␣" : letter, x, y, { align: "center", bold: !ends, px: view.letter,
    colour: ends ? colours.muted : colours.ink });
  c.restore();
}
