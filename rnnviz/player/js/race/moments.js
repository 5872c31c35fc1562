// The race as one line of moments: forward over T steps, the loss, back over as many, what arrives, seeds, ranks.
//
//     0 ..... T    the front of the forward wave, in steps
//     T ... T + 1  the loss looks at the last state
//     T + 1 .. 2T  backward, from step T to step 1
//     then one moment each for what arrives, for the seeds, and for the ranking

export const AFTER = ["arrived", "seeds", "ranked"];
const SECONDS = { forward: 2.6, loss: 0.7, backward: 6, arrived: 0.8, seeds: 1.6, ranked: 1.1 };
const STRIDES = 10; // whole steps where motion is reduced: so many of them each way

/** Where a phase ends. */
export const endOf = (phase, T) => ({ start: 0, forward: T, loss: T + 1, backward: 2 * T }[phase]
  ?? 2 * T + 1 + AFTER.indexOf(phase));

export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));
/** Slow, fast, slow. */
export const ease = share => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);
export const slowing = share => 1 - (1 - share) ** 3;

/**
 * What is to be seen at a moment.
 * @returns {{
 *   phase: string, front: number, pulse: number, loss: number, arrived: number, seeds: number, ranked: number
 * }}
 *   front: the step that the forward wave has reached; pulse: the one that the gradients have; the others: shares
 */
export function at(moment, T) {
  const share = phase => clamp(moment - endOf(phase, T) + 1);
  const ended = ["forward", "loss", "backward", ...AFTER].find(phase => moment <= endOf(phase, T)) ?? "ranked";
  return {
    phase: moment <= 0 ? "start" : ended,
    front: Math.min(moment, T),
    pulse: clamp(2 * T + 1 - moment, 1, T),
    loss: clamp(moment - T),
    arrived: share("arrived"),
    seeds: share("seeds"),
    ranked: share("ranked"),
  };
}

/** Moments a second, at normal speed: so long as it takes, whatever T is. */
export function rate(moment, T) {
  const { phase } = at(moment + 1e-9, T);
  const steps = phase === "forward" ? T : phase === "backward" ? T - 1 : 1;
  return Math.max(1, steps) / (SECONDS[phase] ?? 3);
}

/** The same moment where there is another number of steps. */
export function moved(moment, from, to) {
  if (from === to) return moment;
  if (moment <= from) return (moment / from) * to;
  if (moment >= 2 * from) return moment + 2 * (to - from);
  return to + 1 + (Math.max(0, moment - from - 1) / Math.max(1, from - 1)) * (to - 1);
}

/** Where the keys and buttons go: a step on or back, or a stride where motion is reduced. */
export function stop(moment, by, T, calm = false) {
  const stride = calm && moment + Math.min(by, 0) < 2 * T ? Math.max(1, Math.round(T / STRIDES)) : 1;
  const next = by > 0 ? Math.floor(moment + 1e-6) + stride : Math.ceil(moment - 1e-6) - stride;
  for (const phase of ["forward", "loss", "backward"]) {
    const end = endOf(phase, T); // no stride leads across the end of a phase
    if ((moment < end && next > end) || (moment > end && next < end)) return end;
  }
  return next;
}
