// An equation of which only some parts are shown: what belongs to the others is one pale term, "…", with what they
// amount to. So the line stays true, and multiplies out: c_t = f_t c_{t-1} + …

import { evaluate } from "../core/digits.js";
import { plainLeaf } from "./leaves.js";
import { showsPlace } from "../core/shown.js";

const pale = value => plainLeaf("…", value, "what is not shown here", { look: "rest" });
const isPale = tree => tree.look === "rest", isThere = tree => !isPale(tree);

/**
 * @param {any} found an explanation: {lines, falls, chain, note}
 * @returns {any} the same without what is not shown
 */
export function onlyShown(found, model, shown) {
  if (shown.all) return found;
  const seen = leaf => !leaf.ref || showsPlace(model, shown, leaf.ref);
  const squashed = tree => tree.call && model.spec.path === "c" && tree.of.ref === "c" && !shown.has("tanh");
  const cover = tree => {
    if (squashed(tree)) return pale(evaluate(tree));
    if (tree.add) return sum(tree.add.map(part => (part.times ? product(part.times, true) : cover(part))));
    if (tree.times) return product(tree.times);
    if (tree.minus) return tree.minus.every(part => !isPale(cover(part))) ? tree : pale(evaluate(tree));
    if (tree.call) return { ...tree, of: cover(tree.of) };
    return seen(tree) ? tree : pale(tree.value);
  };
  // of a product the factors that are shown; in a sum a state whose gate is not shown stands alone, and the rest takes
  // the difference
  const product = (factors, inSum = false) => {
    const covered = factors.map(cover), there = covered.filter(isThere), gone = covered.filter(isPale);
    if (!gone.length) return { times: covered };
    if (!there.length) return pale(evaluate({ times: factors }));
    const isState = there.length === 1 && /^[ch]_/.test(there[0].symbol ?? "");
    if (inSum && isState) return { add: [there[0], pale(evaluate({ times: factors }) - there[0].value)] };
    return { times: [...there, pale(evaluate({ times: gone }))] };
  };
  const lines = found.lines.map(line => ({ ...line, right: cover(line.right) }));
  const whole = JSON.stringify(lines.map(line => line.right)).indexOf('"rest"') < 0;
  return {
    ...found, lines: distinct(lines), falls: found.falls.filter(({ rows }) => rows.some(row => row.ref && seen(row)))
      .map(fall => ({ ...fall, rows: coveredRows(fall.rows, seen) })), note: whole ? found.note : () => "",
    chain: found.chain && found.chain.leaves.every(seen) ? found.chain : null,
  };
}

// a sum, what is not shown of it as one term at its end
function sum(parts) {
  const flat = parts.flatMap(part => part.add || [part]), there = flat.filter(isThere), gone = flat.filter(isPale);
  if (!gone.length) return { add: flat };
  const rest = pale(gone.reduce((total, part) => total + part.value, 0));
  return there.length ? { add: [...there, rest] } : rest;
}

// a waterfall's rows, those that are not shown as one
function coveredRows(rows, seen) {
  const gone = rows.filter(row => !seen(row) && !row.inner);
  if (!gone.length) return rows;
  const value = gone.reduce((total, row) => total + row.value, 0);
  return [...rows.filter(seen), { label: "…", says: "what is not shown here", value, ref: null, go: null }];
}

// a second line that says the same as the first, with all of it covered, is none
const distinct = lines => lines.filter(({ right, continued }, k) => !(k && continued && isPale(right)));
