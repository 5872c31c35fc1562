// Two ways from position to position, one lane each: step by step, or in one jump. jumps.py says what a stage holds;
// `tell({target, value})` hears what the reader does.

import { createBar } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { createPen } from "../transport/pen.js";
import { layout } from "./layout.js";
import { RATE } from "./moments.js";
import { createTable, sentence, where } from "./said.js";
import { drawScene } from "./scene.js";

const SPEEDS = [0.5, 1, 2, 4];

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const parts = { root: make("rnn-jumps"), picture: make("picture"), svg, bar: make("bar"), table: make("told"),
    live: make("told") };
  parts.root.dataset.testid = "rnn-jumps";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  svg.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(svg);
  parts.root.append(parts.picture, parts.bar, parts.table, parts.live);
  host.append(parts.root);
  return parts;
}

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const parts = skeleton(host), { root } = parts, calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {any} */
  const state = { at: 0, speed: 1, playing: false, until: null, locked: false, data: null, view: null };
  const pen = createPen(parts.svg), table = createTable(parts.table);
  const bar = createBar(parts.bar, { play: toggle, step, go, speed });
  const clock = createClock({ rate: () => state.speed * RATE, calm: () => calm.matches, advance });
  let frame = 0;

  const most = () => Math.min(state.data.steps, state.data.hide_from ?? state.data.steps);
  const rested = () => tell({ target: "step", value: Math.round(state.at) });

  function paint() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw() {
    frame = 0;
    if (state.view) drawScene({ ...state, pen });
    const { playing, locked, data, at } = state;
    const told = { step: Math.floor(at + 1e-6), steps: data.steps, playing, locked };
    for (const [name, value] of Object.entries(told))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    bar.update({ at, text: where(state), playing, locked, speed: state.speed });
    if (playing) return;
    table(state);
    const said = sentence(state);
    if (at > 0 && parts.live.textContent !== said) parts.live.textContent = said;
  }
  function measure() {
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10 || !state.data) return;
    const large = Boolean(root.closest(".projector"));
    state.view = layout({ width, height, large }, state.data);
    root.classList.toggle("narrow", state.view.narrow);
    root.classList.toggle("large", large);
    parts.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    paint();
  }

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
  function toggle() {
    if (state.playing) pause();
    else start(null);
  }
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
    const anew = !state.data || turned || JSON.stringify(state.data.token) !== JSON.stringify(data.token);
    Object.assign(state, { data, locked: Boolean(data.locked) });
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
  const observer = new ResizeObserver(measure);
  observer.observe(parts.picture);
  receive(given, true);

  return {
    receive,
    play() { if (!state.playing) start(null); },
    resize: measure,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      observer.disconnect();
      root.remove();
    },
  };
}
