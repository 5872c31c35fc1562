// Where the walk stands, and how it goes on: so many steps back, as a number between two steps while it moves.

import { clamp } from "./algebra.js";

const LONGEST = 64; // ms: after a hidden tab or a long task it goes on from where it was
const PAUSE = 500; // ms before it plays by itself
const EVENLY = { first: 90, from: 0, then: 90 };
/** How long a step takes, in ms: the first ones slowly, so that the motions can be followed. */
const STEPS = {
  plane: { first: 1500, from: 2, then: 900, after: 4, last: 320 },
  beads: { first: 700, from: 2, then: 260 },
  strips: EVENLY,
};
const CALM = 500; // ms a whole step where motion is reduced

export function duration(view, step) {
  const { first, from, then, after = Infinity, last = then } = STEPS[view];
  return step < from ? first : step < after ? then : last;
}

/**
 * @param {() => void} paint draws the picture
 * @param {(how: "rest" | "played") => void} stopped it has come to rest by itself
 * @param {() => void} passing another step has been reached, and it goes on
 */
export function createClock(paint, stopped, passing) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const clock = { back: 0, steps: 0, view: "plane", speed: 1, playing: false, log: 0 };
  let [frame, last, goal, due, waits, logGoal, since] = [0, 0, null, false, 0, 0, 0];

  function wake() {
    if (frame) return;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }
  function tick(now) {
    frame = 0;
    const passed = clamp(now - last, 0, LONGEST);
    const step = Math.floor(clock.back + 1e-9);
    last = now;
    move(passed);
    if (goal !== null && Math.floor(clock.back + 1e-9) !== step) passing();
    paint();
    if (goal !== null || clock.log !== logGoal) frame = requestAnimationFrame(tick);
  }
  function move(passed) {
    const near = Math.abs(clock.log - logGoal) < 0.004 || calm.matches;
    clock.log = near ? logGoal : clock.log + (logGoal - clock.log) * (1 - Math.exp(-passed / 160));
    if (goal === null) return;
    if (calm.matches) {
      since += passed * clock.speed;
      if (since < CALM) return;
      since = 0;
      clock.back = Math.min(Math.floor(clock.back + 1e-9) + 1, goal);
    } else {
      let rest = passed * clock.speed; // a frame may end one step and begin the next
      while (rest > 0 && clock.back < goal) {
        const ends = Math.min(Math.floor(clock.back + 1e-9) + 1, goal);
        const long = duration(clock.view, Math.floor(clock.back + 1e-9));
        const needs = (ends - clock.back) * long;
        clock.back = needs <= rest ? ends : clock.back + rest / long;
        rest -= needs;
      }
    }
    if (clock.back >= goal - 1e-9) arrive();
  }
  function arrive() {
    const all = due;
    clock.back = goal;
    halt();
    stopped(all ? "played" : "rest");
  }
  function halt() {
    clearTimeout(waits);
    goal = null;
    due = false;
    clock.playing = false;
  }
  function run(to, byItself = false) {
    halt();
    goal = to;
    due = byItself;
    clock.playing = true;
    since = 0;
    wake();
  }
  return Object.assign(clock, {
    paint: wake,
    halt,
    /** From here to the end, or from the start again. */
    play() {
      if (clock.back >= clock.steps - 1e-9) clock.back = 0;
      run(clock.steps);
    },
    /** One whole step, on or back; on it moves, back it jumps. */
    step(by) {
      const to = by > 0 ? Math.floor(clock.back + 1e-9) + 1 : Math.ceil(clock.back - 1e-9) - 1;
      if (by > 0 && !calm.matches && to <= clock.steps) return run(to);
      clock.jump(clamp(to, 0, clock.steps));
      return stopped("rest");
    },
    jump(to) {
      halt();
      clock.back = clamp(to, 0, clock.steps);
      wake();
    },
    /** After a moment, by itself. */
    byItself(to) {
      halt();
      waits = window.setTimeout(() => run(to, true), PAUSE);
    },
    axis(log, atOnce = false) {
      logGoal = Number(log);
      if (atOnce) clock.log = logGoal;
      wake();
    },
    stop() {
      halt();
      cancelAnimationFrame(frame);
    },
  });
}
