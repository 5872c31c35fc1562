// Axes: which numbers they span, where their marks are, and how they give way when a number needs more room.

const REACH = { log: [1e-9, 1e4], linear: 4 }; // of the first number: what lies beyond leaves the picture
const STRETCH = 9; // a second: how quickly an axis gives way

/** Whole, 2 and 5 times powers of ten, about `count` of them. */
export function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find(one => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}

/** The powers of ten between two exponents, at most `count` of them. */
export function decades(low, high, count) {
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const found = [];
  for (let power = first; power <= last; power += 1) if (power % every === 0) found.push(power);
  return found;
}

/** What an axis measures of a number: itself, or its power of ten. */
export const measure = (log, value) => (log ? Math.log10(value) : value);

/**
 * The ends of an axis that holds these: whole decades, or rounded.
 * @param {{log: boolean, low: number | null, high: number | null}} asked what the panel says of its ends
 * @param {{least: number, most: number, first: number}} seen
 * @param {number} usual so large are numbers that belong on it
 * @returns {[number, number]}
 */
export function ends({ log, low, high }, { least, most, first }, usual = first) {
  const known = Number.isFinite(least) && Number.isFinite(most);
  if (log) {
    const start = known && first > 0 ? Math.log10(first) : 0;
    const floor = known ? Math.max(Math.log10(least), start + Math.log10(REACH.log[0])) : -1;
    const roof = known ? Math.min(Math.log10(most), start + Math.log10(REACH.log[1])) : 0;
    const bottom = low === null ? half(floor, Math.floor) : Math.log10(low);
    return [bottom, Math.max(high === null ? half(roof, Math.ceil) : Math.log10(high), bottom + 0.5)];
  }
  if (low !== null && high !== null) return [low, high];
  const size = Math.max(Math.abs(usual) || 0, 1e-9) * REACH.linear;
  const [from, to] = known ? [Math.max(least, Math.min(-size, 0)), Math.min(most, size)] : [0, 1];
  const wide = Math.max(to - from, Math.abs(to) * 0.1, 1e-9);
  const step = 10 ** Math.floor(Math.log10(wide)) / 2;
  const bottom = low ?? (from >= 0 && from < wide ? 0 : Math.floor(from / step) * step);
  return [bottom, high ?? Math.max(Math.ceil((to + 0.04 * wide) / step) * step, bottom + step)];
}

const half = (power, round) => round(2 * power) / 2; // axes of logarithms end at 1 or at about 3, so to speak

/**
 * What the numbers of some names reach up to a frame; kept in `seen`, which knows how far it has looked.
 * @param {{least: number, most: number, first: number, upTo: number}} seen
 * @param {import("./records.js").Records} records
 */
export function look(seen, records, names, upTo, log) {
  for (let frame = seen.upTo + 1; frame <= upTo; frame += 1)
    for (const name of names)
      for (let lane = 0; lane < records.lanes; lane += 1)
        for (let k = 0; k < records.size(name); k += 1) note(seen, records.at(name, lane, frame, k), log);
  seen.upTo = Math.max(seen.upTo, upTo);
  return seen;
}

export const unseen = () => ({ least: Infinity, most: -Infinity, first: NaN, upTo: -1 });

export function note(seen, value, log) {
  if (!Number.isFinite(value) || (log && value <= 0)) return;
  if (Number.isNaN(seen.first)) seen.first = value;
  seen.least = Math.min(seen.least, value);
  seen.most = Math.max(seen.most, value);
}

/**
 * Move the ends that are shown towards those that are needed; whether they have arrived.
 * @param {{low: number, high: number}} shown
 */
export function approach(shown, [low, high], seconds) {
  const share = 1 - Math.exp(-STRETCH * seconds);
  const size = high - low;
  const moved = (from, to) => (Math.abs(to - from) < size / 500 ? to : from + (to - from) * share);
  shown.low = moved(shown.low, low);
  shown.high = moved(shown.high, high);
  return shown.low === low && shown.high === high;
}
