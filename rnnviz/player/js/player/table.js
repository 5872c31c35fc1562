// Every number of one step as a table, for reading, copying and screen readers; filled only while it is open.

import { maps, place } from "../core/names.js";
import { number } from "../core/numbers.js";
import { ALL, showsPlace } from "../core/shown.js";
import { valueAt } from "../core/values.js";

export function tablePanel(host, model, act) {
  const details = document.createElement("details"), summary = document.createElement("summary"),
    table = document.createElement("table");
  summary.textContent = "All numbers of this step";
  details.append(summary, table);
  host.append(details);
  let current = null;
  details.ontoggle = () => fill();

  function fill() {
    if (!details.open || !current) { table.textContent = ""; return; }
    const { model, view } = current, level = model.level(view.layer, view.direction);
    const refs = maps(model).filter(ref => showsPlace(model, view.shown || ALL, ref));
    const symbol = ref => `${view.backward ? "∂L/∂" : ""}${place(model, ref).symbol}`;
    const head = refs.map(ref => `<th scope="col" class="symbol">${symbol(ref)}</th>`).join("");
    const value = (ref, j) => valueAt(model, level, ref, view.t, j, view.backward);
    const cell = (ref, j) =>
      `<td data-ref="${ref}" data-unit="${j}" title="${value(ref, j)}">${number(value(ref, j), 4)}</td>`;
    const cells = j => refs.map(ref => cell(ref, j)).join("");
    const row = j => `<tr><th scope="row">unit ${model.unitName(j)}</th>${cells(j)}</tr>`;
    const body = Array.from({ length: model.H }, (_, j) => row(j)).join("");
    const first = `<th scope="col">step ${model.stepName(view.t)}</th>`;
    table.innerHTML = `<thead><tr>${first}${head}</tr></thead><tbody>${body}</tbody>`;
  }
  table.onclick = event => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("td");
    if (cell) act.select(cell.dataset.ref, { unit: Number(cell.dataset.unit) });
  };
  return {
    update(model, view) { current = { model, view }; fill(); },
    clear() { table.textContent = ""; },
  };
}
