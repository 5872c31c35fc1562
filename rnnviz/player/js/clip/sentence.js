// All that is to be seen, from the gradient and the threshold; and what is to be seen now, in a sentence.

import { fill } from "../transport/bar.js";
import { angle, clipByNorm, clipByValue, norm } from "./clipping.js";
import { TURN, around } from "./swing.js";
import { brief, degrees } from "./table.js";

export function viewOf({ words, show, locked, spacing }, { g, at, threshold }, trails) {
  const clipped = { norm: clipByNorm(g, threshold), value: clipByValue(g, threshold) };
  const turned = clipped.value ? angle(g, clipped.value) : 0;
  const directed = { size: norm(g), degrees: around(at) * TURN };
  return { g, threshold, clipped, turned, ...directed, words, show, locked, spacing, trails };
}

export function sentence({ g, size, threshold, clipped, turned, show, words }) {
  if (!clipped.value) return words.broken || "";
  const facts = {
    norm: brief(size),
    by_norm: brief(norm(clipped.norm)),
    by_value: brief(norm(clipped.value)),
    turned: degrees(turned),
    threshold: brief(threshold),
  };
  if (size <= threshold) return fill(words.inside, facts);
  const touched = clipped.value.some((entry, i) => entry !== g[i]);
  const value = !touched ? words.untouched : turned < 0.05 ? words.straight : words.turned;
  const said = [words.outside, show.norm && words.shortened, show.value && value];
  return fill(said.filter(Boolean).join(" "), facts);
}
