// How far each way is off on average, by how many steps ahead: a line for each, which settles as the origin travels.

import { ticks } from "../learn/axes.js";
import { head, stroke } from "../learn/strokes.js";

const MANY = 25; // steps: more than that are lines alone

export function drawErrors(scene, box) {
  const { pen, stage, data, at, px } = scene;
  const { colours } = pen;
  const low = Math.min(data.last, Math.floor(at + 1e-6));
  const high = Math.min(data.last, low + 1);
  const { horizon } = data;
  const x = step => box.x + ((step + 0.5) / horizon) * box.w;
  const y = value => box.y + box.h * (1 - (value - stage.low_error) / (stage.high_error - stage.low_error));
  for (const value of ticks(stage.low_error, stage.high_error, Math.max(2, Math.floor(box.h / 40)))) {
    pen.line(box.x, y(value), box.x + box.w, y(value), colours.line, 0.75);
    pen.text(String(Number(value.toPrecision(6))), box.x - 7, y(value), { align: "right", colour: colours.muted, px });
  }
  drawSteps(scene, box, x);
  const value = (way, step) => {
    const [one, other] = [data.error(low, way, step), data.error(high, way, step)];
    return Number.isNaN(other) ? one : one + (other - one) * (at - low);
  };
  pen.within([box.x - 6, box.y - 6, box.w + 12, box.h + 12], () => {
    for (let way = data.ways.length - 1; way >= 0; way -= 1) { // the first one is on top
      const { hue, dash, wide } = data.ways[way];
      const points = Array.from({ length: horizon }, (_, step) => [x(step), y(value(way, step))]);
      stroke(pen, points, { colour: colours[hue], width: wide, dash });
      if (horizon < MANY) for (const [px_, py] of points) head(pen, px_, py, colours[hue], { radius: 3 });
    }
  });
}

function drawSteps({ pen, stage, data, px }, box, x) {
  const every = Math.max(1, ticks(0, data.horizon, Math.floor(box.w / 64))[1] ?? data.horizon);
  const first = `${stage.words.ahead || ""} 1`;
  let free = box.x - 40;
  for (let step = 0; step < data.horizon; step += 1) {
    if (step && (step + 1) % every) continue;
    const said = step ? String(step + 1) : first;
    const wide = pen.wide(said, { px });
    const left = Math.max(x(step) - wide / 2, box.x - 34);
    if (left < free) continue;
    pen.text(said, left, box.y + box.h + 15, { colour: pen.colours.muted, px });
    free = left + wide + 18;
  }
}
