// What is drawn on the canvas at a moment: letters, rows of states, and what travels between them.

import { mix, rgb } from "../core/colours.js";
import { answered, countOf, doneAt, placeOf, readBy } from "./moments.js";

const ease = u => u * u * (3 - 2 * u);
const part = (u, from, to) => Math.min(1, Math.max(0, (u - from) / (to - from)));

/** Draw the whole picture. `known`: the stretch of letters that stands out, [first, last] or null. */
export function drawScene(scene) {
  const { pen, view } = scene;
  pen.context.clearRect(0, 0, view.width, view.height);
  drawKnown(scene);
  scene.data.rows.forEach((row, k) => drawRow(scene, row, k));
  drawTape(scene);
  scene.data.rows.forEach((row, k) => drawTravel(scene, row, k));
  drawAnswer(scene);
}

// the letters that the state under the pointer, or the newest state of each row, can know
function drawKnown({ pen, view, known }) {
  if (!known) return;
  const [first, last] = known, x = view.x(first) - view.wide / 2, high = view.tape + 46;
  pen.box(x, view.tape - 3, view.wide * (last - first + 1), high - view.tape + 6, 8, pen.colours.forward,
    mix(pen.colours.background, pen.colours.forward, 0.1), 1.5);
}

function drawTape({ pen, view, data, at, over, known, picks }) {
  const { letters, gap, changed } = data, y = view.tape + 23, T = letters.length;
  const size = sizeOf(view);
  const read = letters.map((_, t) => data.rows.some(row => !row.reads.length && doneAt(row, T, t, at) > 0));
  letters.forEach((letter, t) => {
    const x = view.x(t), inside = !known || (t >= known[0] && t <= known[1]);
    const colour = inside && (read[t] || known) ? pen.colours.ink : pen.colours.muted;
    if (t === gap) drawGap(pen, view, x, y, answered(data, at) > 0.6 ? guessOf(data) : "");
    else pen.text(letter, x, y, { align: "center", bold: read[t], px: size, colour });
    const pointed = picks && over?.row === null && over.t === t, half = view.wide * 0.3;
    if (pointed) pen.wire([[x - half, y + 20], [x + half, y + 20]], pen.colours.forward, 3);
  });
  if (!changed) return;
  const x = view.x(changed.at), w = Math.max(view.wide * 0.86, 15);
  pen.box(x - w / 2, y - 18, w, 36, 6, pen.colours.positive, null, 2.5);
  pen.text(changed.was, x, y + 32, { align: "center", px: Math.min(size, 20), colour: pen.colours.muted });
  pen.wire([[x - 8, y + 32], [x + 8, y + 32]], pen.colours.muted, 1.5);
}

const sizeOf = view => Math.min(view.text + 11, Math.max(11, view.wide * 0.7));

// what the last of those who guess takes for likeliest
const guessOf = ({ guesses }) => guesses.at(-1).letters[guesses.at(-1).p.indexOf(Math.max(...guesses.at(-1).p))];

function drawGap(pen, view, x, y, guess) {
  pen.box(x - view.wide * 0.38, y - 18, view.wide * 0.76, 36, 5, pen.colours.ink, null, 2);
  if (guess) pen.text(guess, x, y, { align: "center", bold: true, px: sizeOf(view), colour: pen.colours.forward });
}

function drawRow(scene, row, k) {
  const { pen, view, data, at } = scene, T = data.letters.length, y = view.row(k), high = view.high;
  const c = pen.context, cell = Math.max(view.wide - (view.wide > 20 ? 8 : 3), 3);
  if (view.narrow) pen.text(row.name, view.left + 2, y - 11, { px: 14, colour: pen.colours.muted });
  else nameBeside(scene, row, y + high / 2);
  pen.wire([[view.x(0), y + high / 2], [view.x(T - 1), y + high / 2]], pen.line, 2);
  for (let t = 0; t < T; t++) {
    const x = view.x(t) - cell / 2, done = doneAt(row, T, t, at), filled = ease(part(done, 0.5, 1));
    if (countOf(row, T, t) >= row.drawn) continue;
    pen.box(x, y, cell, high, 5, pen.line, pen.colours.background, 1.25);
    if (!filled) continue;
    c.save();
    c.globalAlpha = filled;
    if (row.differs) drawDifference(scene, row, t, x, y, cell);
    else pen.column(scene.pictures[k], t, x + 1.5, y + 1.5, cell - 3, high - 3);
    c.restore();
    const strong = scene.over?.row === k && scene.over.t === t;
    if (strong || t === data.gap) pen.box(x - 1, y - 1, cell + 2, high + 2, 6, strong ? pen.colours.forward
      : pen.colours.ink, null, strong ? 3 : 1.75);
  }
}

