// One player in one element: what is shown, what moves it, and what it tells the page around it.

import { decode } from "./model.js";
import { place, places, mapOf } from "./names.js";
import { number } from "./numbers.js";
import { valueAt } from "./values.js";
import { barPanel } from "./bar.js";
import { stagePanel } from "./stage.js";
import { legendPanel } from "./legend.js";
import { circuitPanel } from "./circuit.js";
import { equationPanel } from "./equation_panel.js";
import { tablePanel } from "./table.js";

const STEP_MS = 900, MOVE_MS = 220, SCRUB_MS = 90, FOLD_MS = 700, REPORT_MS = 200, JUMP = 10;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const ease = r => (r < 0.5 ? 2 * r * r : 1 - 2 * (1 - r) ** 2);

// A number that moves to where it is sent, by itself
function moving(value) {
  let from = value, to = value, start = 0, lasts = 0;
  return {
    now: () => value,
    resting: () => value === to,
    send(target, milliseconds, time) { from = value; to = target; start = time; lasts = milliseconds; if (lasts <= 0) value = to; },
    tick(time) { const r = lasts > 0 ? clamp((time - start) / lasts, 0, 1) : 1; value = r === 1 ? to : from + (to - from) * ease(r); },
  };
}

function createPlayer(parent) {
  const root = document.createElement("div");
  root.className = "rnn-player";
  root.tabIndex = 0;
  root.dataset.testid = "rnn-player";
  root.setAttribute("role", "group");
  const skip = document.createElement("button"), behind = document.createElement("span");
  skip.type = "button";
  skip.className = "skip";
  skip.dataset.act = "skip";
  skip.textContent = "Skip the player";
  skip.onclick = event => { event.stopPropagation(); behind.focus(); };
  behind.className = "rnn-player-end";
  behind.tabIndex = -1;
  parent.append(root, behind);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let model = null, bytes = null, report = () => {}, seek = null, told = null, telling = 0, frame = 0, last = 0, dirty = true, alight = false;
  // unit: the number of what is selected among the units, the inputs (of "x") or the outputs (of "y"); hidden: the unit
  // that is looked at, also while an input or output is selected
  const view = { t: 0, unit: 0, hidden: 0, layer: 0, direction: 0, backward: false, selected: "h", map: "h", folded: false, playing: false, speed: 1 };
  const position = moving(0), fold = moving(0);

  const level = () => model.level(view.layer, view.direction);
  const ofUnit = () => view.selected !== "x" && view.selected !== "y";
  const count = () => (view.selected === "x" ? level().inputs : view.selected === "y" ? model.Q : model.H);
  const choose = unit => { view.unit = clamp(unit, 0, count() - 1); if (ofUnit()) view.hidden = view.unit; };
  // +1 where the pass, in this direction of reading, travels to the right
  const travel = () => (view.backward ? -1 : 1) * (view.direction ? -1 : 1);

  const act = {
    go(t, milliseconds = MOVE_MS) {
      view.t = clamp(t, 0, model.T - 1);
      position.send(view.t, calm.matches ? 0 : milliseconds, performance.now());
      refresh();
    },
    step: by => { stop(); act.go(view.t + by); },
    first: () => { stop(); act.go(0); },
    last: () => { stop(); act.go(model.T - 1); },
    scrub: t => { stop(); act.go(t, SCRUB_MS); },
    play() {
      if (view.playing) { stop(); return; }
      const [start, end] = travel() > 0 ? [0, model.T - 1] : [model.T - 1, 0];
      if (model.T === 1) return;
      if (view.t === end) act.go(start, 0);
      view.playing = true;
      last = performance.now();
      refresh();
    },
    pass(backward) {
      if (backward && !model.backward) return;
      view.backward = backward;
      refresh();
    },
    fold(folded = !view.folded) {
      view.folded = folded;
      fold.send(folded ? 1 : 0, calm.matches ? 0 : FOLD_MS, performance.now());
      refresh();
    },
    speed(speed) { view.speed = speed; refresh(); },
    select(ref, { t = view.t, unit, layer = view.layer, direction = view.direction } = {}) {
      if (!places(model).includes(ref)) return;
      if (t !== view.t) stop();
      const again = ref === view.selected ? view.unit : 0;
      Object.assign(view, { selected: ref, map: mapOf(model, ref), layer: clamp(layer, 0, model.L - 1), direction: clamp(direction, 0, model.D - 1) });
      choose(unit === undefined ? (ofUnit() ? view.hidden : again) : unit);
      if (t !== view.t) act.go(t); else refresh();
    },
    unit: by => { choose((view.unit + by + count()) % count()); refresh(); },
    escape() { stop(); act.select("h"); },
    light(ref) { alight = ref !== null; for (const panel of panels) if (panel.light) panel.light(ref); },
    done: () => tell(),
  };

  function stop() {
    if (!view.playing) return;
    view.playing = false;
    refresh();
  }

  const part = name => { const element = document.createElement("div"); element.className = name; return element; };
  const parts = Object.fromEntries(["bar", "stage", "legend", "circuit", "equation", "table"].map(name => [name, part(name)]));
  const below = part("below"), note = part("note"), live = part("hidden"), spoken = part("hidden");
  live.setAttribute("aria-live", "polite");
  spoken.textContent = "Space plays and pauses, arrows step and choose a unit, Home and End, Page Up and Page Down jump, f and b choose the pass, u folds and unrolls, Escape goes back to the hidden state.";
  below.append(parts.circuit, parts.equation);
  root.append(skip, parts.bar, parts.stage, parts.legend, note, below, parts.table, live, spoken);
  let panels = [], stage = null;

  function refresh() {
    root.dataset.step = model.stepName(view.t) - 1;
    root.dataset.steps = model.steps;
    root.dataset.pass = view.backward ? "backward" : "forward";
    root.dataset.playing = view.playing;
    root.dataset.cell = model.cell;
    root.dataset.layer = model.layerName(view.layer) - 1;
    root.dataset.direction = view.direction;
    root.dataset.folded = view.folded;
    root.dataset.selection = `${view.selected}/${unitOf()}`;
    for (const panel of panels) panel.update(model, view);
    if (!view.playing) { live.textContent = sentence(); later(); }
    paint();
  }

  // the unit as the network counts it, from 0; an input's or output's number as it is
  const unitOf = () => (ofUnit() ? model.unitName(view.unit) - 1 : view.unit);

  function sentence() {
    const { name } = place(model, view.selected);
    const value = number(valueAt(model, level(), view.selected, view.t, view.unit, view.backward));
    const what = view.backward ? `gradient at the ${name}` : name;
    const whose = view.selected === "x" ? "input" : view.selected === "y" ? "output" : "unit";
    return `Step ${model.stepName(view.t)} of ${model.steps}: ${what}, ${whose} ${unitOf() + 1}, is ${value}.`;
  }

  // where the reader stands, counted from 0 as the whole network and the whole sequence count
  const where = () => ({ step: model.stepName(view.t) - 1, unit: model.unitName(view.hidden) - 1,
    layer: model.layerName(view.layer) - 1, direction: view.direction, selected: view.selected, backward: view.backward });

  // Python hears of it when the reader has come to rest
  function later() { clearTimeout(telling); telling = setTimeout(tell, REPORT_MS); }
  function tell() {
    clearTimeout(telling);
    if (view.playing || stage.dragging()) return;
    const shown = where();
    if (Object.keys(shown).every(key => shown[key] === told[key])) return;
    told = shown;
    report({ ...shown, token: seek });
  }

  function paint() { dirty = true; wake(); }
  function wake() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw(time) {
    frame = 0;
    if (!root.isConnected) return;
    if (view.playing && time - last >= STEP_MS / view.speed) {
      last = time;
      const next = view.t + travel();
      act.go(next, Math.min(MOVE_MS, 0.6 * STEP_MS / view.speed));
      if (next + travel() < 0 || next + travel() >= model.T) stop();
    }
    const changed = dirty || !position.resting() || !fold.resting();
    position.tick(time);
    fold.tick(time);
    if (changed) stage.draw(position.now(), fold.now());
    dirty = false;
    if (view.playing || !position.resting() || !fold.resting()) wake();
  }

  const KEYS = {
    " ": act.play, ArrowLeft: () => act.step(-1), ArrowRight: () => act.step(1), ArrowUp: () => act.unit(-1), ArrowDown: () => act.unit(1),
    Home: act.first, End: act.last, PageUp: () => act.step(-JUMP), PageDown: () => act.step(JUMP),
    f: () => act.pass(false), b: () => act.pass(true), u: () => act.fold(), Escape: act.escape,
  };
  root.onkeydown = event => {
    const key = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select") || event.key === " " && event.target.closest("button, summary")) return;
    event.preventDefault();
    event.stopPropagation();
    key();
  };
  root.onpointerdown = event => { if (!event.target.closest("button, select, summary, [tabindex='0']:not(.rnn-player)")) root.focus({ preventScroll: true }); };
  // after a click the keys are the player's again, and space plays; who comes by the keyboard stays where they are
  root.addEventListener("click", event => { if (event.detail && event.target.closest("button, [role='button']")) root.focus({ preventScroll: true }); });
  const lit = event => { const target = event.target.closest && event.target.closest("[data-ref]"); act.light(target ? target.dataset.ref : null); };
  root.onpointerover = lit;
  root.onpointerleave = () => act.light(null);
  root.onfocusin = event => { if (event.target.matches(":focus-visible")) lit(event); };
  root.onfocusout = () => act.light(null);
  // the pointer is gone though it did not leave: what it was on was taken away, the page scrolled, or another window is in front
  const away = new AbortController(), dim = () => { if (alight) act.light(focused()); };
  const focused = () => { const at = root.getRootNode().activeElement; return at && root.contains(at) && at.matches(":focus-visible") ? at.dataset.ref ?? null : null; };
  addEventListener("pointerover", event => { if (!event.composedPath().includes(root)) dim(); }, { capture: true, signal: away.signal });
  addEventListener("scroll", dim, { capture: true, passive: true, signal: away.signal });
  addEventListener("blur", () => act.light(null), { signal: away.signal });

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => { stage.recolour(); paint(); };
  scheme.addEventListener("change", recolour);
  const resized = new ResizeObserver(() => { stage.resize(); for (const panel of panels) panel.update(model, view); paint(); });
  // another zoom, or a screen with other pixels
  let pixels = null;
  function sharpen() {
    if (pixels) pixels.removeEventListener("change", sharpen);
    pixels = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    pixels.addEventListener("change", sharpen);
    stage.resize();
    paint();
  }

  function build() {
    stage = stagePanel(parts.stage, model, act);
    panels = [barPanel(parts.bar, model, act), stage, legendPanel(parts.legend, model, act), circuitPanel(parts.circuit, model, act),
      equationPanel(parts.equation, model, act), tablePanel(parts.table, model, act)];
    resized.observe(root);
    sharpen();
  }

  // stand at a place given as `where` gives it, or as near to it as the model has one
  function stand({ step, unit, layer, direction, selected, backward }) {
    Object.assign(view, { layer: clamp(layer - (model.layerName(0) - 1), 0, model.L - 1), direction: clamp(direction, 0, model.D - 1), backward: backward && model.backward });
    const item = selected === view.selected ? view.unit : 0;
    view.selected = places(model).includes(selected) ? selected : "h";
    view.map = mapOf(model, view.selected);
    view.hidden = 0;
    while (view.hidden < model.H - 1 && model.unitName(view.hidden + 1) - 1 <= unit) view.hidden++;
    choose(ofUnit() ? view.hidden : item);
    view.t = clamp(step - (model.stepName(0) - 1), 0, model.T - 1);
  }

  return {
    receive(payload, tellPage) {
      report = tellPage;
      if (bytes && same(bytes, payload)) { recolour(); return; }
      bytes = payload.slice();
      dim();
      const first = model === null, stood = first ? null : where();
      model = decode(bytes);
      root.setAttribute("aria-label", `${model.cell.toUpperCase()} network, ${model.steps} steps, player`);
      note.textContent = model.note;
      // sent somewhere: at the first opening, and with each new token; else a new network in the place of the old
      const sent = model.start.token !== seek, before = view.t;
      stand(sent ? model.start : stood);
      if (first) build();
      if (sent) { told = model.start; view.playing = false; } // the page knows where it sent the reader
      seek = model.start.token;
      if (sent && !first && !calm.matches) position.send(view.t, MOVE_MS, performance.now());
      else if (!view.playing || view.t !== before) position.send(view.t, 0, 0);
      refresh();
    },
    stop() {
      cancelAnimationFrame(frame);
      clearTimeout(telling);
      resized.disconnect();
      away.abort();
      scheme.removeEventListener("change", recolour);
      pixels.removeEventListener("change", sharpen);
      root.remove();
      behind.remove();
    },
  };
}

function same(one, other) {
  if (one.length !== other.length) return false;
  for (let k = 0; k < one.length; k++) if (one[k] !== other[k]) return false;
  return true;
}

const mounted = new WeakMap();

// parentElement: where to draw; data: bytes of payload.py; setStateValue("shown", {...}) hears where the reader stands
export function mount({ parentElement, data, setStateValue }) {
  let player = mounted.get(parentElement);
  if (!player) { player = createPlayer(parentElement); mounted.set(parentElement, player); }
  player.receive(data, shown => setStateValue("shown", shown));
  return () => { player.stop(); mounted.delete(parentElement); };
}
