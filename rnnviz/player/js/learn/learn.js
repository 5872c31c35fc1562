// A network that learns: it plays update by update, asks for more when it needs it, and goes back to where it began.
// learn.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { listenToKeys } from "../transport/keys.js";
import { listenToHand } from "./hand.js";
import { createPicture } from "./picture.js";
import { alike, createRecords } from "./records.js";
import { createRun } from "./run.js";
import { skeleton } from "./skeleton.js";

/** All that can change: what is known, where it stands, and what was asked for. */
const fresh = () => ({
  stage: null,
  words: {},
  records: null, // what is known of this run
  ghost: null, // and of the one before it was rewound
  at: 0, // the frame that is shown; between two of them while it plays
  peak: 0, // the last frame that was shown
  seek: null, // the frame at which it is to open, as soon as that is there
  until: null, // the frame at which it stops by itself
  owed: false, // whether it has still to say that it has played to there
  speed: 1,
  playing: false,
  locked: false,
  rewinding: false,
  flying: null, // the serial of a request that was not answered yet, and since when
  since: 0,
  took: 0, // milliseconds that the last answer took
  serial: 0,
  rested: null, // where it was last said to rest
  chosen: null, // the lane that stands out
  axes: {}, // of each panel
  means: {}, // of each smooth line
  view: null, // where everything stands
});

/** What makes a run this one: all that its records depend on. */
const runOf = stage => JSON.stringify([stage.run, stage.limit, stage.every, stage.lanes.map(({ id }) => id)]);

/** Take over a stage; whether it is set anew, and whether it is to play by itself. */
function take(state, given, turned) {
  const was = state.stage;
  const panels = given.panels.map((row, i) => row.map((one, k) => ({ ...one, id: idOf(one, i, k) })));
  const stage = { ...given, panels };
  const anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(stage.token);
  const other = !was || runOf(was) !== runOf(stage) || (stage.run === null && !alike(was.records, stage.records));
  const played = was?.play_to && !was.locked;
  if (other) begin(state, stage);
  Object.assign(state, { stage, words: stage.words, locked: Boolean(stage.locked) });
  if (state.flying !== null && (other || (stage.asked ?? 0) >= state.flying))
    Object.assign(state, { flying: null, took: performance.now() - state.since });
  const points = stage.panels.flat().filter(({ kind }) => kind === "plane").map(({ of }) => of[0]);
  const whole = state.records.add(stage, points);
  if (anew) {
    Object.assign(state, { seek: (stage.step ?? 0) / stage.every, speed: stage.speed ?? state.speed, owed: false });
    Object.assign(state, { axes: other ? state.axes : {}, until: null, rested: null, chosen: stage.chosen ?? null });
  }
  return { anew, other, whole, plays: stage.play_to !== null && stage.play_to !== undefined && !state.locked
    && (anew || !played) };
}

const idOf = ({ kind, of }, row, column) => `${kind} ${of.join(" ")} ${row} ${column}`;

/** Another run: nothing of it is known yet. */
function begin(state, stage) {
  const again = state.rewinding && state.records?.lanes === stage.lanes.length;
  state.ghost = again ? state.records : null;
  if (!again) state.axes = {};
  Object.assign(state, { rewinding: false, means: {} });
  state.records = createRecords(stage.lanes.length);
}

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const parts = skeleton(host);
  const state = fresh();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const told = (target, value) => tell({ target, value });
  const run = createRun(state, { calm: () => calm.matches, paint: () => picture.paint(), tell: told });
  const act = {
    ...run,
    state: () => state,
    /** One lane stands out, or all are alike. */
    lane(id) {
      state.chosen = state.chosen === id ? null : id;
      if (state.stage.can?.includes("lane")) told("lane", state.chosen);
      picture.paint();
    },
  };
  const picture = createPicture(parts, state, act, () => calm.matches);

  function receive(stage, turned = false) {
    const { anew, other, whole, plays } = take(state, stage, turned);
    if (anew) run.halt();
    if (other) for (const told of [parts.table, parts.live]) told.replaceChildren();
    picture.build();
    picture.measure();
    run.arrived({ anew, other, whole });
    if (plays) run.byItself();
  }
  listenToKeys(parts.root, {
    " ": act.toggle,
    ArrowLeft: () => act.step(-1),
    ArrowRight: () => act.step(1),
    Home: act.rewind,
    End: () => act.go(Infinity),
  });
  listenToHand(parts.canvas, act);
  const observer = new ResizeObserver(picture.measure);
  observer.observe(parts.picture);
  scheme.addEventListener("change", picture.measure);
  receive(given, true);

  return {
    receive,
    play: act.toggle,
    resize: picture.measure,
    stop() {
      run.halt();
      run.stop();
      picture.stop();
      observer.disconnect();
      scheme.removeEventListener("change", picture.measure);
      parts.root.remove();
    },
  };
}
