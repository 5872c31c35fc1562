// Playing: from update to update, by itself or by the reader's hand.

import { createClock } from "../transport/clock.js";
import { clamp } from "./courses.js";

export const SPEEDS = [0.25, 1, 4, 12];
const A_SECOND = 2; // updates at 1×
const STEP = 2.5; // updates a second where a key asks for one, at least

/**
 * @param {{stage: () => any, calm: () => boolean, changed: () => void, arrived: () => void}} given
 *   changed: it stands elsewhere; arrived: it has come where it was to go
 */
export function createPlaying({ stage, calm, changed, arrived }) {
  // at: where it stands, a number of updates; hurry: a key has asked for one; touched: the reader has moved it
  const state = { at: 0, speed: SPEEDS[0], goal: 0, playing: false, hurry: false, touched: false };
  const clock = createClock({
    rate: () => (state.hurry ? Math.max(STEP, A_SECOND * state.speed) : A_SECOND * state.speed),
    calm,
    advance(steps) {
      state.at = Math.min(state.goal, state.at + steps);
      const more = state.at < state.goal;
      if (more) changed();
      else {
        playing.halt();
        changed();
        arrived();
      }
      return more;
    },
  });
  const last = () => stage().points - 1;

  const playing = {
    state,
    last,
    halt() {
      clock.stop();
      state.playing = state.hurry = false;
    },
    run(goal, hurry = false) {
      Object.assign(state, { goal: clamp(goal, 0, last()), playing: !hurry, hurry });
      clock.start();
      changed();
    },
    play() {
      if (stage().locked) return;
      state.touched = true;
      if (state.playing) {
        playing.halt();
        changed();
        return;
      }
      if (state.at >= last()) state.at = 0;
      if (calm() && stage().play_to === null) playing.go(last());
      else playing.run(last());
    },
    go(at) {
      if (stage().locked) return;
      state.touched = true;
      playing.halt();
      state.at = clamp(at, 0, last());
      changed();
    },
    /** To the next whole update, or the one before; forward it goes there, faster than it plays at the slowest. */
    step(by) {
      if (stage().locked) return;
      const from = state.hurry ? state.goal : state.at;
      const near = Math.round(from);
      const at = Math.abs(from - near) < 1e-6 ? near : from;
      const to = by > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
      playing.go(by > 0 && !calm() ? at : to);
      if (by > 0 && !calm() && at < last()) playing.run(to, true);
    },
    speed(value) {
      state.speed = value;
      changed();
    },
  };
  return playing;
}
