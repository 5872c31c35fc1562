// What has happened after so many steps: in a chain each step hands on to the next position; in an "all" lane a step
// joins every position with every other one that it may look at.

export const RATE = 2.5; // steps a second

const whole = at => Math.floor(at + 1e-6);

/** How much of its way to the k-th step, from 1, something has gone: 0 to 1. */
export const share = (at, k) => Math.min(1, Math.max(0, at - k + 1));

/** The step, from 1, in which a lane reaches position t of T; what is there from the start, in step 0. */
export function stepOf({ way }, view, t, T) {
  if (view === "back") return way === "chain" ? T - 1 - t : Math.min(1, T - 1 - t);
  if (view === "answer") return t === T - 1 ? 1 : 0;
  if (view === "grow") return t + 1;
  return way === "chain" ? t + 1 : 1;
}

/** How many steps a lane takes until nothing is left to be reached. */
export function lastStep(lane, view, T) {
  return Math.max(stepOf(lane, view, 0, T), stepOf(lane, view, T - 1, T));
}

/** What a lane counts after `at` steps: steps taken, products of two positions, vectors that have to be kept. */
export function counted(lane, view, at, T) {
  const steps = Math.min(whole(at), lastStep(lane, view, T));
  const reached = lane.way === "chain" || view === "grow" ? steps : steps && T;
  const looks = lane.way === "chain" ? reached : (reached * (reached + 1)) / 2;
  return { steps, looks, kept: lane.way === "chain" ? Math.min(1, reached) : reached };
}

/** The pairs [from, to] of positions that the k-th step, from 1, joins. */
export function joined(lane, view, k, T) {
  const pairs = [];
  if (lane.way === "chain" && view !== "answer") {
    if (k > 0 && k < T + (view === "back" ? 0 : 1))
      pairs.push(view === "back" ? [T - k, T - 1 - k] : [k - 2, k - 1]);
    return pairs.filter(([from, to]) => from >= 0 && to >= 0);
  }
  if (view === "answer" && k === 1) for (let t = 0; t < T - 1; t++) pairs.push([t, T - 1]);
  if (view === "back" && k === 1) for (let t = 0; t < T - 1; t++) pairs.push([T - 1, t]);
  if (view === "grow") for (let t = 0; t < k - 1; t++) pairs.push([k - 1, t]);
  if (view === "forth" && k === 1) for (let q = 1; q < T; q++) for (let t = 0; t < q; t++) pairs.push([q, t]);
  return pairs;
}
