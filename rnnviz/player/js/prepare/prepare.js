// Raw data on its way to a network: a table, a series or batches, step by step. prepare.py says what a stage holds;
// `tell({target, value})` hears where the reader has come to rest.

import { fill } from "../transport/bar.js";
import { createPen } from "../transport/pen.js";
import { createPlayed } from "../transport/played.js";
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
  /** @type {any} */
  const state = { stage: null };
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate: () => state.stage.pace, draw, tell });
  let pen = createPen(parts.svg, LAYERS), size = "";

  function draw() {
    const { clientWidth: width, clientHeight: height } = parts.picture, { stage, at } = state;
    if (width > 10 && height > 10) {
      const large = Boolean(stage.large || root.closest(".projector")), narrow = width < NARROW;
      root.classList.toggle("large", large);
      root.classList.toggle("narrow", narrow);
      PICTURES[stage.picture]({ pen, width, height, narrow, text: large ? 18 : narrow ? 14 : 15, stage, at });
      pen.end();
    }
    const said = saidAt(stage.says, at);
    if (parts.say.textContent !== said) parts.say.textContent = said;
    run.show(fill(stage.words.step, { step: run.whole(), steps: stage.steps }));
    if (!state.playing && parts.live.textContent !== said) parts.live.textContent = said;
  }
  function receive(stage, turned = false) {
    if (state.stage?.picture !== stage.picture) {
      parts.svg.replaceChildren();
      pen = createPen(parts.svg, LAYERS);
    }
    state.stage = stage;
    const anew = run.take(stage, turned);
    run.paint();
    if (anew) run.begin();
  }

  const observer = new ResizeObserver(() => {
    const now = `${parts.picture.clientWidth} ${parts.picture.clientHeight}`;
    if (now !== size) run.paint();
    size = now;
  });
  observer.observe(parts.picture);
  receive(given, true);

  return {
    receive,
    play: run.play,
    resize: run.paint,
    stop() {
      run.stop();
      observer.disconnect();
      root.remove();
    },
  };
}
