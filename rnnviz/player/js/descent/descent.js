// Descents on an error surface: map and relief side by side, one update number for both, and the numbers at it.

import { palette } from "../core/colours.js";
import { barPanel } from "./bar.js";
import { mapPanel } from "./map.js";
import { openMesh } from "./mesh.js";
import { openCourses } from "./payload.js";
import { reliefPanel } from "./relief.js";
import { tablePanel } from "./table.js";

const PER_SECOND = 15;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function create(parent, given) {
  const root = document.createElement("div"), part = name => { const element = document.createElement("div"); element.className = name; return element; };
  root.className = "rnn-descent";
  root.dataset.testid = "rnn-descent";
  root.tabIndex = -1;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Three descents on an error surface");
  parent.append(root);
  const parts = Object.fromEntries(["bar", "map", "relief", "table", "caption"].map(name => [name, part(name)]));
  const views = part("views");
  views.append(parts.map, parts.relief);
  root.append(parts.bar, views, parts.caption, parts.table);
  parts.caption.textContent = given.caption;
  const calm = matchMedia("(prefers-reduced-motion: reduce)"), scheme = matchMedia("(prefers-color-scheme: dark)");
  const mesh = { ...openMesh(given), folds: given.folds };
  const view = { update: 0, playing: false, courses: null, updates: 0 };
  let pick = () => {}, token = null, frame = 0, since = 0, from = 0, touched = false;

  const act = {
    go(update) { touched = true; view.playing = false; view.update = clamp(update, 0, view.updates); refresh(); },
    step: by => act.go(view.update + by),
    play() {
      touched = true;
      if (view.playing) { view.playing = false; refresh(); return; }
      if (calm.matches) { act.go(view.update < view.updates ? view.updates : 0); return; }
      from = view.update < view.updates ? view.update : 0;
      view.update = from;
      view.playing = true;
      since = performance.now();
      refresh();
    },
  };
  const map = mapPanel(parts.map, mesh, (w, b) => pick({ w, b }));
  const relief = reliefPanel(parts.relief, mesh, () => wake());
  const bar = barPanel(parts.bar, act), table = tablePanel(parts.table);

  function refresh() {
    root.dataset.update = view.update;
    root.dataset.playing = view.playing;
    bar.update(view);
    table.update(view);
    wake();
  }
  function wake() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw(time) {
    frame = 0;
    if (!root.isConnected || !view.courses) return;
    if (view.playing) {
      const update = clamp(from + Math.floor(((time - since) * PER_SECOND) / 1000), 0, view.updates);
      if (update !== view.update || update === view.updates) {
        view.update = update;
        view.playing = update < view.updates;
        refresh();
      }
      wake();
    }
    map.paint(view);
    relief.paint(view);
  }

  root.onkeydown = event => {
    if (event.target.closest("input, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = { " ": act.play, ArrowLeft: () => act.step(-1), ArrowRight: () => act.step(1), Home: () => act.go(0), End: () => act.go(view.updates) };
    if (!acts[event.key] || (event.key === " " && event.target.closest("button"))) return;
    acts[event.key]();
    event.preventDefault();
  };

  // the surface is drawn anew only where its size or its colours are others than before
  let drawn = "";
  function resize() {
    const now = [getComputedStyle(root).color, root.clientWidth, devicePixelRatio].join();
    if (now === drawn) return;
    drawn = now;
    const colours = palette(root);
    map.resize(colours);
    relief.resize(colours);
    wake();
  }
  const resized = new ResizeObserver(resize);
  resized.observe(root);
  scheme.addEventListener("change", resize);

  return {
    play: act.play,
    resize,
    receive(payload, tellPage) {
      pick = tellPage;
      const atEnd = view.courses && view.update === view.updates;
      const { courses, updates, play } = openCourses(payload);
      Object.assign(view, { courses, updates, update: touched && atEnd ? updates : Math.min(view.update, updates) });
      map.forget();
      if (token !== null && play !== token) { view.playing = false; view.update = 0; act.play(); }
      token = play;
      resize();
      refresh();
    },
    stop() {
      cancelAnimationFrame(frame);
      resized.disconnect();
      scheme.removeEventListener("change", resize);
      root.remove();
    },
  };
}

/**
 * @param {HTMLElement} host
 * @param {{mesh: object, courses: string}} data  what `descent.mesh` gave, and the bytes of `pack_descents` in base64
 * @param {(said: {target: string, value: unknown}) => void} tell  hears "start", {w, b}: where the reader wants to start
 */
export function mount(host, data, tell) {
  const one = create(host, data.mesh);
  const receive = ({ courses }) => {
    one.receive(Uint8Array.from(atob(courses), byte => byte.charCodeAt(0)), start => tell({ target: "start", value: start }));
  };
  receive(data);
  return { receive, play: one.play, resize: one.resize, stop: one.stop };
}
