// What the reader does: buttons, sliders, days, cells, weights that are dragged in their box, and keys.

import { clamp, fill } from "./shapes.js";
import { createHint, lightUp } from "./hint.js";

const PER_TENTH = 6; // CSS px of a drag that change a weight by 0.1
const tenths = value => Math.round(value * 10) / 10;

/** A weight follows the pointer, or the arrow keys, in tenths; Python answers with the numbers of the new network. */
function createWeights(act) {
  let grip = null;
  let sent = {};
  function set(name, value) {
    const next = clamp(tenths(value), -act.weight("reach"), act.weight("reach"));
    if (next === (sent[name] ?? act.weight(name))) return;
    sent[name] = next;
    act.touch(name, next);
  }
  return {
    /** What has been answered need not be remembered; with another beat nothing need. */
    forget(anew) {
      if (anew && !grip) sent = {};
      for (const [name, value] of Object.entries(sent)) if (act.weight(name) === value) delete sent[name];
    },
    down(event, name) {
      if (act.locked()) return;
      grip = { name, y: event.clientY, value: act.weight(name) };
      event.target.setPointerCapture(event.pointerId);
    },
    move(event) {
      if (grip) set(grip.name, grip.value + (grip.y - event.clientY) / (10 * PER_TENTH));
    },
    up() {
      grip = null;
    },
    key(event, name) {
      const by = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1 }[event.key];
      if (!by || act.locked()) return Boolean(by);
      set(name, (sent[name] ?? act.weight(name)) + by);
      return true;
    },
  };
}

const BUTTONS = {
  play: act => act.toggle(),
  back: act => act.tell("reset", true),
  fold: act => act.unfoldTo(0),
  unfold: act => act.unfoldTo(1),
};

function press(event, act) {
  const found = event.target.closest("[data-act], [data-speed], [data-day], [data-cell]");
  if (!found?.dataset.cell) act.pick(null);
  if (!found) return;
  const { act: name, speed, day, cell } = found.dataset;
  if (name) BUTTONS[name]?.(act);
  if (speed) act.speed(Number(speed));
  if (day) act.day(Number(day));
  if (cell) {
    const [step, unit] = cell.split(" ").map(Number);
    act.pick({ step, unit });
  }
}

function keyed(event, act, weights) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { target, key } = event;
  const weight = target.dataset?.weight;
  if (weight && weights.key(event, weight)) return true;
  if (key === "Enter" && target.dataset?.day) {
    act.day(Number(target.dataset.day));
    return true;
  }
  if (target.matches("input[type=range]")) return false;
  if (key === " " && target.closest("button")) return false;
  const acts = {
    " ": act.toggle,
    ArrowRight: act.forward,
    ArrowLeft: act.backward,
    Home: act.home,
    End: act.end,
    s: act.slower,
  };
  if (!acts[key]) return false;
  acts[key]();
  return true;
}

function listenForKeysAndButtons(root, act, weights) {
  root.addEventListener("click", event => press(event, act));
  root.addEventListener("input", event => act.slide(event.target.name, Number(event.target.value)));
  root.addEventListener("keydown", event => {
    if (event.key === "Escape") act.escape();
    if (event.target.matches("input[type=range]")) act.hold(true);
    if (!keyed(event, act, weights)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("keyup", () => act.hold(false));
  root.addEventListener("focusout", () => act.hold(false));
  root.addEventListener("pointerdown", event => {
    if (event.target.matches("input[type=range]")) act.hold(true);
    const { weight } = event.target.dataset;
    if (weight) weights.down(event, weight);
  });
  root.addEventListener("pointermove", event => weights.move(event));
  for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, () => {
      act.hold(false);
      weights.up();
    });
}

function listenForPointing(root, hint, act) {
  function point(event) {
    const symbol = event.target.closest("[data-term]");
    const cell = event.target.closest("[data-cell]");
    const reading = cell && act.reading(...cell.dataset.cell.split(" "));
    const words = act.words();
    if (symbol) hint.show(symbol, (words.terms || {})[symbol.dataset.term]);
    else if (reading) hint.show(cell, fill(words.cell, reading));
    else hint.show(null);
    lightUp(root, event.target.closest("[data-part]")?.dataset.part);
  }
  root.addEventListener("pointerover", point);
  root.addEventListener("focusin", point);
  for (const name of ["pointerleave", "focusout"])
    root.addEventListener(name, () => {
      hint.show(null);
      lightUp(root, null);
    });
}

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} plate where hints are shown
 * @param {any} act what can be done: see loop.js
 */
export function listen(root, plate, act) {
  const hint = createHint(root, plate);
  const weights = createWeights(act);
  act.escape = () => {
    hint.show(null);
    act.pick(null);
  };
  listenForKeysAndButtons(root, act, weights);
  listenForPointing(root, hint, act);
  return { forget: weights.forget };
}
