// Paths over a map of heights, such as a slice of the loss surface: shaded, with contour lines.

import { mix } from "../core/colours.js";
import { contours } from "./contours.js";
import { opened } from "./records.js";
import { head, stroke, thinned } from "./strokes.js";

const maps = new WeakMap(); // of each constant: its heights, and the picture of it

export function drawPaths(scene, panel, box) {
  const { pen, state, text, records, ghost, at, lanes } = scene;
  const map = state.stage.constants?.[panel.map];
  if (!map) return;
  const x = value => box.x + ((value - map.x[0]) / (map.x[1] - map.x[0])) * box.w;
  const y = value => box.y + box.h - ((value - map.y[0]) / (map.y[1] - map.y[0])) * box.h;
  drawMap(pen, map, box, x, y);
  const px = Math.max(14, text - 1);
  pen.text(panel.axes[0], box.x + box.w / 2, box.y + box.h + 13, { align: "center", colour: pen.colours.muted, px });
  if (panel.axes[1]) pen.text(panel.axes[1], box.x + 6, box.y + 12, { colour: pen.colours.ink, px, plate: true });
  if (panel.goal) drawGoal(pen, panel.goal, x, y, px);
  const [name] = panel.of;
  pen.within([box.x, box.y, box.w, box.h], () => lanes.forEach((lane, index) => {
    const colour = pen.colours[lane.hue];
    const way = (known, to) => thinned(lane.begins, to, frame => x(known.at(name, index, frame, 0)),
      frame => y(known.at(name, index, frame, 1)));
    if (ghost) stroke(pen, way(ghost, ghost.frames - 1), { colour, width: 1.25, alpha: 0.25 * lane.alpha });
    if (at < lane.begins) return;
    const points = way(records, Math.floor(at));
    const now = [x(records.between(name, index, at, 0)), y(records.between(name, index, at, 1))];
    points.push(now);
    stroke(pen, points, { colour: pen.colours.background, width: 5, alpha: 0.6 * lane.alpha });
    stroke(pen, points, { colour, width: 2.25, dash: lane.dash, alpha: lane.alpha });
    pen.faded(lane.alpha, () => {
      pen.dot(points[0][0], points[0][1], 4, pen.colours.background, colour, 2);
      head(pen, now[0], now[1], colour, { radius: 5.5, glow: scene.glow });
    });
  }));
}

/** The lowest place: a cross, and its name below it. */
function drawGoal(pen, { label, ...goal }, x, y, px) {
  const [left, top] = [x(goal.x), y(goal.y)];
  for (const turn of [1, -1]) pen.line(left - 6, top - 6 * turn, left + 6, top + 6 * turn, pen.colours.ink, 2);
  pen.text(label, left, top + 19, { align: "center", colour: pen.colours.ink, px, plate: true });
}

/** The map as a picture of its own, made once for its size and colours. */
function drawMap(pen, map, box, x, y) {
  const kept = maps.get(map) ?? { heights: opened({ type: "f4", data: map.z }), looks: "", canvas: null, lines: null };
  maps.set(map, kept);
  const [rows, columns] = map.shape;
  const looks = `${pen.colours.background} ${rows} ${columns}`;
  if (kept.looks !== looks) {
    Object.assign(kept, { looks, canvas: shaded(pen, kept.heights, rows, columns) });
    kept.lines ??= map.levels.map(level => contours(kept.heights, rows, columns, level));
  }
  pen.context.imageSmoothingEnabled = true;
  pen.context.drawImage(kept.canvas, box.x, box.y, box.w, box.h);
  const across = column => x(map.x[0] + ((map.x[1] - map.x[0]) * column) / (columns - 1));
  const up = row => y(map.y[0] + ((map.y[1] - map.y[0]) * row) / (rows - 1));
  pen.context.beginPath();
  for (const [from, to] of kept.lines.flat()) {
    pen.context.moveTo(across(from[0]), up(from[1]));
    pen.context.lineTo(across(to[0]), up(to[1]));
  }
  pen.context.strokeStyle = `rgb(${pen.colours.line})`;
  pen.context.lineWidth = 1;
  pen.context.stroke();
}

/** Heights by their rank: the lowest ground is the page, the highest the darkest. */
function shaded(pen, heights, rows, columns) {
  const sorted = [...heights].filter(Number.isFinite).sort((a, b) => a - b);
  const rank = value => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low / Math.max(1, sorted.length - 1);
  };
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const value = heights[row * columns + column];
      const colour = mix(pen.colours.background, pen.colours.muted, Number.isFinite(value) ? 0.5 * rank(value) : 0.6);
      pixels.data.set([...colour, 255], 4 * ((rows - 1 - row) * columns + column));
    }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
