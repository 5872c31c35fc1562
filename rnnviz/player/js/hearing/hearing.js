// Hearing: a signal over which the reading moves, and the chances of each class as they grow.
// hearing.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { makePen, valuesPicture } from "../core/canvas.js";
import { palette } from "../core/colours.js";
import { createBar } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { layout } from "./layout.js";
import { heardBy, sureFrom } from "./moments.js";
import { createTable, sentence, where } from "./said.js";
import { drawScene } from "./scene.js";

const SPEEDS = [0.25, 0.5, 1, 2];

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-hearing"), picture: make("picture"),
    canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")), say: make("say", "p"), bar: make("bar"),
    table: make("told"), live: make("told"),
  };
  parts.root.dataset.testid = "rnn-hearing";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(parts.canvas);
  parts.root.append(parts.picture, parts.say, parts.bar, parts.table, parts.live);
  host.append(parts.root);
  return parts;
}

function numbers(text) {
  const bytes = Uint8Array.from(atob(text), one => one.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

const opened = data => ({
  ...data, p: numbers(data.p), picture: { ...data.picture, values: numbers(data.picture.values) },
});

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const parts = skeleton(host), { root, canvas } = parts;
  const calm = matchMedia("(prefers-reduced-motion: reduce)"), scheme = matchMedia("(prefers-color-scheme: dark)");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {any} */
  const state = { at: 0, speed: 1, playing: false, until: null, locked: false, data: null, view: null, image: null };
  const bar = createBar(parts.bar, { play: toggle, step, go, speed }), table = createTable(parts.table);
  const clock = createClock({ rate: () => state.speed * state.data.pace, calm: () => calm.matches, advance });
  let stage = null, frame = 0, size = "";

  const most = () => Math.min(state.data.steps, stage.hide_from ?? state.data.steps);

  function paint() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw() {
    frame = 0;
    if (state.view) drawScene(state);
    sync();
  }
  function sync() {
    const { playing, locked, data, at } = state;
    const sure = heardBy(data, at) === data.windows.length ? sureFrom(data) : null;
    const told = { step: Math.floor(at + 1e-6), steps: data.steps, playing, locked, sure: sure ?? "" };
    for (const [name, value] of Object.entries(told))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    const said = sentence(state);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    bar.update({ at, text: where(state), playing, locked, speed: state.speed });
    if (playing) return;
    table(state);
    if (at > 0 && parts.live.textContent !== said) parts.live.textContent = said;
  }
  function measure() {
    if (!stage) return;
    const large = Boolean(stage.large || root.closest(".projector"));
    root.classList.toggle("large", large);
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10) return;
    state.view = layout({ width, height, large }, state.data);
    root.classList.toggle("narrow", state.view.narrow);
    const scale = devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    context.setTransform(scale, 0, 0, scale, 0, 0);
    state.pen = makePen(context, palette(root), 1);
    const { T, size: count, values, form } = state.data.picture;
    state.image = form === "heat"
      ? valuesPicture(state.pen, T, count, (t, j) => values[t * count + count - 1 - j], "signed") : null;
    paint();
  }
  function resized() {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) measure();
    size = now;
  }

  // Playing

  function advance(by) {
    const end = state.until ?? most();
    state.at = Math.min(Math.max(end, state.at), calm.matches ? Math.floor(state.at + 1e-6) + 1 : state.at + by);
    paint();
    if (state.at < end) return true;
    pause();
    return false;
  }
  function start(until) {
    if (state.locked) return;
    if (state.at >= (until ?? most())) state.at = 0;
    Object.assign(state, { until, playing: true });
    clock.start();
    paint();
  }
  function pause() {
    clock.stop();
    const { until } = state;
    Object.assign(state, { playing: false, until: null });
    paint();
    if (until !== null && state.at >= until) tell({ target: "played", value: until });
    rested();
  }
  const rested = () => tell({ target: "step", value: Math.round(state.at) });
  function toggle() {
    if (state.playing) pause();
    else start(null);
  }

  // What the reader does

  function go(to) {
    if (state.locked) return;
    clock.stop();
    Object.assign(state, { playing: false, until: null, at: Math.min(Math.max(to, 0), most()) });
    paint();
  }
  function step(by) {
    go(by > 0 ? Math.floor(state.at + 1e-6) + 1 : Math.ceil(state.at - 1e-6) - 1);
    rested();
  }
  function speed(value) {
    state.speed = value;
    paint();
  }

  function receive(data, turned = false) {
    const was = stage, anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(data.token);
    stage = data;
    Object.assign(state, { data: opened(data), locked: Boolean(data.locked) });
    if (anew) {
      clock.stop();
      Object.assign(state, { at: Math.min(data.step ?? 0, data.steps), playing: false, until: null });
      state.speed = data.speed ?? state.speed;
    } else state.at = Math.min(state.at, most());
    root.setAttribute("aria-label", data.words.title || "");
    bar.build({ ...data.words, back: data.words.before, on: data.words.after, among: data.words.place }, SPEEDS,
      data.steps);
    measure();
    paint();
    if (anew && Number.isInteger(data.play_to) && !state.locked) start(data.play_to);
  }

  listenToKeys(root, {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => { go(0); rested(); },
    End: () => { go(most()); rested(); },
  });
  parts.bar.addEventListener("change", event => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "at") rested();
  });
  const observer = new ResizeObserver(resized);
  observer.observe(parts.picture);
  scheme.addEventListener("change", measure);
  receive(given, true);

  return {
    receive,
    play() { if (!state.playing) start(null); },
    resize: measure,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      observer.disconnect();
      scheme.removeEventListener("change", measure);
      root.remove();
    },
  };
}
