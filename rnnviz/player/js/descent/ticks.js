// Round numbers for an axis.

/** About `count` round numbers from low to high, and how many decimals they have. */
export function ticks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(one => one * power).find(one => one >= rough * 0.999);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-6);
  const values = Array.from({ length: Math.floor(high / step + 1e-6) - first + 1 }, (_, k) => (first + k) * step);
  return { values, step, text: value => value.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "") };
}
