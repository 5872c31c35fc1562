// How a race runs: by itself up to a phase, or as the reader plays, steps and scrubs.

import { createClock } from "../transport/clock.js";
import { clamp, endOf, rate, stop } from "./moments.js";
import { mostOf } from "./picture.js";

/**
 * @param {any} state of race.js
 * @param {{calm(): boolean, paint(): void, tell(target: string, value: unknown): void}} given
 */
export function createRun(state, { calm, paint, tell }) {
  const clock = createClock({ rate: () => state.speed * rate(state.at, state.data.T), calm, advance });

  function advance(by) {
    const to = calm() ? stop(state.at, 1, state.data.T, true) : state.at + by;
    const end = state.until ?? mostOf(state);
    state.at = clamp(to, 0, Math.max(end, state.at));
    paint();
    if (state.at < end) return true;
    pause();
    return false;
  }
  /** Play up to a moment; null: to the end, and from the start where that is reached. */
  function start(until) {
    if (state.locked) return;
    if (state.at >= (until ?? mostOf(state))) state.at = 0;
    Object.assign(state, { until, playing: true });
    clock.start();
    paint();
  }
  function halt() {
    clock.stop();
    Object.assign(state, { playing: false, until: null });
    paint();
  }
  function pause() {
    halt();
    settle();
  }
  /** Say, once, that what was to be played has been seen to its end, whoever has led there. */
  function settle() {
    const { stage, data, owed } = state;
    if (!owed || !stage.play_to || state.at < endOf(stage.play_to, data.T)) return;
    state.owed = false;
    tell("played", stage.play_to);
  }
  function go(to) {
    if (state.locked) return;
    halt();
    state.at = clamp(to, 0, mostOf(state));
    settle();
  }
  return {
    start,
    halt,
    go,
    toggle: () => (state.playing ? pause() : start(null)),
    step: by => go(stop(state.at, by, state.data.T)),
    byItself() {
      state.owed = true;
      start(endOf(state.stage.play_to, state.data.T));
    },
  };
}
