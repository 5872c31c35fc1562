// The row of controls below the picture: play, a step, where in the walk, how fast; for the beads also the reader's own
// factor, and the axis. Time runs to the left in the picture, so it does on the slider and the keys.

import { icon, make } from "../transport/parts.js";

export const SPEEDS = [[0.25, "¼×"], [0.5, "½×"], [1, "1×"], [2, "2×"]];
export const FACTORS = { min: 0.5, max: 1.5, step: 0.01 };

const button = (act, words, name) =>
  make("button", { type: "button", "data-act": act, "aria-label": words ?? act, title: words ?? "" }, icon(name));
const range = (name, label, more) => make("input", { type: "range", name, "aria-label": label ?? name, ...more });

function speeds(words) {
  const all = SPEEDS.map(([speed, name]) => make("button", { type: "button", "data-speed": String(speed) }, name));
  return make("div", { class: "choice", role: "group", "aria-label": words.speed ?? "" }, ...all);
}

/** The reader's own factor, and which axis. */
function beads(words) {
  const slider = range("factor", words.factor, FACTORS);
  const own = make("label", { class: "factor" }, make("span", {}, words.factor ?? ""), slider, make("output", {}));
  const button = axis => make("button", { type: "button", "data-axis": axis }, words[axis] ?? axis);
  const axes = ["linear", "log"].map(button);
  return [own, make("div", { class: "choice", role: "group", "aria-label": words.axis ?? "" }, ...axes)];
}

/** @param {HTMLElement} host */
export function createBar(host) {
  let shown = "";
  const one = selector => host.querySelector(selector);
  const all = selector => [...host.querySelectorAll(selector)];
  const press = (name, value) => {
    for (const each of all(`[data-${name}]`)) each.setAttribute("aria-pressed", String(each.dataset[name] === value));
  };

  function build(view, words, steps) {
    const looks = JSON.stringify([view, words.play, words.speed, steps]);
    if (looks === shown) return;
    shown = looks;
    const place = range("back", words.along, { min: 0, max: steps, step: "any", dir: "rtl" });
    host.replaceChildren(
      button("further", words.further, "left"), make("button", { type: "button", class: "play", "data-act": "play" }),
      button("nearer", words.nearer, "right"), place, make("output", { class: "where" }), speeds(words),
      ...(view === "beads" ? [make("div", { class: "more" }, ...beads(words))] : []));
  }
  function update({ words, view, playing, ended, locked, back, where, speed, factor, log }) {
    const play = one("[data-act=play]");
    const says = playing ? words.pause : ended ? words.again : words.play;
    if (play.dataset.says !== `${playing} ${says}`) {
      play.dataset.says = `${playing} ${says}`;
      play.replaceChildren(icon(playing ? "pause" : "play"), make("span", {}, says ?? ""));
      play.setAttribute("aria-label", says ?? "");
    }
    for (const control of all("button[data-act], input")) control.disabled = locked;
    const slider = one("input[name=back]");
    if (!slider.matches(":active") || playing) slider.value = String(back);
    slider.setAttribute("aria-valuetext", where);
    if (one(".where").textContent !== where) one(".where").textContent = where;
    press("speed", String(speed));
    if (view !== "beads") return;
    if (!one("input[name=factor]").matches(":active")) one("input[name=factor]").value = String(factor);
    one(".factor output").textContent = `×${factor.toFixed(2)}`;
    press("axis", log ? "log" : "linear");
  }
  return { build, update };
}
