// The error surface: E at the nodes of a mesh, one column of nodes for each w, from the lowest b to the highest. The
// middle row runs along the cliff, so that no piece of the mesh lies across it.

import { ticks } from "./ticks.js";

const LINES = 14; // contours, about: equally far apart in the root of E, which is by how much the output misses

export function openMesh({ w, b, error, rows, folds }) {
  const columns = w.length;
  const node = (i, j) => i * rows + j;
  const low = { w: w[0], b: b[0] };
  const high = { w: w[columns - 1], b: b[rows - 1] };
  const worst = error.reduce((most, one) => Math.max(most, one), 0) || 1;
  const levels = ticks(0, Math.sqrt(worst), LINES).values.filter(miss => miss > 0).map(miss => miss ** 2);

  /** E at (w, b), between the four nodes around it. */
  function at(x, y) {
    const place = Math.min(Math.max((x - low.w) / (high.w - low.w), 0), 1) * (columns - 1);
    const i = Math.min(Math.floor(place), columns - 2);
    const s = place - i;
    const height = j => b[node(i, j)] * (1 - s) + b[node(i + 1, j)] * s;
    let from = 0;
    let to = rows - 1;
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (height(middle) <= y) from = middle;
      else to = middle;
    }
    const below = height(from);
    const t = Math.min(Math.max((y - below) / (height(to) - below), 0), 1);
    const side = i => error[node(i, from)] * (1 - t) + error[node(i, to)] * t;
    return side(i) * (1 - s) + side(i + 1) * s;
  }

  const corner = (i, j) => [w[i], b[node(i, j)], error[node(i, j)]];
  const inside = (x, y) => x >= low.w && x <= high.w && y >= low.b && y <= high.b;
  /** How dark E is drawn, from 0 to 1: by the root of E, so that the valley's floor shows. */
  const darkness = e => Math.sqrt(Math.min(Math.max(e, 0), worst) / worst);
  const contours = contoursOf(corner, columns, rows, levels);
  return { w, b, error, rows, columns, node, low, high, worst, at, inside, darkness, contours, folds: folds ?? [] };
}

/** Pieces of the lines on which E has one of the values `levels`: [w, b, w, b, E] each. */
function contoursOf(corner, columns, rows, levels) {
  const pieces = [];
  for (let i = 0; i < columns - 1; i++)
    for (let j = 0; j < rows - 1; j++) {
      const [p, q, r, s] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      for (const level of levels) pieces.push(...across([p, q, r], level), ...across([p, r, s], level));
    }
  return pieces;
}

/** The piece of a contour in one triangle, if there is one. */
function across(triangle, level) {
  const crossed = [];
  for (let k = 0; k < 3; k++) {
    const [one, two] = [triangle[k], triangle[(k + 1) % 3]];
    if (one[2] < level === two[2] < level) continue;
    const u = (level - one[2]) / (two[2] - one[2]);
    crossed.push(one[0] + u * (two[0] - one[0]), one[1] + u * (two[1] - one[1]));
  }
  return crossed.length ? [[...crossed, level]] : [];
}
