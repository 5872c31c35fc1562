// A gradient's walk back through time: walk.py says what a stage holds, and `tell({target, value})` hears what the
// reader does. The picture is SVG, drawn anew each frame by plane.js and the like; the clock says where it stands.

import { createBar } from "./bar.js";
import { createClock } from "./clock.js";
import { listen } from "./events.js";
import { fill } from "./figures.js";
import { openBeads, openStrips, openWalk } from "./opened.js";
import { saidOf } from "./said.js";
import { draw } from "./scene.js";
import { createPen } from "./svg.js";

const OPEN = { plane: openWalk, beads: openBeads, strips: openStrips };
const SHOWN = ["factors", "curve", "power", "strip", "states"];

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
  const clock = createClock(paint, stopped, () => state.stage.follow && told());
  const bar = createBar(parts.bar);
  const state = { stage: null, walk: null, angle: 0, picked: false, factor: 0.8, log: false, room: null, places: null };

  /** What there is to draw, and where it stands: from the state `t`, `share` of the way to the one before. */
  function sceneNow() {
    const { stage, walk, angle, factor } = state;
    const whole = Math.floor(clock.back + 1e-9);
    const share = whole >= walk.steps ? 0 : Math.max(clock.back - whole, 0);
    return { view: stage.view, walk, t: walk.steps - whole, share, back: clock.back, angle, factor, log: clock.log,
      locked: Boolean(stage.locked), words: stage.words ?? {}, show: new Set(stage.show ?? SHOWN) };
  }
  function paint() {
    if (!state.walk || !state.room) return;
    const scene = sceneNow();
    pen.begin();
    state.places = draw(pen, state.room, scene);
    pen.end();
    sync(scene);
  }
  /** What the root and the controls say of where it stands. */
  function sync({ t, words }) {
    const { stage, walk, factor, log } = state;
    const norms = stage.view === "plane" && !walk.gone(t)
      ? { norm: walk.norm(t, state.angle), most: walk.s1[t], least: walk.s2[t], angle: state.angle } : {};
    const now = { step: walk.steps - t, steps: walk.steps, at: t, playing: clock.playing, view: stage.view,
      locked: Boolean(stage.locked), ...norms };
    for (const [name, value] of Object.entries(now))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    const ended = clock.back >= walk.steps - 1e-9;
    const where = fill(words.where, { step: t });
    const { view, playing, locked } = now;
    bar.update({ words, view, playing, locked, ended, where, back: clock.back, speed: clock.speed, factor, log });
    if (!clock.playing) announce(t, words);
  }
  function announce(t, words) {
    const said = saidOf(state, t, words);
    if (parts.live.textContent === said) return;
    parts.live.textContent = said;
    svg.setAttribute("aria-label", said);
  }
  /** The step whose state the gradient has reached: `step` from 0, as charts count, x from 1. */
  function told() {
    const x = state.walk.steps - Math.floor(clock.back + 1e-9);
    tell({ target: "step", value: { step: x - 1, x } });
    return x;
  }
  function stopped(how) {
    if (how === "played") tell({ target: "played", value: Math.floor(clock.back + 1e-9) });
    const x = told();
    if (state.stage.follow) tell({ target: "walked", value: { x } });
    clock.paint();
  }

  function measure() {
    const { width, height } = parts.picture.getBoundingClientRect();
    if (width < 10 || height < 10) return;
    state.room = { W: width, H: height };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    clock.paint();
  }
  function enter(stage) {
    clock.halt();
    const { view, step = 0, speed } = stage;
    Object.assign(clock, { view, back: Math.min(step, clock.steps), speed: speed ?? clock.speed });
    state.angle = state.walk.angle ?? 0;
    state.picked = false;
    state.factor = stage.factor ?? 0.8;
    state.log = Boolean(stage.log);
    clock.axis(state.log, true);
  }
  /** The same stage with other numbers: it keeps its place, and goes only where it is sent. */
  function update(given, before) {
    if (!state.picked) state.angle = state.walk.angle ?? 0;
    if (Boolean(given.log) !== Boolean(before.log)) state.log = Boolean(given.log);
    clock.axis(state.log);
    const sent = given.step !== before.step && given.step !== Math.floor(clock.back + 1e-9);
    if (sent && !clock.playing) clock.jump(given.step);
  }
  function receive(given, turned = false) {
    const before = state.stage;
    const name = stage => JSON.stringify([stage.view, stage.token]);
    const anew = !before || turned || name(before) !== name(given);
    Object.assign(state, { stage: given, walk: OPEN[given.view](given.data) });
    clock.steps = state.walk.steps;
    clock.back = Math.min(clock.back, clock.steps);
    root.setAttribute("aria-label", given.words?.title ?? "");
    bar.build(given.view, given.words ?? {}, clock.steps);
    if (anew) enter(given);
    else update(given, before);
    const starts = anew || before.locked || (before.play_to ?? null) === null;
    if (!given.locked && (given.play_to ?? null) !== null && starts) clock.byItself(given.play_to);
    measure();
  }

  const act = {
    state,
    clock,
    locked: () => Boolean(state.stage.locked),
    play() {
      if (clock.playing) {
        clock.halt();
        stopped("rest");
      } else clock.play();
    },
    arrow(degrees, done) {
      state.angle = ((degrees % 360) + 360) % 360;
      state.picked = true;
      if (done) tell({ target: "arrow", value: state.angle });
      clock.paint();
    },
    factor(value, done) {
      state.factor = value;
      if (done) tell({ target: "factor", value });
      clock.paint();
    },
    axis(log) {
      state.log = log;
      clock.axis(log);
      tell({ target: "log", value: log });
    },
    rest: () => stopped("rest"),
  };
  listen(parts, act);
  const resized = new ResizeObserver(measure);
  resized.observe(parts.picture);
  receive(data, true);

  return {
    receive,
    play() {
      if (!act.locked()) clock.play();
    },
    resize: measure,
    stop() {
      clock.stop();
      resized.disconnect();
      root.remove();
    },
  };
}
