// Every number of one step as a table, for reading, copying and screen readers; filled only while it is open.

import { maps, place } from "./names.js";
import { number } from "./numbers.js";
import { valueAt } from "./values.js";

export function tablePanel(host, model, act) {
  const details = document.createElement("details"), summary = document.createElement("summary"), table = document.createElement("table");
  summary.textContent = "All numbers of this step";
  details.append(summary, table);
  host.append(details);
  let current = null;
  details.ontoggle = () => fill();

  function fill() {
    if (!details.open || !current) return;
    const { model, view } = current, level = model.level(view.layer, view.direction), refs = maps(model);
    const head = refs.map(ref => `<th scope="col" class="symbol">${view.backward ? "∂L/∂" : ""}${place(model, ref).symbol}</th>`).join("");
    const body = Array.from({ length: model.H }, (_, j) => `<tr><th scope="row">unit ${model.unitName(j)}</th>${refs.map(ref => {
      const value = valueAt(model, level, ref, view.t, j, view.backward);
      return `<td data-ref="${ref}" data-unit="${j}" title="${value}">${number(value, 4)}</td>`;
    }).join("")}</tr>`).join("");
    table.innerHTML = `<thead><tr><th scope="col">step ${model.stepName(view.t)}</th>${head}</tr></thead><tbody>${body}</tbody>`;
  }
  table.onclick = event => { const cell = event.target.closest("td"); if (cell) act.select(cell.dataset.ref, { unit: Number(cell.dataset.unit) }); };
  return { update(model, view) { current = { model, view }; fill(); } };
}
