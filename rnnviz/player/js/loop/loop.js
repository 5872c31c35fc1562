// The stage of a story about one loop: a unit, folded and unrolled; several units; two states side by side; two pasts;
// and what is left of each day. loop.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { createBar, SPEEDS } from "./bar.js";
import { createEquation } from "./equation.js";
import { createHand } from "./hand.js";
import { listen } from "./events.js";
import { NARROW, layout } from "./layout.js";
import { createMotion } from "./motion.js";
import { createPen } from "./pen.js";
import { begin, complete, limits, standing, start, stop } from "./place.js";
import { createPlaying } from "./playing.js";
import { PHASES, clamp, fill, part } from "./shapes.js";
import { drawScene } from "./scene.js";
import { skeleton } from "./skeleton.js";

const FADE = 800;
const MORPH = 220;
const PICK = 200;
const UNFOLD = 1800;

/** All that can change; each layer keeps its own place and its own numbers. */
const fresh = () => ({
  stage: null,
  speed: 1,
  playing: false,
  changes: {}, // what the reader has set, by name
  origin: {}, // and what it was when the beat began
  alpha: { one: 0, many: 0, pasts: 0, takeaway: 0, tape: 0 },
  one: { at: 0, fold: 0, begin: null },
  many: { at: 0, together: 0, marked: [], picked: null, focus: 0 },
  pasts: { sweep: 1, rho: null },
  takeaway: { rho: null },
});

/**
 * @param {HTMLElement} host
 * @param {any} data  a stage, see loop.py
 * @param {(said: {target: string, value: unknown}) => void} tell
 * @returns {{receive(stage: any, turned?: boolean): void, play(): void, resize(): void, stop(): void}}
 */
export function mount(host, data, tell) {
  const one = create(host, tell);
  one.receive(data, true);
  return one;
}

