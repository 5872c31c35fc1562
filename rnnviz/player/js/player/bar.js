// The bar: which pass, where in time, how fast, folded or unrolled.

import { number } from "../core/numbers.js";
import { phasesOf } from "../core/phases.js";

const ICONS = {
  first: "M3 3h2v12H3zM15 3v12L6 9z", back: "M12 3v12L4 9z", play: "M5 2.5v13L16 9z",
    pause: "M4 3h4v12H4zM10 3h4v12h-4z",
  on: "M6 3v12l8-6z", last: "M13 3h2v12h-2zM3 3v12l9-6z",
};
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8], SLOW = 2; // a story's speeds end at SLOW

export function barPanel(host, model, act) {
  const icon = name => `<svg viewBox="0 0 18 18" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  const button = (act, name, label, kind = "") => `<button type="button" data-act="${act}" class="${kind}"
    aria-label="${label}" title="${label}">${icon(name)}</button>`;
  const worded = (act, label, title) => `<button type="button" data-act="${act}" title="${title}">${label}</button>`;
  const transport = [["first", "first", "First step (Home)"], ["left", "back", "One step left (←)"],
    ["play", "play", "Play (space)", "play"],
    ["right", "on", "One step right (→)"], ["last", "last", "Last step (End)"]];
  const option = v => `<option value="${v}"${v === 1 ? " selected" : ""}>${v}×</option>`;
  host.innerHTML = `<span class="seg pass" role="group" aria-label="Pass">
    ${worded("forward", "Forward →", "Forward pass (f)")}${worded("backward", "← Backward",
      "Backward pass (b)")}</span>
    <span class="transport">${transport.map(given => button(...given)).join("")}</span>
    <span class="now"></span>
    <label class="within"><output class="phase"></output><input type="range" min="0" max="1" step="0.001" value="1"
      aria-label="Within the step"></label>
    <label class="speed">speed <select aria-label="Speed">${SPEEDS.map(option).join("")}</select></label>
    <span class="seg view" role="group" aria-label="View">${worded("folded", "Folded",
      "Fold the network (u)")}${worded("unrolled", "Unrolled",
    "Unroll it in time (u)")}</span>`;
  const find = name => host.querySelector(`[data-act=${name}]`);
  const actions = {
    forward: () => act.pass(false), backward: () => act.pass(true), first: act.first, last: act.last,
    left: () => act.step(-1), right: () => act.step(1), play: act.play, folded: () => act.fold(true),
      unrolled: () => act.fold(false),
  };
  host.onclick = event => {
    const pressed = event.target.closest("[data-act]");
    if (pressed) actions[pressed.dataset.act]();
  };
  const select = host.querySelector("select"), now = host.querySelector(".now"), play = find("play");
  select.onchange = () => act.speed(Number(select.value));
  const buttons = [...host.querySelectorAll("[data-act]")];
  let playing = null;
  const within = host.querySelector(".within input"), phase = host.querySelector(".phase");
  within.oninput = () => act.within(Number(within.value));
  return {
    // the phase of the step, as a word, and how far it is
    progress(moving, model, view) {
      within.value = moving === null ? 1 : moving.u;
      const word = moving === null ? "" : phasesOf(model, view).findLast(({ from }) => from <= moving.u + 1e-6)?.word
        ?? "";
      if (phase.textContent === word) return;
      phase.textContent = word;
      within.setAttribute("aria-valuetext", word);
    },
    update(model, view) {
      const pressed = { forward: !view.backward, backward: view.backward, folded: view.folded,
        unrolled: !view.folded };
      for (const [name, on] of Object.entries(pressed)) find(name).setAttribute("aria-pressed", on);
      for (const one of buttons) one.setAttribute("aria-disabled", Boolean(view.locked));
      select.disabled = within.disabled = Boolean(view.locked);
      for (const one of select.options) one.hidden = Boolean(view.story) && Number(one.value) > SLOW;
      if (Number(select.value) !== view.speed) select.value = String(view.speed);
      find("backward").disabled = !model.backward;
      if (playing !== view.playing) {
        playing = view.playing;
        play.innerHTML = icon(playing ? "pause" : "play");
        play.title = playing ? "Pause (space)" : "Play (space)";
        play.setAttribute("aria-label", play.title);
      }
      const token = model.token(view.t);
      const said = view.story && view.backward ? "backward pass" : view.backward
        ? (model.loss === null ? "" : `L = ${number(model.loss)}`) : token === null ? "" : `reads “${token}”`;
      now.textContent = "";
      const step = document.createElement("b"), rest = document.createElement("span");
      step.textContent = model.stepName(view.t);
      rest.textContent = said && ` · ${said}`;
      now.append("step ", step, ` of ${model.steps}`, rest);
    },
  };
}
