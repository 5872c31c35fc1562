// A matrix of signed numbers: blue below zero, orange above; some of them may be struck through.

import { signedColour } from "../core/colours.js";

export function drawHeat(scene, panel, box) {
  const { pen, records, at, lanes, state } = scene;
  const chosen = lanes.findIndex(({ id }) => id === state.chosen);
  const lane = Math.max(0, chosen);
  const [rows, columns] = panel.shape;
  const side = Math.min(box.w / columns, box.h / rows);
  const [left, top] = [box.x + (box.w - side * columns) / 2, box.y + (box.h - side * rows) / 2];
  const gap = side > 9 ? 1 : 0;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const value = records.between(panel.of[0], lane, at, row * columns + column);
      if (Number.isNaN(value)) continue;
      const colour = signedColour(pen.colours, value / panel.most);
      pen.context.fillStyle = `rgb(${colour})`;
      pen.context.fillRect(left + column * side, top + row * side, side - gap, side - gap);
      if (panel.struck && records.between(panel.struck, lane, at, row * columns + column) > 0.5)
        strike(pen, left + column * side, top + row * side, side - gap);
    }
}

function strike(pen, x, y, side) {
  const [near, far] = [side * 0.2, side * 0.8];
  pen.line(x + near, y + near, x + far, y + far, pen.colours.muted, 1.5);
  pen.line(x + far, y + near, x + near, y + far, pen.colours.muted, 1.5);
}
