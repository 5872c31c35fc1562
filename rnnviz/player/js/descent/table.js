// The numbers at the update: where each descent stands, its error, its gradient, and what the clipping makes of it.
// On a narrow screen descent.css turns rows into columns, and the roles say what they still are.

import { number } from "../core/numbers.js";
import { updateAt } from "./courses.js";

const ALL = 6; // columns
const UNCLIPPED = 4; // where nothing is clipped

const degrees = angle => (Number.isNaN(angle) ? "NaN" : angle < 0.05 ? "0°" : `${angle.toFixed(1)}°`);

function swatch({ look, name }) {
  const line = `<path d="M1 5H33" stroke-dasharray="${look.dash.join(" ")}"/>`;
  const drawn = `<svg viewBox="0 0 34 10" aria-hidden="true">${line}</svg>`;
  return `<th scope="row" role="rowheader" style="--hue:var(--rnn-${look.hue})">${drawn}${name}</th>`;
}

/** @param {HTMLElement} host */
export function tablePanel(host) {
  let built = "";
  let rows = [];

  function build(courses, columns) {
    const looks = JSON.stringify([courses.map(({ name, look }) => [name, look.hue]), columns]);
    if (looks === built) return;
    built = looks;
    const heads = columns.map(name => `<th scope="col" role="columnheader">${name}</th>`).join("");
    const cells = '<td role="cell"></td>'.repeat(columns.length);
    const lines = courses.map(course => `<tr role="row">${swatch(course)}${cells}</tr>`).join("");
    host.innerHTML = `<table role="table"><thead role="rowgroup"><tr role="row">
      <th scope="col" role="columnheader"></th>${heads}</tr></thead><tbody role="rowgroup">${lines}</tbody></table>`;
    rows = [...host.querySelectorAll("tbody tr")].map(row => [...row.querySelectorAll("td")]);
  }
  return {
    update({ courses, at, words }) {
      const count = courses.every(course => course.how === "none") ? UNCLIPPED : ALL;
      build(courses, (words.columns || Array(ALL).fill("")).slice(0, count));
      const update = updateAt(at);
      courses.forEach((course, k) => {
        const here = Math.min(update, course.last);
        const { w, b, error, before, after } = course;
        const numbers = [w, b, error, before, after].map(values => number(values[here]));
        const shown = course.lost(update) ? Array(ALL).fill("∞") : [...numbers, degrees(course.angle[here])];
        rows[k].forEach((cell, i) => {
          if (cell.textContent !== shown[i]) cell.textContent = shown[i];
        });
      });
    },
  };
}
