// Answers over what they should be: a cloud that turns into the diagonal.

import { ticks } from "./axes.js";
import { stroke } from "./strokes.js";

export function drawDots(scene, panel, box) {
  const { pen, text, records, at } = scene;
  const px = Math.max(14, text - 1);
  const size = Math.min(box.w, box.h);
  const plot = { x: box.x + (box.w - size) / 2, y: box.y + (box.h - size) / 2, size };
  const share = value => (value - panel.low) / (panel.high - panel.low);
  const x = value => plot.x + share(value) * size;
  const y = value => plot.y + size - Math.min(1.05, Math.max(-0.05, share(value))) * size;
  drawFrame(pen, panel, plot, x, y, px);
  pen.within([plot.x - 8, plot.y - 8, size + 16, size + 16], () => {
    scene.lanes.forEach((lane, index) => {
      if (at < lane.begins) return;
      const colour = pen.colours[lane.hue];
      const answers = panel.targets.map((_, k) => records.between(panel.of[0], index, at, k));
      if (scene.lanes.length === 1) drawErrors(pen, panel, answers, x, y);
      const many = panel.targets.length > 60;
      const radius = many ? 3 : 4.2;
      pen.faded(lane.alpha * (many ? 0.7 : 0.9), () => panel.targets.forEach((target, k) => {
        if (!Number.isNaN(answers[k])) pen.dot(x(target), y(answers[k]), radius, colour, pen.colours.background, 1);
      }));
    });
  });
}

function drawFrame(pen, { low, high, axes }, { x: left, y: top, size }, x, y, px) {
  const { colours } = pen;
  for (const value of ticks(low, high, 4)) {
    pen.line(x(value), top, x(value), top + size, colours.line, 0.75);
    pen.line(left, y(value), left + size, y(value), colours.line, 0.75);
    pen.text(String(value), x(value), top + size + 13, { align: "center", colour: colours.muted, px });
    pen.text(String(value), left - 6, y(value), { align: "right", colour: colours.muted, px });
  }
  stroke(pen, [[x(low), y(low)], [x(high), y(high)]], { colour: colours.muted, width: 5, alpha: 0.35 });
  pen.text(axes[0], left + size / 2, top + size + 30, { align: "center", colour: colours.muted, px });
  if (axes[1]) pen.text(`↑ ${axes[1]}`, left + 6, top + 10, { colour: colours.muted, px, plate: true });
}

/** From each answer to the diagonal, where it should be. */
function drawErrors(pen, { targets }, answers, x, y) {
  pen.faded(0.3, () => targets.forEach((target, k) => {
    if (!Number.isNaN(answers[k])) pen.line(x(target), y(answers[k]), x(target), y(target), pen.colours.backward, 2);
  }));
}
