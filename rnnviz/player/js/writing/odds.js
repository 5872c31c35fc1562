// How likely the next letter is at any temperature, and which one a number u between 0 and 1 hits: as `rnnviz.sampling`
// has it, for what is dragged before Python has heard of it.

/**
 * softmax(y / tau): at 0 the largest has it all.
 * @param {ArrayLike<number>} logits
 * @param {number} tau
 */
export function tempered(logits, tau) {
  const y = Array.from(logits), most = Math.max(...y);
  if (tau === 0) return y.map((_, k) => (k === y.indexOf(most) ? 1 : 0));
  const powers = y.map(one => Math.exp((one - most) / tau)), sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(one => one / sum);
}

/** The letters from the likeliest on; of equally likely ones the first comes first. */
export const ranked = p => p.map((_, k) => k).sort((a, b) => p[b] - p[a] || a - b);

/** Which letter u hits, where all lie side by side from the likeliest on. */
export function hit(p, u) {
  const order = ranked(p);
  let end = 0;
  for (const k of order) {
    end += p[k];
    if (u < end) return k;
  }
  return order[p.filter(one => one > 0).length - 1];
}

/**
 * The likeliest letters one by one, and all others together.
 * @returns {{k: number, p: number, from: number}[]} from: where it begins on the strip; k is -1 for all others
 */
export function bars(p, most) {
  const order = ranked(p), found = [];
  let from = 0;
  for (const k of order.slice(0, most)) {
    found.push({ k, p: p[k], from });
    from += p[k];
  }
  found.push({ k: -1, p: Math.max(0, 1 - from), from });
  return found;
}
