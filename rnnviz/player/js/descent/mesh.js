// The error surface: E at the nodes of a mesh, one column of nodes for each w, from the lowest b to the highest. The
// middle row runs along the wall, so that no piece of the mesh lies across it.

export const LINES = Array.from({ length: 13 }, (_, k) => (0.05 * (k + 1)) ** 2); // a contour for each 0.05 of |output - target|
export const WORST = 0.49; // E is less: outputs lie in (0, 1), the target is 0.7

export function openMesh({ w, b, error, rows }) {
  const columns = w.length, node = (i, j) => i * rows + j;
  const low = { w: w[0], b: b[0] }, high = { w: w[columns - 1], b: b[rows - 1] };

  // E at (w, b), between the four nodes around it
  function at(x, y) {
    const place = Math.min(Math.max((x - low.w) / (high.w - low.w), 0), 1) * (columns - 1);
    const i = Math.min(Math.floor(place), columns - 2), s = place - i;
    const height = j => b[node(i, j)] * (1 - s) + b[node(i + 1, j)] * s;
    let from = 0, to = rows - 1;
    while (to - from > 1) { const middle = (from + to) >> 1; if (height(middle) <= y) from = middle; else to = middle; }
    const below = height(from), t = Math.min(Math.max((y - below) / (height(to) - below), 0), 1);
    const side = i => error[node(i, from)] * (1 - t) + error[node(i, to)] * t;
    return side(i) * (1 - s) + side(i + 1) * s;
  }

  // Pieces of the lines on which E has one of the values LINES: [w, b, w, b, E] each
  function contours() {
    const pieces = [];
    const corner = (i, j) => [w[i], b[node(i, j)], error[node(i, j)]];
    for (let i = 0; i < columns - 1; i++) for (let j = 0; j < rows - 1; j++) {
      const [p, q, r, s] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      for (const triangle of [[p, q, r], [p, r, s]]) for (const level of LINES) {
        const crossed = [];
        for (let k = 0; k < 3; k++) {
          const one = triangle[k], two = triangle[(k + 1) % 3];
          if ((one[2] < level) === (two[2] < level)) continue;
          const u = (level - one[2]) / (two[2] - one[2]);
          crossed.push(one[0] + u * (two[0] - one[0]), one[1] + u * (two[1] - one[1]));
        }
        if (crossed.length) pieces.push([...crossed, level]);
      }
    }
    return pieces;
  }

  const inside = (x, y) => x >= low.w && x <= high.w && y >= low.b && y <= high.b;
  return { w, b, error, rows, columns, node, low, high, at, inside, contours: contours() };
}

// How dark E is drawn, from 0 to 1: by how far the output is off, the root of E, so that the valley's floor shows
export const darkness = error => Math.sqrt(Math.min(Math.max(error, 0), WORST) / WORST);
