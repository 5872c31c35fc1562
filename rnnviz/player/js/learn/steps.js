// A number at each time step, such as the norm of the gradient that comes back from the loss.

import { axisOf, drawYAxis, placeY } from "./curves.js";
import { ticks } from "./axes.js";
import { stroke } from "./strokes.js";

export function drawSteps(scene, panel, box) {
  const { pen, text, records, at, lanes, state } = scene;
  const [name] = panel.of;
  const T = records.size(name);
  const px = Math.max(14, text - 1);
  const axis = axisOf(scene, panel);
  const y = placeY(axis, box);
  const x = step => box.x + ((step + 0.5) / Math.max(1, T)) * box.w;
  drawYAxis(pen, axis, box, px);
  drawStepMarks(pen, T, box, x, px, state.words.step);
  pen.within([box.x - 4, box.y - 6, box.w + 8, box.h + 7], () => {
    lanes.forEach((lane, index) => {
      if (at < lane.begins) return;
      const colour = lanes.length === 1 ? pen.colours.backward : pen.colours[lane.hue];
      const points = Array.from({ length: T }, (_, step) => [x(step), y(records.between(name, index, at, step))]);
      if (!points.length || Number.isNaN(points[0][1])) return;
      const foot = box.y + box.h;
      if (lanes.length === 1)
        pen.faded(0.2, () => pen.area([[points[0][0], foot], ...points, [points.at(-1)[0], foot]], colour));
      stroke(pen, points, { colour, width: 2.25, dash: lane.dash, alpha: lane.alpha });
    });
  });
}

/** The time steps along the foot of a box. */
export function drawStepMarks(pen, T, box, x, px, word) {
  const every = Math.max(1, ticks(0, T, Math.floor(box.w / 64))[1] ?? T);
  for (let step = every - 1; step < T; step += every) {
    const said = step === every - 1 ? `${word} ${step + 1}` : String(step + 1);
    const wide = pen.wide(said, { px });
    pen.text(said, Math.max(x(step), box.x + wide / 2 - 8), box.y + box.h + 14,
      { align: "center", colour: pen.colours.muted, px });
  }
}
