// What stands on the stage, and where in it: set anew, or with other numbers in the same place.

import { openBeads, openStrips, openWalk } from "./opened.js";

const OPEN = { plane: openWalk, beads: openBeads, strips: openStrips };
const SHOWN = ["factors", "curve", "power", "strip", "states"];

/** So many whole steps back. */
export const wholeOf = clock => Math.floor(clock.back + 1e-9);

/** What there is to draw, and where it stands: from the state `t`, `share` of the way to the one before. */
export function sceneOf({ stage, walk, angle, factor }, clock) {
  const whole = wholeOf(clock);
  const share = whole >= walk.steps ? 0 : Math.max(clock.back - whole, 0);
  return {
    view: stage.view, walk, t: walk.steps - whole, share, back: clock.back, angle, factor, log: clock.log,
    locked: Boolean(stage.locked), words: stage.words ?? {}, show: new Set(stage.show ?? SHOWN),
  };
}

/** A stage takes the place of the one before, which it gives. */
export function take(state, clock, given) {
  const before = state.stage;
  Object.assign(state, { stage: given, walk: OPEN[given.view](given.data) });
  clock.steps = state.walk.steps;
  clock.back = Math.min(clock.back, clock.steps);
  return before;
}

/** As the stage sets it. */
export function enter(state, clock) {
  const { view, step = 0, speed, factor = 0.8, log } = state.stage;
  clock.halt();
  Object.assign(clock, { view, back: Math.min(step, clock.steps), speed: speed ?? clock.speed });
  Object.assign(state, { angle: state.walk.angle ?? 0, picked: false, factor, log: Boolean(log) });
  clock.axis(state.log, true);
  byItself(state.stage, clock);
}

/** The same stage with other numbers: it keeps its place, and goes only where it is sent. */
export function update(state, clock, before) {
  const { stage, walk } = state;
  if (!state.picked) state.angle = walk.angle ?? 0;
  if (Boolean(stage.log) !== Boolean(before.log)) state.log = Boolean(stage.log);
  clock.axis(state.log);
  if (stage.step !== before.step && stage.step !== wholeOf(clock) && !clock.playing) clock.jump(stage.step);
  if (before.locked || (before.play_to ?? null) === null) byItself(stage, clock);
}

function byItself({ locked, play_to: goal }, clock) {
  if (!locked && (goal ?? null) !== null) clock.byItself(goal);
}
