// The picture and all that stands around it: drawn when something has changed, at most once a frame.

import { number } from "../core/numbers.js";
import { zoomOf } from "../learn/hand.js";
import { createPen } from "../race/pen.js";
import { createBar, fill } from "../transport/bar.js";
import { drawErrors } from "./errors.js";
import { standing } from "./opened.js";
import { SPEEDS, seen } from "./run.js";
import { drawSeries } from "./series.js";

const NARROW = 560; // pixels
const LOW = 280; // pixels: too low for both panels
const LEFT = 46; // for an axis' numbers
const FOOT = 26; // for its times

/**
 * @param {any} parts
 * @param {any} state of forecast.js
 * @param {any} act what the controls do
 * @param {() => boolean} calm
 */
export function createPicture(parts, state, act, calm) {
  const { root, canvas } = parts;
  const pen = createPen(canvas, root);
  const bar = createBar(parts.bar, { play: act.toggle, step: act.step, go: act.go, speed: act.speed });
  let frame = 0;
  let size = { width: 0, height: 0 };
  let told = "";

  function paint() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function draw() {
    frame = 0;
    if (!state.stage || size.width < 10) return;
    pen.begin();
    const scene = sceneOf(pen, state, calm());
    for (const { title, draw: fillIn, box } of panels(state, size)) {
      pen.text(shortened(pen, title, box.w), box.x, box.y + 10, { bold: true, px: 16 });
      fillIn(scene, { x: box.x + LEFT, y: box.y + 34, w: box.w - LEFT - 10, h: box.h - 34 - FOOT });
    }
    sync();
    if (state.playing) paint();
  }
  function sync() {
    const { stage, playing, locked } = state;
    const step = Math.floor(state.at + 1e-6);
    Object.assign(root.dataset, { step, steps: seen(state) - 1, playing, locked });
    put(parts.count, stage.said[step] ?? "");
    bar.update({ at: state.at, text: "", playing, locked, speed: state.speed });
    if (playing) return;
    const standsAt = `${stage.token} ${step}`;
    if (standsAt !== told) fillTable(parts.table, state);
    told = standsAt;
    put(parts.live, step > 0 ? stage.said[step] ?? "" : "");
  }
  function measure() {
    if (!state.stage) return;
    size = { width: parts.picture.clientWidth, height: parts.picture.clientHeight };
    if (size.width < 10) return;
    root.classList.toggle("narrow", size.width < NARROW);
    pen.refresh(size.width, Math.max(size.height, 10), 16, zoomOf(root));
    paint();
  }
  function build() {
    const { words } = state.stage;
    root.setAttribute("aria-label", words.title || "");
    bar.build({ ...words, back: words.before, on: words.after, among: words.place }, SPEEDS, state.data.last);
    parts.ways.replaceChildren(...state.stage.ways.map(sample), ...truthOf(state));
    told = "";
  }
  return { paint, measure, build, stop: () => cancelAnimationFrame(frame) };
}

/** The same of what came true, where any of it is ever seen. */
function truthOf({ stage, data }) {
  const seen = Array.from({ length: data.count }, (_, k) => data.frame(k, 2)).some(steps => steps > 0);
  if (!seen || !stage.words.truth) return [];
  const made = sample({ label: stage.words.truth, hue: "muted", dash: [], wide: 5 });
  made.className = "truth";
  return [made];
}

/** A way's line and its name. */
function sample({ label, hue, dash, wide }) {
  const made = document.createElement("span");
  made.style.setProperty("--hue", `var(--rnn-${hue})`);
  const line = `<path d="M1 6h24" stroke-width="${wide}" stroke-dasharray="${dash.join(" ")}"/>`;
  made.innerHTML = `<svg viewBox="0 0 34 12" aria-hidden="true">${line}<circle cx="28" cy="6" r="4.5"/></svg>`;
  made.append(Object.assign(document.createElement("b"), { textContent: label }));
  return made;
}

/** The series above, the errors below it; in a low room the series alone, and the errors alone once it ends. */
function panels({ stage, data, at }, { width, height }) {
  const title = stage.unit ? `${stage.words.series || ""}, ${stage.unit}` : stage.words.series || "";
  const low = height < LOW;
  const over = low && at >= data.last;
  const share = over ? 1 : low ? 0 : 0.43;
  const below = data.error ? Math.round(height * share) : 0;
  const series = { title, draw: drawSeries, box: { x: 0, y: 0, w: width, h: height - below } };
  const box = { x: 0, y: height - below + (over ? 0 : 8), w: width, h: below - (over ? 0 : 8) };
  const errors = { title: stage.words.errors || "", draw: drawErrors, box };
  return [...(below < height ? [series] : []), ...(below ? [errors] : [])];
}

/** What a panel needs to know in order to be drawn. */
function sceneOf(pen, { stage, data, at, playing }, calm) {
  const place = standing(data, stage.origins, at);
  const { span } = stage;
  const view = span ? [place.origin - span[0], place.origin + span[1]] : [0, data.truth.length - 1];
  const glow = playing && !calm ? 0.6 + 0.4 * Math.sin(performance.now() / 160) : 0;
  return { pen, stage, data, at, place, view, glow, px: 14 };
}

function shortened(pen, words, room) {
  const look = { bold: true, px: 16 };
  let count = words.length;
  while (count > 1 && pen.wide(count < words.length ? `${words.slice(0, count)}…` : words, look) > room) count -= 1;
  return count < words.length ? `${words.slice(0, count).trimEnd()}…` : words;
}

/** All numbers of now, for those who do not see the picture. */
function fillTable(host, { stage, data, at }) {
  const { fold, from, ahead } = standing(data, stage.origins, at);
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const rows = data.ways.map(way => {
    const row = document.createElement("tr");
    row.dataset.way = way.id;
    const steps = Array.from({ length: Math.floor(Math.min(way.horizon, ahead) + 1e-6) }, (_, step) => step);
    const mean = step => Array.from({ length: way.members }, (_, m) => way.at(fold, m, step))
      .reduce((sum, one) => sum + one, 0) / way.members;
    row.append(make("th", way.label), ...steps.map(step => make("td", number(mean(step)))));
    return row;
  });
  const table = document.createElement("table");
  table.append(make("caption", fill(stage.words.table, { from: from + 1 })), ...rows);
  host.replaceChildren(table);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
