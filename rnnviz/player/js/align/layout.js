// Where things stand, in CSS pixels.

const NARROW = 560;

/**
 * @param {{width: number, height: number, large: boolean}} room
 * @param {any} data
 */
export function layout(room, data) {
  const { width, height, large } = room, narrow = width < NARROW, text = large ? 19 : narrow ? 15 : 16;
  const base = { width, height, narrow, text };
  return { ...base, ...({ matrix: matrixOf, board: boardOf, beams: beamsOf })[data.view](base, data) };
}

// the source across, the answer down; what is said stands at the left
function matrixOf({ width, height, narrow, text }, data) {
  const [line] = data.lines, T = line.source.length, U = line.said.length;
  const left = narrow ? 34 : 86, top = narrow ? 12 : 18, strip = data.states ? (narrow ? 34 : 52) : 0;
  const wide = Math.min((width - left - 8) / T, narrow ? 30 : 50);
  const foot = top + text + 8 + strip, free = height - foot - (narrow ? 18 : 30) - 6;
  const high = Math.min(narrow ? 26 : 42, free / U), first = foot + (narrow ? 18 : 30);
  const indent = Math.max(0, (width - left - 8 - wide * T) / 2);
  return {
    left: left + indent, top, strip, foot, wide, high, first,
    letter: Math.min(text, high * 0.92), above: Math.min(text + 2, wide * 1.25),
    x: t => left + indent + (t + 0.5) * wide,
    row: u => first + u * high,
  };
}

// a line for each source: beside its answer, or above it where there is little room
function boardOf({ width, height, narrow, text }, data) {
  const n = data.lines.length, stacked = narrow || data.lines.some(one => one.name);
  const longest = Math.max(...data.lines.map(one => Math.max(one.said.length, one.truth?.length ?? 0)));
  const source = Math.max(...data.lines.map(one => one.source.length));
  const high = Math.min(stacked ? 120 : 88, (height - 12) / n);
  const small = Math.min(text + 3, high * (stacked ? 0.22 : 0.34));
  const left = stacked ? 6 : Math.min(width * 0.46, source * small * 0.6 + 34);
  const cell = Math.min(text * 1.05, (width - left - 34) / longest);
  return {
    stacked, left, cell, high, first: Math.max(4, (height - n * high) / 2.4), small,
    letter: Math.min(text * 1.4, cell * 1.6, high * (stacked ? 0.28 : 0.42)),
  };
}

// steps across, likeliest on top; below, all that the beam holds
function beamsOf({ width, height, narrow, text }, data) {
  const rows = Math.max(...data.beams.map(one => one.length)), U = data.beams.length;
  const wide = narrow ? 30 : Math.max(34, Math.min(52, (width - 40) / U)), shown = Math.floor((width - 30) / wide);
  const list = rows * (text * 1.7), top = text * 2.4, free = height - list - top - 26;
  const high = Math.min(58, free / rows);
  return { wide, shown, high, top, list: top + rows * high + 22, line: text * 1.7, rows };
}

/** Row and column under a point of the matrix; null elsewhere. */
export function under(view, data, x, y) {
  if (data.view !== "matrix") return null;
  const [line] = data.lines, t = Math.floor((x - view.left) / view.wide), u = Math.floor((y - view.first) / view.high);
  const row = u >= 0 && u < line.said.length ? u : null, column = t >= 0 && t < line.source.length ? t : null;
  if (row === null && (column === null || y > view.first)) return null;
  return row === null ? { row: null, column } : { row, column: null };
}
