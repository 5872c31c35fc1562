// The hand on the canvas: along the updates of any curve one goes back and forth.

import { inner } from "./layout.js";
import { lastFrame } from "./run.js";

const DRAGGED = 4; // pixels: what moves less is a click, which leads there as well

/** How much larger the page shows what is in it, for a projector. */
export const zoomOf = root => root.getBoundingClientRect().width / root.offsetWidth || 1;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {any} act {state(), go(frame)}
 */
export function listenToHand(canvas, act) {
  let held = null; // the plot that is dragged in, and from where
  function point(event) {
    const { left, top } = canvas.getBoundingClientRect();
    const zoom = zoomOf(canvas);
    return [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
  }
  /** The plot of updates at a point. */
  function under([x, y]) {
    const { view } = act.state();
    const box = view?.boxes.find(one => one.panel.kind === "curve" && x >= one.x && x <= one.x + one.w
      && y >= one.y && y <= one.y + one.h);
    return box ? inner(box, view.text) : null;
  }
  const frame = (plot, x) => ((x - plot.x) / plot.w) * lastFrame(act.state().stage);

  canvas.addEventListener("pointerdown", event => {
    if (act.state().locked || event.button) return;
    const [x, y] = point(event);
    const plot = under([x, y]);
    if (plot) held = { plot, x, y, drags: false };
  });
  canvas.addEventListener("pointermove", event => {
    const [x, y] = point(event);
    if (!held) {
      canvas.style.cursor = !act.state().locked && under([x, y]) ? "ew-resize" : "";
      return;
    }
    if (!held.drags && Math.abs(x - held.x) < DRAGGED) return;
    if (!held.drags) canvas.setPointerCapture(event.pointerId);
    held.drags = true;
    act.go(frame(held.plot, x));
  });
  canvas.addEventListener("pointerup", event => {
    if (held && !held.drags && event.pointerType === "mouse") act.go(frame(held.plot, point(event)[0]));
    held = null;
  });
  canvas.addEventListener("pointercancel", () => { held = null; });
}
