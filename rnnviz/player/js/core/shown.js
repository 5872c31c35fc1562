// Which parts of the player are shown: its panels, and the places (core/names.js) whose rows, valves, wires and
// terms are drawn. Everything, where a page names nothing; a story names what its beat speaks of.

const PANELS = ["bar", "tape", "stage", "legend", "circuit", "equation", "table", "heat", "traces"];
const USUAL = ["bar", "tape", "stage", "circuit", "equation"]; // where only places are named

export const ALL = { all: true, sum: false, panel: _name => true, has: _places => true, any: _places => true, key: "" };

/**
 * @param {string[] | string | null | undefined} show names of panels and places; nothing: all
 * @returns {{all: boolean, sum: boolean, panel(name): boolean, has(places): boolean, any(places): boolean, key:
 * string}}
 *   has("f c"): whether all of these places are shown; any("i g"): whether one of them is
 *   sum: whether it is drawn how a gate adds up what it reads, and squeezes the sum (a place of its own, "sum")
 */
export function shownOf(show) {
  if (show === null || show === undefined) return ALL;
  const names = typeof show === "string" ? show.split(/[\s,]+/).filter(Boolean) : show;
  const named = names.filter(name => PANELS.includes(name)), panels = new Set(named.length ? named : USUAL);
  const places = new Set(names.filter(name => !PANELS.includes(name)));
  if (places.has("o") || places.has("squash")) places.add("tanh");
  const there = place => places.size === 0 || places.has(place);
  return {
    all: false,
    sum: places.has("sum"),
    panel: name => panels.has(name),
    has: needed => needed.split(" ").every(there),
    any: needed => needed.split(" ").some(there),
    key: [...places].sort().join(" "),
  };
}

/** Whether a place, or the same at the step before or after (c_prev, h_next), is shown. */
export function showsPlace(model, shown, ref) {
  const [place] = ref.split("_");
  if (place === "up") return shown.has("y");
  if (place === "a") return shown.has("h");
  return shown.has(model.spec.operation[place]?.needs.join(" ") ?? place);
}
