// A race of gradients, one lane per network: states run forward, then the gradients back, in all lanes at once.
// race.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { fill } from "../transport/bar.js";
import { listenToKeys } from "../transport/keys.js";
import { listenToHand } from "./hand.js";
import { clamp, endOf, moved } from "./moments.js";
import { opened, powerText } from "./numbers.js";
import { createPicture, mostOf, skeleton } from "./picture.js";
import { createRun } from "./run.js";

/** All that can change: where it stands, what is watched, and what was sent. */
const fresh = () => ({
  stage: null,
  data: null,
  words: {},
  at: 0, // the moment, see moments.js
  until: null, // where it stops by itself
  owed: false, // whether it has still to say that it has played to there
  seed: 0,
  speed: 1,
  playing: false,
  locked: false,
  chosen: null,
  over: null, // the lane under the pointer
  view: null, // and what is drawn from all that
});

/** Take over a stage; whether it is to play by itself. */
function take(state, stage, turned) {
  const { stage: was, data: before } = state;
  const anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(stage.token);
  const played = was?.play_to && !was.locked;
  Object.assign(state, { stage, data: opened(stage), words: stage.words, seed: stage.watched });
  Object.assign(state, { locked: Boolean(stage.locked), chosen: stage.chosen ?? null });
  const { phase, speed } = { phase: "start", speed: state.speed, ...stage };
  if (anew) Object.assign(state, { at: endOf(phase, stage.steps), speed: speed ?? state.speed, owed: false });
  else state.at = clamp(moved(state.at, before.T, stage.steps), 0, mostOf(state));
  if (!anew && state.until !== null) state.until = endOf(stage.play_to ?? "ranked", stage.steps);
  return { anew, plays: Boolean(stage.play_to) && !state.locked && (anew || !played) };
}

/** What the reader does to a race. */
function actions(state, parts, tell) {
  const { canvas } = parts;
  const act = {
    state: () => state,
    speed(value) {
      state.speed = value;
      act.paint();
    },
    lane(id) {
      if (!state.locked) tell({ target: "lane", value: id });
    },
    /** Watch another seed: at once where it was sent. */
    seed(k) {
      if (state.locked || !state.data.seeds[k]) return;
      if (state.data.sent.includes(k) && k !== state.seed) {
        state.seed = k;
        act.measure();
      }
      tell({ target: "seed", value: k });
    },
    over(lane) {
      if (state.over === lane) return;
      state.over = lane;
      canvas.style.cursor = lane === null || state.locked ? "" : "pointer";
      act.paint();
    },
    hint(dot, x, y) {
      const { data, words } = state;
      const index = dot ? dot.lane * data.seeds.length + dot.seed : 0;
      const text = dot ? `${fill(words.seed, { seed: data.seeds[dot.seed] })}: ${powerText(data.arrived[index])}` : "";
      parts.hint.textContent = text;
      parts.hint.style.transform = `translate(${x}px, ${y}px)`;
      parts.hint.style.visibility = text ? "visible" : "hidden";
    },
  };
  return /** @type {typeof act & Record<string, (...given: any[]) => void>} */ (act);
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
  const act = actions(state, parts, tell);
  const told = (target, value) => tell({ target, value });
  Object.assign(act, createRun(state, { calm: () => calm.matches, paint: () => act.paint(), tell: told }));
  const picture = createPicture(parts, state, act);
  Object.assign(act, { paint: picture.paint, measure: picture.measure });

  function receive(stage, turned = false) {
    const { anew, plays } = take(state, stage, turned);
    if (anew) act.halt();
    picture.build();
    picture.measure();
    if (plays) act.byItself();
  }
  listenToKeys(parts.root, {
    " ": act.toggle,
    ArrowLeft: () => act.step(-1),
    ArrowRight: () => act.step(1),
    Home: () => act.go(0),
    End: () => act.go(mostOf(state)),
  });
  listenToHand(parts.canvas, /** @type {any} */ (act));
  const observer = new ResizeObserver(picture.measure);
  observer.observe(parts.picture);
  scheme.addEventListener("change", picture.measure);
  receive(given, true);

  return {
    receive,
    play() {
      if (!state.playing) act.start(null);
    },
    resize: picture.measure,
    stop() {
      act.halt();
      picture.stop();
      observer.disconnect();
      scheme.removeEventListener("change", picture.measure);
      parts.root.remove();
    },
  };
}
