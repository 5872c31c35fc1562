// When what happens while a letter is written: it is drawn, it flies into the text, and is read. `at` counts letters.

export const RATE = 2; // letters a second
const DRAWN = 0.55, WRITTEN = 0.9;

const part = (u, from, to) => Math.min(1, Math.max(0, (u - from) / (to - from)));
const ease = u => u * u * (3 - 2 * u);

/** How many letters have been written. */
export const written = at => Math.floor(at + 1e-6);

/**
 * Which draw is shown, how far the needle has come, whether it has hit, how far the letter has flown.
 * @param {number} at
 * @param {number} count of letters that are drawn in all
 */
export function momentOf(at, count) {
  const n = Math.min(written(at), count - 1), u = Math.min(1, Math.max(0, at - n));
  return { n, needle: ease(part(u, 0, DRAWN)), hit: u >= DRAWN, flight: ease(part(u, DRAWN, WRITTEN)) };
}
