// How it runs: it plays what is known, asks for more before that ends, and stops at once.
//
// One request is in flight at a time. What it plays never waits with a jerk: the fewer frames are left before it, the
// slower it goes, until the next ones are there.

import { createClock } from "../transport/clock.js";

export const SPEEDS = [0.25, 0.5, 1, 2, 4];
const AHEAD = 1.2; // seconds of playing that are asked for
const SOFT = 0.3; // seconds: the last frames known are played no faster than they would last so long
const CREEP = 0.6; // frames a second, at least
const ANSWER = 8; // seconds that an answer plays at most
const LOST = 8000; // milliseconds: an answer that has not come by then will not come
const SHOWN = 300; // milliseconds at rest before it says where
const STRIDES = 30; // where motion is reduced: so many steps for all updates
const MOST = 1200; // frames of one request

export const lastFrame = ({ limit, every }) => Math.floor(limit / every);

/** How many frames may be seen. */
export function seen({ stage, records, locked }) {
  const hidden = locked && Number.isFinite(stage.hide_from ?? NaN);
  return hidden ? Math.min(records.frames, Math.floor(stage.hide_from / stage.every) + 1) : records.frames;
}

/** Whether there are frames that are not known yet, and can be asked for. */
export function more({ stage, records }) {
  const over = stage.lanes.length > 0 && stage.lanes.every(({ id }) => stage.ended[id]);
  return stage.run !== null && !over && records.frames - 1 < lastFrame(stage);
}

/** The frame at which all ends, as far as is known. */
export const endFrame = state =>
  more(state) ? lastFrame(state.stage) : Math.min(lastFrame(state.stage), seen(state) - 1);

/** How many frames a second it is to go: as the reader has set it; what is played as an answer lasts not too long. */
function asked({ stage, speed, owed }) {
  const set = (speed * stage.pace) / stage.every;
  return owed ? Math.max(set, (stage.play_to - (stage.step ?? 0)) / stage.every / ANSWER) : set;
}

/** How many frames a second it goes: as asked, and slower where few are left. */
export function pace(state) {
  const wanted = asked(state);
  if (!more(state)) return wanted;
  const left = Math.max(0, state.records.frames - 1 - state.at);
  return Math.min(wanted, Math.max(CREEP, left / SOFT));
}

/**
 * @param {any} state of learn.js
 * @param {{calm(): boolean, paint(): void, tell(target: string, value: unknown): void}} given
 */
