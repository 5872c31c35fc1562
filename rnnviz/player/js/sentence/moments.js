// When what happens: a line's k-th word is read between the steps k and k + 1; what mattered comes back after the last.

export const RATE = 2; // words a second
export const BACK = 0.4; // steps a second of the way back

const within = u => Math.min(1, Math.max(0, u));
const ease = u => u * u * (3 - 2 * u);

/** How far what is said of word t is known, 0 to 1: read both ways, when the later of its two readers has come. */
export function knownAt(line, t, at) {
  const last = line.tokens.length - 1;
  return within(at - (line.way === 2 ? Math.max(t, last - t) : t));
}

/** Which words are being read at a moment: one from each end that is read from. */
export function cursors(line, at) {
  const T = line.tokens.length, k = Math.floor(at + 1e-6);
  if (at <= 0 || k >= T || at - k < 1e-3) return [];
  return line.way === 2 ? [k, T - 1 - k] : [k];
}

/** Whether a reader has come by word t. */
export const readAt = (line, t, at) =>
  at > t + 1e-6 || (line.way === 2 && at > line.tokens.length - 1 - t + 1e-6);

/** The score at a moment, which moves on while a word is read. */
export function scoreAt({ scores, begins }, at) {
  const k = Math.floor(within(at / scores.length) * scores.length + 1e-6);
  const before = k ? scores[k - 1] : begins;
  return k >= scores.length ? scores[scores.length - 1] : before + (scores[k] - before) * ease(within(at - k));
}

/** How far the mark of word t has come, 0 to 1: they come back from the last word to the first. */
export function markAt(line, t, at, longest) {
  const T = line.tokens.length, u = within(at - longest);
  return line.marks ? within(u * (T + 1) - (T - 1 - t)) : 0;
}
