// The player's elements, empty.

import { HELP } from "./keys.js";

export const division = name => {
  const element = document.createElement("div");
  element.className = name;
  return element;
};

/** What the focus can skip the player with, and where it then goes. */
function skipping() {
  const skip = document.createElement("button"), behind = document.createElement("span");
  Object.assign(skip, { type: "button", className: "skip", textContent: "Skip the player" });
  skip.dataset.act = "skip";
  skip.onclick = event => { event.stopPropagation(); behind.focus(); };
  Object.assign(behind, { className: "rnn-player-end", tabIndex: -1 });
  return { skip, behind };
}

/**
 * The player's own element, and one behind it to which the focus can skip.
 * @param {Element | ShadowRoot} parent
 * @param {string[]} names  of its parts
 */
export function frameOf(parent, names) {
  const root = division("rnn-player"), { skip, behind } = skipping();
  root.tabIndex = 0;
  root.dataset.testid = "rnn-player";
  root.setAttribute("role", "group");
  const parts = Object.fromEntries(names.map(name => [name, division(name)]));
  const below = division("below"), note = division("note"), live = division("hidden"), spoken = division("hidden");
  live.setAttribute("aria-live", "polite");
  spoken.textContent = HELP;
  below.append(parts.legend, parts.circuit, parts.equation, note);
  root.append(skip, parts.bar, parts.stage, below, parts.table, live, spoken);
  parent.append(root, behind);
  return { root, behind, parts, below, note, live };
}
