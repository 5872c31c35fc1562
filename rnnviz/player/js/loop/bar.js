// The one row of controls under the picture: play, where within the step or among the days, how fast; or how far
// unrolled; or the strength of the loop.

import { icon, make } from "../transport/parts.js";
import { PHASE_ENDS, PHASES } from "./shapes.js";

export const SPEEDS = [
  [0.25, "¼×"],
  [0.5, "½×"],
  [1, "1×"],
];

const made = (tag, style, attributes = {}, ...children) =>
  make(tag, style ? { class: style, ...attributes } : attributes, ...children);
const playButton = words =>
  made(
    "button",
    "play",
    { type: "button", "data-act": "play", "data-testid": "loop-play" },
    made("span", "", {}, words.play || ""),
  );
const range = (name, label, max, more = {}) =>
  made("input", "", {
    type: "range",
    name,
    "aria-label": label || name,
    min: 0,
    max,
    value: 0,
    step: "any",
    ...more,
  });
const putBack = words => made("button", "back", { type: "button", "data-act": "back" }, words.put_back || "");

function speeds(words) {
  const buttons = SPEEDS.map(([speed, name]) => made("button", "", { type: "button", "data-speed": speed }, name));
  return made("div", "speeds", { role: "group", "aria-label": words.speed || "" }, ...buttons);
}

function phaseNames(words) {
  const names = words.phases || PHASES.map(() => "");
  return made(
    "div",
    "names",
    { "aria-hidden": "true" },
    ...PHASES.map((id, k) => {
      const name = made("span", "", { "data-phase": id }, names[k]);
      name.style.width = `${100 * (PHASE_ENDS[k] - (k ? PHASE_ENDS[k - 1] : 0))}%`;
      return name;
    }),
  );
}

const end = (act, text) =>
  act ? made("button", "end", { type: "button", "data-act": act }, text) : made("span", "end", {}, text);
const ends = (left, right, acts = []) => made("div", "ends", {}, end(acts[0], left || ""), end(acts[1], right || ""));
const scrub = (...children) => made("div", "scrub", {}, ...children);

const WRITTEN = ["play", "put_back", "speed", "phases", "within", "first", "last", "among"];
WRITTEN.push("folded", "unrolled", "unrolling", "rho", "rho_least", "rho_most");

/** What each kind of row holds. */
const ROWS = {
  phases: words => [
    playButton(words),
    scrub(phaseNames(words), range("phase", words.within, 1)),
    speeds(words),
    putBack(words),
  ],
  days: words => [
    playButton(words),
    scrub(ends(words.first, words.last), range("at", words.among, 1)),
    speeds(words),
    putBack(words),
  ],
  fold: words => [
    playButton(words),
    scrub(ends(words.folded, words.unrolled, ["fold", "unfold"]), range("fold", words.unrolling, 1)),
    putBack(words),
  ],
  rho: (words, { rho }) => [
    made("output", "big", { "aria-live": "off" }),
    scrub(ends(words.rho_least, words.rho_most), range("rho", words.rho, rho.most, { step: rho.step })),
    putBack(words),
  ],
  none: () => [],
};

/** The accent on the part of a track that lies behind its thumb. */
function fillTrack(input) {
  const share = (input.value - input.min) / (input.max - input.min || 1);
  input.style.setProperty("--share", `calc(12px + (100% - 24px) * ${share})`);
}

/**
 * @param {HTMLElement} host
 * @returns {{build(kind: string, stage: any): void, update(state: any): void}}
 */
export function createBar(host) {
  let words = {};
  let shown = "";
  const one = selector => host.querySelector(selector);
  const all = selector => /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll(selector));
  function put(name, value, state) {
    const input = one(`input[name=${name}]`);
    if (!input) return;
    if (!input.matches(":active") || state.playing) input.value = value;
    input.disabled = state.locked;
    fillTrack(input);
  }
  function button(state) {
    const play = one("[data-act=play]");
    if (!play) return;
    const text = state.playing ? words.pause : state.ended ? words.again : words.play;
    const name = state.playing ? "pause" : "play";
    play.disabled = state.locked;
    if (play.dataset.shows === `${name} ${text}`) return;
    play.dataset.shows = `${name} ${text}`;
    play.replaceChildren(icon(name), made("span", "", {}, text || ""));
    play.setAttribute("aria-label", text || "");
  }
  return {
    build(kind, stage) {
      words = stage.words || {};
      const { rho } = stage.data;
      const looks = JSON.stringify([kind, WRITTEN.map(name => words[name]), rho && [rho.most, rho.step]]);
      if (looks === shown) return; // what the hand may hold stays
      shown = looks;
      host.replaceChildren(...ROWS[kind](words, stage.data));
      host.dataset.kind = kind;
      host.hidden = kind === "none";
    },
    update(state) {
      button(state);
      put("phase", state.within, state);
      const at = one("input[name=at]");
      if (at) at.max = state.count;
      put("at", state.at, state);
      put("fold", state.fold, state);
      if (one("output")) {
        put("rho", state.rho, state);
        one("output").textContent = `ρ = ${state.rhoText}`;
      }
      for (const name of all("[data-phase]")) name.classList.toggle("here", name.dataset.phase === state.phase);
      for (const speed of all("[data-speed]"))
        speed.setAttribute("aria-pressed", String(Number(speed.dataset.speed) === state.speed));
      one("[data-act=back]")?.classList.toggle("on", state.touched && !state.locked);
    },
  };
}
