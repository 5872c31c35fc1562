// One picture: the view that the stage asks for. It gives where things stand, for the pointer.

import { drawBeads } from "./beads.js";
import { drawCurve, drawSteps, drawStates, drawStrip } from "./curve.js";
import { drawFactors } from "./factors.js";
import { boxes } from "./layout.js";
import { drawPlane } from "./plane.js";
import { drawStrips } from "./strips.js";

/** @returns {{plane?: number[], time: number[]}} the plane's box, and that along which one scrubs */
export function draw(pen, room, scene) {
  if (scene.view === "beads") return timed(drawBeads(pen, room, scene));
  if (scene.view === "strips") return timed(drawStrips(pen, room, scene));
  const found = boxes(room, scene.show);
  const all = { ...scene, narrow: found.narrow };
  drawPlane(pen, found.plane, all);
  if (found.factors) drawFactors(pen, found.factors, all);
  if (found.states) drawStates(pen, found.states, all);
  if (found.strip) drawStrip(pen, found.strip, all);
  const at = found.curve ? drawCurve(pen, found.curve, all) : 0;
  if (found.curve) drawSteps(pen, found.steps, found.curve[1], at, all);
  return { plane: found.plane, time: found.curve ? [found.curve[0], found.curve[0] + found.curve[2]] : [0, 0] };
}

/** Where the first and the last state stand in a view that is all time.
 * @param {number[]} ends */
const timed = ([left, right]) => ({ time: [left, right] });
