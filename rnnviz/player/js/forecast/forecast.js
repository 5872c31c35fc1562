// Forecasts that unroll into the future, and origins that travel. forecast.py says what a stage holds;
// `tell({target, value})` hears the frame where it rests, and what has been played.

import { listenToKeys } from "../transport/keys.js";
import { opened } from "./opened.js";
import { createPicture } from "./picture.js";
import { createRun } from "./run.js";

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-forecast"),
    who: make("who"),
    count: make("count", "p"),
    ways: make("ways"),
    picture: make("picture"),
    canvas: make("", "canvas"),
    bar: make("bar"),
    table: make("told"),
    live: make("told"),
  };
  parts.root.dataset.testid = "rnn-forecast";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.who.append(parts.count, parts.ways);
  parts.picture.append(parts.canvas);
  parts.root.append(parts.who, parts.picture, parts.bar, parts.table, parts.live);
  host.append(parts.root);
  return parts;
}

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const parts = skeleton(host);
  const state = { stage: null, data: null, at: 0, speed: 1, playing: false, locked: false, until: null, owed: false };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const told = (target, value) => tell({ target, value });
  const run = createRun(state, { calm: () => calm.matches, paint: () => picture.paint(), tell: told });
  const picture = createPicture(parts, state, run, () => calm.matches);

  function receive(stage, turned = false) {
    const was = state.stage;
    const anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(stage.token);
    const opens = anew || (was.locked && !stage.locked);
    if (anew) run.halt();
    Object.assign(state, { stage, data: opened(stage), locked: Boolean(stage.locked) });
    if (anew) Object.assign(state, { at: stage.step, speed: stage.speed ?? state.speed, owed: false });
    state.at = Math.min(state.at, state.data.last);
    picture.build();
    picture.measure();
    if (!opens || stage.play_to === null || state.locked) return;
    state.owed = true;
    run.start(stage.play_to);
  }
  listenToKeys(parts.root, {
    " ": run.toggle,
    ArrowLeft: () => run.step(-1),
    ArrowRight: () => run.step(1),
    Home: () => run.go(0),
    End: () => run.go(Infinity),
  });
  const observer = new ResizeObserver(picture.measure);
  observer.observe(parts.picture);
  scheme.addEventListener("change", picture.measure);
  receive(given, true);

  return {
    receive,
    play: run.toggle,
    resize: picture.measure,
    stop() {
      run.halt();
      picture.stop();
      observer.disconnect();
      scheme.removeEventListener("change", picture.measure);
      parts.root.remove();
    },
  };
}
