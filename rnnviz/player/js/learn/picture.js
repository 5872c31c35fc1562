// The picture and all that stands around it: drawn when something has changed, at most once a frame.

import { number } from "../core/numbers.js";
import { createPen } from "../race/pen.js";
import { createBar, fill } from "../transport/bar.js";
import { drawClasses } from "./classes.js";
import { drawCurve, meanOf, valuesOf } from "./curves.js";
import { drawDots } from "./dots.js";
import { zoomOf } from "./hand.js";
import { drawHeat } from "./heat.js";
import { inner, layout } from "./layout.js";
import { drawPaths } from "./paths.js";
import { drawPlane, radiusText } from "./plane.js";
import { pace, seen, SPEEDS, lastFrame } from "./run.js";
import { chips, createTable, finished, message, updateOf } from "./said.js";
import { drawSequence, drawSequenceLegend } from "./sequence.js";
import { drawSteps } from "./steps.js";
import { createChips, extraButtons } from "./skeleton.js";
import { drawText } from "./text.js";

const KINDS = {
  curve: drawCurve, plane: drawPlane, sequence: drawSequence, steps: drawSteps, dots: drawDots, classes: drawClasses,
  heat: drawHeat, paths: drawPaths, text: drawText,
};
const TIGHT = 720; // pixels: for the controls in one row
const PALE = 0.25; // lanes, while another one stands out
const LONGEST = 0.1; // seconds between two pictures, for what moves by itself

/**
 * @param {ReturnType<typeof import("./skeleton.js").skeleton>} parts
 * @param {any} state of learn.js
 * @param {any} act what the controls do
 * @param {() => boolean} calm
 */
export function createPicture(parts, state, act, calm) {
  const { root, canvas } = parts;
  const pen = createPen(canvas, root);
  const bar = createBar(parts.bar, { play: act.toggle, step: act.step, go: act.go, speed: act.speed });
  const writeChips = createChips(parts.lanes, act.lane);
  const table = createTable(parts.table);
  let frame = 0;
  let last = 0;
  let built = "";
  let tabled = "";

  function paint() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function draw(now) {
    frame = 0;
    if (!state.view) return;
    const scene = sceneOf(pen, state, Math.min(LONGEST, (now - last) / 1000), calm());
    last = now;
    pen.begin();
    for (const box of state.view.boxes) drawPanel(scene, box);
    sync();
    if (scene.unsettled || state.playing) paint();
  }
  /** What the root, the controls and the words say of where it stands. */
  function sync() {
    const { stage, playing, locked, words } = state;
    const update = updateOf(state);
    const ended = Object.values(stage.ended);
    note(root, {
      step: update, steps: Math.max(0, seen(state) - 1) * stage.every, playing, locked: locked || state.seek !== null,
      run: stage.run ?? "", ended: ended.length === stage.lanes.length ? ended[0]?.why ?? "" : "",
    });
    put(parts.count, `${fill(words.update, { update })} ${fill(words.of, { limit: stage.limit })}`);
    if (stage.lanes.length > 1 || stage.lanes[0]?.label) writeChips(chips(state), state.chosen);
    const said = message(state);
    put(parts.message, said);
    parts.root.classList.toggle("lost", ended.some(({ why }) => why === "diverged"));
    root.style.setProperty("--known", `${(100 * Math.max(0, seen(state) - 1)) / lastFrame(stage)}%`);
    bar.update({ at: state.at, text: "", playing, locked: locked || state.seek !== null, speed: state.speed });
    for (const one of /** @type {NodeListOf<HTMLButtonElement>} */ (parts.bar.querySelectorAll("[data-extra]")))
      one.disabled = locked || state.seek !== null;
    if (playing) return;
    const standing = `${stage.run} ${state.at} ${state.records.frames > state.at}`;
    if (standing !== tabled) table(state);
    tabled = standing;
    put(parts.live, state.at > 0 ? said || finished(state) || parts.count.textContent : "");
  }
  /** The room has changed, or what stands in it. */
  function measure() {
    if (!state.stage) return;
    const { clientWidth: width, clientHeight: height } = parts.picture;
    if (width < 10) return;
    state.view = layout({ width, height }, state.stage.panels);
    root.classList.toggle("narrow", state.view.narrow);
    root.classList.toggle("tight", width < TIGHT);
    pen.refresh(width, Math.max(state.view.height, 10), state.view.text, zoomOf(root));
    paint();
  }
  /** The controls for another stage. */
  function build() {
    const { words, stage } = state;
    const looks = JSON.stringify([words, stage.can, stage.limit, stage.every]);
    tabled = "";
    if (looks === built) return;
    built = looks;
    root.setAttribute("aria-label", words.title || "");
    const own = { back: words.before, on: words.after, among: words.place, can: stage.can ?? [] };
    bar.build({ ...words, ...own }, SPEEDS, lastFrame(stage));
    for (const one of parts.bar.querySelectorAll("[data-extra]")) one.remove();
    extraButtons(parts.bar, words, stage.can ?? [], act);
  }
  return { paint, measure, build, stop: () => cancelAnimationFrame(frame) };
}

