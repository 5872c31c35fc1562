// The descents as they are sent (descent.py), and where each of them stands at any moment between two updates.
//
// From update k to k + 1 the dot travels first; then the gradient where it has arrived grows; then it is clipped. So at
// rest, at a whole number, both arrows are there: the gradient, and what the next step takes of it.

import { clipByNorm, clipByValue } from "../clip/clipping.js";

const SENT = ["w", "b", "error", "before", "after", "angle", "dw", "db"]; // each at every point
const HOWS = {
  none: { hue: "backward", dash: [7, 5], side: [-1, -1] },
  value: { hue: "forget", dash: [2, 4], side: [1, -1] },
  norm: { hue: "input", dash: [], side: [1, 1] },
};
const MORE = ["output", "candidate", "ink", "forward"]; // hues of further descents of a kind
const TRAVELS = 0.45; // shares of an update
const GROWS = 0.75; // where it is clipped then

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const FAR = 2; // in w or b: a longer step begins slowly, so that it is seen to leave
const ease = x => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);
const part = (x, from, to) => clamp((x - from) / (to - from), 0, 1);

/** The bytes of a text in base64, as numbers of 32 bits. */
const floats = text => new Float32Array(Uint8Array.from(atob(text), one => one.charCodeAt(0)).buffer);

/** @param {{points: number, courses: {name: string, how: string, threshold: number | null, stopped: number | null,
 *   numbers: string}[]}} data */
export function openCourses({ points, courses }) {
  const seen = {};
  return courses.map(({ name, how, threshold, stopped, numbers }) => {
    const all = floats(numbers);
    const of = Object.fromEntries(SENT.map((key, k) => [key, all.subarray(k * points, (k + 1) * points)]));
    const nth = (seen[how] = (seen[how] ?? -1) + 1);
    const look = nth ? { ...HOWS[how], hue: MORE[(nth - 1) % MORE.length] } : HOWS[how];
    const last = stopped ?? points - 1; // the last point that is a pair of numbers
    const clip = { none: g => g, value: g => clipByValue(g, threshold), norm: g => clipByNorm(g, threshold) }[how];
    return {
      ...of,
      name,
      how,
      look,
      threshold,
      last,
      point: k => [of.w[k], of.b[k], of.error[k]],
      gradient: k => [of.dw[k], of.db[k]],
      clipped: k => clip([of.dw[k], of.db[k]]),
      lost: update => update > last,
    };
  });
}

/** The update whose numbers are to be seen: it changes when the dot has arrived. */
export const updateAt = at => Math.floor(at) + (at % 1 > TRAVELS ? 1 : 0);

/** How much of a step of this length has been done, after a share x of its time. */
function travelled(x, length) {
  if (!(length > FAR) || !Number.isFinite(length)) return ease(x);
  const rate = Math.log(1 + 20 * length);
  return Math.expm1(rate * x) / Math.expm1(rate);
}

/**
 * Where a descent stands: after update k, a share f of the update's time later, on its way to the next one, along which
 * it has come so far (0 to 1); `point` [w, b, E]; and of the arrows at `arrows`: how far they have grown, how far they
 * are clipped, how clearly they are seen.
 */
export function standing(course, at) {
  const k = Math.min(Math.floor(at), course.last);
  const f = k < course.last ? at - k : 0;
  const [from, to] = [course.point(k), course.point(Math.min(k + 1, course.last))];
  const along = travelled(part(f, 0, TRAVELS), Math.hypot(to[0] - from[0], to[1] - from[1]));
  const point = from.map((value, i) => (along ? value + (to[i] - value) * along : value));
  const arrives = f > TRAVELS;
  const cut = course.after[k + 1] < course.before[k + 1];
  return {
    k,
    f,
    along,
    point,
    arrows: arrives ? k + 1 : k,
    grown: arrives ? ease(part(f, TRAVELS, cut ? GROWS : 1)) : 1,
    clipped: arrives && cut ? ease(part(f, GROWS, 1)) : 1,
    seen: arrives ? 1 : 1 - part(f, TRAVELS * 0.6, TRAVELS),
  };
}
