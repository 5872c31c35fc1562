// The numbers at the update: where each descent stands, its error, its gradient, and what the clipping makes of it.
// On a narrow screen descent.css turns rows into columns, and the roles say what they still are.

import { number } from "../core/numbers.js";
import { COURSES } from "./paths.js";

const HEAD = ["", "w", "b", "E", "‖∇E‖", "after clipping", "turned by"];
const degrees = angle => (Number.isNaN(angle) ? "NaN" : angle < 0.05 ? "0°" : `${angle.toFixed(1)}°`);

export function tablePanel(host) {
  const swatch = ({ hue, dash, name }) => `<th scope="row" role="rowheader" style="--hue:var(--rnn-${hue})"><svg viewBox="0 0 34 10" aria-hidden="true"><path d="M1 5H33" stroke-dasharray="${dash.join(" ")}"/></svg>${name}</th>`;
  host.innerHTML = `<table role="table"><thead role="rowgroup"><tr role="row">${HEAD.map(name => `<th scope="col" role="columnheader">${name}</th>`).join("")}</tr></thead>
    <tbody role="rowgroup">${COURSES.map(course => `<tr role="row">${swatch(course)}${'<td role="cell"></td>'.repeat(HEAD.length - 1)}</tr>`).join("")}</tbody></table>`;
  const rows = [...host.querySelectorAll("tbody tr")].map(row => [...row.querySelectorAll("td")]);
  return {
    update({ courses, update }) {
      courses.forEach((course, k) => {
        const at = Math.min(update, course.last), lost = course.lost(update);
        const numbers = [course.w, course.b, course.error, course.before, course.after].map(values => number(values[at]));
        const shown = lost ? Array(HEAD.length - 1).fill("∞") : [...numbers, degrees(course.angle[at])];
        rows[k].forEach((cell, i) => { cell.textContent = shown[i]; });
      });
    },
  };
}
