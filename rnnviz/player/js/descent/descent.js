// Descents on an error surface: map and relief side by side, one update for both, and the numbers at it. descent.py
// says what a stage holds; `tell({target, value})` hears another start, and what has been played.

import { createBar, fill } from "../transport/bar.js";
import { listenToKeys } from "../transport/keys.js";
import { clamp, openCourses, updateAt } from "./courses.js";
import { SPEEDS, createPlaying } from "./playing.js";
import { createSurface } from "./surface.js";
import { tablePanel } from "./table.js";

const WIDE = 640; // pixels
const LOW = 640; // on a narrow screen: there is no room for more than the map
const SHOWN = ["map", "relief", "table", "arrows"];
const PARTS = [...SHOWN, "errors"];

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-descent";
  root.dataset.testid = "rnn-descent";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<div class="bar"></div><div class="views"><div class="map"></div><div class="relief"></div>
    <div class="errors"></div></div><div class="caption"></div><div class="table"></div>
    <div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  const names = ["bar", "views", "map", "relief", "errors", "caption", "table", "live"];
  return { root, parts: /** @type {any} */ (Object.fromEntries(names.map(name => [name, part(name)]))) };
}

/** A stage with everything that its data may leave unsaid. */
function complete(given) {
  const show = Object.fromEntries((given.show ?? SHOWN).map(name => [name, true]));
  const rest = { step: 0, play_to: null, locked: false, pick: true, rate: null, speed: SPEEDS[0], words: {} };
  return { ...rest, ...given, show };
}

/** What the pictures draw: `unit` is how long one threshold is, in w or b; nothing where that is theirs to choose. */
function viewOf(stage, courses, at) {
  const thresholds = courses.map(course => course.threshold).filter(Number.isFinite);
  const threshold = stage.threshold ?? (thresholds.length ? Math.max(...thresholds) : 1);
  const unit = stage.rate === null ? undefined : stage.rate * threshold;
  const { words, show, pick, locked } = stage;
  return { courses, at, words, arrows: show.arrows, pick: pick && !locked, threshold, unit };
}

/**
 * @param {HTMLElement} host
 * @param {any} data
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const { root, parts } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  let stage = null;
  let courses = [];
  let frame = 0;
  let due = false; // what is to be played by itself has not been told as played

  const playing = createPlaying({ stage: () => stage, calm: () => calm.matches, changed: refresh, arrived });
  const { state } = playing;
  const surface = createSurface(root, parts, { pick: (w, b) => tell({ target: "start", value: { w, b } }), wake });
  const bar = createBar(parts.bar, playing);
  const table = tablePanel(parts.table);
  listenToKeys(root, {
    " ": playing.play,
    ArrowLeft: () => playing.step(-1),
    ArrowRight: () => playing.step(1),
    Home: () => playing.go(0),
    End: () => playing.go(playing.last()),
  });

  const now = () => fill(stage.words.now, { step: updateAt(state.at), steps: playing.last() });
  function arrived() {
    const spoken = row => [...row.children].map(cell => cell.textContent).join(" ");
    parts.live.textContent = `${now()}. ${[...parts.table.querySelectorAll("tbody tr")].map(spoken).join("; ")}`;
    if (due || stage.play_to === null) tell({ target: "played", value: Math.floor(state.at) });
    due = false;
  }
  function refresh() {
    const { at, speed } = state;
    Object.assign(root.dataset, { step: Math.floor(at), steps: playing.last(), playing: state.playing });
    bar.update({ at, text: now(), playing: state.playing, locked: stage.locked, speed });
    table.update({ courses, at, words: stage.words });
    wake();
  }
  function wake() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function draw() {
    frame = 0;
    if (root.isConnected && stage) surface.paint(viewOf(stage, courses, state.at));
  }
  function resize() {
    if (!stage) return;
    const wide = root.clientWidth >= WIDE;
    root.classList.toggle("wide", wide);
    root.classList.toggle("tight", !wide && host.clientHeight > 0 && host.clientHeight < LOW);
    surface.resize(stage);
  }

  /** Where it stands now: where another stage says; else where it stood, at the end if the reader had gone there. */
  function place(anew, atEnd) {
    if (!anew) state.at = atEnd ? playing.last() : clamp(state.at, 0, playing.last());
    else {
      playing.halt();
      Object.assign(state, { at: clamp(stage.step, 0, playing.last()), speed: stage.speed, touched: false });
    }
    due = stage.play_to !== null && (anew || due);
  }
  function receive(given, turned = false) {
    const old = stage;
    const atEnd = old && state.touched && state.at >= playing.last();
    stage = complete(given);
    const anew = !old || turned || JSON.stringify(old.token) !== JSON.stringify(stage.token);
    courses = openCourses(stage);
    surface.stand(stage.mesh);
    surface.forget();
    root.setAttribute("aria-label", stage.words.title || "");
    parts.caption.textContent = stage.words.caption || "";
    for (const name of PARTS) root.classList.toggle(`with-${name}`, Boolean(stage.show[name]));
    bar.build(stage.words, SPEEDS, playing.last());
    const opens = anew || (old.locked && !stage.locked);
    place(anew, atEnd);
    refresh();
    resize();
    if (opens && stage.play_to !== null && !stage.locked) playing.run(stage.play_to);
  }

  const resized = new ResizeObserver(resize);
  resized.observe(root);
  scheme.addEventListener("change", resize);
  receive(data, true);
  return {
    receive,
    play: playing.play,
    resize,
    stop() {
      playing.halt();
      cancelAnimationFrame(frame);
      resized.disconnect();
      scheme.removeEventListener("change", resize);
      root.remove();
    },
  };
}
