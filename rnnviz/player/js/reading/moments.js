// When what happens: a row reads its k-th letter between the steps start + k and start + k + 1.

export const RATE = 2; // letters a second

/** The place of the k-th letter that a row reads. */
export const placeOf = (row, T, k) => (row.way > 0 ? k : T - 1 - k);

/** Which letter, counted as the row reads them, stands at a place. */
export const countOf = (row, T, t) => (row.way > 0 ? t : T - 1 - t);

/** How much of its reading of the letter at place t is done, 0 to 1. */
export function doneAt(row, T, t, at) {
  const k = countOf(row, T, t);
  return k >= row.drawn ? 0 : Math.min(1, Math.max(0, at - row.start - k));
}

/** How many letters a row has wholly read. */
export const readBy = (row, at) => Math.min(row.drawn, Math.max(0, Math.floor(at - row.start + 1e-6)));

/** How far the answer is, 0 to 1: the last step, where something is guessed. */
export const answered = (data, at) =>
  (data.guesses.length ? Math.min(1, Math.max(0, at - (data.steps - 1))) : 0);

/** The places [first, last] that a state can know, from 0; null where it is not computed. */
export function knownTo(data, index, t) {
  const row = data.rows[index], T = data.letters.length;
  if (countOf(row, T, t) >= row.drawn) return null;
  if (!row.reads.length) return row.way > 0 ? [0, t] : [t, T - 1];
  const below = row.reads.flatMap(r => Array.from({ length: T }, (_, k) => k)
    .filter(k => (row.way > 0 ? k <= t : k >= t)).map(k => knownTo(data, r, k)).filter(Boolean));
  return [Math.min(...below.map(([a]) => a)), Math.max(...below.map(([, b]) => b))];
}
