// What a line across a panel is called: at one of its ends, above it or below, where the fewest curves pass.

const EDGE = 4; // pixels from a panel's side

/**
 * Of several places the one in which the fewest points lie, the first of them; the one that was chosen before stays
 * as long as none is emptier.
 * @param {{x: number, y: number, w: number, h: number}[]} places
 * @param {[number, number][]} points
 * @param {number} [before] the one that was chosen before
 */
export function emptiest(places, points, before = 0) {
  const counts = places.map(({ x, y, w, h }) =>
    points.filter(([px, py]) => px >= x && px <= x + w && py >= y && py <= y + h).length);
  const least = Math.min(...counts);
  return counts[before] === least ? before : counts.indexOf(least);
}

/** The four places of a name so wide, for a line at height `y`: at the right above and below, then at the left. */
export function placesOf(box, y, wide, px) {
  const [right, left] = [box.x + box.w - EDGE - wide, box.x + EDGE];
  const [above, below] = [y - 1.5 * px, y];
  const inside = [[right, above], [right, below], [left, above], [left, below]].filter(([, top]) =>
    top >= box.y - px / 2 && top + 1.5 * px <= box.y + box.h + 2);
  return (inside.length ? inside : [[right, below]]).map(([x, top]) => ({ x, y: top, w: wide, h: 1.5 * px }));
}

/**
 * Write the name of a line.
 * @param {any} scene
 * @param {{label?: string, value: number}} line
 * @param {any} box
 * @param {number} y its height
 * @param {[number, number][]} points of all curves, as far as they are known
 * @param {Record<string, number>} kept where each name stood before
 */
export function drawLineName({ pen, text }, { label }, box, y, points, kept) {
  if (!label) return;
  const px = Math.max(14, text - 1);
  const places = placesOf(box, y, pen.wide(label, { px }), px);
  const chosen = (kept[label] = emptiest(places, points, Math.min(kept[label] ?? 0, places.length - 1)));
  const { x, y: top, h } = places[chosen];
  pen.text(label, x, top + h / 2, { colour: pen.colours.muted, px, plate: true });
}
