// Where the panels stand: in rows as they were given; on a narrow screen the first alone, the others two by two;
// where that is low, too, an even number of panels two by two.

export const NARROW = 520;
const GAP = [26, 16]; // pixels between panels, across and down
const LEAST = { wide: 116, narrow: 150, low: 118 }; // pixels: so high is a row at least
const SQUARE = 1.18; // width of a square panel for its height, its title and marks included

/**
 * @param {{width: number, height: number}} room
 * @param {any[][]} rows of panels
 * @returns {{narrow: boolean, width: number, height: number, text: number, boxes: any[]}} boxes: {panel, x, y, w, h}
 */
export function layout({ width, height }, rows) {
  const narrow = width < NARROW;
  const text = narrow ? 14 : 15;
  const low = narrow && height < 2 * LEAST.narrow;
  const given = narrow ? folded(rows, low) : rows;
  const gap = narrow ? [16, 12] : GAP;
  const weights = given.map((row, k) => row[0]?.weight ?? (k === 0 && given.length > 1 ? 1.15 : 1));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const room = height - gap[1] * (given.length - 1);
  const least = LEAST[low ? "low" : narrow ? "narrow" : "wide"];
  const boxes = [];
  let y = 0;
  given.forEach((row, k) => {
    const high = Math.max(least, Math.floor((room * weights[k]) / total));
    boxes.push(...inRow(row, y, high, width, gap[0]));
    y += high + gap[1];
  });
  return { narrow, width, height: Math.max(y - gap[1], 1), text, boxes };
}

function folded(rows, low) {
  const all = rows.flat();
  const alone = low && all.length % 2 === 0 ? 0 : 1;
  const found = alone && all.length ? [all.slice(0, 1)] : [];
  for (let k = alone; k < all.length; k += 2) found.push(all.slice(k, k + 2));
  return found;
}

/** The panels of one row: square ones as wide as they are high, the others share the rest. */
function inRow(row, y, h, width, gap) {
  const room = width - gap * (row.length - 1);
  const even = room / row.length;
  const square = row.map(panel => panel.square && row.length > 1);
  const own = row.map((_, k) => (square[k] ? Math.min(h * SQUARE, even * 1.25) : 0));
  const left = room - own.reduce((sum, one) => sum + one, 0);
  const others = square.filter(one => !one).length;
  const spare = others ? 0 : left / row.length;
  let x = 0;
  return row.map((panel, k) => {
    const w = square[k] ? own[k] + spare : left / others;
    const box = { panel, x: Math.round(x), y: Math.round(y), w: Math.round(w), h: Math.round(h) };
    x += w + gap;
    return box;
  });
}

/** The part of a box in which something is plotted: below its title, beside and above its marks. */
export function inner({ panel, x, y, w, h }, text) {
  const [left, foot, right] = MARGINS[panel.kind] ?? [8, 8, 8];
  const head = text + 12;
  return { x: x + left, y: y + head, w: Math.max(20, w - left - right), h: Math.max(20, h - head - foot) };
}

const MARGINS = {
  curve: [50, 24, 12],
  steps: [50, 24, 8],
  sequence: [44, 24, 12],
  dots: [44, 40, 10],
  plane: [6, 6, 6],
  paths: [6, 24, 6],
  heat: [6, 8, 6],
  classes: [8, 24, 8],
};
