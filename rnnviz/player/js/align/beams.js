// A beam as it grows: each letter goes on from one of the step before; what nobody goes on from, fades.

import { mix, rgb } from "../core/colours.js";
import { percent } from "../core/numbers.js";
import { alive, ease, part, readAt, saidAt, spoken } from "./moments.js";

/** Draw the tree, and below it all that the beam holds now. */
export function drawBeams(scene) {
  const { data, at, view, pen } = scene, [line] = data.lines, T = line.source.length;
  const read = line.source.filter((_, t) => readAt(data, T, t, at) > 0.5).length;
  pen.text(line.source.join(""), 8, view.text * 0.9, { px: view.text + 1, bold: true,
    max: view.width - 16, colour: mix(pen.colours.muted, pen.colours.ink, read / T) });
  const begun = Math.min(data.beams.length, Math.ceil(at - data.reads - 1e-6));
  if (begun <= 0) return;
  const complete = spoken(data, at), living = alive(data.beams, Math.min(complete, begun) - 1);
  const over = at - data.reads >= data.beams.length;
  const best = over ? pathOf(data.beams) : [];
  const from = Math.max(0, Math.min(at - data.reads - view.shown + 1.5, data.beams.length - view.shown));
  const place = (u, k) => [20 + (u + 0.5 - from) * view.wide, view.top + (k + 0.5) * view.high];
  for (let u = 0; u < begun; u++) drawStep(scene, u, { place, living: living[u], best: best[u], from });
  drawList(scene, Math.min(begun, data.beams.length) - 1);
}

/** The places, step by step, of those that lead to the likeliest of the last. */
export function pathOf(beams) {
  const path = [0];
  for (let u = beams.length - 1; u > 0; u--) path.unshift(beams[u][path[0]].parent);
  return path;
}

function drawStep(scene, u, { place, living, best, from }) {
  const { pen, view, data, at } = scene, { colours } = pen, c = pen.context;
  const grown = ease(part(saidAt(data, u, at), 0, 0.6));
  if (u < from - 1) return;
  data.beams[u].forEach((one, k) => {
    const lives = !living || living.has(k), chosen = best === k, done = one.ended && u > 0
      && data.beams[u - 1][one.parent].ended;
    const strength = lives ? 1 : 0.28, [x, y] = place(u, k), size = Math.min(view.wide * 0.36, view.high * 0.36, 15);
    c.save();
    c.globalAlpha = strength;
    if (u > 0) {
      const [px, py] = place(u - 1, one.parent), bend = (px + x) / 2;
      c.beginPath();
      c.moveTo(px + size, py);
      const to = [px + size + (x - 2 * size - px) * grown, py + (y - py) * grown];
      c.bezierCurveTo(bend, py, px + (bend - px) * grown, to[1], to[0], to[1]);
      c.strokeStyle = rgb(chosen ? colours.forward : colours.muted);
      c.lineWidth = chosen ? 4 : 1 + 3 * one.p;
      c.stroke();
    }
    const shown = part(grown, 0.6, 1);
    c.globalAlpha = strength * shown;
    if (shown && !done) {
      c.beginPath();
      c.arc(x, y, size, 0, 2 * Math.PI);
      c.fillStyle = rgb(mix(colours.background, colours.forward, 0.08 + 0.42 * one.p));
      c.fill();
      c.strokeStyle = rgb(chosen ? colours.forward : pen.line);
      c.lineWidth = chosen ? 3 : 1.25;
      c.stroke();
      const letter = one.text.at(-1);
      const px = Math.min(view.text, size * 1.4);
      pen.text(letter === " " ? "␣" : letter, x, y, { align: "center", bold: true, px });
    }
    c.restore();
  });
}

function drawList({ pen, view, data }, u) {
  const { colours } = pen, bar = Math.min(120, view.width * 0.22);
  data.beams[u].forEach((one, k) => {
    const y = view.list + (k + 0.5) * view.line, p = one.p;
    pen.text(one.text.join(""), 8, y, { px: view.text, bold: k === 0, max: view.width - bar - 76 });
    pen.box(view.width - bar - 62, y - 6, bar, 12, 3, null, pen.soft);
    pen.box(view.width - bar - 62, y - 6, Math.max(1, bar * p), 12, 3, null, colours.forward);
    pen.text(percent(p), view.width - 6, y, { align: "right", px: view.text - 1, colour: colours.muted });
  });
}
