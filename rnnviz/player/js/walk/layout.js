// Where everything stands in the picture, in CSS pixels: boxes are [x, y, width, height].

const NARROW = 620;
const BROAD = 1000;
const GAP = 22;
const WHY = 128; // the least height of what explains a step

/**
 * The boxes of the view "plane": the plane, below it why, and at its right what is left; on a narrow screen all are
 * below each other.
 * @param {{W: number, H: number}} room @param {Set<string>} show @returns {any}
 */
export function boxes({ W, H }, show) {
  const narrow = W < NARROW;
  const time = show.has("curve");
  if (!time && !show.has("factors")) return { narrow, plane: [0, 0, W, H] };
  if (narrow) return { narrow, ...stacked(W, H, show) };
  if (W > BROAD && time) return { narrow, ...broad(W, H, show) };
  const why = show.has("factors") ? WHY + 14 : 0;
  const wide = time ? Math.round(Math.min((H - why) * 1.1, W * 0.48)) : W;
  const high = why ? Math.max(Math.min(H - why, wide), H * 0.5) : H;
  const found = { narrow, plane: [0, 0, wide, high] };
  if (why) found.factors = [0, high + 14, wide, Math.min(H - high - 14, 190)];
  return time ? { ...found, ...column([wide + GAP, 0, W - wide - GAP, H], show) } : found;
}

/** As wide as a page: the plane at the left, all else beside it. */
function broad(W, H, show) {
  const wide = Math.round(Math.min(H * 1.06, W * 0.46));
  const rest = [wide + GAP, 0, W - wide - GAP, H];
  if (!show.has("factors")) return { plane: [0, 0, wide, H], ...column(rest, show) };
  const high = Math.min(150, Math.round(H * 0.27));
  return {
    plane: [0, 0, wide, H],
    factors: [rest[0], 0, rest[2], high],
    ...column([rest[0], high + 12, rest[2], H - high - 12], show),
  };
}

function stacked(W, H, show) {
  const high = Math.round(H * (show.has("curve") ? (H < 480 ? 0.5 : 0.54) : 0.74));
  const rest = [0, high + 8, W, H - high - 8];
  if (!show.has("curve")) return { plane: [0, 0, W, high], factors: rest };
  if (show.has("factors")) {
    const [half, part] = [Math.round(W * 0.46), Math.round(H * 0.46)];
    const few = new Set([...show].filter(name => name !== "strip"));
    const beside = { plane: [0, 0, half, part], factors: [half + 12, 0, W - half - 12, part] };
    return { ...beside, ...column([0, part + 4, W, H - part - 4], few, 46) };
  }
  return { plane: [0, 0, W, high], ...column(rest, show) };
}

/** What is left, the shapes, and the states, on one axis of time.
 * @param {number[]} box @param {Set<string>} show @param {number} [tall] of the states @returns {any} */
function column([x, y, w, h], show, tall = 76) {
  const found = {};
  const [left, right] = [x + 50, x + w - 14];
  let bottom = y + h - 24; // the numbers of the steps
  found.steps = [left, bottom, right - left, 24];
  if (show.has("states")) {
    found.states = [left, bottom - tall - 6, right - left, tall];
    bottom -= tall + 14;
  }
  if (show.has("strip")) {
    found.strip = [left, bottom - 34, right - left, 30];
    bottom -= 36;
  }
  found.curve = [left, y + 30, right - left, Math.max(bottom - y - 34, 30)];
  return found;
}
