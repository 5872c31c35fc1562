// Reading from both sides: rows of states that grow letter by letter, and what is guessed where a letter is hidden.
// reading.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { makePen, valuesPicture } from "../core/canvas.js";
import { palette } from "../core/colours.js";
import { createPlayed } from "../transport/played.js";
import { createGuesses } from "./guesses.js";
import { layout, under } from "./layout.js";
import { answered, knownTo, RATE } from "./moments.js";
import { createTable, sentence, where } from "./said.js";
import { drawScene } from "./scene.js";

const SPEEDS = [0.25, 0.5, 1, 2];

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-reading"), guesses: make("answered"), picture: make("picture"),
    canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")), say: make("say", "p"), bar: make("bar"),
    table: make("told"), live: make("told"),
  };
  parts.root.dataset.testid = "rnn-reading";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(parts.canvas);
  parts.root.append(parts.guesses, parts.picture, parts.say, parts.bar, parts.table, parts.live);
  host.append(parts.root);
  return parts;
}

function numbers(text) {
  const bytes = Uint8Array.from(atob(text), one => one.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

const opened = data => ({
  ...data, rows: data.rows.map(row => (row.states ? { ...row, states: numbers(row.states) } : row)),
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
  const table = createTable(parts.table), guesses = createGuesses(parts.guesses);
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate: () => RATE, draw, tell });
  let size = "";

  function draw() {
    if (state.view) drawScene({ ...state, known: knownNow(), picks: Boolean(state.data.picks) });
    sync();
  }
  // which letters stand out: those that the state under the pointer can know
  function knownNow() {
    const { over, data } = state;
    return over && over.row !== null && !data.changed ? knownTo(data, over.row, over.t) : null;
  }
  function sync() {
    const { playing, data, at } = state;
    run.show(where(state));
    guesses.update(data, answered(data, at), state.view && data.gap !== null ? state.view.x(data.gap) : 0);
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
    state.pictures = state.data.rows.map(({ states, units }) => states
      && valuesPicture(state.pen, state.data.letters.length, units, (t, j) => states[t * units + j], "signed"));
    run.paint();
  }
  function resized() {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) measure();
    size = now;
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    return state.view ? under(state.view, state.data, event.clientX - box.left, event.clientY - box.top) : null;
  }
  function over(found) {
    if (JSON.stringify(found) === JSON.stringify(state.over)) return;
    state.over = found;
    canvas.style.cursor = found && found.row === null && state.data.picks && !state.locked ? "pointer" : "";
    run.paint();
  }
  canvas.onpointermove = event => over(point(event));
  canvas.onpointerleave = () => over(null);
  canvas.onclick = event => {
    const found = point(event), { picks } = state.data;
    if (found && found.row === null && picks && !state.locked) tell({ target: picks, value: found.t + 1 });
    else over(found);
  };

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
