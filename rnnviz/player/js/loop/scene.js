// One picture of the whole stage: each layer that can be seen, and the tape under it.

import { begin } from "./place.js";
import { moment } from "./shapes.js";
import { drawTape } from "./tape.js";
import { drawOne } from "./time.js";
import { drawColumns } from "./columns.js";
import { drawPair } from "./pasts.js";
import { drawTakeaway } from "./takeaway.js";
import { drawUnits } from "./units.js";

/** Numbers with two decimals, where they stand in no line that has to multiply out. */
const brief = data => ({ ...data, printed: { ...data.printed, ...data.printed.brief } });

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
  const { stage } = state;
  const place = state[stage.layer];
  if (stage.layer === "pasts") return last;
  return {
    data: place.data,
    words: stage.words,
    now: underWay(state, place.at ?? 0),
    days: daysOf(state),
    marked: stage.marked,
  };
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {(count: number, under: boolean) => import("./layout.js").View} viewOf see layout.js
 * @param {any} state see loop.js
 */
export function drawScene(pen, viewOf, state) {
  const { stage, alpha } = state;
  const { words } = stage;
  state.tape = tapeOf(state, state.tape);
  if (state.tape) drawTape(pen, viewOf(state.tape.data.labels.length, false), { ...state.tape, opacity: alpha.tape });
  const { one, many, pasts, takeaway } = state;
  const shown = stage.view === "machine" || !one.data ? one.data : brief(one.data);
  const of = layer => viewOf(layer.data.labels.length, layer === one);
  if (one.data) drawOne(pen, of(one), { ...one, data: shown, words, build: stage.build, opacity: alpha.one });
  if (many.data && alpha.many > 0.004) {
    const picked = many.picked?.at === many.at ? many.picked : null; // not while it plays
    const scene = { ...many, picked, words, opacity: alpha.many };
    const view = of(many);
    const at = drawUnits(pen, view, scene);
    if (many.together > 0.004 && many.data.pair) drawColumns(pen, view, at, scene);
  }
  if (pasts.data) drawPair(pen, of(pasts), { ...pasts, words, opacity: alpha.pasts });
  if (takeaway.data) drawTakeaway(pen, of(takeaway), { ...takeaway, words, opacity: alpha.takeaway });
}
