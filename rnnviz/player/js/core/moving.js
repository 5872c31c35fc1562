// A number that moves to where it is sent, by itself: at first and at last slowly, or evenly.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const ease = r => (r < 0.5 ? 2 * r * r : 1 - 2 * (1 - r) ** 2);

/**
 * @param {number} value where it is at first
 * @returns {{now(): number, to(): number, resting(): boolean, send(target, milliseconds, time, evenly?), tick(time)}}
 */
export function moving(value) {
  let from = value, to = value, start = 0, lasts = 0, even = false;
  return {
    now: () => value,
    to: () => to,
    resting: () => value === to,
    send(target, milliseconds, time, evenly = false) {
      [from, to, start, lasts, even] = [value, target, time, milliseconds, evenly];
      if (lasts <= 0) value = to;
    },
    tick(time) {
      const r = lasts > 0 ? clamp((time - start) / lasts, 0, 1) : 1;
      value = r === 1 ? to : from + (to - from) * (even ? r : ease(r));
    },
  };
}
