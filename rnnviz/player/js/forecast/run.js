// How it runs: frame by frame, by itself up to a frame or by hand; and what it tells.

import { createClock } from "../transport/clock.js";

export const SPEEDS = [0.25, 0.5, 1, 2];

/** How many frames may be seen. */
export const seen = ({ stage, data, locked }) =>
  locked && Number.isFinite(stage.hide_from ?? NaN) ? stage.hide_from + 1 : data.count;

/**
 * @param {any} state of forecast.js
 * @param {{calm(): boolean, paint(): void, tell(target: string, value: unknown): void}} given
 */
export function createRun(state, { calm, paint, tell }) {
  const clock = createClock({ rate: () => state.speed * state.stage.pace, calm, advance });
  const top = () => seen(state) - 1;

  function advance(by) {
    const end = Math.min(state.until ?? Infinity, top());
    state.at = Math.min(end, calm() ? Math.floor(state.at + 1e-6) + by : state.at + by);
    paint();
    if (state.at < end - 1e-6) return true;
    pause();
    return false;
  }
  function start(until) {
    if (state.locked) return;
    if (state.at >= Math.min(until ?? Infinity, top())) state.at = 0;
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
    state.at = Math.min(top(), Math.ceil(state.at - 1e-6));
    settle();
  }
  function settle() {
    if (state.owed && state.at >= Math.min(state.stage.play_to, top())) {
      state.owed = false;
      tell("played", state.stage.play_to);
    }
    tell("step", state.at);
  }
  function go(to) {
    if (state.locked) return;
    halt();
    state.at = Math.min(top(), Math.max(0, Math.round(to)));
    paint();
    settle();
  }
  return {
    start, halt, go,
    step: by => go(by > 0 ? Math.floor(state.at + 1e-6) + by : Math.ceil(state.at - 1e-6) + by),
    toggle: () => (state.playing ? pause() : start(null)),
    speed(value) {
      state.speed = value;
      paint();
    },
  };
}
