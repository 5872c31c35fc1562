// Below the stage: which quantity the heat map shows, what its colours mean, and the value that is selected, as text.

import { ACTIVATIONS } from "../core/activations.js";
import { isGate } from "../core/cell.js";
import { maps, place } from "../core/names.js";
import { number, superscript } from "../core/numbers.js";
import { ALL, showsPlace } from "../core/shown.js";
import { valueAt } from "../core/values.js";
import { DECADES, gradientCss } from "../core/colours.js";

const isHeld = (model, level, { selected, t, unit }) =>
  (isGate(model, selected) || model.spec.states.includes(selected)) && level.pinned(selected, t, unit);

export function legendPanel(host, model, act, hand) {
  host.innerHTML = `<span class="label">heat map:</span>`
    + `<span class="chips" role="group" aria-label="Heat map of all units"></span>`
    + `<output class="value" aria-live="off"></output><span class="held" data-testid="rnn-held"></span>`
    + `<span class="scale"></span>`;
  const [, chips, value, held, scale] = host.children;
  let made = null, drawn = null;
  chips.onclick = event => { const chip = event.target.closest("[data-ref]"); if (chip) act.select(chip.dataset.ref); };

  const count = document.createElement("span"), all = document.createElement("button");
  Object.assign(all, { type: "button", textContent: "free all", title: "A double click frees one of them" });
  all.dataset.act = "free";
  all.onclick = () => hand.freeAll();
  held.append(count, all);
  function tellHeld(model, view) {
    const many = hand.all().length;
    held.hidden = model.holds === null || (view.locked && !many);
    held.dataset.held = many;
    all.hidden = !many || view.locked;
    count.textContent = many ? `${many} held` : "Drag a valve, a state or an input up or down";
  }

  function chipsOf(model) {
    chips.replaceChildren(...maps(model).map(ref => {
      const chip = document.createElement("button"), { symbol, name, colour } = place(model, ref);
      chip.type = "button";
      chip.className = "symbol";
      chip.dataset.ref = ref;
      chip.textContent = symbol;
      chip.title = name;
      chip.setAttribute("aria-label", name);
      if (colour) chip.style.setProperty("--hue", `var(--rnn-${colour})`);
      return chip;
    }));
  }

  return {
    clear() { value.textContent = ""; },
    update(model, view) {
      if (made !== model.cell) { made = model.cell; chipsOf(model); }
      for (const chip of chips.children) {
        chip.setAttribute("aria-pressed", chip.dataset.ref === view.map);
        chip.setAttribute("aria-disabled", Boolean(view.locked));
        chip.hidden = !showsPlace(model, view.shown || ALL, chip.dataset.ref);
      }
      tellHeld(model, view);
      const level = model.level(view.layer, view.direction), { symbol, name } = place(model, view.selected);
      const v = valueAt(model, level, view.selected, view.t, view.unit, view.backward);
      const by = isGate(model, view.selected) ? `a of ${symbol}` : symbol, end = { x: "input", y: "output" };
      const of = view.backward ? `∂L/∂${by}` : name;
      const whose = view.selected in end ? `${end[view.selected]} ${view.unit + 1}`
        : `unit ${model.unitName(view.unit)}`;
      value.textContent = `${of}, ${whose} = ${number(v)}${isHeld(model, level, view) ? ", clamped" : ""}`;
      const unbounded = view.map === "c" || view.map === "a" || !ACTIVATIONS[model.nonlinearity].bounded;
      const forward = place(model, view.map).kind === "gate" ? view.map : unbounded ? "open" : "signed";
      const shown = view.backward ? "gradient" : forward;
      if (drawn !== shown) { drawn = shown; scale.innerHTML = (SCALES[shown] || SCALES.gate)(model, view.map); }
    },
  };
}

const SCALES = {
  signed: () => `−1<i class="ramp signed"></i>1`,
  open: () => `−1<i class="ramp signed"></i>1 <small>(beyond: full colour)</small>`,
  gate(model, ref) {
    const valves = [0, 0.25, 0.5, 0.75, 1].map(v => `<i style="--open:${v * 100}%"></i>`).join("");
    return `closed 0 <i class="valves" style="--hue:var(--rnn-${place(model, ref).colour})">${valves}</i> 1 open`;
  },
  gradient() {
    const [low, high] = DECADES, stops = [], ticks = [];
    for (let e = low; e <= high; e += 2) {
      const at = (100 * (e - low)) / (high - low);
      ticks.push(`<b style="left:${at}%">${e ? `10${superscript(e)}` : "1"}</b>`);
    }
    for (let e = low; e <= high; e += 0.5) stops.push(`${gradientCss(10 ** e)} ${(100 * (e - low)) / (high - low)}%`);
    const ramp = `<i class="ramp" style="background:linear-gradient(90deg,${stops.join(",")})"></i>`;
    return `<span class="decades">${ramp}${ticks.join("")}</span> <small>size of ∂L, log scale</small>`;
  },
};
