// What the reader does on the stage, and what is told of it.

import { wholeOf } from "./place.js";

/** @param {any} state @param {any} clock @param {(said: {target: string, value: unknown}) => void} tell */
export function createReader(state, clock, tell) {
  const reader = {
    state,
    clock,
    locked: () => Boolean(state.stage.locked),
    /** The step whose state the gradient has reached: `step` from 0, as charts count, x from 1. */
    told() {
      const x = state.walk.steps - wholeOf(clock);
      tell({ target: "step", value: { step: x - 1, x } });
      return x;
    },
    /** It has come to rest, "played" where it was to play that far by itself. */
    stopped(how) {
      if (how === "played") tell({ target: "played", value: wholeOf(clock) });
      const x = reader.told();
      if (state.stage.follow) tell({ target: "walked", value: { x } });
      clock.paint();
    },
    rest: () => reader.stopped("rest"),
    play() {
      if (clock.playing) {
        clock.halt();
        reader.rest();
      } else clock.play();
    },
    arrow(degrees, done) {
      Object.assign(state, { angle: ((degrees % 360) + 360) % 360, picked: true });
      if (done) tell({ target: "arrow", value: state.angle });
      clock.paint();
    },
    factor(value, done) {
      state.factor = value;
      if (done) tell({ target: "factor", value });
      clock.paint();
    },
    axis(log) {
      state.log = log;
      clock.axis(log);
      tell({ target: "log", value: log });
    },
  };
  return reader;
}
