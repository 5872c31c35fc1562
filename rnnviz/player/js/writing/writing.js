// A network that writes, letter by letter: how likely each next letter is, which one is drawn, and that it is read in
// its turn. writing.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { createBar, fill } from "../transport/bar.js";
import { createClock } from "../transport/clock.js";
import { listenToKeys } from "../transport/keys.js";
import { createBars } from "./bars.js";
import { momentOf, RATE, written } from "./moments.js";
import { hit, tempered } from "./odds.js";
import { createPage, seen } from "./page.js";
import { opened, runs } from "./opened.js";

const SPEEDS = [0.25, 1, 4, 16], NARROW = 560;

function skeleton(host) {
  const root = document.createElement("div");
  root.className = "rnn-writing";
  root.dataset.testid = "rnn-writing";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `<p class="page"></p><p class="say"></p><div class="odds"></div><div class="strip"></div>
    <label class="heat"><span></span><input type="range" name="heat" min="0" max="2" step="0.05"><output></output>
    </label><div class="bar"></div><b class="flying"></b><div class="live" aria-live="polite"></div>`;
  host.append(root);
  const part = name => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  return { root, part, slider: /** @type {HTMLInputElement} */ (root.querySelector("[name=heat]")) };
}

/**
 * @param {HTMLElement} host
 * @param {any} given a stage
 * @param {(said: {target: string, value: unknown}) => void} tell
 */
