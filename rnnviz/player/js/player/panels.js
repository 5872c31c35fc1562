// The player's panels: which of them are there, and what they show.

import { veiled } from "../core/standing.js";
import { barPanel } from "./bar.js";
import { stagePanel } from "../stage/stage.js";
import { legendPanel } from "./legend.js";
import { circuitPanel } from "../circuit/circuit.js";
import { pinStates } from "../circuit/drag.js";
import { equationPanel } from "../equation/panel.js";
import { tablePanel } from "./table.js";

const PANELS = {
  bar: barPanel, stage: stagePanel, legend: legendPanel, circuit: circuitPanel, equation: equationPanel,
  table: tablePanel,
};
export const NAMES = Object.keys(PANELS);
const AT_ONCE = ["stage", "legend", "circuit"];
const ON_CANVAS = ["tape", "stage", "heat", "traces"];
const VEILED = ["circuit", "equation", "legend", "table"]; // they hold nothing where nothing may be seen

/** @param p the player: {model, view, frame, panels, stage} */
export function panelsOf(p, act, hand) {
  const { view, frame: { root, parts, below, note } } = p;
  let named = [];

  const shown = name => {
    const { panel } = view.shown, explains = view.picked && panel("circuit");
    return name === "stage" ? ON_CANVAS.some(panel) : panel(name) || (name === "equation" && explains);
  };
  const pins = () => pinStates(parts.circuit, p, hand.all());

  return {
    build() {
      named = Object.entries(PANELS).map(([name, panel]) => [name, panel(parts[name], p.model, act, hand)]);
      p.stage = named.find(([name]) => name === "stage")[1];
    },
    /** Which are there: the others hold nothing, so that nothing can be read off them. */
    arrange() {
      const blank = veiled(p.model, view);
      for (const [name, panel] of named) {
        const there = shown(name) && !(blank && VEILED.includes(name));
        if (parts[name].hidden === there) { parts[name].hidden = !there; if (!there) panel.clear?.(); }
      }
      below.hidden = ["circuit", "equation", "legend"].every(name => parts[name].hidden);
      note.hidden = view.story;
      root.classList.toggle("story", view.story);
      p.panels = named.flatMap(([name, panel]) => (parts[name].hidden ? [] : [panel]));
    },
    update() {
      for (const panel of p.panels) panel.update(p.model, view);
      pins();
    },
    /** While something is dragged: what shows the value itself; all else when the engine has computed what follows. */
    glance() {
      for (const [name, panel] of named) if (AT_ONCE.includes(name) && !parts[name].hidden) panel.update(p.model, view);
      pins();
    },
  };
}
