// One sequence becomes another: what a decoder says letter by letter, where it looks, and the beams of a search.
// align.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { makePen, valuesPicture } from "../core/canvas.js";
import { palette } from "../core/colours.js";
import { createPlayed } from "../transport/played.js";
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
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {any} */
  const state = { over: null, data: null, view: null };
  const rate = () => rateAt(state.data, state.at);
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate, draw, tell });
  let size = "";

  function draw() {
    if (state.view) {
      context.clearRect(0, 0, state.view.width, state.view.height);
      SCENES[state.data.view](state);
    }
    const said = sentence(state);
    run.show(where(state));
    if (parts.say.textContent !== said) parts.say.textContent = said;
    if (!state.playing) parts.live.textContent = spelled(state);
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
    run.paint();
  }
  function resized() {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) measure();
    size = now;
  }

  function over(event) {
    const box = canvas.getBoundingClientRect();
    const found = event && state.view
      ? under(state.view, state.data, event.clientX - box.left, event.clientY - box.top) : null;
    if (JSON.stringify(found) === JSON.stringify(state.over)) return;
    state.over = found;
    run.paint();
  }
  canvas.onpointermove = over;
  canvas.onclick = over;
  canvas.onpointerleave = () => over(null);

  function receive(data, turned = false) {
    state.data = opened(data);
    const anew = run.take(data, turned);
    if (anew) state.over = null;
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
