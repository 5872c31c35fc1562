// A gradient's walk back through time: walk.py says what a stage holds, and `tell({target, value})` hears what the
// reader does. The picture is SVG, drawn anew each frame by plane.js and the like; the clock says where it stands.

import { createBar } from "./bar.js";
import { createClock } from "./clock.js";
import { listen } from "./events.js";
import { enter, sceneOf, take, update } from "./place.js";
import { createReader } from "./reader.js";
import { saidOf, statesOf } from "./said.js";
import { draw } from "./scene.js";
import { createPen } from "./svg.js";

function skeleton(host) {
  const make = (tag, style) => Object.assign(document.createElement(tag), { className: style });
  const root = make("div", "rnn-walk");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const parts = { root, svg, picture: make("div", "picture"), bar: make("div", "bar"), live: make("p", "live") };
  root.dataset.testid = "rnn-walk";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  svg.setAttribute("role", "img");
  parts.live.setAttribute("aria-live", "polite");
  parts.picture.append(svg);
  root.append(parts.picture, parts.bar, parts.live);
  host.append(root);
  return parts;
}

/**
 * @param {HTMLElement} host
 * @param {any} data a stage, as walk.py says
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const parts = skeleton(host);
  const { root, svg } = parts;
  const pen = createPen(svg);
  const clock = createClock(paint, how => reader.stopped(how), () => state.stage.follow && reader.told());
  const bar = createBar(parts.bar);
  const state = { stage: null, walk: null, angle: 0, picked: false, factor: 0.8, log: false, room: null, places: null };
  const reader = createReader(state, clock, tell);

  function paint() {
    if (!state.walk || !state.room) return;
    const scene = sceneOf(state, clock);
    pen.begin();
    state.places = draw(pen, state.room, scene);
    pen.end();
    sync(scene);
  }
  /** What the root, the controls, and the words for those who listen say of where it stands. */
  function sync(scene) {
    const { data: now, controls } = statesOf(state, clock, scene);
    for (const [name, value] of Object.entries(now))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    bar.update(controls);
    const said = clock.playing ? parts.live.textContent : saidOf(state, scene);
    if (parts.live.textContent === said) return;
    parts.live.textContent = said;
    svg.setAttribute("aria-label", said);
  }
  function measure() {
    const { width, height } = parts.picture.getBoundingClientRect();
    if (width < 10 || height < 10) return;
    state.room = { W: width, H: height };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    clock.paint();
  }
  function receive(given, turned = false) {
    const before = take(state, clock, given);
    root.setAttribute("aria-label", given.words?.title ?? "");
    bar.build(given.view, given.words ?? {}, clock.steps);
    const name = stage => JSON.stringify([stage.view, stage.token]);
    if (!before || turned || name(before) !== name(given)) enter(state, clock);
    else update(state, clock, before);
    measure();
  }

  listen(parts, reader);
  const resized = new ResizeObserver(measure);
  resized.observe(parts.picture);
  receive(data, true);

  return {
    receive,
    play() {
      if (!reader.locked()) clock.play();
    },
    resize: measure,
    stop() {
      clock.stop();
      resized.disconnect();
      root.remove();
    },
  };
}