function create(host, tell) {
  const parts = skeleton(host);
  const { root, svg } = parts;
  const state = fresh();
  const pen = createPen(svg, root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const motion = createMotion(paint, () => calm.matches);
  const bar = createBar(parts.bar);
  const equation = createEquation(parts.equation);
  const hand = createHand();
  const playing = createPlaying({ state, motion, calm, tell, sync, hand });
  let view = null;
  let room = null;
  let said = "";

  function paint() {
    if (!state.stage || !view) return;
    equation(equationOf(state), { ...state.one, ...noted(state.stage), narrow: view.narrow });
    pen.begin();
    drawScene(pen, (count, under) => layout(room, count, under), state);
    pen.end();
    sync();
  }
  /** What the root, the controls and the live words say of where it stands. */
  function sync() {
    const { stage } = state;
    const place = state[stage.layer];
    const at = place.at ?? 0;
    const { step, phase } = standing(stage, at);
    const { least, most } = limits(stage);
    const now = {
      step,
      steps: stage.count,
      phase: PHASES[phase] || phase,
      playing: state.playing,
      view: stage.view,
      locked: stage.locked,
      fold: (place.fold ?? 0).toFixed(2),
    };
    for (const [name, value] of Object.entries(now))
      if (root.dataset[name] !== String(value)) root.dataset[name] = value;
    const goal = stage.view === "columns" && stage.play_to ? stage.play_to : most;
    bar.update({
      ...now,
      speed: state.speed,
      touched: Object.entries(state.changes).some(([name, value]) => value !== state.origin[name]),
      count: stage.count,
      at,
      within: clamp(at - least),
      fold: place.fold,
      ended: at >= goal && !stage.locked,
      rho: place.rho ?? undefined,
      rhoText: stage.data.rho ? rhoText(place, stage) : "",
    });
    announce(phase, step);
  }
  /** The state after a step, as the picture says it. */
  function stateOf(step) {
    const { view, data } = state.stage;
    return ((view === "time" && data.printed.brief) || data.printed).h[step + 1];
  }
  function announce(phase, step) {
    const { words, layer, data } = state.stage;
    if (state.playing || (layer === "one" && phase !== "done")) return;
    const text =
      layer === "one" ? fill(words.live, { day: data.labels[step], value: stateOf(step) }) : words.verdict || "";
    if (text && text !== said) {
      said = text;
      parts.live.textContent = text;
    }
  }

  /** Whether type is large, which the equation and the controls are told at once. */
  function enlarge() {
    const large = Boolean(state.stage.large || root.closest(".projector"));
    root.classList.toggle("large", large && root.clientWidth >= NARROW);
    return large;
  }
  function measure() {
    if (state.stage) enlarge();
    const { width, height } = svg.getBoundingClientRect();
    if (!state.stage || width < 10 || height < 10) return;
    room = { width, height, head: parts.equation.getBoundingClientRect().height, large: enlarge() };
    view = layout(room, state.stage.count, false);
    svg.setAttribute("viewBox", `0 0 ${view.W.toFixed(2)} ${view.H.toFixed(2)}`);
    pen.refresh();
    motion.paint();
  }

  /** Another beat, or the same one put right: old layers fade, the new one stands where the beat says. */
  async function enter(stage, old) {
    motion.halt();
    playing.leave();
    hand.leave(stage.view !== old?.view);
    const { w_x, w_h, rho } = stage.data;
    const origin = { w_x, w_h, rho: rho?.value };
    Object.assign(state, { changes: {}, origin, playing: false, speed: stage.speed ?? state.speed });
    placeAt(state, stage);
    if (rho) state[stage.layer].rho = hand.over("rho", rho.value);
    said = parts.live.textContent = "";
    equation(equationOf(state), { ...state.one, ...noted(stage), narrow: root.clientWidth < NARROW });
    bar.build(stage.controls, stage);
    measure();
    const from = { ...state.alpha };
    const to = { one: 0, many: 0, pasts: 0, takeaway: 0, [stage.layer]: 1, tape: stage.layer === "pasts" ? 0 : 1 };
    const fade = share => {
      for (const name of Object.keys(to)) {
        const share2 = name === "tape" ? share : to[name] > from[name] ? part(share, 0.3, 1) : part(share, 0, 0.5);
        state.alpha[name] = from[name] + (to[name] - from[name]) * share2;
      }
    };
    if (!old || JSON.stringify(from) === JSON.stringify(to)) fade(1);
    else if (!(await motion.tween("fade", FADE, fade))) {
      fade(1);
      return;
    }
    motion.paint();
    if (stage.play_to !== null && !state.stage.locked) playing.byItself();
  }
  /** The same beat with other numbers: everything stays where it is; what is drawn from the numbers moves there. */
  function update(stage, was) {
    const layer = state[stage.layer];
    const before = layer.data;
    layer.data = stage.data;
    if (stage.data.rho && before !== stage.data) {
      layer.before = before;
      layer.rho = hand.over("rho", stage.data.rho.value);
      motion.tween("morph", MORPH, share => {
        layer.morph = share;
      });
    }
    if (stage.large !== was.large) measure();
    motion.paint();
    if (!stage.locked && stage.play_to !== null && (was.locked || was.play_to === null)) playing.byItself();
  }

  const act = {
    words: () => state.stage.words,
    weight: name => state.one.data[name],
    locked: () => state.stage.locked,
    tell: (target, value) => tell({ target, value }),
    touch(target, value) {
      state.changes[target] = value;
      tell({ target, value });
      sync();
    },
    toggle: () => playing.toggle(),
    day(i) {
      if (!state.stage.locked) {
        tell({ target: "day", value: i });
        playing.day(i);
      }
    },
    speed(value) {
      state.speed = value;
      sync();
    },
    slower() {
      const all = SPEEDS.map(([speed]) => speed);
      act.speed(all[(all.indexOf(state.speed) + all.length - 1) % all.length]);
    },
    slide: (name, value) => playing.slide(name, value),
    unfoldTo: fold => playing.unfold(fold, UNFOLD),
    forward: () => playing.key(stop(state.stage, state[state.stage.layer].at ?? 0, 1), true),
    backward: () => playing.key(stop(state.stage, state[state.stage.layer].at ?? 0, -1), false),
    home: () => playing.key(limits(state.stage).least, false),
    end: () => playing.key(limits(state.stage).most, false),
    hold: on => hand.hold(on),
    /** Shows what leads to one cell alone; the same cell again, or none, shows everything. */
    pick(cell) {
      const { many, stage } = state;
      const same = cell && many.picked?.step === cell.step && many.picked.unit === cell.unit && many.focus === 1;
      if (stage.view !== "units" || (!cell && !many.picked)) return;
      if (cell) tell({ target: "cell", value: cell });
      const on = cell && !same && cell.step > 0;
      if (on && state.playing) playing.halt(); // what leads to it is shown once, while nothing moves
      if (on) many.picked = { ...cell, at: many.at };
      const from = on ? 0 : many.focus;
      motion.tween("pick", PICK, share => {
        many.focus = from + (Number(Boolean(on)) - from) * share;
        if (many.focus === 0 && !on) many.picked = null;
      });
    },
    reading(step, unit, past) {
      const { stage } = state;
      const { data, at = Infinity } = state[stage.layer];
      if (at < Number(step) + 1 || !data.labels[step]) return null;
      const states = past === "other" ? data.h_other : data.h;
      const value = data.printed?.h[step][unit] ?? states[step][unit].toFixed(2).replace("-", "−");
      return { day: data.labels[step], unit: Number(unit) + 1, value };
    },
  };
  const events = listen(root, parts.hint, act);
  const resized = new ResizeObserver(measure);
  resized.observe(svg);
  scheme.addEventListener("change", measure);

  return {
    receive(given, turned = false) {
      const stage = complete(given);
      const old = state.stage;
      const anew =
        !old || turned || old.view !== stage.view || JSON.stringify(old.token) !== JSON.stringify(stage.token);
      state.stage = stage;
      root.setAttribute("aria-label", stage.words.title || "");
      events.forget(anew);
      if (anew) enter(stage, old);
      else update(stage, old);
    },
    play() {
      if (state.stage && !state.stage.locked) playing.byItself();
    },
    resize: measure,
    stop() {
      motion.stop();
      resized.disconnect();
      scheme.removeEventListener("change", measure);
      root.remove();
    },
  };
}

/** What the equation needs to know besides the numbers. */
const noted = ({ words, locked }) => ({ words, locked });

/** Which equation stands above the picture. */
function equationOf({ stage }) {
  if (stage.layer !== "one") return null;
  return stage.show.includes("equation") ? "step" : stage.show.includes("law") ? "law" : null;
}

const rhoText = ({ rho }, stage) => (rho ?? stage.data.rho.value).toFixed(stage.data.rho.digits ?? 2);

/** A layer stands where its beat says. */
function placeAt(state, stage) {
  const layer = state[stage.layer];
  layer.data = stage.data;
  if ("at" in layer) layer.at = Math.min(start(stage), limits(stage).most);
  if (stage.layer === "one") layer.begin = begin(stage);
  if ("fold" in layer) layer.fold = stage.folded ? 0 : 1;
  if ("together" in layer) Object.assign(layer, { together: 0, marked: stage.marked, picked: null, focus: 0 });
  if (stage.layer === "pasts") Object.assign(layer, { sweep: stage.play_to === null ? 1 : 0, log: stage.log });
  if ("rho" in layer) Object.assign(layer, { rho: stage.data.rho?.value ?? null, before: null, morph: 1 });
}
