// The picture of a race and all that stands around it: drawn when something has changed, at most once a frame.

import { createBar } from "../transport/bar.js";
import { dotsOf } from "./arrive.js";
import { stateImage } from "./forward.js";
import { createLabels } from "./labels.js";
import { bands, decades, layout } from "./layout.js";
import { at, endOf } from "./moments.js";
import { createPen } from "./pen.js";
import { createTable, sentence, where } from "./said.js";
import { drawScene, places } from "./scene.js";

export const SPEEDS = [0.25, 0.5, 1, 2];
const LOW = 56; // pixels: a lower lane has room for two lines
const BESIDE = { share: 36, decades: 62 }; // pixels for the ends of the axis of |h|

/** The moment at which a stage ends. */
export const mostOf = ({ stage, data }) => endOf(stage.last ?? "ranked", data.T);

/** How much larger the page shows what is in it, for a projector. */
export const zoomOf = root => root.getBoundingClientRect().width / root.offsetWidth || 1;

export function skeleton(host) {
  const make = (style, tag = "div") => Object.assign(document.createElement(tag), { className: style });
  const parts = {
    root: make("rnn-race"),
    say: make("say", "p"),
    picture: make("picture"),
    names: make("names"),
    canvas: /** @type {HTMLCanvasElement} */ (make("", "canvas")),
    bar: make("bar"),
    seeds: make("seeds", "label"),
    hint: make("hint"),
    table: make("told"),
    live: make("told"),
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
 * @param {ReturnType<typeof skeleton>} parts
 * @param {any} state of race.js
 * @param {any} act what the controls do
 */
export function createPicture(parts, state, act) {
  const { root, canvas } = parts;
  const pen = createPen(canvas, root);
  const bar = createBar(parts.bar, { play: act.toggle, step: act.step, go: act.go, speed: act.speed });
  const labels = createLabels(parts.names, { lane: act.lane, over: act.over });
  const table = createTable(parts.table);
  let frame = 0;

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
    const step = Math.floor(state.at + 1e-6);
    note(root, { step, steps: mostOf(state), phase: now.phase, playing, locked, seed: state.seed });
    const said = sentence(state);
    put(parts.say, said);
    bar.update({ at: state.at, text: where(state), playing, locked, speed: state.speed });
    if (!playing) table(state);
    if (!playing && state.at > 0) put(parts.live, said);
    const select = parts.seeds.querySelector("select");
    if (select && select.value !== String(state.seed)) select.value = String(state.seed);
    parts.seeds.hidden = data.seeds.length < 2;
    parts.seeds.style.visibility = now.seeds < 1 ? "hidden" : "";
  }
  /** The room has changed, or the numbers have. */
  function measure() {
    if (!state.stage) return;
    const { data } = state;
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10) return;
    const view = layout({ width, height }, data.lanes.length, BESIDE[data.axis.kind]);
    state.view = { ...view, bands: bands(view), decades: decades(data.arrived) };
    root.classList.toggle("narrow", view.narrow);
    root.classList.toggle("low", view.high < LOW);
    pen.refresh(view.width, view.height, view.text, zoomOf(root));
    state.images = data.lanes.map((_, lane) => stateImage(data, state.seed, lane, pen.colours));
    state.dots = data.lanes.map((_, lane) => dotsOf(state, state.view, lane));
    paint();
  }
  /** The controls for another stage; the watched seed as a list, for those who have no pointer. */
  function build() {
    const { words, data } = state;
    const own = { back: words.before, on: words.after, among: words.place };
    root.dataset.bar = state.stage.bar ?? "bottom";
    root.setAttribute("aria-label", words.title || "");
    bar.build({ ...words, ...own }, SPEEDS, mostOf(state));
    const select = document.createElement("select");
    select.append(...data.seeds.map((name, k) => new Option(name, String(k))));
    select.onchange = () => act.seed(Number(select.value));
    parts.seeds.replaceChildren(words.seed.replace("{seed}", ""), select);
    parts.bar.append(parts.seeds);
  }
  return { paint, measure, build, stop: () => cancelAnimationFrame(frame) };
}

function note(root, told) {
  for (const [name, value] of Object.entries(told))
    if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
