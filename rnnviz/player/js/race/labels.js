// The lanes' names: buttons above the canvas, which move as the lanes do.

import { alike } from "./numbers.js";
import { fill } from "../transport/bar.js";

/**
 * @param {HTMLElement} host
 * @param {{lane(id: string): void, over(lane: number | null): void}} act
 */
export function createLabels(host, act) {
  let built = "";
  let buttons = [];
  host.addEventListener("click", event => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button) act.lane(button.dataset.lane);
  });
  host.addEventListener("pointerover", event => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    act.over(button ? buttons.indexOf(button) : null);
  });
  host.addEventListener("pointerleave", () => act.over(null));

  function build(data, words) {
    buttons = data.lanes.map(({ id, name, note }) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.dataset.lane = id;
      button.title = fill(words.open, { lane: [name, note].filter(Boolean).join(", ") });
      for (const [style, text] of [["rank", ""], ["name", name], ["note", note], ["won", ""]])
        button.append(Object.assign(document.createElement("span"), { className: style, textContent: text }));
      return button;
    });
    host.replaceChildren(...buttons);
  }
  return {
    /** @param {any} state of race.js; `ranked`: whether the ranks are shown */
    update({ data, words, view, places, ranked, chosen, locked }) {
      const looks = JSON.stringify([data.lanes, words.open]);
      if (looks !== built) build(data, words);
      built = looks;
      buttons.forEach((button, lane) => {
        const top = view.head + places[lane] * view.high;
        Object.assign(button.style, {
          transform: `translateY(${top.toFixed(1)}px)`,
          height: view.narrow ? "24px" : `${view.high}px`,
          width: `${view.narrow ? view.width - 12 : view.names + 8}px`,
        });
        button.disabled = locked;
        button.setAttribute("aria-pressed", String(data.lanes[lane].id === chosen));
        const rank = alike(data) ? null : data.rank[lane];
        put(button.querySelector(".rank"), ranked && rank ? String(rank) : "");
        const facts = { count: data.nearest[lane], seeds: data.seeds.length };
        const won = ranked && !alike(data) && data.seeds.length > 1;
        put(button.querySelector(".won"), won ? fill(words.nearest, facts) : "");
        button.classList.toggle("best", ranked && rank === 1);
      });
    },
  };
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
