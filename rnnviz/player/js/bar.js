// The bar: which pass, where in time, how fast, folded or unrolled.

import { number } from "./numbers.js";

const ICONS = {
  first: "M3 3h2v12H3zM15 3v12L6 9z", back: "M12 3v12L4 9z", play: "M5 2.5v13L16 9z", pause: "M4 3h4v12H4zM10 3h4v12h-4z",
  on: "M6 3v12l8-6z", last: "M13 3h2v12h-2zM3 3v12l9-6z",
};
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export function barPanel(host, model, act) {
  const icon = name => `<svg viewBox="0 0 18 18" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  const button = (act, name, label, kind = "") => `<button type="button" data-act="${act}" class="${kind}" aria-label="${label}" title="${label}">${icon(name)}</button>`;
  host.innerHTML = `<span class="seg pass" role="group" aria-label="Pass">
    <button type="button" data-act="forward" title="Forward pass (f)">Forward →</button><button type="button" data-act="backward" title="Backward pass (b)">← Backward</button></span>
    <span class="transport">${button("first", "first", "First step (Home)")}${button("left", "back", "One step left (←)")}${button("play", "play", "Play (space)", "play")}${button("right", "on", "One step right (→)")}${button("last", "last", "Last step (End)")}</span>
    <span class="now"></span>
    <label class="speed">speed <select aria-label="Speed">${SPEEDS.map(v => `<option value="${v}"${v === 1 ? " selected" : ""}>${v}×</option>`).join("")}</select></label>
    <span class="seg" role="group" aria-label="View"><button type="button" data-act="folded" title="Fold the network (u)">Folded</button><button type="button" data-act="unrolled" title="Unroll it in time (u)">Unrolled</button></span>`;
  const find = name => host.querySelector(`[data-act=${name}]`);
  const actions = {
    forward: () => act.pass(false), backward: () => act.pass(true), first: act.first, last: act.last, left: () => act.step(-1), right: () => act.step(1),
    play: act.play, folded: () => act.fold(true), unrolled: () => act.fold(false),
  };
  host.onclick = event => { const pressed = event.target.closest("[data-act]"); if (pressed) actions[pressed.dataset.act](); };
  const select = host.querySelector("select"), now = host.querySelector(".now"), play = find("play");
  select.onchange = () => act.speed(Number(select.value));
  let playing = null;
  return {
    update(model, view) {
      for (const [name, on] of [["forward", !view.backward], ["backward", view.backward], ["folded", view.folded], ["unrolled", !view.folded]]) find(name).setAttribute("aria-pressed", on);
      find("backward").disabled = !model.backward;
      if (playing !== view.playing) {
        playing = view.playing;
        play.innerHTML = icon(playing ? "pause" : "play");
        play.title = playing ? "Pause (space)" : "Play (space)";
        play.setAttribute("aria-label", play.title);
      }
      const token = model.token(view.t);
      const said = view.backward ? (model.loss === null ? "" : `L = ${number(model.loss)}`) : token === null ? "" : `reads “${token}”`;
      now.textContent = "";
      const step = document.createElement("b"), rest = document.createElement("span");
      step.textContent = model.stepName(view.t);
      rest.textContent = said && ` · ${said}`;
      now.append("step ", step, ` of ${model.steps}`, rest);
    },
  };
}
