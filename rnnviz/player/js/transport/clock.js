// Time on a stage: it moves on smoothly while something plays, and by whole steps where motion is reduced.

const LONGEST = 64; // ms: after a hidden tab or a long task things go on from where they were
const CALM = 700; // ms for a whole step where motion is reduced, at least

/**
 * @param {{rate: () => number, calm: () => boolean, advance: (steps: number) => boolean}} given
 *   rate: steps a second; advance: moves on by so many steps, and says whether there is more
 */
export function createClock({ rate, calm, advance }) {
  let frame = 0;
  let timer = 0;
  let last = 0;

  function tick(now) {
    const passed = Math.max(0, Math.min(now - last, LONGEST));
    last = now;
    frame = 0;
    if (advance((passed / 1000) * rate())) frame = requestAnimationFrame(tick);
  }
  function beat() {
    if (advance(1)) timer = setTimeout(beat, Math.max(CALM, 1000 / rate()));
    else timer = 0;
  }
  const clock = {
    start() {
      clock.stop();
      last = performance.now();
      if (calm()) timer = setTimeout(beat, 0);
      else frame = requestAnimationFrame(tick);
    },
    stop() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = timer = 0;
    },
  };
  return clock;
}
