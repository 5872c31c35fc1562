// Playing: time moves on, by itself where a beat asks for it, by the reader's hand otherwise.

import { PHASE_ENDS, clamp } from "./shapes.js";
import { limits } from "./place.js";

const STEP = 5600;
const DAY = 1400;
const DAY_OF_MANY = 1500; // ms for one step
const PAUSE = 700;
const CALM = 850;
const UNFOLD = 3600;
const TOGETHER = 1600;
const SWEEP = 2600;

/**
 * @param {any} given state, motion, calm (a media query), tell, sync, hand: see loop.js
 */
export function createPlaying({ state, motion, calm, tell, sync, hand }) {
  const layer = () => state[state.stage.layer];
  const rate = () => (state.stage.view === "machine" ? STEP : state.stage.layer === "one" ? DAY : DAY_OF_MANY);
  let due = null; // what has been asked for and has not been told as played
  let token = 0;

  function end(whole) {
    state.playing = false;
    sync();
    if (!whole) return;
    const { layer: name, play_to } = state.stage;
    if (layer().at !== undefined) tell({ target: "step", value: reached() });
    if (play_to === null || name === "takeaway") tell({ target: "played", value: reached() });
    played();
  }
  const reached = () => Math.max(0, Math.ceil(layer().at ?? state.stage.play_to ?? state.stage.count) - 1);
  /** Once for each `play_to`: when it has been reached, or when the reader has taken over. */
  function played() {
    if (due === null) return;
    due = null;
    tell({ target: "played", value: reached() });
  }
  /** Time goes on to `goal`; true if it got there. */
  function run(goal) {
    const place = layer();
    if (calm.matches) return jump(goal);
    return motion.start("place", passed => {
      place.at = Math.min(goal, place.at + (passed / rate()) * state.speed);
      if (goal - place.at < 1e-6) place.at = goal;
      return place.at < goal;
    });
  }
  /** Reduced motion: from phase to phase, without what travels between. */
  async function jump(goal) {
    const place = layer();
    const ends = state.stage.view === "machine" ? PHASE_ENDS : [1];
    while (place.at < goal - 1e-6) {
      const step = Math.floor(place.at + 1e-6);
      const next = ends.find(share => step + share > place.at + 2e-3) ?? 1;
      place.at = next === 1 ? step + 1 : step + next - 1e-3; // just before the end: the number has arrived
      motion.paint();
      if (place.at < goal && !(await motion.pause("place", CALM))) return false;
    }
    return true;
  }
  const tween = (name, to, ms) => {
    const place = layer();
    const from = place[name];
    return motion.tween("place", ms, share => {
      place[name] = from + (to - from) * share;
    });
  };

  /** One after the other, unless something else begins meanwhile. */
  async function sequence(...acts) {
    const mine = ++token;
    motion.halt("place");
    state.playing = true;
    sync();
    for (const each of acts) if (!(await each()) || mine !== token) return mine === token && end(false);
    return end(true);
  }
  function halt() {
    token++;
    motion.halt("place");
    state.playing = false;
    sync();
  }
  const wait = ms => () => (calm.matches ? Promise.resolve(true) : motion.pause("place", ms));

  /** What there is to play up to `goal`. */
  function acts(goal) {
    const { stage } = state;
    const place = layer();
    if (stage.layer === "pasts")
      return [
        () => {
          place.sweep = 0;
          return tween("sweep", 1, SWEEP);
        },
      ];
    if (stage.layer === "takeaway") return [];
    const list = [() => run(goal)];
    if (stage.view === "time" && place.fold < 0.99)
      list.unshift(() => tween("fold", 1, UNFOLD / (0.5 + state.speed / 2)));
    if (stage.view === "columns" && stage.marked.length === 2)
      list.push(wait(500), () => tween("together", 1, TOGETHER));
    return list;
  }
  const goalOf = () =>
    state.stage.view === "columns" && state.stage.play_to ? state.stage.play_to : limits(state.stage).most;

  return {
    /** What the beat asks for, after a moment. */
    byItself() {
      due = state.stage.layer === "takeaway" ? null : state.stage.play_to;
      const goal = Math.min(state.stage.play_to ?? goalOf(), limits(state.stage).most);
      return sequence(wait(PAUSE), ...acts(goal));
    },
    toggle() {
      const { stage } = state;
      const place = layer();
      if (state.playing) {
        halt();
        return;
      }
      if (stage.locked || stage.layer === "takeaway") return;
      const { least } = limits(stage);
      const goal = goalOf();
      if ("together" in place) place.together = 0;
      if (place.at >= goal || place.at < least) place.at = least;
      sequence(...acts(goal));
    },
    day(i) {
      const { stage } = state;
      const { least, most } = limits(stage);
      const place = layer();
      if (!("at" in place) || i >= most || i < least) return;
      if ("together" in place) place.together = 0;
      place.at = i;
      played();
      sequence(() => run(i + 1));
    },
    slide(name, value) {
      const place = layer();
      const { least, most } = limits(state.stage);
      if (state.stage.locked) return;
      if (name === "phase") place.at = least + (value > 0.998 ? 1 : value);
      if (name === "at") {
        place.at = clamp(Math.abs(value - Math.round(value)) < 0.02 ? Math.round(value) : value, least, most);
        place.together = 0;
      }
      if (name === "fold") {
        place.at = Math.ceil(place.at);
        place.fold = value;
      }
      if (name === "rho") {
        place.rho = value;
        if ("sweep" in place) place.sweep = 1;
        hand.set(name, value);
        state.changes.rho = value;
        tell({ target: "rho", value });
      }
      halt(); // only now: it shows on the slider where things stand
      played();
      motion.paint();
    },
    unfold(fold, ms) {
      const place = layer();
      place.at = Math.ceil(place.at);
      played();
      sequence(() => tween("fold", fold, ms));
    },
    key(at, travels) {
      const place = layer();
      if (state.stage.locked || !("at" in place)) return;
      halt();
      if ("together" in place) place.together = 0;
      if (travels && !calm.matches) {
        sequence(() => run(at));
        return;
      }
      place.at = at;
      played();
      motion.paint();
    },
    /** Another beat: what the last one was to play is no more. */
    leave() {
      due = null;
    },
    halt,
  };
}
