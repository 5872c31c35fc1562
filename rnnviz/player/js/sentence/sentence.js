// Sentences that are read word by word: what the network says so far, and which words mattered in the end.
// sentence.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { fill } from "../transport/bar.js";
import { createPlayed } from "../transport/played.js";
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
  /** @type {any} */
  const state = { data: null };
  const rate = () => (state.at >= state.data.longest ? BACK : RATE);
  const limit = to => (state.at < state.data.longest ? Math.min(to, state.data.longest) : to); // first all words
  const run = createPlayed(state, { root, bar: parts.bar, speeds: SPEEDS, rate, draw, tell, limit });
  /** @type {any[]} */
  let lines = [];
  let built = "";

  function draw() {
    const { data, at } = state, step = run.whole();
    for (const line of lines) line.update(at, data.longest);
    const text = step >= data.longest && data.steps > data.longest ? data.words.back
      : fill(data.words.step, { step: Math.min(step, data.longest), steps: data.longest });
    run.show(text);
    if (!state.playing) parts.table.textContent = told(state);
  }
  function measure() {
    root.classList.toggle("large", Boolean(state.data.large || root.closest(".projector")));
    root.classList.toggle("narrow", root.clientWidth < 560);
    root.classList.toggle("few", state.data.longest <= FEW);
    root.classList.toggle("many", state.data.longest > MANY);
    run.paint();
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
    state.data = data;
    build(data);
    const anew = run.take(data, turned);
    measure();
    if (anew) run.begin();
  }

  const observer = new ResizeObserver(measure);
  receive(given, true);
  observer.observe(root);

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
