// Contour lines of heights on a grid (marching squares): pieces from [column, row] to [column, row], between points.

const SIDES = [[], [[3, 2]], [[2, 1]], [[3, 1]], [[0, 1]], [[3, 0], [2, 1]], [[0, 2]], [[3, 0]]];

/**
 * @param {ArrayLike<number>} heights row by row
 * @returns {number[][][]} pairs of points
 */
export function contours(heights, rows, columns, level) {
  const found = [];
  const at = (row, column) => heights[row * columns + column];
  const share = (from, to) => (level - from) / (to - from);
  for (let row = 0; row + 1 < rows; row += 1)
    for (let column = 0; column + 1 < columns; column += 1) {
      const corners = [at(row + 1, column), at(row + 1, column + 1), at(row, column + 1), at(row, column)];
      if (!corners.every(Number.isFinite)) continue;
      const [a, b, c, d] = corners;
      const code = (a > level ? 8 : 0) | (b > level ? 4 : 0) | (c > level ? 2 : 0) | (d > level ? 1 : 0);
      const sides = [
        () => [column + share(a, b), row + 1],
        () => [column + 1, row + share(c, b)],
        () => [column + share(d, c), row],
        () => [column, row + share(d, a)],
      ];
      const pairs = code < 8 ? SIDES[code] : code === 10 ? [[0, 1], [3, 2]] : SIDES[15 - code];
      for (const [from, to] of pairs) found.push([sides[from](), sides[to]()]);
    }
  return found;
}
