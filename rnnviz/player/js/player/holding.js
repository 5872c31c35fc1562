// Holding values in the picture: a drag up or down on a valve, a state or an input, a key on the place that is focused
// or selected; a double click or Delete frees it. The value is there at once, all that follows from it as soon as the
// engine has computed it: what is held is told as one text (core/holds.js), at each change.

import { isGate } from "../core/cell.js";
import { draggedTo, holdable, readHolds, samePlace, valueOf, writeHolds } from "../core/holds.js";

const STARTS = 3;         // pixels after which a press is a drag
const UNIT = 60;          // pixels for a change by 1, where nothing else says how many
const KEY = 0.05;         // what a key changes
const PATIENCE = 9000;    // milliseconds after which what was told counts as refused

/** @param p the player: {root, model, view, halt(), select(), refresh(), glance(), again(), tellHolds(text)};
 *   again(): the same numbers once more; glance(): draws at once what shows the value that is dragged */
export function holding(p) {
  let held = [], told = null, since = 0, drag = null, dropped = false, patience = 0;

  const find = target => held.find(one => samePlace(one, target));
  const free = () => p.model !== null && p.model.holds !== null && !p.view.locked;

  function say() {
    told = writeHolds(held);
    since = performance.now();
    clearTimeout(patience);
    patience = setTimeout(giveUp, PATIENCE);
    p.tellHolds(told);
    p.root.classList.add("behind");
    if (drag) p.glance(); else p.refresh();
  }
  // nobody has heard of it: back to what was computed
  function giveUp() {
    if (told === null || !p.root.isConnected) return;
    told = null;
    p.root.classList.remove("behind");
    p.again();
  }
  function echo({ place, layer, direction, t, j, value }) {
    if (place === "x") { p.model.setX(t, j, value); return; }
    p.model.level(layer - (p.model.layerName(0) - 1), direction).hold(place, t, j, value);
  }
  // what is held is what the legend and the equation speak of
  function choose({ place, t, j, direction }) {
    const { view } = p;
    if (t === view.t && (place === "x" || direction === view.direction)) p.select(place, { unit: j });
  }
  function hold(target, value) {
    p.halt();
    const now = { ...target, value: draggedTo(p.model, target.place, value) };
    const before = find(target);
    if (before && before.value === now.value) return;
    held = [...held.filter(one => one !== before), now];
    echo(now);
    say();
  }

  const self = {
    /** What is held, as {place, layer, direction, step, unit, value}, counted from 0. */
    all: () => held,
    isHeld: target => target !== null && find(target) !== undefined,
    free(target) {
      const one = target && free() && find(target);
      if (!one) return false;
      held = held.filter(other => other !== one);
      say();
      return true;
    },
    freeAll() { if (!free() || !held.length) return; held = []; say(); },
    /** By a key: so many steps up or down. */
    nudge(target, by) {
      if (!target || !free()) return;
      choose(target);
      hold(target, valueOf(p.model, target) + KEY * by);
    },
    /** Other numbers are here: what is held by them, but for what was told since. */
    received() {
      const heard = readHolds(p.model.holds), waiting = told !== null && performance.now() - since < PATIENCE;
      if (waiting && writeHolds(heard) !== told) {
        for (const one of held) if (one.t !== undefined && one.t < p.model.T && one.j < p.model.H) echo(one);
        return;
      }
      told = null;
      p.root.classList.remove("behind");
      held = heard;
    },
    /**
     * A pointer goes down on something that can be held.
     * @param {any} target  as `holdable` gives it
     * @param {number} [unit]  pixels for a change by 1
     */
    press(event, target, unit = UNIT) {
      if (!free() || event.button > 0 || !event.isPrimary) return;
      drag = { target, unit, y: event.clientY, from: valueOf(p.model, target), moves: false, id: event.pointerId };
    },
    move(event) {
      if (!drag || event.pointerId !== drag.id) return;
      const up = drag.y - event.clientY;
      if (!drag.moves && Math.abs(up) < STARTS) return;
      if (!drag.moves) {
        drag.moves = true;
        p.root.setPointerCapture(event.pointerId);
        choose(drag.target);
      }
      const fine = event.shiftKey ? 0.1 : 1;
      hold(drag.target, drag.from + (fine * up) / drag.unit);
    },
    /** @returns whether this ends a drag */
    release() {
      dropped = Boolean(drag && drag.moves);
      drag = null;
      return dropped;
    },
    pressed: () => drag !== null,
    /** The click that ends a drag is none. */
    swallows() { const was = dropped; dropped = false; return was; },
  };
  return self;
}