/** What a panel needs to know in order to be drawn. */
function sceneOf(pen, state, seconds, calm) {
  const { stage, records, view } = state;
  const lanes = stage.lanes.map(lane => ({
    ...lane,
    begins: lane.fork ? Math.round(lane.fork.at / stage.every) : 0,
    alpha: state.chosen === null || state.chosen === lane.id ? 1 : PALE,
  }));
  const glow = state.playing && !calm ? 0.6 + 0.4 * Math.sin(performance.now() / 160) : 0;
  return {
    pen, state, records, lanes, seconds, calm, glow, ghost: state.ghost, at: state.at, frames: seen(state),
    rate: pace(state), text: view.text, unsettled: false,
  };
}

function drawPanel(scene, box) {
  const { panel } = box;
  const { pen, text } = scene;
  const title = shortened(pen, panel.title, box.w - 2, { bold: true, px: text });
  const wide = pen.text(title, box.x + 2, box.y + text * 0.62, { bold: true, px: text });
  const smooth = panel.smooth > 1 ? fill(scene.state.words.mean_of, { count: panel.smooth }) : "";
  const note = smooth && wide + pen.wide(smooth, { px: 14 }) + 24 < box.w * 0.62
    ? pen.text(smooth, box.x + wide + 10, box.y + text * 0.62, { colour: pen.colours.muted, px: 14 }) + 10 : 0;
  if (panel.kind === "sequence")
    drawSequenceLegend(scene, box.x + box.w, box.y + text * 0.62, box.w - wide - 30);
  drawValues(scene, panel, box, box.x + wide + note + 16);
  KINDS[panel.kind]?.(scene, panel, inner(box, text));
}

/** As much of some words as there is room for. */
function shortened(pen, words, room, look) {
  if (pen.wide(words, look) <= room) return words;
  let count = words.length;
  while (count > 1 && pen.wide(`${words.slice(0, count)}…`, look) > room) count -= 1;
  return `${words.slice(0, count).trimEnd()}…`;
}

/** The numbers of now, at the right of a panel's title, as many as there is room for. */
function drawValues({ pen, records, lanes, state, text }, panel, box, from) {
  const frame = Math.floor(state.at + 1e-6);
  const said = lanes.flatMap((lane, index) => {
    if (state.at < lane.begins) return [];
    const colour = pen.colours[lane.hue];
    if (panel.kind === "plane") return [{ colour, words: radiusText(records, panel, index, frame) }];
    if (panel.kind !== "curve" || (panel.hues.length && lanes.length > 1)) return [];
    const told = panel.names?.length || panel.hues.length ? panel.of : panel.of.slice(-1); // the strong one alone
    return told.map((name, k) => {
      const one = valuesOf({ lanes, records }, name, index);
      const value = panel.smooth > 1 ? meanOf(one, frame, panel.smooth) : one(frame);
      const label = panel.names?.[k] ? `${panel.names[k]} ` : "";
      const words = Number.isNaN(value) ? "" : `${label}${number(value)}`;
      return { colour: pen.colours[panel.hues?.[k]] ?? colour, words };
    });
  }).filter(({ words }) => words);
  const wide = said.map(({ words }) => pen.wide(words, { px: text, bold: true }) + 14);
  if (from + wide.reduce((sum, one) => sum + one, 0) > box.x + box.w + 14) return;
  let x = box.x + box.w;
  for (let k = said.length - 1; k >= 0; k -= 1) {
    pen.text(said[k].words, x, box.y + text * 0.62, { align: "right", colour: said[k].colour, bold: true, px: text });
    x -= wide[k];
  }
}

function note(root, told) {
  for (const [name, value] of Object.entries(told))
    if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
