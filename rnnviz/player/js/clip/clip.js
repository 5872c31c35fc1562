// Clipping by hand: drag a gradient's tip against the circle (by norm) and the square (by value). clip.py says what a
// stage holds; `tell({target, value})` hears the tip, the threshold, and what has been played.

import { createBar, fill } from "../transport/bar.js";
import { listenToKeys } from "../transport/keys.js";
import { createCurve } from "./curve.js";
import { createPlane } from "./plane.js";
import { sentence, viewOf } from "./sentence.js";
import { SPEEDS, STEPS, TURN, around, createSwing } from "./swing.js";
import { brief, createTable } from "./table.js";

const WIDE = 640; // pixels
const LOW = 560; // on a narrow screen: there is no room for the numbers

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-clip";
  root.dataset.testid = "rnn-clip";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<p class="say" aria-live="off"></p><div class="plane"></div>
    <div class="side"><div class="numbers"></div><div class="curve"></div></div>
    <div class="bar"></div>
    <label class="threshold"><span></span><input type="range" name="clip_threshold"><output></output></label>
    <div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  return { root, part };
}

/** A stage with everything that its data may leave unsaid. */
function complete(given) {
  const shown = given.show ?? ["norm", "value", "turn", "numbers", "threshold"];
  const show = Object.fromEntries(shown.map(name => [name, true]));
  const rest = { words: {}, threshold: 1, reach: 3.3, least: 0.2, most: 3, spacing: 1, play_to: null, locked: false };
  return { ...rest, speed: SPEEDS[0], ...given, show, words: given.words ?? {} };
}

/** The threshold's slider. */
function createThreshold(label, moved) {
  const slider = label.querySelector("input");
  slider.oninput = () => moved(Number(slider.value));
  return {
    build({ least, most, words }) {
      Object.assign(slider, { min: least, max: most, step: 0.01 });
      label.querySelector("span").textContent = words.threshold || "";
    },
    update(value, locked) {
      slider.value = String(value);
      slider.disabled = locked;
      label.querySelector("output").textContent = brief(value);
    },
  };
}

/**
 * @param {HTMLElement} host
 * @param {any} data
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const { root, part } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let stage = null;
  let frame = 0;
  let due = false; // what is to be played by itself has not been told as played

  const swing = createSwing({ stage: () => stage, calm: () => calm.matches, changed: wake, rested, arrived });
  const { state } = swing;
  function moveThreshold(to) {
    swing.moveThreshold(to);
    tell({ target: "threshold", value: state.threshold });
  }
  function held(on) {
    root.classList.toggle("held", on);
    if (!on) rested();
  }
  const plane = createPlane(part("plane"), { tip: () => state.g, moveTip: swing.moveTip, moveThreshold, held });
  const curve = createCurve(part("curve"), degree => swing.go(degree / TURN));
  const table = createTable(part("numbers"));
  const bar = createBar(part("bar"), swing);
  const threshold = createThreshold(part("threshold"), moveThreshold);
  listenToKeys(root, {
    " ": swing.play,
    ArrowLeft: () => swing.step(-1),
    ArrowRight: () => swing.step(1),
    ArrowUp: () => swing.lengthen(1),
    ArrowDown: () => swing.lengthen(-1),
    Home: () => swing.go(0),
    End: () => swing.go(STEPS),
  });

  function rested() {
    part("live").textContent = sentence(viewOf(stage, state, swing.trails));
    tell({ target: "g", value: state.g.map(entry => Number(entry.toPrecision(6))) });
    wake();
  }
  function arrived() {
    if (due || stage.play_to === null) tell({ target: "played", value: Math.round(state.at) });
    due = false;
  }
  function wake() {
    if (!frame) frame = requestAnimationFrame(paint);
  }
  function paint() {
    frame = 0;
    if (!stage) return;
    const now = viewOf(stage, state, swing.trails);
    plane.paint(now);
    if (stage.show.turn) curve.paint(now);
    if (stage.show.numbers) table.paint(now);
    const said = sentence(now);
    if (part("say").textContent !== said) part("say").textContent = said;
    const { playing, speed } = state;
    const at = around(state.at);
    const marks = { step: Math.floor(at + 1e-6), steps: STEPS, playing, turned: now.turned.toFixed(2) };
    Object.assign(root.dataset, marks, { threshold: state.threshold });
    const text = fill(stage.words.now, { degrees: Math.round(now.degrees) });
    bar.update({ at, text, playing, locked: stage.locked, speed });
    threshold.update(state.threshold, stage.locked);
  }
  function resize() {
    if (!stage) return;
    const wide = root.clientWidth >= WIDE;
    root.classList.toggle("wide", wide);
    root.classList.toggle("tight", !wide && host.clientHeight > 0 && host.clientHeight < LOW);
    plane.resize(stage.reach);
    curve.resize();
    wake();
  }

  function receive(given, turned = false) {
    const old = stage;
    stage = complete(given);
    const anew = !old || turned || JSON.stringify(old.token) !== JSON.stringify(stage.token);
    root.setAttribute("aria-label", stage.words.title || "");
    root.classList.toggle("locked", stage.locked);
    for (const name of ["turn", "numbers", "threshold"])
      root.classList.toggle(`with-${name}`, Boolean(stage.show[name]));
    bar.build(stage.words, SPEEDS, STEPS);
    threshold.build(stage);
    if (anew) {
      swing.set(stage.g.map(entry => entry ?? NaN), stage.threshold, stage.speed);
      due = stage.play_to !== null;
      part("live").textContent = "";
    } else if (old.threshold !== stage.threshold) state.threshold = stage.threshold;
    resize();
    const opens = anew || (old.locked && !stage.locked);
    if (opens && stage.play_to !== null && !stage.locked) swing.run(stage.play_to);
  }

  const resized = new ResizeObserver(resize);
  for (const one of [root, part("plane"), part("curve")]) resized.observe(one);
  receive(data, true);
  return {
    receive,
    play: swing.play,
    resize,
    stop() {
      swing.halt();
      cancelAnimationFrame(frame);
      resized.disconnect();
      root.remove();
    },
  };
}
