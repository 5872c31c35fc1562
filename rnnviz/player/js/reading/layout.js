// Where things stand, in CSS pixels: rows of states from the lowest up, the letters at the foot.

const GUTTER = 148, NARROW = 560, TAPE = 54, LEAST = 16, MOST = 116, ABOVE = 12, BETWEEN = 8;

/**
 * @param {{width: number, height: number, large: boolean}} room
 * @param {{letters: string[], rows: any[], changed: any, guesses: any[]}} data
 */
export function layout({ width, height, large }, data) {
  const narrow = width < NARROW, T = data.letters.length, n = data.rows.length;
  const text = large ? 18 : 15, name = narrow ? 18 : 0;
  const left = narrow ? 4 : GUTTER * (large ? 1.2 : 1), wide = Math.min((width - left - 6) / T, 64);
  const tape = (narrow ? 46 : TAPE) + (data.changed ? 22 : 0);
  const gap = narrow ? 7 : 28, free = height - tape - ABOVE - BETWEEN;
  const high = Math.max(LEAST, Math.min(MOST, free / Math.max(1, n) - gap - name));
  const rows = n * (high + gap + name), spare = Math.max(0, free - rows);
  const foot = ABOVE + rows + BETWEEN + (data.guesses.length ? Math.min(spare, 40) : spare / 2);
  return {
    width, height, narrow, text, left, wide, high, tape: foot, below: foot + tape,
    x: t => left + (t + 0.5) * wide,
    row: k => foot - (k + 1) * (high + gap + name) + name + gap * 0.3,
  };
}

/** The row and the place under a point; row null on the letters; null elsewhere. */
export function under(view, data, x, y) {
  const t = Math.floor((x - view.left) / view.wide);
  if (t < 0 || t >= data.letters.length) return null;
  if (y >= view.tape - 6) return y <= view.below ? { row: null, t } : null;
  const row = data.rows.findIndex((_, k) => y >= view.row(k) && y <= view.row(k) + view.high);
  return row < 0 ? null : { row, t };
}
