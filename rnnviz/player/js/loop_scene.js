// One picture of the whole stage: each layer that can be seen, and the tape under it.

import { begin } from "./loop_place.js";
import { moment } from "./loop_shapes.js";
import { drawTape } from "./loop_tape.js";
import { drawOne } from "./loop_time.js";

/** How many days the tape shows: all, or those up to the step of the machine. */
function daysOf({ stage, one }) {
  if (stage.view !== "machine" || stage.show.includes("tape")) return stage.count;
  return Math.max(stage.step + 1, Math.ceil(one.at));
}

/** The step under way; none before the first has begun, but in the machine, which shows one step. */
function underWay({ stage }, at) {
  if (stage.layer === "takeaway") return stage.count - 1;
  return at === 0 && stage.view !== "machine" ? -1 : moment(at, stage.count, begin(stage)).step;
}

/** What the tape shows; a layer without one leaves the last one to fade. */
function tapeOf(state, last) {
  const { stage } = state, place = state[stage.layer];
  if (stage.layer === "pasts") return last;
  return { data: place.data, words: stage.words, now: underWay(state, place.at ?? 0), days: daysOf(state), marked: stage.marked };
}

/**
 * @param {object} pen see loop_pen.js
 * @param {object} view see loop_layout.js
 * @param {object} state see loop.js
 */
export function drawScene(pen, view, state) {
  const { stage, alpha } = state, { words } = stage;
  state.tape = tapeOf(state, state.tape);
  if (state.tape) drawTape(pen, view, { ...state.tape, opacity: alpha.tape });
  if (state.one.data) drawOne(pen, view, { ...state.one, words, build: stage.build, opacity: alpha.one });
}
