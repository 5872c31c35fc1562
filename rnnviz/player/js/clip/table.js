// The numbers: the gradient and what either clipping leaves of it.

import { number } from "../core/numbers.js";
import { norm } from "./clipping.js";

export const degrees = turn => (turn < 0.05 ? "0°" : `${turn.toFixed(1)}°`);

/** Three digits: a norm that clipping leaves just below the threshold reads as the threshold. */
export const brief = value => number(Number(value.toPrecision(3)));

/** @param {HTMLElement} host */
export function createTable(host) {
  let built = "";
  let cells = {};

  function build(words, rows) {
    const looks = JSON.stringify([words, rows]);
    if (looks === built) return;
    built = looks;
    const heads = (words.columns || ["", "", "", ""]).map(name => `<th scope="col">${name}</th>`).join("");
    const row = name => `<tr class="${name}"><th scope="row">${words[name] || ""}</th>${"<td></td>".repeat(4)}</tr>`;
    host.innerHTML = `<table><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.map(row).join("")}</tbody></table>`;
    cells = Object.fromEntries(rows.map(name => [name, [...host.querySelectorAll(`.${name} td`)]]));
  }
  return {
    paint({ g, show, clipped, turned, words }) {
      const rows = ["g", show.norm && "norm", show.value && "value"].filter(Boolean);
      build(words, rows);
      const given = { g: [g, ""], norm: [clipped.norm, "0°"], value: [clipped.value, degrees(turned)] };
      for (const name of rows) {
        const [vector, turn] = given[name];
        const texts = vector ? [...vector.map(brief), brief(norm(vector)), turn] : ["", "", "", ""];
        texts.forEach((text, k) => {
          if (cells[name][k].textContent !== text) cells[name][k].textContent = text;
        });
      }
    },
  };
}
