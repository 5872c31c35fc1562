// When what happens: first all letters are read, then one is said in each step.

export const RATES = { read: 9, matrix: 2.2, board: 4, beams: 2.5 }; // steps a second

const clamp = u => Math.min(1, Math.max(0, u));
export const ease = u => u * u * (3 - 2 * u);
export const part = (u, from, to) => clamp((u - from) / (to - from));

/** Steps a second where it stands. */
export const rateAt = (data, at) => (at < data.reads ? RATES.read : RATES[data.view]);

/** How far the letter at place t is read, 0 to 1; `back`: by the direction that begins at the right. */
export const readAt = (data, T, t, at, back = false) => clamp(at - (data.reads - T) - (back ? T - 1 - t : t));

/** How far the u-th letter is said, 0 to 1. */
export const saidAt = (data, u, at) => clamp(at - data.reads - u);

/** How many letters are wholly said. */
export const spoken = (data, at) => Math.max(0, Math.floor(at - data.reads + 1e-6));

/** Whether the u-th letter is wrong; never, where nobody knows. */
export const wrong = (line, u) => Boolean(line.truth) && line.said[u] !== line.truth[u];

/** Which answers of each step lead to one that is still there at the `last` step: sets of places. */
export function alive(beams, last) {
  const found = beams.slice(0, last + 1).map(() => new Set());
  if (last < 0) return found;
  beams[last].forEach((_, k) => found[last].add(k));
  for (let u = last; u > 0; u--) for (const k of found[u]) found[u - 1].add(beams[u][k].parent);
  return found;
}
