// What is said of the picture: where it stands, to the root and the controls; what it shows, to those who listen.

import { lanesOf, name } from "./beads.js";
import { fill, power } from "./figures.js";

/** The root's data- attributes, and what the controls show. */
export function statesOf({ stage, walk, angle, factor, log }, clock, { t, words }) {
  const known = stage.view === "plane" && !walk.gone(t);
  const norms = known ? { norm: walk.norm(t, angle), most: walk.s1[t], least: walk.s2[t], angle } : {};
  const now = { view: stage.view, playing: clock.playing, locked: Boolean(stage.locked) };
  const ended = clock.back >= walk.steps - 1e-9;
  const where = fill(words.where, { step: t, back: walk.steps - t });
  return {
    data: { step: walk.steps - t, steps: walk.steps, at: t, ...now, ...norms },
    controls: { ...now, words, ended, where, back: clock.back, speed: clock.speed, factor, log },
  };
}

/** All norms at the state t. */
export function saidOf({ stage, walk, angle, factor }, { t, words }) {
  const where = fill(words.where, { step: t, back: walk.steps - t });
  const each = parts => `${where}: ${parts.join("; ")}`;
  if (stage.view === "beads")
    return each(lanesOf(walk, factor).map(lane => `${name(lane)}, ${power(lane.left(walk.steps - t))}`));
  if (stage.view === "strips")
    return each(walk.rows.map(row => `${words.rows?.[row.name] ?? row.name}, ${power(row.s1[t])}`));
  return fill(words.live,
    { step: t, norm: power(walk.norm(t, angle)), most: power(walk.s1[t]), least: power(walk.s2[t]) });
}
