// Clipping by hand: drag a gradient's tip against the circle (by norm) and the square (by value). clip.py says what a
// stage holds; `tell({target, value})` hears the tip, the threshold, and what has been played.

import { number } from "../core/numbers.js";
import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { angle, clipByNorm, clipByValue, norm, towards } from "./clipping.js";
import { createCurve } from "./curve.js";
import { createPlane } from "./plane.js";
import { brief, createTable, degrees } from "./table.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const STEPS = 72; // directions once round
const TURN = 360 / STEPS; // degrees
const A_SECOND = 8; // steps at 1×
const TRAIL = 300; // points
const WIDE = 640; // pixels

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-clip";
  root.dataset.testid = "rnn-clip";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<p class="say" aria-live="off"></p><div class="plane"></div>
    <div class="side"><div class="numbers"></div><div class="curve"></div></div>
    <div class="bar"></div><label class="threshold"><span></span><input type="range" name="threshold"><output></output></label>
    <div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  return { root, part };
}

/** Once around counts as none: steps from 0 to STEPS. */
const around = at => (at > STEPS || at < 0 ? ((at % STEPS) + STEPS) % STEPS : at);
const stepOf = g => around((Math.atan2(g[1], g[0]) * 180) / Math.PI / TURN);

/**
 * @param {HTMLElement} host
 * @param {any} data
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const { root, part } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const state = { g: [0, 0], at: 0, threshold: 1, speed: SPEEDS[0], goal: null, playing: false, due: false };
  let stage = null;
  let frame = 0;
  let trails = { norm: [], value: [] };

  const clock = createClock({
    rate: () => A_SECOND * state.speed,
    calm: () => calm.matches,
    advance(steps) {
      swing(Math.min(state.goal, state.at + steps));
      const more = state.at < state.goal;
      if (!more) end();
      return more;
    },
  });

  /** The arrow in another direction, as long as it was. */
  function swing(at) {
    state.at = at;
    state.g = towards(around(at) * TURN, norm(state.g));
    if (state.playing) trace();
    wake();
  }
  function trace() {
    trails.norm.push(clipByNorm(state.g, state.threshold));
    trails.value.push(clipByValue(state.g, state.threshold));
    for (const points of Object.values(trails)) if (points.length > TRAIL) points.shift();
  }
  function forget() {
    trails = { norm: [], value: [] };
  }
  function end() {
    state.playing = false;
    state.at = around(state.at);
    settle();
    if (state.due || stage.play_to === null) tell({ target: "played", value: Math.round(state.at) });
    state.due = false;
  }
  function halt() {
    clock.stop();
    if (state.playing) state.playing = false;
    state.at = around(state.at);
  }
  function run(goal) {
    state.goal = goal;
    state.playing = true;
    forget();
    clock.start();
    wake();
  }
  /** What stands now is told: to who listens to the page, and to the lesson. */
  function settle() {
    part("live").textContent = sentence(view());
    tell({ target: "g", value: state.g.map(entry => Number(entry.toPrecision(6))) });
    wake();
  }

  const act = {
    play() {
      if (stage.locked) return;
      if (state.playing) {
        halt();
        settle();
      } else run(state.at + STEPS);
    },
    go(at) {
      if (stage.locked) return;
      halt();
      forget();
      swing(Math.min(Math.max(at, 0), STEPS));
      settle();
    },
    step: by => act.go(around((by > 0 ? Math.floor(state.at + 1e-6) : Math.ceil(state.at - 1e-6)) + by)),
    lengthen(by) {
      if (stage.locked) return;
      halt();
      const long = Math.max(norm(state.g) + by, 0.1);
      if (long < stage.reach) state.g = towards(around(state.at) * TURN, long);
      settle();
    },
    speed(value) {
      state.speed = value;
      wake();
    },
    moveTip(to) {
      halt();
      forget();
      Object.assign(state, { g: to, at: stepOf(to) });
      wake();
    },
    moveThreshold(to) {
      state.threshold = Math.min(Math.max(Math.round(to * 100) / 100, stage.least), stage.most);
      forget();
      tell({ target: "threshold", value: state.threshold });
      wake();
    },
    held(on) {
      root.classList.toggle("held", on);
      if (!on) settle();
    },
  };

  const plane = createPlane(part("plane"), act);
  const curve = createCurve(part("curve"), degree => act.go(degree / TURN));
  const table = createTable(part("numbers"));
  const bar = createBar(part("bar"), act);
  const slider = /** @type {HTMLInputElement} */ (root.querySelector(".threshold input"));
  slider.oninput = () => act.moveThreshold(Number(slider.value));
  listenToKeys(root, {
    " ": act.play,
    ArrowLeft: () => act.step(-1),
    ArrowRight: () => act.step(1),
    ArrowUp: () => act.lengthen(0.1),
    ArrowDown: () => act.lengthen(-0.1),
    Home: () => act.go(0),
    End: () => act.go(STEPS),
  });

  /** All that is drawn, from the gradient and the threshold. */
  function view() {
    const { g, threshold } = state;
    const clipped = { norm: clipByNorm(g, threshold), value: clipByValue(g, threshold) };
    const finite = clipped.value !== null;
    const { words, show, locked, spacing } = stage;
    const turned = finite ? angle(g, clipped.value) : 0;
    const degrees = around(state.at) * TURN;
    return { g, threshold, clipped, turned, size: norm(g), degrees, words, show, locked, spacing, trails };
  }
  function wake() {
    if (!frame) frame = requestAnimationFrame(paint);
  }
  function paint() {
    frame = 0;
    if (!stage) return;
    const now = view();
    plane.paint(now);
    if (stage.show.turn) curve.paint(now);
    if (stage.show.numbers) table.paint(now);
    const said = sentence(now);
    if (part("say").textContent !== said) part("say").textContent = said;
    const step = Math.floor(around(state.at) + 1e-6);
    Object.assign(root.dataset, { step, steps: STEPS, playing: state.playing, threshold: state.threshold });
    root.dataset.turned = now.turned.toFixed(2);
    const text = fill(stage.words.now, { degrees: Math.round(now.degrees) });
    bar.update({ at: around(state.at), text, playing: state.playing, locked: stage.locked, speed: state.speed });
    slider.value = String(state.threshold);
    slider.disabled = stage.locked;
    slider.style.setProperty("--share", `${(100 * (state.threshold - stage.least)) / (stage.most - stage.least)}%`);
    root.querySelector(".threshold output").textContent = number(state.threshold);
  }
  function resize() {
    if (!stage) return;
    root.classList.toggle("wide", root.clientWidth >= WIDE);
    plane.resize(stage.reach);
    curve.resize();
    wake();
  }
  const resized = new ResizeObserver(resize);
  resized.observe(root);

  /** Another beat, or the same put right: everything stands where the data says. */
  function enter() {
    halt();
    forget();
    Object.assign(state, { g: stage.g.map(entry => entry ?? NaN), threshold: stage.threshold });
    Object.assign(state, { at: stepOf(state.g) || 0, speed: stage.speed, due: stage.play_to !== null });
    part("live").textContent = "";
  }
  function receive(given, turned = false) {
    const old = stage;
    stage = complete(given);
    const anew = !old || turned || JSON.stringify(old.token) !== JSON.stringify(stage.token);
    root.setAttribute("aria-label", stage.words.title || "");
    root.classList.toggle("locked", stage.locked);
    for (const name of ["turn", "numbers", "threshold"]) root.classList.toggle(`with-${name}`, Boolean(stage.show[name]));
    Object.assign(slider, { min: stage.least, max: stage.most, step: 0.01 });
    root.querySelector(".threshold span").textContent = stage.words.threshold || "";
    bar.build(stage.words, SPEEDS, STEPS);
    if (anew) enter();
    else if (old.threshold !== stage.threshold) state.threshold = stage.threshold;
    resize();
    if (anew && stage.play_to !== null && !stage.locked) run(stage.play_to);
  }
  receive(data, true);
  return {
    receive,
    play: act.play,
    resize,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      resized.disconnect();
      root.remove();
    },
  };
}

/** A stage with everything that its data may leave unsaid. */
function complete(given) {
  const shown = given.show ?? ["norm", "value", "turn", "numbers", "threshold"];
  const show = Object.fromEntries(shown.map(name => [name, true]));
  const rest = { words: {}, threshold: 1, reach: 3.3, least: 0.2, most: 3, spacing: 1, play_to: null, locked: false };
  return { ...rest, speed: SPEEDS[0], ...given, show, words: given.words ?? {} };
}

/** What is to be seen now, in a sentence. */
function sentence({ g, size, threshold, clipped, turned, show, words }) {
  if (!clipped.value) return words.broken || "";
  const facts = {
    norm: brief(size),
    by_norm: brief(norm(clipped.norm)),
    by_value: brief(norm(clipped.value)),
    turned: degrees(turned),
    threshold: brief(threshold),
  };
  if (size <= threshold) return fill(words.inside, facts);
  const touched = clipped.value.some((entry, i) => entry !== g[i]);
  const value = !touched ? words.untouched : turned < 0.05 ? words.straight : words.turned;
  const said = [words.outside, show.norm && words.shortened, show.value && value];
  return fill(said.filter(Boolean).join(" "), facts);
}
