// The same in words: who leads at this moment, and a table of all probabilities for those who do not see them.

import { fill } from "../transport/bar.js";
import { chance, heardBy, leader } from "./moments.js";

export const percent = p => (p > 0 && p < 0.005 ? "<1%" : p > 0.995 && p < 1 ? ">99%" : `${Math.round(100 * p)}%`);

/** Time as it is written: two digits of a second where steps are shorter than a tenth of it. */
export const seconds = (data, steps) => (steps * data.span).toFixed(data.span < 0.1 ? 2 : 1);

export function sentence({ data, at }) {
  const k = heardBy(data, at), { words, labels, windows } = data;
  if (!k) return words.nothing || "";
  const c = leader(data, k - 1), time = seconds(data, windows[k - 1][1]);
  return fill(words.leads, { label: labels[c], p: percent(chance(data, k - 1, c)), time });
}

/** Where it stands, for the row of controls. */
export const where = ({ data, at }) =>
  fill(data.words.step, { step: heardBy(data, at), steps: data.windows.length });

/** The classes as a table; what has not been heard yet is not in it. @param {HTMLElement} host */
export function createTable(host) {
  return ({ data, at }) => {
    const heard = heardBy(data, at), cells = said => said.map(one => `<td>${one}</td>`).join("");
    const rows = data.labels.map((label, c) => `<tr><th>${label}</th>${cells(
      Array.from({ length: heard }, (_, k) => percent(chance(data, k, c))))}</tr>`);
    host.innerHTML = `<table><caption>${data.words.table || ""}</caption>${rows.join("")}</table>`;
  };
}
