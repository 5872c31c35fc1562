// One sequence becomes another: what a decoder says letter by letter, where it looks, and the beams of a search.
// align.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { makePen, valuesPicture } from "../core/canvas.js";
import { palette } from "../core/colours.js";
import { createBar } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { drawBeams } from "./beams.js";
import { drawBoard } from "./board.js";
import { layout, under } from "./layout.js";
import { drawMatrix } from "./matrix.js";
import { rateAt } from "./moments.js";
import { sentence, spelled, where } from "./said.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const SCENES = { matrix: drawMatrix, board: drawBoard, beams: drawBeams };

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-align"), picture: make("picture"), canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")),
    say: make("say", "p"), bar: make("bar"), live: make("told"),
  };
  parts.root.dataset.testid = "rnn-align";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(parts.canvas);
  parts.root.append(parts.picture, parts.say, parts.bar, parts.live);
  host.append(parts.root);
  return parts;
}

function numbers(text) {
  return text && new Float32Array(Uint8Array.from(atob(text), one => one.charCodeAt(0)).buffer);
}

const opened = data => ({
  ...data, states: numbers(data.states), lines: data.lines.map(one => ({ ...one, weights: numbers(one.weights) })),
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
  const state = { at: 0, speed: 1, playing: false, until: null, over: null, locked: false, data: null, view: null };
  const bar = createBar(parts.bar, { play: toggle, step, go, speed });
  const rate = () => state.speed * rateAt(state.data, state.at);
  const clock = createClock({ rate, calm: () => calm.matches, advance });
  let frame = 0, size = "";

  const most = () => Math.min(state.data.steps, state.data.hide_from ?? state.data.steps);

  function paint() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw() {
    frame = 0;
    if (state.view) {
      context.clearRect(0, 0, state.view.width, state.view.height);
      SCENES[state.data.view](state);
    }
    const { playing, locked, data, at } = state, said = sentence(state);
    const told = { step: Math.floor(at + 1e-6), steps: data.steps, playing, locked };
    for (const [name, value] of Object.entries(told))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    bar.update({ at, text: where(state), playing, locked, speed: state.speed });
    if (!playing) parts.live.textContent = spelled(state);
  }
  function measure() {
    if (!state.data) return;
    const large = Boolean(state.data.large || root.closest(".projector")), { data } = state;
    root.classList.toggle("large", large);
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10) return;
    state.view = layout({ width, height, large }, data);
    root.classList.toggle("narrow", state.view.narrow);
    const scale = devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    context.setTransform(scale, 0, 0, scale, 0, 0);
    state.pen = makePen(context, palette(root), 1);
    state.picture = data.states && valuesPicture(state.pen, data.lines[0].source.length, data.units,
      (t, j) => data.states[t * data.units + j], "signed");
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
  function over(event) {
    const box = canvas.getBoundingClientRect();
    const found = event && state.view
      ? under(state.view, state.data, event.clientX - box.left, event.clientY - box.top) : null;
    if (JSON.stringify(found) === JSON.stringify(state.over)) return;
    state.over = found;
    paint();
  }
  canvas.onpointermove = over;
  canvas.onclick = over;
  canvas.onpointerleave = () => over(null);

  function receive(data, turned = false) {
    const was = state.data, anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(data.token);
    Object.assign(state, { data: opened(data), locked: Boolean(data.locked) });
    if (anew) {
      clock.stop();
      Object.assign(state, { at: Math.min(data.step ?? 0, data.steps), playing: false, until: null, over: null });
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
