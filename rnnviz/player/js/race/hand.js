// The hand on the canvas: a dot is watched, a lane is opened, and along the steps one drags.

import { dotRadius } from "./arrive.js";
import { clamp } from "./moments.js";
import { zoomOf } from "./picture.js";

const NEAR = 7;
const DRAGGED = 5; // pixels: what moves less is a click

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{
 *   state(): any, lane(id: string): void, seed(k: number): void, go(at: number): void, over(lane: number | null): void,
 *   hint(dot: any, x: number, y: number): void
 * }} act
 */
export function listenToHand(canvas, act) {
  let from = null;
  /** @returns {[number, number]} */
  function point(event) {
    const { left, top } = canvas.getBoundingClientRect();
    const zoom = zoomOf(canvas);
    return [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
  }
  /** What is at a point: its lane, a dot of it. */
  function under(x, y) {
    const { view, places, dots, shows } = act.state();
    const top = lane => view.head + places[lane] * view.high;
    const lane = places.findIndex((_, k) => y >= top(k) && y < top(k) + view.high);
    if (lane < 0) return { lane: null, dot: null };
    const middle = top(lane) + view.bands.dots[0];
    const far = dot => Math.hypot(dot.x - x, middle + dot.y - y);
    const [dot] = shows.dots ? [...dots[lane]].sort((a, b) => far(a) - far(b)) : [];
    return { lane, dot: dot && far(dot) < NEAR + dotRadius(view) ? { ...dot, lane } : null };
  }
  /** The moment that belongs to a place along the steps: of the pass that is shown. */
  function moment(x) {
    const { view, data, at } = act.state();
    const share = clamp((x - view.time[0]) / (view.time[1] - view.time[0]));
    return at <= data.T ? share * data.T : data.T + 1 + (1 - share) * (data.T - 1);
  }
  canvas.addEventListener("pointerdown", event => {
    const { locked, view } = act.state();
    const [x, y] = point(event);
    if (locked || event.button) return;
    from = { x, y, drags: false, along: x >= view.time[0] - 8 };
  });
  canvas.addEventListener("pointermove", event => {
    const { locked } = act.state();
    if (locked) return;
    const [x, y] = point(event);
    if (from?.along && (from.drags || Math.abs(x - from.x) > DRAGGED)) {
      if (!from.drags) canvas.setPointerCapture(event.pointerId);
      from.drags = true;
      act.go(moment(x));
      return;
    }
    const { lane, dot } = under(x, y);
    act.over(lane);
    act.hint(dot, x, y);
  });
  canvas.addEventListener("pointerup", event => {
    const { data } = act.state();
    const drags = from?.drags;
    if (!from || drags) { from = null; return; }
    from = null;
    const { lane, dot } = under(...point(event));
    if (dot) act.seed(dot.seed);
    else if (lane !== null) act.lane(data.lanes[lane].id);
  });
  canvas.addEventListener("pointercancel", () => { from = null; });
  canvas.addEventListener("pointerleave", () => { act.over(null); act.hint(null, 0, 0); });
}
