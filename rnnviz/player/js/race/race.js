// A race of gradients, one lane per network: states run forward, then the gradients back, in all lanes at once.
// race.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { dotsOf } from "./arrive.js";
import { stateImage } from "./forward.js";
import { listenToHand } from "./hand.js";
import { createLabels } from "./labels.js";
import { bands, decades, layout } from "./layout.js";
import { at, clamp, endOf, moved, rate, stop } from "./moments.js";
import { opened, powerText } from "./numbers.js";
import { createPen } from "./pen.js";
import { createTable, sentence, where } from "./said.js";
import { drawScene, places } from "./scene.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const LOW = 56; // pixels: a lower lane has room for two lines

function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-race"), say: make("say", "p"), picture: make("picture"), names: make("names"),
    canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")), bar: make("bar"), seeds: make("seeds", "label"),
    hint: make("hint"), table: make("told"), live: make("told"),
  };
  parts.root.dataset.testid = "rnn-race";
  parts.root.tabIndex = 0;
  parts.root.setAttribute("role", "group");
  parts.canvas.setAttribute("aria-hidden", "true");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(parts.canvas, parts.names, parts.hint);
  parts.root.append(parts.say, parts.picture, parts.bar, parts.table, parts.live);
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
  const { root, canvas } = parts;
  const pen = createPen(canvas, root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const state = { at: 0, seed: 0, speed: 1, playing: false, until: null, over: null, words: {}, locked: false, chosen: null };
  const bar = createBar(parts.bar, { play: toggle, step, go, speed });
  const labels = createLabels(parts.names, { lane, over });
  const table = createTable(parts.table);
  const clock = createClock({ rate: () => state.speed * rate(state.at, state.data.T), calm: () => calm.matches, advance });
  let stage = null;
  let frame = 0;
  let size = "";

  const most = () => endOf(stage.last ?? "ranked", state.data.T);

  // Drawing

  function paint() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function draw() {
    frame = 0;
    if (!state.view) return;
    const now = at(state.at, state.data.T);
    state.places = places(state.data.order, now.ranked);
    state.shows = { dots: now.seeds >= 1 };
    drawScene(pen, state);
    labels.update({ ...state, ranked: now.ranked > 0 });
    sync(now);
  }
  /** What the root, the controls and the words say of where it stands. */
  function sync(now) {
    const { data, playing, locked } = state;
    const told = { step: Math.floor(state.at + 1e-6), steps: most(), phase: now.phase, playing, locked, seed: state.seed };
    for (const [name, value] of Object.entries(told))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    const said = sentence(state);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    bar.update({ at: state.at, text: where(state), playing, locked, speed: state.speed });
    if (!playing) table(state);
    if (!playing && state.at > 0 && parts.live.textContent !== said) parts.live.textContent = said;
    const select = parts.seeds.querySelector("select");
    if (select && select.value !== String(state.seed)) select.value = String(state.seed);
    parts.seeds.hidden = data.seeds.length < 2;
    parts.seeds.style.visibility = now.seeds < 1 ? "hidden" : "";
  }
  function measure() {
    if (!stage) return;
    const large = Boolean(stage.large || root.closest(".projector"));
    root.classList.toggle("large", large);
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10) return;
    const view = layout({ width, height, large }, state.data.lanes.length, state.data.axis.kind === "share" ? 36 : 62);
    state.view = { ...view, bands: bands(view), decades: decades(state.data.arrived) };
    root.classList.toggle("narrow", view.narrow);
    root.classList.toggle("low", view.high < LOW);
    pen.refresh(view.width, view.height, view.text);
    state.images = state.data.lanes.map((_, k) => stateImage(state.data, state.seed, k, pen.colours));
    state.dots = state.data.lanes.map((_, k) => dotsOf(state, state.view, k));
    paint();
  }
  function resized() {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) measure();
    size = now;
  }

  // Playing

  function advance(by) {
    const { T } = state.data;
    const to = calm.matches ? stop(state.at, 1, T, true) : state.at + by;
    const end = state.until ?? most();
    state.at = clamp(to, 0, Math.max(end, state.at));
    paint();
    if (state.at < end) return true;
    pause();
    return false;
  }
  function start(until) {
    if (state.locked) return;
    state.until = until;
    if (state.at >= (until ?? most())) state.at = 0;
    state.playing = true;
    clock.start();
    paint();
  }
  function pause() {
    clock.stop();
    const { until } = state;
    Object.assign(state, { playing: false, until: null });
    paint();
    if (until !== null && state.at >= until) tell({ target: "played", value: stage.play_to });
    rested();
  }
  const rested = () => tell({ target: "step", value: Math.round(state.at) });
  function toggle() {
    if (state.playing) pause();
    else start(null);
  }
  function byItself() {
    state.at = Math.min(state.at, endOf(stage.play_to, state.data.T));
    start(endOf(stage.play_to, state.data.T));
  }

  // What the reader does

  function go(to) {
    if (state.locked) return;
    clock.stop();
    Object.assign(state, { playing: false, until: null, at: clamp(to, 0, most()) });
    paint();
  }
  function step(by) {
    go(stop(state.at, by, state.data.T));
    rested();
  }
  function speed(value) {
    state.speed = value;
    paint();
  }
  function lane(id) {
    if (!state.locked) tell({ target: "lane", value: id });
  }
  function seed(k) {
    if (state.locked || !state.data.seeds[k]) return;
    if (state.data.sent.includes(k)) watch(k);
    tell({ target: "seed", value: k });
  }
  function watch(k) {
    if (state.seed === k) return;
    state.seed = k;
    measure();
  }
  function over(lane) {
    if (state.over === lane) return;
    state.over = lane;
    canvas.style.cursor = lane === null || state.locked ? "" : "pointer";
    paint();
  }
  function hint(dot, x, y) {
    const { data, words } = state;
    const index = dot ? dot.lane * data.seeds.length + dot.seed : 0;
    const text = dot ? `${fill(words.seed, { seed: data.seeds[dot.seed] })}: ${powerText(data.arrived[index])}` : "";
    if (parts.hint.textContent !== text) parts.hint.textContent = text;
    Object.assign(parts.hint.style, { transform: `translate(${x}px, ${y}px)`, visibility: text ? "visible" : "hidden" });
  }
  /** The watched seed as a list, for those who have no pointer. */
  function seedList() {
    const select = document.createElement("select");
    select.append(...state.data.seeds.map((name, k) => new Option(name, String(k))));
    select.onchange = () => seed(Number(select.value));
    parts.seeds.replaceChildren(fill(state.words.seed, { seed: "" }), select);
    parts.bar.append(parts.seeds);
  }

  function receive(data, turned = false) {
    const was = stage;
    const anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(data.token);
    const before = state.data;
    stage = data;
    const told = was && was.play_to !== undefined && was.play_to !== null && !was.locked;
    Object.assign(state, { data: opened(data), words: data.words, locked: Boolean(data.locked), chosen: data.chosen ?? null });
    state.seed = data.watched;
    if (anew) {
      clock.stop();
      Object.assign(state, { at: endOf(data.phase ?? "start", data.steps), playing: false, until: null });
      state.speed = data.speed ?? state.speed;
    } else {
      state.at = clamp(moved(state.at, before.T, data.steps), 0, most());
      if (state.until !== null) state.until = endOf(data.play_to ?? "ranked", data.steps);
    }
    root.dataset.bar = data.bar ?? "bottom";
    root.setAttribute("aria-label", data.words.title || "");
    bar.build({ ...data.words, back: data.words.before, on: data.words.after, among: data.words.place }, SPEEDS, most());
    seedList();
    measure();
    if (data.play_to && !state.locked && (anew || !told)) byItself();
  }

  listenToKeys(root, {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => { go(0); rested(); },
    End: () => { go(most()); rested(); },
  });
  listenToHand(canvas, { state: () => state, lane, seed, go, over, hint });
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