/** Hear pointers and keys on the player's element; `signal` ends it. A place of the circuit has data-ref. */
export function holds(p, hand, signal) {
  const { root } = p, on = (type, hear) => root.addEventListener(type, hear, { capture: true, signal });
  on("pointerdown", event => {
    const element = placeUnder(event.target), target = element && targetOf(p, element, event.target);
    if (target && shows(p, target)) hand.press(event, target, reachOf(element));
  });
  on("pointermove", event => hand.move(event));
  // a finger on something that can be held does not scroll the page; touch-action is not heard inside SVG
  root.addEventListener("touchmove", event => { if (hand.pressed() && event.cancelable) event.preventDefault(); },
    { capture: true, passive: false, signal });
  for (const type of ["pointerup", "pointercancel"]) on(type, () => { if (hand.release()) rest(p); });
  on("click", event => { if (hand.swallows()) event.stopPropagation(); });
  on("dblclick", event => {
    const element = placeUnder(event.target);
    if (element && hand.free(targetOf(p, element, event.target))) event.stopPropagation();
  });
  on("keydown", event => keyed(p, hand, event));
}

// what was dragged is not pointed at any more, though the pointer is still there: all that follows from it is seen
function rest(p) {
  p.droppedAt = performance.now();
  p.dim?.();
}

function keyed(p, hand, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, .tape, button")) return;
  const by = event.shiftKey && { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const frees = event.key === "Delete" || event.key === "Backspace";
  if (!by && !frees) return;
  const focused = p.root.getRootNode().activeElement, element = focused && placeUnder(focused);
  const target = element ? targetOf(p, element) : selectedOf(p);
  if (!target) return;
  event.preventDefault();
  event.stopPropagation();
  if (!by) hand.free(target);
  else if (shows(p, target)) hand.nudge(target, by);
}

// in the backward pass a valve still shows how open it is; what stands at a state or an input is a gradient
const shows = ({ view, model }, { place }) => !view.backward || isGate(model, place);

const placeUnder = element => (element.closest(".circuit") ? element.closest("[data-ref]") : null);

// pixels for a change by 1: a valve's fill follows the pointer
function reachOf(element) {
  const frame = element.closest(".valve")?.querySelector(".frame");
  return frame ? frame.getBoundingClientRect().height : UNIT;
}

const selectedOf = ({ model, view }) => (model === null ? null : holdable(model, view.selected, view));

/** What an element of the circuit stands for; also a state of the step before, as the column on the left shows it. */
export function targetOf({ model, view }, element, within = element) {
  if (model === null) return null;
  const [ref, where] = element.dataset.ref.split("_"), entry = within.closest(".cell")?.entry ?? null;
  const level = model.level(view.layer, view.direction), { layer, direction, hidden } = view;
  if (where === "prev") {
    const t = level.before(view.t);
    return t < 0 ? null : holdable(model, ref, { t, unit: entry ?? hidden, layer, direction });
  }
  if (where) return null;
  if (ref === "x") {
    const unit = entry ?? (view.selected === "x" ? view.unit : strongest(level, view.t));
    return holdable(model, "x", { t: view.t, unit, layer, direction });
  }
  return holdable(model, ref, { t: view.t, unit: hidden, layer, direction });
}

function strongest(level, t) {
  let found = 0;
  for (let k = 1; k < level.inputs; k++) if (Math.abs(level.x(t, k)) > Math.abs(level.x(t, found))) found = k;
  return found;
}