export function mount(host, given, tell) {
  const { root, part, slider } = skeleton(host);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const page = createPage(part("page")), bars = createBars(part("odds"), part("strip"));
  const bar = createBar(part("bar"), { play: toggle, step, go, speed });
  const clock = createClock({ rate: () => state.speed * RATE, calm: () => calm.matches, advance });
  /** @type {any} */
  const state = { at: 0, speed: 1, playing: false, until: null, heat: null, resumes: false, data: null };
  let stage = null, frame = 0;

  const count = () => state.data.count;
  const most = () => Math.min(count(), stage.hide_from ?? count());
  const locked = () => Boolean(stage.locked);
  const hidden = n => stage.hide_from !== null && stage.hide_from !== undefined && n >= stage.hide_from;

  function paint() { if (!frame) frame = requestAnimationFrame(draw); }
  function draw() {
    frame = 0;
    const { data, at, heat, playing } = state, moment = momentOf(at, count()), { n } = moment;
    const tau = heat ?? data.temperatures?.[n] ?? 1, p = hidden(n) ? null : tempered(data.logits(n), tau);
    const u = data.chances?.[n] ?? 0, tried = p && heat !== null; // what u would hit, while the temperature is dragged
    const chosen = tried ? hit(p, u) : p && moment.hit ? data.text[data.prompt + n] : null;
    page.update(data, written(at));
    bars.update({
      p, chosen, u, needle: tried ? 1 : moment.needle, most: root.clientWidth < NARROW ? 7 : 11,
      symbols: data.symbols, others: data.words.others || "",
    });
    fly(moment, chosen);
    const told = { step: written(at), steps: count(), playing, locked: locked(), heat: tau, hidden: p === null };
    for (const [name, value] of Object.entries(told))
      if (root.dataset[name] !== String(value)) root.dataset[name] = String(value);
    put(part("say"), said(n, p));
    slider.value = String(tau);
    slider.disabled = locked();
    put(part("heat").querySelector("output"), tau.toFixed(2));
    bar.update({ at, text: fill(data.words.step, told), playing, locked: locked(), speed: state.speed });
    if (!playing) put(part("live"), `${part("say").textContent} ${spoken(n, p)}`);
  }
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  // what it has read last, and that it says what comes next
  function said(n, p) {
    const { data } = state, last = data.text[data.prompt + n - 1];
    return fill(p ? data.words.after_letter : data.words.what_next, { letter: seen(data.symbols[last]) });
  }
  function spoken(n, p) {
    if (!p) return "";
    const { words, symbols } = state.data, best = p.indexOf(Math.max(...p));
    return fill(words.likeliest, { letter: seen(symbols[best]), share: Math.round(100 * p[best]) });
  }
  // the letter that was drawn, on its way from its bar into the text
  function fly({ n, hit: struck, flight }, chosen) {
    const flying = part("flying"), { data } = state;
    const from = bars.place(), to = page.place(data.prompt + n), over = root.getBoundingClientRect();
    const moves = struck && flight > 0 && flight < 1 && !calm.matches && state.speed < 16;
    const shown = moves && chosen !== null && from && to;
    flying.hidden = !shown;
    if (!shown) return;
    put(flying, seen(data.symbols[chosen]));
    const x = from.left + (to.left - from.left) * flight - over.left;
    const y = from.top + (to.top - from.top) * flight - over.top;
    flying.style.transform = `translate(${x}px, ${y}px)`;
  }

  // Playing

  function advance(by) {
    const end = state.until ?? most();
    state.at = Math.min(Math.max(end, state.at), calm.matches ? written(state.at) + 1 : state.at + by);
    paint();
    if (state.at < end) return true;
    pause();
    return false;
  }
  function start(until) {
    if (locked()) return;
    if (state.at >= (until ?? most())) state.at = 0;
    Object.assign(state, { until, playing: true });
    clock.start();
    paint();
  }
  function pause() {
    clock.stop();
    const { until } = state;
    Object.assign(state, { playing: false, until: null });
    paint();
    if (until !== null && state.at >= until) tell({ target: "played", value: until });
    rested();
  }
  const rested = () => tell({ target: "step", value: written(state.at) });
  function toggle() {
    if (state.playing) pause();
    else start(null);
  }

  // What the reader does

  function go(to) {
    if (locked()) return;
    clock.stop();
    Object.assign(state, { playing: false, until: null, at: Math.min(Math.max(to, 0), most()) });
    paint();
  }
  function step(by) {
    go(by > 0 ? written(state.at) + 1 : Math.ceil(state.at - 1e-6) - 1);
    rested();
  }
  function speed(value) {
    state.speed = value;
    paint();
  }
  slider.oninput = () => {
    if (locked()) return;
    if (state.playing) {
      clock.stop();
      Object.assign(state, { playing: false, resumes: true });
    }
    const at = state.at >= count() ? 0 : written(state.at); // at the end, all is written anew
    Object.assign(state, { at, heat: Number(slider.value) });
    paint();
  };
  slider.onchange = () => {
    if (state.heat === null) return;
    tell({ target: "heat", value: runs(state.data.temperatures, written(state.at), state.heat) });
  };

  function receive(data, turned = false) {
    const was = stage, anew = !was || turned || JSON.stringify(was.token) !== JSON.stringify(data.token);
    stage = data;
    const resumes = state.resumes && !anew && state.heat !== null;
    state.data = opened(data);
    if (anew) {
      clock.stop();
      Object.assign(state, { at: Math.min(data.step ?? 0, count()), playing: false, until: null });
      state.speed = data.speed ?? state.speed;
    } else state.at = Math.min(state.at, most());
    if (!slider.matches(":active")) Object.assign(state, { heat: null, resumes: false });
    root.setAttribute("aria-label", data.words.title || "");
    root.classList.toggle("still", !data.show_heat);
    root.classList.toggle("shaded", Boolean(data.shades));
    root.classList.toggle("follows", !data.chances);
    put(part("heat").querySelector("span"), data.words.heat || "");
    const { before: back, after: on, place: among } = data.words;
    bar.build({ ...data.words, back, on, among }, SPEEDS, count());
    measure();
    if (anew && Number.isInteger(data.play_to) && !locked()) start(data.play_to);
    else if (resumes) start(null);
  }
  function measure() {
    root.classList.toggle("large", Boolean(stage?.large || root.closest(".projector")));
    root.classList.toggle("narrow", root.clientWidth < NARROW);
    paint();
  }

  listenToKeys(root, {
    " ": toggle,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => { go(0); rested(); },
    End: () => { go(most()); rested(); },
  });
  part("bar").addEventListener("change", event => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "at") rested();
  });
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  receive(given, true);

  return {
    receive,
    play() { if (!state.playing) start(null); },
    resize: measure,
    stop() {
      clock.stop();
      cancelAnimationFrame(frame);
      observer.disconnect();
      root.remove();
    },
  };
}
