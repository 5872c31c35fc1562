// Two ways from position to position, one lane each: step by step, or in one jump. jumps.py says what a stage holds;
// `tell({target, value})` hears what the reader does.

import { createPen } from "../transport/pen.js";
import { createPlayed } from "../transport/played.js";
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
  const parts = skeleton(host), { root } = parts, pen = createPen(parts.svg), table = createTable(parts.table);
  /** @type {any} */
  const state = { data: null, view: null };
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate: () => RATE, draw, tell });

  function draw() {
    if (state.view) drawScene({ ...state, pen });
    run.show(where(state));
    if (state.playing) return;
    table(state);
    const said = state.at > 0 ? sentence(state) : "";
    if (parts.live.textContent !== said) parts.live.textContent = said;
  }
  function measure() {
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10 || !state.data) return;
    const large = Boolean(root.closest(".projector"));
    state.view = layout({ width, height, large }, state.data);
    root.classList.toggle("narrow", state.view.narrow);
    root.classList.toggle("large", large);
    parts.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    run.paint();
  }

  function receive(data, turned = false) {
    state.data = data;
    const anew = run.take(data, turned);
    measure();
    if (anew) run.begin();
  }

  const observer = new ResizeObserver(measure);
  observer.observe(parts.picture);
  receive(given, true);

  return {
    receive,
    play: run.play,
    resize: measure,
    stop() {
      run.stop();
      observer.disconnect();
      root.remove();
    },
  };
}
