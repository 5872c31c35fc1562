// Raw data on its way to a network: a table, a series or batches, step by step. prepare.py says what a stage holds;
// `tell({target, value})` hears where the reader has come to rest.

import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { createPen } from "../transport/pen.js";
import { drawLengths } from "./lengths.js";
import { saidAt } from "./moments.js";
import { drawSeries } from "./series.js";
import { drawTable } from "./table.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const NARROW = 560;
const LAYERS = ["under", "middle", "cover", "over"];
const PICTURES = { table: drawTable, series: drawSeries, lengths: drawLengths };

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const parts = {
    root: make("rnn-prepare"), picture: make("picture"), svg, say: make("say", "p"), bar: make("bar"),
    live: make("told"),
  };
  parts.root.dataset.testid = "rnn-prepare";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(svg);
  parts.root.append(parts.picture, parts.say, parts.bar, parts.live);
  host.append(parts.root);
  return parts;
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
  const state = { stage: null, at: 0, speed: 1, playing: false, until: null, locked: false };
  const bar = createBar(parts.bar, { play: toggle, step, go, speed });
  const clock = createClock({ rate: () => state.speed * state.stage.pace, calm: () => calm.matches, advance });
  let pen = createPen(parts.svg, LAYERS), frame = 0, size = "";

  const most = () => Math.min(state.stage.steps, state.stage.hide_from ?? Infinity);
  function paint() { if (!frame) frame = requestAnimationFrame(draw); }

  function draw() {
    frame = 0;
    const { clientWidth: width, clientHeight: height } = parts.picture, { stage, at } = state;
    if (width > 10 && height > 10) {
      const large = Boolean(stage.large || root.closest(".projector")), narrow = width < NARROW;
      root.classList.toggle("large", large);
      root.classList.toggle("narrow", narrow);
      PICTURES[stage.picture]({ pen, width, height, narrow, text: large ? 18 : narrow ? 14 : 15, stage, at });
      pen.end();
    }
    sync();
  }
  function sync() {
    const { stage, at, playing, locked, speed: fast } = state, whole = Math.floor(at + 1e-6);
    for (const [name, value] of Object.entries({ step: whole, steps: stage.steps, playing, locked }))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    const said = saidAt(stage.says, at);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    const text = fill(stage.words.step, { step: whole, steps: stage.steps });
    bar.update({ at, text, playing, locked, speed: fast });
    if (!playing && parts.live.textContent !== said) parts.live.textContent = said;
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
    if (state.locked && until === null) return;
    if (until === null && state.at >= most()) state.at = 0;
    Object.assign(state, { until, playing: true });
    clock.start();
    paint();
  }
  function pause() {
    clock.stop();
    const asked = state.until;
    Object.assign(state, { playing: false, until: null });
    if (asked !== null && state.at >= asked) tell({ target: "played", value: asked });
    rested();
    paint();
  }
  function rested() { tell({ target: "step", value: Math.floor(state.at + 1e-6) }); }
  function toggle() { if (state.playing) pause(); else start(null); }
  function go(to) {
    if (state.locked) return;
    clock.stop();
    Object.assign(state, { at: Math.min(Math.max(to, 0), most()), playing: false, until: null });
    paint();
  }
  function step(by) {
    go(by > 0 ? Math.floor(state.at + 1e-6) + by : Math.ceil(state.at - 1e-6) + by);
    rested();
  }
  function speed(value) { state.speed = value; paint(); }

  function receive(stage, turned = false) {
    const was = state.stage, anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(stage.token);
    if (was?.picture !== stage.picture) {
      parts.svg.replaceChildren();
      pen = createPen(parts.svg, LAYERS);
    }
    Object.assign(state, { stage, locked: Boolean(stage.locked) });
    if (anew) {
      clock.stop();
      Object.assign(state, { at: Math.min(stage.step ?? 0, stage.steps), playing: false, until: null });
      state.speed = stage.speed ?? state.speed;
    } else state.at = Math.min(state.at, most());
    root.setAttribute("aria-label", stage.words.title || "");
    bar.build({ ...stage.words, back: stage.words.before, on: stage.words.after, among: stage.words.place }, SPEEDS,
      stage.steps);
    paint();
    if (anew && Number.isInteger(stage.play_to) && !state.locked) start(stage.play_to);
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
  const observer = new ResizeObserver(() => {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) paint();
    size = now;
  });
  observer.observe(parts.picture);
  receive(given, true);

  return {
    receive,
    play() { if (!state.playing) start(null); },
    resize: paint,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      observer.disconnect();
      root.remove();
    },
  };
}
