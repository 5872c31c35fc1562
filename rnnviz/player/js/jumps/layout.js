// Where things stand, in CSS pixels: one lane below the other, each with its name, its norms, its arcs, its letters.

const NARROW = 560, HEAD = 28, TOKENS = 26, NODE = 9;

/** @param {{width: number, height: number, large: boolean}} room @param {any} data */
export function layout({ width, height, large }, data) {
  const narrow = width < NARROW, T = data.tokens.length, n = data.lanes.length;
  const norms = data.lanes.some(lane => lane.log10), text = large ? 19 : narrow ? 14 : 16;
  const left = norms ? (narrow ? 42 : 58) : 12, wide = Math.min((width - left - 12) / T, 60);
  const most = norms ? 330 : 420, shares = data.lanes.map(lane => (norms || lane.way === "all" ? 1 : 0.5));
  const unit = Math.min(height / shares.reduce((sum, one) => sum + one, 0), most);
  const above = shares.map((_, k) => unit * shares.slice(0, k).reduce((sum, one) => sum + one, 0));
  const top = (height - above[n - 1] - unit * shares[n - 1]) / 2;
  return {
    width, height, narrow, text, left, wide, T,
    token: Math.min(large ? 22 : 18, Math.max(10, wide * 0.86)),
    radius: Math.max(3, Math.min(NODE, wide * 0.36)),
    x: t => left + (t + 0.5) * wide,
    lane: k => {
      const y = top + above[k], each = unit * shares[k], inside = each - HEAD - TOKENS - 2 * NODE;
      const plot = norms ? inside * 0.58 : 0, foot = y + each;
      return { head: y + 18, plot: y + HEAD, high: plot, node: foot - TOKENS - NODE, token: foot - 8,
        arc: inside - plot - 8 };
    },
  };
}

/** The height in the plot of a logarithm, 0 at its top; what lies below the decades lies on their lowest. */
export const depth = ([low, high], log, height) =>
  height * (1 - Math.min(1, Math.max(0, (log - low) / (high - low))));

/** Which decades have a line: at most five. */
export function ticks([low, high]) {
  const by = Math.max(1, Math.ceil((high - low) / 5));
  return Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, k) => high - k * by);
}
