// One player in one element: its panels, and the frames in which they are drawn.

import { decode } from "../core/model.js";
import { clamp, moving } from "../core/moving.js";
import { actsOf, movesOf } from "./acts.js";
import { holding, holds } from "./holding.js";
import { listen, HELP } from "./keys.js";
import { mark, reporting, sentence } from "./reporting.js";
import { eased, stageShare, travelling } from "../core/phases.js";
import { stand, startView, travelOf, veiled, where } from "../core/standing.js";
import { clockOf } from "./clock.js";
import { spots } from "../stage/copy.js";
import { takeView } from "./told.js";
import { roomOf, showWhole } from "./room.js";
import { barPanel } from "./bar.js";
import { stagePanel } from "../stage/stage.js";
import { legendPanel } from "./legend.js";
import { circuitPanel } from "../circuit/circuit.js";
import { pinStates } from "../circuit/drag.js";
import { equationPanel } from "../equation/panel.js";
import { tablePanel } from "./table.js";

const MOVE_MS = 220, FOLD_MS = 700, TURNS = 0.12; // TURNS: the share of a step in which the look goes on to it
const PANELS = {
  bar: barPanel, stage: stagePanel, legend: legendPanel, circuit: circuitPanel, equation: equationPanel,
  table: tablePanel,
};
const AT_ONCE = ["stage", "legend", "circuit"];
const ON_CANVAS = ["tape", "stage", "heat", "traces"];

const division = name => {
  const element = document.createElement("div");
  element.className = name;
  return element;
};

// the player's own element, and one behind it to which the focus can skip
function frameOf(parent) {
  const root = division("rnn-player");
  const skip = document.createElement("button"), behind = document.createElement("span");
  root.tabIndex = 0;
  root.dataset.testid = "rnn-player";
  root.setAttribute("role", "group");
  skip.type = "button";
  skip.className = "skip";
  skip.dataset.act = "skip";
  skip.textContent = "Skip the player";
  skip.onclick = event => { event.stopPropagation(); behind.focus(); };
  behind.className = "rnn-player-end";
  behind.tabIndex = -1;
  const parts = Object.fromEntries(Object.keys(PANELS).map(name => [name, division(name)]));
  const below = division("below"), note = division("note"), live = division("hidden"), spoken = division("hidden");
  live.setAttribute("aria-live", "polite");
  spoken.textContent = HELP;
  below.append(parts.legend, parts.circuit, parts.equation, note);
  root.append(skip, parts.bar, parts.stage, below, parts.table, live, spoken);
  parent.append(root, behind);
  return { root, behind, parts, below, note, live };
}

