// Lines of many points, in a lane's own colour and dash.

/**
 * A line through points [x, y]; NaN interrupts it.
 * @param {import("../race/pen.js").Pen} pen
 * @param {Iterable<number[]>} points
 * @param {{colour: any, width?: number, dash?: number[], alpha?: number}} how
 */
export function stroke(pen, points, { colour, width = 2, dash = [], alpha = 1 }) {
  const { context } = pen;
  context.beginPath();
  let on = false;
  for (const [x, y] of points) {
    const known = !Number.isNaN(y);
    if (known && on) context.lineTo(x, y);
    else if (known) context.moveTo(x, y);
    on = known;
  }
  const before = context.globalAlpha;
  context.globalAlpha = before * alpha;
  context.strokeStyle = typeof colour === "string" ? colour : `rgb(${colour})`;
  context.lineWidth = width;
  context.lineJoin = context.lineCap = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.lineCap = "butt";
  context.globalAlpha = before;
}

/** A dot with a halo that breathes while something plays: here is now. */
export function head(pen, x, y, colour, { radius = 4.5, glow = 0 } = {}) {
  if (Number.isNaN(y)) return;
  if (glow > 0) pen.faded(0.22 * glow, () => pen.dot(x, y, radius * (1.6 + 0.9 * glow), colour));
  pen.dot(x, y, radius, colour, pen.colours.background, 1.5);
}

/** A gate's valve, as open as it is on average: its height is filled up to that. */
export function valve(pen, x, y, share, { colour, dash, alpha }) {
  if (Number.isNaN(y)) return;
  const { context } = pen;
  const [wide, high] = [13, 20];
  const [left, top] = [x - wide / 2, y - high / 2];
  pen.faded(alpha, () => {
    pen.rect(left, top, wide, high, pen.colours.background, 3);
    const filled = high * Math.min(1, Math.max(0, share));
    pen.faded(0.55, () => pen.rect(left, top + high - filled, wide, filled, colour, 2));
    context.strokeStyle = `rgb(${colour})`;
    context.lineWidth = 2;
    context.setLineDash(dash.map(one => one * 0.7));
    context.beginPath();
    context.roundRect(left, top, wide, high, 3);
    context.stroke();
    context.setLineDash([]);
  });
}

/**
 * At most two points for each pixel, the least and the most of it: what else lies there is not seen.
 * @param {number} from first frame
 * @param {number} to last frame
 * @param {(frame: number) => number} xOf
 * @param {(frame: number) => number} yOf
 */
export function thinned(from, to, xOf, yOf) {
  const wide = xOf(to) - xOf(from);
  const found = [];
  if (to - from < 2.5 * Math.max(wide, 1)) {
    for (let frame = from; frame <= to; frame += 1) found.push([xOf(frame), yOf(frame)]);
    return found;
  }
  let pixel = NaN;
  for (let frame = from; frame <= to; frame += 1) {
    const [x, y] = [Math.round(xOf(frame)), yOf(frame)];
    if (x !== pixel) {
      pixel = x;
      found.push([x, y], [x, y]);
    } else {
      const last = found.length - 1;
      if (!(y >= found[last - 1][1])) found[last - 1] = [x, y];
      if (!(y <= found[last][1])) found[last] = [x, y];
    }
  }
  return found;
}
