// A stage that plays along its steps: where it stands, how it moves on, its bar, its keys, what it tells.

import { createBar } from "./bar.js";
import { createClock } from "./clock.js";
import { listenToKeys } from "./keys.js";

/**
 * `state` is the stage's own record, in which this keeps `at` (from 0 to the steps, between them while it moves),
 * `speed`, `playing`, `until` (where it stops by itself; null: at the end) and `locked`. Of a stage's data it reads
 * `token`, `step`, `hide_from` (how far may be seen), `play_to`, `speed`, `locked` and `words`.
 *
 * It tells "step" where the reader has come to rest, and "played" once it has played up to where it was asked to.
 *
 * @param {any} state
 * @param {{root: HTMLElement, bar: HTMLElement, speeds: number[], rate: () => number, draw: () => void,
 *   tell: (said: {target: string, value: unknown}) => void, limit?: (to: number) => number}} given
 *   rate: steps a second; draw: paints, at most once a frame; limit: how far a frame may go that would go so far
 */
export function createPlayed(state, { root, bar: place, speeds, rate, draw, tell, limit = to => to }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const bar = createBar(place, { play: toggle, step, go, speed });
  const clock = createClock({ rate: () => state.speed * rate(), calm: () => calm.matches, advance });
  Object.assign(state, { at: 0, speed: 1, playing: false, until: null, locked: false });
  /** @type {any} */
  let stage = null;
  let steps = 0, frame = 0;

  const most = () => Math.min(steps, stage.hide_from ?? steps);
  const whole = () => Math.floor(state.at + 1e-6);
  const rested = () => tell({ target: "step", value: whole() });

  function paint() { if (!frame) frame = requestAnimationFrame(painted); }
  function painted() {
    frame = 0;
    draw();
  }

  // Playing

  function advance(by) {
    const end = state.until ?? most();
    state.at = Math.min(Math.max(end, state.at), limit(calm.matches ? whole() + 1 : state.at + by));
    paint();
    if (state.at < end) return true;
    pause();
    return false;
  }
  function start(until) {
    if (state.locked) return;
    if (state.at >= (until ?? most())) state.at = 0;
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
    const { until } = state;
    halt();
    if (until !== null && state.at >= until) tell({ target: "played", value: until });
    rested();
  }
  function toggle() {
    if (state.playing) pause();
    else start(null);
  }

  // What the reader does

  function go(to) {
    if (state.locked) return;
    halt();
    state.at = Math.min(Math.max(to, 0), most());
  }
  function step(by) {
    go(by > 0 ? whole() + 1 : Math.ceil(state.at - 1e-6) - 1);
    rested();
  }
  function speed(value) {
    state.speed = value;
    paint();
  }
  listenToKeys(root, {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => { go(0); rested(); },
    End: () => { go(most()); rested(); },
  });
  place.addEventListener("change", event => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "at") rested();
  });

  return {
    calm, paint, halt, most, whole,
    play() { if (!state.playing) start(null); },
    /** Takes a stage's data, of so many steps; whether it is another stage, which begins anew. */
    take(data, turned, count = data.steps) {
      const anew = !stage || turned || JSON.stringify(stage.token) !== JSON.stringify(data.token);
      Object.assign(state, { locked: Boolean(data.locked) });
      stage = data;
      steps = count;
      if (anew) {
        halt();
        Object.assign(state, { at: Math.min(data.step ?? 0, steps), speed: data.speed ?? state.speed });
      } else state.at = Math.min(state.at, most());
      root.setAttribute("aria-label", data.words.title || "");
      const { before: back, after: on, place: among } = data.words;
      bar.build({ ...data.words, back, on, among }, speeds, steps);
      return anew;
    },
    /** Where a new stage asks for it, it plays by itself. */
    begin() { if (Number.isInteger(stage.play_to)) start(stage.play_to); },
    /** What bar and root say: `text` beside the bar, and more about where it stands. */
    show(text, more = {}) {
      const { at, playing, locked } = state;
      const told = { step: whole(), steps, playing, locked, ...more };
      for (const [name, value] of Object.entries(told))
        if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
      bar.update({ at, text, playing, locked, speed: state.speed });
    },
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
    },
  };
}
