// Sentences that are read word by word: what the network says so far, and which words mattered in the end.
// sentence.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { createLine, percent } from "./line.js";
import { BACK, knownAt, RATE } from "./moments.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const FEW = 6, MANY = 16; // words: short sentences are written larger, long ones smaller

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = { root: make("rnn-sentence"), lines: make("lines"), bar: make("bar"), table: make("told") };
  parts.root.dataset.testid = "rnn-sentence";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.lines.setAttribute("aria-hidden", "true");
  parts.table.setAttribute("aria-live", "polite");
  parts.root.append(parts.lines, parts.bar, parts.table);
  host.append(parts.root);
  return parts;
}

/** What is known at a moment, in words: for those who do not see the picture. */
function told({ data, at }) {
  return data.lines.map(line => {
    const read = line.tokens.map((token, t) => {
      if (knownAt(line, t, at) < 1) return "";
      return `${token} ${line.scores ? percent(line.scores[t]) : line.tags[t]}`.trim();
    });
    return `${line.name ? `${line.name}: ` : ""}${read.filter(Boolean).join(", ")}`;
  }).join(". ");
}

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const parts = skeleton(host), { root } = parts;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {any} */
  const state = { at: 0, speed: 1, playing: false, until: null, locked: false, data: null };
  const bar = createBar(parts.bar, { play: toggle, step, go, speed });
  const rate = () => state.speed * (state.at >= state.data.longest ? BACK : RATE);
  const clock = createClock({ rate, calm: () => calm.matches, advance });
  /** @type {any[]} */
  let lines = [];
  let built = "", frame = 0;

  const most = () => Math.min(state.data.steps, state.data.hide_from ?? state.data.steps);

  function paint() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw() {
    frame = 0;
    const { data, at, playing, locked } = state, step = Math.floor(at + 1e-6);
    for (const line of lines) line.update(at, data.longest);
    const now = { step, steps: data.steps, playing, locked };
    for (const [name, value] of Object.entries(now))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    const text = step >= data.longest && data.steps > data.longest ? data.words.back
      : fill(data.words.step, { step: Math.min(step, data.longest), steps: data.longest });
    bar.update({ at, text, playing, locked, speed: state.speed });
    if (!playing) parts.table.textContent = told(state);
  }
  function measure() {
    root.classList.toggle("large", Boolean(state.data.large || root.closest(".projector")));
    root.classList.toggle("narrow", root.clientWidth < 560);
    root.classList.toggle("few", state.data.longest <= FEW);
    root.classList.toggle("many", state.data.longest > MANY);
    paint();
  }

  // Playing

  function advance(by) {
    const end = state.until ?? most();
    const to = calm.matches ? Math.floor(state.at + 1e-6) + 1 : state.at + by;
    const stop = state.at < state.data.longest ? Math.min(end, state.data.longest) : end; // first all words
    state.at = Math.min(Math.max(end, state.at), Math.min(to, stop));
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

  function build(data) {
    const looks = JSON.stringify([data.lines, data.words]);
    if (looks === built) return;
    built = looks;
    lines = data.lines.map(line => createLine(line, data.words));
    parts.lines.replaceChildren(...lines.map(line => line.root));
    root.dataset.lines = String(lines.length);
  }
  function receive(data, turned = false) {
    const anew = turned || JSON.stringify(state.data?.token) !== JSON.stringify(data.token);
    Object.assign(state, { data, locked: Boolean(data.locked) });
    build(data);
    if (anew) {
      clock.stop();
      Object.assign(state, { at: Math.min(data.step ?? 0, data.steps), playing: false, until: null });
      state.speed = data.speed ?? state.speed;
    } else state.at = Math.min(state.at, most());
    root.setAttribute("aria-label", data.words.title || "");
    bar.build({ ...data.words, back: data.words.before, on: data.words.after, among: data.words.place }, SPEEDS,
      data.steps);
    measure();
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
  receive(given, true);
  observer.observe(root);

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
