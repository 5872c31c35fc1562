// The points of a chart: the marks named "places", or "cells" of a heat map. The pointer and the arrow keys go along
// them; what the one under them says is read out, and Enter or a click picks it.

const NAMED = /(^|[ _])(places|cells)(_marks)?$/; // Vega-Lite adds the latter
const HOVER = /^(.*hover)_store$/;

/** Every mark below a group of the scene, with where that group starts. */
function* marks(group, x = 0, y = 0) {
  for (const mark of group.items ?? []) {
    yield { mark, x, y };
    if (mark.marktype !== "group") continue;
    for (const inner of mark.items) yield* marks(inner, x + (inner.x ?? 0), y + (inner.y ?? 0));
  }
}

const allMarks = view => view.scenegraph().root.items.flatMap(group => [...marks(group)]);
const middle = (low, high) => (low + high) / 2;

/** Whether a mark of the scene is one of places. */
export const isPlace = mark => NAMED.test(mark.name ?? "");

/** The points of a view, from left to right: {item, x, y, box}. */
export function pointsOf(view) {
  const [left, top] = view.origin();
  const found = [];
  for (const { mark, x, y } of allMarks(view)) {
    if (!isPlace(mark)) continue;
    for (const item of mark.items) {
      const { x1, x2, y1, y2 } = item.bounds, box = [x1 + x + left, y1 + y + top, x2 - x1, y2 - y1];
      if (Number.isFinite(x1)) found.push({ item, box, x: middle(x1, x2) + x, y: middle(y1, y2) + y });
    }
  }
  return found.sort((a, b) => a.x - b.x || a.y - b.y);
}

/** Where a key leads from `from`: to the nearest point that way, in the same row or column where there is one. */
export function next(points, from, key) {
  if (!points.length || key === "Home") return points[0] ?? null;
  if (key === "End") return points.at(-1);
  if (!from) return key === "ArrowLeft" ? points.at(-1) : points[0];
  const along = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y", beside = along === "x" ? "y" : "x";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const far = one => sign * (one[along] - from[along]), off = one => Math.abs(one[beside] - from[beside]);
  const ahead = points.filter(one => far(one) > 0.5), inLine = ahead.filter(one => off(one) < 1);
  const some = along === "x" && !inLine.length ? ahead : inLine;
  return some.reduce((best, one) => (best && far(best) + off(best) <= far(one) + off(one) ? best : one), null) ?? from;
}

/** What a tooltip says, as text. */
export function words(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, text]) => `${name}: ${text}`).join("\n");
}

/** The row of an item: of a cell of a Voronoi diagram, that of its point. */
const rowOf = item => item.datum?.datum ?? item.datum;

const signal = (view, name) => { try { return view.signal(name); } catch { return null; } };

/** What picking an item means: the fields of the chart's selection `pick`, else its place, else all of its row. */
export function picked(view, item) {
  const row = rowOf(item), fields = signal(view, "pick_tuple_fields")?.map(one => one.field);
  const plain = () => ("x" in row ? ["x", ..."v" in row ? ["y"] : []]
    : Object.keys(row).filter(name => typeof row[name] !== "object"));
  return Object.fromEntries((fields ?? plain()).map(name => [name, row[name]]));
}

/** The keys are at this item, or at none: the chart shows it as it shows what is under the pointer. */
export function hover(view, names, item) {
  const row = item && rowOf(item);
  for (const store of names) {
    const name = HOVER.exec(store)?.[1], fields = name && signal(view, `${name}_tuple_fields`);
    if (!fields) continue;
    const has = row && fields.every(one => one.field in row);
    view.signal(`${name}_tuple`, has ? { unit: "", fields, values: fields.map(one => row[one.field]) } : null);
  }
  const line = row && !item.mark.name.includes("cells") && row.x !== undefined;
  if (names.has("cursor")) view.data("cursor", line ? [{ x: row.x }] : []);
  return view.runAsync();
}