export function createPlayer(parent) {
  const { root, behind, parts, below, note, live } = frameOf(parent);
  const p = {
    root, model: null, view: startView(), position: moving(0), fold: moving(0), panels: [], stage: null, alight: false,
    seek: null, calm: matchMedia("(prefers-reduced-motion: reduce)"),
    report(_shown) {}, onStep(_now) {}, tellHolds(_text) {}, halt: () => moves.stop(),
    select: (ref, at) => /** @type {any} */ (act).select(ref, at), again, glance,
    refresh, started, tell: () => telling.tell(),
  };
  const { view, position, fold } = p, moves = movesOf(p), act = actsOf(p, moves), telling = reporting(p);
  const clock = clockOf(p, moves);
  const away = new AbortController(), hand = holding(p);
  holds(p, hand, away.signal);
  const dim = listen(p, act, away.signal);
  let bytes = null, frame = 0, dirty = true, sized = false, named = [];

  // which panels are there: the others hold nothing, so that nothing can be read off them
  function arrange() {
    const { shown } = view, explains = view.picked && shown.panel("circuit"),
      is = name => (name === "stage" ? ON_CANVAS.some(shown.panel)
        : shown.panel(name) || (name === "equation" && explains));
    const blank = veiled(p.model, view);
    for (const [name, panel] of named) {
      const there = is(name) && !(blank && ["circuit", "equation", "legend", "table"].includes(name));
      if (parts[name].hidden === there) { parts[name].hidden = !there; if (!there) panel.clear?.(); }
    }
    below.hidden = ["circuit", "equation", "legend"].every(name => parts[name].hidden);
    note.hidden = view.story;
    root.classList.toggle("story", view.story);
    p.panels = named.flatMap(([name, panel]) => (parts[name].hidden ? [] : [panel]));
  }

  function refresh() {
    mark(root, p.model, view);
    telling.stepped();
    if (!view.playing) telling.later();
    arrange();
    if (!sized) return; // no size yet: drawn when there is one
    for (const panel of p.panels) panel.update(p.model, view);
    pinStates(parts.circuit, p, hand.all());
    if (!view.playing) live.textContent = sentence(p.model, view);
    paint();
  }

  function started() {
    clock.started();
    if (!view.story && !parts.circuit.hidden) showWhole(parts.bar, parts.circuit, p.calm.matches);
  }

  // while something is dragged: what shows the value itself; all else when the engine has computed what follows
  function glance() {
    if (!sized) return;
    for (const [name, panel] of named) if (AT_ONCE.includes(name) && !parts[name].hidden) panel.update(p.model, view);
    pinStates(parts.circuit, p, hand.all());
    paint();
  }

  function paint() { dirty = true; wake(); }
  function wake() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw(time) {
    frame = 0;
    if (!root.isConnected) return;
    clock.tick(time);
    const changed = dirty || view.playing || !position.resting() || !fold.resting();
    position.tick(time);
    fold.tick(time);
    if (position.resting()) view.gliding = false;
    const moving = travelling(view, position.now(), travelOf(view));
    // paused within a step, of which the other pass knows nothing
    if (!moving && !view.playing && position.resting()) position.send(view.t, 0, 0);
    if (changed && sized && !parts.stage.hidden) p.stage.draw(drawnAt(moving), fold.now(), lookedAt(moving));
    progress(moving);
    dirty = false;
    if (view.playing || !position.resting() || !fold.resting()) wake();
  }

  // the stage is where the circuit is: at the same operation of the same step
  function drawnAt(moving) {
    if (moving === null) return clamp(position.now(), 0, p.model.T - 1);
    const share = stageShare(p.model, view, moving.u, spots(view));
    return view.t - travelOf(view) * (1 - share);
  }

  // the step that is looked at: from the start of its travel on it is the one that is taken
  const lookedAt = moving =>
    (moving === null ? position.now() : view.t - travelOf(view) * (1 - eased(Math.min(1, moving.u / TURNS))));

  // the other panels go along
  let moved = null;
  function progress(moving) {
    if (moving === null && moved === null) return;
    moved = moving;
    root.classList.toggle("travels", moving !== null);
    for (const panel of p.panels) panel.progress?.(moving, p.model, view);
  }

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => { if (!sized) return; p.stage.recolour(); paint(); };
  scheme.addEventListener("change", recolour);
  const resized = new ResizeObserver(() => measure());
  function measure() {
    sized = root.clientWidth > 0;
    if (!sized) return;
    view.room = view.story ? roomOf(root) : null;
    root.style.setProperty("--room", view.story ? `${view.room}px` : "auto");
    p.stage.resize();
    refresh();
  }
  // another zoom, or a screen with other pixels
  let pixels = null;
  function sharpen() {
    if (pixels) pixels.removeEventListener("change", sharpen);
    pixels = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    pixels.addEventListener("change", sharpen);
    if (sized) { p.stage.resize(); paint(); }
  }

  function build() {
    named = Object.entries(PANELS).map(([name, panel]) => [name, panel(parts[name], p.model, act, hand)]);
    p.stage = named.find(([name]) => name === "stage")[1];
    sized = root.clientWidth > 0;
    resized.observe(root);
    if (parent instanceof Element) resized.observe(parent);
    sharpen();
  }

  // another network, in the place of the old; -> whether it sends the reader somewhere itself
  function decoded(payload) {
    bytes = payload.slice();
    dim();
    const stood = p.model === null ? null : where(p.model, view);
    p.model = decode(bytes);
    hand.received();
    root.setAttribute("aria-label", `${p.model.cell.toUpperCase()} network, ${p.model.steps} steps, player`);
    note.textContent = p.model.note;
    const sent = p.model.start.token !== p.seek;
    view.hideFrom = null;
    stand(p.model, view, sent ? p.model.start : stood);
    if (sent) { telling.known(p.model.start); view.playing = false; } // the page knows where it sent the reader
    p.seek = p.model.start.token;
    return sent;
  }

  function again() {
    p.model = decode(bytes);
    hand.received();
    refresh();
  }

  return {
    receive({ data, view: wanted, report, onStep, tellHolds = /** @type {(text: string) => void} */ (() => {}) }) {
      Object.assign(p, { report, onStep, tellHolds });
      if (p.model === null && !data) return; // nothing to show yet
      const first = p.model === null, fresh = first || (data && !same(bytes, data));
      const before = view.t, wasStory = view.story;
      let sent = fresh && decoded(data);
      const told = wanted ?? {}, led = takeView(p, told, first && wanted);
      sent ||= led && Boolean(wanted);
      if (led && wanted) telling.known(where(p.model, view)); // the page knows where it sent the reader
      if (first) build();
      if (sent && !first && !p.calm.matches) { view.gliding = true; position.send(view.t, MOVE_MS, performance.now()); }
      else if (view.playing && view.t !== before) position.send(view.t - travelOf(view), 0, 0);
      else if ((fresh && !view.playing) || view.t !== before) position.send(view.t, 0, 0);
      const folding = view.folded ? 1 : 0;
      if (fold.to() !== folding) fold.send(folding, first || p.calm.matches ? 0 : FOLD_MS, performance.now());
      if (!fresh) recolour();
      if (first || wasStory !== view.story) { arrange(); measure(); }
      refresh();
      if (!led || !Number.isInteger(told.play_to)) return;
      telling.known({}); // when it has played it is told where it rests, also where that is no other place
      moves.play(told.play_to - (p.model.stepName(0) - 1));
    },
    stop() {
      cancelAnimationFrame(frame);
      telling.stop();
      resized.disconnect();
      away.abort();
      scheme.removeEventListener("change", recolour);
      pixels?.removeEventListener("change", sharpen);
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
