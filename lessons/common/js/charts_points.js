// The points of a chart: the marks named "places" (or those that can be picked). The pointer and the arrow keys go along
// them; the one they are at is said below the chart, and Enter or a click picks it.

const NAMED = "places";

/** Every mark of the scene below `item`, each with where its group starts. */
function* marks(item, x = 0, y = 0) {
  for (const mark of item.items ?? []) {
    yield { mark, x, y };
    if (mark.marktype === "group") {
      for (const group of mark.items) yield* marks(group, x + (group.x ?? 0), y + (group.y ?? 0));
    }
  }
}

const middle = (low, high) => (low + high) / 2;

/** The points of a view, in reading order: {item, x, y, box}. */
export function pointsOf(view) {
  const root = view.scenegraph().root;
  const [left, top] = view.origin();
  const found = [];
  for (const { mark, x, y } of root.items.flatMap(group => [...marks({ items: [group] })])) {
    if (!isPlace(mark)) continue;
    for (const item of mark.items) {
      const { x1, x2, y1, y2 } = item.bounds, box = [x1 + x + left, y1 + y + top, x2 - x1, y2 - y1];
      if (Number.isFinite(x1)) found.push({ item, box, x: middle(x1, x2) + x, y: middle(y1, y2) + y });
    }
  }
  return found.sort((a, b) => a.x - b.x || a.y - b.y);
}

const isPlace = mark => mark.name === NAMED || mark.name?.endsWith(` ${NAMED}`) || mark.name?.endsWith(`_${NAMED}`);

/** Where an arrow key leads from `from`: the nearest point that way, in the same row or column where there is one. */
export function next(points, from, key) {
  if (key === "Home") return points[0];
  if (key === "End") return points.at(-1);
  if (!from) return points[0];
  const along = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y", beside = along === "x" ? "y" : "x";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const far = one => sign * (one[along] - from[along]), off = one => Math.abs(one[beside] - from[beside]);
  const ahead = points.filter(one => far(one) > 0.5);
  const inLine = ahead.filter(one => off(one) < 1);
  const some = along === "x" && !inLine.length ? ahead : inLine;
  return some.reduce((best, one) => (best && far(best) + off(best) <= far(one) + off(one) ? best : one), null) ?? from;
}

/** What a point says: its tooltip, as text. */
export function words(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, text]) => `${name}: ${text}`).join(", ");
}

/** What picking an item means: the fields of the chart's selection `pick`, or all that its row holds. */
export function picked(view, item) {
  const row = item.mark.isVoronoi || item.datum?.datum ? item.datum.datum ?? item.datum : item.datum;
  let fields = null;
  try { fields = view.signal("pick_tuple_fields").map(one => one.field); } catch { /* it has no selection */ }
  fields ??= Object.keys(row).filter(name => typeof row[name] !== "object");
  return Object.fromEntries(fields.map(name => [name, row[name]]));
}

export { isPlace };
