// Clipping a gradient, exactly as rnnviz/clipping.py does: by norm, by value, and the angle by which it was turned.
//
//   by value   g_i <- min(max(g_i, -c), c)
//   by norm    g <- g min(1, c / (‖g‖ + EPSILON))
//
// Norms are scaled by the largest entry, so that finite gradients are clipped however large they are. A gradient that
// holds NaN or infinity has neither a norm nor a direction: of it there is nothing, null.

export const EPSILON = 1e-6;

const finite = g => g.every(Number.isFinite);
const length = g => Math.sqrt(g.reduce((sum, entry) => sum + entry * entry, 0));

/** The norm as two factors, whose product may overflow: the largest magnitude, and a number from 1 (or 0). */
function scaled(g) {
  const scale = g.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  const unit = scale ? g.map(entry => entry / scale) : g;
  return { scale, unit, length: length(unit) };
}

/** @param {number[]} g */
export function norm(g) {
  const { scale, length } = scaled(g);
  return scale * length;
}

/** @param {number[]} g @param {number} limit */
export const clipByValue = (g, limit) =>
  finite(g) ? g.map(entry => Math.min(Math.max(entry, -limit), limit)) : null;

/** @param {number[]} g @param {number} most */
export function clipByNorm(g, most) {
  if (!finite(g)) return null;
  const { scale, length } = scaled(g);
  const whole = scale * length;
  const factor = Math.min(1, Number.isFinite(whole) ? most / (whole + EPSILON) : most / scale / length);
  return g.map(entry => entry * factor);
}

/** The angle between two gradients in degrees, exact for small ones, too (Kahan 2006); 0 where one of them is zero. */
export function angle(one, other) {
  const [u, v] = [one, other].map(g => {
    const { unit, length } = scaled(g);
    return length ? unit.map(entry => entry / length) : null;
  });
  if (!u || !v) return 0;
  const apart = length(u.map((entry, i) => entry - v[i]));
  const together = length(u.map((entry, i) => entry + v[i]));
  return (2 * Math.atan2(apart, together) * 180) / Math.PI;
}

/** By how much clipping by value turns a gradient of this norm in the direction of so many degrees. */
export function turnAt(degrees, size, limit) {
  const g = towards(degrees, size);
  return angle(g, clipByValue(g, limit));
}

/** The gradient of this norm in the direction of so many degrees; along the axes, the other entry is 0. */
export function towards(degrees, size) {
  const turned = ((degrees % 360) + 360) % 360;
  const quarter = Math.floor(turned / 90);
  const radians = ((turned - 90 * quarter) * Math.PI) / 180;
  const [c, s] = [size * Math.cos(radians), size * Math.sin(radians)];
  return [[c, s], [-s, c], [-c, -s], [s, -c]][quarter];
}
