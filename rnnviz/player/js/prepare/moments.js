// When what happens within a step, as shares from 0 to 1.

export const ease = u => u * u * (3 - 2 * u);

/** How much of the stretch from `from` to `to` has passed at u. */
export const part = (u, from, to) => Math.min(1, Math.max(0, (u - from) / (to - from)));

/** How far the k-th step is: 0 before it, 1 after it. */
export const doneAt = (at, k) => Math.min(1, Math.max(0, at - k));

/** How far the k-th of n has come at u, where one sets out after the other, and no more than two are on their way. */
export const turn = (k, n, u) => ease(part(u, k / (n + 1), (k + 2) / (n + 1)));

/** Where each row of these batches stands, by its number: { y, batch }; with a gap between batches. */
export function stacked(batches, high, gap) {
  const found = [];
  let y = 0;
  batches.forEach((batch, k) => {
    for (const row of batch) {
      found[row] = { y, batch: k };
      y += high;
    }
    y += gap;
  });
  return found;
}

/** What is said from the newest step on that has one. */
export const saidAt = (says, at) => says.filter(({ from }) => from <= at + 1e-6).at(-1)?.text ?? "";
