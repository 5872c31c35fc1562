// The player's one clock: while it plays, the position goes evenly from step to step, at the pace that the speed
// says; a step taken by hand travels at the same pace. What is drawn is where the position is.

import { clamp } from "../core/moving.js";

const STEP_MS = 2000, LONGEST_FRAME = 250; // of a step at 1x; of what one frame may catch up with

/** How long a step takes, in milliseconds. */
export const paceOf = view => STEP_MS / view.speed;

/**
 * @param p the player: {view, position, calm}
 * @param moves acts.js
 */
export function clockOf(p, moves) {
  const { view, position } = p;
  let last = null, waited = 0;

  // on by `share` of a step, into the steps after it; stops where there is none
  function on(share) {
    let left = share;
    while (view.playing && left > 0) {
      const away = Math.abs(view.t - position.now()), by = Math.sign(view.t - position.now());
      const step = Math.min(left, away);
      left -= step;
      position.send(step === away ? view.t : position.now() + by * step, 0, 0);
      if (step < away) return;
      const onward = moves.onward();
      if (onward) moves.stand(view.t + onward); else moves.stop();
    }
  }

  // with reduced motion: whole steps, each after its time
  function jump(share) {
    waited += share;
    if (waited < 1) return;
    waited = 0;
    const onward = moves.onward();
    if (onward) moves.stand(view.t + onward); else moves.stop();
    position.send(view.t, 0, 0);
  }

  return {
    started() { last = null; waited = 0; },
    tick(time) {
      const passed = last === null ? 0 : clamp(time - last, 0, LONGEST_FRAME);
      last = time;
      if (!view.playing) return;
      if (p.calm.matches) jump(passed / paceOf(view)); else on(passed / paceOf(view));
    },
  };
}