export function createRun(state, { calm, paint, tell }) {
  const clock = createClock({ rate: () => (calm() ? pace(state) / stride() : pace(state)), calm, advance });
  let resting = 0;
  let patience = 0;

  const stride = () => Math.max(1, Math.round(lastFrame(state.stage) / STRIDES));
  const top = () => Math.max(0, seen(state) - 1);

  function advance(by) {
    const end = Math.min(state.until ?? Infinity, endFrame(state));
    const to = calm() ? Math.floor(state.at + 1e-9) + by * stride() : state.at + by;
    const most = Math.min(end, top());
    move(Math.min(Math.max(to, state.at), Math.max(most, state.at)));
    ask();
    if (state.at < end - 1e-9) return true;
    pause();
    return false;
  }
  function move(to) {
    state.at = to;
    state.peak = Math.max(state.peak, to);
    paint();
  }
  /** Play up to a frame; null: to the end, and from the beginning where that is reached. */
  function start(until) {
    if (state.locked || state.seek !== null) return;
    const end = Math.min(until ?? Infinity, endFrame(state));
    if (state.at >= end) {
      if (until !== null) return;
      state.at = 0;
    }
    clearTimeout(resting);
    Object.assign(state, { until, playing: true });
    ask();
    clock.start();
    paint();
  }
  function halt() {
    clock.stop();
    clearTimeout(resting);
    Object.assign(state, { playing: false, until: null });
    paint();
  }
  function pause() {
    const whole = Math.abs(state.at - Math.round(state.at)) < 1e-6;
    halt();
    if (!whole) state.at = Math.min(Math.ceil(state.at), top());
    settle();
  }
  /** Say where it rests, a moment later; and, once, that what was to be played has been seen to its end. */
  function settle() {
    const { stage, owed } = state;
    if (owed && state.at >= Math.min(stage.play_to / stage.every, endFrame(state))) {
      state.owed = false;
      tell("played", stage.play_to);
    }
    clearTimeout(resting);
    resting = setTimeout(() => {
      const rested = `${stage.run} ${state.at}`;
      if (state.playing || rested === state.rested || state.locked) return;
      state.rested = rested;
      tell("at", { run: stage.run, update: Math.round(state.at) * stage.every });
    }, SHOWN);
  }
  function go(to) {
    if (state.locked || state.seek !== null) return;
    halt();
    move(Math.min(Math.max(Math.round(to), 0), top()));
    settle();
  }
  function step(by) {
    if (state.locked) return;
    const to = by > 0 ? Math.floor(state.at + 1e-6) + by : Math.ceil(state.at - 1e-6) + by;
    if (to <= top()) go(to);
    else if (more(state)) start(to);
  }

  /** Ask for frames where fewer are left than it is about to play. */
  function ask() {
    const { stage, records } = state;
    if (!stage || !more(state)) return;
    if (state.flying !== null && performance.now() - state.since < LOST) return;
    const known = records.frames;
    const wanted = asked(state);
    const goal = state.seek ?? (state.playing ? Math.min(state.until ?? Infinity, lastFrame(stage),
      state.at + Math.max(calm() ? stride() + 1 : 2, wanted * AHEAD)) : -1);
    const want = Math.min(MOST, Math.ceil(goal) + 1 - known);
    if (known > 0 && want <= 0) return;
    state.serial = Math.max(state.serial + 1, Date.now());
    Object.assign(state, { flying: state.serial, since: performance.now() });
    const took = Math.round(state.took);
    tell("slice", { run: stage.run, have: known, want: Math.max(1, want), serial: state.serial, took });
    clearTimeout(patience);
    patience = setTimeout(ask, LOST + 50);
  }

  return {
    start, halt, go, step,
    toggle: () => (state.playing ? pause() : start(null)),
    speed(value) {
      state.speed = value;
      ask();
      paint();
    },
    /** Back to the initial weights; what was learned is forgotten, and learned again. */
    rewind() {
      if (state.locked || state.seek !== null) return;
      halt();
      move(0);
      settle();
      if (state.stage.run === null || state.records.frames < 2) return;
      state.serial = Math.max(state.serial + 1, Date.now());
      state.rewinding = true;
      tell("rewind", { run: state.stage.run, serial: state.serial });
    },
    /** Another network begins here, or goes. */
    fork() {
      if (state.locked) return;
      halt();
      state.serial = Math.max(state.serial + 1, Date.now());
      const here = Math.round(state.at) * state.stage.every;
      const goes = state.stage.can?.includes("unfork");
      tell("fork", { run: state.stage.run, update: goes ? null : here, serial: state.serial });
    },
    /** New frames, or another stage: it goes on from where it stands. */
    arrived({ anew, other, whole }) {
      if (other || anew) state.at = Math.min(anew ? state.seek : state.at, top());
      if (other) Object.assign(state, { peak: state.at, flying: null });
      if (state.seek !== null) {
        move(Math.min(state.seek, top()));
        if (state.at >= state.seek || !more(state)) state.seek = null;
      }
      if (!whole) state.records.frames || (state.flying = null);
      state.at = Math.min(state.at, top());
      if (other && state.playing && !anew) clock.start();
      if (!whole || state.seek !== null || state.playing) ask();
      paint();
    },
    byItself() {
      state.owed = true;
      const begin = () => {
        if (state.owed && state.seek !== null) setTimeout(begin, 60);
        else if (state.owed) start(state.stage.play_to / state.stage.every);
      };
      begin();
    },
    stop() {
      clearTimeout(patience);
      clearTimeout(resting);
      state.owed = false;
      state.stage = { ...state.stage, run: null };
    },
  };
}
