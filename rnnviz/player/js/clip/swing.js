// The arrow as it stands: dragged, turned by a key, or swung round while it plays; and where its clipped tips were.

import { createClock } from "../transport/clock.js";
import { clipByNorm, clipByValue, norm, towards } from "./clipping.js";

export const SPEEDS = [0.25, 0.5, 1, 2];
export const STEPS = 72; // directions once round
export const TURN = 360 / STEPS; // degrees
const A_SECOND = 8; // steps at 1×
const TRAIL = 180; // points
const APART = 0.2; // steps between them
const SHORTEST = 0.03; // of the plane's reach

/** Once around counts as none: steps from 0 to STEPS. */
export const around = at => (at > STEPS || at < 0 ? ((at % STEPS) + STEPS) % STEPS : at);
const stepOf = g => around((Math.atan2(g[1], g[0]) * 180) / Math.PI / TURN) || 0;

/**
 * @param {{stage: () => any, calm: () => boolean, changed: () => void, rested: () => void, arrived: () => void}} given
 *   rested: the arrow has come to rest; arrived: what was played is over
 */
export function createSwing({ stage, calm, changed, rested, arrived }) {
  const state = { g: [0, 0], at: 0, threshold: 1, speed: SPEEDS[0], goal: 0, playing: false };
  const trails = { norm: [], value: [] };
  const clock = createClock({
    rate: () => A_SECOND * state.speed,
    calm,
    advance(steps) {
      turn(Math.min(state.goal, state.at + steps));
      trace();
      if (state.at < state.goal) return true;
      swing.halt();
      rested();
      arrived();
      return false;
    },
  });

  /** The arrow in another direction, as long as it was. */
  function turn(at) {
    state.at = at;
    state.g = towards(around(at) * TURN, norm(state.g));
    changed();
  }
  let traced = 0;
  function trace() {
    if (trails.norm.length && Math.abs(state.at - traced) < APART) return;
    traced = state.at;
    trails.norm.push(clipByNorm(state.g, state.threshold));
    trails.value.push(clipByValue(state.g, state.threshold));
    for (const points of Object.values(trails)) if (points.length > TRAIL) points.shift();
  }
  function forget() {
    trails.norm.length = trails.value.length = 0;
  }

  const swing = {
    state,
    trails,
    set(g, threshold, speed) {
      swing.halt();
      forget();
      Object.assign(state, { g, threshold, speed, at: stepOf(g) });
    },
    halt() {
      clock.stop();
      state.playing = false;
      state.at = around(state.at);
    },
    run(goal) {
      forget();
      Object.assign(state, { goal, playing: true });
      clock.start();
      changed();
    },
    play() {
      if (stage().locked) return;
      if (!state.playing) swing.run(state.at + STEPS);
      else {
        swing.halt();
        rested();
      }
    },
    go(at) {
      if (stage().locked) return;
      swing.halt();
      forget();
      turn(Math.min(Math.max(at, 0), STEPS));
      rested();
    },
    step: by => swing.go(around((by > 0 ? Math.floor(state.at + 1e-6) : Math.ceil(state.at - 1e-6)) + by)),
    lengthen(by) {
      const { reach, locked } = stage();
      if (locked) return;
      swing.halt();
      const long = Math.min(Math.max(norm(state.g) + by * SHORTEST * reach, SHORTEST * reach), reach);
      state.g = towards(around(state.at) * TURN, long);
      rested();
    },
    speed(value) {
      state.speed = value;
      changed();
    },
    moveTip(to) {
      swing.halt();
      forget();
      Object.assign(state, { g: to, at: stepOf(to) });
      changed();
    },
    moveThreshold(to) {
      const { least, most } = stage();
      state.threshold = Math.min(Math.max(Math.round(to * 100) / 100, least), most);
      forget();
      changed();
    },
  };
  return swing;
}
