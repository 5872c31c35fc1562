// What moves, moves here: named channels, one animation frame for all of them, and none while everything is still.

const LONGEST = 64; // ms: after a hidden tab or a long task things go on from where they were

/**
 * @param {() => void} paint draws one picture
 * @param {() => boolean} calm whether the reader asked for reduced motion
 */
export function createMotion(paint, calm) {
  const running = new Map();
  let frame = 0;
  let last = 0;

  function wake() {
    if (frame) return;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }
  function tick(now) {
    frame = 0;
    const passed = Math.max(0, Math.min(now - last, LONGEST));
    for (const [channel, job] of [...running]) {
      if (running.get(channel) === job && job.each && !job.each(passed)) finish(channel, true);
    }
    paint();
    if ([...running.values()].some(job => job.each)) {
      last = now;
      frame = requestAnimationFrame(tick);
    }
  }
  function finish(channel, whole) {
    const job = running.get(channel);
    if (!job) return;
    running.delete(channel);
    clearTimeout(job.timer);
    job.resolve(whole);
  }
  function begin(channel, job) {
    finish(channel, false);
    return new Promise(resolve => {
      running.set(channel, { ...job, resolve });
      if (job.each) wake();
    });
  }
  return {
    /** Calls `each(milliseconds passed)` every frame until it says false; true at the end, false if it was stopped. */
    start: (channel, each) => begin(channel, { each }),
    /** `set(share)` from 0 to 1 in `ms`; at once where motion is reduced. */
    tween(channel, ms, set) {
      if (calm()) {
        finish(channel, false);
        set(1);
        paint();
        return Promise.resolve(true);
      }
      let passed = 0;
      return begin(channel, {
        each: by => {
          passed += by;
          set(Math.min(1, passed / ms));
          return passed < ms;
        },
      });
    },
    /** Waits on a channel, without drawing. */
    pause: (channel, ms) => begin(channel, { timer: setTimeout(() => finish(channel, true), ms) }),
    halt(...channels) {
      for (const channel of channels.length ? channels : [...running.keys()]) finish(channel, false);
    },
    paint: wake,
    stop() {
      for (const channel of [...running.keys()]) finish(channel, false);
      cancelAnimationFrame(frame);
    },
  };
}
