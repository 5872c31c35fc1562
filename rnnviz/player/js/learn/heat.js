// A matrix of signed numbers: blue below zero, orange above; some of them may be struck through. Or of shares, such as
// attention's weights, whose rows and columns may have names.

import { mix, signedColour } from "../core/colours.js";

const LEAST = 10; // pixels of a cell beside which a name can still be read

const shareColour = (colours, value) => mix(colours.background, colours.forward, Math.min(1, Math.max(0, value)));

export function drawHeat(scene, panel, box) {
  const { pen, records, at, lanes, state } = scene;
  const chosen = lanes.findIndex(({ id }) => id === state.chosen);
  const lane = Math.max(0, chosen);
  const [rows, columns] = panel.shape;
  const edge = panel.named ? scene.text * 1.3 : 0, inner = { w: box.w - edge, h: box.h - edge };
  const side = Math.min(inner.w / columns, inner.h / rows);
  const [wide, high] = panel.square ? [side, side] : [inner.w / columns, inner.h / rows];
  const [left, top] = [box.x + edge + (inner.w - wide * columns) / 2, box.y + edge + (inner.h - high * rows) / 2];
  const gap = side > 9 ? 1 : 0, colourOf = panel.named ? shareColour : signedColour;
  if (panel.named && side >= LEAST) drawNames(scene, panel.named, { left, top, side });
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const value = records.between(panel.of[0], lane, at, row * columns + column);
      if (Number.isNaN(value)) continue;
      const colour = colourOf(pen.colours, value / panel.most);
      pen.context.fillStyle = `rgb(${colour})`;
      pen.context.fillRect(left + column * wide, top + row * high, wide - gap, high - gap);
      if (panel.struck && records.between(panel.struck, lane, at, row * columns + column) > 0.5)
        strike(pen, left + (column + 0.5) * wide, top + (row + 0.5) * high, 0.3 * side);
    }
}

function drawNames({ pen, text }, [rows, columns], { left, top, side }) {
  const how = { align: /** @type {const} */ ("center"), px: Math.min(text, side * 1.1) };
  rows.forEach((name, row) => pen.text(name, left - text * 0.65, top + (row + 0.5) * side, how));
  columns.forEach((name, column) => pen.text(name, left + (column + 0.5) * side, top - text * 0.65, how));
}

function strike(pen, x, y, far) {
  pen.line(x - far, y - far, x + far, y + far, pen.colours.muted, 1.5);
  pen.line(x + far, y - far, x - far, y + far, pen.colours.muted, 1.5);
}
