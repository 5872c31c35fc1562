// What each step adds to the gradient of a weight that all of them share: gathered on the way back. sum.py says what a
// stage holds; `tell({target, value})` hears what has been played.

import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { createPen } from "../transport/pen.js";
import { drawSum } from "./picture.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const A_SECOND = 1; // steps at 1×
const NEAR = 1e-6; // a place so near to a whole step is there

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-sum";
  root.dataset.testid = "rnn-sum";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<svg class="picture" aria-hidden="true"></svg><div class="bar"></div>
    <div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => root.querySelector(name);
  return { root, svg: part("svg"), bar: part(".bar"), live: part(".live") };
}

/**
 * @param {HTMLElement} host
 * @param {any} data  a stage, see sum.py
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, data, tell) {
  const { root, svg, bar, live } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const pen = createPen(svg, ["under", "over"]);
  const state = { at: 0, goal: 0, playing: false, speed: 1, due: false };
  let stage = null, frame = 0;

  const steps = () => stage.data.parts.length;
  const clock = createClock({
    rate: () => A_SECOND * state.speed,
    calm: () => calm.matches,
    advance(by) {
      state.at = Math.min(state.goal, calm.matches ? Math.floor(state.at + NEAR) + 1 : state.at + by);
      if (state.at >= state.goal) end();
      wake();
      return state.playing;
    },
  });
  const controls = createBar(bar, {
    play: () => (state.playing ? halt() : play(steps())),
    step: by => onwards(-by), // the days come in from the right
    go,
    speed(value) { state.speed = value; wake(); },
  });

  function end() {
    state.playing = false;
    if (state.due) tell({ target: "played", value: state.at });
    state.due = false;
  }
  function halt() {
    clock.stop();
    if (state.playing) end();
    wake();
  }
  function play(goal) {
    if (!stage || stage.locked) return;
    if (state.at >= goal) state.at = 0;
    Object.assign(state, { goal, playing: true });
    clock.start();
    wake();
  }
  function go(to) {
    if (stage.locked) return;
    halt();
    state.at = Math.min(Math.max(to, 0), steps());
    wake();
  }
  const onwards = by => go(by > 0 ? Math.floor(state.at + NEAR) + 1 : Math.ceil(state.at - NEAR) - 1);
  function wake() { if (!frame) frame = requestAnimationFrame(paint); }
  function paint() {
    frame = 0;
    if (!stage) return;
    const { width, height } = svg.getBoundingClientRect();
    if (width > 10 && height > 10) {
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      drawSum(pen, stage, state.at, { width, height });
      pen.end();
    }
    const { words, data, locked } = stage, { at, playing, speed } = state, done = Math.floor(at + NEAR);
    const seen = { step: done, steps: steps(), playing, at: at.toFixed(3) };
    for (const [name, value] of Object.entries(seen)) root.dataset[name] = String(value);
    const text = done ? fill(words.so_far, { sum: data.printed.running[steps() - done] }) : words.nothing;
    controls.update({ at, text, playing, speed, locked: Boolean(locked) });
    if (!state.playing) say(done);
  }
  function say(done) {
    const { words, data } = stage, t = steps() - done;
    const facts = done && { day: data.labels[t], gradient: data.printed.da[t], handed: data.printed.before[t],
      part: data.printed.parts[t], sum: data.printed.running[t] };
    const text = facts ? fill(words.live, facts) : words.nothing;
    if (live.textContent !== text) live.textContent = text;
  }

  listenToKeys(root, {
    " ": () => (state.playing ? halt() : play(steps())),
    ArrowRight: () => onwards(-1),
    ArrowLeft: () => onwards(1),
    Home: () => go(steps()),
    End: () => go(0),
  });
  svg.addEventListener("click", event => {
    const day = /** @type {Element} */ (event.target).closest("[data-day]");
    if (day) go(steps() - Number(day.getAttribute("data-day")));
  });
  const resized = new ResizeObserver(wake);
  resized.observe(svg);

  const one = {
    receive(given, turned = false) {
      const anew = !stage || turned || JSON.stringify(stage.token) !== JSON.stringify(given.token);
      stage = given;
      root.setAttribute("aria-label", stage.words.title);
      controls.build(stage.words, SPEEDS, steps());
      if (anew) {
        clock.stop();
        Object.assign(state, { at: stage.step ?? 0, playing: false, due: Number.isInteger(stage.play_to) });
        state.speed = stage.speed ?? state.speed;
        if (state.due) play(stage.play_to);
      }
      wake();
    },
    play() { if (!state.playing) play(steps()); },
    resize: wake,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      resized.disconnect();
      root.remove();
    },
  };
  one.receive(data, true);
  return one;
}
