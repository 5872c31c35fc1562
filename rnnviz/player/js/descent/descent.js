// Descents on an error surface: map and relief side by side, one update for both, and the numbers at it. descent.py says
// what a stage holds; `tell({target, value})` hears another start, and what has been played.

import { palette } from "../core/colours.js";
import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { clamp, openCourses, updateAt } from "./courses.js";
import { mapPanel } from "./map.js";
import { openMesh } from "./mesh.js";
import { reliefPanel } from "./relief.js";
import { tablePanel } from "./table.js";

const SPEEDS = [0.25, 1, 4, 12];
const A_SECOND = 2; // updates at 1×
const STEP = 2.5; // updates a second where a key asks for one, at least
const WIDE = 640; // pixels
const SHOWN = ["map", "relief", "table", "arrows"];

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-descent";
  root.dataset.testid = "rnn-descent";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<div class="bar"></div><div class="views"><div class="map"></div><div class="relief"></div></div>
    <div class="caption"></div><div class="table"></div><div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  return { root, part };
}

/**
 * @param {HTMLElement} host
 * @param {any} data
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const { root, part } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const state = { at: 0, speed: SPEEDS[0], goal: 0, playing: false, hurry: false, due: false, touched: false };
  let stage = null;
  let courses = [];
  let surface = null; // { mesh, map, relief }
  let frame = 0;
  let drawn = "";

  const clock = createClock({
    rate: () => (state.hurry ? Math.max(STEP, A_SECOND * state.speed) : A_SECOND * state.speed),
    calm: () => calm.matches,
    advance(steps) {
      state.at = Math.min(state.goal, state.at + steps);
      refresh();
      if (state.at < state.goal) return true;
      arrive();
      return false;
    },
  });

  const updates = () => stage.points - 1;
  function halt() {
    clock.stop();
    state.playing = state.hurry = false;
  }
  function run(goal, hurry = false) {
    state.goal = clamp(goal, 0, updates());
    Object.assign(state, { playing: !hurry, hurry });
    clock.start();
    refresh();
  }
  /** It has come where it was to go: that is told to who listens, and to the lesson. */
  function arrive() {
    halt();
    refresh();
    part("live").textContent = `${now()}. ${[...part("table").querySelectorAll("tbody tr")].map(spoken).join("; ")}`;
    if (state.due || stage.play_to === null) tell({ target: "played", value: Math.floor(state.at) });
    state.due = false;
  }
  const spoken = row => [...row.children].map(cell => cell.textContent).join(" ");
  const now = () => fill(stage.words.now, { step: updateAt(state.at), steps: updates() });

  const act = {
    play() {
      if (stage.locked) return;
      state.touched = true;
      if (state.playing) {
        halt();
        refresh();
        return;
      }
      if (state.at >= updates()) state.at = 0;
      if (calm.matches && stage.play_to === null) act.go(updates());
      else run(updates());
    },
    go(at) {
      if (stage.locked) return;
      state.touched = true;
      halt();
      state.at = clamp(at, 0, updates());
      refresh();
    },
    step(by) {
      if (stage.locked) return;
      if (state.hurry) state.at = state.goal;
      const whole = Math.abs(state.at - Math.round(state.at)) < 1e-6 ? Math.round(state.at) : state.at;
      const to = by > 0 ? Math.floor(whole) + 1 : Math.ceil(whole) - 1;
      act.go(by > 0 ? whole : to);
      if (by > 0 && calm.matches) act.go(to);
      else if (by > 0) run(to, true);
    },
    speed(value) {
      state.speed = value;
      refresh();
    },
  };
  const bar = createBar(part("bar"), act);
  const table = tablePanel(part("table"));
  listenToKeys(root, {
    " ": act.play,
    ArrowLeft: () => act.step(-1),
    ArrowRight: () => act.step(1),
    Home: () => act.go(0),
    End: () => act.go(updates()),
  });

  function view() {
    const { words, show, pick, locked } = stage;
    const thresholds = courses.map(course => course.threshold).filter(Number.isFinite);
    const threshold = stage.threshold ?? (thresholds.length ? Math.max(...thresholds) : 1);
    const unit = stage.rate === null ? undefined : stage.rate * threshold;
    return { courses, at: state.at, words, arrows: show.arrows, pick: pick && !locked, threshold, unit };
  }
  function refresh() {
    Object.assign(root.dataset, { step: Math.floor(state.at), steps: updates(), playing: state.playing });
    const { at, playing, speed } = state;
    bar.update({ at, text: now(), playing, locked: stage.locked, speed });
    table.update(view());
    wake();
  }
  function wake() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function draw() {
    frame = 0;
    if (!root.isConnected || !surface) return;
    const seen = view();
    if (stage.show.map) surface.map.paint(seen);
    if (stage.show.relief) surface.relief.paint(seen);
  }

  /** The surface is drawn anew only where its size or its colours are others than before. */
  function resize() {
    if (!stage) return;
    root.classList.toggle("wide", root.clientWidth >= WIDE);
    const { clientWidth, clientHeight } = part("views");
    const looks = [getComputedStyle(root).color, clientWidth, clientHeight, devicePixelRatio, Object.keys(stage.show)];
    if (looks.join() === drawn) return;
    drawn = looks.join();
    const how = { colours: palette(root), words: stage.words, pick: stage.pick };
    surface.map.resize(how);
    surface.relief.resize(how);
    wake();
  }
  const resized = new ResizeObserver(resize);
  resized.observe(root);
  scheme.addEventListener("change", resize);

  /** Another surface, if it is one: the old one's pictures make room. */
  function stand(given) {
    if (surface?.given === given || JSON.stringify(given) === surface?.text) return;
    const mesh = openMesh(given);
    const map = mapPanel(part("map"), mesh, (w, b) => tell({ target: "start", value: { w, b } }));
    surface = { given, text: JSON.stringify(given), mesh, map, relief: reliefPanel(part("relief"), mesh, wake) };
    drawn = "";
  }
  function receive(given, turned = false) {
    const old = stage;
    const atEnd = old && state.touched && state.at >= updates();
    stage = complete(given);
    const anew = !old || turned || JSON.stringify(old.token) !== JSON.stringify(stage.token);
    courses = openCourses(stage);
    stand(stage.mesh);
    surface.map.forget();
    root.setAttribute("aria-label", stage.words.title || "");
    part("caption").textContent = stage.words.caption || "";
    for (const name of SHOWN) root.classList.toggle(`with-${name}`, Boolean(stage.show[name]));
    bar.build(stage.words, SPEEDS, updates());
    if (anew) {
      halt();
      const due = stage.play_to !== null;
      Object.assign(state, { at: clamp(stage.step, 0, updates()), speed: stage.speed, due, touched: false });
    } else state.at = atEnd ? updates() : clamp(state.at, 0, updates());
    refresh();
    resize();
    const unlocked = old?.locked && !stage.locked;
    if ((anew || unlocked) && stage.play_to !== null && !stage.locked) run(stage.play_to);
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
      scheme.removeEventListener("change", resize);
      root.remove();
    },
  };
}

/** A stage with everything that its data may leave unsaid. */
function complete(given) {
  const show = Object.fromEntries((given.show ?? SHOWN).map(name => [name, true]));
  const rest = { step: 0, play_to: null, locked: false, pick: true, rate: null, speed: SPEEDS[0], words: {} };
  return { ...rest, ...given, show };
}
