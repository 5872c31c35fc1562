// Where each layer of the stage stands. A view is a way to look at a layer: "machine" and "time" are one unit, folded
// or unrolled; "units" and "columns" are several units; each keeps its place while another one is shown.

import { PHASE_ENDS, clamp, moment } from "./shapes.js";

export const LAYER = {
  machine: "one",
  time: "one",
  units: "many",
  columns: "many",
  pasts: "pasts",
  takeaway: "takeaway",
};
const ROW = { machine: "phases", time: "fold", units: "days", columns: "days", pasts: "rho", takeaway: "none" };
const SHOWN = {
  machine: ["equation"],
  time: ["law", "tape"],
  units: ["tape"],
  columns: ["tape"],
  pasts: [],
  takeaway: ["tape"],
};

/** A stage with all that may be left out. */
export function complete(given) {
  const view = given.view || "machine";
  const data = given.data;
  return {
    step: 0,
    phase: 0,
    folded: true,
    locked: false,
    hide_from: null,
    play_to: null,
    speed: null,
    marked: [],
    build: false,
    log: false,
    token: null,
    large: false,
    controls: given.controls_of_stage || (data.rho ? "rho" : ROW[view]),
    words: {},
    ...given,
    view,
    show: typeof given.show === "string" ? given.show.split(" ") : given.show || SHOWN[view],
    layer: LAYER[view],
    count: data.labels.length,
  };
}

/** How many steps are done where the stage begins: its step, and of it so many of its five phases. */
export const start = stage => stage.step + (stage.phase ? PHASE_ENDS[Math.min(stage.phase, 5) - 1] : 0);

/** The first and the last place that the reader can reach. */
export function limits(stage) {
  const open = stage.hide_from === null || !stage.locked;
  const least = stage.view === "machine" ? stage.step : 0;
  const most = stage.view === "machine" ? stage.step + 1 : stage.count;
  return { least, most: open ? most : clamp(stage.hide_from, least, most) };
}

/** The next stop of the keys from `at`: the end of a phase in the machine, of a step elsewhere. */
export function stop(stage, at, direction) {
  const { least, most } = limits(stage);
  const stops = [];
  for (let step = least; step < most; step++) {
    stops.push(step);
    if (stage.view === "machine") stops.push(...PHASE_ENDS.slice(0, -1).map(end => step + end));
  }
  stops.push(most);
  if (direction > 0) return stops.find(stop => stop > at + 1e-6) ?? most;
  return [...stops].reverse().find(stop => stop < at - 1e-6) ?? least;
}

/** The step that is about to begin where the machine stands at its start. */
export const begin = stage => (stage.view === "machine" ? stage.step : null);

/** What the root says of where it stands. */
export function standing(stage, at) {
  const { step, f, rest } = moment(at, stage.count, begin(stage));
  const phase = rest ? "done" : f === 0 ? "start" : PHASE_ENDS.findIndex(end => f <= end + 1e-9);
  return { step, phase };
}
