// Which stories were read to their last beat: kept in this browser's storage, where it has one, and told to nobody.

const KEY = "rnnviz finished";

/** @returns {string[]} the lessons' slugs */
export function finished() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(one => typeof one === "string") : [];
  } catch {
    return []; // no storage here, or something else in it
  }
}

/** @param {string} slug */
export function finish(slug) {
  const kept = finished();
  if (!slug || kept.includes(slug)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([...kept, slug]));
  } catch { /* the browser keeps nothing: the session still knows */ }
}
