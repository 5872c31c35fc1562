// Hearing: a signal over which the reading moves, and the chances of each class as they grow.
// hearing.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { makePen, valuesPicture } from "../core/canvas.js";
import { palette } from "../core/colours.js";
import { createPlayed } from "../transport/played.js";
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
  const scheme = matchMedia("(prefers-color-scheme: dark)"), table = createTable(parts.table);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {any} */
  const state = { data: null, view: null, image: null };
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate: () => state.data.pace, draw, tell });
  let size = "";

  function draw() {
    if (state.view) drawScene(state);
    const { playing, data, at } = state;
    const sure = heardBy(data, at) === data.windows.length ? sureFrom(data) : null;
    run.show(where(state), { sure: sure ?? "" });
    const said = sentence(state);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    if (playing) return;
    table(state);
    if (at > 0 && parts.live.textContent !== said) parts.live.textContent = said;
  }
  function measure() {
    if (!state.data) return;
    const large = Boolean(state.data.large || root.closest(".projector"));
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
    run.paint();
  }
  function resized() {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) measure();
    size = now;
  }

  function receive(data, turned = false) {
    state.data = opened(data);
    const anew = run.take(data, turned);
    measure();
    if (anew) run.begin();
  }

  const observer = new ResizeObserver(resized);
  observer.observe(parts.picture);
  scheme.addEventListener("change", measure);
  receive(given, true);

  return {
    receive,
    play: run.play,
    resize: measure,
    stop() {
      run.stop();
      observer.disconnect();
      scheme.removeEventListener("change", measure);
      root.remove();
    },
  };
}
