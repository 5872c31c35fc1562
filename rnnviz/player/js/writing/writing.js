// A network that writes, letter by letter: how likely each next letter is, which one is drawn, and that it is read in
// its turn. writing.py says what a stage holds; `tell({target, value})` hears what the reader does.

import { fill } from "../transport/bar.js";
import { createPlayed } from "../transport/played.js";
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
  const page = createPage(part("page")), bars = createBars(part("odds"), part("strip"));
  /** @type {any} */
  const state = { heat: null, resumes: false, data: null };
  const run = createPlayed(state, { root, bar: part("bar"), speeds: SPEEDS, rate: () => RATE, draw, tell });

  const count = () => state.data.count;
  const hidden = n => n >= (state.data.hide_from ?? Infinity);

  function draw() {
    const { data, at, heat } = state, moment = momentOf(at, count()), { n } = moment;
    const tau = heat ?? data.temperatures?.[n] ?? 1, p = hidden(n) ? null : tempered(data.logits(n), tau);
    const u = data.chances?.[n] ?? 0, tried = p && heat !== null; // what u would hit, while the temperature is dragged
    const chosen = tried ? hit(p, u) : p && moment.hit ? data.text[data.prompt + n] : null;
    page.update(data, written(at), p !== null);
    bars.update({
      p, chosen, u, needle: tried ? 1 : moment.needle, most: root.clientWidth < NARROW ? 7 : 11,
      symbols: data.symbols, others: data.words.others || "",
    });
    fly(moment, chosen);
    run.show(fill(data.words.step, { step: written(at), steps: count() }), { heat: tau, hidden: p === null });
    put(part("say"), said(n, p));
    slider.value = String(tau);
    slider.disabled = state.locked;
    put(part("heat").querySelector("output"), tau.toFixed(2));
    if (!state.playing) put(part("live"), `${part("say").textContent} ${spoken(n, p)}`);
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
    const moves = struck && flight > 0 && flight < 1 && !run.calm.matches && state.speed < 16;
    const shown = moves && chosen !== null && from && to;
    flying.hidden = !shown;
    if (!shown) return;
    put(flying, seen(data.symbols[chosen]));
    const x = from.left + (to.left - from.left) * flight - over.left;
    const y = from.top + (to.top - from.top) * flight - over.top;
    flying.style.transform = `translate(${x}px, ${y}px)`;
  }

  // What the reader does

  slider.oninput = () => {
    if (state.locked) return;
    if (state.playing) state.resumes = true;
    run.halt();
    const at = state.at >= count() ? 0 : written(state.at); // at the end, all is written anew
    Object.assign(state, { at, heat: Number(slider.value) });
  };
  slider.onchange = () => {
    if (state.heat === null) return;
    tell({ target: "heat", value: runs(state.data.temperatures, written(state.at), state.heat) });
  };

  function receive(data, turned = false) {
    state.data = opened(data);
    const anew = run.take(data, turned, count());
    const resumes = state.resumes && !anew && state.heat !== null;
    if (!slider.matches(":active")) Object.assign(state, { heat: null, resumes: false });
    root.classList.toggle("still", !data.show_heat);
    root.classList.toggle("shaded", Boolean(data.shades));
    root.classList.toggle("follows", !data.chances);
    put(part("heat").querySelector("span"), data.words.heat || "");
    measure();
    if (anew) run.begin();
    else if (resumes) run.play();
  }
  function measure() {
    root.classList.toggle("large", Boolean(state.data.large || root.closest(".projector")));
    root.classList.toggle("narrow", root.clientWidth < NARROW);
    run.paint();
  }

  const observer = new ResizeObserver(measure);
  observer.observe(root);
  receive(given, true);

  return {
    receive,
    play: run.play,
    resize: measure,
    stop() {
      run.stop();
      observer.disconnect();
      root.remove();
    },
  };
}
