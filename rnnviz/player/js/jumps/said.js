// The same in words: where it stands, and a table for those who do not see the picture.

import { number } from "../core/numbers.js";
import { fill } from "../transport/bar.js";
import { counted, share, stepOf } from "./moments.js";

export const where = ({ data, at }) => fill(data.words.step, { step: Math.floor(at + 1e-6), steps: data.steps });

/** What a lane has counted, or what its last position says once it has heard all others. */
export function counting({ data, at }, lane) {
  const words = data.words[`count_${data.view}_${lane.way}`] ?? data.words[`count_${data.view}`];
  return fill(words, { ...counted(lane, data.view, at, data.tokens.length), says: at > 0.98 ? lane.says ?? "…" : "…" });
}

export const sentence = state => state.data.lanes.map(lane => `${lane.name}: ${counting(state, lane)}`).join(". ");

/** What has arrived at each position; nothing where nothing has. */
export function rows({ data, at }) {
  const T = data.tokens.length;
  return data.lanes.map(lane => data.tokens.map((_, t) => {
    if (share(at, stepOf(lane, data.view, t, T)) < 0.98) return "";
    return lane.log10 ? number(lane.log10[t] === null ? 0 : 10 ** lane.log10[t]) : data.words.there;
  }));
}

/** @param {HTMLElement} host */
export function createTable(host) {
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  return state => {
    const { data } = state, table = document.createElement("table"), head = document.createElement("tr");
    head.append(cell("th", ""), ...data.tokens.map(token => cell("th", token)));
    table.append(cell("caption", data.words.table || ""), head);
    rows(state).forEach((values, k) => {
      const row = document.createElement("tr");
      row.append(cell("th", data.lanes[k].name), ...values.map(value => cell("td", value)));
      table.append(row);
    });
    host.replaceChildren(table);
  };
}