// two lines where there are two words to say: the layer, the direction
function nameBeside({ pen, view }, row, y) {
  const [first, second] = row.name.split(", ");
  const arrow = row.way > 0 ? "→" : "←";
  pen.text(`${first} ${second ? "" : arrow}`.trim(), 2, second ? y - 10 : y, { px: view.text, bold: true });
  if (second) pen.text(`${second} ${arrow}`, 2, y + 11, { px: view.text, colour: pen.colours.muted });
}

// a state that differs: the more, the fuller; exactly the same: a ring
function drawDifference({ pen, view }, row, t, x, y, cell) {
  const share = row.differs[t], c = pen.context, high = view.high;
  if (share > 0) {
    const colour = mix(pen.colours.background, pen.colours.positive, 0.25 + 0.75 * Math.sqrt(share));
    pen.rect(x + 1.5, y + 1.5, cell - 3, high - 3, colour);
    return;
  }
  c.beginPath();
  c.arc(x + cell / 2, y + high / 2, Math.min(6, cell / 3), 0, 2 * Math.PI);
  c.strokeStyle = rgb(pen.colours.muted);
  c.lineWidth = 1.5;
  c.stroke();
}

// while a letter is read: it rises, the state before comes along the row
function drawTravel(scene, row, k) {
  const { pen, view, data, at } = scene, T = data.letters.length, n = at - row.start;
  if (n <= 0 || n >= row.drawn || Number.isInteger(n)) return;
  const count = Math.floor(n), u = n - count, t = placeOf(row, T, count), y = view.row(k) + view.high / 2;
  const rise = ease(part(u, 0, 0.55)), x = view.x(t), to = view.row(k) + view.high;
  for (const below of row.reads.length ? row.reads : [null]) {
    const from = below === null ? view.tape : view.row(below) + view.high / 2;
    const bend = below === null ? 0 : (below - 0.5 * (row.reads.length - 1)) * view.wide * 0.4;
    if (u < 0.6) dot(pen, x + bend * (1 - rise), from + (to - from) * rise, view.wide);
    pen.wire([[x, from], [x, from + (to - from) * rise]], pen.colours.forward, 2);
  }
  const along = row.way * view.wide * ease(part(u, 0.1, 0.6));
  if (count > 0 && u < 0.62) dot(pen, view.x(placeOf(row, T, count - 1)) + along, y, view.wide);
  const cell = Math.max(view.wide - 6, 4);
  pen.box(x - cell / 2 - 1, view.row(k) - 2, cell + 2, view.high + 4, 6, pen.colours.forward, null, 2.5);
}

function dot(pen, x, y, wide) {
  const c = pen.context;
  c.beginPath();
  c.arc(x, y, Math.max(4, Math.min(7, wide * 0.2)), 0, 2 * Math.PI);
  c.fillStyle = rgb(pen.colours.forward);
  c.fill();
}

// the states at the gap that no other row reads rise to what is guessed there
function drawAnswer({ pen, view, data, at }) {
  const u = answered(data, at), T = data.letters.length;
  if (u <= 0 || data.gap === null) return;
  const x = view.x(data.gap), top = 2;
  data.rows.forEach((row, k) => {
    if (data.rows.some(one => one.reads.includes(k)) || readBy(row, at) <= countOf(row, T, data.gap)) return;
    const from = view.row(k), y = from + (top - from) * ease(part(u, 0, 0.6));
    pen.wire([[x, from], [x, y]], pen.colours.forward, 3);
    if (u < 0.65) dot(pen, x, y, view.wide);
  });
}
