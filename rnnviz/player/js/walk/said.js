// What the picture shows where it rests, in words: for a screen reader.

import { lanesOf, name } from "./beads.js";
import { fill, power } from "./figures.js";

/** All norms at the state t. */
export function saidOf({ stage, walk, angle, factor }, t, words) {
  const where = fill(words.where, { step: t });
  const each = parts => `${where}: ${parts.join("; ")}`;
  if (stage.view === "beads")
    return each(lanesOf(walk, factor).map(lane => `${name(lane)}, ${power(lane.left(walk.steps - t))}`));
  if (stage.view === "strips")
    return each(walk.rows.map(row => `${words.rows?.[row.name] ?? row.name}, ${power(row.s1[t])}`));
  return fill(words.live,
    { step: t, norm: power(walk.norm(t, angle)), most: power(walk.s1[t]), least: power(walk.s2[t]) });
}
