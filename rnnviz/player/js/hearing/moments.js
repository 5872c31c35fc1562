// What is known when: how many frames have been heard, who leads, and since when the network is sure.

/** How many frames have wholly been heard. */
export const heardBy = (data, at) => Math.min(data.windows.length, Math.max(0, Math.floor(at + 1e-6)));

/** How far what mattered is drawn, 0 to 1: in the last step, where there is anything to be drawn. */
export const matteredAt = (data, at) =>
  (data.mattered ? Math.min(1, Math.max(0, at - data.windows.length)) : 0);

/** The probability of class c in frame k. */
export const chance = (data, k, c) => data.p[k * data.labels.length + c];

/** The likeliest class of a frame, the first of equals. */
export function leader(data, k) {
  let best = 0;
  for (let c = 1; c < data.labels.length; c++) if (chance(data, k, c) > chance(data, k, best)) best = c;
  return best;
}

/** The frame from which on the class that leads in the end is held for sure; null: there is none. */
export function sureFrom(data) {
  const n = data.windows.length, last = leader(data, n - 1);
  if (data.sure === null || data.sure === undefined) return null;
  let k = n;
  while (k > 0 && chance(data, k - 1, last) >= data.sure) k--;
  return k < n ? k : null;
}

/** Where the reading stands in the signal, in steps: [first, end] of what it reads, on its way between two frames. */
export function reads(data, at) {
  const n = data.windows.length, now = Math.min(Math.max(at, 0), n);
  const k = Math.min(Math.floor(now + 1e-6), n), u = Math.max(0, now - k);
  if (k === n) return data.windows[n - 1];
  const [first, end] = k > 0 ? data.windows[k - 1] : [data.windows[0][0], data.windows[0][0]];
  const [next, last] = data.windows[k];
  return [first + (next - first) * u, end + (last - end) * u];
}
